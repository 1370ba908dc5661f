"""The picture of a typed cell, made from its program alone.

x enters from below. Layers with weights stand on one line, the results flow upwards, and the states run straight
through on rows at the top. A wire that goes up passes under every one that goes across.
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache, partial
from itertools import pairwise

from ....core.program import Program, Tensor
from ....expressions import fixed, maximum, minimum
from ...arrowheads import half_of_head
from ...drawing import LONGEST_KERNEL, Drawing
from ...elements import Box, Label, Outline, Point, Text
from ...graph import Operation, Port, Side
from ...letters import letters
from ...matrix_axes import edges, layer_axes
from ...signs import (
    LINE,
    SLOPE,
    SQUARE,
    TRAPEZOID,
    WEIGHT,
    choice_width,
    reduction_width,
    slots,
    weight_width,
    width_of,
)
from ...text_metrics import LEAST_NAME, word_width
from ...text_spans import ShapeSpan, TextSpan
from ...theme import axis_role
from ...wires import ELBOW, RIBBON_ELBOW
from ..automatic.routes import Route, draw_routes
from ..layout import CellBox, CellLayout
from ..parts import apart, entry, output_exit, state_exit
from .arrangement import TOP, Arrangement, Column, Entry, Placed
from .operations import FOLDED_ON_PHONES

PAGE_WIDTH, PAGE_HEIGHT = 446.0, 313.0
"""The cell of a page, in whose pixels all lengths here are given."""

NARROWEST, LOWEST = 330.0, 270.0
"""The least width and height of a cell."""

LAYER_WIDTH, LAYER_HEIGHT = 78.0, 56.0
FURTHER_KERNEL, NAMED = 14.0, 20.0
"""How much taller a layer is for each further kernel, and once if they have names."""

SIGN_HEIGHT = 24.0
SIDE, FIXED = 34.0, 24.0
"""The margin at the left and right, and the distance of the columns of x and of previous states."""

LANE, RISE = 23.0, 28.0
"""The height of a lane, in which a wire turns before it passes under the next one, and from the highest lane to the
operations above it."""

LEAST_SHARE = 0.74
"""How many times as far apart columns are in some formats, where operations are as wide as on a page."""

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

TURN = 16.0
"""The distance from an operation at which a wire turns from a lane to its side."""

BETWEEN_HEADS = 1.0
"""The least distance of two arrow heads side by side."""

BOTTOM = 20.0
"""Below the lowest lane."""

LABELS = (0.0, 30.0, 54.0, 78.0, 100.0, 118.0, 136.0)
"""The room for a label, by the number of axes."""

OF_PAGE, IN_TWO_LINES = 71.0, 8.0
"""The room for the shape of a state beside the cell of a page, and how much more a compact cell has for two lines."""

MOST_LINES = 2
"""The most lines of the shape of a matrix on a row; that of a vector has one."""

LONGEST_NAME, NAME_ROOM = 80.0, 40.0
"""The width of the longest name of a state that has room beside the cell, and the room that is there for any."""

LABELS_UP_TO = 14
"""With more operations, only wires whose shape differs from that below have labels."""

BALANCE, MOST_WIDENED = 1.3, 1.8
"""The width of a cell in heights, and how many times as wide a tall one is made for it."""

BEHIND, MOST_LAYERS = 9.0, 3
"""How far each layer of a cell is behind the one before it, and how many are drawn at most."""

LARGEST, COMFORTABLE = (1530.0, 1260.0), 0.72
"""The largest width and height of a cell in whose picture on a small screen, 584 pixels wide, shapes can be read; and
the share from which a cell is compact."""

CORNER = 28.0
"""The largest radius of the corners of the cell."""

FURTHER = {"narrow": (1.2, 1.27), "hall": (1.06, 1.27)}
"""How many times larger a cell is in some formats."""
LEAST_SCALE = 1.8


@lru_cache(256)
def typed(program: Program, opened: str = "", narrow: bool = False) -> CellLayout:
    """The positions of the parts of a typed cell. A cell that is too large, on a ``narrow`` picture one of many
    operations, is folded by line, but that which computes the tensor ``opened``."""
    plan = plan_of(program, opened, narrow)
    arranged = plan.arranged
    across = {name: x / plan.width for name, x in plan.across.items()}
    down = {name: y / plan.height for name, y in plan.down.items()}
    stretch = plan.width / PAGE_WIDTH, plan.height / PAGE_HEIGHT
    inside = partial(_inside, plan)
    rank = max((len(program.by_id[state].axes) for state in arranged.states), default=2)
    names = [word_width(letter, LEAST_NAME, index) for letter, index in map(letters, arranged.states)]
    longest = min(max(names, default=0.0), LONGEST_NAME) - word_width("c", LEAST_NAME)
    shapes = LABELS[min(rank, len(LABELS) - 1)] - OF_PAGE
    beside = max(0.0, min(shapes, IN_TWO_LINES) if plan.compact else shapes, longest - NAME_ROOM)
    return CellLayout(
        inside,
        across,
        down,
        LAYER_WIDTH / plan.width,
        stretch,
        FURTHER,
        least_scale=LEAST_SCALE,
        beside=beside,
        outside=max(0.0, longest),
        behind=BEHIND * (MOST_LAYERS - 1) if layer_axes(program) else 0.0,
    )


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
        has_matrices = any(len(self.program.by_id[state].axes) > 3 for state in arranged.rows)
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
        if not self.many:
            return True
        before = p.straight or (self.arranged.along_row(p.operation) if p.row else "")
        axes = self.program.by_id
        return not before or axes[before].axes != axes[p.result].axes

    # across

    def _columns(self) -> tuple[dict[str, float], float]:
        arranged = self.arranged
        across: dict[str, float] = {}
        x = SIDE
        for tensor in arranged.fixed:
            if tensor != "x":  # right of the shape of the state, where that is inside the cell
                x = max(x, self.label_room(tensor) + 10)
            across[f"of {tensor}"] = x
            x += FIXED
        before = widest = 0.0  # the room that the column before needs at its right, and half of its widest operation
        before_rows: set[str] = set()
        x -= FIXED
        for n, columns in enumerate(arranged.places):
            left = max(self._left(c) for c in columns)
            here = max((self._widest_half(p) for c in columns for p in c.placed), default=0.0)
            rows = {p.row for c in columns for p in c.placed if p.row}
            between = ON_A_ROW if rows & before_rows else 2.0
            x += max(before + left + 8, widest + here + between, 40.0) if n else left + 26
            before, widest, before_rows = max(self._right(c) for c in columns), here, rows
            for column in columns:
                if column.rising[0]:
                    across["up {} {}".format(*column.rising)] = x
                for tensor in (*([column.source] if column.source else []), *(p.result for p in column.placed)):
                    name = f"down {tensor}" if tensor == column.source else f"of {tensor}"
                    across[name] = x
        output = self.program.cell.output
        x += max(before, widest)
        placed = arranged.placed.get(output)
        if placed and (placed.row or output in arranged.states):
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

    def _entries(self, across: dict[str, float]) -> dict[str, float]:
        """Where the wire of each state that enters meets something: its own column, or the first sign on its row."""
        entries: dict[str, float] = {}
        for state in (*self.arranged.rows, "x"):
            if f"{state}_prev" in self.arranged.fixed:
                entries[state] = across[f"of {state}_prev"]
            elif state in self.arranged.spines:
                first = self.arranged.placed[self.arranged.spines[state][0].result]
                entries[state] = across[f"of {first.result}"] - self._half(first)
        return entries

    def _left(self, column: Column) -> float:
        least = 30.0 if column.source else 16.0 if column.rising[0] else 8.0  # for the elbow of what comes down or up
        return max([least, *(self._half(p) + self._letter(p) + _turn(p, "lane left") for p in column.placed)])

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
        if p.operation.sign != "layer" or not self.name(p):
            return 0.0
        return 9.0 * min(5, len(p.result)) + (10 if self.compact else 4)

    def name(self, p: Placed) -> str:
        """The name of a result that has a line of its own and is a short word."""
        id = p.result
        return id if self.program.by_id[id].symbol == f"{id}ₜ" and len(id) < 6 else ""

    def layer_width(self, p: Placed) -> float:
        """The width of a layer: more with the names of several kernels, or with kernels of many axes."""
        ranks = [len(t.axes) for t in self._kernels(p)]
        named = 0.0 if len(ranks) < 2 else 30.0
        return LAYER_WIDTH + named + 22.0 * max(0, max(ranks, default=2) - 2)

    def _kernels(self, p: Placed) -> list[Tensor]:
        tensors = [self.program.by_id[id] for id in p.operation.also]
        return [t for t in tensors if t.role == "weight" and len(t.axes) > 1]

    def layer_height(self, p: Placed) -> float:
        """The height of a layer with the shapes of its kernels; those with names have more lines at large sizes."""
        kernels = self._kernels(p)
        is_named = len(kernels) > 1 and max(len(t.symbol) for t in kernels) < LONGEST_KERNEL
        return LAYER_HEIGHT + FURTHER_KERNEL * max(0, len(p.operation.inputs) - 1) + NAMED * is_named

    def _half(self, p: Placed) -> float:
        match p.operation.sign:
            case "layer":
                return self.layer_width(p) / 2
            case "line":
                return LINE[0] / 2
            case "weight":
                return weight_width(self.program, p.operation.shown) / 2
            case "outer":
                return SQUARE / 2
            case "reduction":
                return reduction_width(self.program, p.operation.shown) / 2
            case "manipulation":
                return 23.0
            case "choice":
                return choice_width(self.program, p.operation.shown) / 2
        return width_of(self.program, p.operation.shown) / 2

    def _widest_half(self, p: Placed) -> float:
        """Half the width of an operation in the format that has least room for it. Layers become narrower with their
        cell."""
        return self._half(p) / (1.0 if p.operation.sign == "layer" else LEAST_SHARE)

    # down

    def _rows(self) -> tuple[dict[str, float], float]:
        """The heights of rows, levels and lanes, counted from the bottom up and then turned over."""
        arranged, up = self.arranged, dict[str, float]()
        y = BOTTOM
        if "x" in self.program.cell.states:
            up["x"] = y + 4
            y += 26
        for level in (*range(1, arranged.levels + 1), TOP):
            for tensor in arranged.lanes(level):
                is_ribbon = edges(self.program, self.program.by_id[tensor].axes) is not None
                y += RIBBON / 2 * is_ribbon
                up[f"lane {level} {tensor}"] = y
                y += LANE + RIBBON / 2 * is_ribbon
            y += RISE - LANE if arranged.lanes(level) else 0
            if level == TOP:
                break
            here = [p for p in arranged.placed.values() if p.level == level and not p.row]
            height = max((self._height(p) for p in here), default=8.0)
            up[f"level {level}"] = y + height / 2
            up[f"labels {level}"] = y + height + self.labelled / 2 - 1
            y += height + (self.labelled if self._has_labels(level) else UNLABELLED)
        low = arranged.spines.get(arranged.rows[-1], []) if arranged.rows else []
        tallest = max((self._height(arranged.placed[o.result]) for o in low), default=SIGN_HEIGHT)
        y += UNDER - UNLABELLED + (tallest - SIGN_HEIGHT) / 2
        ranks = [len(self.program.by_id[state].axes) for state in arranged.rows]
        row = ROW + SECOND_LINE * (max(ranks, default=2) > 2)
        for state in reversed(arranged.rows):
            up[state] = y
            y += row
        height = max(LOWEST, y - row + self.above)
        return {name: height - value for name, value in up.items()}, height

    def _has_labels(self, level: int) -> bool:
        """Whether labels are between a level and the next: those of results that go up from it, or come down to it."""
        for p in self.arranged.placed.values():
            here = p.level - 1 if p.column.source else p.level
            if here == level and p.result in self.labels and not p.row:
                return True
        return False

    def _height(self, p: Placed) -> float:
        match p.operation.sign:
            case "layer":
                return self.layer_height(p)
            case "line":
                return LINE[1]
            case "weight":
                return WEIGHT[1]
            case "outer" | "reduction" | "choice":
                return SQUARE
        return SIGN_HEIGHT


def _turn(p: Placed, entry: Entry) -> float:
    """The room for a wire that turns from a lane into the side of an operation."""
    return TURN + 6 if entry in p.entries.values() else 0.0


def _inside(plan: Plan, d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    inside = Inside(plan, d, box)
    inside.frame()
    d.draw(*inside.operations.values())
    draw_routes(d, list(inside.routes()), inside.together)
    inside.words()


class Inside:
    """The inside of one cell in its box."""

    def __init__(self, plan: Plan, d: Drawing, box: CellBox) -> None:
        self.plan, self.arranged, self.d, self.box = plan, plan.arranged, d, box
        self.operations: dict[str, Operation] = {
            p.result: self._operation(p)._replace(also=p.operation.also) for p in self.arranged.placed.values()
        }

    def frame(self) -> None:
        """The green rectangle, with outlines behind it for an axis that only repeats the cell."""
        box, d = self.box, self.d
        radius = min(CORNER, 0.06 * box.width)
        for axis in layer_axes(self.arranged.program)[:1]:
            size, role = axis.size(d.sizes), axis_role(axis.names[0], d.sizes)
            behind = fixed(minimum(size, MOST_LAYERS)) - 1
            for n in range(behind, 0, -1):
                x, y = box.x + BEHIND * n, box.y - BEHIND * n
                d.add(Box("cell", x, y, box.width, box.height, radius))
                d.add(Outline(role, x, y, box.width, box.height, radius, 1.3))
            if behind:
                words = (ShapeSpan(str(size), role), TextSpan(f"\u00a0{axis.names[0]}", role))
                x = box.x + (0.3 if box.columns["output"] > 0.5 else 0.7) * box.width
                d.add(Label(x, box.y - BEHIND * behind - 9, (words,), d.lettering.small))
        d.add(Box("cell", box.x, box.y, box.width, box.height, radius))

    def _operation(self, p: Placed) -> Operation:
        """An operation at its position."""
        d, box, o = self.d, self.box, p.operation
        x = box.column(f"of {p.result}")
        y = box.row(p.row) if p.row else box.row(f"level {p.level}")
        match o.sign:
            case "layer":
                width = self.plan.layer_width(p) / LAYER_WIDTH * box.layer_width
                planned = self.plan.layer_height(p) / self.plan.height * box.height
                grown = maximum(0, d.layer_height(o.shown, width) - planned)
                return d.layer(o.shown, x, y - grown / 2, width)  # upwards, not over the arrows below
            case "manipulation":
                return d.manipulation(o.shown, x, y)
            case "outer":
                return d.operation("outer", o.shown, x, y, SQUARE, SQUARE)
            case "reduction":
                return d.operation("reduction", o.shown, x, y, reduction_width(d.program, o.shown), TRAPEZOID[1])
            case "weight":
                width = weight_width(d.program, o.shown)
                return d.operation("weight", o.shown, x, y, width, WEIGHT[1])
            case "line":
                return d.operation("line", o.shown, x, y, *LINE)
            case "choice":
                return d.operation("choice", o.shown, x, y, choice_width(d.program, o.shown), SQUARE)
        return d.operation("sign", o.shown, x, y, width_of(d.program, o.shown), 24.0)

    # wires

    def routes(self) -> Iterator[Route]:
        tensors = dict.fromkeys((*self.arranged.fixed, *(f"{s}_prev" for s in self.arranged.states)))
        of_pairs = {tensor for pair in self.together for tensor in pair}
        drawn = (*tensors, *self.operations)
        for tensor in sorted(drawn, key=lambda tensor: tensor == "x" and tensor in of_pairs):
            yield from self._routes(tensor)

    def _routes(self, tensor: str) -> Iterator[Route]:
        arranged, box, d = self.arranged, self.box, self.d
        state = tensor.removesuffix("_prev")
        row = ""
        straight: Port | None = None
        if tensor in arranged.row_of:
            row = arranged.row_of[tensor]
            source = self.operations[tensor].out("right")
            straight = self._along(tensor, row)
        elif tensor.endswith("_prev") and state in arranged.rows:
            row, source = state, entry(d, box, tensor)
            straight = self._along(tensor, row) if state in arranged.spines else None
        elif tensor in arranged.fixed:
            source = entry(d, box, tensor)
        else:
            source = self.operations[tensor].out("bottom" if self._is_hanging(tensor) else "top")
        if tensor == "x_prev":
            corner = ((self._column_of(tensor), source.y),)
            yield from self._column_routes(tensor, source, corner, self._ways(tensor))
        elif row:
            yield from self._row_routes(tensor, row, source, straight)
        else:
            yield from self._column_routes(tensor, source, (), self._ways(tensor))
        if tensor == d.program.cell.output:
            yield from self._output_route(tensor, source, row)

    def _is_hanging(self, tensor: str) -> bool:
        return bool(self.arranged.placed[tensor].column.source)

    def _along(self, tensor: str, row: str) -> Port:
        """Where a wire on a row ends: at the next operation, or where the state leaves."""
        spine = [o.result for o in self.arranged.spines[row]]
        n = spine.index(tensor) + 1 if tensor in spine else 0
        if n < len(spine):
            return self.operations[spine[n]].into("left")
        return state_exit(self.d, self.box, row)

    def _row_routes(self, tensor: str, row: str, source: Port, straight: Port | None) -> Iterator[Route]:
        """Along a row, and down from it to other users."""
        y = self.box.row(row)
        x = self._column_of(tensor)
        ways = [self._way(tensor, u.result, x) for u in self.arranged.below_users(tensor)]
        if straight:
            yield Route(tensor, source, straight)
            elbow = RIBBON_ELBOW + self.d.breadth(tensor) / 2 if self.d.is_matrix(tensor) else ELBOW
            source = source.on(x - elbow, y)
        if ways:
            yield from self._column_routes(tensor, source, ((x, y),), ways)

    def _column_of(self, tensor: str) -> float:
        """The column in which a tensor runs down or up."""
        name = f"down {tensor}" if f"down {tensor}" in self.box.columns else f"of {tensor}"
        return self.box.column(name) if name in self.box.columns else self.box.column("x")

    def _ways(self, tensor: str) -> list[tuple[tuple[Point, ...], Port]]:
        x = self._column_of(tensor)
        ways = [self._way(tensor, u.result, x) for u in self.arranged.users.get(tensor, [])]
        if tensor in self.arranged.states:  # it begins anew on its row
            ways.append((((x, self.box.row(tensor)),), state_exit(self.d, self.box, tensor)))
        if tensor == "x" and "x" in self.d.program.cell.states:
            ways.append((((x, self.box.row("x")),), state_exit(self.d, self.box, "x")))
        return ways

    def _way(self, tensor: str, user: str, x: float) -> tuple[tuple[Point, ...], Port]:
        """The way of a tensor from its column to an operation that reads it."""
        p, target = self.arranged.placed[user], self.operations[user]
        if p.straight == tensor:
            comes_down = bool(p.column.source)
            side: Side = "top" if comes_down else "bottom"
            return (), target.into(side).moved(target.x, target.top - 1 if comes_down else target.bottom + 1)
        entering, begin = p.entries[tensor], tuple[Point, ...]()
        if (tensor, user) in self.arranged.risers:
            lowest, riser = self._lane(1, tensor), self.box.column(f"up {tensor} {user}")
            begin, x = ((x, lowest), (riser, lowest)), riser
        if entering in ("left", "right"):
            return (*begin, (x, target.y)), self._into_side(p, target, entering)
        lane = self._lane(self.arranged.lane_level(p, tensor), tensor)
        if entering in ("lane left", "lane right"):
            side, sign = "left" if entering == "lane left" else "right", -1 if entering == "lane left" else 1
            at, turn = self._into_side(p, target, side), target.x + sign * (target.width / 2 + TURN)
            return (*begin, (x, lane), (turn, lane), (turn, target.y)), at
        to = self._lane_end(p, tensor, target)
        return (*begin, (x, lane), (to, lane)), target.into("bottom").moved(to, target.bottom + 1)

    def _into_side(self, p: Placed, target: Operation, side: Side) -> Port:
        at = target.into(side)
        inset = SLOPE / 2 if p.operation.sign == "reduction" else 0.0
        return at.moved(at.x + (inset if side == "left" else -inset), target.y)

    def _lane(self, level: int, tensor: str) -> float:
        """The height of a lane. That of x touches the one above it, if both lead into the same layers."""
        lanes = self.arranged.lanes(level)
        n = lanes.index(tensor)
        if n + 1 < len(lanes) and frozenset((tensor, lanes[n + 1])) in self.together:
            return self._lane(level, lanes[n + 1]) + apart(self.d, lanes[n + 1], tensor)
        return self.box.row(f"lane {level} {tensor}")

    @cached_property
    def together(self) -> frozenset[frozenset[str]]:
        """Pairs of vectors that run side by side into layers, which read their concatenation."""
        pairs = {
            frozenset(p.operation.inputs)
            for p in self.arranged.placed.values()
            if p.operation.sign == "layer"
            and len(p.operation.inputs) == 2
            and "x" in p.operation.inputs
            and set(p.entries.values()) == {"lane"}
            and any(self.d.tensor(id).op == "concat" for id in p.operation.also)
        }
        return frozenset(pairs) if len(pairs) == 1 else frozenset()

    def _lane_end(self, p: Placed, tensor: str, target: Operation) -> float:
        """Where one of several inputs enters from below: side by side, such that their lanes do not cross."""
        if p.operation.sign == "choice":
            return target.x + next(slot.x for slot in slots(self.d.program, p.operation.shown) if slot.tensor == tensor)
        from_below = [i for i, entry in p.entries.items() if entry in ("lane", "straight")]
        if len(from_below) < 2:
            return target.x
        left, right = self._from_sides(p, [i for i in from_below if i != p.straight])
        if p.straight in from_below:
            return target.x + (-15.0 * (left.index(tensor) + 1) if tensor in left else 15.0 * (right.index(tensor) + 1))
        order = [*p.operation.inputs] if p.operation.is_row else [*reversed(left), *right]
        if frozenset(order) in self.together:
            between = sum(half_of_head(self.d.thickness(i)) for i in order) + BETWEEN_HEADS
            return target.x + (0.5 if tensor == "x" else -0.5) * between
        pitch = min(16.0, 0.7 * target.width / (len(order) - 1))
        return target.x + (order.index(tensor) - (len(order) - 1) / 2) * pitch

    def _from_sides(self, p: Placed, tensors: list[str]) -> tuple[list[str], list[str]]:
        """The tensors whose lanes come from the left, and those from the right: the lowest lane, which is the nearest
        to the middle, first."""
        arranged, here = self.arranged, p.column.at

        def height(tensor: str) -> tuple[int, int]:
            level = arranged.lane_level(p, tensor)
            return level, arranged.lanes(level).index(tensor)

        ordered = sorted(tensors, key=height)
        left = [i for i in ordered if arranged.place_of(i, p) < here]
        return left, [i for i in ordered if i not in left]

    def _column_routes(
        self, tensor: str, source: Port, corner: tuple[Point, ...], ways: list[tuple[tuple[Point, ...], Port]]
    ) -> Iterator[Route]:
        """The routes of a tensor to its users. The one that leaves its column last is drawn all the way; every other
        one begins on it: at its elbow, or, if a route to the same side already leaves there, in their lane."""
        if not ways:
            return
        x = corner[-1][0] if corner else source.x
        begin = corner[-1][1] if corner else source.y
        begun: dict[float, list[tuple[bool, float]]] = {}
        is_first = True

        def turn_of(way: tuple[tuple[Point, ...], Port]) -> float:
            via, target = way
            return via[0][1] if via else target.y

        def away(way: tuple[tuple[Point, ...], Port]) -> tuple[float, float]:
            via, target = way
            end = via[1][0] if len(via) > 1 else target.x
            return abs(turn_of(way) - begin), abs(end - x)

        for via, target in sorted(ways, key=away, reverse=True):
            turn = turn_of((via, target))
            end = via[1][0] if len(via) > 1 else target.x
            sign = 1 if turn > begin else -1
            to_right = end > x
            if is_first:
                start, whole = source, (*corner, *via)
                is_first = False
            elif not any(right == to_right for right, _ in begun.get(turn, [])):
                start, whole = source.on(x, turn - sign * ELBOW), via
            else:
                start, whole = source.on(end - ELBOW if to_right else end + ELBOW, turn), via[1:]
            begun.setdefault(turn, []).append((to_right, end))
            if len(whole) > 1 and whole[0] == (x, turn) and abs(end - x) < 0.5:
                whole = ()  # straight up
            yield Route(tensor, start, target, whole)

    def _output_route(self, tensor: str, source: Port, row: str) -> Iterator[Route]:
        box, d = self.box, self.d
        risen = output_exit(d, box)
        if row or tensor in self.arranged.states:
            y = box.row(row or tensor)
            yield Route(tensor, source.on(risen.x - ELBOW, y), risen, ((risen.x, y),))
        else:
            users = self.arranged.users.get(tensor, [])
            begin = source.on(source.x, source.y - 2) if users else source
            yield Route(tensor, begin, risen)

    # words

    def words(self) -> None:
        """The shapes of results, and the names of those that layers compute."""
        for p in self.arranged.placed.values():
            if p.result in self.plan.labels:
                self._label(p)
            if p.operation.sign == "layer" and (name := self.plan.name(p)):
                o, (letter, sub) = self.operations[p.result], letters(name)
                self.d.add(Text(o.left - 6, o.top + 9, letter, 14, "ink", "serif", "end", True, sub, node=o.node))

    def _label(self, p: Placed) -> None:
        d, box, operation = self.d, self.box, self.operations[p.result]
        breadth = d.breadth(p.result)
        if p.row:
            begin, end = self._free_of_row(p)
            needed = 0.75 * self.plan.label_room(p.result) * box.width / self.plan.width
            most = MOST_LINES if d.is_matrix(p.result) else 1
            if end - begin - 14 > needed and d.lines_of(p.result, end - begin - 14) <= most:
                d.label(p.result, (begin + end) / 2 - 4, operation.y, "above", end - begin - 14)
            return
        level = p.level - 1 if p.column.source else p.level
        name = f"labels {level}"
        y = box.row(name) if name in box.rows else operation.top - LABELLED / 2
        room = self._room(operation.x) - breadth / 2 - 12
        side = (breadth - d.thickness(p.result)) / 2
        if p.column.source:
            d.label(p.result, operation.x + side, y, "right", room)
        else:
            d.label(p.result, operation.x + side, y, "right", room, tall=2 * (operation.top - y) - 1)

    def _free_of_row(self, p: Placed) -> tuple[float, float]:
        """The longest piece of a wire on a row, right of its operation, that no wire to a row above it crosses."""
        arranged, box = self.arranged, self.box
        above = arranged.rows[: arranged.rows.index(p.row)]
        rising = [box.column(f"of {o.result}") for o in arranged.placed.values() if o.row in above or o.result in above]
        coming = [
            box.column(f"down {s}")
            for s in arranged.row_of
            if arranged.row_of[s] in above and f"down {s}" in box.columns
        ]
        output = [box.column("output")] if arranged.program.cell.output not in arranged.rows[len(above) + 1 :] else []
        begin, end = self.operations[p.result].right, self._along(p.result, p.row).x
        cuts = sorted(x for x in (*rising, *coming, *output) if begin < x < end)
        ends = [begin, *cuts, end]
        return max(pairwise(ends), key=lambda piece: piece[1] - piece[0])

    def _room(self, x: float) -> float:
        """The distance to what runs in the next column at the right."""
        box, nearest = self.box, self.box.right
        for name, share in box.columns.items():
            at, (kind, _, tensor) = box.x + share * box.width, name.partition(" ")
            tensor = tensor.partition(" ")[0]
            if kind in ("of", "down", "up") and x + 5 < at < nearest + 30:
                nearest = min(nearest, at - self.d.breadth(tensor) / 2 + 2)
        return nearest - x
