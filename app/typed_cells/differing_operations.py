"""What one cell has and another one lacks: operations in their pictures that have no partner."""

from collections.abc import Sequence
from functools import lru_cache

from ..core.program import Program
from ..diagram.layouts.typed_cells.operations import DrawnOperation, line_of, operations_of
from ..diagram.layouts.typed_cells.placement import plan_of

UNFOLDED = 10_000
"""More operations than a cell can have."""


@lru_cache(64)
def only_in(program: Program, other: Program) -> frozenset[str]:
    """The tensors of the operations that the narrow picture of a cell has and that of another one has not. Operations
    of one kind are partners, first those that are most alike. A folded line is one if most of it has no partners."""
    own, others = _operations(program), _operations(other)
    alike = [(_likeness(a, b), -n, -m) for n, a in enumerate(own) for m, b in enumerate(others) if a.kind == b.kind]
    rest, free = {*range(len(own))}, {*range(len(others))}
    for _, n, m in sorted(alike, reverse=True):
        if -n in rest and -m in free:
            rest.remove(-n)
            free.remove(-m)
    alone = {own[n].result for n in rest}
    drawn = plan_of(program, narrow=True).arranged.drawn
    return frozenset(o.shown for o in drawn if 2 * len(alone & (parts := {o.result, *o.members})) > len(parts))


class _Operation:
    """An operation by what can be compared: its kind, its line, its function, and the kinds before and after it."""

    def __init__(self, program: Program, o: DrawnOperation, drawn: Sequence[DrawnOperation]) -> None:
        kinds = {one.result: _kind(program, one) for one in drawn}
        users = [one for one in drawn if o.result in one.inputs]
        reached = {user.result for user in users}
        self.result = o.result
        self.kind = _kind(program, o)
        self.line = line_of(program, o.result)
        self.function = program.by_id[o.result].op
        self.before = {kinds.get(i, i) for i in o.inputs}
        self.after = {_kind(program, user) for user in users}
        self.later = {_kind(program, one) for one in drawn if reached & {*one.inputs}}
        self.is_state = o.result in program.cell.states


def _operations(program: Program) -> list[_Operation]:
    drawn = operations_of(program, most=UNFOLDED)
    return [_Operation(program, o, drawn) for o in drawn]


def _kind(program: Program, o: DrawnOperation) -> str:
    """Layers are of one kind, whatever their function."""
    return o.sign if o.sign == "layer" else f"{o.sign} {program.by_id[o.shown].op}"


def _likeness(a: _Operation, b: _Operation) -> float:
    same = 3 * (a.line == b.line) + 2 * (a.is_state == b.is_state) + (a.function == b.function)
    return same + len(a.before & b.before) + len(a.after & b.after) + 2 * len(a.later & b.later)
