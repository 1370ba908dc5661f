"""The pictures of typed cells: those of the gallery, and the shipped ones in the same language."""

import random
from collections.abc import Callable
from functools import cache

import pytest
from geometry import (
    Rect,
    area,
    collisions,
    cut,
    named,
    operations_of,
    strokes,
    touching_heads,
    wires_of,
    without_input,
    written,
)
from reader_cells import READER_CELLS

from app.core.program import Program
from app.core.stack import Stack
from app.diagram.charts.sign_legend import sign_legend
from app.diagram.elements import Box, Ellipse, Label, Outline, Picture, Polygon, Text
from app.diagram.layouts.typed_cells.arrangement import Arrangement
from app.diagram.layouts.typed_cells.columns import Column
from app.diagram.layouts.typed_cells.layout import typed
from app.diagram.layouts.typed_cells.operations import operations_of as drawn_operations
from app.diagram.layouts.typed_cells.placement import plan_of
from app.diagram.matrix_axes import layer_axes
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.painters.tikz import tikz
from app.diagram.scene import Scene
from app.diagram.theme import LIGHT
from app.diagram.views.batch.batch import batch
from app.diagram.views.rolled import rolled
from app.diagram.views.unrolled.unrolled import unrolled
from app.diagram.wires import Ribbon, Wire
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY, SHIPPED
from app.equations.notation import read
from app.teaching.around_picture.why_this_shape import why

TEXTS = GALLERY | {f"{id} as text": text for id, text in SHIPPED.items()}

SMALL, LARGE = (3, 4, 7, 10), (128, 200, 300, 512)
"""batch_size, time_step, features and num_units."""

every_cell = pytest.mark.parametrize("id", TEXTS)


@cache
def stack_of(id: str, of: tuple[int, int, int, int] = SMALL) -> Stack:
    batch_size, time_step, features, num_units = of
    cell = cell_of((TEXTS | READER_CELLS)[id])
    return Stack(cell, batch_size, time_step, num_units if "features" in cell.own_sizes else features, num_units)


@cache
def picture(id: str, of: tuple[int, int, int, int] = SMALL, labels: str = "numbers", format: str = "page") -> Picture:
    stack = stack_of(id, of)
    return unrolled(Scene(stack.program(), stack.sizes, 2, labels, format))


@every_cell
@pytest.mark.parametrize(
    ("of", "labels", "format"),
    [
        (SMALL, "numbers", "page"),
        (LARGE, "numbers", "page"),
        (SMALL, "names", "page"),
        (SMALL, "numbers", "hall"),
        (SMALL, "numbers", "narrow"),
        (SMALL, "numbers", "editor"),
    ],
    ids=["small", "large", "names", "hall", "narrow", "editor"],
)
def test_nothing_overlaps_and_no_wire_runs_through_a_box(
    id: str, of: tuple[int, int, int, int], labels: str, format: str
) -> None:
    drawn = picture(id, of, labels, format)
    assert not collisions(drawn)
    assert not cut(drawn)
    bodies = [
        (s, area(s).grown(-1.5))
        for s in drawn.shapes
        if isinstance(s, Box | Ellipse | Polygon) and s.role not in ("cell", "slab")
    ]
    through = [
        (w.tensor, named(s)) for w in wires_of(drawn) for r in strokes(w) for s, body in bodies if r.overlaps(body)
    ]
    through = [(tensor, of) for tensor, of in through if not of.startswith("polygon")]  # a wire may end on its slope
    assert not through
    assert not [(a, b) for n, (a, one) in enumerate(bodies) for b, other in bodies[n + 1 :] if one.overlaps(other)]


@pytest.mark.golden
def test_the_structure_of_the_pictures_is_as_recorded(golden: Callable[[str, str], None]) -> None:
    """Rows, columns and crossings, so that a change of the layout is seen as a few words."""
    golden("typed_cells.txt", "".join(f"{line}\n" for id in TEXTS for line in structure(id)))


def structure(id: str) -> list[str]:
    arranged = Arrangement(stack_of(id).program())
    rows = [
        f"    {s}: {' '.join(o.result for o in arranged.rows.spines.get(s, []))}".rstrip() for s in arranged.rows.order
    ]
    columns = [f"    | {', '.join(map(words_of_column, at))}" for at in arranged.places]
    return [f"{id}: {arranged.levels} levels, {len(crossings(picture(id)))} crossings", *rows, *columns]


def words_of_column(column: Column) -> str:
    tensor, user = column.rising
    moving = f"{column.source} down" * bool(column.source) + f"{tensor} up to {user}" * bool(tensor)
    return " ".join([moving] * bool(moving) + [p.result for p in column.placed])


def crossings(drawn: Picture) -> list[tuple[str, float, float]]:
    """The gaps of wires that pass under others: where one ends without a head and goes on from a branch."""
    starts = {(w.tensor, *w.points[0]) for w in wires_of(drawn) if w.branches}
    found = []
    for w in wires_of(drawn):
        (before, end), (x, y) = w.points[-2], w.points[-1]
        if not w.head and x == before:
            sign = 1 if y > end else -1
            gaps = [sign * (b - y) for tensor, a, b in starts if tensor == w.tensor and abs(a - x) < 0.1]
            found += [
                (w.tensor, x, y + sign * gap / 2) for gap in gaps if 8 < gap == min(g for g in gaps if g > 8) < 90
            ]
    return found


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ("(1 - mu_r)", [("1 − μ", "r")]),
        ("(-mu_r)", [("− μ", "r")]),
        ("(mu_r - x @ W)", [("μ", "r"), ("−", "")]),
        ("(0.5 * mu_r)", [("0.5 × μ", "r")]),
        ("(mu_r / 2)", [("μ", "r"), ("÷ 2", "")]),
        ("exp(mu_r)", [("exp μ", "r")]),
    ],
)
def test_a_weight_with_a_subscript_reads_as_in_its_formula(factor: str, words: list[tuple[str, str]]) -> None:
    head = "W: features, num_units\nmu_r: num_units\nh: batch_size, num_units"
    stack = Stack(cell_of(f"{head}\nh = h_prev * {factor} + x @ W"), 3, 4, 7, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    (box,) = [s for s in drawn.shapes if isinstance(s, Box) and s.role == "layer" and "mu_r" in s.also]
    texts = [s for s in drawn.shapes if isinstance(s, Text) and s.node == box.node]
    assert [(s.text, s.sub) for s in texts] == words
    assert not collisions(drawn)


LONG_NAMES = """\
output: h
h: batch_size, num_units
momentum: batch_size, num_units
last: batch_size, num_units
average_of_all: batch_size, num_units
W: features, num_units
momentum = 0.9 * momentum_prev + x @ W
last = 0.5 * last_prev + momentum
average_of_all = 0.5 * average_of_all_prev + last
h = h_prev + average_of_all"""


@pytest.mark.parametrize("format", ["page", "hall"])
@pytest.mark.parametrize("is_reversed", [False, True])
@pytest.mark.parametrize("t", [0, 2, 3])
def test_a_name_of_several_letters_fits_or_is_shortened(t: int, is_reversed: bool, format: str) -> None:
    stack = Stack(cell_of(LONG_NAMES), 3, 4, 7, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, t, "numbers", format, is_reversed=is_reversed))
    names = [s for s in drawn.shapes if isinstance(s, Text) and s.italic and s.text[:2] in ("mo", "la", "av")]
    assert len(names) >= 9
    assert {name.text for name in names if name.text[0] in "ml"} == {"momentum", "last"}  # there is room for these
    assert all(name.size >= 11 for name in names)
    across = [(written(name).left, written(name).right) for name in names]
    assert min(left for left, _ in across) >= 0 and max(right for _, right in across) <= drawn.width
    slabs = [area(s) for s in drawn.shapes if isinstance(s, Box) and s.role == "slab"]
    assert not [name.text for name in names for slab in slabs if written(name).overlaps(slab)]
    assert not collisions(drawn)


def test_nothing_crosses_in_mingru_and_its_state_runs_straight_through() -> None:
    drawn = picture("mingru")
    assert not crossings(drawn)
    heights = {y for w in wires_of(drawn) if w.tensor in ("h_prev", "h_2") for _, y in w.points}
    assert len(heights) == 1


@pytest.mark.parametrize("id", ["mgu", "gru as text"])
def test_nothing_crosses_where_x_and_the_state_rise_beside_the_operation_that_reads_them(id: str) -> None:
    risers = Arrangement(stack_of(id).program()).risers
    assert {tensor for tensor, _ in risers} == {"x", "h_prev"}
    assert not crossings(picture(id))


ONE_STATE_IN_ANOTHER = """\
output: y
y: batch_size, num_units
z: batch_size, num_units
W: num_units, num_units
U: num_units, num_units
V: features, num_units
b: num_units
y = y_prev + 0.1 * z
z = z_prev + 0.1 * (tanh(y_prev @ W + z_prev @ U + x @ V + b) - 2 * y_prev - 3 * z_prev)"""


def random_text(seed: int) -> str:
    """A cell of three states, declared in any order, each computed from previous states and new values of those before
    it."""
    random_ = random.Random(seed)
    declared = ["W: features, num_units", *(f"{state}: batch_size, num_units" for state in random_.sample("abc", 3))]
    lines, known = ["output: c"], ["a_prev", "b_prev", "c_prev", "x @ W"]
    for state in "abc":
        one, two, three = (random_.choice(known) for _ in range(3))
        first, second = random_.choice("+-*"), random_.choice("+-*")
        function, number = random_.choice(("tanh", "sigmoid", "")), random_.choice(("0.5 * ", "1 - ", ""))
        used = f"{state}_prev" if random_.random() < 0.7 else one
        lines.append(f"{state} = {number}({used} {first} {function}({two})) {second} ({three})")
        known.append(state)
    read = "\n".join(lines)
    missing = [id for id in known[:4] if id not in read]
    lines[-1] += "".join(f" + {id}" for id in missing)
    return "\n".join([*declared, *lines])


@pytest.mark.parametrize("text", [*TEXTS.values(), ONE_STATE_IN_ANOTHER, *map(random_text, range(12))])
def test_the_wire_of_each_new_state_starts_at_an_operation_or_at_an_incoming_wire(text: str) -> None:
    cell = cell_of(text)
    stack = Stack(cell, 3, 4, 10 if "features" in cell.own_sizes else 7, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    cells = [s for s in drawn.shapes if isinstance(s, Box) and s.role == "cell"]
    right = cells[-1].x + cells[-1].width
    bodies = [area(s).grown(4) for s in drawn.shapes if isinstance(s, Box | Ellipse | Polygon) and s.tensor]
    for state in cell.states:
        wires = [w for w in wires_of(drawn) if w.tensor == state and w.points[0][0] < right]
        reached = [w for w in wires if abs(w.points[-1][0] - right) < 1]
        assert reached, state
        assert all(begins(w, wires_of(drawn), bodies) for w in reached), state


def begins(wire: Wire, wires: list[Wire], bodies: list[Rect]) -> bool:
    """Whether a wire begins at a body, or on a wire that begins at one; it may pass under others on its way."""
    x, y = wire.points[0]
    start = Rect(x, y, x, y).grown(2)
    if any(start.overlaps(body) for body in bodies):
        return True
    before = [
        w
        for w in wires
        if w is not wire
        and w.tensor == wire.tensor
        and (any(start.overlaps(stroke) for stroke in strokes(w)) or passes_under(w, wire))
    ]
    return any(begins(w, [one for one in wires if one is not wire], bodies) for w in before)


def passes_under(before: Wire, after: Wire) -> bool:
    (x, y), (to, end) = before.points[-1], after.points[0]
    return not before.head and abs(x - to) < 0.1 and abs(end - y) < 90


def test_layers_with_weights_stand_on_one_line() -> None:
    for id in ("mingru", "minlstm", "linear_attention", "mlstm", "lstm as text"):
        bottoms = {s.y + s.height / 2 for s in picture(id).shapes if isinstance(s, Box) and s.role == "layer"}
        assert len(bottoms) == 1, id


def test_a_sum_of_products_with_a_bias_and_its_function_are_one_layer() -> None:
    drawn = drawn_operations(stack_of("janet").program())
    layers = {o.result: {o.shown, *o.also} for o in drawn if o.sign == "layer"}
    assert layers["g"] >= {"U_c", "W_c", "b_c"} and layers.keys() == {"s", "g"}


def test_a_matrix_is_a_ribbon_with_an_edge_for_each_of_its_axes() -> None:
    drawn = picture("linear_attention")
    ribbons = {w.tensor: w for w in wires_of(drawn) if isinstance(w, Ribbon)}
    assert ribbons.keys() == {"M_prev", "M_1", "M"}
    assert all((w.axis, w.second) == ("axis_2", "axis_3") for w in ribbons.values())  # K and V; heads are axis_1
    assert not [w for w in wires_of(picture("slstm")) if isinstance(w, Ribbon)]  # a vector for each head


def test_the_first_axis_of_a_ribbon_is_at_its_left() -> None:
    right = Ribbon("features", 12.0, ((0, 50), (100, 50)), head=False, second="num_units", edges=(3.0, 3.0))
    first, second = right.edge_paths()
    assert first == "M0.0,45.5L100.0,45.5" and second == "M0.0,54.5L100.0,54.5"


def test_an_axis_that_only_repeats_the_cell_is_drawn_as_layers_behind_it() -> None:
    def outlines(id: str) -> int:
        return sum(isinstance(s, Outline) for s in picture(id).shapes)

    assert [outlines(id) for id in ("linear_attention", "slstm", "mamba_2", "mamba", "mingru")] == [1, 1, 1, 0, 0]
    words = [s for s in picture("slstm").shapes if isinstance(s, Label) and not s.tensor]
    assert "2\u00a0heads" in {"".join(span.text for span in line) for s in words for line in s.lines}


def test_an_axis_that_is_only_the_length_of_a_vector_is_no_layer_of_the_cell() -> None:
    text = "s_t = tanh(V x_t + s_{t-1})\nc_t = c_{t-1} + tanh(U s_{t-1})\nh_t = tanh(c_t)"
    cell = cell_of(read(text).text)
    assert cell.text.startswith("axis C = ")
    assert not layer_axes(Stack(cell, 1, 3, 2, 5).program())


def test_a_product_and_its_sum_are_one_trapezoid_with_two_inputs() -> None:
    drawn = picture("linear_attention")
    (sign,) = [s for s in drawn.shapes if isinstance(s, Polygon)]
    assert sign.tensor == "y"
    arrives = {w.tensor for w in wires_of(drawn) if w.head and Rect(*area(sign)).grown(3).overlaps(end_of(w))}
    assert arrives == {"M", "q"}


@pytest.mark.parametrize(("other", "arrives"), [("k", {"k"}), ("q", {"k", "q"})])
def test_a_dot_product_is_a_trapezoid_also_that_of_a_vector_with_itself(other: str, arrives: set[str]) -> None:
    head = "axis K = 6\nh: batch_size, num_units\nV: features, num_units\nW: features, K\nU: features, K"
    lines = "k = tanh(x @ W)\nq = tanh(x @ U)"
    text = f"{head}\n{lines}\nh = h_prev / (1 + dot(k, {other})) + x @ V + max(q, K)"
    stack = Stack(cell_of(text), 3, 4, 7, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    (sign,) = [s for s in drawn.shapes if isinstance(s, Polygon) and stack.program().by_id[s.tensor].op == "dot"]
    assert {s.text for s in drawn.shapes if isinstance(s, Text) and s.node == sign.node} >= {"Σ", "K"}
    assert {w.tensor for w in wires_of(drawn) if w.head and area(sign).grown(3).overlaps(end_of(w))} == arrives
    legend = [str(entry.words) for entry in sign_legend(stack.program(), stack.sizes)]
    of_order = "a ÷ b: a comes straight, b from the side"
    assert legend == ["multiplied, then summed over K", "one number of all along K", of_order]  # dot, and max
    assert not collisions(drawn)


def end_of(wire: Wire) -> Rect:
    x, y = wire.points[-1]
    return Rect(x, y, x, y).grown(1)


def test_a_cell_of_very_many_operations_is_folded_by_line_and_one_line_can_be_opened() -> None:
    program = stack_of("rwkv_7").program()
    folded = drawn_operations(program)
    assert {o.result for o in folded} == {"shift", "r", "w", "k", "v", "a", "kappa", "k_new", "S", "y"}
    opened = drawn_operations(program, "kappa")
    assert len(opened) > len(folded) and {o.sign for o in opened if o.result == "kappa"} != {"line"}
    assert typed(program, "kappa").columns.keys() > typed(program).columns.keys()


def test_the_legend_has_each_sign_that_occurs_once() -> None:
    def words(id: str) -> list[str]:
        stack = stack_of(id)
        return [str(entry.words) for entry in sign_legend(stack.program(), stack.sizes)]

    assert words("mingru") == []
    assert words("gated_deltanet") == [
        "a matrix: an edge for V, one for K",
        "outer product: each number of V times each of K",
        "one number of all along K",
        "multiplied, then summed over K",
        "a ÷ b, a − b: a comes straight, b from the side",
        "a layer of the cell for each of the heads",
    ]


@pytest.mark.parametrize("id", ["linear_attention", "mlstm", "gated_deltanet"])
def test_every_painter_draws_ribbons_and_signs(id: str) -> None:
    drawn = picture(id)
    for document in (svg(drawn, LIGHT), str(figure(drawn, LIGHT)), tikz(drawn, LIGHT).replace("{HTML}{", "#").lower()):
        assert LIGHT.ink["band"] in document


def test_no_operation_is_drawn_twice_and_none_is_missing() -> None:
    for id in TEXTS:
        shown = [s.tensor for s in operations_of(picture(id))]
        assert len(shown) == len({*shown}), id


@pytest.mark.parametrize("format", ["editor", "narrow"])
def test_every_operation_gets_all_that_it_reads_and_no_arrow_head_touches_another(format: str) -> None:
    of = (3, 4, 6, 10)  # GRU-D divides features by 3
    for id in (*TEXTS, *READER_CELLS):
        assert not without_input(stack_of(id, of).program(), picture(id, of, format=format)), id
        assert not touching_heads(picture(id, of, format=format)), id


@pytest.mark.parametrize("id", READER_CELLS)
def test_no_words_touch_wires_or_signs_in_cells_of_papers(id: str) -> None:
    of = (3, 4, 6, 10)
    assert not collisions(picture(id, of, format="editor")) and not cut(picture(id, of, format="editor"))


def test_what_others_are_subtracted_from_or_divided_or_raised_arrives_straight() -> None:
    seen = set()
    for id in (*TEXTS, *READER_CELLS):
        program, drawn = stack_of(id, (3, 4, 6, 10)).program(), picture(id, (3, 4, 6, 10))
        for s in drawn.shapes:
            t = program.by_id.get(s.tensor)
            if not (isinstance(s, Ellipse) and s.node and t and t.op in ("sub", "div", "power", "mod", "greater")):
                continue
            arrives = {w.tensor: w.points[-2:] for w in wires_of(drawn) if w.head and w.target == s.node}
            if len(arrives) == 2:
                first = t.inputs[0] if t.inputs[0] in arrives else program.by_id[t.inputs[0]].inputs[0]  # of a copy
                (ax, ay), (bx, by) = arrives[first]
                along_row = s.node.tensor in drawn_on_rows(id) and ay == by and ax < bx
                assert (ax == bx and ay > by) or along_row, (id, t.id)
                seen.add(t.op)
    assert seen >= {"sub", "div", "power"}


def drawn_on_rows(id: str) -> set[str]:
    return {*Arrangement(stack_of(id, (3, 4, 6, 10)).program()).rows.row_of}


def test_a_choice_has_a_place_for_each_input_in_their_order() -> None:
    head = "h: batch_size, num_units\nW: features, num_units\nU: num_units, num_units"
    text = f"{head}\na = x @ W\nh = where(h_prev @ U, a, h_prev) + where(a > h_prev, 0.5, a)"
    stack = Stack(cell_of(text), 3, 4, 7, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    by_id = stack.program().by_id
    choices = [s for s in drawn.shapes if isinstance(s, Box) and s.tensor and by_id[s.tensor].op == "where"]
    assert len(choices) == 2
    for choice in choices:
        words = [(s.x, s.text) for s in drawn.shapes if isinstance(s, Text) and s.node == choice.node]
        assert "".join(text[0] for _, text in sorted(words)) == "?10"
        arriving = [(w.points[-1][0], w.tensor) for w in wires_of(drawn) if w.head and w.target == choice.node]
        inputs = [id for _, id in sorted(arriving)]
        assert inputs == [*by_id[choice.tensor].inputs]
        assert all(any(abs(x - at) < 1 for at, _ in words) for x, _ in arriving)
    assert not collisions(drawn)


def test_a_tensor_that_a_choice_reads_twice_arrives_at_a_place_for_both() -> None:
    head = "h: batch_size, num_units\nW: features, num_units\nU: num_units, num_units"
    stack = Stack(cell_of(f"{head}\na = x @ W\nh = where(h_prev @ U, a, a)"), 3, 4, 7, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    (choice,) = [
        s for s in drawn.shapes if isinstance(s, Box) and s.tensor and stack.program().by_id[s.tensor].op == "where"
    ]
    places = {s.text: s.x for s in drawn.shapes if isinstance(s, Text) and s.node == choice.node}
    arriving = {w.tensor: w.points[-1][0] for w in wires_of(drawn) if w.head and w.target == choice.node}
    assert places.keys() == {"?", "1, 0"} and arriving == {"h_1": places["?"], "a": places["1, 0"]}


@pytest.mark.parametrize(("others", "names"), [(" + h_prev @ U", {"W_p", "W", "U"}), ("", set())])
def test_the_only_weight_of_a_box_has_its_name_where_other_boxes_have_theirs(others: str, names: set[str]) -> None:
    head = "h: batch_size, num_units\nW_p: features, num_units\nW: features, num_units"
    head += "\nU: num_units, num_units" if others else ""
    stack = Stack(cell_of(f"{head}\nz = sigmoid(x @ W_p)\nh = z * h_prev + tanh(x @ W{others})"), 3, 4, 6, 10)
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    labels = (s for s in drawn.shapes if isinstance(s, Label))
    lines = {"".join(span.text for span in line).replace("\u00a0", " ") for s in labels for line in s.lines}
    named = {name for name in ("W_p", "W", "U") if any(line.startswith(f"{name.replace('_', '')} ") for line in lines)}
    assert named == names


def test_a_transposed_weight_has_its_name() -> None:
    texts = {(s.text, s.sub) for s in picture("antisymmetric_rnn", (3, 4, 6, 10)).shapes if isinstance(s, Text)}
    assert {("W", "h"), ("ᵀ", "")} <= texts


def test_a_cell_is_folded_if_its_shapes_could_not_be_read_on_the_main_page() -> None:
    least = 5.5  # pixels, in a picture of 584 by 493
    for id in (*TEXTS, *READER_CELLS):
        stack = stack_of(id, (3, 4, 6, 10))
        drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "editor", arrays=False))
        scale = min(584 / drawn.width, 493 / drawn.height)
        labels = [s.size for s in drawn.shapes if isinstance(s, Label) and s.tensor]
        assert scale * sorted(labels)[len(labels) // 2] > least, id
    assert plan_of(stack_of("gru_d", (3, 4, 6, 10)).program()).arranged.is_folded
    assert not plan_of(stack_of("mlstm").program()).arranged.is_folded


def test_a_folded_line_has_the_shapes_of_its_kernels_or_of_its_vectors() -> None:
    stack = stack_of("gru_d", (3, 4, 6, 10))
    drawn = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    boxes = {s.tensor: s for s in drawn.shapes if isinstance(s, Box) and s.tensor}
    for line, weights in {"h_tilde": ["U", "V", "W"], "gamma_h": ["W_gamma_h"]}.items():
        inside = [s for s in drawn.shapes if isinstance(s, Label) and s.node == boxes[line].node]
        lines = sorted("".join(span.text for span in row) for label in inside for row in label.lines)
        assert len(lines) == len(weights), line


def test_what_only_gives_another_name_is_not_drawn() -> None:
    copies = "h: batch_size, num_units\nW: features, num_units\na = h_prev\nb = tanh(x @ W) + a\nh = b"
    renamed = (
        "axis K = num_units\nS: batch_size, num_units, K\nW: features, num_units\nv = x @ W\n"
        "S = S_prev + outer(v, v @ identity(num_units, K))\noutput: v"
    )
    for text, results in {copies: {"h"}, renamed: {"v", "S"}}.items():
        drawn = drawn_operations(Stack(cell_of(text), 2, 3, 4, 5).program())
        assert not any(o.shown in ("a", "h") for o in drawn) and {o.result for o in drawn} >= results
    kept = drawn_operations(Stack(cell_of(f"{copies}\ny = a * h\noutput: y"), 2, 3, 4, 5).program())
    assert "a" not in {o.result for o in kept}


def test_the_parts_of_a_split_have_their_names() -> None:
    text = "h: batch_size, num_units\nW: features, 2 * num_units\nf, z = split(sigmoid(x @ W), 2)\nh = f * h_prev + z"
    stack = Stack(cell_of(text), 3, 4, 2, 5)
    shapes = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page")).shapes
    names = [s for s in shapes if isinstance(s, Text) and s.text in ("f", "z")]
    boxes = [s for s in shapes if isinstance(s, Box) and s.role == "view"]
    assert sorted(s.text for s in names) == ["f", "z"]
    assert all(any(0 < box.x - name.x < 12 for box in boxes) for name in names)


def test_a_part_of_a_split_that_nothing_reads_is_not_drawn_beside_one_that_something_reads() -> None:
    text = "h: batch_size, num_units\nW: features, 2 * num_units\nmu, sigma = split(x @ W, 2)\nh = h_prev + {}"
    drawn = {read: {o.result for o in drawn_operations(_program(text.format(read)))} for read in ("mu", "sigma")}
    assert [{"mu", "sigma"} & results for results in drawn.values()] == [{"mu"}, {"sigma"}]
    assert {"mu", "sigma"} <= {o.result for o in drawn_operations(_program(text.format("sum(x, features)")))}


def _program(text: str) -> Program:
    return Stack(cell_of(text), 3, 4, 2, 5).program()


def test_a_state_has_its_own_value_before_the_first_step_in_each_view() -> None:
    states = "h: batch_size, num_units = 1\nc: batch_size, num_units\naxis features = num_units\n"
    text = states + "h = 0.5 * h_prev + c\nc = c_prev + h_prev * x"
    stack = Stack(cell_of(text), *SMALL[:2], SMALL[3], SMALL[3])
    scene = Scene(stack.program(), stack.sizes, 2, "numbers", "page")

    def texts(of: Picture) -> set[str]:
        return {shape.text for shape in of.shapes if isinstance(shape, Text)}

    assert {"= 1", "= 0"} <= texts(unrolled(scene))
    assert {"1 at the start", "zeros at the start"} <= texts(rolled(scene))
    assert {"h = 1", "c = 0"} <= texts(batch(scene))
    (step,) = why(scene.program, scene.program.by_id["h_prev"])
    assert "or 1:" in step.words


def test_the_parts_of_a_split_into_numbers_are_no_sums_over_a_nameless_axis() -> None:
    text = "h: batch_size, num_units\nA: features, 2\na = x @ A\np, q = split(a, 1, 1)\nh = p * h_prev + q"
    stack = Stack(cell_of(text), *SMALL)
    of = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    words = {shape.text for shape in of.shapes if isinstance(shape, Text)}
    assert "[0]" in words and not {"Σ", "one"} & words
    assert "the only number along an axis of size 1" in [
        sign.words for sign in sign_legend(stack.program(), stack.sizes)
    ]
