"""The examples in docs/notebook.md: programs and what they print."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs/notebook.md"
BLOCKS = re.compile(r"^```python\n(.*?)^```$(?:\n\n^```\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
DIGIT = re.compile(r"\de-\d+")
FRAMEWORKS = ("torch", "keras")


def examples(framework: str = "") -> list[tuple[str, str]]:
    """The programs that import a framework, or none, each with what it prints."""
    found = BLOCKS.findall(DOCS.read_text(encoding="utf-8"))
    return [(code, printed) for code, printed in found if _framework_of(code) == framework]


def _framework_of(code: str) -> str:
    return next((name for name in FRAMEWORKS if re.search(rf"^import {name}$", code, re.MULTILINE)), "")


def without_digits(text: str) -> str:
    """A text in which small differences, which depend on the machine, have no digits."""
    return DIGIT.sub("0e-0", text)
