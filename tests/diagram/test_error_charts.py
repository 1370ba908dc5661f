"""The charts of an error: two shapes, and a layer with its states. Nothing overlaps, however large the sizes are."""

from dataclasses import replace
from itertools import product

import pytest
from geometry import collisions, cut

from app.diagram.charts import layer_states, sequences, two_shapes
from app.diagram.charts.layer_states import LayerStates, StateShape
from app.diagram.charts.sequences import EXAMPLES, Lengths, Mask
from app.diagram.elements import Label, Picture, Polyline, Text
from app.diagram.text_spans import TextSpan
from app.diagram.transforms.wrong_tensor import ERROR
from app.diagram.wires import SharedHead

ROUNDING = 1e-6
SMALL, LARGE, LARGEST = (3, 20), (1024, 4096), (123456789, 987654321)
LAYERS = ((1, 1), (1, 2), (2, 2), (3, 1), (7, 2))


def written(picture: Picture) -> Picture:
    """A picture of the texts and labels only: they must not cover each other, and lines may be between them."""
    return replace(picture, shapes=tuple(s for s in picture.shapes if isinstance(s, Label | Text)))


@pytest.mark.parametrize(("layers", "state"), list(product(LAYERS, (SMALL, LARGE, LARGEST))))
@pytest.mark.parametrize("format", [layer_states.WIDE, layer_states.NARROW], ids=["wide", "narrow"])
def test_in_a_layer_with_its_states_nothing_overlaps(
    layers: tuple[int, int], state: tuple[int, int], format: layer_states.Format
) -> None:
    batch_size, num_units = state
    sizes = {"batch_size": batch_size, "time_step": None, "features": None, "num_units": num_units}
    sheets = layers[0] * layers[1]
    for got in (StateShape(1, batch_size - 1, num_units), StateShape(sheets + 2, batch_size, num_units)):
        picture = LayerStates(*layers, sizes, "initial_h", StateShape(sheets, *state), got, format=format).picture()
        picture = replace(picture, shapes=tuple(s for s in picture.shapes if not isinstance(s, SharedHead)))
        assert collisions(picture) == []
        assert cut(replace(picture, width=picture.width + ROUNDING)) == []


def test_the_output_and_h_are_as_long_as_the_projection_and_c_as_the_units() -> None:
    sizes = {"batch_size": 10, "time_step": 160, "features": 80, "num_units": 256, "num_proj": 64}

    def ends_of_shapes(name: str) -> set[str]:
        picture = LayerStates(3, 1, sizes, name, StateShape(3, 10, 64), StateShape(3, 9, 64)).picture()
        lines = [line for one in picture.shapes if isinstance(one, Label) for line in one.lines]
        return {line[-1].role for line in lines if len(line) > 1} - {"features"}

    assert ends_of_shapes("h_0") == {"num_proj"}
    assert ends_of_shapes("c_0") == {"num_proj", "num_units"}


@pytest.mark.parametrize("format", [sequences.WIDE, sequences.NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("size", [None, 1, 5, 1024, LARGEST[1]])
def test_lengths_and_masks_are_beside_each_other(size: int | None, format: sequences.Format) -> None:
    pictures = [Lengths(size, size, wrong, format=format).picture() for wrong in EXAMPLES]
    if size is not None:
        pictures += [Lengths(size, size, "batch_size", got, format=format).picture() for got in (1, size + 3)]
        several = [(size, size), (size, 1), (size, 3, 2)]
        pictures += [Lengths(size, size, "rank", format=format, shape=shape).picture() for shape in several]
        pictures += [Mask((size, size), mask, format).picture() for mask in ((size, size + 1), (size + 1, size), (3,))]

    for picture in map(written, pictures):
        assert collisions(picture) == []
        assert cut(picture) == []


def test_lengths_with_several_axes_have_their_sizes_in_red() -> None:
    wrong = Lengths(6, 12, "rank", shape=(6, 12)).picture()
    column = Lengths(6, 12, "rank", shape=(6, 1)).picture()

    assert [one.text for one in _red_spans(wrong)][:2] == ["6", "12"]
    assert [one.text for one in _red_spans(column)] == ["6", "1", "?", "?", "?"]  # one length in each drawn row


def _red_spans(picture: Picture) -> list[TextSpan]:
    labels = (one for one in picture.shapes if isinstance(one, Label))
    return [span for one in labels for line in one.lines for span in line if span.role == ERROR]


@pytest.mark.parametrize("width", [two_shapes.WIDE, two_shapes.NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("sizes", [(3,), (2, 3, 20), (4, *LARGEST), (200, 32, 10, 100, 1024)])
def test_sizes_and_names_of_two_shapes_are_beside_each_other(sizes: tuple[int, ...], width: two_shapes.Width) -> None:
    axes = ("num_layers*directions", "batch_size", "num_units", "time_step", "gates*num_units")[: len(sizes)]
    picture = two_shapes.two_shapes(axes, sizes, (sizes[0] + 1, *sizes[1:]), "not equal", [0], 0, width)
    assert collisions(written(picture)) == []
    assert cut(picture) == []


def test_two_sizes_that_are_exchanged_keep_the_colours_of_their_axes() -> None:
    axes = ("batch_size", "time_step", "features")
    roles = dict[str, set[str]]()
    for one in two_shapes.two_shapes(axes, (4, 9, 20), (4, 20, 9), "exchanged", [1, 2], 0).shapes:
        if isinstance(one, Label):
            roles.setdefault(one.lines[0][0].text, set()).add(one.lines[0][0].role)

    assert roles == {"4": {"batch_size"}, "9": {"time_step"}, "20": {"features"}}


@pytest.mark.parametrize(
    ("expected", "got", "red"),
    [
        ((14, 3), (14, 6, 3), [6]),
        ((14,), (14, 1), [1]),
        ((14, 3), (14, 14, 3), [14, 14, 3]),
        ((14, 3), (9, 6, 3), [9, 6, 3]),
    ],
)
def test_of_a_shape_with_more_axes_only_those_are_red_that_are_too_many_if_the_sizes_tell_them(
    expected: tuple[int, ...], got: tuple[int, ...], red: list[int]
) -> None:
    axes = ("batch_size", "num_units")[: len(expected)]
    shapes = two_shapes.two_shapes(axes, expected, got, "more axes", (), None).shapes
    spans = [one.lines[0][0] for one in shapes if isinstance(one, Label)]

    assert [int(one.text) for one in spans if one.role == "error"] == red
    assert len([one for one in shapes if isinstance(one, Polyline)]) == len(red)
