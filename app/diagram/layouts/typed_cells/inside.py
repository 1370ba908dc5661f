"""The operations of a typed cell in the box of one step, which its wires and labels refer to."""

from ....size_expressions import maximum
from ...drawing import Drawing
from ...graph import Operation, Port
from ...signs_of_typed_cells import (
    SQUARE,
    TRAPEZOID,
    WEIGHT,
    choice_width,
    reduction_width,
    weight_width,
    width_of,
)
from ..common_parts import state_exit
from ..layout import CellBox
from .columns import Placed
from .operation_sizes import LAYER_WIDTH, SIGN_HEIGHT, layer_height, layer_width, line_height, line_width
from .placement import Plan


class Inside:
    """The operations of a cell in its box, by their results."""

    def __init__(self, plan: Plan, d: Drawing, box: CellBox) -> None:
        self.plan, self.arranged, self.d, self.box = plan, plan.arranged, d, box
        self.operations: dict[str, Operation] = {
            p.result: self._operation(p)._replace(also=p.operation.also) for p in self.arranged.placed.values()
        }

    def _operation(self, p: Placed) -> Operation:
        """An operation at its position."""
        d, box, o = self.d, self.box, p.operation
        x = box.column(f"of {p.result}")
        y = box.row(p.row) if p.row else box.row(f"level {p.level}")
        match o.sign:
            case "layer":
                width = layer_width(d.program, o) / LAYER_WIDTH * box.layer_width
                planned = layer_height(d.program, o) / self.plan.height * box.height
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
                return d.operation("line", o.shown, x, y, line_width(d.program, o), line_height(d.program, o))
            case "choice":
                return d.operation("choice", o.shown, x, y, choice_width(d.program, o.shown), SQUARE)
        return d.operation("sign", o.shown, x, y, width_of(d.program, o.shown), SIGN_HEIGHT)

    def along(self, tensor: str, row: str) -> Port:
        """Where a wire on a row ends: at the next operation, or where the state leaves."""
        spine = [o.result for o in self.arranged.rows.spines[row]]
        n = spine.index(tensor) + 1 if tensor in spine else 0
        if n < len(spine):
            return self.operations[spine[n]].into("left")
        return state_exit(self.d, self.box, row)
