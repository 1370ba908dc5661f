"""How shapes are written."""

from itertools import chain

import pytest
from geometry import GRID, LSTM, TEACHING
from hypothesis import given
from hypothesis import strategies as st

from app.core.axes import SIZES, axes
from app.diagram.shape_labels import LABELS, Write, lettering, number, shape_line
from app.diagram.size_notation import NOTATIONS, OURS, Notation
from app.diagram.text_lines import wrapped
from app.diagram.text_metrics import line_width
from app.diagram.text_spans import TIMES, Line, TextSpan


def text_of(line: Line) -> str:
    return "".join(" × " if run == TIMES else run.text for run in line)


@pytest.mark.parametrize(
    ("text", "numbers", "names", "letters"),
    [
        ("batch_size, num_units", "3 × 5", "batch_size × num_units", "B × U"),
        ("batch_size, num_units+features", "3 × (5+2)", "batch_size × (num_units+features)", "B × (U+F)"),
        ("num_units+features, 4*num_units", "(5+2) × 4·5", "(num_units+features) × 4·num_units", "(U+F) × 4·U"),
        ("num_units+features", "5+2", "num_units+features", "U+F"),
        ("4*num_units", "4·5", "4·num_units", "4·U"),
        ("batch_size, time_step, features", "3 × 4 × 2", "batch_size × time_step × features", "B × T × F"),
    ],
)
def test_a_shape_is_written_in_numbers_in_names_and_in_letters(
    text: str, numbers: str, names: str, letters: str
) -> None:
    lines = [text_of(shape_line(axes(text), TEACHING, write)) for write in (number, OURS.name, OURS.letter)]
    assert lines == [numbers, names, letters]


def test_every_number_and_every_name_has_the_colour_of_its_axis() -> None:
    for tensor in LSTM.tensors:
        roles = [name for axis in tensor.axes for name in axis.names]
        for write in (number, OURS.name, OURS.letter):
            line = shape_line(tensor.axes, TEACHING, write)
            assert [run.role for run in line if run.role != "muted"] == roles, tensor.id


def test_signs_are_muted() -> None:
    line = shape_line(axes("batch_size, num_units+features, 4*num_units"), TEACHING)
    assert {run.text for run in line if run.role == "muted"} == {"×", "(", "+", ")", "4·"}


def test_a_written_shape_has_the_sizes_of_the_program() -> None:
    for sizes in GRID:
        for tensor in LSTM.tensors:
            sums = text_of(shape_line(tensor.axes, sizes)).replace("·", "*").split(" × ")
            assert tuple(eval(text) for text in sums) == tensor.shape(sizes)  # our own digits, + and *


@pytest.mark.parametrize("labels", [labels for labels in LABELS if labels != "hidden"])
def test_names_are_beside_wires_and_letters_in_boxes_and_narrow_pictures(labels: str) -> None:
    def writers(names: Write) -> tuple[Write, ...]:
        return {"numbers": (number,), "names": (names,), "both": (number, names)}[labels]

    wide, narrow = (lettering(labels, OURS, 14, 12, narrow) for narrow in (False, True))
    assert (wide.wires, wide.boxes) == (writers(OURS.name), writers(OURS.letter))
    assert (narrow.wires, narrow.boxes) == (writers(OURS.letter), writers(OURS.letter))


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
def test_every_notation_has_a_distinct_name_and_letter_for_every_size(notation: Notation) -> None:
    assert SIZES[: len(TEACHING)] == (*TEACHING,)
    names, letters = (
        {write(size, {**TEACHING, "num_proj": 2}) for size in SIZES} for write in (notation.name, notation.letter)
    )

    assert len(names) == len(letters) == len(SIZES)
    assert notation.id in names
    assert (notation.name("directions"), notation.letter("directions", {"directions": 2})) == ("directions", "2")


KERNEL = shape_line(axes("num_units+features, num_units"), TEACHING)


@pytest.mark.parametrize(
    ("room", "lines"),
    [
        (200, ["(5+2) × 5"]),
        (60, ["(5+2)", " × 5"]),
        (40, ["(5", "+2)", " × 5"]),
    ],
)
def test_a_label_is_broken_before_a_times_sign_first_and_then_before_a_plus(room: float, lines: list[str]) -> None:
    assert [text_of(line) for line in wrapped(KERNEL, 14, room)] == lines


runs = st.lists(st.sampled_from([TIMES, TextSpan("+", "muted"), TextSpan("8192", "num_units")]), min_size=1).map(tuple)


@given(runs, st.floats(1, 500))
def test_breaking_a_label_loses_nothing(line: Line, room: float) -> None:
    assert tuple(chain.from_iterable(wrapped(line, 14, room))) == line


@given(runs, st.floats(1, 500))
def test_a_label_that_fits_is_not_broken(line: Line, room: float) -> None:
    if line_width(line, 14) <= room:
        assert wrapped(line, 14, room) == (line,)
