"""What only one of two cells has."""

import pytest

from app.core.program import Program
from app.core.stack import Stack
from app.diagram.elements import Box, Ellipse, Outline, Picture
from app.diagram.scene import Scene
from app.diagram.transforms.marking import marked
from app.diagram.views.unrolled.unrolled import unrolled
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY, SHIPPED
from app.typed_cells.differing_operations import only_in

EVERY = {**SHIPPED, **GALLERY}


def program(id: str) -> Program:
    return Stack(cell_of(EVERY[id]), 3, 4, 6, 6).program()


def picture(id: str) -> Picture:
    stack = Stack(cell_of(EVERY[id]), 3, 4, 6, 6)
    return unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "narrow"))


@pytest.mark.parametrize(
    ("one", "other", "first", "second"),
    [
        ("mingru", "gru", set(), {"a_r", "g_1"}),  # the reset gate, and its product with h
        ("mgu", "gru", set(), {"a_r"}),
        ("gla", "retnet", {"alpha", "alpha_1", "alpha_3"}, set()),  # its decay is computed
        ("gru", "gru", set(), set()),
    ],
)
def test_what_one_cell_has_more_than_another_one(one: str, other: str, first: set[str], second: set[str]) -> None:
    assert only_in(program(one), program(other)) == first
    assert only_in(program(other), program(one)) == second


def test_it_has_a_dashed_border_in_the_picture() -> None:
    drawn = marked(picture("gru"), only_in(program("gru"), program("mingru")))
    borders = [s for s in drawn.shapes if isinstance(s, Outline) and s.dash == (5, 3)]
    bodies = {s.tensor: s for s in drawn.shapes if isinstance(s, Box | Ellipse) and s.tensor in ("a_r", "g_1")}
    assert len(borders) == len(bodies) == 2
    layer, sign = bodies["a_r"], bodies["g_1"]
    assert isinstance(layer, Box) and isinstance(sign, Ellipse)
    assert {(b.x, b.y, b.width) for b in borders} == {
        (layer.x, layer.y, layer.width),
        (sign.x - sign.rx, sign.y - sign.ry, 2 * sign.rx),
    }
