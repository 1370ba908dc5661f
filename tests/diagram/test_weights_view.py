"""The weights to scale: every array of a framework, the numbers that a unit owns and those that read it."""

from dataclasses import replace
from itertools import pairwise, product

import pytest
from geometry import FEW, GRID, LARGEST, MNIST, TEACHING, area, boxes_of, collisions, cut, texts_of
from pairing import in_turn

from app.core.axes import Sizes
from app.core.cells import CELLS, PROJECTED
from app.core.stack import Stack
from app.diagram.array_names import Naming
from app.diagram.elements import Border, Box, HitArea, HitStrips, ParallelLines, Picture, Text
from app.diagram.format_names import FORMATS
from app.diagram.painters.hit_areas import expanded, hit_areas
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.scene import Scene
from app.diagram.shape_labels import LABELS
from app.diagram.theme import LIGHT
from app.diagram.views.weights.weights import weights
from app.frameworks import FRAMEWORKS
from app.url_state_to_picture.weight_arrays import arrays

PLACE = (0, "forward")


def stack_of(cell: str, of: Sizes, num_proj: int = 0) -> Stack:
    return Stack(CELLS[cell], of["batch_size"], of["time_step"], of["features"], of["num_units"], num_proj)


SUPPORTED = [
    (framework, cell, num_proj)
    for framework, cell, num_proj in product(FRAMEWORKS, CELLS, (0, 3))
    if (not num_proj or cell in PROJECTED)
    and not FRAMEWORKS[framework].model(stack_of(cell, TEACHING, num_proj)).unsupported
]
"""Every framework with each cell that it supports, with and without projection."""


def view(
    framework: str = "colah",
    cell: str = "lstm",
    num_proj: int = 0,
    of: Sizes = TEACHING,
    *,
    unit: int | None = None,
    labels: str = "numbers",
    format: str = "page",
) -> Picture:
    stack = stack_of(cell, of, num_proj)
    model = FRAMEWORKS[framework].model(stack)
    found = tuple(arrays(model, PLACE))
    naming = Naming((), {}, model.sizes)
    sizes = stack.sizes
    return weights(
        Scene(stack.program(), sizes, 0, labels, format, naming=naming, unit=unit, matrices=found),
    )


def blocks_of(picture: Picture) -> list[Box]:
    """The boxes of blocks of weights."""
    return [s for s in picture.shapes if isinstance(s, Box) and s.tensor and s.role != "layer"]


def own_of(picture: Picture) -> list[Box]:
    return [box for box in boxes_of(picture, "own") if box.unit is not None]


@pytest.mark.parametrize(("framework", "cell", "num_proj"), SUPPORTED)
def test_every_array_is_drawn_completely_to_one_scale(framework: str, cell: str, num_proj: int) -> None:
    model = FRAMEWORKS[framework].model(stack_of(cell, TEACHING, num_proj))
    picture = view(framework, cell, num_proj)
    drawn = [box for box in blocks_of(picture)]
    drawn += [box for box in boxes_of(picture, "view") if not box.tensor and box.y < picture.height - 64]
    numbers = model.parameter_count
    (square,) = (box for box in boxes_of(picture, "view") if box.y >= picture.height - 64)

    assert sum(box.width * box.height for box in drawn) / square.width**2 == pytest.approx(numbers, rel=1e-3)
    assert f", {numbers} parameters" in picture.title


@pytest.mark.parametrize(("of", "supported"), in_turn([TEACHING, MNIST], SUPPORTED))
def test_a_unit_has_one_place_in_every_block_of_every_gate(of: Sizes, supported: tuple[str, str, int]) -> None:
    framework, cell, num_proj = supported
    unit, num_units = of["num_units"] - 2, of["num_units"]
    picture = view(framework, cell, num_proj, of, unit=unit)
    blocks = [box for box in blocks_of(picture) if box.tensor != "projection"]
    transposed = framework in ("pytorch", "onnx")

    assert len(own_of(picture)) == len(blocks)
    for own in own_of(picture):
        (block,) = (box for box in blocks if area(own).inside(area(box).grown(0.01)))
        begin, length, at = (block.y, block.height, own.y) if transposed else (block.x, block.width, own.x)
        assert (at - begin) / length == pytest.approx(unit / num_units, abs=1.5 / length)
        assert (own.width if transposed else own.height) == pytest.approx(block.width if transposed else block.height)


@pytest.mark.parametrize(("framework", "cell", "num_proj"), SUPPORTED)
def test_the_numbers_that_read_a_unit_are_dashed_rows_of_the_kernels_for_h(
    framework: str, cell: str, num_proj: int
) -> None:
    picture = view(framework, cell, num_proj, unit=3)
    frames = [s for s in picture.shapes if isinstance(s, Border) and s.y < picture.height - 64]
    stack, transposed = stack_of(cell, TEACHING, num_proj), framework in ("pytorch", "onnx")
    part = "w" if num_proj else "h"
    parameters = [p for p in FRAMEWORKS[framework].model(stack).layout.parameters if part in p.parts]
    bands = 1 if all(len(p.gates) == 1 for p in parameters) or cell == "gru" else len(parameters)

    assert len(frames) == bands
    for frame in frames:
        crossed = [box for box in blocks_of(picture) if area(frame).overlaps(area(box))]
        assert {box.role for box in crossed} == {"h"}
        for box in crossed:
            begin, length = (box.x, box.width) if transposed else (box.y, box.height)
            middle = frame.x + frame.width / 2 if transposed else frame.y + frame.height / 2
            assert (middle - begin) / length == pytest.approx(3.5 / 5)


@pytest.mark.parametrize("gate", "figo")
@pytest.mark.parametrize("id", ["{}", "a_{}"])
def test_a_gate_names_its_blocks_and_no_others(gate: str, id: str) -> None:
    tensor = id.format(gate)
    for framework in FRAMEWORKS:
        blocks = blocks_of(view(framework))
        named = [box for box in blocks if tensor in (box.tensor, *box.also)]
        assert len(named) == len(blocks) // 4
        tabs = [box for box in boxes_of(view(framework), "layer") if tensor in (box.tensor, *box.also)]
        assert [tab.tensor for tab in tabs] == [gate]


def test_the_gates_are_in_the_order_of_the_framework() -> None:
    orders = {"colah": "figo", "tf1": "ijfo", "keras": "ifco", "pytorch": "ifgo", "onnx": "iofc", "flax": "ifgo"}
    for framework, order in orders.items():
        picture = view(framework)
        tabs = boxes_of(picture, "layer")
        letters = [text.text for tab in tabs for text in picture.shapes if isinstance(text, Text) and _holds(tab, text)]
        assert "".join(letters) == order, framework


def _holds(tab: Box, text: Text) -> bool:
    return text.italic and tab.x < text.x < tab.x + tab.width and tab.y < text.y < tab.y + tab.height


@pytest.mark.parametrize(("format", "supported"), in_turn(FORMATS, SUPPORTED))
def test_nothing_is_cut_and_no_labels_collide(format: str, supported: tuple[str, str, int]) -> None:
    framework, cell, num_proj = supported
    for n, of in enumerate((TEACHING, LARGEST, GRID[3], GRID[6])):
        labels, unit = LABELS[n % 3], (of["num_units"] - 1, None)[n == 2]
        picture = view(framework, cell, min(num_proj, of["num_units"]), of, unit=unit, labels=labels, format=format)
        seen = replace(picture, shapes=tuple(s for s in picture.shapes if not isinstance(s, ParallelLines | HitStrips)))
        assert not cut(seen), of
        assert not collisions(seen), of


def test_the_number_of_shapes_is_limited_at_any_size() -> None:
    for n, (format, (framework, cell, num_proj)) in enumerate(in_turn(FORMATS, SUPPORTED)):
        for _, of in in_turn((format,), (FEW[n % 5], FEW[(n + 2) % 5])):
            assert len(view(framework, cell, num_proj and 1, of, unit=0, format=format).shapes) < 600


@pytest.mark.parametrize("format", FORMATS)
def test_the_number_of_shapes_does_not_grow_with_any_size(format: str) -> None:
    many = [len(view(of={**MNIST, "num_units": n}, unit=0, format=format).shapes) for n in (100, 1000, 8192)]
    assert len(set(many)) == 1


def test_single_numbers_are_separated_if_there_are_few() -> None:
    assert [s for s in view().shapes if isinstance(s, ParallelLines)]
    assert not [s for s in view(of=MNIST).shapes if isinstance(s, ParallelLines)]


def strips_of(picture: Picture) -> dict[tuple[float, float, float, float], int]:
    """The unit that each strip selects."""
    return {
        (s.x, s.y, s.width, s.height): s.unit
        for s in expanded(picture.shapes)
        if isinstance(s, HitArea) and s.unit is not None
    }


@pytest.mark.parametrize(("num_units", "supported"), in_turn([1, 2, 5, 12, 13, 24, 25, 97, 128, 8192], SUPPORTED))
def test_a_click_on_a_block_selects_a_unit_close_to_it(num_units: int, supported: tuple[str, str, int]) -> None:
    framework, cell, num_proj = supported
    sizes, transposed = {**TEACHING, "num_units": num_units}, framework in ("pytorch", "onnx")
    picture = view(framework, cell, min(num_proj, num_units), sizes)
    strips, near = strips_of(picture), max(1.0, num_units / 24)

    assert len(set(strips.values())) == min(num_units, 24)
    for block in (box for box in blocks_of(picture) if box.tensor != "projection"):
        length, across = (block.height, block.width) if transposed else (block.width, block.height)
        for share in (0.001, 0.24, 0.5, 0.76, 0.999):
            x = block.x + (across / 2 if transposed else share * length)
            y = block.y + (share * length if transposed else across / 2)
            (unit,) = (k for (x0, y0, w, h), k in strips.items() if x0 <= x < x0 + w and y0 <= y < y0 + h)
            if length > 18:  # a thinner block has wider strips
                assert abs(unit + 0.5 - share * num_units) < near


def test_all_places_of_a_unit_are_one_link() -> None:
    for of, chosen in ((TEACHING, None), (TEACHING, 3), (MNIST, None), (MNIST, 2)):
        found = [(s.unit, path) for s, path, _ in hit_areas(view(of=of, unit=chosen)) if s.unit is not None]
        units = [unit for unit, _ in found]
        assert len(set(units)) == len(units)
        assert {path.count("Z") for unit, path in found if unit != chosen} == {4 * 2}  # kernel and bias, four gates


def test_more_units_make_a_gates_block_larger_in_both_directions() -> None:
    for features in (1, 28, 4096):
        sides = []
        for n in (1, 2, 3, 5, 8, 13, 40, 100, 500, 1000, 4000, 8191, 8192):
            block = boxes_of(view(of={**TEACHING, "features": features, "num_units": n}), "h")[0]
            sides.append((block.width, block.height))
        for (width, height), (wider, higher) in pairwise(sides):
            assert wider >= width - 0.01 and higher >= height - 0.01


def test_the_picture_does_not_depend_on_time_step_or_batch_size() -> None:
    assert view(of={**TEACHING, "time_step": 10_000, "batch_size": 1024}) == view()


def test_the_sizes_are_beside_their_sides() -> None:
    assert "1 weight" in texts_of(view()) and "32 × 32 weights" not in texts_of(view())
    assert "weights of unit 3" in texts_of(view(unit=3)) and "weights that read unit 3" in texts_of(view(unit=3))
    assert "unused" in texts_of(view("onnx", "lstm_coupled"))


@pytest.mark.parametrize(("labels", "supported"), in_turn(LABELS, SUPPORTED))
def test_both_painters_accept_the_weights(labels: str, supported: tuple[str, str, int]) -> None:
    framework, cell, num_proj = supported
    picture = view(framework, cell, num_proj, unit=1, labels=labels)
    assert svg(picture, LIGHT).startswith("<svg")
    assert figure(picture, LIGHT)["layout"]["width"] == picture.width
