"""docs/cells.md describes the language as it is."""

import re
from pathlib import Path

from app.equations.canonical import canonical
from app.equations.cell_from_equations import cell_of
from app.equations.equations_parser import parse
from app.equations.function_syntax import FUNCTIONS
from app.equations.limits import MAX_AXES, MAX_CHARACTERS, MAX_LINES, MAX_TENSORS
from app.equations.names import RESERVED
from app.equations.notation import read

PAGE = (Path(__file__).parents[2] / "docs/cells.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```\n(.*?)\n```", PAGE, re.DOTALL)


def test_the_example_is_a_cell_in_canonical_form() -> None:
    assert cell_of(EXAMPLES[0]).title == "minGRU" and canonical(parse(EXAMPLES[0])) == EXAMPLES[0]


def test_the_example_in_the_notation_of_papers_leaves_nothing_open() -> None:
    found = read(EXAMPLES[1])
    assert cell_of(found.text).states == {"h": "batch_size, num_units"} and not found.questions


def test_the_answers_to_what_a_text_leaves_open_are_read() -> None:
    answers = re.findall(r"`([^`]+)`", PAGE.partition("answer what a text leaves open:")[2].partition("## Limits")[0])
    text = "y_t = σ(gamma W x_t + ζ W_ci c_t + V h_{t-1})\nc_t = x_t U_1\nh_t = W_ci ⊙ y_t".replace(
        "x_t U_1", "U_1 x_t"
    )
    *most, _ = answers
    assert len(answers) == 7
    found = read("\n".join((text, *most))).text
    assert (
        "W_ci: num_units\n" in found
        and "gamma = 0.9" in found
        and "relu(" in found
        and "zeta: 1\n" in found
        and "num_units = 1" in found
    )


def test_every_kind_of_line_is_read() -> None:
    lines = re.findall(r"^\| `(.+?)` \| ", PAGE.partition("## Axes")[0], re.MULTILINE)
    assert len(lines) == 12
    for line in lines:
        assert canonical(parse(line)) in (line, "q = x @ W_q\nk = x @ W_k")


def test_the_names_that_are_not_free_are_listed() -> None:
    listed = PAGE.partition("are not free:")[2].partition("does not end")[0]
    assert {*re.findall(r"`(\w+)`", listed)} == {*RESERVED} - {*FUNCTIONS}


def test_every_function_is_in_the_table() -> None:
    table = PAGE.partition("## Functions")[2].partition("## The notation")[0]
    rows = "".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))
    assert {*re.findall(r"([a-z_]{3,})[(`]", rows)} == {*FUNCTIONS, "split"}


def test_the_limits_are_those_of_the_program() -> None:
    limits = (
        f"{MAX_CHARACTERS:,} characters and {MAX_LINES} lines, a cell {MAX_TENSORS} tensors, a tensor {MAX_AXES} axes"
    )
    assert limits in PAGE
