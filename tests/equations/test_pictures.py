"""The cells of the gallery are laid out by the automatic layout, and every shape is explained."""

import re
from itertools import pairwise

import pytest

from app.core.stack import Stack
from app.diagram.block_matrix import blocks_of
from app.diagram.elements import Box, Label, Polygon, Text
from app.diagram.painters.page_svg import page_svg
from app.diagram.painters.pdf import pdf
from app.diagram.painters.plotly import figure
from app.diagram.painters.svg import svg
from app.diagram.painters.tikz import tikz
from app.diagram.scene import Scene
from app.diagram.text_spans import IndexSpan
from app.diagram.theme import LIGHT, OWN_AXES
from app.diagram.views import VIEWS
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY
from app.equations.notation import read
from app.teaching.around_picture.why_this_shape import line_text, why


@pytest.mark.parametrize("id", GALLERY)
def test_every_tensor_that_is_no_constant_is_drawn_and_explained(id: str) -> None:
    cell = cell_of(GALLERY[id])
    stack = Stack(cell, 3, 4, 10 if "features" in cell.own_sizes else 2, 10)
    program = stack.program()
    picture = VIEWS["unrolled"](Scene(program, stack.sizes, 2, "numbers", "page"))
    drawn = {tensor for shape in picture.shapes for tensor in (shape.tensor, *shape.also)}
    assert drawn >= {t.id for t in program.step if t.role != "constant" and program.used_by[t.id]}
    for t in program.tensors:
        derivation = why(program, t)
        assert derivation[-1].after == t.axes, t.id
        assert all(line_text(line, stack.sizes) for line in derivation)


def test_boxes_have_the_names_of_gates_and_weights_with_their_accents_and_a_lower_index() -> None:
    text = read(
        "f_t = σ(W_{xf} x_t + W_{hf} h_{t-1})\nf'_t = σ(W'_{xf} x_t + W_η h_{t-1})\nη_t = σ(W_{xi} x_t + U_η h_{t-1})\n"
        "h_t = f_t ⊙ h_{t-1} + β_A f'_t ⊙ η_t\nβ_A = 0.5"
    ).text
    stack = Stack(cell_of(text), 3, 4, 2, 10)
    picture = VIEWS["unrolled"](Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    texts = {(shape.text, shape.sub) for shape in picture.shapes if isinstance(shape, Text)}
    assert texts >= {("f", ""), ("f′", ""), ("η", ""), ("× β", "A")}
    labels = [shape.placed() for shape in picture.shapes if isinstance(shape, Label)]
    names = {(a.text, b.text.strip()): y - x for spans in labels for (_, x, a), (_, y, b) in pairwise(spans)
             if a.role == b.role == "muted" and isinstance(b, IndexSpan)}  # fmt: skip
    assert names.keys() == {("W", "xf"), ("W", "hf"), ("W′", "xf"), ("W", "η"), ("W", "xi"), ("U", "η")}
    assert all(lower > 0 for lower in names.values())
    heights = re.findall(r' y="([\d.]+)">U((?:</?tspan[^>]*>[^<]*){4})', page_svg(picture))
    assert heights
    for letter, others in heights:
        lowered, behind = re.findall(r' y="([\d.]+)"', others)
        assert letter == behind < lowered


@pytest.mark.parametrize("view", ["rolled", "batch", "gradients"])
def test_every_view_but_that_of_units_draws_axes_of_the_cell(view: str) -> None:
    for id in ("linear_attention", "slstm", "mamba_2"):
        stack = Stack(cell_of(GALLERY[id]), 3, 4, 2, 10)
        assert pdf(VIEWS[view](Scene(stack.program(), stack.sizes, 2, "names", "page")), LIGHT)


def test_axes_of_the_cell_have_their_colours_in_every_format() -> None:
    stack = Stack(cell_of(GALLERY["linear_attention"]), 3, 4, 2, 10)
    picture = VIEWS["unrolled"](Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    heads, keys, values = (LIGHT.ink[role] for role in OWN_AXES[:3])
    as_tikz = tikz(picture, LIGHT).lower().replace("{html}{", "#")
    for written in (svg(picture, LIGHT), as_tikz, str(figure(picture, LIGHT))):
        assert all(colour in written for colour in (heads, keys, values))
    assert pdf(picture, LIGHT).startswith(b"%PDF")
    shape = next(s for s in picture.shapes if isinstance(s, Label) and s.tensor == "M")
    assert [span.role for line in shape.lines for span in line][::2] == ["batch_size", *OWN_AXES[:3]]


def test_the_shape_of_a_sum_and_of_a_product_of_two_tensors_is_derived_in_words() -> None:
    stack = Stack(cell_of(GALLERY["linear_attention"]), 3, 4, 2, 10)
    program = stack.program()
    lines = [line_text(line, stack.sizes) for id in ("M_1", "y") for line in why(program, program.by_id[id])]
    assert lines == [
        "kₜ 3 × 2 × 4 → 3 × 2 × 4",
        "∗ vₜ 3 × 2 × 5, element by element: each is repeated along the axes that it lacks → 3 × 2 × 4 × 5",
        "qₜ ∗ Mₜ 3 × 2 × 4 × 5 → 3 × 2 × 4 × 5",
        "Σ, over K: this axis disappears → 3 × 2 × 5",
    ]


def test_a_cell_whose_state_is_a_matrix_is_drawn_unrolled_where_others_show_their_units() -> None:
    stack = Stack(cell_of(GALLERY["retnet"]), 3, 4, 2, 10)
    scene = Scene(stack.program(), stack.sizes, 2, "numbers", "page")
    assert VIEWS["units"](scene) == VIEWS["unrolled"](scene)


@pytest.mark.parametrize(
    "line",
    ["h = h_prev * sum(w, K)", "h = h_prev * sigmoid(w @ v)", "h = h_prev + w @ V", "h = sum(w, K) * b + h_prev"],
)
def test_a_tensor_that_follows_from_weights_alone_is_drawn(line: str) -> None:
    declared = {"w": "K", "v": "K", "V": "K, num_units", "b": "num_units"}
    used = [f"{name}: {axes}" for name, axes in declared.items() if name in re.split(r"\W+", line)]
    cell = cell_of("\n".join(("axis K = 2", "h: batch_size, num_units", *used, line)))
    stack = Stack(cell, 3, 4, 2, 5)
    picture = VIEWS["unrolled"](Scene(stack.program(), stack.sizes, 2, "numbers", "page"))
    drawn = {tensor for shape in picture.shapes for tensor in (shape.tensor, *shape.also)}
    assert drawn >= {t.id for t in stack.program().step} - {"x"}
    assert [block.tensor for name in used for block in blocks_of(stack.program(), name[0])] == [
        name[0] for name in used
    ]


def test_a_function_of_a_tensor_and_a_number_is_explained() -> None:
    text = "W: features, num_units\nh: batch_size, num_units\nh = where(x @ W > 0, h_prev, 0) + maximum(h_prev, x @ W)"
    program = Stack(cell_of(text), 3, 4, 2, 5).program()
    symbols = [why(program, t)[-1].symbol for t in program.step if t.op in ("where", "maximum")]
    assert symbols == ["where(…, hₜ₋₁, 0)", "max(…, xₜ W)"]


def test_a_weight_of_one_number_is_a_box_with_its_name_where_it_is_used() -> None:
    lines = ["h: batch_size, num_units", "W: features, num_units", "zeta: 1", "h = zeta * h_prev + x @ W"]
    stack = Stack(cell_of("\n".join(lines)), 3, 4, 2, 10)
    shapes = VIEWS["unrolled"](Scene(stack.program(), stack.sizes, 2, "numbers", "page")).shapes
    (box,) = [shape for shape in shapes if isinstance(shape, Box) and "zeta" in shape.also]
    words = [s.text for s in shapes if isinstance(s, Text) and box.x < s.x < box.x + box.width]
    assert box.role == "layer" and "× ζ" in words and not any(isinstance(shape, Polygon) for shape in shapes)


def shapes_of(*lines: str) -> list[Text]:
    stack = Stack(cell_of("\n".join(("h: batch_size, num_units", "W: features, num_units", *lines))), 3, 4, 2, 10)
    shapes = VIEWS["unrolled"](Scene(stack.program(), stack.sizes, 2, "numbers", "page")).shapes
    return [shape for shape in shapes if isinstance(shape, Text)]


def words_of(*lines: str) -> list[str]:
    return [f"{shape.text}{shape.sub}" for shape in shapes_of(*lines)]


def test_a_number_with_a_name_is_drawn_with_it() -> None:
    words = words_of("beta_A = 0.9", "dt = 0.9", "h = (1 - beta_A) * h_prev + dt * (beta_A * (x @ W))")
    assert {"× (1 − βA", "× βA", "× dt"} <= {*words} and not any("0.9" in word for word in words)
    assert "+ e" in words_of("h = h_prev + log(2.718281828459045 + exp(x @ W))")


def test_an_index_within_the_formula_of_a_number_is_lowered() -> None:
    shapes = shapes_of("a_1 = 0.9", "h = (1 - a_1) * h_prev + a_1 * (x @ W)")
    assert {("× (1 − a", "1"), ("× a", "1")} <= {(shape.text, shape.sub) for shape in shapes}


def test_the_kernels_of_all_layers_are_named() -> None:
    lines = ["g: batch_size, num_units", "U_1: num_units, num_units", "U_2: num_units, num_units", "output: g"]
    stack = Stack(cell_of("\n".join(("h: batch_size, num_units", "W: features, num_units", *lines,
                                     "h = tanh(x @ W + h_prev @ U_1)", "g = tanh(h @ U_2)"))), 3, 4, 2, 10)  # fmt: skip
    shapes = VIEWS["unrolled"](Scene(stack.program(), stack.sizes, 2, "numbers", "page")).shapes
    labels = ["".join(span.text for *_, span in one.placed()) for one in shapes if isinstance(one, Label)]
    assert any("U1" in label for label in labels) and any("U2" in label for label in labels)


def test_a_part_of_a_vector_is_drawn_with_its_places_and_its_name() -> None:
    lines = ["axis four = 4", "axis rest = num_units - four", "d_hat = h_prev[:four]", "r = h_prev[four:]"]
    words = words_of(*lines, "h = x @ W * sum(d_hat, four) + sum(r, rest)")
    assert {"[:4]", "[4:10]", "d̂", "r"} <= {*words}
