"""The plan of a typed cell: where its operations, wires and labels are, in pixels of the cell of a page."""

from functools import lru_cache

from ....core.program import Program
from ...matrix_axes import edges
from ...names_as_letters import letters
from ...text_metrics import word_width
from .arrangement import TOP, Arrangement
from .columns import Column, Entry, Placed
from .operation_sizes import SIGN_HEIGHT, half_width, height, widest_half
from .operations import FOLDED_ON_PHONES

NARROWEST, LOWEST = 330.0, 270.0
"""The least width and height of a cell."""

SIDE, FIXED = 34.0, 24.0
"""The margin at the left and right, and the distance of the columns of x and of previous states."""

LANE, RISE = 23.0, 28.0
"""The height of a lane, in which a wire turns before it passes under the next one, and from the highest lane to the
operations above it."""

LABELLED, UNLABELLED = 32.0, 18.0
"""The room above the operations of a level, with and without labels."""

COMPACT, SECOND_LABEL = 56.0, 11.0
"""The most room for a label in a compact cell, and the height of its second line."""

ROW, ABOVE, UNDER = 74.0, 54.0, 34.0
"""From row to row, above the first one, and below the last one."""

SECOND_LINE = 20.0
"""More room between rows of states with more than two axes, whose shapes may have two lines."""

THIRD_LINE = 10.0
"""More room above the first row for the shape of a matrix for each head."""

RIBBON = 12.0
"""More height for the lane of a matrix."""

ON_A_ROW = 20.0
"""The least distance of operations on a row, for an arrow between them."""

APART, FOLDED_APART = 8.0, 16.0
"""The least distance of neighbours, and of boxes of lines, which are drawn smaller."""

TURN = 16.0
"""The distance from an operation at which a wire turns from a lane to its side."""

NAME, LONGEST_NAME = 14.0, 6
"""The size of a name beside a wire, and the characters of the longest one."""

BOTTOM = 20.0
"""Below the lowest lane."""

LABELS = (0.0, 30.0, 54.0, 78.0, 100.0, 118.0, 136.0)
"""The room for a label, by the number of axes."""

LABELS_UP_TO = 14
"""With more operations, only wires whose shape differs from that below have labels."""

BALANCE, MOST_WIDENED = 1.3, 1.8
"""The width of a cell in heights, and how many times as wide a tall one is made for it."""

LARGEST, COMFORTABLE = (1530.0, 1260.0), 0.72
"""The largest width and height of a cell in whose picture on a small screen, 584 pixels wide, shapes can be read; and
the share from which a cell is compact."""


@lru_cache(256)
def plan_of(program: Program, opened: str = "", narrow: bool = False) -> "Plan":
    """The positions in a cell: compact if it is large, and folded by line if its shapes could not be read then."""
    if narrow:
        return Plan(Arrangement(program, opened, FOLDED_ON_PHONES), narrow)
    found = _as_needed(Arrangement(program, opened))
    return found if found.share <= 1 or found.arranged.is_folded else _as_needed(Arrangement(program, opened, 0))


def _as_needed(arranged: Arrangement) -> "Plan":
    """The positions of an arrangement, compact if it is large and becomes smaller."""
    found = Plan(arranged)
    if found.share <= COMFORTABLE:
        return found
    return min(found, Plan(arranged, compact=True), key=lambda plan: plan.share)


class Plan:
    """The positions of an arrangement, in pixels from the upper left corner of the cell. In a ``compact`` one shapes
    have several lines."""

    def __init__(self, arranged: Arrangement, narrow: bool = False, compact: bool = False) -> None:
        self.arranged, self.program = arranged, arranged.program
        self.compact = compact
        self.rooms = tuple(min(room, COMPACT) for room in LABELS) if compact else LABELS
        self.labelled = LABELLED + SECOND_LABEL if compact else LABELLED
        has_matrices = any(len(self.program.by_id[state].axes) > 3 for state in arranged.rows.order)
        self.above = ABOVE + THIRD_LINE * has_matrices
        self.many = len(arranged.drawn) > LABELS_UP_TO
        self.labels = {p.result for p in arranged.placed.values() if self._is_labelled(p)}
        self.across, self.width = self._columns()
        self.down, self.height = self._rows()
        if not narrow:
            self._widen()

    @property
    def share(self) -> float:
        """The size of the cell, as a share of the largest one that can be read."""
        return max(self.width / LARGEST[0], self.height / LARGEST[1])

    def _widen(self) -> None:
        """A tall cell is wider, with its columns further apart, but a large one no wider than there is room."""
        balance = BALANCE if self.share <= COMFORTABLE else LARGEST[0] / LARGEST[1]
        more = max(1.0, min(MOST_WIDENED, balance * self.height / self.width))
        self.across = {name: x * more for name, x in self.across.items()}
        self.width *= more

    def _is_labelled(self, p: Placed) -> bool:
        if p.result in self.arranged.states and p.row:
            return False
        if not self.arranged.users.get(p.result) and p.result != self.program.cell.output:
            return False
        if p.result == self.program.cell.output and not self.arranged.users.get(p.result):
            return False  # its shape is beside the circle
        if not self.many or self.name_on_wire(p):
            return True
        before = p.straight or (self.arranged.rows.along_row(p.operation) if p.row else "")
        axes = self.program.by_id
        return not before or axes[before].axes != axes[p.result].axes

    # across

    def _columns(self) -> tuple[dict[str, float], float]:
        """The columns from left to right, and the width of the cell."""
        across = self._fixed_columns()
        of_operations, x = self._operation_columns(max(across.values()))
        across |= of_operations
        output = self.program.cell.output
        placed = self.arranged.placed.get(output)
        if placed and (placed.row or output in self.arranged.states):
            x += 18
            across["output"] = x
            x += 26
        else:
            across["output"] = across.get(f"of {output}", x)
            x += 12
        across["x"] = across["of x"]
        entries = self._entries(across)
        across |= {f"entry {state}": x for state, x in entries.items()}
        across["entry"] = min(entries.values(), default=3 * SIDE)
        return across, max(NARROWEST, x)

    def _fixed_columns(self) -> dict[str, float]:
        """The columns of x and of previous states."""
        across: dict[str, float] = {}
        x = SIDE
        for tensor in self.arranged.fixed:
            if tensor != "x":  # right of the shape of the state, where that is inside the cell
                x = max(x, self.label_room(tensor) + 10)
            across[f"of {tensor}"] = x
            x += FIXED
        return across

    def _operation_columns(self, x: float) -> tuple[dict[str, float], float]:
        """The columns of operations, right of x, and where the last one ends."""
        across: dict[str, float] = {}
        before = widest = 0.0  # the room that the column before needs at its right, and half of its widest operation
        before_rows: set[str] = set()
        apart = FOLDED_APART if self.arranged.is_folded else APART
        for n, columns in enumerate(self.arranged.places):
            left = max(self._left(c) for c in columns)
            here = max((widest_half(self.program, p.operation) for c in columns for p in c.placed), default=0.0)
            rows = {p.row for c in columns for p in c.placed if p.row}
            between = ON_A_ROW if rows & before_rows else 2.0
            x += max(before + left + apart, widest + here + between, 40.0) if n else left + 26
            before, widest, before_rows = max(self._right(c) for c in columns), here, rows
            for column in columns:
                if column.rising[0]:
                    across["up {} {}".format(*column.rising)] = x
                for tensor in (*([column.source] if column.source else []), *(p.result for p in column.placed)):
                    name = f"down {tensor}" if tensor == column.source else f"of {tensor}"
                    across[name] = x
        return across, x + max(before, widest)

    def _entries(self, across: dict[str, float]) -> dict[str, float]:
        """Where the wire of each state that enters meets something: its own column, or the first sign on its row."""
        entries: dict[str, float] = {}
        for state in (*self.arranged.rows.order, "x"):
            if f"{state}_prev" in self.arranged.fixed:
                entries[state] = across[f"of {state}_prev"]
            elif state in self.arranged.rows.spines:
                first = self.arranged.placed[self.arranged.rows.spines[state][0].result]
                entries[state] = across[f"of {first.result}"] - self._half(first)
        return entries

    def _half(self, p: Placed) -> float:
        return half_width(self.program, p.operation)

    def _left(self, column: Column) -> float:
        least = 30.0 if column.source else 16.0 if column.rising[0] else 8.0  # for the elbow of what comes down or up
        return max(
            [
                least,
                *(self._half(p) + self._letter(p) + _turn(p, "lane left") for p in column.placed),
                *(word_width(letter, NAME, index) + 15 for letter, index in map(letters, self._names_on_wires(column))),
            ]
        )

    def _names_on_wires(self, column: Column) -> list[str]:
        return [name for p in column.placed if (name := self.name_on_wire(p))]

    def _right(self, column: Column) -> float:
        rooms = [8.0]
        for p in column.placed:
            rooms.append(self._half(p) + _turn(p, "lane right"))
            if p.result in self.labels and not p.row:
                rooms.append(self.label_room(p.result) + 10)
        return max(rooms)

    def label_room(self, tensor: str) -> float:
        return self.rooms[min(len(self.program.by_id[tensor].axes), len(self.rooms) - 1)]

    def _letter(self, p: Placed) -> float:
        """The room for the name of a result left of its layer."""
        if not self.name(p):
            return 0.0
        return 9.0 * min(5, len(p.result)) + (10 if self.compact else 4)

    def name(self, p: Placed) -> str:
        """The name beside a layer or a part of a split, if it has a line of its own and is a short word."""
        id, sign = p.result, p.operation.sign
        if sign != "layer" and (sign != "manipulation" or self.program.by_id[id].op != "split"):
            return ""
        t = self.program.by_id[id]
        letter, index = letters(id)
        is_short = len(id) < LONGEST_NAME or (len(letter + index) < 3 and (not index or t.part is not None))  # f̃, σ_z
        return id if t.symbol == f"{id}ₜ" and is_short else ""

    def name_on_wire(self, p: Placed) -> str:
        """The name beside the wire above an operation that has no name beside it, if it has a line of its own."""
        id = p.result
        is_other = p.operation.sign in ("layer", "line") or self.name(p) or p.row or p.column.source
        is_shown = is_other or id in (*self.program.cell.states, self.program.cell.output)
        is_named = self.program.by_id[id].symbol == f"{id}ₜ" and bool(self.arranged.users.get(id))
        return id if is_named and not is_shown and len("".join(letters(id))) <= LONGEST_NAME else ""

    # down

    def _rows(self) -> tuple[dict[str, float], float]:
        """The heights of rows, levels and lanes, counted from the bottom up and then turned over."""
        up, y = self._levels()
        low = self.arranged.rows.spines.get(self.arranged.rows.order[-1], []) if self.arranged.rows.order else []
        tallest = max((height(self.program, o) for o in low), default=SIGN_HEIGHT)
        y += UNDER - UNLABELLED + (tallest - SIGN_HEIGHT) / 2
        ranks = [len(self.program.by_id[state].axes) for state in self.arranged.rows.order]
        row = ROW + SECOND_LINE * (max(ranks, default=2) > 2)
        for state in reversed(self.arranged.rows.order):
            up[state] = y
            y += row
        total = max(LOWEST, y - row + self.above)
        return {name: total - value for name, value in up.items()}, total

    def _levels(self) -> tuple[dict[str, float], float]:
        """The heights of levels with their labels and of the lanes below them, and where the last one ends."""
        up: dict[str, float] = {}
        y = BOTTOM
        if "x" in self.program.cell.states:
            up["x"] = y + 4
            y += 26
        for level in (*range(1, self.arranged.levels + 1), TOP):
            for tensor in self.arranged.lanes(level):
                is_ribbon = edges(self.program, self.program.by_id[tensor].axes) is not None
                y += RIBBON / 2 * is_ribbon
                up[f"lane {level} {tensor}"] = y
                y += LANE + RIBBON / 2 * is_ribbon
            y += RISE - LANE if self.arranged.lanes(level) else 0
            if level == TOP:
                break
            here = [p for p in self.arranged.placed.values() if p.level == level and not p.row]
            tallest = max((height(self.program, p.operation) for p in here), default=8.0)
            up[f"level {level}"] = y + tallest / 2
            up[f"labels {level}"] = y + tallest + self.labelled / 2 - 1
            y += tallest + (self.labelled if self._has_labels(level) else UNLABELLED)
        return up, y

    def _has_labels(self, level: int) -> bool:
        """Whether labels are between a level and the next: those of results that go up from it, or come down to it."""
        for p in self.arranged.placed.values():
            here = p.level - 1 if p.column.source else p.level
            if here == level and p.result in self.labels and not p.row:
                return True
        return False


def _turn(p: Placed, entry: Entry) -> float:
    """The room for a wire that turns from a lane into the side of an operation."""
    return TURN + 6 if entry in p.entries.values() else 0.0
