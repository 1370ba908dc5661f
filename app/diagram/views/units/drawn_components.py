"""Which components of a vector are drawn, and which vectors every unit reads as a whole."""

from typing import NamedTuple

from ....core.program import Program, Tensor
from ....size_expressions import fixed


class Component(NamedTuple):
    """A component of a vector, and its place among those that are drawn."""

    number: int
    slot: int


def shown(count: int, slots: int, chosen: int | None = None) -> list[Component]:
    """The components of a vector that are drawn: all if they fit; else the first ones, a gap, and the chosen or the
    last one."""
    if count <= slots:
        return [Component(n, n) for n in range(fixed(count))]
    first = slots - 2
    end = count - 1 if chosen is None or chosen < first else chosen
    return [*(Component(n, n) for n in range(first)), Component(end, slots - 1)]


def read_whole(program: Program) -> frozenset[str]:
    """The tensors that every unit reads as a whole: those that the kernel of a gate multiplies, and the parts of
    these."""
    gates = [t for t in program.step if t.operation.kind == "product" and set(t.axes[-1].names) == {"num_units"}]
    multiplied = {t.inputs[0] for t in gates}
    return frozenset(multiplied | {part for id in multiplied for part in parts_of(program.by_id[id])})


def parts_of(tensor: Tensor) -> tuple[str, ...]:
    """The parts of a concatenation; of another tensor, itself."""
    return tensor.inputs if tensor.op == "concat" else (tensor.id,)
