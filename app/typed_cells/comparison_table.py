"""A cell beside another one at the same sizes: what one has more, and what doubling a size does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from math import prod

from ..core.axes import FEATURES, NUM_UNITS, Axis, AxisError, axes
from ..core.cell import Cell
from ..core.cells import CELLS
from ..core.program import Program, Tensor, capture
from ..core.stack import Stack
from ..equations.cell_from_equations import cell_of
from ..equations.gallery import SHIPPED
from ..equations.names import INPUT, PREVIOUS
from ..translations.phrases import phrase, plural

PRODUCTS = ("matmul", "affine", "contraction", "dot")


@dataclass(frozen=True)
class Counts:
    """What there is in a stack: in its lowest cell, but for ``parameters``, ``state_numbers`` and ``flops``, which are
    those of all cells.

    A kernel of several gates counts as a matrix for each gate. A layer is a product with a weight, or a sum of such
    products. ``kernel_rows`` is the axis of the numbers that one output of the widest layer is computed from.
    ``state_numbers`` are those that a sequence keeps from a step to the next one.
    """

    parameters: int
    weight_matrices: int
    state_matrices: int
    kernel_rows: Axis | None
    layers: int
    pointwise: int
    states: int
    state_numbers: int
    flops: int


@dataclass(frozen=True)
class Row:
    """A number of both cells. ``larger`` is which of them has more, 0 or 1; None if they are equal."""

    label: str
    first: int | Axis
    second: int | Axis
    larger: int | None


@dataclass(frozen=True)
class Doubled:
    """What each cell has after a size was doubled: parameters, and numbers of state for a sequence. None where the cell
    cannot have that size. ``size`` is the doubled one."""

    axis: str
    size: int
    parameters: tuple[int | None, int | None]
    state_numbers: tuple[int | None, int | None]


@dataclass(frozen=True)
class Comparison:
    """Two cells beside each other."""

    rows: tuple[Row, ...]
    doubled: tuple[Doubled, ...]


def beside(first: Stack, second: Stack) -> Comparison:
    """Compare two stacks of the same sizes."""
    doubled = (_doubled(axis, first, second) for axis in (str(NUM_UNITS), str(FEATURES)))
    return Comparison(tuple(_rows(first, second)), tuple(doubled))


def stack_beside(stack: Stack) -> Stack:
    """The nearest cell that ships, at the sizes of a stack."""
    return replace(stack, cell=nearest(stack.cell))


# counts


@lru_cache(256)
def counts(stack: Stack) -> Counts:
    """What there is in a stack."""
    program, sizes = stack.program(), stack.sizes
    products = _products(program)
    layers = _layers(program, products)
    rows = (_rows_of(program, layer) for layer in layers.values())
    return Counts(
        parameters=stack.parameters(),
        weight_matrices=_weight_matrices(program, products),
        state_matrices=_weight_matrices(program, [t for t in products if _reads_state(program, t)]),
        kernel_rows=max(rows, key=lambda axis: axis.size(sizes), default=None),
        layers=sum(_blocks(program.by_id[id]) for id in layers),
        pointwise=sum(t.operation.kind == "pointwise" for t in program.step),
        states=len(program.cell.states),
        state_numbers=sum(
            prod(axis.size(sizes) for axis in axes(text)[1:])
            for layer, _ in stack.places
            for text in stack.program(layer).cell.states.values()
        ),
        flops=stack.flops(),
    )


def _products(program: Program) -> list[Tensor]:
    """The tensors that are products with a weight."""
    return [t for t in program.step if t.op in PRODUCTS and _weights_of(program, t)]


def _weights_of(program: Program, product: Tensor) -> list[str]:
    """The weights of a product, but its bias, also those that it reads transposed, or as another tensor that is
    computed from weights alone."""
    found: list[str] = []
    for id in product.inputs[:2]:
        sources = _sources(program, program.by_id[id])
        if all(source.role == "weight" for source in sources):
            found += [source.id for source in sources]
    return found


def _sources(program: Program, t: Tensor) -> list[Tensor]:
    """What a tensor is computed from: weights, the input, states of the step before."""
    found: dict[str, Tensor] = {}
    ahead, seen = [t.id], set[str]()
    while ahead:
        one = program.by_id[ahead.pop()]
        if one.op in ("given", "carry") or not one.inputs:
            found[one.id] = one
        ahead += [id for id in one.inputs if one.op != "carry" and id not in seen]
        seen.update(one.inputs)
    return [*found.values()]


def _weight_matrices(program: Program, products: Sequence[Tensor]) -> int:
    """The weight matrices of products, each once, however many products it has: one for each gate, none of vectors."""
    weights = {id for t in products for id in _weights_of(program, t)}
    return sum(_blocks(weight) for id in weights if len((weight := program.by_id[id]).axes) > 1)


def _blocks(t: Tensor) -> int:
    """The number of blocks of the last axis: 4 of ``4*num_units``."""
    return t.axes[-1].terms[0][0] if t.axes and len(t.axes[-1].terms) == 1 else 1


def _reads_state(program: Program, product: Tensor) -> bool:
    """Whether what a product multiplies depends on a state of the step before."""
    return bool(_states_before(program, product))


def _states_before(program: Program, product: Tensor) -> set[str]:
    """The states of the step before that what a product multiplies depends on."""
    seen: set[str] = set()
    ahead = [*product.inputs]
    while ahead:
        t = program.by_id[ahead.pop()]
        if t.per_step and t.id not in seen:
            seen.add(t.id)
            ahead += t.inputs if t.op != "carry" else ()
    return {state for state in program.cell.states if state != INPUT and f"{state}{PREVIOUS}" in seen}


def states_of_every_matrix(program: Program) -> list[str]:
    """The states that each product with a weight matrix depends on."""
    found = [_states_before(program, product) for product in _products(program)
             if any(len(program.by_id[id].axes) > 1 for id in _weights_of(program, product))]  # fmt: skip
    return [state for state in program.cell.states if all(state in states for states in found)]


def _layers(program: Program, products: Sequence[Tensor]) -> dict[str, list[Tensor]]:
    """The products of each layer, by the tensor that is their sum, or a block of one."""
    layers: dict[str, list[Tensor]] = {}
    for product in products:
        for part in program.pieces(product) or (product,):
            layers.setdefault(_sum_of(program, part), []).append(product)
    return layers


def _sum_of(program: Program, t: Tensor) -> str:
    """The last sum that a tensor is only a term of, also after it was normalised and multiplied by a weight."""
    users = [program.by_id[id] for id in program.used_by[t.id]]
    is_one = len(users) == 1 and (users[0].op in ("add", "layer_norm") or _scales(program, users[0]))
    return _sum_of(program, users[0]) if is_one else t.id


def _scales(program: Program, t: Tensor) -> bool:
    return t.op == "mul" and bool(program.weights_of(t))


def _rows_of(program: Program, layer: Sequence[Tensor]) -> Axis:
    """The rows of all matrices of a layer, one below the other: those of h above those of x."""
    joined = [program.by_id[t.inputs[0]].axes[-1] for t in layer]
    return reduce(lambda one, other: one + other, sorted(joined, key=lambda axis: axis == FEATURES)).collected


# the comparison


def _rows(first: Stack, second: Stack) -> Iterator[Row]:
    a, b = counts(first), counts(second)
    for label, one, other in (
        (phrase("parameters"), a.parameters, b.parameters),
        (phrase("weight matrices"), a.weight_matrices, b.weight_matrices),
        (_of_them(first, second), a.state_matrices, b.state_matrices),
    ):
        yield _row(label, one, other)
    if a.kernel_rows and b.kernel_rows:
        sizes = a.kernel_rows.size(first.sizes), b.kernel_rows.size(second.sizes)
        yield replace(_row(phrase("rows of a kernel"), *sizes), first=a.kernel_rows, second=b.kernel_rows)
    for label, one, other in (
        (phrase("layers with weights"), a.layers, b.layers),
        (phrase("pointwise operations"), a.pointwise, b.pointwise),
        (phrase("states"), a.states, b.states),
        (phrase("numbers of state for a sequence"), a.state_numbers, b.state_numbers),
        (plural("FLOPs, {n:,} step", "FLOPs, {n:,} steps", first.time_step), a.flops, b.flops),
    ):
        yield _row(label, one, other)


def _row(label: str, first: int, second: int) -> Row:
    return Row(label, first, second, None if first == second else int(second > first))


def _of_them(first: Stack, second: Stack) -> str:
    """The label of the matrices that read the state: its name, if both cells have the same one."""
    names = [[s for s in stack.cell.states if s != INPUT] for stack in (first, second)]
    if names[0][0] == names[1][0]:
        return phrase("of them for {state}", state=names[0][0])
    return phrase("of them for the state")


def _doubled(axis: str, first: Stack, second: Stack) -> Doubled:
    stacks = _with_twice(axis, first), _with_twice(axis, second)
    a, b = (counts(stack) if stack else None for stack in stacks)
    return Doubled(
        axis,
        2 * first.sizes[axis],
        (a.parameters if a else None, b.parameters if b else None),
        (a.state_numbers if a else None, b.state_numbers if b else None),
    )


def _with_twice(axis: str, stack: Stack) -> Stack | None:
    """The stack with a size doubled, and with those that are tied to it; None if the cell cannot have it."""
    is_tied = str(FEATURES) in stack.cell.own_sizes
    doubled = replace(
        stack,
        features=stack.features * (2 if is_tied or axis == str(FEATURES) else 1),
        num_units=stack.num_units * (2 if is_tied or axis == str(NUM_UNITS) else 1),
    )
    try:
        return doubled if doubled.sizes else None
    except AxisError:
        return None


# the nearest cell


FAMILIES = ("lstm", "gru", "rnn")


@lru_cache(256)
def nearest(cell: Cell) -> Cell:
    """The cell that ships to compare another one with: one that its title names, else that with as many states and
    gates. A cell that is one of those itself is compared with another one."""
    program = capture(cell)
    shipped = {id: cell_of(text).text for id, text in SHIPPED.items()}
    if cell.text == shipped["gru"]:
        return CELLS["lstm"]
    if cell.text in (shipped["lstm"], shipped["rnn"]):
        return CELLS["gru"]
    for family in FAMILIES:
        if family in cell.title.lower() and not (family == "rnn" and _gates(program)):
            return CELLS[family]
    has_matrix = any(len(axes(text)) > 2 for text in cell.states.values())
    if has_matrix or len([s for s in cell.states if s != INPUT]) > 1:
        return CELLS["lstm"]
    return CELLS["gru" if _gates(program) else "rnn"]


def _gates(program: Program) -> int:
    """The number of factors between 0 and 1."""
    return sum(t.op == "sigmoid" for t in program.step)
