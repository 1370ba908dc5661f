"""A plain picture of any cell, made from its program alone.

Vectors flow upwards: x comes from below, the old states come down at the left from the heights at which they enter, and
the new ones leave there at the right. A wire that goes up passes under every one that goes across.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

from app.core.program import Program
from app.diagram.drawing import SMALL, Drawing
from app.diagram.layouts.automatic.arrangement import Arrangement, Node
from app.diagram.layouts.automatic.routes import Route, draw_routes
from app.diagram.layouts.layout import Layout, Place
from app.diagram.layouts.parts import LEFT, frame
from app.diagram.shapes import Point
from app.diagram.wires import ELBOW

# In widths of an ordinary cell: the margin and a column of x or an old state, a column of operations, a yellow layer.
OWN, COLUMN, LAYER = 0.065, 0.17, 0.14
NARROWEST = 0.9
# In heights of an ordinary cell: a lane, the rise from lanes to a level, a level without and with yellow layers, its
# labels, the row of a state.
LANE, RISE, LOW, TALL, LABEL, LONG_LABEL, ROW = 0.07, 0.08, 0.065, 0.24, 0.125, 0.2, 0.17
MARGIN = 0.04


class Edges(NamedTuple):
    """Where an operation begins and ends, from top to bottom, and how far it reaches to each side."""

    top: float
    bottom: float
    half: float


@lru_cache
def automatic(program: Program) -> Layout:
    """Where the parts of a program's cell stand."""
    arranged = Arrangement(program)
    columns, rows = _columns(arranged), _rows(program, arranged)
    width, height = columns["output"] + OWN, max(rows.values()) + ROW
    across = {name: x / width for name, x in columns.items()}
    down = {name: 1 - y / height for name, y in rows.items()}
    return Layout(partial(_inside, arranged), across, down, LAYER / width, (width, height))


def _columns(arranged: Arrangement) -> dict[str, float]:
    """Where x enters, the output leaves, and ``of`` each tensor its column."""
    own = OWN * (len(arranged.given) + 1)
    columns = {f"of {t}": own + OWN * at for t, at in arranged.given.items()}
    columns |= {f"of {n.made}": own + COLUMN * (n.column + 0.5) for n in arranged.nodes.values()}
    entry = 3 * OWN if len(arranged.states) > 1 else own + COLUMN / 2  # the second state comes down, or the first node
    output = max(NARROWEST - OWN, own + COLUMN * arranged.columns + OWN / 2)
    return {**columns, "x": OWN, "entry": entry, "output": output}


def _rows(program: Program, arranged: Arrangement) -> dict[str, float]:
    """From below: for each level the ``lane`` of each tensor, the ``level`` and its ``labels``; then the states."""
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
    """How high the labels of a level are: a sum needs many lines where another wire is near."""
    made = [node for node in arranged.nodes.values() if node.level == level]
    is_long = any(len(program.by_id[n.made].axes[-1].terms) > 1 and arranged.end(n) == n.column + 1 for n in made)
    return LONG_LABEL if is_long else LABEL


def _inside(arranged: Arrangement, d: Drawing, place: Place) -> None:
    """Draw the inside of the cell."""
    frame(d, place)
    edges = {node.made: _node(d, place, node) for node in arranged.nodes.values()}
    routes = [route for tensor in arranged.users for route in _routes(arranged, place, edges, tensor)]
    output, up = d.program.cell.output, place.column("output")
    y = place.row(output)
    draw_routes(d, [*routes, Route(output, ((up - ELBOW, y), (up, y), (up, place.y)), head=False)])
    for node in arranged.nodes.values():
        if arranged.users[node.made] or node.made in arranged.states:
            _label(arranged, d, place, node)


def _label(arranged: Arrangement, d: Drawing, place: Place, node: Node) -> None:
    """The shape of what a node makes, right of its wire, as far as the next one."""
    x, y, breadth = place.column(f"of {node.made}"), place.row(f"labels {node.level}"), d.breadth(node.made)
    beside = arranged.neighbour(node)
    end = place.column(f"of {beside.made}") - d.breadth(beside.made) / 2 if beside else place.right
    d.label(node.made, x + (breadth - d.thickness(node.made)) / 2, y, "right", end - x - breadth / 2 - 11)


def _node(d: Drawing, place: Place, node: Node) -> Edges:
    """Draw an operation."""
    x, y = place.column(f"of {node.made}"), place.row(f"level {node.level}")
    if node.kind == "layer":
        d.layer(node.shown, x, y, place.layer_width)
        half = d.layer_height(node.shown, place.layer_width) / 2
        return Edges(y - half, y + half, place.layer_width / 2)
    if node.kind == "vector":
        return Edges(d.small_layer(node.shown, x, y + 16), y + 16, SMALL / 2)
    half = d.view(node.shown, x, y) if node.kind == "view" else d.pointwise(node.shown, x, y)
    return Edges(y - LEFT, y + LEFT, half)


def _routes(arranged: Arrangement, place: Place, edges: Mapping[str, Edges], tensor: str) -> Iterator[Route]:
    """The ways of a tensor from where it is made to all that takes it, which branch from one another."""
    x, is_old_state = place.column(f"of {tensor}"), tensor in arranged.given and tensor != "x"
    ways = [_way(place, edges, node, tensor) for node in arranged.users[tensor]]
    if tensor in arranged.states:
        ways.append(((x, place.row(tensor)), (place.right, place.row(tensor))))
    sign = 1 if is_old_state else -1  # it comes down, or goes up
    begun: dict[float, set[bool]] = {}
    for way in sorted(ways, key=lambda way: (sign * way[0][1], abs(way[-1][0] - x)), reverse=True):
        turn, to_right = way[0][1], way[-1][0] > x
        if not begun:
            start = _start(place, edges, tensor)
        elif to_right not in begun.get(turn, ()):
            start = ((x, turn - sign * ELBOW),)
        else:  # from the lane, where it turns up
            start, way = (((way[1][0] - ELBOW if to_right else way[1][0] + ELBOW), turn),), way[1:]
        begun.setdefault(turn, set()).add(to_right)
        yield Route(tensor, (*start, *way), head=way[-1][0] != place.right)


def _start(place: Place, edges: Mapping[str, Edges], tensor: str) -> tuple[Point, ...]:
    """Where a tensor comes from: from below, from the left or from the operation that makes it."""
    x = place.column(f"of {tensor}")
    if tensor in edges:
        return ((x, edges[tensor].top),)
    if tensor == "x":
        return ((x, place.bottom),)
    y = place.row(tensor.removesuffix("_prev"))
    return (place.x, y), (x, y)


def _way(place: Place, edges: Mapping[str, Edges], node: Node, tensor: str) -> tuple[Point, ...]:
    """Where a tensor leaves its column, and its way from there to an operation that takes it."""
    x, to, of = place.column(f"of {tensor}"), place.column(f"of {node.made}"), edges[node.made]
    if node.enters[tensor] == "straight":
        return ((x, of.bottom + 1),)
    if node.enters[tensor] == "side":
        y, half = place.row(f"level {node.level}"), of.half + 1
        return (x, y), (to - half if x < to else to + half, y)
    if node.kind == "view":  # side by side
        others = len(node.inputs) - 1
        to += (node.inputs.index(tensor) - others / 2) * min(22.0, 44 / max(1, others))
    lane = place.row(f"lane {node.level} {tensor}")
    return (x, lane), (to, lane), (to, of.bottom + 1)
