"""PyTorch's modules: their arguments, and the axes of what they take and return."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import prod

from ..axes_of_operations import halved, unflattened
from ..imported_names import ANY_CLASS
from ..joined_values import joined_layer
from ..signatures import REQUIRED, Arguments, defaults
from ..values import (
    ANY,
    NONE,
    OTHER,
    UNKNOWN,
    Axes,
    Axis,
    Config,
    Constant,
    Layer,
    List,
    Output,
    Tensor,
    Tuple,
    Value,
    axis,
    last,
    may_be_equal,
    times,
)
from ..values import size as size_value
from ..word_sets import words

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

LINEAR: Mapping[str, Value] = {"in_features": REQUIRED, "out_features": REQUIRED, **defaults(bias=True)}

NAMES = {"input_size": "features", "hidden_size": "num_units", "proj_size": "num_proj"}
"""Our names of parameters, where they differ."""

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "dense": {"in_features": "features", "out_features": "num_units"},
    "embedding": {"num_embeddings": "features", "embedding_dim": "num_units"},
    "convolution": {"in_channels": "features", "out_channels": "num_units"},
}
"""Our names of the attributes of layers that are not recurrent."""

ATTENTION = defaults(dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None)
"""The further parameters of nn.MultiheadAttention in their order, with their defaults."""

ONLY_RECURRENT = words("num_layers bidirectional proj_size")
"""Parameters that no modules have but recurrent ones over time."""

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
    values = {key: _switch(key, value) for key, value in arguments.bound(PARAMETERS[name]).items()}
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
    layer.is_exact = nonlinearity == Constant("tanh")
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
    values = {key: _switch(key, value) for key, value in arguments.bound(LINEAR).items()}
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


def _switch(name: str, value: Value) -> Value:
    """The value of a parameter. A number in the place of a switch is whether it is not 0."""
    match value:
        case Constant(int(number)) if isinstance(SWITCHES.get(name), Constant) and name != "dropout":
            return Constant(bool(number))
    return value


def may_be_tied(one: Layer, other: Layer) -> bool:
    """Whether the matrices of two layers may have the same shape: that of an embedding has a row for each id, that of a
    dense layer one for each unit."""
    shapes = [_shape_of_matrix(layer) for layer in (one, other)]
    return bool(all(shapes)) and may_be_equal(*shapes)


def _shape_of_matrix(layer: Layer) -> Axes:
    features, units = layer.size("features"), layer.size("num_units")
    shape = {"embedding": (features, units), "dense": (units, features)}.get(layer.kind, ())
    return tuple(size if isinstance(size, int) else None for size in shape)


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
    """nn.Conv1d, nn.Conv2d, nn.Conv3d: samples × channels × steps, or several axes instead of the steps."""
    values = arguments.bound(
        {"in_channels": REQUIRED, "out_channels": REQUIRED, "kernel_size": REQUIRED}
        | (
            defaults(stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1)
            if "Transpose" in name
            else defaults(stride=1, padding=0, dilation=1, groups=1, bias=True)
        )
    )
    config = {"features": values["in_channels"], "num_units": values["out_channels"]}
    count = axes_of_windows(name)
    match values["padding"]:
        case Constant("valid"):
            values["padding"] = Constant(0)
    is_same = values["padding"] == Constant("same")

    def takes(layer: Layer, axes: Axes) -> Axes:
        features, channels = layer.size("features"), len(axes) - count - 1
        if ANY in axes:
            return (None, features, *(None,) * (count - 1), last(axes))
        is_open = channels in (0, 1) and axes[channels] is None
        return (*axes[:channels], features, *axes[channels + 1 :]) if is_open else axes

    def call(layer: Layer, axes: Axes) -> Value:
        if len(axes) not in (count + 1, count + 2):
            return Tensor()
        count_of = _transposed_windows if "Transpose" in name else _windows
        steps = axes[-count:] if is_same else count_of(axes[-count:], values)
        return Tensor((*axes[: -count - 1], layer.size("num_units"), *steps))

    made = Layer("convolution", FRAMEWORK, config, line, call, takes)
    made.parameters = _of_convolution(values, count)
    rows = axis(values["in_channels" if "Transpose" in name else "out_channels"])
    made.lengths = rows if isinstance(rows, int) else None
    kernel, stride, padding, dilation = (along(values[n], 0) for n in ("kernel_size", "stride", "padding", "dilation"))
    if count == 1 and "Transpose" not in name and kernel and dilation and stride == 1:
        made.keeps_steps = is_same or (padding is not None and 2 * padding == dilation * (kernel - 1))
    return made


def _of_convolution(values: Mapping[str, Value], count: int) -> int | None:
    """The number of parameters of a convolution over so many axes."""
    names = ("in_channels", "out_channels", "groups")
    channels, units, groups = (along(values[name], 0) for name in names)
    windows = [along(values["kernel_size"], n) for n in range(count)]
    bias = _flag(values["bias"])
    sizes = [size for size in (channels, units, *windows) if size]
    if bias is None or not groups or not units or len(sizes) < 2 + count:
        return None
    return prod(sizes) // groups + bias * units


def _flag(value: Value) -> bool | None:
    """A switch; None if it is unknown."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, bool) else None


def parameters_of(layer: Layer) -> int | None:
    """The number of parameters of a dense layer or a convolution, if it is known; None for others."""
    if layer.kind != "dense" or layer.parameters is not None or layer.tied_to or layer.may_be_tied:
        return layer.parameters if layer.kind in ("dense", "convolution") else None
    return layer.parameters_by_sizes


def lengths_of(layer: Layer, dim: Value) -> int | None:
    """How many lengths ``weight_norm(layer, dim=dim)`` makes: one for each row of the weight, or one of all of it."""
    if dim in (NONE, Constant(-1)):
        return 1
    sizes = (layer.size("num_units"), layer.size("features")) if layer.kind == "dense" else (layer.lengths,)
    along = [size for n, size in enumerate(sizes) if dim == Constant(n)]
    return along[0] if along and isinstance(along[0], int) else None


def normalization(name: str, arguments: Arguments, line: int) -> Layer:
    """nn.BatchNorm1d, nn.LayerNorm ...: a factor and a term for each channel, or for each place of a shape."""
    is_of_shape = name in ("LayerNorm", "RMSNorm")
    sizes: dict[str, Value] = {"normalized_shape": REQUIRED} if is_of_shape else {"num_features": REQUIRED}
    others = {
        "LayerNorm": defaults(eps=1e-5, elementwise_affine=True, bias=True),
        "RMSNorm": defaults(eps=None, elementwise_affine=True),
    }.get(name, defaults(eps=1e-5, momentum=0.1, affine=not name.startswith("Instance")))
    if name == "GroupNorm":
        sizes, others = {"num_groups": REQUIRED, "num_channels": REQUIRED}, defaults(eps=1e-5, affine=True)
    values = arguments.bound(sizes | others)
    shape = values[list(sizes)[-1]]
    items = shape.items if isinstance(shape, (Tuple, List)) else [shape]
    lengths = [axis(item) for item in items or ()]

    def takes(layer: Layer, axes: Axes) -> Axes:
        filled = axes if ANY not in axes else (ANY, *(None,) * (len(lengths) - len(axes) + 1), *axes[1:])
        said = zip(filled[-len(lengths) :], lengths[-len(filled) :], strict=True)
        return (*filled[: -len(lengths)], *(size if known is None else known for known, size in said))

    made = plain("normalization", line)
    if is_of_shape and lengths:
        made.takes = takes
    is_learned = _flag(values["elementwise_affine" if is_of_shape else "affine"])
    has_bias = _flag(values.get("bias", Constant(name != "RMSNorm")))
    arrays = None if has_bias is None else 1 + has_bias
    numbers = [length for length in lengths if isinstance(length, int)]
    if is_learned is not None and arrays and numbers and len(numbers) == len(lengths):
        made.parameters = arrays * prod(numbers) if is_learned else 0
    is_tracked = arguments.named_or("track_running_stats", Constant(name.startswith("BatchNorm")))
    if is_tracked == Constant(True) and len(arguments.positional) < 5:
        made.statistics = 2 * prod(numbers) if len(numbers) == len(lengths) else None
    return made


def prelu(arguments: Arguments, line: int) -> Layer:
    made = plain("prelu", line)
    made.parameters = along(arguments.bound(defaults(num_parameters=1))["num_parameters"], 0)
    return made


def axes_of_windows(name: str) -> int:
    """2 for Conv2d."""
    return int(name[-2:-1]) if name[-2:-1].isdigit() else 1


def _windows(axes: Axes, values: Mapping[str, Value]) -> Axes:
    """The number of windows along each axis. ``values``: the sizes of a window, empty if they are not read."""
    names = ("kernel_size", "stride", "padding", "dilation")
    return tuple(
        _windows_along(steps, [along(values.get(name, UNKNOWN), n) for name in names]) for n, steps in enumerate(axes)
    )


def _transposed_windows(axes: Axes, values: Mapping[str, Value]) -> Axes:
    """The steps of a transposed convolution."""
    found: list[Axis] = []
    for n, steps in enumerate(axes):
        names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        kernel, stride, padding, more, dilation = (along(values[name], n) for name in names)
        if not isinstance(steps, int) or not kernel or not stride or padding is None or more is None or not dilation:
            found.append(None)
        else:
            found.append((steps - 1) * stride - 2 * padding + dilation * (kernel - 1) + more + 1)
    return tuple(size if isinstance(size, int) and size > 0 else None for size in found)


def along(value: Value, n: int) -> int | None:
    """A number for all axes, or one for each."""
    if isinstance(value, (Tuple, List)):
        value = value.items[n] if value.items is not None and n < len(value.items) else UNKNOWN
    return value.value if isinstance(value, Constant) and type(value.value) is int else None


def _windows_along(steps: Axis, sizes: Sequence[int | None]) -> Axis:
    kernel, stride, padding, dilation = sizes
    if not isinstance(steps, int) or not kernel or not stride or padding is None or not dilation:
        return None
    return max((steps + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1, 0) or None


def flatten(arguments: Arguments, line: int) -> Layer:
    values = arguments.bound(defaults(start_dim=1, end_dim=-1))
    is_usual = values == defaults(start_dim=1, end_dim=-1)

    def call(layer: Layer, axes: Axes) -> Value:
        return Tensor((axes[0], times(*axes[1:]))) if is_usual and len(axes) > 1 and ANY not in axes else Tensor()

    return plain("flatten", line, call)


def pooling(name: str, arguments: Arguments, line: int) -> Layer:
    """nn.MaxPool1d, nn.AvgPool2d, nn.AdaptiveAvgPool1d ..."""
    count = axes_of_windows(name)
    values = arguments.bound({"kernel_size": REQUIRED, "stride": NONE, **defaults(padding=0)})
    values |= {"dilation": Constant(1)} | ({"stride": values["kernel_size"]} if values["stride"] == NONE else {})
    is_usual = name.startswith(("MaxPool", "AvgPool")) and len(arguments.positional) < 4
    is_usual &= arguments.named.keys() <= {"kernel_size", "stride", "padding"}
    size = arguments.get("output_size", 0, UNKNOWN) if name.startswith("Adaptive") else None

    def takes(layer: Layer, axes: Axes) -> Axes:
        return (*(None,) * (count + 1), last(axes)) if ANY in axes else axes

    def call(layer: Layer, axes: Axes) -> Value:
        if "return_indices" in arguments.named or len(axes) not in (count + 1, count + 2):
            return Tensor()
        if size is not None:
            return Tensor((*axes[:-count], *(along(size, n) for n in range(count))))
        return Tensor((*axes[:-count], *_windows(axes[-count:], values if is_usual else {})))

    return Layer("pooling", FRAMEWORK, {}, line, call, takes)


def pooled(name: str, axes: Axes, arguments: Arguments, line: int) -> Value:
    """``F.max_pool1d(x, kernel_size)``, ``F.adaptive_avg_pool2d(x, size)``: the function of a layer."""
    name = "".join(part.capitalize() for part in name.removesuffix("d").split("_")).replace("pool", "Pool")
    layer = pooling(f"{name}d", Arguments(arguments.positional[1:], arguments.named), line)
    return layer.call(layer, layer.takes(layer, axes))


def attention(arguments: Arguments, line: int) -> Layer:
    """nn.MultiheadAttention: the output with the axes of the query, and the weights."""
    values = arguments.bound({"embed_dim": REQUIRED, "num_heads": REQUIRED} | ATTENTION)
    size = axis(values["embed_dim"])

    def call(layer: Layer, axes: Axes) -> Value:
        return Tuple((Tensor((*axes[:-1], size) if ANY not in axes else axes), Tensor()))

    config = {"features": values["embed_dim"], "num_units": values["embed_dim"], "num_heads": values["num_heads"]}
    made = plain(OTHER, line, call, config)
    bias, more = _flag(values["bias"]), _flag(values["add_bias_kv"])
    others = [size if values[name] == NONE else axis(values[name]) for name in ("kdim", "vdim")]
    lengths = [length for length in (size, *others, size) if isinstance(length, int)]  # of queries, keys, values, heads
    if isinstance(size, int) and bias is not None and more is not None and len(lengths) == 4:
        made.parameters = size * (sum(lengths) + 4 * bias + 2 * more)
    return made


def bilinear(arguments: Arguments, line: int) -> Layer:
    """nn.Bilinear: of two tensors, which have the same axes but the last one."""
    parameters: dict[str, Value] = {"in1_features": REQUIRED, "in2_features": REQUIRED, "out_features": REQUIRED}
    values = arguments.bound(parameters | defaults(bias=True))
    sizes, bias = [along(values[name], 0) for name in parameters], _flag(values["bias"])
    config = {"features": values["in1_features"], "num_units": values["out_features"], "bias": values["bias"]}
    made = plain(OTHER, line, dense_output, config)
    known = [size for size in sizes if size]
    made.parameters = prod(known) + bias * known[-1] if len(known) == len(sizes) and bias is not None else None
    return made


def embedding_bag(arguments: Arguments, line: int) -> Layer:
    """nn.EmbeddingBag: one vector for each list of ids."""
    values = arguments.bound({"num_embeddings": REQUIRED, "embedding_dim": REQUIRED})
    config = {"features": values["num_embeddings"], "num_units": values["embedding_dim"]}

    def call(layer: Layer, axes: Axes) -> Value:
        samples = axes[0] if len(axes) == 2 and ANY not in axes else None
        return Tensor((samples, layer.size("num_units")))

    made = plain(OTHER, line, call, config)
    ids, units = made.size("features"), made.size("num_units")
    made.parameters = ids * units if isinstance(ids, int) and isinstance(units, int) else None
    return made


def transformer(arguments: Arguments, line: int) -> Layer:
    """nn.TransformerEncoder, nn.TransformerDecoder and their layers, which keep the axes of their input."""
    return plain(OTHER, line)


def unflatten(arguments: Arguments, line: int) -> Layer:
    dim, sizes = arguments.get("dim", 0, UNKNOWN), arguments.get("unflattened_size", 1, UNKNOWN)
    return plain("reshape", line, lambda layer, axes: unflattened(axes, dim, sizes))


def gated(arguments: Arguments, line: int) -> Layer:
    """nn.GLU."""
    dim = arguments.get("dim", 0, Constant(-1))
    return plain(OTHER, line, lambda layer, axes: halved(axes, dim))


def pretrained(arguments: Arguments, line: int) -> Layer:
    """nn.Embedding.from_pretrained(embeddings)."""
    matrix = arguments.get("embeddings", 0, UNKNOWN)
    axes = matrix.axes if isinstance(matrix, Tensor) and len(matrix.axes) == 2 and ANY not in matrix.axes else ()
    return embedding(Arguments([size_value(one) for one in axes], is_complete=bool(axes)), line)


def dropout(arguments: Arguments, line: int) -> Layer:
    return plain("dropout", line, config={"dropout": arguments.bound(defaults(p=0.5))["p"]})


def of_any_class(arguments: Arguments, line: int) -> Layer | None:
    """``getattr(nn, kind)(...)``: a recurrent layer if only these have its arguments; None for what may be a loss."""
    if not ONLY_RECURRENT.isdisjoint(arguments.named):
        return reduce(joined_layer, (recurrent(name, arguments, line) for name in RECURRENT))
    return plain(OTHER, line, unknown_axes) if arguments.positional else None


Constructor = Callable[[Arguments, int], Layer]


def layer(name: str, arguments: Arguments, line: int) -> Layer | None:
    """The module that a class of torch.nn makes; None for a loss, which is no layer."""
    if name in PARAMETERS:
        return recurrent(name, arguments, line)
    if name == ANY_CLASS:
        return of_any_class(arguments, line)
    if name in SIMPLE:
        return SIMPLE[name](arguments, line)
    if name in DROPOUTS:
        return dropout(arguments, line)
    if name in ACTIVATIONS:
        return plain("activation", line)
    if name in NORMALIZATIONS:
        return normalization(name, arguments, line)
    if name.startswith("Conv"):
        return convolution(name, arguments, line)
    if "Pool" in name and "Unpool" not in name:
        return pooling(name, arguments, line)
    if name.endswith("Loss") or not name[:1].isupper() or name in ("Parameter", "Module", "ParameterList"):
        return None
    return plain(OTHER, line, unknown_axes)


SIMPLE: Mapping[str, Constructor] = {
    "Linear": linear,
    "LazyLinear": lambda arguments, line: linear(Arguments((UNKNOWN, *arguments.positional), arguments.named), line),
    "Bilinear": bilinear,
    "Embedding": embedding,
    "Flatten": flatten,
    "Identity": lambda arguments, line: plain("activation", line),
    "EmbeddingBag": embedding_bag,
    "MultiheadAttention": attention,
    "TransformerEncoderLayer": transformer,
    "TransformerEncoder": transformer,
    "TransformerDecoderLayer": transformer,
    "TransformerDecoder": transformer,
    "Unflatten": unflatten,
    "GLU": gated,
    "PReLU": prelu,
}
