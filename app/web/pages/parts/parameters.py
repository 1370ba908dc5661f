"""The number of trainable parameters: as a formula below the picture, and array by array in the panel."""

from dataclasses import dataclass
from math import prod
from typing import Literal

from ....core.axes import shape
from ....core.stack import Place
from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....frameworks.stack_in_framework import numbers
from ....frameworks.weight_layout import widths
from ....size_expressions import length
from ....teaching.around_picture.sentences import Word
from ....teaching.parameter_counts import Write, parameters
from ....translations.phrases import Phrase, phrase
from ....url_state.url_state import UrlState
from ....url_state_to_picture.model.changed_layer import changed_fields
from ....url_state_to_picture.model.model_url_state import ChainUrlState

LONGEST_FORMULA = 50
"""Characters of a formula that fits into two lines below the picture."""


@dataclass(frozen=True)
class Weight:
    """An array of weights: its name in the framework, its shape, and the number of its elements."""

    name: str
    shape: Line
    count: int


@dataclass(frozen=True)
class CellCount:
    """The number of parameters of one cell, with the formula in names and in numbers. ``which`` says which cells have
    so many; "" if there is only one."""

    which: str
    names: list[Word]
    numbers: list[Word]
    count: int


@dataclass(frozen=True)
class Parameters:
    """The number of parameters of the whole model. ``brief`` explains it in a line: the formula of the only cell is a
    list of words; several layers or directions, or a long formula, are described. ``gates`` are the letters of
    the framework. ``in_model`` says how many the layer has in the model from which the page was opened, if it has no
    bias or other arrays there. ``link`` shows everything in the panel, ``close`` hides it again."""

    count: int
    brief: list[Word] | Phrase
    in_model: Phrase | Literal[""]
    cells: list[CellCount]
    gates: list[str]
    weights: list[Weight]
    link: str
    close: str


def parameter_count(state: UrlState) -> Parameters:
    """The parameters of all layers and directions, in the framework's arrays."""
    model, stack = state.shown_model, state.stack
    layers, directions = stack.num_layers, len(stack.directions)
    cells = [_cell(state, 0, _which(0, layers, directions))]
    if layers > 1:
        cells.append(_cell(state, 1, _which(1, layers, directions)))
    in_model = _in_model(state)
    return Parameters(
        count=model.parameter_count,
        brief=in_model
        or (
            _formula(state, cells[0])
            if len(stack.places) == 1
            else _brief([c.count for c in cells], layers, directions)
        ),
        in_model=in_model,
        cells=cells,
        gates=[model.layout.letter(gate) for gate in model.layout.gates],
        weights=[
            Weight(array.name, shape_line(array.axes, model.sizes), prod(shape(array.axes, model.sizes)))
            for array in model.weights
        ],
        link=state.query(parameters=True),
        close=state.query(parameters=False),
    )


def _in_model(state: UrlState) -> Phrase | Literal[""]:
    """The number of parameters of a layer that has others in the model of which the page shows it: no bias, as pages
    always have one, or a number of its own; "" for another layer."""
    if not state.model:
        return ""
    chain_state = ChainUrlState(state, frozenset())
    layer, model = chain_state.selected.layer, state.shown_model
    if layer.is_recurrent and layer.parameters and not changed_fields(chain_state):
        more = layer.parameters - model.parameter_count
        if more > 0:
            return phrase("{n:,} in the model, {more:,} of them beside these arrays", n=layer.parameters, more=more)
        if more < 0:
            return phrase("{n:,} in the model, where this layer has other arrays", n=layer.parameters)
    if layer.bias:
        return ""
    count = sum(
        prod(shape(parameter.axes(widths(model.stack.program(place[0]))), model.sizes))
        for place in model.stack.places
        for parameter in model.layout.parameters
        if parameter.is_matrix
    )
    if layer.bias is None:
        return phrase("at least {n:,} in the model, whose file has no bias of this layer", n=count)
    return phrase("{n:,} in the model, where this layer has no bias", n=count)


def _cell(state: UrlState, layer: int, which: str) -> CellCount:
    model = state.shown_model
    place: Place = layer, "forward"
    axes, gates = model.cell_axes(place), len(model.layout.gates)

    def formula(write: Write | None = None) -> list[Word]:
        return parameters(axes, gates, model.sizes, write)

    return CellCount(which, formula(str), formula(), numbers(axes, model.sizes))


def _formula(state: UrlState, cell: CellCount) -> list[Word] | Phrase:
    """The formula of the only cell, or if that is long, the numbers of its matrices and of its vectors."""
    if length("".join(word for word, _ in cell.numbers)) <= LONGEST_FORMULA:
        return cell.numbers
    matrices, vectors = (
        numbers(
            [axes for axes in state.shown_model.cell_axes((0, "forward")) if (len(axes) == 1) == is_vector],
            state.shown_model.sizes,
        )
        for is_vector in (False, True)
    )
    return phrase("{matrices:,} in matrices, {vectors:,} in vectors", matrices=matrices, vectors=vectors)


def _which(layer: int, layers: int, directions: int) -> str:
    """The cells that have as many parameters."""
    if layers == 1:
        return phrase("Each direction") if directions > 1 else ""
    if layer == 0:
        return phrase("Layer 0, each direction") if directions > 1 else phrase("Layer 0")
    if layers == 2:
        return phrase("Layer 1, each direction") if directions > 1 else phrase("Layer 1")
    if directions > 1:
        return phrase("Each of layers 1–{last}, each direction", last=layers - 1)
    return phrase("Each of layers 1–{last}", last=layers - 1)


def _brief(counts: list[int], layers: int, directions: int) -> Phrase:
    """The number of parameters of each layer, or of each direction of the only one."""
    if layers == 1:
        return phrase("{n:,} in each direction", n=counts[0])
    lowest, above = (count * directions for count in counts)
    if layers == 2:
        return phrase("{lowest:,} in layer 0, {above:,} in layer 1", lowest=lowest, above=above)
    return phrase(
        "{lowest:,} in layer 0, {above:,} in each of layers 1–{last}", lowest=lowest, above=above, last=layers - 1
    )
