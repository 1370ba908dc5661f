"""The picture of a recurrent layer that was read from source code."""

from ..core.axes import BATCH_SIZE, TIME_STEP
from ..reading.code.chain import ReadLayer
from .configuration import view_with

CELLS = {"lstm": "lstm", "gru": "gru_reset_after", "rnn": "rnn"}
"""The cell of a kind of layer, with the default settings of its framework."""

SIZES = ("features", "num_units")
SETTINGS = {
    "pytorch": ("num_layers", "bidirectional", "num_proj", "batch_first"),
    "keras": ("bidirectional", "return_sequences", "return_state", "go_backwards"),
    "tf1": ("num_layers", "bidirectional", "num_proj", "time_major"),
}
"""By framework, what the picture depends on beside the sizes."""


def query_of(layer: ReadLayer) -> str | None:
    """The canonical query of the page about exactly this layer; None if it is not recurrent, if one of its settings is
    unknown, or if the page would show another layer. Sizes of the batch and of time have their defaults if they are
    unknown, since they belong to the input."""
    kind = layer.kind.removesuffix("_cell")
    if kind not in CELLS or not layer.is_exact or not layer.config["bias"]:
        return None
    is_cell = kind != layer.kind
    values = {name: layer.config.get(name) for name in SIZES}
    if not is_cell:
        values |= {name: layer.config[name] for name in SETTINGS[layer.framework] if name in layer.config}
        values["framework"] = layer.framework
    if values.get("bidirectional") and layer.framework == "keras":
        values["merge_mode"] = layer.config["merge_mode"] or "none"
    if None in (layer.config.get("reset_after", True), layer.config.get("peepholes", False)):
        return None
    values["cell"] = "gru" if layer.config.get("reset_after") is False else CELLS[kind]
    if layer.config.get("peepholes"):
        values["cell"] = "lstm_peephole"
    if "forget_bias" in layer.config:
        bias = layer.config["forget_bias"]
        values["forget_bias"] = int(bias) if bias in (0, 1) else None
    if None in values.values():
        return None
    view = view_with({**values, **input_sizes(layer, is_cell)})
    return view.query() if view else None


def input_sizes(layer: ReadLayer, is_cell: bool) -> dict[str, int]:
    """The sizes of the batch and of time, as far as they are known."""
    if is_cell:
        axes = {str(BATCH_SIZE): layer.input[0]} if len(layer.input) == 2 else {}
    elif len(layer.input) != 3:
        axes = {}
    else:
        time_first = {"pytorch": not layer.config.get("batch_first"), "tf1": layer.config.get("time_major")}
        is_time_first = time_first.get(layer.framework)
        first, second = (TIME_STEP, BATCH_SIZE) if is_time_first else (BATCH_SIZE, TIME_STEP)
        axes = {str(first): layer.input[0], str(second): layer.input[1]}
    return {name: size for name, size in axes.items() if isinstance(size, int)}
