"""What /model says about the selected layer."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from ....core.model.chain import Passed
from ....core.model.layer import GAPS, MOVES, Layer
from ....core.model.shapes import Size, axis_count
from ....diagram.model.model_picture import misfit_words, shape_line
from ....diagram.model.weights_to_scale import weights
from ....diagram.text_spans import Line
from ....diagram.transforms.relabeling import in_language
from ....frameworks.model_layers import class_name, model_of
from ....teaching.around_picture.sentences import Word
from ....teaching.parameter_counts import joined, parameters
from ....translations.phrases import phrase
from ....translations.translator import Translator
from ....url_state.fields import FIELDS
from ....url_state_to_picture.model.model_url_state import ChainUrlState, OpenedLayer
from ....url_state_to_picture.model.picture_of_model import NamedLayer, joins_ends, says_features
from .links_and_accessible_names import as_svg
from .model import count_text, full_name, line_of, taken

COLOURED = ("batch_size", "features", "num_units", "num_proj")
"""The sizes with a colour of their own."""


WITHOUT_SETTINGS = ("keras", "flax", "colah")
"""The frameworks that save weights without the settings that say which steps a layer returns, and in which order; and
programs of one’s own."""


ENDS = {
    "concat": phrase("the last output of each direction"),
    "sum": phrase("the sum of the last outputs of both directions"),
    "mul": phrase("the product of the last outputs of both directions"),
    "ave": phrase("the mean of the last outputs of both directions"),
}
"""What a layer returns of two directions at their ends, by how it merges them."""


@dataclass(frozen=True)
class Selected:
    """The panel of the selected layer. ``formula`` gives the number of its parameters; ``opened`` is the page about it.

    ``has_own_settings``: there is no such page, since the layer has settings that no page shows; ``convolves``: since
    its cell convolves.
    ``shown_as``: the layer of all steps that the page shows in place of a cell.

    ``is_joined``: it is no recurrent layer, and gets what the layer below returns, ``comes_from``.

    ``assumes_every_step``: the framework saves weights without the setting that says whether every step is returned.

    ``joins_ends``: what the layer returns of the ends of two directions; "" if it does not.

    ``goes_to`` is the recurrent layer above, which takes the last axis of the output, ``taken``, as its features: of
    one step, if ``is_taken_once``.
    ``said_by`` is the layer above one of which nothing is known. ``comes_from_elsewhere``: the layer gets something
    that is not computed from the layer below.
    """

    name: str
    details: tuple[str, ...]
    input: Line | None
    output: Line | None
    gets_others: bool
    misfit: str
    states: list[tuple[str, Line]]
    has_states_each_way: bool
    every_step: bool | None
    assumes_every_step: bool
    joins_ends: str
    states_only: bool
    formula: list[Word]
    count: str
    weights: Markup | None
    comes_from: str
    comes_from_unknown: bool
    comes_from_operations: bool
    comes_from_steps: bool
    comes_from_elsewhere: bool
    is_joined: bool
    features: int | None
    goes_to: str
    taken: Line
    taken_number: int | None
    is_taken_once: bool
    said_by: str
    opened: OpenedLayer | None
    backward_of: str | None
    bias: bool | None
    has_own_settings: bool
    convolves: bool
    shown_as: str
    assumed: list[tuple[str, str]]
    has_weights_of_another: bool


def selected_layer(chain_state: ChainUrlState, translate: Translator) -> Selected:
    """The panel of the selected layer of a UrlState."""
    named = chain_state.selected
    layer, passed, part = named.layer, named.passed, named.part
    above = chain_state.layers[part + 1] if part + 1 < len(chain_state.layers) else None
    below = chain_state.layers[part - 1].layer if part else None
    reads_sequences = below is not None and below.kind == "step" and layer.family == "recurrent"  # not single steps
    opened = chain_state.opened(part)
    states, has_states_each_way = _states(chain_state, named) if passed.returns else ([], False)
    return Selected(
        name=full_name(chain_state, named),
        details=named.details,
        input=taken(chain_state, named),
        output=line_of(chain_state, passed.output) if passed.returns else None,
        gets_others=layer.reads_others,
        misfit=misfit_words(passed.misfit) if passed.misfit else "",
        states=states,
        has_states_each_way=has_states_each_way,
        every_step=layer.every_step if layer.family == "recurrent" else None,
        assumes_every_step=layer.every_step
        and chain_state.framework.id in WITHOUT_SETTINGS
        and not chain_state.chain.is_ordered,
        joins_ends=ENDS[layer.merge_mode] if joins_ends(layer, chain_state.framework) else "",
        states_only=layer.states_only,
        formula=_formula(chain_state, named),
        count=count_text(named.count),
        weights=_weights(chain_state, named, translate),
        comes_from=chain_state.layers[part - 1].name if part and not reads_sequences else "",
        comes_from_unknown=below is not None and below.kind == "other",
        comes_from_operations=below is not None and below.kind == "other" and below.parameters == 0,
        comes_from_steps=below is not None and below.kind == "step" and not reads_sequences,
        comes_from_elsewhere=below is not None and below.kind == "elsewhere",
        is_joined=below is not None and not any(one.kind in (*GAPS, *MOVES) for one in (layer, below)),
        features=passed.input[-1].number if layer.is_recurrent else None,
        goes_to=above.name if above and _is_taken_alone(above.layer) and _returns_known(passed) else "",
        taken=shape_line(passed.output[-1:]),
        taken_number=above.passed.input[-1].number if above else None,
        is_taken_once=axis_count(passed.output) == 2 and (layer.runs, above.layer.runs if above else 1) == (1, 1),
        said_by=above.name if above and layer.kind in GAPS and says_features(above) else "",
        opened=opened,
        backward_of=chain_state.backward_of(part),
        bias=layer.bias,
        convolves=layer.kind == "conv_lstm",
        has_own_settings=layer.is_recurrent and passed.reached and opened is None,
        shown_as=_shown_as(chain_state, named),
        assumed=[(name, FIELDS[name].default_text) for name in opened.assumed] if opened else [],
        has_weights_of_another=layer.has_weights_of_another,
    )


def _shown_as(chain_state: ChainUrlState, named: NamedLayer) -> str:
    """The layer of all steps that the page shows in place of a cell; "" if it has the name of the cell."""
    layer = named.layer
    name = class_name(chain_state.framework, replace(layer, kind=layer.cell)) if layer.family == "cell" else ""
    return name if name != named.name else ""


def _is_taken_alone(layer: Layer) -> bool:
    """Whether the features of a recurrent layer are the output of the layer before alone."""
    return layer.is_recurrent and not layer.gets_others


def _returns_known(passed: Passed) -> bool:
    """Whether the length of the vectors is known that a layer returns."""
    return passed.returns and passed.output[-1].number is not None


def _states(chain_state: ChainUrlState, named: NamedLayer) -> tuple[list[tuple[str, Line]], bool]:
    """The states of a recurrent layer: letters, and the shape of the arrays that the framework has for them; and
    whether each direction has its own."""
    layer = named.layer
    if not layer.is_recurrent:
        return [], False
    known = {
        "batch_size": named.passed.input[0].value,
        "num_units": layer.num_units,
        "num_proj": layer.num_proj,
        "num_layers": layer.num_layers,
        "directions": layer.directions,
    }
    least = replace(layer, num_units=layer.num_units or 1, num_layers=layer.num_layers or 1)
    model = model_of(chain_state.framework, replace(least, num_proj=layer.num_proj or 0), features=1)
    if model is None:
        return [], False
    arrays = {array.tensor.partition("_")[0]: array for array in model.initial_states}
    axes = model.stack.states if layer.family == "cell" else {state: array.axes for state, array in arrays.items()}
    letters: dict[Line, list[str]] = {}
    for state, own in axes.items():
        sizes = [Size(axis.names[0], known[axis.names[0]], axis.terms[0][0]) for axis in own]
        line = shape_line(tuple(replace(s, name=s.name if s.name in COLOURED else "") for s in sizes))
        letters.setdefault(line, []).append(state)
    is_each_way = layer.bidirectional and all(len({way for _, way in a.places}) == 1 for a in arrays.values())
    return [(", ".join(states), line) for line, states in letters.items()], is_each_way


def _formula(chain_state: ChainUrlState, named: NamedLayer) -> list[Word]:
    """The number of the parameters of a layer as a product of its sizes."""
    layer, features, units = named.layer, named.passed.input[-1].number, named.layer.num_units
    if named.count.value is None or units is None:
        return []
    match layer.family:
        case "embedding" if layer.parameters is None:
            return [(str(layer.features), ""), (" × ", ""), (str(units), "features")]
        case "dense" if layer.parameters is None:  # otherwise its matrix is that of another layer
            rows = layer.features or features or 0
            axis = named.passed.input[-1].name
            inputs: list[Word] = [(str(rows), axis)]
            return (
                [("(", ""), *inputs, (" + 1", ""), (f") × {units}", "")]
                if layer.bias
                else [*inputs, (f" × {units}", "")]
            )
        case "recurrent" | "cell":
            model = model_of(chain_state.framework, layer, layer.features or features or 0, 1)
            if model is None or layer.num_layers != 1 or not layer.bias or layer.parameters is not None:
                return []
            words = parameters(model.cell_axes((0, "forward")), len(model.layout.gates), model.sizes)
            return _twice(words) if layer.bidirectional else words
    return []


def _twice(words: list[Word]) -> list[Word]:
    """A formula of one direction for both."""
    depth, is_sum = 0, False
    for text, _ in words:
        is_sum |= depth == 0 and text == " + "
        depth += text.count("(") - text.count(")")
    return joined(" × ", [[("2", "")], [("(", ""), *words, (")", "")] if is_sum else words])


def _weights(chain_state: ChainUrlState, named: NamedLayer, translate: Translator) -> Markup | None:
    """The weights of a layer to scale; of several stacked ones, those of the lowest."""
    layer, last = named.layer, named.passed.input[-1]
    features, units = layer.features if layer.family == "embedding" else last.number, layer.num_units
    if features is None or units is None or not named.passed.reached or named.passed.misfit:
        return None
    directions = [phrase("forward"), phrase("backward")] if layer.bidirectional else [""]
    match layer.family:
        case "recurrent" | "cell":
            model = model_of(chain_state.framework, layer, features, 1)
            if model is None:
                return None
            letters = [model.layout.letter(gate) for gate in model.layout.gates]
            h = layer.num_proj or units
            rows = [("x", "features", features), ("h", "num_proj" if layer.num_proj else "num_units", h)]
            picture = weights(rows, letters, units, directions, bool(layer.bias))
        case "dense":
            picture = weights([("x", last.name, features)], ("",), units, [""], bool(layer.bias))
        case "embedding":
            picture = weights([("", "", features)], ("",), units, [""], bias=False)
        case _:
            return None
    return as_svg(in_language(picture, translate))
