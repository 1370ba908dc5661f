"""Every framework has evidence for each cell, or a reason for its absence, and docs/frameworks.md shows both."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from configurations import SIZES, SUPPORTED, Configuration, settings_of, stacks
from evidence_page import MORE, PAGE, page

from app.core.cells import CELLS
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.framework_types import Framework
from app.frameworks.oracle_evidence import EVIDENCE, kinds_of


def test_every_framework_has_evidence_for_exactly_the_supported_cells() -> None:
    found = {(id, kind) for id, evidence in EVIDENCE.items() for kind in evidence.kinds}
    assert found == {*SUPPORTED, *product(FRAMEWORKS, MORE)}


def test_a_stack_counts_as_evidence_for_its_layers_and_directions() -> None:
    one = Stack(CELLS["lstm"], 3, 4, 2, 5)

    assert kinds_of(one) == ("lstm",)
    assert kinds_of(replace(one, num_layers=2, num_proj=3)) == ("lstm num_proj", "num_layers")
    assert kinds_of(replace(one, bidirectional=True)) == ("lstm", "bidirectional")


def test_no_evidence_is_empty() -> None:
    for id, framework in EVIDENCE.items():
        assert framework.versions
        for kind, evidence in framework.kinds.items():
            counts = evidence.runs, evidence.shapes, evidence.programs, evidence.weights
            assert all(counts), f"{id} {kind}"
            assert 0 < evidence.float32 <= 1e-6, f"{id} {kind}"
            # ONNX Runtime has no float64, see test_generated_programs.py.
            assert (evidence.float64 is None) if id == "onnx" else 0 < (evidence.float64 or 0) <= 1e-12, f"{id} {kind}"


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_the_nearest_model_is_supported(framework: Framework) -> None:
    for stack in (stack for sizes in SIZES for stack in stacks(sizes)):
        for settings in settings_of(framework, stack):
            if unsupported := framework.model(stack, settings).unsupported:
                fields: dict[str, Any] = {
                    name: value for name, value in unsupported.nearest.items() if name not in settings
                }
                if "cell" in fields:
                    fields["cell"] = CELLS[fields["cell"]]
                nearest = replace(stack, **fields), {**settings, **unsupported.nearest}
                assert Configuration(framework, *nearest).is_supported, str(Configuration(framework, stack, settings))


@pytest.mark.golden
def test_the_page_of_frameworks_shows_the_evidence(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "make golden updates it"
