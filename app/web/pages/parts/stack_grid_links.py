"""The grid of layers by steps. Each cell is a link; the cells from which a framework's outputs come are highlighted."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from markupsafe import Markup

from ....core.stack import Place
from ....diagram.charts.stack_grid import grid
from ....diagram.elements import Box
from ....diagram.layer_names import with_step
from ....diagram.transforms.relabeling import in_language
from ....frameworks.arrays import CoveredCells, IOArray
from ....translations.phrases import phrase
from ....translations.translator import Translator
from ....url_state.url_state import UrlState
from .links_and_accessible_names import as_svg

TRAP = phrase("Watch out: at the last step, the backward direction has read only one x. Its last state is at step 0.")


class CellLink(NamedTuple):
    """A link of the grid: its area, as the path of an SVG, and the query that opens it."""

    path: str
    link: str
    label: str


@dataclass(frozen=True)
class StackGrid:
    """The grid as SVG, its ``viewBox``, and its links. ``names``: the outputs that come from the highlighted cells."""

    svg: Markup
    box: str
    links: list[CellLink]
    names: list[str] = field(default_factory=list)
    note: str = ""


def cell_link(state: UrlState, box: Box, place: Place, t: int) -> CellLink:
    """The link of a cell at a step."""
    layer, direction = place
    return CellLink(box.path, state.at_step(t, layer=layer, direction=direction), with_step(place, t))


def grids(state: UrlState, outputs: tuple[IOArray, ...], translate: Translator) -> list[StackGrid]:
    """A grid for each group of outputs that come from the same cells, and with two directions one with the pitfall of
    the last step."""
    groups: dict[CoveredCells, list[str]] = {}
    for array in outputs:
        if any(cell[:2] == state.place or cell[2] == "every" for cell in array.covered):
            groups.setdefault(array.covered, []).append(array.name)
    found = [replace(stack_grid(state, covered, translate), names=names) for covered, names in groups.items()]
    top = state.num_layers - 1
    whole = [name for covered, names in groups.items() if (top, "backward", "every") in covered for name in names]
    if whole and state.time_step > 1:
        end = tuple((top, direction, "end") for direction in state.stack.directions)
        last_only = phrase("{array}, last step only", array=whole[0])
        found.append(replace(stack_grid(state, end, translate), names=[last_only], note=TRAP))
    return found


def stack_grid(state: UrlState, covered: CoveredCells, translate: Translator) -> StackGrid:
    """The grid of a UrlState's stack, with the ``covered`` cells highlighted."""
    drawn = grid(state.stack, state.t, state.place, covered, state.goes_backwards)
    links = [cell_link(state, cell.box, cell.place, cell.slot.first) for cell in drawn.squares]
    picture = in_language(drawn.picture, translate)
    return StackGrid(as_svg(picture), f"0 0 {picture.width:g} {picture.height:g}", links)
