"""Golden pictures: files in ``golden`` that pictures must equal byte for byte; ``--golden`` rewrites them."""

from collections.abc import Callable
from pathlib import Path

import batch_pictures
import geometry
import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name. A different text is written beside it, for a visual check."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        changed = file.with_stem(f"{file.stem}-changed")
        changed.unlink(missing_ok=True)
        if request.config.getoption("--golden"):
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            changed.write_text(text, encoding="utf-8")
            pytest.fail(f"{name} has changed: look at {changed}; if it is right, run `make golden`", pytrace=False)

    return compare


@pytest.fixture(autouse=True)
def own_pictures_in_coverage(request: pytest.FixtureRequest) -> None:
    """While the lines of each test are recorded for `make mutants`, let every test draw its pictures itself."""
    if request.config.getoption("cov_context", default=None):
        own = [value for value in vars(request.module).values() if value.__class__ is geometry.drawn.__class__]
        for cached in (geometry.drawn, batch_pictures._drawn, *own):
            if cached.__module__ in (request.module.__name__, "geometry", "batch_pictures"):
                cached.cache_clear()
