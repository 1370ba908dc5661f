"""Shapes as primitives: each kind has a row, and outlines keep their path."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from app.diagram.elements import Box, Ellipse, Picture, Shape
from app.diagram.painters.pdf import pdf
from app.diagram.painters.plotly import figure
from app.diagram.painters.primitives import DRAWN_BY, paint, segments
from app.diagram.painters.svg import SvgPainter, svg
from app.diagram.theme import FAINT, LIGHT
from app.diagram.wires import Wire

LINE = Wire("num_units", 4, ((0, 0), (100, 0), (100, 100)))


def kinds(of: type[Shape]) -> Iterator[type[Shape]]:
    """The subclasses that the app defines."""
    for kind in of.__subclasses__():
        if kind.__module__.startswith("app."):
            yield kind
        yield from kinds(kind)


def test_every_kind_of_shape_can_be_painted() -> None:
    assert set(DRAWN_BY) == set(kinds(Shape))


@dataclass(frozen=True)
class Star(Shape):
    """A shape without a row."""


def test_a_shape_without_a_row_is_rejected_by_name() -> None:
    with pytest.raises(TypeError, match="Star cannot be painted"):
        paint(Star(), SvgPainter(LIGHT), 1.0)


def test_all_primitives_of_a_faint_shape_are_faint() -> None:
    painter = SvgPainter(LIGHT)
    paint(replace(LINE, faint=True), painter, 1.0)
    line, head = re.findall("<path[^>]*>", "".join(painter.elements))

    assert "".join(painter.elements) == f'<g opacity="{FAINT}">{line}{head}</g>'


def test_a_picture_without_words_is_painted_in_every_format() -> None:
    picture = Picture(100, 100, (LINE, Box("cell", 0, 0, 9, 9, 2)), "")
    (texts,) = figure(picture, LIGHT)["data"]

    assert texts["text"] == texts["x"] == texts["textfont"]["size"] == []
    assert pdf(picture, LIGHT).startswith(b"%PDF") and "<path" in svg(picture, LIGHT)


def test_an_empty_picture_is_painted_in_every_format() -> None:
    picture = Picture(100, 100, (), "")

    assert figure(picture, LIGHT)["layout"]["shapes"] == []
    assert pdf(picture, LIGHT).startswith(b"%PDF") and "<path" not in svg(picture, LIGHT)


def test_horizontal_and_vertical_lines_become_lines_to_points() -> None:
    assert list(segments("M1.5,2.5H7V9H0Z")) == [
        ("M", ["1.5", "2.5"]),
        ("L", ["7", "2.5"]),
        ("L", ["7", "9"]),
        ("L", ["0", "9"]),
        ("Z", []),
    ]


def test_cubic_curves_do_not_change() -> None:
    path = Ellipse("x", 50, 40, 30, 20).path
    curves = [",".join(at) for command, at in segments(path) if command == "C"]

    assert curves == re.findall(r"C([^CZ]*)", path) and len(curves) == 4


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_an_elbow_has_the_same_path_as_a_quadratic_and_a_cubic_curve(share: float) -> None:
    (x0, y0), (x1, y1), (x2, y2) = (87, 0), (100, 0), (100, 13)
    _, (_, start), (command, curve), _ = segments(LINE.path)
    (a, b), (c, d), (e, f) = zip(*[iter(map(float, curve))] * 2, strict=True)
    rest = 1 - share

    assert (command, *map(float, start), e, f) == ("C", x0, y0, x2, y2)
    for quadratic, cubic in (((x0, x1, x2), (x0, a, c, e)), ((y0, y1, y2), (y0, b, d, f))):
        expected = sum(weight * at for weight, at in zip((rest**2, 2 * rest * share, share**2), quadratic, strict=True))
        weights = rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3
        assert sum(weight * at for weight, at in zip(weights, cubic, strict=True)) == pytest.approx(expected, abs=0.01)
