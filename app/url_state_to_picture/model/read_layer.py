"""The picture of a recurrent layer that was read from source code."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from ...core.axes import BATCH_SIZE, TIME_STEP
from ...core.model.chain import AXES
from ...reading.code.reading_result import ReadLayer, Setting
from ...reading.code.values import ANY, OTHER, Axes, last
from ...url_state.field_types import Value
from ...url_state.state_of_configuration import state_with

CELLS = {"lstm": "lstm", "gru": "gru_reset_after", "rnn": "rnn"}
"""The cell of a kind of layer, with the default settings of its framework."""

SIZES = ("features", "num_units")
STACK = ("num_layers", "num_proj")
SETTINGS = {
    "pytorch": ("bidirectional", "batch_first"),
    "keras": ("bidirectional", "return_sequences", "return_state", "go_backwards"),
    "tf1": ("bidirectional", "time_major"),
}
"""By framework, what the picture depends on beside the sizes."""


def query_of(layer: ReadLayer) -> str | None:
    """The canonical query of the page about exactly this layer; None if it is not recurrent, if one of its settings is
    unknown, or if the page would show another layer. Sizes of the batch and of time have their defaults if they are
    unknown, since they belong to the input."""
    layer = at_one_step(layer) if is_at_each_step(layer) else layer
    settings = settings_of(layer)
    if settings is None or not layer.config["bias"]:
        return None
    is_cell = layer.kind.endswith("_cell")
    values: dict[str, Setting] = {name: layer.config.get(name) for name in SIZES}
    if not is_cell:
        values |= {name: layer.config[name] for name in STACK if name in layer.config}
    if None in values.values():
        return None
    fields = {**values, **settings, **input_sizes(layer, is_cell)}
    return _query_with(tuple((name, str(value).lower()) for name, value in fields.items()))


@lru_cache(1024)
def _query_with(fields: tuple[tuple[str, str], ...]) -> str | None:
    """The canonical query with these values of fields; None if a size is too large. It takes longer than to read the
    layer, and many layers of a program are alike."""
    state = state_with(dict(fields))
    return state.query() if state else None


def settings_of(layer: ReadLayer) -> dict[str, Value] | None:
    """The fields of the page about exactly this layer, without sizes; None if it is not recurrent, if one of its
    settings is unknown, or if the page would show another layer. The page has a bias, also if the layer has none."""
    kind, config = layer.kind.removesuffix("_cell"), layer.config
    if kind not in CELLS or not layer.is_exact or config["bias"] is None:
        return None
    values: dict[str, Setting] = {"framework": layer.framework}
    if kind == layer.kind:
        values |= {name: order_or_setting(layer, name) for name in SETTINGS[layer.framework] if name in config}
    if values.get("bidirectional") and layer.framework == "keras":
        values["merge_mode"] = "none" if returns_both(layer) else config["merge_mode"]
    if None in (config.get("reset_after", True), config.get("peepholes", False)):
        return None
    values["cell"] = "gru" if config.get("reset_after") is False else CELLS[kind]
    if config.get("peepholes"):
        values["cell"] = "lstm_peephole"
    if "forget_bias" in config:
        bias = config["forget_bias"]
        values["forget_bias"] = int(bias) if bias in (0, 1) else None
    known: dict[str, Value] = {
        name: value for name, value in values.items() if value is not None and not isinstance(value, float)
    }
    return known if len(known) == len(values) else None


def order_or_setting(layer: ReadLayer, name: str) -> Setting:
    """A setting of a layer, whose ``batch_first`` is that of the packed sequence that it gets."""
    is_packed = name == "batch_first" and layer.packed_first is not None
    return layer.packed_first if is_packed else layer.config.get(name)


def is_at_each_step(layer: ReadLayer) -> bool:
    """Whether a recurrent layer of Keras is called for each step of its input, which is a sequence each."""
    is_sequence = layer.framework == "keras" and layer.kind in CELLS and ANY not in layer.input
    return is_sequence and len(layer.input) == AXES["recurrent"] + 1 == len(layer.given)


def at_one_step(layer: ReadLayer) -> ReadLayer:
    """A layer that is called for each step of its input, as one that gets one of these steps."""
    batch, _, *inner = layer.input
    return replace(
        layer,
        given=(batch, *inner),
        input=(batch, *inner),
        output=(batch, *layer.output[2:]),
        follows=True,
        is_exact=layer.is_exact_at_each_step,
    )


def returns_both(layer: ReadLayer) -> bool:
    """Whether a layer of Keras certainly returns the outputs of both directions, each for itself."""
    config = layer.config
    is_separate = config.get("bidirectional") is True and config.get("merge_mode", "") is None
    return is_separate and layer.framework == "keras" and last(layer.output) == config["num_units"] is not None


def both_outputs(layer: ReadLayer) -> Axes:
    """The axes of what a layer returns; of two tensors, one for each direction, those of both side by side."""
    size, config = last(layer.output), layer.config
    is_of_both = layer.framework == "tf1" and config.get("bidirectional") is True
    is_pair = is_of_both and size == config.get("num_units" if config.get("num_proj", 0) == 0 else "num_proj")
    if isinstance(size, int) and (is_pair or returns_both(layer)):
        return (*layer.output[:-1], 2 * size)
    return layer.output


def is_time_first(layer: ReadLayer) -> bool | None:
    """Whether the time is the first axis of what a recurrent layer of PyTorch or TensorFlow 1 gets, also one of several
    kinds; None if the layer does not say it."""
    if layer.framework == "keras":
        return False
    if layer.kind not in (*CELLS, OTHER):
        return None
    name = "batch_first" if layer.framework == "pytorch" else "time_major"
    value = order_or_setting(layer, name)
    return None if value is None else bool(value) != (name == "batch_first")


def input_sizes(layer: ReadLayer, is_cell: bool) -> dict[str, int]:
    """The sizes of the batch and of time, as far as they are known."""
    if is_cell:
        axes = {str(BATCH_SIZE): layer.input[0]} if len(layer.input) == 2 else {}
    elif len(layer.input) != 3:
        axes = {}
    else:
        first, second = (TIME_STEP, BATCH_SIZE) if is_time_first(layer) else (BATCH_SIZE, TIME_STEP)
        axes = {str(first): layer.input[0], str(second): layer.input[1]}
    return {name: size for name, size in axes.items() if isinstance(size, int)}


def layer_document(layer: ReadLayer) -> dict[str, Any]:
    """A layer in /read.json. ``query`` leads to the page about exactly this recurrent layer."""
    return {
        "name": layer.name,
        "kind": layer.kind,
        "framework": layer.framework,
        "config": layer.config,
        "input": list(layer.input),
        "output": list(both_outputs(layer)),
        "line": layer.line,
        "query": query_of(layer),
    }
