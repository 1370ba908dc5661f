"""docs/security.md names tests, and they exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs/security.md").read_text(encoding="utf-8")

ROWS = [row.split(" | ") for row in DOCUMENT.splitlines() if row.startswith("| ") and not row.startswith("| who |")]


def test_every_test_named_in_the_security_document_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", DOCUMENT))
    tests = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *(?:async )?def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 30
    assert named - tests == set()


def test_every_security_measure_names_a_test() -> None:
    assert len(ROWS) > 20
    for who, what, measure, tests in ROWS:
        assert "`test_" in tests, (who, what, measure)
