"""PyTorch's modules: their arguments, and the axes of what they take and return."""

from collections.abc import Callable, Mapping
from math import floor

from .signatures import REQUIRED, Arguments, defaults
from .tensors import reshaped
from .values import (
    ANY,
    UNKNOWN,
    Axes,
    Axis,
    Config,
    Constant,
    Layer,
    Output,
    Tensor,
    Tuple,
    Value,
    axis,
    last,
    times,
)
from .words import words

FRAMEWORK = "pytorch"

RECURRENT = {"LSTM": "lstm", "GRU": "gru", "RNN": "rnn"}
CELLS = {"LSTMCell": "lstm_cell", "GRUCell": "gru_cell", "RNNCell": "rnn_cell"}

SIZES: dict[str, Value] = {"input_size": REQUIRED, "hidden_size": REQUIRED}
LAYERS = defaults(num_layers=1)
NONLINEARITY = defaults(nonlinearity="tanh")
SWITCHES = defaults(bias=True, batch_first=False, dropout=0.0, bidirectional=False)

PARAMETERS: Mapping[str, dict[str, Value]] = {
    "LSTM": SIZES | LAYERS | SWITCHES | defaults(proj_size=0),
    "GRU": SIZES | LAYERS | SWITCHES,
    "RNN": SIZES | LAYERS | NONLINEARITY | SWITCHES,
    "LSTMCell": SIZES | defaults(bias=True),
    "GRUCell": SIZES | defaults(bias=True),
    "RNNCell": SIZES | defaults(bias=True) | NONLINEARITY,
}
"""The parameters of recurrent modules in their order, with their defaults."""

NAMES = {"input_size": "features", "hidden_size": "num_units", "proj_size": "num_proj"}
"""Our names of parameters, where they differ."""

ACTIVATIONS = words(
    """
    ReLU ReLU6 LeakyReLU RReLU ELU SELU CELU GELU SiLU Mish Sigmoid LogSigmoid Tanh Softmax LogSoftmax
    Softplus Softsign Hardtanh Hardswish Hardsigmoid
    """
)
NORMALIZATIONS = words("BatchNorm1d BatchNorm2d LayerNorm GroupNorm InstanceNorm1d InstanceNorm2d RMSNorm")
DROPOUTS = words("Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout")


def recurrent(name: str, arguments: Arguments, line: int) -> Layer:
    """nn.LSTM, nn.GRU, nn.RNN and their cells."""
    values = arguments.bound(PARAMETERS[name])
    nonlinearity = values.pop("nonlinearity", Constant("tanh"))
    config = {NAMES.get(parameter, parameter): value for parameter, value in values.items()}
    is_cell = name in CELLS
    layer = Layer(
        kind=(CELLS if is_cell else RECURRENT)[name],
        framework=FRAMEWORK,
        config=config,
        line=line,
        call=_cell_output if is_cell else _sequence_output,
        takes=_cell_input if is_cell else _sequence_input,
    )
    layer.is_exact = nonlinearity == Constant("tanh") and config["bias"] == Constant(True)
    return layer


def _sequence_input(layer: Layer, axes: Axes) -> Axes:
    """batch, time, features in the layer's order. An input whose number of axes is unknown is one of several
    samples."""
    return _with_features(layer, axes if ANY not in axes and len(axes) in (2, 3) else (None, None, last(axes)))


def _cell_input(layer: Layer, axes: Axes) -> Axes:
    return _with_features(layer, axes if ANY not in axes and len(axes) in (1, 2) else (None, last(axes)))


def _with_features(layer: Layer, axes: Axes) -> Axes:
    """The input of a layer, whose last axis both the tensor and the layer say."""
    features = layer.size("features")
    if not axes or axes[-1] == ANY:
        return (*axes, features) if features is not None else axes
    if not isinstance(axes[-1], int) and features is not None:
        return (*axes[:-1], features)
    if features is None and axes[-1] is not None:
        layer.config["features"] = UNKNOWN if isinstance(axes[-1], str) else Constant(axes[-1])
    return axes


def directions(layer: Layer) -> Axis:
    """1 or 2; None if it is unknown."""
    both = layer.setting("bidirectional")
    return None if both is None else 1 + both


def state_size(layer: Layer) -> Axis:
    """The length of h: that of the projection if there is one."""
    projection = layer.config.get("num_proj", Constant(0))
    return layer.size("num_units") if projection == Constant(0) else axis(projection)


def outputs_of(layer: Layer, batch: Axes) -> tuple[Axis, Value]:
    """The last axis of the output, and the last states. ``batch``: the axis of the batch, or none."""
    count, h = directions(layer), state_size(layer)
    layers = times(layer.size("num_layers"), count)
    last = Tensor((layers, *batch, h))
    states: Value = last
    if layer.kind == "lstm":
        states = Tuple((last, Tensor((layers, *batch, layer.size("num_units")))))
    return times(h, count), states


def _sequence_output(layer: Layer, axes: Axes) -> Value:
    """``output, h_n``, or ``output, (h_n, c_n)``."""
    first = layer.setting("batch_first")
    batch: Axes = () if len(axes) == 2 else (None,) if first is None else (axes[0 if first else 1],)
    size, states = outputs_of(layer, batch)
    return Tuple((Tensor((*axes[:-1], size)), states))


def _cell_output(layer: Layer, axes: Axes) -> Value:
    h = Tensor((*axes[:-1], layer.size("num_units")))
    return Tuple((h, h)) if layer.kind == "lstm_cell" else h


def linear(arguments: Arguments, line: int) -> Layer:
    values = arguments.bound({"in_features": REQUIRED, "out_features": REQUIRED, **defaults(bias=True)})
    config = {"features": values["in_features"], "num_units": values["out_features"], "bias": values["bias"]}
    return Layer("dense", FRAMEWORK, config, line, dense_output, _with_features)


def dense_output(layer: Layer, axes: Axes) -> Value:
    return Tensor((*(axes if axes[-1:] == (ANY,) else axes[:-1]), layer.size("num_units")))


def embedding(arguments: Arguments, line: int) -> Layer:
    values = arguments.bound({"num_embeddings": REQUIRED, "embedding_dim": REQUIRED})
    config = {"features": values["num_embeddings"], "num_units": values["embedding_dim"]}
    return Layer("embedding", FRAMEWORK, config, line, embedding_output, as_it_is)


def embedding_output(layer: Layer, axes: Axes) -> Value:
    return Tensor((*axes, layer.size("num_units")))


def as_it_is(layer: Layer, axes: Axes) -> Axes:
    return axes


def same_axes(layer: Layer, axes: Axes) -> Value:
    return Tensor(axes)


def unknown_axes(layer: Layer, axes: Axes) -> Value:
    return Tensor()


def plain(kind: str, line: int, call: Output = same_axes, config: Config | None = None) -> Layer:
    """A layer without sizes of its own."""
    return Layer(kind, FRAMEWORK, config or {}, line, call, as_it_is)


def convolution(name: str, arguments: Arguments, line: int) -> Layer:
    """nn.Conv1d: samples × channels × steps."""
    values = arguments.bound(
        {"in_channels": REQUIRED, "out_channels": REQUIRED, "kernel_size": REQUIRED}
        | defaults(stride=1, padding=0, dilation=1)
    )
    config = {"features": values["in_channels"], "num_units": values["out_channels"]}

    def call(layer: Layer, axes: Axes) -> Value:
        if name != "Conv1d" or ANY in axes or len(axes) < 2:
            return Tensor()
        return Tensor((*axes[:-2], layer.size("num_units"), _convolved(axes[-1], values)))

    return Layer("convolution", FRAMEWORK, config, line, call, as_it_is)


def _convolved(steps: Axis, values: Mapping[str, Value]) -> Axis:
    numbers = [v.value if isinstance(v, Constant) else None for v in list(values.values())[2:]]
    if not isinstance(steps, int) or not all(type(n) is int for n in numbers):
        return None
    kernel, stride, padding, dilation = numbers
    if not stride:
        return None
    return floor((steps + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1  # type: ignore[operator]


def flatten(arguments: Arguments, line: int) -> Layer:
    values = arguments.bound(defaults(start_dim=1, end_dim=-1))
    is_usual = values == defaults(start_dim=1, end_dim=-1)

    def call(layer: Layer, axes: Axes) -> Value:
        return Tensor((axes[0], times(*axes[1:]))) if is_usual and len(axes) > 1 and ANY not in axes else Tensor()

    return plain("flatten", line, call)


def pooling(line: int) -> Layer:
    def call(layer: Layer, axes: Axes) -> Value:
        return Tensor((*axes[:-1], None)) if ANY not in axes and axes else reshaped(axes, None)

    return plain("pooling", line, call)


def dropout(arguments: Arguments, line: int) -> Layer:
    return plain("dropout", line, config={"dropout": arguments.bound(defaults(p=0.5))["p"]})


Constructor = Callable[[Arguments, int], Layer]


def layer(name: str, arguments: Arguments, line: int) -> Layer | None:
    """The module that a class of torch.nn makes; None for a loss, which is no layer."""
    if name in PARAMETERS:
        return recurrent(name, arguments, line)
    if name in SIMPLE:
        return SIMPLE[name](arguments, line)
    if name in DROPOUTS:
        return dropout(arguments, line)
    if name in ACTIVATIONS:
        return plain("activation", line)
    if name in NORMALIZATIONS:
        return plain("normalization", line)
    if name.startswith("Conv"):
        return convolution(name, arguments, line)
    if "Pool1d" in name:
        return pooling(line)
    if name.endswith("Loss") or not name[:1].isupper() or name in ("Parameter", "Module", "ParameterList"):
        return None
    return plain("other", line, unknown_axes)


SIMPLE: Mapping[str, Constructor] = {
    "Linear": linear,
    "LazyLinear": lambda arguments, line: linear(Arguments((UNKNOWN, *arguments.positional), arguments.named), line),
    "Embedding": embedding,
    "Flatten": flatten,
    "Identity": lambda arguments, line: plain("activation", line),
    "PReLU": lambda arguments, line: plain("prelu", line),
}
