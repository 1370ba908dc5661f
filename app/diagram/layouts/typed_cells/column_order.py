"""The order of the columns of a typed cell from left to right, in which few wires cross.

Wires that go up or down are in columns, and cross what runs across at a level. Sets of columns are bits of a number, so
that those between two places are counted at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import inf

LENGTH, BROKEN = 0.12, 0.7
"""What a place more on the way of a wire costs, in crossings; and a column that goes up right of where a row begins."""

ROUNDS = 2
"""How often all columns are moved, at most."""


@dataclass(eq=False)
class Trunk:
    """A tensor on its way across columns, at a level: from its column, or from the left of all (below 0), to those of
    operations. ``is_below``: whether it comes from below. A higher ``rank`` is a higher lane at first. ``across`` are
    the columns in which a wire runs at that level. Once columns are in an order, it begins at ``source_at`` and reaches
    from ``low`` to ``high``; ``inside`` is the first place that it passes."""

    source: int
    level: int
    is_lane: bool
    is_below: bool
    rank: int
    may_rise: bool = False
    targets: list[int] = field(default_factory=list)
    across: int = 0
    ends: int = 0
    columns: int = 0
    low: int = 0
    high: int = 0
    inside: int = 0
    source_at: int = 0
    target: int = -1

    def finish(self, across: Iterable[int]) -> None:
        """Note its columns, once all are known, and those in which a wire runs at its level."""
        self.target = self.targets[0] if len(self.targets) == 1 else -1
        self.ends = bits(self.targets)
        self.columns = self.ends | (0 if self.source < 0 else 1 << self.source)
        self.across = bits(across)

    def put(self, at: Sequence[int]) -> None:
        """Find its places, from those of all columns."""
        source = self.source if self.source < 0 else at[self.source]
        if self.target >= 0:  # most have one
            place = at[self.target]
            low, high = (place, source) if place < source else (source, place)
        else:
            low = high = source
            for n in self.targets:
                place = at[n]
                if place < low:
                    low = place
                if place > high:
                    high = place
        self.low, self.high, self.source_at = low, high, source
        self.inside = low + 1 if low >= 0 else 0

    def crossed(self, left_of: Sequence[int]) -> int:
        """How many wires in columns it crosses. ``left_of``: the columns left of each place."""
        return (left_of[self.high] & ~left_of[self.inside] & self.across).bit_count()

    def under(self, other: "Trunk", left_of: Sequence[int]) -> int:
        """How often it crosses another lane of its level, if that is above it."""
        crossed = (self.ends & left_of[other.high] & ~left_of[other.inside]).bit_count()
        if not self.is_below and other.low < self.source_at < other.high:
            crossed += 1
        if other.is_below and self.low < other.source_at < self.high:
            crossed += 1
        return crossed


def bits(columns: Iterable[int]) -> int:
    """Columns as the bits of a number."""
    found = 0
    for n in columns:
        found |= 1 << n
    return found


def left_of_each(order: Sequence[int]) -> list[int]:
    """The columns left of each place, and all of them."""
    found = [0]
    for n in order:
        found.append(found[-1] | 1 << n)
    return found


def in_order(
    start: Sequence[int],
    trunks: Sequence[Trunk],
    rules: Sequence[tuple[int, int]],
    broken: Sequence[int],
    rising: Sequence[int],
) -> list[int]:
    """Move each column to where its wires cross fewest others, until none moves. Of each of ``rules`` the first column
    must be left of the second; in ``broken`` ones a row begins, and ``rising`` ones reach the rows."""
    columns = _Columns(start, trunks, rules, broken, rising)
    for _ in range(ROUNDS):
        if not columns.settle_all(start):
            break
    return columns.order


class _Columns:
    """Columns in an ``order``, ``at`` their places, with the columns left of each place in ``left_of``.

    For each column, ``own`` are the trunks that begin or end in it; ``passing`` the columns of each other one that it
    crosses if some are left and some right of it; ``met`` the pairs of lanes of which one is its own; ``others``
    the trunks of these pairs that are not its own; ``before`` and ``after`` the columns left and right of which it must
    be. ``moves`` counts moves; ``settled`` has how many there were when columns were last moved to their best place.
    """

    def __init__(
        self,
        start: Sequence[int],
        trunks: Sequence[Trunk],
        rules: Sequence[tuple[int, int]],
        broken: Sequence[int],
        rising: Sequence[int],
    ) -> None:
        self.order = [*start]
        self.moves, self.settled = 0, dict[tuple[int, ...], int]()
        self.at = [0] * len(start)
        for place, n in enumerate(self.order):
            self.at[n] = place
        self.left_of = left_of_each(self.order)
        self.every, self.left_of_all = (1 << len(start)) - 1, 1 << len(start)
        self.broken, self.rising = bits(broken), bits(rising)
        columns = range(len(start))
        self.own = [[t for t in trunks if t.columns >> n & 1] for n in columns]
        self.passing = [
            [t.columns | (self.left_of_all if t.source < 0 else 0) for t in trunks if (t.across & ~t.columns) >> n & 1]
            for n in columns
        ]
        lanes: dict[int, list[Trunk]] = {}
        for trunk in trunks:
            if trunk.is_lane:
                lanes.setdefault(trunk.level, []).append(trunk)
        pairs = [pair for level in lanes.values() for pair in combinations(level, 2)]
        self.met = [[(a, b) for a, b in pairs if a in self.own[n] or b in self.own[n]] for n in columns]
        self.others = [{t for pair in self.met[n] for t in pair}.difference(self.own[n]) for n in columns]
        self.before = [[a for a, b in rules if b == n] for n in columns]
        self.after = [[b for a, b in rules if a == n] for n in columns]

    def settle_all(self, start: Sequence[int]) -> bool:
        """Move each column to its best place, and each pair of neighbours with a common wire. Whether any moves."""
        is_moved = False
        for n in start:
            is_moved |= self.settle((n,))
        for a in start:
            if self.at[a] + 1 < len(self.order):
                b = self.order[self.at[a] + 1]
                if any(t in self.own[a] for t in self.own[b]):
                    is_moved |= self.settle((a, b))
        return is_moved

    def settle(self, group: tuple[int, ...]) -> bool:
        """Move neighbouring columns to the best place. Whether they move."""
        if self.settled.get(group) == self.moves:  # no column has moved since
            return False
        at = self.at
        here = at[group[0]]
        best, found = self.cost_of(group, inf) - 1e-9, here
        first = max((at[a] + 1 for n in group for a in self.before[n] if a not in group), default=0)
        last = min((at[b] for n in group for b in self.after[n] if b not in group), default=len(at)) - len(group)
        for to in (*range(here - 1, first - 1, -1), *range(here + 1, last + 1)):
            self.move(group, to)
            if (now := self.cost_of(group, best)) < best:
                best, found = now, to
        self.move(group, found)
        self.moves += found != here
        self.settled[group] = self.moves
        return found != here

    def move(self, group: tuple[int, ...], to: int) -> None:
        """Move neighbouring columns, the first one to a place."""
        at = self.at
        while at[group[0]] < to:
            for n in reversed(group):
                self.swap(at[n])
        while at[group[0]] > to:
            for n in group:
                self.swap(at[n] - 1)

    def swap(self, place: int) -> None:
        """Exchange the columns at a place and the next one."""
        order, at, left_of = self.order, self.at, self.left_of
        a, b = order[place], order[place + 1]
        order[place], order[place + 1] = b, a
        at[a], at[b] = place + 1, place
        left_of[place + 1] = left_of[place] | 1 << b

    def cost_of(self, group: tuple[int, ...], most: float) -> float:
        """What the places of columns cost; less than that, but no less than ``most``, if they cost more."""
        total = 0.0
        for n in group:
            total += self.cost(n, most - total)
        return total

    def cost(self, n: int, most: float) -> float:
        """What the place of a column costs; less than that, but no less than ``most``, if it costs more."""
        at, left_of = self.at, self.left_of
        left = left_of[at[n]] | self.left_of_all
        right = self.every & ~left & ~(1 << n)
        total = 0.0
        for columns in self.passing[n]:
            if columns & left and columns & right:
                total += 1
        if total >= most:
            return total
        for trunk in self.own[n]:  # most of the time of a picture is spent here
            trunk.put(at)
            high, low = trunk.high, trunk.low
            crossed = (left_of[high] & ~left_of[trunk.inside] & trunk.across).bit_count()
            total += LENGTH * (high - low) + (1 if crossed and trunk.may_rise else crossed)
            if total >= most:
                return total
        for trunk in self.others[n]:
            trunk.put(at)
        for one, other in self.met[n]:
            total += min(one.under(other, left_of), other.under(one, left_of))
        if self.broken >> n & 1:
            total += BROKEN * (self.rising & right).bit_count()
        if self.rising >> n & 1:
            total += BROKEN * (self.broken & left).bit_count()
        return total
