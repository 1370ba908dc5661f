"""The columns of a typed cell: operations that continue one another, and new states that come down from a row."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from .operations import DrawnOperation
from .rows import Rows

Entry = Literal["straight", "left", "right", "lane", "lane left", "lane right"]
"""How an input arrives: in its column; from a side, across the level; or along a lane below the level, and then from
below or from a side."""


@dataclass(eq=False)
class Placed:
    """An operation in its column. ``entries`` says how each input arrives."""

    operation: DrawnOperation
    column: "Column"
    order: int
    level: int = 0
    straight: str = ""
    row: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def result(self) -> str:
        return self.operation.result

    @property
    def has_lanes(self) -> bool:
        """Whether its inputs come from below."""
        return bool(self.row) or self.operation.sign in ("layer", "line", "manipulation", "choice")


@dataclass(eq=False)
class Column:
    """Operations from the bottom up; with ``source`` one in which a new state comes down, through its operations; with
    ``rising`` one in which a tensor goes up to the operation of a result, from the lanes below all. ``at`` is its place
    from left to right, ``first`` and ``last`` are the levels between which a wire runs in it."""

    placed: list[Placed] = field(default_factory=list)
    source: str = ""
    rising: tuple[str, str] = ("", "")
    at: int = 0
    first: int = 0
    last: int = 0


class Columns:
    """The columns of operations, in no order: ``found``, and in them ``placed`` operations by result; ``lower`` are the
    results that must be below each result."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.by_result = {o.result: o for o in rows.drawn}
        self.placed: dict[str, Placed] = {}
        self.found: list[Column] = []
        self._make_columns()

    def _make_columns(self) -> None:
        hanging = self._hanging()
        upward = [o for o in self.rows.drawn if o.result not in hanging]
        continued = self._continued(upward)
        order = {o.result: n for n, o in enumerate(self.rows.drawn)}
        after = {i: result for result, i in continued.items()}
        for o in upward:
            if o.result in continued:
                continue
            column, result = self._new_column(), o.result
            while result:
                row = self.rows.row_of.get(result, "")
                placed = Placed(self.by_result[result], column, order[result], 0, continued.get(result, ""), row)
                column.placed.append(placed)
                self.placed[result] = placed
                result = after.get(result, "")
        for source, chain in self._coming_down():
            column = self._new_column(source)
            for o in chain:
                placed = Placed(o, column, order[o.result], straight=o.inputs[0])
                column.placed.append(placed)
                self.placed[o.result] = placed

    def _continued(self, upward: list[DrawnOperation]) -> dict[str, str]:
        """The tensor that each operation continues in its column, by the result: one that nothing else reads, else one
        whose other users can be below."""
        results = {o.result for o in upward} - self.rows.row_of.keys()
        self.lower: dict[str, set[str]] = {o.result: {i for i in o.inputs if i in results} for o in upward}
        """The results that must be below each result."""
        continued: dict[str, str] = {}
        depth: dict[str, int] = {}
        for o in upward:
            depth[o.result] = 1 + max((depth.get(i, 0) for i in o.inputs), default=0)
            alone = [
                i for i in o.inputs if i in results and len(self.rows.users[i]) == 1 and i not in self.rows.leaving
            ]
            alone = [i for i in alone if self._may_continue(o, i)]
            if alone:
                continued[o.result] = max(alone, key=lambda i: depth[i])
        for tensor in (o.result for o in upward):
            users = self.rows.users.get(tensor, [])
            if tensor not in results or len(users) < 2 or tensor in self.rows.leaving:
                continue
            for user in reversed(users):
                others = {u.result for u in users if u is not user and u.result in self.lower} - self.rows.row_of.keys()
                if user.result in continued or user.result not in self.lower or not self._may_continue(user, tensor):
                    continue
                if not any(self._is_above(other, user.result) for other in others):
                    continued[user.result] = tensor
                    self.lower[user.result] |= others
                    break
        left_early = {i for result, i in continued.items() if result not in self.rows.row_of}
        for result in self.rows.row_of.keys() & continued.keys():
            others = {*self.by_result[result].inputs} - {continued[result]}
            if others & left_early:  # they rise in the column of the row, where no box may be then
                del continued[result]
        return continued

    def _may_continue(self, o: DrawnOperation, tensor: str) -> bool:
        """Whether a tensor may come straight from below: if the order of inputs matters, only the first one, or another
        one where that arrives along a row."""
        if o.is_row:
            return False
        return o.first in ("", tensor) or o.result in self.rows.row_of

    def _is_above(self, result: str, other: str) -> bool:
        """Whether a result must be above another one."""
        waiting, seen = [result], {result}
        while waiting:
            for lower in self.lower[waiting.pop()] - seen:
                if lower == other:
                    return True
                if lower in self.lower:
                    seen.add(lower)
                    waiting.append(lower)
        return False

    def _new_column(self, source: str = "") -> Column:
        column = Column(source=source)
        self.found.append(column)
        return column

    def _hanging(self) -> set[str]:
        """The results of operations in a column that comes down from a row."""
        return {o.result for source in self.rows.row_of for o in self._chain(source)}

    def _chain(self, source: str) -> list[DrawnOperation]:
        """The signs through which a new state comes down before it meets another tensor."""
        chain: list[DrawnOperation] = []
        users = self.rows.below_users(source)
        while len(users) == 1:
            (o,) = users
            if (
                len(o.inputs) > 1
                or o.sign not in ("pointwise", "weight")
                or o.result in (*self.rows.leaving, *self.rows.row_of)
            ):
                break
            if len(self.rows.users.get(o.result, [])) != 1:
                break
            chain.append(o)
            users = self.rows.users[o.result]
        is_met = chain and not (users and users[0].result in self.rows.row_of)
        return chain if is_met else []

    def _coming_down(self) -> Iterator[tuple[str, list[DrawnOperation]]]:
        for source in self.rows.row_of:
            if self.rows.below_users(source):
                yield source, self._chain(source)
