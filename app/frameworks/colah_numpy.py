"""Our own names, after Colah's figure (id ``colah``), and the program in plain NumPy.

Rows of h are above those of x, and gates are in the order of the picture.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, lru_cache

from ..core.axes import NUM_PROJ, Axes, shape, written
from ..core.ops import placeholders
from ..core.program import Program, Tensor
from ..core.stack import Place, Stack
from ..core.symbols import ProgramError
from ..translations.phrases import phrase
from .arrays import IOArray, all_steps, axes_of, initial_state, input_array, last_state, sequence
from .framework_types import Framework, Limitation, NewBias
from .program_text import (
    LOAD,
    Code,
    asserted,
    assign,
    commented,
    indented,
    opening,
    printed,
    program,
    table,
)
from .stack_in_framework import Model
from .weight_layout import LayoutError, Parameter, WeightLayout, whole_array, widths


class ColahModel(Model):
    """The names and the layout of the equations of the cell."""

    def limitations(self) -> Iterator[Limitation]:
        """None: every stack has our names."""
        yield from ()

    @cached_property
    def layout(self) -> WeightLayout:
        """The weights of the cell by their names in the equations, in the blocks that the equations use.

        LayoutError where these blocks are not those of gates.
        """
        return _layout(self.stack.program())

    def full_name(self, name: str, place: Place) -> str:
        return f"{path}/{name}" if (path := path_of(place, self.stack)) else name

    def new_bias(self, gate: str) -> NewBias:
        """All weights are uniform between -1/√num_units and 1/√num_units."""
        return NewBias(stored=None)

    @cached_property
    def input(self) -> IOArray:
        return input_array("X")

    @cached_property
    def initial_states(self) -> tuple[IOArray, ...]:
        stack = self.stack
        return tuple(
            initial_state(phrase("initial {state}", state=state), state, stack.places, stack) for state in stack.states
        )

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        stack = self.stack
        top = stack.num_layers - 1
        Y = sequence("Y", stack.output, lambda trace: trace.layer_output(top), covered=all_steps(top, stack))
        Y = replace(Y, axes=stack.output_axes)
        return (Y, *(_last(stack, state, place) for place in stack.places for state in stack.states))

    stored_arrays = "weights"

    def load(self, arrays: str) -> list[Code]:
        return [assign("weights", arrays)]

    def code(self) -> str:
        """Plain NumPy: the program of the cell, operation by operation, and the loops around it."""
        stack = self.stack
        sizes = self.sizes
        input = self.input
        return program(
            opening("NumPy", stack),
            "import sys",
            "",
            "import numpy as np",
            "",
            table("shapes", axes_of(self.weights), sizes),
            "weights = {name: np.random.random(shape) for name, shape in shapes.items()}",
            commented(f"X = np.random.random({shape(input.axes, sizes)})", input.axes),
            LOAD,
            indented("weights = dict(np.load(sys.argv[1]))", 'X = weights.pop("X", X)'),
            "assert {name: array.shape for name, array in weights.items()} == shapes",
            "",
            "",
            *_functions(stack),
            _step(stack),
            "",
            "",
            _over_time(stack),
            "",
            "",
            whole_run(stack),
            asserted(axes_of(self.outputs), sizes),
            printed(self.printed_output),
        )


COLAH = Framework(
    id="colah",
    title="NumPy (Colah)",
    model_type=ColahModel,
)


@lru_cache
def _layout(program: Program) -> WeightLayout:
    """Arrays of whole weights for a typed cell, otherwise of gates. LayoutError if two blocks are the same part of the
    same gate, an array has other axes than its weight, or a product is split more than once."""
    if program.cell.text:
        return WeightLayout(tuple(map(whole_array, program.weights)))
    layout = WeightLayout(tuple(_parameter(program, weight) for weight in program.weights))
    cell, wide = program.cell.id, widths(program)
    for (part, gate), n in Counter(layout.blocks).items():
        if n > 1:
            raise LayoutError(f"{cell} has {n} blocks for {part} of gate {gate}; a layout has one")
    for parameter, weight in zip(layout.parameters, program.weights, strict=True):
        if (axes := parameter.axes(wide)) != weight.axes:
            raise LayoutError(f"{cell}: {weight.id} is {written(weight.axes)}; its blocks would be {written(axes)}")
    return layout


def _parameter(program: Program, weight: Tensor) -> Parameter:
    """A weight in blocks. A kernel has a row for each tensor that it multiplies, side by side in the equations, and a
    column for each piece that the product is split into, which ends with the letter of its gate: ``a_f``, ``a_i``."""
    product = program.by_id[program.used_by[weight.id][0]]
    pieces = program.pieces(product)
    if not pieces and any(program.by_id[id].part for id in program.used_by[product.id]):
        raise LayoutError(f"{program.cell.id}: {product.id} must be split once, with a name for each block of a gate")
    gates = tuple(piece.id.rpartition("_")[2] for piece in pieces or (product,))
    source = program.by_id[product.inputs[0]]
    parts = tuple("x" if id == "x" else "h" for id in (source.inputs if source.op == "concat" else (source.id,)))
    if len(weight.axes) > 1:
        is_projection = weight.axes[-1] == NUM_PROJ
        return Parameter(weight.id, ("w",), ("",)) if is_projection else Parameter(weight.id, parts, gates)
    if product.op == "mul":
        return Parameter(weight.id, ("p",), gates, flat=True)
    is_of_h = product.op == "affine" and "x" not in parts
    return Parameter(weight.id, ("b_h" if is_of_h else "b",), gates, flat=True)


def _functions(stack: Stack) -> Iterator[list[str]]:
    """The definitions of functions that NumPy lacks, each as lines."""
    for source in dict.fromkeys(t.operation.defines for t in stack.program().step):
        if source:
            yield [*source.splitlines(), "", ""]


def path_of(place: Place, stack: Stack) -> str:
    """The place of a cell as a path, without parts that all cells share: ``layer_0/forward``, ``layer_0``, ``forward``
    or nothing."""
    layer, direction = place
    layers = [f"layer_{layer}"] if stack.num_layers > 1 else []
    return "/".join((*layers, direction) if stack.bidirectional else layers)


def _last(stack: Stack, state: str, place: Place) -> IOArray:
    path = path_of(place, stack)
    return last_state(f'{state}_T["{path}"]' if path else f"{state}_T", state, place, stack)


def _step(stack: Stack) -> list[str]:
    """The function of one step: its equations, then an assertion for every shape."""
    carried = [f"{state}_prev" for state in stack.states]
    return [
        f"def step({', '.join(['x', *carried, *stack.program().cell.weights])}):",
        *indented(_equations(stack), _shapes(stack), f"return {', '.join(stack.states)}"),
    ]


def _equations(stack: Stack) -> Iterator[str]:
    """A line for each operation of the cell, with its axes in a comment. ProgramError if an operation has no source."""
    program = stack.program()
    for t in program.step:
        if t.operation.kind == "step":
            continue
        if not (source := t.operation.source):
            raise ProgramError(f"nothing says how {t.op}, which makes {t.id}, is written in NumPy")
        part, parts = t.block
        right = source.format(parts=parts, **placeholders(t.inputs))
        pieces = program.pieces(program.by_id[t.inputs[0]]) if t.part else ()
        if len(pieces) < 2:
            yield f"{t.id} = {right}{f'[{part}]' if t.part else ''}  # {_axes(t.axes, stack)}"
        elif part == 0:  # one line for all pieces
            yield f"{', '.join(piece.id for piece in pieces)} = {right}  # each {_axes(t.axes, stack)}"


def _axes(axes: Axes, stack: Stack) -> str:
    """Axes as text; with several layers the width of x, which differs between layers, is written ``x``."""
    return written(axes).replace("features", "x") if stack.num_layers > 1 else written(axes)


def _shapes(stack: Stack) -> Iterator[str]:
    """Assertions for the shapes of a step, one for all tensors with the same axes; x is wider in an upper layer."""
    alike: dict[tuple[Axes, bool], list[str]] = {}
    for t in stack.program().step:
        if t.operation.kind == "step":
            continue
        if stack.num_layers > 1 and "features" in t.axes[-1].names:
            parts = ["x.shape[1]" if name == "features" else str(stack.sizes[name]) for name in t.axes[-1].names]
            yield f"assert {t.id}.shape == ({stack.batch_size}, {' + '.join(parts)})"
        else:
            alike.setdefault((t.axes, t.part is not None), []).append(t.id)
    for (axes, _), ids in alike.items():
        size = shape(axes, stack.sizes)
        if len(ids) == 1:
            yield f"assert {ids[0]}.shape == {size}"
        else:
            yield f"for tensor in ({', '.join(ids)}):"
            yield f"    assert tensor.shape == {size}"


def _over_time(stack: Stack) -> list[str]:
    """The function of the loop over time, for the only cell or for the cell with a path."""
    states = ", ".join(stack.states)
    only = len(stack.places) == 1
    return [
        f"def over_time(X, {'weights' if only else 'cell'}):",
        *indented(
            [] if only else 'own = [weights[name] for name in shapes if name.startswith(f"{cell}/")]',
            [f"{state} = np.zeros({shape(axes, stack.sizes)}, X.dtype)" for state, axes in stack.states.items()],
            "Y = []",
            "for x in X.swapaxes(0, 1):",
            indented(
                f"{states} = step(x, {states}, {'**weights' if only else '*own'})", f"Y.append({stack.cell.output})"
            ),
            f"return np.stack(Y, axis=1), {states}",
        ),
    ]


REVERSED, JOINED = "{0}[:, ::-1]", "np.concatenate([{0}, {1}], axis=-1)"
"""How NumPy reverses the steps of an array, and joins two along their last axis."""


def whole_run(
    stack: Stack, only: str = "over_time(X, weights)", reverse: str = REVERSED, join: str = JOINED
) -> list[str]:
    """The runs of all cells over time, from the lowest layer up, or of the ``only`` one. Another library has other
    forms of ``reverse`` and ``join``."""
    last_states = [f"{state}_T" for state in stack.states]
    if len(stack.places) == 1:
        return [f"Y, {', '.join(last_states)} = {only}"]
    empty = f"{', '.join(last_states)} = {', '.join('{}' for _ in last_states)}"
    if stack.num_layers == 1:
        return [empty, *_both("X", '"forward"', '"backward"', last_states, reverse, join)]
    if stack.bidirectional:
        paths = 'forward, backward = f"layer_{layer}/forward", f"layer_{layer}/backward"'
        body = [paths, *_both("Y", "forward", "backward", last_states, reverse, join)]
    else:
        body = ['cell = f"layer_{layer}"', _one("Y", "Y", "cell", last_states)]
    return [empty, "Y = X", f"for layer in range({stack.num_layers}):", *indented(body)]


def _one(Y: str, X: str, cell: str, last_states: list[str]) -> str:
    """The run of one cell over time: its output at every step, and its last states."""
    return f"{', '.join([Y, *(f'{state}[{cell}]' for state in last_states)])} = over_time({X}, {cell})"


def _both(X: str, forward: str, backward: str, last_states: list[str], reverse: str, join: str) -> list[str]:
    """A layer in both directions: the backward one reads the steps reversed, and its output is reversed again."""
    return [
        _one("Y_forward", X, forward, last_states),
        _one("Y_backward", reverse.format(X), backward, last_states),
        f"Y = {join.format('Y_forward', reverse.format('Y_backward'))}",
    ]
