"""Keras's layers: their arguments, and the axes of what they take and return. The first axis is the batch."""

from collections.abc import Callable, Mapping
from functools import reduce

from ..axes_of_operations import batch_dot, broadcast, joined_along, reshaped, sizes_of
from ..joined_values import joined_config
from ..signatures import REQUIRED, Arguments, defaults
from ..values import (
    ANY,
    NONE,
    OTHER,
    UNKNOWN,
    Axes,
    Config,
    Constant,
    Layer,
    List,
    Output,
    Tensor,
    Tuple,
    Value,
    axis,
    changed,
    last,
    times,
)
from ..word_sets import words
from . import keras_convolutions
from .keras_parameters import OF_KINDS, of_normalization, with_count, with_statistics
from .pytorch import as_it_is, dense_output, embedding_output, same_axes, unknown_axes

FRAMEWORK = "keras"

RECURRENT = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn", "CuDNNLSTM": "lstm", "CuDNNGRU": "gru"}

SWITCHES = defaults(
    return_sequences=False,
    return_state=False,
    stateful=False,
    go_backwards=False,
    use_bias=True,
    dropout=0.0,
)
EXACT = defaults(activation="tanh", recurrent_activation="sigmoid")
"""Arguments with another value than these make a layer that the app has no page about."""

SAME = words(
    """
    Dropout SpatialDropout1D GaussianDropout AlphaDropout Activation ReLU LeakyReLU PReLU ELU Softmax
    ThresholdedReLU BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization Masking
    GaussianNoise ActivityRegularization
    """
)
ATTENTION = words("Attention AdditiveAttention MultiHeadAttention")
"""Layers whose output has the axes of the query, unless they get queries and values with different features."""

LOOKUPS: Mapping[str, Constant] = {"StringLookup": Constant("[UNK]"), "IntegerLookup": Constant(-1)}
"""Layers that have a vocabulary, with the token that stands for others."""

MERGES = words("Add Multiply Average Maximum Minimum Subtract")


SHAPES = ("input_shape", "shape", "batch_input_shape", "batch_shape")
OF_INPUT = {*SHAPES, "input_dim"}
"""Arguments of layers that say their input."""


def input_of(arguments: Arguments) -> Axes | None:
    """The input that a layer's arguments say, as in ``LSTM(8, input_shape=(10, 3))``."""
    named = arguments.named
    if OF_INPUT.isdisjoint(named):  # as those of most layers
        return None
    batch = axis(named.get("batch_size", UNKNOWN))
    for name in SHAPES:
        if name in named:
            return axes_of(named[name], () if name.startswith("batch") else (batch,))
    if "input_dim" in named:
        steps = (axis(named["input_length"]),) if "input_length" in named else ()
        return (batch, *steps, axis(named["input_dim"]))
    return None


def axes_of(shape: Value, before: Axes = (None,)) -> Axes:
    if isinstance(shape, (Tuple, List)) and shape.items is not None:
        return (*before, *map(axis, shape.items))
    return (ANY,)


def recurrent(name: str, arguments: Arguments, line: int) -> Layer:
    """LSTM, GRU, SimpleRNN."""
    units = arguments.named.get("output_dim", arguments.get("units", 0, REQUIRED))
    switches = {switch: arguments.get(switch, 99, default) for switch, default in SWITCHES.items()}
    bias = switches.pop("use_bias")
    config = {"features": UNKNOWN, "num_units": units, "bidirectional": Constant(False), "merge_mode": NONE}
    config |= {**switches, "bias": bias}
    if RECURRENT[name] == "gru":
        config["reset_after"] = arguments.get("reset_after", 99, Constant(True))
    layer = Layer(RECURRENT[name], FRAMEWORK, config, line, _output, _input)
    given = dict(zip(("units", "activation", "recurrent_activation"), arguments.positional, strict=False))
    given |= arguments.named
    layer.is_exact = arguments.is_complete and all(given.get(n, v) == v for n, v in EXACT.items())
    if arguments.named.get("time_major", Constant(False)) != Constant(False):
        layer.call, layer.is_exact = unknown_axes, False
    layer.input = input_of(arguments)
    if layer.input and len(layer.input) == 2 and "input_dim" in arguments.named:
        layer.input = (layer.input[0], None, layer.input[1])
    return layer


def _input(layer: Layer, axes: Axes) -> Axes:
    """Recurrent layers require three axes."""
    axes = axes if ANY not in axes and len(axes) == 3 else (None, None, last(axes))
    if len(axes) == 3 and isinstance(axes[-1], int):
        layer.config["features"] = Constant(axes[-1])
    return axes


def _output(layer: Layer, axes: Axes) -> Value:
    batch, steps = (*axes, None, None)[:2]
    h = layer.size("num_units")
    both, sequences, state = (layer.setting(n) for n in ("bidirectional", "return_sequences", "return_state"))
    merge = layer.config["merge_mode"]
    is_separate = both and merge == NONE
    size = h if not both or merge != Constant("concat") else times(2, h)
    if both is None or (both and not isinstance(merge, Constant)):
        size = None
    one = Tensor((batch, steps, size) if sequences else (batch, size) if sequences is False else (ANY,))
    outputs = (one, one) if is_separate else (one,)
    if state is None:
        return UNKNOWN
    states = (Tensor((batch, h)),) * (1 + (layer.kind == "lstm")) * (1 + bool(both)) if state else ()
    return Tuple((*outputs, *states)) if len(outputs) + len(states) > 1 else one


def bidirectional(inner: Layer, arguments: Arguments, line: int) -> Layer:
    """Both directions of a layer, which are copies of it."""
    inner.is_used = True
    merge = arguments.get("merge_mode", 1, Constant("concat"))
    backward = arguments.get("backward_layer", 3, NONE)
    config = {**_of_both(inner, backward), "bidirectional": Constant(True), "merge_mode": merge}
    layer = changed(inner, config=config, line=line, is_used=False, name=None, wraps=None)
    layer.is_exact = inner.is_exact and arguments.is_complete
    layer.is_exact &= not isinstance(backward, Layer) or backward.is_exact
    layer.input = input_of(arguments) or inner.input
    return layer


def _of_both(forward: Layer, backward: Value) -> Config:
    """What is certain about the settings of both directions; without a ``backward`` layer it is a copy."""
    if backward == NONE:
        return forward.config
    if not isinstance(backward, Layer) or backward.kind != forward.kind:
        return dict.fromkeys(forward.config, UNKNOWN)
    backward.is_used = True
    return joined_config(forward.config, {**backward.config, "go_backwards": forward.config["go_backwards"]})


AT_EACH_STEP = {"flatten": "reshape", "conv_lstm": OTHER}
"""The kinds of layers at each step, if they are others: the steps stay, and there are two kinds of steps."""


def time_distributed(inner: Layer, arguments: Arguments, line: int) -> Layer:
    """A layer at each step: it sees the other axes."""
    inner.is_used = True

    def call(layer: Layer, axes: Axes) -> Value:
        if ANY in axes or len(axes) < 3:
            return inner.call(layer, axes) if inner.kind in ("dense", "dropout", "activation", "prelu") else Tensor()
        part = inner.call(layer, inner.takes(layer, (axes[0], *axes[2:])))
        return Tensor((*axes[:2], *part.axes[1:])) if isinstance(part, Tensor) and ANY not in part.axes else Tensor()

    layer = changed(inner, line=line, is_used=False, name=None, call=call, takes=_taken_at_each_step(inner))
    layer.wraps = inner
    layer.is_exact, layer.is_exact_at_each_step = False, inner.is_exact
    layer.kind = AT_EACH_STEP.get(inner.kind, inner.kind)
    layer.input = input_of(arguments) or at_each_step(inner.input)
    return layer


def at_each_step(axes: Axes | None) -> Axes | None:
    """The axes of what a layer gets with those of all steps, from those of one."""
    return (*axes[:1], None, *axes[1:]) if axes and axes[0] != ANY else axes


def _taken_at_each_step(inner: Layer) -> Callable[[Layer, Axes], Axes]:
    def takes(layer: Layer, axes: Axes) -> Axes:
        if ANY not in axes:
            inner.takes(layer, (axes[0], *axes[2:]) if len(axes) > 2 else axes)
            return axes
        part = inner.takes(layer, axes)
        return (None, None, *part[1:]) if inner.kind in ("convolution", "pooling") and ANY not in part else axes

    return takes


def dense(arguments: Arguments, line: int) -> Layer:
    units = arguments.named.get("output_dim", arguments.get("units", 0, REQUIRED))
    config = {"features": UNKNOWN, "num_units": units, "bias": arguments.get("use_bias", 2, Constant(True))}

    def takes(layer: Layer, axes: Axes) -> Axes:
        if axes and isinstance(axes[-1], int):
            layer.config["features"] = Constant(axes[-1])
        return axes

    return Layer("dense", FRAMEWORK, config, line, dense_output, takes)


def embedding(arguments: Arguments, line: int) -> Layer:
    values = arguments.bound({"input_dim": REQUIRED, "output_dim": REQUIRED})
    config = {"features": values["input_dim"], "num_units": values["output_dim"]}
    layer = Layer("embedding", FRAMEWORK, config, line, embedding_output, as_it_is)
    named = {name: value for name, value in arguments.named.items() if name not in ("input_dim", "shape")}
    layer.input = input_of(Arguments((), named)) or (None, axis(named.get("input_length", UNKNOWN)))
    return layer


def repeat(arguments: Arguments, line: int) -> Layer:
    n = arguments.get("n", 0, REQUIRED)

    def call(layer: Layer, axes: Axes) -> Value:
        axes = (None, last(axes)) if ANY in axes else axes
        return Tensor((axes[0], axis(n), axes[-1])) if len(axes) == 2 else Tensor()

    return plain("repeat", line, call)


def reshape(arguments: Arguments, line: int) -> Layer:
    target = arguments.get("target_shape", 0, REQUIRED)

    def call(layer: Layer, axes: Axes) -> Value:
        new = reshaped(axes[1:] if ANY not in axes else (ANY,), sizes_of([target])).axes
        return Tensor((axes[0] if axes and ANY not in axes else None, *new)) if ANY not in new else Tensor()

    return plain("reshape", line, call)


def flatten(arguments: Arguments, line: int) -> Layer:
    def call(layer: Layer, axes: Axes) -> Value:
        return Tensor((axes[0], times(*axes[1:]))) if axes and ANY not in axes else Tensor((None, None))

    return plain("flatten", line, call)


def attended(arguments: Arguments) -> Output:
    """What MultiHeadAttention returns: for each query a vector as long as the query, unless ``output_shape`` says
    other axes."""
    said = arguments.get("output_shape", 5, NONE)
    items = said.items if isinstance(said, (Tuple, List)) else [said]

    def call(layer: Layer, axes: Axes) -> Value:
        if said == NONE:
            return Tensor(axes)
        is_known = ANY not in axes and isinstance(said, (Constant, Tuple, List))
        return Tensor((*axes[:-1], *map(axis, items))) if items and is_known else Tensor()

    return call


def plain(kind: str, line: int, call: Output = same_axes, config: Config | None = None) -> Layer:
    return Layer(kind, FRAMEWORK, config or {}, line, call, as_it_is)


def kind_of(name: str) -> str:
    """The kind of a layer that keeps the axes. Noise, too, is only added in training."""
    if "Dropout" in name or name == "GaussianNoise":
        return "dropout"
    if "Normalization" in name:
        return "normalization"
    return {"Masking": "masking", "PReLU": "prelu"}.get(name, "activation")


def merged(name: str, parts: list[Axes], arguments: Arguments) -> Tensor:
    """Concatenate and Add, which take several tensors."""
    if name == "Concatenate":
        return joined_along(parts, arguments.get("axis", 0, Constant(-1)))
    if name == "Dot":
        return batch_dot(parts[0], parts[1], arguments.get("axes", 0, UNKNOWN)) if len(parts) == 2 else Tensor()
    if any(ANY in part or len(part) != len(parts[0]) for part in parts):
        return Tensor()
    return Tensor(reduce(broadcast, parts))


def wrapped(name: str, inner: Value, arguments: Arguments, line: int) -> Layer:
    """Bidirectional and TimeDistributed, which take a layer."""
    if not isinstance(inner, Layer):
        return plain("other", line, unknown_axes)
    if name == "TimeDistributed":
        return time_distributed(inner, arguments, line)
    if inner.kind not in RECURRENT.values():
        return plain("other", line, unknown_axes)
    return bidirectional(inner, arguments, line)


SIMPLE: Mapping[str, Callable[[Arguments, int], Layer]] = {
    "Dense": dense,
    "Embedding": embedding,
    "RepeatVector": repeat,
    "Reshape": reshape,
    "Flatten": flatten,
}


def vocabulary_size(name: str, arguments: Arguments) -> Value:
    """The number of tokens of a lookup whose vocabulary is in the source, with those that stand for others."""
    tokens, mask = arguments.named.get("vocabulary", UNKNOWN), arguments.named.get("mask_token", NONE)
    others = arguments.named.get("num_oov_indices", Constant(1))
    oov = arguments.named.get("oov_token", LOOKUPS[name])
    items = tokens.items if isinstance(tokens, (Tuple, List)) else None
    if not items or not all(isinstance(one, Constant) for one in (*items, mask, oov)) or {oov, mask} & {*items}:
        return UNKNOWN
    is_certain = arguments.is_complete and not arguments.positional and len({*items}) == len(items)
    match others:
        case Constant(int(count)) if is_certain:
            return Constant(len(items) + count + (mask != NONE))
    return UNKNOWN


def layer(name: str, arguments: Arguments, line: int) -> Layer | None:
    """The layer that a class of keras.layers makes; None for what is no layer."""
    if name in RECURRENT:
        made = recurrent(name, arguments, line)
    elif name in ("Bidirectional", "TimeDistributed"):
        made = wrapped(name, arguments.get("layer", 0, UNKNOWN), arguments, line)
    elif over_axes := keras_convolutions.layer(name, arguments, line):
        made = over_axes
    elif name in SIMPLE:
        made = SIMPLE[name](arguments, line)
    elif name in SAME:
        rate = arguments.get("rate", 0, REQUIRED)
        made = plain(kind_of(name), line, config={"dropout": rate} if "Dropout" in name else {})
        if made.kind in OF_KINDS:
            made = with_count(made, OF_KINDS[made.kind](name, arguments))
        if name == "BatchNormalization":
            place = arguments.get("axis", 0, Constant(-1))
            made = with_statistics(made, of_normalization(name, Arguments((), {"axis": place})))
    elif name in ATTENTION:
        if name == "MultiHeadAttention":
            made = plain("other", line, attended(arguments), {"num_heads": arguments.get("num_heads", 0, UNKNOWN)})
        else:
            is_scaled = Constant(name == "AdditiveAttention")  # unless an argument says it
            made = plain("other", line, config={"use_scale": arguments.get("use_scale", 0, is_scaled)})
        made.several = True
        score = arguments.get("score_mode", 1, Constant("dot"))
        is_plain = (made.config.get("use_scale"), score) == (Constant(False), Constant("dot"))
        if name == "Attention" and is_plain and arguments.is_complete:
            made.parameters = 0  # it has no weights
    elif name[:1].isupper():
        made = plain("other", line, unknown_axes)
    else:
        return None
    given = arguments.named.get("name")
    if isinstance(given, Constant) and isinstance(given.value, str):
        made.name = given.value
    if made.input is None:
        made.input = input_of(arguments)
    return made
