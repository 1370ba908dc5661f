"""The picture of a typed cell, made from its program alone.

x enters from below. Layers with weights stand on one line, the results flow upwards, and the states run straight
through on rows at the top. A wire that goes up passes under every one that goes across.
"""

from functools import lru_cache, partial

from ....core.program import Program
from ....size_expressions import fixed, minimum
from ...drawing import Drawing
from ...elements import Box, Label, Outline
from ...matrix_axes import layer_axes
from ...names_as_letters import letters
from ...text_metrics import LEAST_NAME, word_width
from ...text_spans import ShapeSpan, TextSpan
from ...theme import axis_role
from ..layout import CellBox, CellLayout
from ..routes import draw_routes
from .inside import Inside
from .labels import Labels
from .operation_sizes import LAYER_WIDTH
from .placement import LABELS, Plan, plan_of
from .routes import Routes

PAGE_WIDTH, PAGE_HEIGHT = 446.0, 313.0
"""The cell of a page, in whose pixels all lengths here are given."""

OF_PAGE, IN_TWO_LINES = 71.0, 8.0
"""The room for the shape of a state beside the cell of a page, and how much more a compact cell has for two lines."""

LONGEST_NAME, NAME_ROOM = 80.0, 40.0
"""The width of the longest name of a state that has room beside the cell, and the room that is there for any."""

BEHIND, MOST_LAYERS = 9.0, 3
"""How far each layer of a cell is behind the one before it, and how many are drawn at most."""

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


def _inside(plan: Plan, d: Drawing, box: CellBox) -> None:
    """Draw the inside of the cell."""
    inside = Inside(plan, d, box)
    _frame(plan, d, box)
    d.draw(*inside.operations.values())
    routes = Routes(inside)
    draw_routes(d, list(routes.all()), routes.together)
    Labels(inside).draw()


def _frame(plan: Plan, d: Drawing, box: CellBox) -> None:
    """The green rectangle, with outlines behind it for an axis that only repeats the cell."""
    radius = min(CORNER, 0.06 * box.width)
    for axis in layer_axes(plan.program)[:1]:
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
