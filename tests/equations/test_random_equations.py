"""Random equations: each cell gives the numbers of plain NumPy, with the compiled scan or without it, and every other
text has a message of the language."""

import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pytest
from geometry import without_input
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS

from app.core.axes import Sizes
from app.core.evaluator import evaluate_steps
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.run import run
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.diagram.elements import Box, Ellipse
from app.diagram.format_names import FORMATS
from app.diagram.scene import Scene
from app.diagram.views.unrolled.unrolled import unrolled
from app.equations.canonical import canonical, expression_text
from app.equations.cell_from_equations import cell_of
from app.equations.equations_parser import parse
from app.equations.function_syntax import FUNCTIONS
from app.equations.gallery import GALLERY, SHIPPED
from app.equations.limits import MAX_TENSORS
from app.equations.names import Names
from app.equations.places_and_errors import EquationsError
from app.equations.syntax import Assignment, Call, Expression, Minus, Name, Number, Operation

AXES = {"num_units": ("num_units",), "K": ("K",), "num_units, K": ("num_units", "K")}
"""The axes of tensors, after batch_size, by text."""

FUNCTIONS_OF_ONE = ("sigmoid", "tanh", "relu", "silu", "softplus", "elu", "sin", "cos")


@dataclass
class Lines:
    """Random lines, and the axes of each name after batch_size."""

    draw: st.DrawFn
    text: list[str] = field(default_factory=list)
    axes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    weights: int = 0

    def weight(self, axes: str) -> str:
        self.weights += 1
        self.text.append(f"w{self.weights}: {axes}")
        return f"w{self.weights}"

    def any(self) -> tuple[str, tuple[str, ...]]:
        name = self.draw(st.sampled_from([*self.axes]))
        return name, self.axes[name]

    def expression(self, depth: int) -> tuple[str, tuple[str, ...]]:
        kind = self.draw(st.integers(0, 6)) if depth else 0
        if kind == 0:
            return self.any()
        inner, axes = self.expression(depth - 1)
        match kind:
            case 1:
                return f"{self.draw(st.sampled_from(FUNCTIONS_OF_ONE))}({inner})", axes
            case 2:
                other, others = self.expression(depth - 1)
                both = (*axes, *(axis for axis in others if axis not in axes))
                sign = self.draw(st.sampled_from("+-"))
                return f"({inner} {sign} 0.5 * {other})", tuple(sorted(both, key=["features", "num_units", "K"].index))
            case 3:
                return self.draw(st.sampled_from([f"(1 - {inner})", f"(2 * {inner})", f"-{inner}"])), axes
            case 4 if len(axes) == 1:
                return f"({inner} @ {self.weight(f'{axes[0]}, num_units')})", ("num_units",)
            case 5 if len(axes) > 1:
                axis = self.draw(st.sampled_from(axes))
                return f"{self.draw(st.sampled_from(('mean', 'min')))}({inner}, {axis})", tuple(
                    one for one in axes if one != axis
                )
            case 6 if axes:
                return f"({inner} * {self.weight(axes[-1])})", axes
        return inner, axes


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Equations with two states, of which one may be a matrix."""
    lines = Lines(draw)
    second = draw(st.sampled_from([*AXES]))
    lines.axes = {"x": ("features",), "h_prev": ("num_units",), "s_prev": AXES[second]}
    for n in range(draw(st.integers(0, 3))):
        text, axes = lines.expression(draw(st.integers(1, 3)))
        lines.text.append(f"a{n} = {text}")
        lines.axes[f"a{n}"] = axes
    for state, own in (("h", ("num_units",)), ("s", AXES[second])):
        text, axes = lines.expression(2)
        for axis in [axis for axis in axes if axis not in own]:
            text = f"sum({text}, {axis})"
        lines.text.append(f"{state} = tanh({text} + {state}_prev)")
    order = draw(st.permutations([*lines.text, "h: batch_size, num_units", f"s: batch_size, {second}", "axis K = 3"]))
    return "\n".join(order)


SIZES = st.tuples(*(st.sampled_from(of) for of in ([1, 2, 5], [1, 3], [1, 2, 7], [1, 3, 11])))


@settings(max_examples=400 if ALL_COMBINATIONS else 40)
@given(texts(), SIZES)
def test_a_typed_cell_equals_the_plain_loop(text: str, sizes: tuple[int, int, int, int]) -> None:
    stack = Stack(cell_of(text), *sizes)
    program = stack.program()
    weights, X = stack_weights(stack, 0, "float64")[0, "forward"], make_input(stack.sizes, 0, "float64")
    found = run(program, stack.sizes, weights, X)
    plain = evaluate_steps(program, stack.sizes, weights, X, {})
    expected = by_hand(text, weights, X, stack.sizes)
    for t in range(sizes[1]):
        for id in ("h", "s"):
            np.testing.assert_allclose(found.array(id, t), plain.array(id, t), rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(found.array(id, t), expected[t][id], rtol=1e-9, atol=1e-9)


NEIGHBOURS = """\
h: batch_size, num_units
w: num_units
h = tanh((1 - h_prev) * w + h_prev)"""
"""An operation with a weight beside a small sign, on the row of a state."""


@settings(max_examples=400 if ALL_COMBINATIONS else 15, deadline=None)
@given(texts(), st.sampled_from(FORMATS))
@example(NEIGHBOURS, "narrow column")
@example(NEIGHBOURS, "half")
def test_the_picture_of_a_typed_cell_has_all_wires_and_no_operation_upon_another_one(text: str, format: str) -> None:
    stack = Stack(cell_of(text), 3, 4, 2, 5)
    picture = unrolled(Scene(stack.program(), stack.sizes, 2, "numbers", format))
    assert not without_input(stack.program(), picture)
    places = []
    for s in picture.shapes:
        if isinstance(s, Box) and s.role == "layer":
            places.append((s.x, s.y, s.x + s.width, s.y + s.height))
        elif isinstance(s, Ellipse) and s.role == "pointwise":
            places.append((s.x - s.rx, s.y - s.ry, s.x + s.rx, s.y + s.ry))
    for (left, top, right, bottom), other in combinations(places, 2):
        assert right < other[0] or other[2] < left or bottom < other[1] or other[3] < top


def repeated(array: Array, own: str, out: str) -> Array:
    """An array with its axes in the order of others, and new ones of length 1 for those that it lacks."""
    ordered = np.einsum(f"{own}->{''.join(c for c in out if c in own)}", array)
    return np.asarray(ordered[tuple(slice(None) if c in own else None for c in out)])


def by_hand(text: str, weights: Mapping[str, Array], X: Array, sizes: Sizes) -> list[dict[str, Array]]:
    """The states of every step, by NumPy and einsum from the syntax tree, with axes as letters."""
    equations = parse(text)
    names = Names(equations)
    letters = {"batch_size": "b", "features": "f", "num_units": "u", "K": "k"}
    of = {id: "".join(letters[str(axis)] for axis in axes) for id, axes in names.arguments.items()}
    makers = {s.names[0]: s.value for s in equations.statements if isinstance(s, Assignment)}
    states = {f"{s}_prev": np.zeros([sizes["batch_size"], *(sizes[str(a)] for a in names.arguments[f"{s}_prev"][1:])])
              for s in ("h", "s")}  # fmt: skip
    functions: dict[str, Callable[[Array], Array]] = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "sin": np.sin,
        "cos": np.cos,
        "relu": lambda z: np.maximum(z, 0),
        "silu": lambda z: z / (1 + np.exp(-z)),
        "softplus": lambda z: np.log1p(np.exp(-abs(z))) + np.maximum(z, 0),
        "elu": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
    }

    def value(e: Expression, known: dict[str, Array]) -> tuple[Array, str]:
        match e:
            case Number(number):
                return np.array(number), ""
            case Name(id):
                return (known[id], of[id]) if id in known else value(makers[id], known)
            case Minus(inner):
                array, axes = value(inner, known)
                return -array, axes
            case Call(function, (inner, *over)):
                array, axes = value(inner, known)
                if not over:
                    return functions[function](array), axes
                (axis,) = (letters[expression_text(one)] for one in over)
                reduced = getattr(array, function)(axis=axes.index(axis))
                return reduced, axes.replace(axis, "")
            case Operation("@", left, right):
                (a, p), (b, q) = value(left, known), value(right, known)
                q = q[0] + q[1].upper() if q[1] in p else q
                out = p[:-1] + q[1]
                return np.einsum(f"{p},{q}->{out}", a, b), out.lower()
            case Operation(sign, left, right):
                (a, p), (b, q) = value(left, known), value(right, known)
                out = "".join(c for c in "bfuk" if c in p + q)
                a, b = repeated(a, p, out), repeated(b, q, out)
                return {"+": np.add, "-": np.subtract, "*": np.multiply}[sign](a, b), out
        raise AssertionError(e)

    steps = []
    for x in X.swapaxes(0, 1):
        known = {"x": x, **states, **weights}
        new = {}
        for state in ("h", "s"):
            array, axes = value(makers[state], known)
            new[state] = np.einsum(f"{axes}->{of[f'{state}_prev']}", array)
        states = {f"{state}_prev": new[state] for state in new}
        steps.append(new)
    return steps


PIECES = [
    *"abhxzK()+-*/@=:,.<>!#\n \t§é_0129",
    *("axis ", "output: ", "h_prev", "x_prev", "batch_size", "num_units", "features", "heads"),
    *("h: batch_size, num_units\n", "axis K = num_units / 2\n", " = ", "**", "t", "W_z", "\n\n"),
    *("__import__('os')", "lambda: 0", "1e308", "\0", "\u202e", "[0]", "[0:K]", "[num_units:"),
    *(f"{name}(" for name in (*FUNCTIONS, "split")),
]


def mutated(random_: random.Random) -> str:
    """A text of the gallery with some pieces removed, repeated, exchanged or added, or pieces alone."""
    texts = [*GALLERY.values(), *SHIPPED.values()]
    text = random_.choice(texts) if random_.random() < 0.85 else ""
    for _ in range(random_.choice((1, 1, 2, 3, 8, 40))):
        at, end = sorted(random_.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + random_.choice((0, 1, 3, 30)))
        match random_.randrange(4):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] * 2 + text[end:]
            case 2:
                text = text[:at] + random_.choice(PIECES) + text[end:]
            case 3:
                lines = text.split("\n")
                random_.shuffle(lines)
                text = "\n".join(lines)
    return text


@pytest.mark.parametrize("seed", range(10 if ALL_COMBINATIONS else 1))
def test_random_texts_are_cells_or_have_a_message(seed: int) -> None:
    random_ = random.Random(seed)
    outcomes = {True: 0, False: 0}
    for _ in range(1000 if ALL_COMBINATIONS else 200):
        text = mutated(random_)
        try:
            cell = cell_of(text)
        except EquationsError as error:
            assert error.place.line <= text.count("\n") + 1 and str(error).startswith("line "), text
            assert all(fix and set(fix) <= {*string.printable} for fix in error.fixes), text
            outcomes[False] += 1
            continue
        outcomes[True] += 1
        assert canonical(parse(cell.text)) == cell.text
        assert len(Stack(cell, 2, 1, 4, 4).program().tensors) <= MAX_TENSORS + 20
    assert min(outcomes.values()) > 15, outcomes
