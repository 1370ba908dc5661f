"""What the oracles saw, kept for the page and the docs where they are asked to."""

import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from app.frameworks import FRAMEWORKS

SEEN = Path(__file__).parents[2] / "app/frameworks/seen.json"

PACKAGES = {
    "colah": ("numpy",),
    "tf1": ("tensorflow", "tf_keras"),
    "keras": ("keras",),
    "pytorch": ("torch",),
    "onnx": ("onnx", "onnxruntime"),
    "flax": ("flax", "jax"),
}
"""What a framework's versions are those of."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="keep the differences that were seen, with the versions")


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, float]]]:
    """Framework -> cell -> the largest difference from our numbers."""
    differences: dict[str, dict[str, float]] = {id: {} for id in FRAMEWORKS}
    yield differences
    if request.config.getoption("--record"):
        record = {
            id: {"versions": {name: version(name) for name in PACKAGES[id]}, "differences": differences[id]}
            for id in FRAMEWORKS
        }
        SEEN.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
