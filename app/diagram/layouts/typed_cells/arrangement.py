"""The columns of a typed cell from left to right, the levels of its operations, and the lanes between these.

A state that is only changed by signs runs straight through on a row at the top; the signs are on its row, and what they
need hangs below them. Everything else flows upwards in columns: a column holds operations that continue one another,
and a result that others need leaves its column to the side. New states that are needed below their rows come down.
"""

from collections.abc import Iterable
from itertools import combinations

from ....core.program import Program
from .column_order import Trunk, in_order, left_of_each
from .columns import Column, Columns, Entry, Placed
from .operations import FOLDED_FROM, operations_of
from .rows import Rows

FEW, TALL = 2, 16
"""Columns are sorted once more if more wires cross; not if there are more levels, as the cell will be folded then."""

TOP = 1_000
"""The level of the rows of states, above all others."""


class Arrangement:
    """The columns, levels and rows of the operations of a program."""

    def __init__(self, program: Program, opened: str = "", most: int = FOLDED_FROM) -> None:
        self.program = program
        self.drawn = operations_of(program, opened, most)
        self.rows = Rows(program, self.drawn)
        self.states, self.leaving, self.users = self.rows.states, self.rows.leaving, self.rows.users
        found = Columns(self.rows)
        self.columns, self.placed, self.lower = found.found, found.placed, found.lower
        self.by_result = found.by_result
        self._first_levels()
        self.fixed = self._fixed()
        self.risers: dict[tuple[str, str], Column] = {}
        """The columns in which x and previous states rise to an operation, by the tensor and its result."""
        self.columns.sort(key=self._text_order)
        best = self._finished(self._sorted())
        if best > FEW and self.levels <= TALL:
            self._sort_again(best)

    @property
    def is_folded(self) -> bool:
        """Whether lines are boxes."""
        return any(o.sign == "line" for o in self.drawn)

    # levels

    def _needed(self, placed: Placed) -> int:
        """The least level of an operation."""
        return 1 + max((self.placed[i].level for i in self.lower[placed.result]), default=0)

    def _upward(self) -> list[Placed]:
        """The operations in columns that go up, each after those that must be below it."""
        found: dict[str, Placed] = {}

        def add(result: str) -> None:
            if result not in found and not self.placed[result].row:
                for lower in sorted(self.lower[result], key=lambda i: self.placed[i].order):
                    add(lower)
                found[result] = self.placed[result]

        for column in self.columns:
            for p in column.placed if not column.source else ():
                add(p.result)
        return list(found.values())

    def _first_levels(self) -> None:
        upward = self._upward()
        is_above: dict[str, bool] = {}
        for p in upward:
            p.level = self._needed(p)
            is_above[p.result] = any(
                is_above.get(i, False) or self.by_result[i].sign == "layer"
                for i in p.operation.inputs
                if i in self.by_result
            )
        self.line = max((p.level for p in upward if self._is_in_line(p, is_above)), default=1)
        """The level of the layers that read no other layer."""
        self.in_line = {p.result for p in upward if self._is_in_line(p, is_above)}
        for p in upward:
            p.level = max(self._needed(p), self.line if p.result in self.in_line else 0)
        for column in self.columns:
            if column.source and column.placed:
                level = self.placed[self.users[column.placed[-1].result][0].result].level
                for n, p in enumerate(reversed(column.placed), 1):
                    p.level = level + n
        self._ends()

    def _is_in_line(self, p: Placed, is_above: dict[str, bool]) -> bool:
        return p.operation.sign == "layer" and not is_above[p.result]

    def _ends(self) -> None:
        """The levels between which a wire runs in each column."""
        for column in self.columns:
            levels = [p.level for p in column.placed if not p.row]
            if column.rising[0]:
                column.first, column.last = 0, self.placed[column.rising[1]].level
                continue
            if column.source:
                last = column.placed[-1].result if column.placed else column.source
                users = self.rows.below_users(last) if last == column.source else self.users[last]
                reached = [self._reached(self.placed[u.result], last) for u in users]
                column.first, column.last = min([*levels, *reached], default=1), TOP
                continue
            for p in column.placed:
                users = [] if p.row else self.users.get(p.result, [])
                levels += [self._reached(self.placed[u.result], p.result) for u in users]
                if p.row:  # what comes from a lane goes up in this column
                    others = [i for i in p.operation.inputs if i not in (p.straight, self.rows.along_row(p.operation))]
                    levels += [TOP, *(self.lane_level(p, i) for i in others)]
                if p.result in self.leaving:
                    levels.append(TOP)
            column.first, column.last = min(levels), max(levels)

    def _reached(self, user: Placed, tensor: str) -> int:
        """The level to which a tensor runs in its own column for a user."""
        if not user.row:
            return user.level
        return TOP if user.straight == tensor else self.lane_level(user, tensor)

    # from left to right

    def _trunks(self) -> dict[tuple[str, int, str], "Trunk"]:
        """The wires that leave a column, or come from the left, at each level: one for all operations that a lane leads
        to, one for each that a wire meets from the side."""
        prior = {f"{s}_prev": -2 - n for n, s in enumerate(self.rows.order)} | {"x": -2 - len(self.rows.order)}
        found: dict[tuple[str, int, str], Trunk] = {}
        number = {column: n for n, column in enumerate(self.columns)}
        for p in self.placed.values():
            along = self.rows.along_row(p.operation) if p.row else ""
            for i in p.operation.inputs:
                if i in (p.straight, along):
                    continue
                source, is_below = prior.get(i, -2 - len(prior)), not i.endswith("_prev") or i == "x_prev"
                if i in self.placed:
                    own = self.placed[i]
                    column = own.column if not own.row else self._down_column(i)
                    if not column:
                        continue
                    source, is_below = number[column], not column.source
                is_lane = p.has_lanes or i == p.operation.first
                if p.entries:
                    is_lane = p.entries[i].startswith("lane")
                level = self.lane_level(p, i)
                key = i, level, "" if is_lane else p.result
                rank = source
                if riser := self.risers.get((i, p.result)):
                    lowest = found.setdefault((i, 1, ""), Trunk(source, 1, True, is_below, rank))
                    lowest.targets.append(number[riser])
                    key, source, is_below = (i, level, p.result), number[riser], True
                if key not in found:
                    found[key] = Trunk(source, level, is_lane, is_below, rank)
                found[key].targets.append(number[p.column])
        for trunk in found.values():
            trunk.may_rise = trunk.source < 0 and 1 < trunk.level < TOP and len(trunk.targets) == 1
            trunk.finish(
                n
                for n, c in enumerate(self.columns)
                if n != trunk.source and c.first + trunk.is_lane <= trunk.level <= c.last
            )
        return found

    def _down_column(self, source: str) -> Column | None:
        return next((c for c in self.columns if c.source == source), None)

    def _rules(self) -> list[tuple[Column, Column]]:
        """Pairs of columns of which the first must be left of the second: those of one row."""
        rules = []
        for spine in self.rows.spines.values():
            before: Column | None = None
            for o in spine:
                column = self.placed[o.result].column
                if before:
                    rules.append((before, column))
                before = column
                if down := self._down_column(o.result):
                    rules.append((before, down))
                    before = down
        return rules

    def _finished(self, columns: list[Column]) -> int:
        """Put the columns in an order, and everything in its place. How many wires cross, but for those of rows."""
        self.columns = columns
        for n, column in enumerate(columns):
            column.at = n
        for p in self.placed.values():
            p.entries = {}
        self._add_risers()
        self._final_levels()
        self._pack()
        return self._order_lanes()

    def _sort_again(self, best: int) -> None:
        """Sort the columns once more, from the levels that operations have now, if fewer wires cross then."""
        columns, risers = self.columns, self.risers
        before = self.columns = [c for c in columns if not c.rising[0]]
        self.risers = {}
        after = self._sorted()
        if after == before:
            self.columns, self.risers = columns, risers
        elif self._finished(after) >= best:
            self.risers = {}
            self._finished(before)

    def _sorted(self) -> list[Column]:
        """The columns such that few wires cross, by moving single ones."""
        number = {column: n for n, column in enumerate(self.columns)}
        rules = [(number[a], number[b]) for a, b in self._rules()]
        broken = [
            number[self.placed[s].column] for s in self.rows.order if s not in self.rows.spines and s in self.placed
        ]
        rising = [n for n, c in enumerate(self.columns) if c.last == TOP]
        start = self._satisfying([*number.values()], rules)
        order = in_order(start, [*self._trunks().values()], rules, broken, rising)
        return [self.columns[n] for n in order]

    def _add_risers(self) -> None:
        """Let x and previous states pass below all operations and rise beside the one that reads them, where they would
        cross more wires on their way from the left."""
        trunks, at = self._trunks(), [*range(len(self.columns))]
        left_of = left_of_each(at)
        for trunk in trunks.values():
            trunk.put(at)
        places = {column: (column.at, 0) for column in self.columns}
        for p in sorted(self.placed.values(), key=lambda p: p.level):
            for i in p.operation.inputs if not p.row and not p.column.source else ():
                own = trunks.get((i, p.level, "")) or trunks.get((i, p.level, p.result))
                if i == p.straight or not own or not own.may_rise:
                    continue
                low = trunks.get((i, 1, ""))
                others = [t for t in trunks.values() if t is not own and t is not low]
                before = own.crossed(left_of) + self._passed(own, others)
                right, left = (self._crossed_by_riser(own, low, others, p.column.at - n) for n in (0, 1))
                if min(right, left) >= before:
                    continue
                riser = self.risers[i, p.result] = Column(rising=(i, p.result))
                side = 1 if right <= left else -1
                beside = sum(of == p.column.at and n * side > 0 for of, n in places.values())
                places[riser] = p.column.at, side * (beside + 1)
                trunks = {key: t for key, t in trunks.items() if t is not own}
                if not low:
                    low = trunks[i, 1, ""] = Trunk(own.source, 1, True, own.is_below, own.rank)
                    low.source_at = low.low = low.high = own.source_at
                low.high = max(low.high, p.column.at - (side < 0))
        self.columns = sorted(places, key=lambda column: places[column])
        for n, column in enumerate(self.columns):
            column.at = n

    @staticmethod
    def _crossed_by_riser(own: Trunk, low: Trunk | None, others: list[Trunk], left: int) -> int:
        """How many wires a tensor crosses that passes below all operations and rises right of a place. ``low``: its
        lane there, if it has one already."""
        spanning = [t for t in others if t.low <= left < t.high]
        lanes = [t for t in others if t.level == 1 and t.is_lane]
        begin = low.high if low else own.source_at
        return (
            sum(1 < t.level <= own.level for t in spanning)
            + sum(t.rank > own.rank for t in lanes if t in spanning)
            + sum(begin < end <= left for t in lanes if t.rank <= own.rank for end in t.targets)
        )

    def _passed(self, own: Trunk, trunks: Iterable[Trunk]) -> int:
        """How many wires left of all columns a tensor crosses on its way from there to an operation."""
        lowest: dict[int, int] = {}
        for t in trunks:
            if own.source < t.source < 0:
                lowest[t.source] = min(t.level, lowest.get(t.source, TOP))
        return sum(level < own.level for level in lowest.values())

    @staticmethod
    def _satisfying(order: list[int], rules: list[tuple[int, int]]) -> list[int]:
        """The order with each column after those that must be left of it."""
        rest, found = [*order], list[int]()
        while rest:
            free = next((c for c in rest if not any(b == c and a in rest for a, b in rules)), rest[0])
            rest.remove(free)
            found.append(free)
        return found

    def _text_order(self, column: Column) -> tuple[float, int]:
        if column.source:
            return (self.placed[column.source].order + 0.5, 0)
        return (column.placed[0].order, 0)

    # the final levels

    def _final_levels(self) -> None:
        """Raise operations whose wires to the side would overlap with others at their level."""
        for p in (p for c in self.columns for p in c.placed):
            p.entries = self._entries(p)
        runs: dict[int, list[tuple[int, int]]] = {}
        for p in self._upward():
            p.level = max(self._needed(p), self.line if p.result in self.in_line else 0)
            here = p.column.at
            low, high = self._run(p)
            while self._is_busy(runs.get(p.level, []), low, high):
                passing = (i for i in p.entries if self._may_pass_below(i, p))
                far = max(passing, key=lambda i: abs(self.place_of(i, p) - here), default="")
                if far and not self._is_busy(runs.get(p.level, []), here, here):
                    is_free = not {"straight", "lane"} & {*p.entries.values()}
                    p.entries[far] = "lane" if is_free else "lane left" if p.entries[far] == "left" else "lane right"
                    low, high = self._run(p)
                else:
                    p.level += 1
            runs.setdefault(p.level, []).append((low, high))
        self.levels = max((p.level for p in self._upward()), default=0)
        for column in self.columns:
            if column.source and column.placed:
                user = self.placed[self.users[column.placed[-1].result][0].result]
                level = user.level
                for p in reversed(column.placed):
                    level += 1
                    p.level = level
                    while self._is_busy(runs.get(level, []), column.at, column.at):
                        level += 1
                        p.level = level
                    runs.setdefault(level, []).append((column.at, column.at))
                self.levels = max(self.levels, level)
        self._ends()

    def _may_pass_below(self, tensor: str, p: Placed) -> bool:
        """Whether a tensor from a side could come along a lane: from below, and not from the next column."""
        comes_down = tensor in self.placed and bool(self.placed[tensor].row or self.placed[tensor].column.source)
        is_far = tensor not in self.placed or abs(self.place_of(tensor, p) - p.column.at) > 1
        is_far = is_far and (tensor, p.result) not in self.risers
        return p.entries[tensor] in ("left", "right") and is_far and not comes_down

    def _run(self, p: Placed) -> tuple[int, int]:
        """The places between which the wires of an operation run across its level."""
        places = [p.column.at, *(self.place_of(i, p) for i, entry in p.entries.items() if entry in ("left", "right"))]
        return min(places), max(places)

    @staticmethod
    def _is_busy(runs: Iterable[tuple[int, int]], low: int, high: int) -> bool:
        return any(first <= high and low <= last for first, last in runs)

    def place_of(self, tensor: str, user: Placed) -> int:
        """The place of the column in which a tensor runs up or down to an operation; the fixed ones are left of all
        others."""
        if riser := self.risers.get((tensor, user.result)):
            return riser.at
        if tensor in self.placed:
            placed = self.placed[tensor]
            if placed.row:
                down = self._down_column(tensor)
                return down.at if down else placed.column.at
            return placed.column.at
        return -1

    def _entries(self, p: Placed) -> dict[str, Entry]:
        """How each input arrives: at a sign from the side, one from each side, the farthest first."""
        entries: dict[str, Entry] = {}
        along = self.rows.along_row(p.operation) if p.row else ""
        here = p.column.at
        far = sorted(p.operation.inputs, key=lambda i: -abs(self.place_of(i, p) - here))
        for i in far:
            if i == p.straight:
                entries[i] = "straight"
            elif i == along:
                continue
            elif p.has_lanes or i == p.operation.first:
                entries[i] = "lane"
            else:
                side: Entry = "left" if self.place_of(i, p) < here else "right"
                entries[i] = "lane" if side in entries.values() else side
        return entries

    def _pack(self) -> None:
        """Put columns whose wires do not meet into one place."""
        places: list[list[Column]] = []
        for column in self.columns:
            if places and all(column.first > other.last + 1 or other.first > column.last + 1 for other in places[-1]):
                places[-1].append(column)
            else:
                places.append([column])
        for n, columns in enumerate(places):
            for column in columns:
                column.at = n
        self.places = places

    def _fixed(self) -> list[str]:
        """The tensors in columns left of all operations, from the left: x and the previous states that are needed."""
        states = [f"{s}_prev" for s in reversed(self.rows.order) if self.rows.below_users(f"{s}_prev")]
        carried = ["x_prev"] if "x" in self.program.cell.states and self.users.get("x_prev") else []
        return [*carried, "x", *states]

    def lane_level(self, p: Placed, tensor: str) -> int:
        """The level below which a lane to an operation is. To a row it is below all rows, but a tensor that something
        continues in its column leaves that before."""
        if not p.row:
            return p.level
        users = (self.placed[u.result] for u in self.users[tensor])
        return next((u.level for u in users if u.straight == tensor and not u.row and not u.column.source), TOP)

    def lanes(self, level: int) -> list[str]:
        """The tensors in the lanes below a level, from the bottom up."""
        return self._lanes.get(level, [])

    def _order_lanes(self) -> int:
        """Put the lanes of each level in an order in which few wires cross: at first x lowest, as it comes from below.
        How many wires cross then."""
        crossed = 0
        trunks: dict[tuple[str, int], Trunk] = {}
        places = [column.at for column in self.columns]
        left_of = [0] * (len(self.places) + 1)
        for n, place in enumerate(places):
            for at in range(place + 1, len(left_of)):
                left_of[at] |= 1 << n
        for (tensor, level, _), trunk in self._trunks().items():
            trunk.put(places)
            crossed += trunk.crossed(left_of)
            if trunk.is_lane:
                trunks[tensor, level] = trunk
        self._lanes = {}
        for level in {level for _, level in trunks}:
            own = [tensor for tensor, at in trunks if at == level]
            order = sorted(own, key=lambda i: self.fixed.index(i) if i in self.fixed else len(self.fixed))
            for _ in order:
                for n in range(len(order) - 1):
                    low, high = (trunks[i, level] for i in order[n : n + 2])
                    if high.under(low, left_of) < low.under(high, left_of):
                        order[n : n + 2] = order[n + 1], order[n]
            self._lanes[level] = order
            lanes = [trunks[i, level] for i in order]
            crossed += sum(low.under(high, left_of) for low, high in combinations(lanes, 2))
        return crossed
