"""The picture on the screen of a lecture hall: no shape is lower than 28 pixels, in any view and with any labels."""

import pytest
from geometry import collisions, cut
from pairing import paired

from app.core.cells import CELLS
from app.diagram.elements import Ellipse, Label, Picture, Text
from app.diagram.views import VIEWS
from app.url_state.parsing import nearest
from app.url_state_to_picture.picture_of_state import picture_of

PLACES = {"hall": (1384, 818), "half": (752, 818)}
"""The part of a screen of 1920 × 1080 that the picture fills, without and with the map of a stack."""

MNIST = {"batch_size": "128", "time_step": "28", "features": "28", "num_units": "128"}

SIZES = {
    "default": {},
    "first step": {"t": "0"},
    "MNIST": MNIST,
    "two directions": {"num_layers": "2", "bidirectional": "true", "layer": "1", "framework": "pytorch"},
}

LABELS = ("numbers", "names", "both")

IN_A_STACK = {
    "default": {},
    "first step": {"t": "0"},
    "last step": {"t": "3", "layer": "1"},
    "MNIST": MNIST,
    "backward": {"layer": "1", "direction": "backward"},
}


def drawn(query: dict[str, str], format: str = "hall") -> Picture:
    return picture_of(nearest([*query.items()]), format, arrays=False)  # a training sets some sizes itself


def sizes_of_shapes(picture: Picture, format: str = "hall") -> list[float]:
    """The sizes of type of all shapes, as on the screen."""
    width, height = PLACES[format]
    scale = min(width / picture.width, height / picture.height)
    return [scale * s.size for s in picture.shapes if isinstance(s, Label)]


@pytest.mark.parametrize(("view", "cell", "sizes", "labels"), paired(VIEWS, CELLS, SIZES, LABELS))
def test_every_shape_is_at_least_28_pixels_high(view: str, cell: str, sizes: str, labels: str) -> None:
    picture = drawn({**SIZES[sizes], "view": view, "cell": cell, "labels": labels})
    assert min(sizes_of_shapes(picture)) >= 27.99
    assert not collisions(picture)
    assert not cut(picture)


@pytest.mark.parametrize(
    ("view", "cell", "sizes", "labels"),
    paired(("unrolled", "rolled", "gradients"), CELLS, IN_A_STACK, ("numbers", "names")),
)
def test_also_beside_the_map_of_a_stack(view: str, cell: str, sizes: str, labels: str) -> None:
    stack = {"num_layers": "2", "bidirectional": "true", **IN_A_STACK[sizes]}
    picture = drawn({**stack, "view": view, "cell": cell, "labels": labels}, "half")
    crowded = (view, cell, sizes, labels) == ("gradients", "gru_reset_after", "MNIST", "numbers")
    assert min(sizes_of_shapes(picture, "half")) >= (25 if crowded else 27.99)
    assert not collisions(picture)
    assert not cut(picture)


@pytest.mark.parametrize("cell", CELLS)
def test_beside_the_map_the_unrolled_cell_has_all_of_its_shapes(cell: str) -> None:
    query = {"cell": cell, "num_layers": "2", "bidirectional": "true"}
    half, hall = (
        {s.tensor for s in drawn(query, format).shapes if isinstance(s, Label)} for format in ("half", "hall")
    )
    assert half == hall


@pytest.mark.parametrize(
    "query",
    [
        {"t": "3"},
        {"cell": "gru_reset_after", "framework": "keras", "view": "weights"},
        {**MNIST, "t": "27", "framework": "pytorch", "labels": "both"},
        {"num_proj": "3", "labels": "both"},
        {"batch_size": "1024", "num_units": "8192", "features": "4096"},
        {"view": "rolled", "labels": "both", "bidirectional": "true", "direction": "backward"},
    ],
    ids=str,
)
def test_also_at_other_sizes_and_steps(query: dict[str, str]) -> None:
    picture = drawn(query)
    assert min(sizes_of_shapes(picture)) >= 27.99
    assert not collisions(picture)
    assert not cut(picture)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("view", ["unrolled", "rolled"])
def test_the_names_of_vectors_fit_their_circles(view: str, sizes: str) -> None:
    picture = drawn({**SIZES[sizes], "view": view})
    circles = {(s.x, s.y) for s in picture.shapes if isinstance(s, Ellipse) and s.role in "xh"}
    assert min(s.size for s in picture.shapes if isinstance(s, Text) and (s.x, s.y) in circles) >= 12


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "training"])  # which has no shapes of tensors
def test_names_are_letters_and_with_numbers_each_shape_has_both(view: str) -> None:
    names, both = ("".join(_written(drawn({"view": view, "labels": labels}))) for labels in ("names", "both"))
    assert "num_units" not in names + both
    assert "U" in names and "5" in both and "U" in both


def _written(picture: Picture) -> list[str]:
    return [span.text for s in picture.shapes if isinstance(s, Label) for line in s.lines for span in line]
