"""Shapes: outlines, arrow heads, and the positions of the parts of a label."""

import re
from dataclasses import FrozenInstanceError
from itertools import pairwise

import pytest
from geometry import Rect, area, head, strokes, written
from hypothesis import given
from hypothesis import strategies as st

from app.diagram.elements import Border, Box, Ellipse, Label, Mark, Picture, Text
from app.diagram.painters.plotly import figure
from app.diagram.text_metrics import line_width
from app.diagram.text_spans import TIMES, Line, TextSpan
from app.diagram.theme import LIGHT
from app.diagram.wires import Wire

LINE: Line = (TextSpan("1024", "batch_size"), TIMES, TextSpan("8192", "num_units"))
OUTLINES = (
    Box("cell", 10, 20, 100, 50, 8),
    Box("h", 10, 20, 100, 50, 0),
    Ellipse("x", 60, 45, 50, 25),
    Border(10, 20, 100, 50),
)


def points(path: str) -> list[tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"-?\d+\.\d", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@pytest.mark.parametrize("shape", OUTLINES, ids=str)
def test_an_outline_is_closed_and_exactly_as_large_as_its_shape(shape: Box | Ellipse | Border) -> None:
    path = shape.path
    xs, ys = zip(*points(path), strict=True)
    assert path.startswith("M")
    assert path.endswith("Z")
    assert Rect(min(xs), min(ys), max(xs), max(ys)) == area(shape) == Rect(10, 20, 110, 70)


def test_a_wire_without_a_head_goes_from_its_first_point_to_its_last() -> None:
    wire = Wire("features", 3, ((0, 0), (40, 0), (40, 50)), head=False)
    assert wire.path == "M0.0,0.0L27.0,0.0Q40.0,0.0,40.0,13.0L40.0,50.0"


def test_an_arrow_ends_in_its_head_whose_tip_is_the_last_point() -> None:
    wire = Wire("features", 4, ((0, 0), (100, 0)))
    tip, *base = points(wire.head_path())
    assert tip == (100, 0)
    assert [x for x, _ in base] == pytest.approx([100 - wire.head_length] * 2, abs=0.06)
    assert base[0][1] == -base[1][1]
    assert abs(base[0][1]) > wire.width / 2
    assert points(wire.path)[-1][0] == pytest.approx(101 - wire.head_length, abs=0.06)


def test_thicker_wires_have_larger_arrow_heads() -> None:
    thin, thick = (Wire("features", width, ((0, 0), (0, 90))) for width in (1.5, 9.5))
    assert thick.head_length > thin.head_length
    assert area_of(head(thick)) > area_of(head(thin))


def area_of(rect: Rect) -> float:
    return (rect.right - rect.left) * (rect.bottom - rect.top)


@given(st.floats(1, 60), st.floats(5, 200), st.floats(5, 200))
def test_two_elbows_never_overlap_in_short_wires(radius: float, across: float, down: float) -> None:
    corners = ((0, 0), (across, 0), (across, down), (2 * across, down))
    wire = Wire("features", 3, corners, radius, head=False)
    xs, ys = zip(*points(wire.path), strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys)


@pytest.mark.parametrize("sign", ["×", "+"])
def test_a_sign_is_two_strokes_of_equal_length(sign: str) -> None:
    path = Mark(sign, 50, 50, 4).path
    assert path.count("M") == path.count("L") == 2
    assert Rect(46, 46, 54, 54) == written(Mark(sign, 50, 50, 4))


@pytest.mark.parametrize(("anchor", "left"), [("start", 200.0), ("middle", 150.0), ("end", 100.0)])
def test_a_label_is_positioned_by_its_anchor(anchor: str, left: float) -> None:
    size = 14 * 100 / line_width(LINE, 14)
    bounds = Label(200, 80, (LINE,), size, anchor).bounds()
    assert bounds[::2] == pytest.approx((left, left + 100))
    assert (bounds[1] + bounds[3]) / 2 == pytest.approx(80)


def test_the_parts_of_a_label_follow_one_another_and_never_touch() -> None:
    placed = Label(0, 0, (LINE,), 14, "start").placed()
    ends = [(x - 0.3 * 14 * len(run.text), x + 0.3 * 14 * len(run.text)) for x, _, run in placed]
    assert [run for _, _, run in placed] == list(LINE)
    assert all(before[1] < after[0] for before, after in pairwise(ends))


def test_the_lines_of_a_label_are_centred_vertically() -> None:
    ys = [y for _, y, _ in Label(0, 50, (LINE[:1], LINE[1:]), 10).placed()]
    assert ys == [44, 56, 56]


def test_a_rotated_text_covers_its_length_vertically() -> None:
    upright = written(Text(50, 50, "step 3", 10))
    rotated = written(Text(50, 50, "step 3", 10, angle=90))
    assert (rotated.right - rotated.left, rotated.bottom - rotated.top) == pytest.approx(
        (upright.bottom - upright.top, upright.right - upright.left)
    )


def test_the_strokes_of_a_wire_are_as_thick_as_it_is() -> None:
    wire = Wire("features", 4, ((0, 0), (40, 0), (40, 50)), head=False)
    assert strokes(wire) == [Rect(0, -2, 40, 2), Rect(38, 0, 42, 50)]


def test_a_shape_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        OUTLINES[0].x = 11  # type: ignore[misc]


@pytest.mark.parametrize("ends", [((9.0, 5.0),) * 2, ((9.0, 5.0),) * 4])
def test_repeated_points_do_not_rotate_the_arrow_head(ends: tuple[tuple[float, float], ...]) -> None:
    repeated, plain = Wire("x", 3, ((1, 5), (1, 5), *ends)), Wire("x", 3, ((1, 5), (9, 5)))
    assert repeated.head_path() == plain.head_path()
    assert repeated.path == plain.path


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_arrow_head_of_a_single_point_is_that_point(count: int) -> None:
    wire = Wire("x", 3, ((4, 7),) * count)
    assert {*points(wire.head_path())} == {*points(wire.path)} == {(4.0, 7.0)}


def test_plotly_paints_a_picture_without_words() -> None:
    plotly_figure = figure(
        Picture(50, 50, (Box("h", 1, 2, 3, 4, 0), Wire("features", 2, ((0, 0), (9, 0)))), "a box"), LIGHT
    )
    (texts,) = plotly_figure["data"]
    assert texts["text"] == texts["x"] == texts["textfont"]["size"] == []
    assert {shape["name"] for shape in plotly_figure["layout"]["shapes"]} == {"h", "wire features", "head features"}
