"""A plain picture of any cell, made from its program alone.

Vectors flow upwards: x comes from below, the old states come down at the left from the heights at which they enter, and
the new ones leave there at the right. A wire that goes up passes under every one that goes across.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial

from ....core.program import Program
from ...drawing import Drawing
from ...graph import Operation, Port
from ...shapes import Point
from ...wires import ELBOW
from ..layout import CellBox, CellLayout
from ..parts import entry, frame, output_exit, state_exit
from .arrangement import Arrangement, Node
from .routes import Route, draw_routes

# In widths of an ordinary cell: the margin and a column of x or an old state, a column of operations, a yellow layer.
OWN, COLUMN, LAYER = 0.065, 0.17, 0.14
NARROWEST = 0.9
# In heights of an ordinary cell: a lane, the rise from lanes to a level, a level without and with yellow layers, its
# labels, the row of a state.
LANE, RISE, LOW, TALL, LABEL, LONG_LABEL, ROW = 0.07, 0.08, 0.065, 0.24, 0.125, 0.2, 0.17
MARGIN = 0.04


@lru_cache
def automatic(program: Program) -> CellLayout:
    """The positions of the parts of a program's cell."""
    arranged = Arrangement(program)
    columns, rows = _columns(arranged), _rows(program, arranged)
    width, height = columns["output"] + OWN, max(rows.values()) + ROW
    across = {name: x / width for name, x in columns.items()}
    down = {name: 1 - y / height for name, y in rows.items()}
    return CellLayout(partial(_inside, arranged), across, down, LAYER / width, (width, height))


def _columns(arranged: Arrangement) -> dict[str, float]:
    """Where x enters, the output leaves, and ``of`` each tensor its column."""
    own = OWN * (len(arranged.given) + 1)
    columns = {f"of {t}": own + OWN * at for t, at in arranged.given.items()}
    columns |= {f"of {n.made}": own + COLUMN * (n.column + 0.5) for n in arranged.nodes.values()}
    entry = 3 * OWN if len(arranged.states) > 1 else own + COLUMN / 2  # the second state comes down, or the first node
    output = max(NARROWEST - OWN, own + COLUMN * arranged.columns + OWN / 2)
    return {**columns, "x": OWN, "entry": entry, "output": output}


def _rows(program: Program, arranged: Arrangement) -> dict[str, float]:
    """Rows from the bottom up: for each level the ``lane`` of each tensor, ``level`` and ``labels``; then states."""
    rows: dict[str, float] = {}
    y = MARGIN
    for level in range(1, arranged.levels + 1):
        lanes = arranged.lanes(level)
        rows |= {f"lane {level} {t}": y + LANE * (n + 0.5) for n, t in enumerate(reversed(lanes))}
        y += LANE * len(lanes) + (RISE if lanes else 0)
        height, above = _height(arranged, level), _label_height(program, arranged, level)
        rows |= {f"level {level}": y + height / 2, f"labels {level}": y + height + above / 2}
        y += height + above
    return rows | {state: y + MARGIN + ROW * n for n, state in enumerate(reversed(arranged.states))}


def _height(arranged: Arrangement, level: int) -> float:
    kinds = {node.kind for node in arranged.nodes.values() if node.level == level}
    return TALL if kinds & {"layer", "vector"} else LOW


def _label_height(program: Program, arranged: Arrangement, level: int) -> float:
    """The height of the labels of a level: a sum needs many lines where another wire is near."""
    made = [node for node in arranged.nodes.values() if node.level == level]
    is_long = any(len(program.by_id[n.made].axes[-1].terms) > 1 and arranged.end(n) == n.column + 1 for n in made)
    return LONG_LABEL if is_long else LABEL


def _inside(arranged: Arrangement, d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    frame(d, box)
    operations = {node.made: _operation(d, box, node) for node in arranged.nodes.values()}
    d.draw(*operations.values())
    routes = [route for tensor in arranged.users for route in _routes(arranged, d, box, operations, tensor)]
    output, risen = d.program.cell.output, output_exit(d, box)
    y = box.row(output)
    made = _start(d, box, operations, output)[0]
    draw_routes(d, [*routes, Route(output, made.on(risen.x - ELBOW, y), risen, ((risen.x, y),))])
    for node in arranged.nodes.values():
        if arranged.users[node.made] or node.made in arranged.states:
            _label(arranged, d, box, node)


def _label(arranged: Arrangement, d: Drawing, box: CellBox, node: Node) -> None:
    """The shape of what a node makes, right of its wire, as far as the next one."""
    x, y, breadth = box.column(f"of {node.made}"), box.row(f"labels {node.level}"), d.breadth(node.made)
    beside = arranged.neighbour(node)
    end = box.column(f"of {beside.made}") - d.breadth(beside.made) / 2 if beside else box.right
    d.label(node.made, x + (breadth - d.thickness(node.made)) / 2, y, "right", end - x - breadth / 2 - 11)


def _operation(d: Drawing, box: CellBox, node: Node) -> Operation:
    """The position of an operation."""
    x, y = box.column(f"of {node.made}"), box.row(f"level {node.level}")
    match node.kind:
        case "layer":
            return d.layer(node.shown, x, y, box.layer_width)
        case "vector":
            return d.small_layer(node.shown, x, y + 16)
        case "view":
            return d.view(node.shown, x, y)
    return d.pointwise(node.shown, x, y)


Operations = Mapping[str, Operation]
"""By the tensor that leaves each of them."""


def _routes(arranged: Arrangement, d: Drawing, box: CellBox, operations: Operations, tensor: str) -> Iterator[Route]:
    """The routes of a tensor from where it is made to all its users, each branching from the one before.

    The route that leaves the tensor's column last is drawn first, all the way. Every other one begins on it: at its
    elbow, or, where a route to the same side has left there already, in their lane.
    """
    x, is_old_state = box.column(f"of {tensor}"), tensor in arranged.given and tensor != "x"
    source, corner = _start(d, box, operations, tensor)
    ways = [_way(box, operations, node, tensor) for node in arranged.users[tensor]]
    if tensor in arranged.states:
        ways.append((((x, box.row(tensor)),), state_exit(d, box, tensor)))
    sign = 1 if is_old_state else -1  # it comes down, or goes up
    begun: dict[float, set[bool]] = {}
    for via, target in sorted(ways, key=lambda way: (sign * _first(way)[1], abs(way[1].x - x)), reverse=True):
        turn, to_right = _first((via, target))[1], target.x > x
        if not begun:
            start, via = source, (*corner, *via)
        elif to_right not in begun.get(turn, ()):
            start = source.on(x, turn - sign * ELBOW)
        else:  # from the lane, where it turns up
            corner_x = (*via, (target.x, target.y))[1][0]
            start, via = source.on(corner_x - ELBOW if to_right else corner_x + ELBOW, turn), via[1:]
        begun.setdefault(turn, set()).add(to_right)
        yield Route(tensor, start, target, via)


Way = tuple[tuple[Point, ...], Port]
"""Points on the way to a port."""


def _first(way: Way) -> Point:
    """Where a way leaves the column of its tensor."""
    via, target = way
    return via[0] if via else (target.x, target.y)


def _start(d: Drawing, box: CellBox, operations: Operations, tensor: str) -> tuple[Port, tuple[Point, ...]]:
    """Where a tensor comes from, and its way into its column: from below, from the left or from the operation that
    makes it."""
    if tensor in operations:
        return operations[tensor].out("top"), ()
    source = entry(d, box, tensor)
    return source, () if tensor == "x" else ((box.column(f"of {tensor}"), source.y),)


def _way(box: CellBox, operations: Operations, node: Node, tensor: str) -> Way:
    """Where a tensor leaves its column, and its way from there to an operation that takes it."""
    x, to, of = box.column(f"of {tensor}"), box.column(f"of {node.made}"), operations[node.made]
    if node.enters[tensor] == "straight":
        return (), of.into("bottom").moved(x, of.bottom + 1)
    if node.enters[tensor] == "side":
        y = box.row(f"level {node.level}")
        at = of.into("left" if x < to else "right")
        return ((x, y),), at.moved(at.x, y)
    if node.kind == "view":  # side by side
        others = len(node.inputs) - 1
        to += (node.inputs.index(tensor) - others / 2) * min(22.0, 44 / max(1, others))
    lane = box.row(f"lane {node.level} {tensor}")
    return ((x, lane), (to, lane)), of.into("bottom").moved(to, of.bottom + 1)
