"""The layers of a chain in a framework: their names, their cells, and the numbers of their parameters."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import prod

from ..core.axes import shape
from ..core.cells import CELLS
from ..core.model.chain import Count, Passed
from ..core.model.layer import GAPS, MOVES, SWAP, Layer
from ..core.stack import Stack
from .framework_types import Framework
from .stack_in_framework import Model
from .weight_layout import widths

CLASSES = {
    "embedding": "Embedding",
    "lstm": "LSTM",
    "gru": "GRU",
    "rnn": "SimpleRNN",
    "lstm_cell": "LSTMCell",
    "gru_cell": "GRUCell",
    "rnn_cell": "SimpleRNNCell",
    "dense": "Dense",
    "dropout": "Dropout",
    "activation": "Activation",
    "prelu": "PReLU",
    "normalization": "Normalization",
    "masking": "Masking",
    "convolution": "Convolution",
    "conv_lstm": "ConvLSTM",
    "pooling": "Pooling",
    "reshape": "Reshape",
    "concatenate": "Concatenate",
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "average": "Average",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "dot": "Dot",
    "attention": "Attention",
    "flatten": "Flatten",
    "repeat": "RepeatVector",
    "transpose": "Permute",
    SWAP: "transpose",
    "step": "?",
    "other": "?",
    "elsewhere": "?",
}
"""The names of layers in Keras; other frameworks have ``Framework.layer_names``."""

SHAPE_OF_VECTORS = 3
"""The axes of steps of vectors: batch, time and vector. Those of pictures have one, two or three more."""

WRAPPER = "Bidirectional"
"""Keras’s layer of two directions."""


def class_name(framework: Framework, layer: Layer, axes: int | None = None) -> str:
    """The name of a layer in a framework. It can be another one if the number of axes of its input is known."""
    usual = framework.layer_names.get(layer.kind, CLASSES[layer.kind])
    if layer.family == "dense" and (name := framework.names_by_operation.get((layer.operation, bool(layer.bias)))):
        return name
    if layer.kind == "conv_lstm" and axes:
        return f"{usual}{axes - SHAPE_OF_VECTORS}D"
    if layer.num_proj or layer.peepholes:
        return framework.names_with_projection.get(layer.kind, usual)
    return framework.names_by_axes.get((layer.kind, axes or 0), usual)


def is_layer(framework: Framework, layer: Layer) -> bool:
    """Whether a part of a chain certainly is a layer: what is unknown may be none, and only Keras has one that
    transposes axes."""
    moves = [kind for kind in MOVES if kind != "transpose" or framework.id != "keras"]
    return layer.has_own_cell or layer.kind not in (*moves, *GAPS)


def layer_count(framework: Framework, layers: Sequence[Layer]) -> int:
    """The number of layers that a chain certainly has. If none certainly is a layer, all are counted."""
    return sum(is_layer(framework, layer) for layer in layers) or len(layers)


def is_wrapped(framework: Framework, layer: Layer) -> bool:
    """Whether the two directions of a layer are a layer of their own in the framework."""
    return layer.bidirectional and framework.id == "keras"


def takes_one_sequence(framework: Framework) -> bool:
    """Whether recurrent layers also take a sequence without a batch: two axes, time and features."""
    return framework.id == "pytorch"


def cell_id(framework: Framework, layer: Layer) -> str:
    """The id of the cell of a recurrent layer: the variant that the framework has by default, or the one that the layer
    names."""
    if layer.cell == "gru" and layer.reset_after is not None:
        return "gru_reset_after" if layer.reset_after else "gru"
    if layer.peepholes:
        return "lstm_peephole"
    return framework.default_cells.get(layer.cell, layer.cell)


def in_framework(framework: Framework, layer: Layer) -> Layer:
    """A layer that names no variant that the framework has by default: then it is equal to one without a name."""
    usual = replace(layer, reset_after=None)
    return usual if cell_id(framework, usual) == cell_id(framework, layer) else layer


def model_of(framework: Framework, layer: Layer, features: int, num_layers: int | None = None) -> Model | None:
    """The model of a recurrent layer whose sizes are known, at one step; None if the framework does not support it."""
    if layer.num_units is None or layer.num_proj is None:
        return None
    sizes = (features, layer.num_units, layer.num_proj, num_layers or layer.num_layers or 1, layer.bidirectional)
    if layer.num_proj and not CELLS[cell_id(framework, layer)].can_be_projected:
        return None
    model = framework.model(Stack(CELLS[cell_id(framework, layer)], 1, 1, *sizes))
    return None if model.unsupported else model


def parameter_count(framework: Framework, passed: Passed) -> Count:
    """The number of trainable parameters of a layer in a framework."""
    layer = passed.layer
    count = _counted(framework, passed)
    is_of_layers = layer.num_layers is None and layer.parameters is None
    return replace(count, is_least=layer.bias is None or (is_of_layers and count.value is not None))


def _counted(framework: Framework, passed: Passed) -> Count:
    """The number of those that a layer certainly has."""
    layer, features = passed.layer, passed.input[-1].number
    match layer.family:
        case "recurrent" | "cell" if layer.parameters is None:  # otherwise with its initial states
            return Count(_of_stack(framework, layer, layer.features or features))
        case "dense" if layer.parameters is None:  # otherwise its matrix is that of another layer
            rows = layer.features or features
            has_bias = bool(layer.bias)
            return _product(None if rows is None else rows + has_bias, layer.num_units, is_sum=has_bias)
        case "embedding" if layer.parameters is None:
            return _product(layer.features, layer.num_units)
    return Count(layer.parameters if layer.has_parameters else 0)


def _product(rows: int | None, columns: int | None, is_sum: bool = False) -> Count:
    """The count of a matrix. If the number of its rows ``is_sum``, an unknown one has no factor."""
    if rows is not None and columns is not None:
        return Count(rows * columns)
    return Count(None, rows if rows is not None else None if is_sum else columns)


@lru_cache(1024)
def _of_stack(framework: Framework, layer: Layer, features: int | None) -> int | None:
    """The count of a recurrent layer: all layers above the lowest one have the same. That is counted alone, if it is
    not known how many there are."""
    if features is None:
        return None
    lowest = _in_layers(framework, layer, features, 1)
    if layer.num_layers in (1, None) or lowest is None:
        return lowest
    two = _in_layers(framework, layer, features, 2)
    return None if two is None else lowest + (layer.num_layers - 1) * (two - lowest)


def _in_layers(framework: Framework, layer: Layer, features: int, num_layers: int) -> int | None:
    model = model_of(framework, layer, features, num_layers)
    if model is None:
        return None
    return sum(
        prod(shape(parameter.axes(widths(model.stack.program(place[0]))), model.sizes))
        for place in model.stack.places
        for parameter in model.layout.parameters
        if layer.bias or parameter.is_matrix
    )
