"""docs/cells.md describes the language as it is."""

import re
from pathlib import Path

from app.equations.canonical import canonical
from app.equations.functions import FUNCTIONS
from app.equations.parser import MAX_AXES, parse
from app.equations.resolver import cell_of
from app.equations.scope import MAX_TENSORS
from app.equations.tokens import MAX_CHARACTERS, MAX_LINES

PAGE = (Path(__file__).parents[2] / "docs/cells.md").read_text(encoding="utf-8")


def test_the_example_is_a_cell_in_canonical_form() -> None:
    (example,) = re.findall(r"```\n(.*?)\n```", PAGE, re.DOTALL)
    assert cell_of(example).title == "minGRU" and canonical(parse(example)) == example


def test_every_kind_of_line_is_read() -> None:
    lines = re.findall(r"^\| `(.+?)` \| ", PAGE.partition("## Axes")[0], re.MULTILINE)
    assert len(lines) == 9
    for line in lines:
        assert canonical(parse(line)) == line


def test_every_function_is_in_the_table() -> None:
    table = PAGE.partition("## Functions")[2].partition("## Limits")[0]
    rows = "".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))
    assert {*re.findall(r"([a-z_]{3,})[(`]", rows)} == {*FUNCTIONS, "split"}


def test_the_limits_are_those_of_the_program() -> None:
    limits = (
        f"{MAX_CHARACTERS:,} characters and {MAX_LINES} lines, a cell {MAX_TENSORS} tensors, a tensor {MAX_AXES} axes"
    )
    assert limits in PAGE
