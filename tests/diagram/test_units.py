"""The picture of the units, measured without a browser: drawn numbers, highlighted numbers, and collisions."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from geometry import (
    DRAWN_BY_HAND,
    FEW,
    LARGEST,
    LSTM,
    MNIST,
    PROGRAMS,
    TEACHING,
    area,
    boxes_of,
    collisions,
    cut,
    distance,
    ellipses_of,
    inputs_of,
    layers_of,
    looks_of,
    operations_of,
    sizes,
    steps,
    strokes,
    texts_of,
    wires_of,
)
from pairing import ALL_COMBINATIONS, in_turn
from plotly.graph_objects import Figure

from app.core.axes import Sizes
from app.core.cells import CELLS
from app.diagram.elements import Border, Box, Ellipse, Funnel, Label, Picture, Text
from app.diagram.format_names import FORMATS
from app.diagram.painters.hit_areas import hit_areas
from app.diagram.painters.plotly import figure
from app.diagram.scene import Scene
from app.diagram.theme import LIGHT
from app.diagram.views.units.drawn_components import read_whole, shown
from app.diagram.views.units.units import units
from app.diagram.wires import Wire

every_program = pytest.mark.parametrize("name", DRAWN_BY_HAND)
every_program_in_a_format = pytest.mark.parametrize(("format", "name"), in_turn(FORMATS, DRAWN_BY_HAND))
every_format = pytest.mark.parametrize("format", FORMATS)
every_cell = pytest.mark.parametrize("cell", CELLS)
every_cell_in_two_formats = pytest.mark.parametrize(("format", "cell"), in_turn(FORMATS, CELLS, 2))


def drawn(
    name: str, of: Sizes, format: str = "page", unit: int | None = None, t: int | None = None, labels: str = "numbers"
) -> Picture:
    return units(Scene(PROGRAMS[name], of, min(2, of["time_step"] - 1) if t is None else t, labels, format, unit=unit))


@cache
def pictures(name: str) -> list[tuple[str, Picture]]:
    """Pictures of every format at two of a few sizes, at every kind of step, every second one with a followed unit."""
    found, sizes, turn = [], (*FEW, MNIST), [*DRAWN_BY_HAND].index(name)
    for n, (labels, format) in enumerate(looks_of(name), turn):
        for k in range(len(sizes)) if ALL_COMBINATIONS else (n % 6, (n + 3) % 6):
            of = sizes[k]
            at, unit = steps(of)[(n + k) % len(steps(of))], of["num_units"] // 2 if k % 2 else None
            found.append((f"{labels}, {format}, {of}", drawn(name, of, format, unit, at, labels)))
    return found


@every_program
def test_nothing_overlaps_and_nothing_is_cut(name: str) -> None:
    for of, picture in pictures(name):
        assert not collisions(picture), of
        assert not cut(picture), of


@cache
def with_numbers(name: str, format: str) -> list[Picture]:
    """Pictures with numbers: of the first step, of one between with a followed unit, and of the last step."""
    places = ((TEACHING, 0, None), (LARGEST, 5000, 4096), (MNIST, 27, None), (sizes(97, 101, 89, 97), 1, 48))
    return [drawn(name, of, format, unit, t) for of, t, unit in places]


@every_program_in_a_format
def test_no_strand_runs_through_a_layer_or_a_number_that_is_not_its_end(name: str, format: str) -> None:
    for picture in with_numbers(name, format):
        bodies = [
            area(s).grown(-2)
            for s in picture.shapes
            if (isinstance(s, Box | Funnel) and s.role != "cell") or (isinstance(s, Ellipse) and s.rx > 8)
        ]
        level = [w for w in wires_of(picture) if all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(w.points))]
        for wire in level:
            assert not [wire for stroke in strokes(wire) for body in bodies if stroke.overlaps(body)], wire.tensor


@every_program_in_a_format
def test_every_strand_of_the_inputs_of_an_operation_arrives_at_it(name: str, format: str) -> None:
    program = PROGRAMS[name]
    for picture in with_numbers(name, format)[:2]:
        for operation in operations_of(picture):
            if isinstance(operation, Ellipse) and operation.rx == operation.ry:
                near = [w for w in wires_of(picture) if w.t == operation.t and w.unit == operation.unit]
                ends = [w for w in near if distance(w.points[-1], area(operation)) < 1]
                assert {w.tensor for w in ends} >= set(program.by_id[operation.tensor].inputs), operation.tensor
            else:
                heads = [w for w in wires_of(picture) if w.head and distance(w.points[-1], area(operation)) <= 3]
                assert inputs_of(program, operation) <= {w.tensor for w in heads} | {"x", "h_prev", "reset"}


@every_program
def test_every_tensor_of_the_step_is_in_the_picture(name: str) -> None:
    for of, picture in pictures(name):
        here = {id for s in picture.shapes for id in (s.tensor, *s.also)}
        # The place of a number names only its unit; its strand names the tensor.
        assert here >= {t.id for t in PROGRAMS[name].step}, of


@pytest.mark.parametrize(
    ("num_units", "numbers"),
    [(1, [0]), (5, [0, 1, 2, 3, 4]), (6, [0, 1, 2, 3, 4, 5]), (7, [0, 1, 2, 3, 6]), (8192, [0, 1, 2, 3, 8191])],
)
def test_a_few_numbers_are_all_drawn_and_of_many_the_first_ones_and_the_last(
    num_units: int, numbers: list[int]
) -> None:
    picture = drawn("lstm", sizes(3, 4, 2, num_units))

    for tensor in ("f", "kept", "c", "h_prev"):
        assert sorted({w.unit for w in wires_of(picture, tensor)}, key=str) == sorted(numbers, key=str)
    assert len({w.points for w in wires_of(picture, "kept")}) == len(numbers)
    hidden = num_units - len(numbers)
    assert texts_of(picture).count(f"+{hidden:,}") == (3 if hidden else 0)  # of c, of h, of h again
    assert not any("+" in text for text in texts_of(picture)) or hidden


def test_a_followed_unit_is_always_drawn() -> None:
    for unit in (0, 3, 4, 777, 8191):
        picture = drawn("lstm", LARGEST, unit=unit)
        assert unit in {w.unit for w in wires_of(picture, "c")}
        assert str(unit) in texts_of(picture)


@pytest.mark.parametrize(("vector", "size"), [("h_prev", 128), ("c_prev", 128), ("x", 97)])
def test_the_changed_number_is_always_drawn_and_has_a_border(vector: str, size: int) -> None:
    scene = Scene(LSTM, sizes(3, 4, 97, 128), 2, "numbers", "page", poked=(vector, size - 30))
    plain, poked = units(replace(scene, poked=None)), units(scene)
    assert not cut(poked)
    (border,) = [shape for shape in poked.shapes if isinstance(shape, Border)]
    assert not [shape for shape in plain.shapes if isinstance(shape, Border)]
    inside = [s.text for s in poked.shapes if isinstance(s, Text) and _is_inside(s, border)]
    assert inside == [str(size - 30)]


def _is_inside(text: Text, frame: Border) -> bool:
    across, down = text.x - frame.x, text.y - frame.y
    return 0 < across < frame.width and 0 < down < frame.height


def test_hidden_numbers_leave_a_gap_before_the_last() -> None:
    assert [tuple(c) for c in shown(9, 6)] == [(0, 0), (1, 1), (2, 2), (3, 3), (8, 5)]
    assert [tuple(c) for c in shown(9, 6, 5)] == [(0, 0), (1, 1), (2, 2), (3, 3), (5, 5)]
    assert [tuple(c) for c in shown(9, 6, 2)] == [tuple(c) for c in shown(9, 6)]
    assert [tuple(c) for c in shown(2, 6, 1)] == [(0, 0), (1, 1)]


@every_cell
def test_without_a_unit_nothing_is_faint(cell: str) -> None:
    assert not any(s.faint for s in drawn(cell, TEACHING).shapes)


@every_cell
def test_exactly_the_path_of_a_unit_and_the_numbers_that_it_reads_stand_out(cell: str) -> None:
    picture, read = drawn(cell, TEACHING, unit=3), read_whole(PROGRAMS[cell])

    for wire in wires_of(picture):
        if wire.unit == 3 or wire.unit is None:
            assert not wire.faint, wire.tensor
        elif wire.tensor not in read:
            assert wire.faint, wire.tensor
    into_layers = [
        w for w in wires_of(picture) if w.head and any(distance(w.points[-1], area(b)) < 3 for b in layers_of(picture))
    ]
    assert not [w for w in into_layers if w.faint and w.tensor in (read | {"x"})]
    assert all(e.faint == (e.unit != 3) for e in ellipses_of(picture, "pointwise") if e.unit is not None)


@every_cell
def test_a_unit_reads_its_own_number_of_the_cell_state_and_all_of_the_hidden_state(cell: str) -> None:
    bright = {(w.tensor, w.unit) for w in wires_of(drawn(cell, TEACHING, unit=3)) if not w.faint}

    assert {unit for tensor, unit in bright if tensor == "h_prev"} == {0, 1, 2, 3, 4}
    if "c" in CELLS[cell].states:
        assert {unit for tensor, unit in bright if tensor == "c_prev"} == {3}


def test_numbers_of_x_and_of_a_projected_h_belong_to_no_unit() -> None:
    for name in ("lstm projected", "lstm above two directions"):
        picture = drawn(name, TEACHING, unit=1)
        assert {w.unit for w in wires_of(picture, "x")} == {None}
        if name == "lstm projected":
            assert {w.unit for t in ("h", "h_prev") for w in wires_of(picture, t)} == {None}


def test_each_number_has_its_index_where_it_enters_and_where_it_leaves() -> None:
    written = texts_of(drawn("lstm", TEACHING))

    assert [written.count(str(k)) for k in range(5)] == [4, 4, 3, 3, 3]  # c, h, h again; of x there are two


@every_cell_in_two_formats
def test_the_number_of_shapes_does_not_grow_with_sizes(cell: str, format: str) -> None:
    assert len(drawn(cell, LARGEST, format).shapes) <= len(drawn(cell, sizes(3, 4, 13, 11), format).shapes) + 8


@every_format
def test_a_click_on_a_number_selects_its_unit(format: str) -> None:
    picture = drawn("lstm", TEACHING, format)
    t = 2
    chosen = {s.unit for s, _, _ in hit_areas(picture) if s.t == t and not s.tensor}
    strands = {s.unit for s, _, _ in hit_areas(picture) if s.tensor == "c" and isinstance(s, Wire)}

    pills = {b.unit for b in boxes_of(picture, "h")}
    assert chosen - {None} == pills == strands
    assert len(pills) == min(5, 3 if format in ("narrow", "half") else 5)


@every_cell
def test_all_text_is_large_enough_to_read(cell: str) -> None:
    for of, picture in pictures(cell):
        words = [s for s in picture.shapes if isinstance(s, Text)]
        assert min(s.size for s in words if s.font != "serif") >= 10.5, of
        assert min(s.size for s in picture.shapes if isinstance(s, Label | Text)) >= 8.5, of


@every_format
def test_the_last_step_has_its_border_and_the_first_one_its_zeros(format: str) -> None:
    of = sizes(3, 9, 2, 5)
    assert "last output" in texts_of(drawn("lstm", of, format, t=8))
    assert "zeros come in" in texts_of(drawn("lstm", of, format, t=0))
    assert "from step 3" in texts_of(drawn("lstm", of, format, t=4))


def test_in_the_backward_direction_the_picture_is_mirrored_and_the_previous_step_is_the_later_one() -> None:
    scene = Scene(LSTM, sizes(3, 9, 2, 5), 4, "numbers", "page")
    forward, backward = units(scene), units(Scene(LSTM, sizes(3, 9, 2, 5), 4, "numbers", "page", is_reversed=True))

    def starts(picture: Picture) -> list[float]:
        return sorted(round(w.points[0][0], 3) for w in wires_of(picture, "f"))

    assert starts(backward) == sorted(round(forward.width - x, 3) for x in starts(forward))
    assert "from step 5" in texts_of(backward) and "to step 3" in texts_of(backward)
    assert not collisions(backward) and not cut(backward)


def test_tensors_that_are_not_computed_yet_are_faint() -> None:
    picture = units(Scene(LSTM, TEACHING, 2, "numbers", "page", until="f"))

    assert not any(w.faint for w in wires_of(picture, "f"))
    assert all(w.faint for t in ("kept", "c", "h") for w in wires_of(picture, t))


@every_cell_in_two_formats
def test_plotly_accepts_it(cell: str, format: str) -> None:
    Figure(figure(drawn(cell, TEACHING, format, 2 if cell in [*CELLS][::2] else None), LIGHT))
