"""The positions of the operations of any cell, from its program alone: in levels from the bottom up, and in columns.

An operation is at least one level above its inputs. Its result runs up in its column until its last use; then the
column is free again, like a register in a compiler. x and the previous states have columns of their own, left of the
others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ....core.program import Program


@dataclass(eq=False)
class ArrangedOperation:
    """One operation in the picture. ``result`` is the tensor that leaves it, and ``shown`` the one that its shape
    stands for: a layer stands for its product, and the result of its function leaves it.

    ``entries`` says how each input arrives: ``straight`` from below, in the same column, from the ``side``, or along a
    ``lane`` below the level and then from below.
    """

    kind: str
    shown: str
    result: str
    inputs: tuple[str, ...]
    level: int = 0
    column: int = 0
    entries: dict[str, str] = field(default_factory=dict)


def operations_of(program: Program) -> list[ArrangedOperation]:
    """The operations in the order of the equations.

    A product is a yellow layer, or one layer for each piece if it is only split. A function that is the only user of a
    layer's product is a part of that layer.
    """
    operations: dict[str, ArrangedOperation] = {}
    for t in program.step:
        kind, weights = t.operation.kind, program.weights_of(t)
        if kind == "step" or t.role == "constant" or (kind == "product" and _is_only_split(program, t.id)):
            continue
        source = program.by_id[t.inputs[0]]
        is_piece = t.op == "split" and source.operation.kind == "product" and _is_only_split(program, source.id)
        layer = operations.get(source.id)
        if kind == "function" and layer and layer.kind == "layer" and _is_only_for(program, source.id, t.id):
            layer.result = t.id
        elif is_piece or kind == "product":
            multiplied = (source.inputs if is_piece else t.inputs)[:1]
            inputs = tuple(id for id in multiplied if id not in program.weights_of(source if is_piece else t))
            operations[t.id] = ArrangedOperation("layer", t.id, t.id, inputs)
        else:
            form = "vector" if weights else "manipulation" if kind == "manipulation" else "pointwise"
            drawn = (id for id in t.inputs if id not in weights and program.by_id[id].role != "constant")
            inputs = tuple(dict.fromkeys(drawn))
            operations[t.id] = ArrangedOperation(form, t.id, t.id, inputs)
    return list(operations.values())


def _is_only_for(program: Program, tensor: str, function: str) -> bool:
    """Whether a function is the only user of a tensor, and its result has users."""
    return program.used_by[tensor] == (function,) and bool(program.used_by[function])


def _is_only_split(program: Program, product: str) -> bool:
    users = program.used_by[product]
    return bool(users) and all(program.by_id[user].op == "split" for user in users)


class Arrangement:
    """The operations of a program, each with its level and its column.

    Columns count from 0. Those of the previous states, from the top one down, and of x are -1, -2 and so on: ``fixed``.
    """

    def __init__(self, program: Program) -> None:
        cell = program.cell
        self.states = sorted(cell.states, key=lambda s: s == cell.output)  # from the top one down
        self.leaving = list(dict.fromkeys((*self.states, cell.output)))
        """The states, and below them the output, if it is none of them."""
        self.fixed = {**{f"{s}_prev": -1 - n for n, s in enumerate(self.states)}, "x": -1 - len(self.states)}
        self.operations = {o.result: o for o in operations_of(program)}
        everything = (*self.fixed, *self.operations)
        self.users = {i: [o for o in self.operations.values() if i in o.inputs] for i in everything}
        self.columns = self.levels = 0
        waiting = list(self.operations.values())
        while waiting:
            self.levels += 1
            ready = [o for o in waiting if all(self._is_available(i) for i in o.inputs)]
            # Pointwise operations last: whether they can take over a column depends on the entries of the others.
            self._fill(sorted(ready, key=lambda o: o.kind == "pointwise"))
            waiting = [o for o in waiting if not o.level]

    def column(self, tensor: str) -> int:
        return self.fixed[tensor] if tensor in self.fixed else self.operations[tensor].column

    def lanes(self, level: int) -> list[str]:
        """The tensors in the lanes below a level, from the top one down."""
        operations = (o for o in self.operations.values() if o.level == level)
        return list(dict.fromkeys(i for o in operations for i in o.inputs if o.entries[i] == "lane"))

    def is_free(self, column: int, level: int) -> bool:
        """Whether all tensors of a column have their last use below a level."""
        placed = (o for o in self.operations.values() if o.level and o.column == column)
        return not any(o.level >= level or self.is_live(o.result, level) for o in placed)

    def is_live(self, tensor: str, level: int) -> bool:
        """Whether a tensor that is computed below a level is used at that level or above it."""
        return tensor in self.leaving or any(not 0 < u.level < level for u in self.users[tensor])

    def neighbour(self, operation: ArrangedOperation) -> ArrangedOperation | None:
        """The next operation to the right whose result runs up beside that of ``operation``."""
        level, column = operation.level, operation.column
        beside = (o for o in self.operations.values() if o.level <= level and self.is_live(o.result, level + 1))
        return min((o for o in beside if o.column > column), key=lambda o: o.column, default=None)

    def end(self, operation: ArrangedOperation) -> int:
        """The column of the neighbour, or else the one after the last."""
        beside = self.neighbour(operation)
        return beside.column if beside else self.columns

    def _is_available(self, tensor: str) -> bool:
        return tensor in self.fixed or 0 < self.operations[tensor].level < self.levels

    def _fill(self, ready: Sequence[ArrangedOperation]) -> None:
        """Place operations on the current level, in the order of ``ready``.

        Inputs from the side run across the level, so an operation whose run would overlap with an earlier one waits for
        the next level. The first one always fits, so every level gets at least one.
        """
        busy: list[tuple[int, int]] = []
        for o in ready:
            column = self._column(o, ready)
            entries = _entries(o, {i: self.column(i) for i in o.inputs}, column)
            along = [column, *(self.column(i) for i, entry in entries.items() if entry == "side")]
            first, last = min(along), max(along)
            if not any(first < end and start < last for start, end in busy):
                o.level, o.column, o.entries = self.levels, column, entries
                busy.append((first, last))
                self.columns = max(self.columns, column + 1)

    def _column(self, operation: ArrangedOperation, ready: Sequence[ArrangedOperation]) -> int:
        """The column of an input that ends here; else the nearest free one; else a new one."""
        for i in operation.inputs:
            if i in self.operations and operation.kind != "manipulation" and self._ends(i, operation, ready):
                return self.column(i)
        near = sum(self.column(i) for i in operation.inputs) / max(1, len(operation.inputs))
        free = [c for c in range(self.columns) if self.is_free(c, self.levels)]
        return min(free, key=lambda c: abs(c - near), default=self.columns)

    def _ends(self, tensor: str, operation: ArrangedOperation, ready: Sequence[ArrangedOperation]) -> bool:
        """Whether an operation at this level can take over the column of its input, whose wire then ends.

        The wire of a state continues to the right. Any other use from this level on must leave the column below this
        level, along a lane: it is at this level (``ready``) or already placed (``level``), is not pointwise, since such
        an operation has inputs from the side, and has no input straight from below.
        """
        others = [u for u in self.users[tensor] if u is not operation and not 0 < u.level < self.levels]
        return tensor not in self.leaving and all(
            u.kind != "pointwise" and (u.level or u in ready) and "straight" not in u.entries.values() for u in others
        )


def _entries(operation: ArrangedOperation, columns: dict[str, int], column: int) -> dict[str, str]:
    """How each input arrives: at a pointwise operation from the side, one from each side, the farthest first."""
    entries: dict[str, str] = {}
    sides_in_use: set[bool] = set()
    for i, at in sorted(columns.items(), key=lambda item: -abs(item[1] - column)):
        from_left = at < column
        if at == column:
            entries[i] = "straight"
        elif operation.kind != "pointwise" or from_left in sides_in_use:
            entries[i] = "lane"
        else:
            entries[i] = "side"
            sides_in_use.add(from_left)
    return entries
