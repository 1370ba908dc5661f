"""The map of a stack beside the picture: a link for each cell and each last state, and where the last states of the top
layer are in what the framework returns."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from ....core.stack import Place, ends, is_reversed
from ....diagram.charts.stack_map import Output, StackMapComposition
from ....diagram.charts.stack_map import Row as DrawnRow
from ....diagram.layer_names import DIRECTION_NAMES
from ....diagram.shape_labels import lettering
from ....diagram.transforms.relabeling import SLICE, in_language, without_shapes
from ....frameworks.last_states import at_step, axes_of_step, last_states, stacked_arrays, state_entries
from ....translations.phrases import Phrase, phrase
from ....translations.translator import Translator
from ....url_state.url_state import UrlState
from .links_and_accessible_names import as_svg
from .stack_grid_links import CellLink, cell_link

ARROWS = {False: "→", True: "←"}
"""The way of a direction over time, by whether it is reversed."""


class MapRow(NamedTuple):
    """A direction of a layer: its area as the path of an SVG, and the links of its cells and its last state."""

    path: str
    cells: list[CellLink]
    exit: CellLink | None


class LastStep(NamedTuple):
    """Where a direction ends: an arrow, the step, and the expressions of the last state, all of which are equal."""

    arrow: str
    step: int
    expressions: list[str]


@dataclass(frozen=True)
class StackMap:
    """The map as SVG, its ``viewBox`` and rows. ``title`` introduces ``ends``, the directions of the top layer, and
    ``axis`` colours their states. ``same_order``: the array of each state, if it holds several cells."""

    svg: Markup
    box: str
    rows: list[MapRow]
    title: str
    axis: str
    ends: list[LastStep]
    same_order: list[str]


def stack_map(url_state: UrlState, translate: Translator) -> StackMap:
    """The map of a UrlState's stack."""
    stack = url_state.stack
    letters = lettering(url_state.labels, url_state.size_notation, 13, 13, narrow=True)
    names = {place: entry[0] for place in stack.places if (entry := state_entries(url_state.shown_model, place))}
    drawn = StackMapComposition(
        stack, url_state.t, url_state.place, letters, _output(url_state), names, url_state.goes_backwards
    ).draw()
    picture = in_language(drawn.picture, translate)
    if url_state.labels == "hidden":
        picture = without_shapes(picture)
    top = stack.num_layers - 1
    return StackMap(
        svg=as_svg(picture),
        box=f"0 0 {picture.width:g} {picture.height:g}",
        rows=[_row(url_state, row) for row in drawn.rows],
        title=_title(url_state),
        axis=stack.state.names[0],
        ends=[_end(url_state, (top, direction)) for direction in stack.directions],
        same_order=[array.name for array in stacked_arrays(url_state.shown_model, (top, "forward"))],
    )


def _output(url_state: UrlState) -> Output:
    """What the framework returns of the top layer: every step, or else only the last states."""
    arrays = [array for array in url_state.shown_model.outputs if array.tensor == "Y"]
    if arrays:
        return Output(", ".join(at_step(array, "t") for array in arrays), axes_of_step(arrays[0]))
    first = url_state.shown_model.outputs[0]
    return Output(first.name, first.axes, every_step=False)


def _row(url_state: UrlState, row: DrawnRow) -> MapRow:
    layer, direction = row.place
    cells = [cell_link(url_state, square.box, row.place, square.slot.first) for square in row.squares]
    if not row.exit:
        return MapRow(row.area.path, cells, None)
    name = shown(url_state, state_entries(url_state.shown_model, row.place)[0])
    label = phrase(
        "{state}: last hidden state of layer {layer}, {direction}",
        state=name,
        layer=layer,
        direction=DIRECTION_NAMES[direction],
    )
    exit = CellLink(row.exit.path, last_state_link(url_state, row.place), label)
    return MapRow(row.area.path, cells, exit)


def last_state_link(url_state: UrlState, place: Place, state: str = "h") -> str:
    """The query that selects the last state of a cell, at its last step."""
    last = ends(place, url_state.time_step, url_state.goes_backwards)[1]
    return url_state.at_step(last, layer=place[0], direction=place[1], tensor=f"{state}_T")


def _title(url_state: UrlState) -> Phrase:
    stack = url_state.stack
    if stack.num_layers == 1:
        return phrase("Where the last states are:")
    if stack.bidirectional:
        return phrase("Where the last states of layer {n} are:", n=stack.num_layers - 1)
    return phrase("Where the last state of layer {n} is:", n=stack.num_layers - 1)


def _end(url_state: UrlState, place: Place) -> LastStep:
    step = ends(place, url_state.time_step, url_state.goes_backwards)[1]
    expressions = [shown(url_state, text) for text in last_states(url_state.shown_model, place)]
    return LastStep(ARROWS[is_reversed(place, url_state.goes_backwards)], step, expressions)


def shown(url_state: UrlState, expression: str) -> str:
    """An expression; without the ends of slices, which reveal a shape, where shapes are hidden."""
    return SLICE.sub("?", expression) if url_state.labels == "hidden" else expression
