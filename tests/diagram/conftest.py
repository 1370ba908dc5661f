"""Golden pictures: kept in ``golden``, compared to the letter, written anew by ``--golden``."""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the golden file of that name; what is different is left beside it, to be looked at."""

    def compare(name: str, text: str) -> None:
        kept = GOLDEN / name
        changed = kept.with_stem(f"{kept.stem}-changed")
        changed.unlink(missing_ok=True)
        if request.config.getoption("--golden"):
            kept.write_text(text, encoding="utf-8")
        elif not kept.exists() or kept.read_text(encoding="utf-8") != text:
            changed.write_text(text, encoding="utf-8")
            pytest.fail(f"{name} is not as it was: look at {changed}; if it is right, run `make golden`", pytrace=False)

    return compare
