"""A plain picture of any cell, made from its program alone.

Vectors flow upwards: x enters from below, the previous states enter at the left and go down, and the new ones leave at
the right, at the same heights. A wire that goes up passes under every one that goes across.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial

from ....core.program import Program
from ...drawing import Drawing
from ...elements import Point
from ...graph import Operation, Port
from ...wires import ELBOW
from ..common_parts import entry, frame, output_exit, state_exit
from ..layout import CellBox, CellLayout
from ..routes import Route, Way, branches, draw_routes
from .levels_and_columns import ArrangedOperation, Arrangement

# In widths of an ordinary cell: the margin and a column of x or a previous state, a column of operations, a yellow
# layer.
OWN, COLUMN, LAYER = 0.065, 0.17, 0.14
NARROWEST = 0.9
LEAST_SCALE = 1.8
WIDER, HIGHER = 1.076, 1.214
FURTHER = {"narrow": (1.06, 1.27), "hall": (1.06, 1.27)}
# In heights of an ordinary cell: a lane, the rise from lanes to a level, a level without and with yellow layers, the
# labels of a level, the row of a state.
LANE, RISE, LOW, TALL, LABEL, LONG_LABEL, ROW = 0.07, 0.08, 0.065, 0.24, 0.125, 0.2, 0.19
MARGIN = 0.04


@lru_cache
def automatic(program: Program) -> CellLayout:
    """The positions of the parts of a program's cell."""
    arranged = Arrangement(program)
    columns, rows = _columns(arranged), _rows(program, arranged)
    width, height = columns["output"] + OWN, max(rows.values()) + ROW
    across = {name: x / width for name, x in columns.items()}
    down = {name: 1 - y / height for name, y in rows.items()}
    stretch = WIDER * width, HIGHER * height
    inside = partial(_inside, arranged)
    return CellLayout(inside, across, down, LAYER / width, stretch, FURTHER, least_scale=LEAST_SCALE)


def _columns(arranged: Arrangement) -> dict[str, float]:
    """The columns: ``x``, ``entry`` and ``output``, where these enter and leave, and ``of h`` and so on for each
    tensor."""
    own = OWN * (len(arranged.fixed) + 1)
    columns = {f"of {t}": own + OWN * at for t, at in arranged.fixed.items()}
    columns |= {f"of {o.result}": own + COLUMN * (o.column + 0.5) for o in arranged.operations.values()}
    entry = 3 * OWN if len(arranged.states) > 1 else own + COLUMN / 2  # of the second state, or of the first operation
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
    return rows | {state: y + MARGIN + ROW * n for n, state in enumerate(reversed(arranged.leaving))}


def _height(arranged: Arrangement, level: int) -> float:
    kinds = {o.kind for o in arranged.operations.values() if o.level == level}
    return TALL if kinds & {"layer", "vector"} else LOW


def _label_height(program: Program, arranged: Arrangement, level: int) -> float:
    """The height of the labels of a level: a sum needs many lines where another wire is near."""
    operations = [o for o in arranged.operations.values() if o.level == level]
    is_long = any(
        any(len(axis.terms) > 1 for axis in program.by_id[o.result].axes[-1:]) and arranged.end(o) == o.column + 1
        for o in operations
    )
    return LONG_LABEL if is_long else LABEL


def _inside(arranged: Arrangement, d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    frame(d, box)
    drawn = {o.result: _drawn(d, box, o) for o in arranged.operations.values()}
    d.draw(*drawn.values())
    routes = [route for tensor in arranged.users for route in _routes(arranged, d, box, drawn, tensor)]
    output, risen = d.program.cell.output, output_exit(d, box)
    y = box.row(output)
    start, _ = _start(d, box, drawn, output)
    start = start.on(risen.x - ELBOW, y) if output in arranged.states else start
    corner = () if output in arranged.states else ((box.column(f"of {output}"), y),)
    draw_routes(d, [*routes, Route(output, start, risen, (*corner, (risen.x, y)))])
    for operation in arranged.operations.values():
        if arranged.users[operation.result] or operation.result in arranged.leaving:
            _label(arranged, d, box, operation)


def _label(arranged: Arrangement, d: Drawing, box: CellBox, operation: ArrangedOperation) -> None:
    """The shape of the result of an operation, right of its wire, in the room before the next wire."""
    tensor = operation.result
    x, y, breadth = box.column(f"of {tensor}"), box.row(f"labels {operation.level}"), d.breadth(tensor)
    beside = arranged.neighbour(operation)
    end = box.column(f"of {beside.result}") - 0.95 * d.breadth(beside.result) if beside else box.right
    d.label(tensor, x + (breadth - d.thickness(tensor)) / 2, y, "right", end - x - 0.7 * breadth - 11)


def _drawn(d: Drawing, box: CellBox, operation: ArrangedOperation) -> Operation:
    """An operation at its position in the cell."""
    x, y = box.column(f"of {operation.result}"), box.row(f"level {operation.level}")
    match operation.kind:
        case "layer":
            return d.layer(operation.shown, x, y, box.layer_width)
        case "vector":
            return d.small_layer(operation.shown, x, y + 16)
        case "manipulation":
            return d.manipulation(operation.shown, x, y)
    return d.pointwise(operation.shown, x, y)


Operations = Mapping[str, Operation]
"""Operations in the cell, by the tensor that leaves each of them."""


def _routes(arranged: Arrangement, d: Drawing, box: CellBox, drawn: Operations, tensor: str) -> Iterator[Route]:
    """The routes of a tensor from its source to all its users."""
    source, corner = _start(d, box, drawn, tensor)
    ways = [_way(box, drawn, operation, tensor) for operation in arranged.users[tensor]]
    if tensor in arranged.states:
        ways.append((((box.column(f"of {tensor}"), box.row(tensor)),), state_exit(d, box, tensor)))
    return branches(tensor, source, corner, ways)


def _start(d: Drawing, box: CellBox, drawn: Operations, tensor: str) -> tuple[Port, tuple[Point, ...]]:
    """The source of a tensor, and its way into its column: from below, from the left or from the operation that
    computes it."""
    if tensor in drawn:
        return drawn[tensor].out("top"), ()
    source = entry(d, box, tensor)
    return source, () if tensor == "x" else ((box.column(f"of {tensor}"), source.y),)


def _way(box: CellBox, drawn: Operations, user: ArrangedOperation, tensor: str) -> Way:
    """The way of a tensor from its column to an operation that uses it."""
    x, to, target = box.column(f"of {tensor}"), box.column(f"of {user.result}"), drawn[user.result]
    if user.entries[tensor] == "straight":
        return (), target.into("bottom").moved(x, target.bottom + 1)
    if user.entries[tensor] == "side":
        y = box.row(f"level {user.level}")
        at = target.into("left" if x < to else "right")
        return ((x, y),), at.moved(at.x, y)
    if user.kind == "manipulation":  # the inputs of a concatenation enter side by side
        others = len(user.inputs) - 1
        to += (user.inputs.index(tensor) - others / 2) * min(22.0, 44 / max(1, others))
    lane = box.row(f"lane {user.level} {tensor}")
    return ((x, lane), (to, lane)), target.into("bottom").moved(to, target.bottom + 1)
