"""The routes of a typed cell: from each tensor to the operations that read it."""

from collections.abc import Iterator
from functools import cached_property

from ...arrowhead_sizes import half_of_head
from ...elements import Point
from ...graph import Operation, Port, Side
from ...signs_of_typed_cells import SLOPE, slots
from ...wires import ELBOW, RIBBON_ELBOW
from ..common_parts import apart, entry, output_exit, state_exit
from ..routes import Route, Way, branches
from .columns import Placed
from .inside import Inside
from .placement import TURN

BETWEEN_HEADS = 1.0
"""The least distance of two arrow heads side by side."""


BESIDE_STRAIGHT, EDGE = 15.0, 6.0
"""The distance of inputs beside the one that comes straight from below, and of the last one from the end of a box."""


class Routes:
    """The routes of all tensors of a cell."""

    def __init__(self, inside: Inside) -> None:
        self.inside, self.arranged, self.d, self.box = inside, inside.arranged, inside.d, inside.box
        self.operations = inside.operations

    def all(self) -> Iterator[Route]:
        """Those of x and of previous states first; x last, if a layer reads it side by side with another vector."""
        tensors = dict.fromkeys((*self.arranged.fixed, *(f"{s}_prev" for s in self.arranged.states)))
        of_pairs = {tensor for pair in self.together for tensor in pair}
        drawn = (*tensors, *self.operations)
        for tensor in sorted(drawn, key=lambda tensor: tensor == "x" and tensor in of_pairs):
            yield from self._routes(tensor)

    def _routes(self, tensor: str) -> Iterator[Route]:
        """From where a tensor enters or is computed to all its users."""
        arranged, box, d = self.arranged, self.box, self.d
        state = tensor.removesuffix("_prev")
        row = ""
        straight: Port | None = None
        if tensor in arranged.rows.row_of:
            row = arranged.rows.row_of[tensor]
            source = self.operations[tensor].out("right")
            straight = self.inside.along(tensor, row)
        elif tensor.endswith("_prev") and state in arranged.rows.order:
            row, source = state, entry(d, box, tensor)
            straight = self.inside.along(tensor, row) if state in arranged.rows.spines else None
        elif tensor in arranged.fixed:
            source = entry(d, box, tensor)
        else:
            source = self.operations[tensor].out("bottom" if self._is_hanging(tensor) else "top")
        if tensor == "x_prev":
            corner = ((self._column_of(tensor), source.y),)
            yield from branches(tensor, source, corner, self._ways(tensor))
        elif row:
            yield from self._row_routes(tensor, row, source, straight)
        else:
            yield from branches(tensor, source, (), self._ways(tensor))
        if tensor == d.program.cell.output:
            yield from self._output_route(tensor, source, row)

    def _is_hanging(self, tensor: str) -> bool:
        return bool(self.arranged.placed[tensor].column.source)

    def _row_routes(self, tensor: str, row: str, source: Port, straight: Port | None) -> Iterator[Route]:
        """Along a row, and down from it to other users."""
        y = self.box.row(row)
        x = self._column_of(tensor)
        ways = [self._way(tensor, u.result, x) for u in self.arranged.rows.below_users(tensor)]
        if straight:
            yield Route(tensor, source, straight)
            elbow = RIBBON_ELBOW + self.d.breadth(tensor) / 2 if self.d.is_matrix(tensor) else ELBOW
            source = source.on(x - elbow, y)
        yield from branches(tensor, source, ((x, y),), ways)

    def _column_of(self, tensor: str) -> float:
        """The column in which a tensor runs down or up."""
        name = f"down {tensor}" if f"down {tensor}" in self.box.columns else f"of {tensor}"
        return self.box.column(name) if name in self.box.columns else self.box.column("x")

    def _ways(self, tensor: str) -> list[Way]:
        x = self._column_of(tensor)
        ways = [self._way(tensor, u.result, x) for u in self.arranged.users.get(tensor, [])]
        if tensor in self.arranged.states:  # it begins anew on its row
            ways.append((((x, self.box.row(tensor)),), state_exit(self.d, self.box, tensor)))
        if tensor == "x" and "x" in self.d.program.cell.states:
            ways.append((((x, self.box.row("x")),), state_exit(self.d, self.box, "x")))
        return ways

    def _way(self, tensor: str, user: str, x: float) -> Way:
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
            most = max(len(left), len(right))
            pitch = min(BESIDE_STRAIGHT, (target.width / 2 - EDGE) / most) if most > 1 else BESIDE_STRAIGHT
            return target.x + (
                -pitch * (left.index(tensor) + 1) if tensor in left else pitch * (right.index(tensor) + 1)
            )
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
