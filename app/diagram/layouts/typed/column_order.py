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

    def finish(self, across: Iterable[int]) -> None:
        """Note its columns, once all are known, and those in which a wire runs at its level."""
        self.ends = bits(self.targets)
        self.columns = self.ends | (0 if self.source < 0 else 1 << self.source)
        self.across = bits(across)

    def put(self, at: Sequence[int]) -> None:
        """Find its places, from those of all columns."""
        source = self.source if self.source < 0 else at[self.source]
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
    order = [*start]
    columns = range(len(order))
    own = [[t for t in trunks if t.columns >> n & 1] for n in columns]
    left_of_all = 1 << len(order)
    passing = [
        [t.columns | (left_of_all if t.source < 0 else 0) for t in trunks if (t.across & ~t.columns) >> n & 1]
        for n in columns
    ]
    lanes: dict[int, list[Trunk]] = {}
    for trunk in trunks:
        if trunk.is_lane:
            lanes.setdefault(trunk.level, []).append(trunk)
    pairs = [pair for level in lanes.values() for pair in combinations(level, 2)]
    met = [[pair for pair in pairs if pair[0] in own[n] or pair[1] in own[n]] for n in columns]
    involved = [{*own[n], *(t for pair in met[n] for t in pair)} for n in columns]
    before = [[a for a, b in rules if b == n] for n in columns]
    after = [[b for a, b in rules if a == n] for n in columns]
    of_rows, all_rising, every = bits(broken), bits(rising), (1 << len(order)) - 1
    at = [0] * len(order)
    for place, n in enumerate(order):
        at[n] = place
    left_of = left_of_each(order)

    def cost(n: int, most: float) -> float:
        """What the place of a column costs; less than that, but no less than ``most``, if it costs more."""
        left = left_of[at[n]] | left_of_all
        right = every & ~left & ~(1 << n)
        total = 0.0
        for columns in passing[n]:
            if columns & left and columns & right:
                total += 1
        if total >= most:
            return total
        for trunk in involved[n]:
            trunk.put(at)
        for trunk in own[n]:
            crossed = (left_of[trunk.high] & ~left_of[trunk.inside] & trunk.across).bit_count()  # called most often
            total += LENGTH * (trunk.high - trunk.low) + (min(crossed, 1) if trunk.may_rise else crossed)
        if total >= most:
            return total
        for one, other in met[n]:
            total += min(one.under(other, left_of), other.under(one, left_of))
        if of_rows >> n & 1:
            total += BROKEN * (all_rising & right).bit_count()
        if all_rising >> n & 1:
            total += BROKEN * (of_rows & left).bit_count()
        return total

    def cost_of(group: tuple[int, ...], most: float) -> float:
        total = 0.0
        for n in group:
            total += cost(n, most - total)
        return total

    def swap(place: int) -> None:
        """Exchange the columns at a place and the next one."""
        a, b = order[place], order[place + 1]
        order[place], order[place + 1] = b, a
        at[a], at[b] = place + 1, place
        left_of[place + 1] = left_of[place] | 1 << b

    def move(group: tuple[int, ...], to: int) -> None:
        """Move neighbouring columns, the first one to a place."""
        while at[group[0]] < to:
            for n in reversed(group):
                swap(at[n])
        while at[group[0]] > to:
            for n in group:
                swap(at[n] - 1)

    def settle(group: tuple[int, ...]) -> bool:
        """Move neighbouring columns to the best place. Whether they move."""
        here = at[group[0]]
        best, found = cost_of(group, inf) - 1e-9, here
        first = max((at[a] + 1 for n in group for a in before[n] if a not in group), default=0)
        last = min((at[b] for n in group for b in after[n] if b not in group), default=len(order)) - len(group)
        for to in (*range(here - 1, first - 1, -1), *range(here + 1, last + 1)):
            move(group, to)
            if (now := cost_of(group, best)) < best:
                best, found = now, to
        move(group, found)
        return found != here

    for _ in range(ROUNDS):
        is_moved = False
        for n in start:
            is_moved |= settle((n,))
        for a in start:
            if at[a] + 1 < len(order):
                b = order[at[a] + 1]
                if any(t in own[a] for t in own[b]):
                    is_moved |= settle((a, b))
        if not is_moved:
            break
    return order
