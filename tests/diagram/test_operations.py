"""Operations on shapes as rectangles: their sides compared with the shapes of the program, for every tensor."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from geometry import FEW, GRID, PROGRAMS, TEACHING, Rect, written

from app.core.axes import Axes, Axis, Sizes, axes
from app.diagram.charts.shape_rectangles import WIDTH, beside, cut, equal, product, repeated
from app.diagram.elements import Box, Label, Picture, Polyline
from app.teaching.around_picture.why_this_shape import DerivationStep, why

Line = tuple[DerivationStep, Axes]
"""A line of an explanation, and the axes before it."""


def pictured(line: DerivationStep, before: Axes, sizes: Sizes) -> Picture | None:
    operand, sign = line.axes or (), line.symbol[0]
    match line.kind:
        case "product":
            return product(before, operand, line.after, sizes, line.part)
        case "beside":
            return beside(before, operand, line.after, sizes)
        case "cut":
            return cut(before, line.after, line.part, sizes)
        case "rows":
            return repeated(before, operand, sign, sizes)
        case "equal":
            return equal(before, sign, sizes)
    return None


def lines(kind: str) -> Iterator[tuple[Line, Sizes]]:
    """Every line of one kind in the explanations of every cell, at a few sizes."""
    for program in PROGRAMS.values():
        for t in program.tensors:
            before: Axes = ()
            for line in why(program, t):
                if line.kind == kind:
                    yield from (((line, before), sizes) for sizes in FEW)
                before = line.after


def numbers(picture: Picture) -> list[str]:
    """The labels of the sides from left to right, in each rectangle its rows first."""
    labels = [s for s in picture.shapes if isinstance(s, Label)]
    labelled = {id(label): "".join(run.text for run in label.lines[0]) for label in labels}
    return [labelled[id(label)] for label in sorted(labels, key=lambda label: label.bounds()[0])]


def spelled(axis: Axis, sizes: Sizes) -> list[str]:
    return [f"{n}·{sizes[name]}" if n > 1 else str(sizes[name]) for n, name in axis.terms]


KINDS = ("product", "beside", "cut", "rows", "equal")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_line_has_pictures_in_which_everything_fits(kind: str) -> None:
    found = 0
    for (line, before), sizes in lines(kind):
        picture = pictured(line, before, sizes)
        assert picture
        found += 1
        page = Rect(0, 0, picture.width, picture.height)
        labels = [written(s) for s in picture.shapes if isinstance(s, Label)]
        boxes = [Rect(s.x, s.y, s.x + s.width, s.y + s.height) for s in picture.shapes if isinstance(s, Box)]
        assert picture.width == WIDTH and picture.height <= 120
        assert all(rect.inside(page) for rect in (*labels, *boxes)), (line.symbol, sizes)
        assert not any(a.overlaps(b) for a, b in combinations(labels, 2)), (line.symbol, sizes)
        assert not any(a.overlaps(b) for a in labels for b in boxes), (line.symbol, sizes)
    assert found >= 10


def test_the_sides_of_a_product_are_those_of_the_program_with_the_inner_ones_struck_out() -> None:
    for (line, before), sizes in lines("product"):
        assert line.axes
        picture = product(before, line.axes, line.after, sizes, line.part)
        rows, inner = (spelled(axis, sizes) for axis in before)
        columns = spelled(line.after[1], sizes)
        assert line.axes[0] == before[1]
        labelled = numbers(picture)
        assert labelled in ([*rows, *inner, *columns, *rows, *columns], [*rows, *inner, *columns, *columns])

        strikes = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == "ink"]
        joined = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == "muted"]
        assert len(strikes) == 2 * len(before[1].terms)
        assert len(joined) == 1


def test_a_concatenation_has_the_columns_of_both() -> None:
    for (line, before), sizes in lines("beside"):
        assert line.axes
        labelled = numbers(beside(before, line.axes, line.after, sizes))
        (rows,) = spelled(before[0], sizes)
        assert [n for n in labelled if n != rows] == [
            n for axis in (before[1], line.axes[1], line.after[1]) for n in spelled(axis, sizes) if n != rows
        ]
        assert line.after[1].size(sizes) == before[1].size(sizes) + line.axes[1].size(sizes)


def test_a_split_highlights_one_block_as_large_as_the_result() -> None:
    for (line, before), sizes in lines("cut"):
        picture = cut(before, line.after, line.part, sizes)
        boxes = [s for s in picture.shapes if isinstance(s, Box)]
        *blocks, result = boxes
        part, parts = line.part
        assert [k for k, block in enumerate(blocks) if not block.faint] == [part]
        assert len(blocks) == parts
        assert (blocks[part].width, blocks[part].height) == pytest.approx((result.width, result.height))
        assert before[1].size(sizes) == parts * line.after[1].size(sizes)


def test_a_vector_is_drawn_once_and_faintly_for_the_other_rows() -> None:
    for (line, before), sizes in lines("rows"):
        assert line.axes
        picture = repeated(before, line.axes, line.symbol[0], sizes)
        rows = [s for s in picture.shapes if isinstance(s, Box) and s.role == "view"]
        count = min(4, sizes["batch_size"])
        assert [row.faint for row in rows] == [k > 0 for k in range(count) for _ in range(len(rows) // count)]
        whole = next(s for s in picture.shapes if isinstance(s, Box) and s.role != "view")
        assert count * rows[0].height == pytest.approx(whole.height)


def test_equal_shapes_are_equal_rectangles() -> None:
    for (line, before), sizes in lines("equal"):
        boxes = [s for s in equal(before, line.symbol[0], sizes).shapes if isinstance(s, Box)]
        assert {(round(box.width, 6), round(box.height, 6)) for box in boxes} == {
            (round(boxes[0].width, 6), round(boxes[0].height, 6))
        }
        assert line.axes == before == line.after


def test_a_larger_size_has_a_longer_side() -> None:
    shapes = axes("batch_size, num_units"), axes("num_units, num_proj"), axes("batch_size, num_proj")
    lengths = []
    for units in (1, 2, 5, 100, 8192):
        sizes = {**TEACHING, "num_units": units, "num_proj": 5, "batch_size": 5}
        first, second, _ = (s for s in product(*shapes, sizes).shapes if isinstance(s, Box))
        lengths.append(first.width / first.height)
        assert first.width == pytest.approx(second.height)
    assert lengths == sorted(lengths) and len(set(lengths)) == 5


def test_the_title_describes_the_operation() -> None:
    concat, kernel = axes("batch_size, num_units+features"), axes("num_units+features, num_units")
    labelled = product(concat, kernel, axes("batch_size, num_units"), TEACHING).title
    assert labelled == "3 × (5+2) times (5+2) × 5 gives 3 × 5: num_units+features is summed over"


def test_the_largest_sum_fits_at_all_sizes() -> None:
    concat, kernel = axes("batch_size, num_units+2*num_units"), axes("num_units+2*num_units, 4*num_units")
    for sizes in GRID:
        picture = product(concat, kernel, axes("batch_size, 4*num_units"), sizes)
        labels = [written(replace(s, size=11.0)) for s in picture.shapes if isinstance(s, Label)]
        assert not any(a.overlaps(b) for a, b in combinations(labels, 2)), sizes


def test_a_block_of_a_kernel_is_drawn_among_the_others() -> None:
    for (line, before), sizes in lines("product"):
        assert line.axes
        part, parts = line.part
        boxes = [s for s in product(before, line.axes, line.after, sizes, line.part).shapes if isinstance(s, Box)]
        others = [box for box in boxes if box.faint]
        terms = len(before[1].terms)
        assert len(others) == (parts - 1) * terms
        operand = boxes[sum(n for n, _ in before[1].terms)]  # after the pieces of the first rectangle
        assert sum(box.x < operand.x for box in others) == part * terms
