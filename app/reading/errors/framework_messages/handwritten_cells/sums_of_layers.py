"""The sum of what two dense layers make of x and of h, in a cell that a program computes itself: ``self.i2h(x) +
self.h2h(h)``.

Both layers make all gates of all units, in PyTorch, Keras and Flax.
"""

import ast
from collections.abc import Iterator
from dataclasses import replace
from math import gcd
from typing import NamedTuple

from ....code.values import Axes
from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import RANK, STEPS
from ...causes import cause
from ...code_lines.array_names import role_of
from ...code_lines.axes_of_x import axes_of_x, given_to_parameter
from ...code_lines.corrected_lines import Corrections
from ...code_lines.made_layers import MOST_NAMES
from ...code_lines.program_nodes import base_of, name_of
from ...code_lines.program_tree import ProgramTree
from ...mismatch import Mismatch, Shape, from_code, only_size, wrong_size
from ..message_template import Found
from .products_in_failed_line import MOST_GATES

WIDTHS = {"Linear": (1, "out_features"), "LazyLinear": (0, "out_features"), "Dense": (0, "units")}
"""Dense layers -> the place and the name of the argument that is the size of what they return."""

INPUTS = {"Linear": (0, "in_features")}
"""The same for the size of what they get."""

SPLITS = ("split", "chunk", "unstack")
"""Functions that cut the sum into gates."""

TENSORS = {"x": "kernel", "h": "recurrent_kernel"}


class LayerOfGates(NamedTuple):
    """A dense layer in a sum: its name, the tensor of its weights, what it gets, and the call that makes it, if any."""

    text: str
    tensor: str
    given: ast.expr
    made: ast.Call | None

    def size(self, tree: ProgramTree, places: dict[str, tuple[int, str]]) -> ast.expr | None:
        """The argument that is a size of the layer."""
        place = places.get(name_of(self.made)) if self.made else None
        if not self.made or not place:
            return None
        named = tree.argument(self.made, place[0], place[1])
        return named or (tree.argument(self.made, place[0], "features") if name_of(self.made) == "Dense" else None)


def _layer(tree: ProgramTree, term: ast.expr) -> LayerOfGates | None:
    """The layer that a term of a sum is the call of, with x or h as its only argument; None for another term."""
    match term:
        case ast.Call(func=ast.Attribute() | ast.Call() | ast.Name() | ast.Subscript() as layer, args=[given]):
            tensor = TENSORS.get(role_of(base_of(given)))
            made = [one for one in tree.calls_that_made(layer) if name_of(one) in WIDTHS]
            may_be_layer = bool(made) or ast.unparse(layer).startswith("self.")
            if tensor and may_be_layer and not term.keywords:
                return LayerOfGates(ast.unparse(layer), tensor, given, made[0] if len(made) == 1 else None)
    return None


def _sums(found: Found) -> Iterator[ast.BinOp]:
    """The sums in what failed: as the program has them, and else those of the line of the traceback alone."""
    statement = found.line.statement
    of_program = [one for one in found.program.tree.nodes_of_failure if isinstance(one, ast.BinOp)]
    of_line = [one for one in ast.walk(statement) if isinstance(one, ast.BinOp)] if statement else []
    yield from (one for one in of_program or of_line if isinstance(one.op, ast.Add))


def _layers(found: Found) -> tuple[LayerOfGates, LayerOfGates] | None:
    """The layers of x and of h in the sum that failed, in its order; None for another sum."""
    for one in _sums(found):
        first, second = _layer(found.program.tree, one.left), _layer(found.program.tree, one.right)
        if first and second and first.tensor != second.tensor:
            return first, second
    return None


def _parts(found: Found) -> int | None:
    """Into how many gates the program cuts the sum, or an array in the same function; None if nothing says it."""
    tree = found.program.tree
    functions = {tree.function_of(one) for one in tree.nodes_of_failure}
    calls = [one for one in tree.calls_of(*SPLITS) if tree.function_of(one) in functions]
    numbers = {tree.number(argument) for one in calls for argument in one.args}
    of_targets = {len(target.elts) for one in calls for target in _targets(tree, one)}
    whole = {GATES["lstm"], GATES["gru"]}
    said = [one for one in whole if one in numbers] or [one for one in whole if one in of_targets]
    return said[0] if len(said) == 1 else None


def _targets(tree: ProgramTree, call: ast.Call) -> Iterator[ast.Tuple]:
    above = next(tree.above(call), None)
    targets = above.targets if isinstance(above, ast.Assign) else []
    yield from (one for one in targets if isinstance(one, ast.Tuple))


def of_layers(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """Layers of x and of h that make other numbers of gates of the same units; None for other arrays. ``axis``: in
    which both differ, that of samples or that of units."""
    units = gcd(a, b)
    both = _layers(found) if axis == 1 and units and a != b else None
    if not both:
        return None
    tree, parts = found.program.tree, _parts(found)
    sizes = [one.size(tree, WIDTHS) for one in both]
    known = [tree.number(one) if one is not None else None for one in sizes]
    if any(number not in (None, size) for number, size in zip(known, (a, b), strict=True)):
        return None
    gates = {a // units, b // units}
    is_whole = gates <= {*range(1, MOST_GATES + 1)} and bool(gates & {GATES["lstm"], GATES["gru"]})
    if known != [a, b] and (not is_whole or units <= MOST_GATES):
        return None
    right = [size for size in (a, b) if parts and size == parts * units]
    expected = right[0] if len(right) == 1 else max(a, b)
    got = min(a, b) if expected == max(a, b) else max(a, b)
    wrong = both[(a, b).index(got)]
    likely = cause("gate_layer", found.framework, name=wrong.text, size=expected)
    facts = [*_facts(found, both), *_of_gates(found, units, expected)]
    return from_code(wrong_size(wrong.tensor, "gates*num_units", expected, got, [likely], facts))


def _of_gates(found: Found, units: int, expected: int) -> Iterator[Fact]:
    """The units of both layers, if they make whole gates."""
    if expected // units in (GATES["lstm"], GATES["gru"]):
        yield fact("gates", expected // units, "weights")
        yield fact("num_units", units, "weights")


def _facts(found: Found, both: tuple[LayerOfGates, LayerOfGates]) -> Iterator[Fact]:
    """The features that the layer of x gets, as the program makes it, and the sizes of the x whose steps it gets."""
    tree = found.program.tree
    of_x = next(one for one in both if one.tensor == "kernel")
    size = of_x.size(tree, INPUTS)
    known = {"features": tree.number(size) if size is not None else None, **_sizes_of_steps(tree, of_x.given)}
    if found.framework == "keras" and isinstance(of_x.given, ast.Name):
        known = {**known, **_sizes_in_keras(found, found.surroundings.shape_of_argument(of_x.given.id))}
    yield from (fact(name, size, "layer") for name, size in known.items() if size)


def _sizes_of_steps(tree: ProgramTree, step: ast.expr) -> dict[str, int]:
    """The samples and the steps of the array of which a loop takes a step, with an index in one of its first two axes:
    ``x[:, t]``. Empty for another array."""
    value: ast.expr | None = step
    for _ in range(MOST_NAMES):
        match value:
            case ast.Name():
                value = given_to_parameter(tree, value) or tree.assigned(value)
            case ast.Subscript(value=x, slice=ast.Tuple(elts=[ast.Slice(None, None, None), ast.Name(), *_])):
                return _named(STEPS, axes_of_x(tree, x))
            case ast.Subscript(value=x, slice=ast.Name()):
                return _named(STEPS[::-1], axes_of_x(tree, x))
            case _:
                break
    return {}


def _named(names: tuple[str, str], axes: Axes) -> dict[str, int]:
    known = zip((*names, "features"), axes if len(axes) == RANK else (), strict=False)
    return {name: size for name, size in known if isinstance(size, int)}


def _sizes_in_keras(found: Found, step: Shape) -> dict[str, int | None]:
    """The sizes of the step that Keras lists as an argument, and the number of steps of the only array with the same
    samples and features that the traceback gives to a layer."""
    if len(step) != RANK - 1:
        return {}
    tree = found.program.tree
    shapes = {tree.axes(one) for call in tree.calls_in_frames for one in call.args[:1]}
    steps = {axes[1] for axes in shapes if len(axes) == RANK and (axes[0], axes[2]) == step}
    known = steps.pop() if len(steps) == 1 else None
    return {"batch_size": step[0], "features": step[1], "time_step": known if isinstance(known, int) else None}


def of_shapes(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """The same for a message that says both shapes, of samples and units."""
    if len(left) != 2 or len(right) != 2 or left[0] != right[0] or None in (left[1], right[1]):
        return None
    mismatch = of_layers(found, 1, left[1] or 0, right[1] or 0)
    of_batch = [fact("batch_size", left[0], "x")] if left[0] else []
    return replace(mismatch, facts=(*mismatch.facts, *of_batch)) if mismatch else None


def is_of_cell(found: Found) -> bool:
    """Whether a message is about such a sum."""
    return of_message(found) is not None


def of_message(found: Found) -> Mismatch | None:
    """The same for either kind of message."""
    if found.text("a"):
        return of_layers(found, found.number("i"), found.number("a"), found.number("b"))
    return of_shapes(found, found.shape("left"), found.shape("right"))


def width_of_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the layer with other gates than the one beside it, with as many values."""
    tree, expected, got = found.program.tree, only_size(mismatch.expected), only_size(mismatch.got)
    wrong = [one for one in _layers(found) or () if one.tensor == mismatch.tensor]
    size = wrong[0].size(tree, WIDTHS) if wrong else None
    if size is None or not expected or not got:
        return ()
    units = gcd(expected, got)
    match size:
        case ast.BinOp(ast.Constant(int(gates)) as factor, ast.Mult(), _) if gates * units == got:
            return tree.corrected((factor, str(expected // units)))
        case ast.BinOp(_, ast.Mult(), ast.Constant(int(gates)) as factor) if gates * units == got:
            return tree.corrected((factor, str(expected // units)))
        case ast.Name() | ast.Attribute() if got == units:
            return tree.corrected((size, f"{expected // units} * {tree.text(size)}"))
    return tree.corrected((size, str(expected)))
