"""Golden pictures: files in ``golden`` that pictures must equal byte for byte; ``--golden`` rewrites them."""

from collections.abc import Callable
from pathlib import Path

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
