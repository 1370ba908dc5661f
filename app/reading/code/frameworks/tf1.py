"""TensorFlow 1: its cells, and the axes of what its functions return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..axes_of_operations import (
    broadcast,
    joined_along,
    permuted,
    place,
    reduced,
    reshaped,
    sizes_of,
    tensor_of,
    transposes_first_two,
    unsqueezed,
    with_origin,
)
from ..signatures import REQUIRED, Arguments, defaults
from ..values import (
    ANY,
    NONE,
    UNKNOWN,
    Axes,
    Axis,
    Config,
    Constant,
    Layer,
    List,
    Recording,
    Repeated,
    Tensor,
    Tuple,
    Value,
    axis,
    changed,
    frozen,
    last,
    size,
    sizes_of_axes,
    times,
)
from ..word_sets import words
from .pytorch import as_it_is, dense_output, embedding_output
from .pytorch_functions import made, stacked

FRAMEWORK = "tf1"

UNITS: dict[str, Value] = {"num_units": REQUIRED}
LSTM = UNITS | defaults(forget_bias=1.0)

PARAMETERS: Mapping[str, tuple[str, dict[str, Value]]] = {
    "BasicLSTMCell": ("lstm_cell", LSTM),
    "LSTMBlockCell": ("lstm_cell", LSTM | defaults(cell_clip=None, use_peephole=False)),
    "LayerNormBasicLSTMCell": (
        "lstm_cell",
        LSTM | defaults(input_size=None, activation=None, layer_norm=True),
    ),
    "LSTMCell": (
        "lstm_cell",
        UNITS
        | defaults(use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, proj_clip=None)
        | defaults(num_unit_shards=None, num_proj_shards=None, forget_bias=1.0),
    ),
    "LSTMBlockFusedCell": ("lstm_cell", LSTM | defaults(cell_clip=None, use_peephole=False)),
    "GRUCell": ("gru_cell", UNITS),
    "GRUBlockCell": ("gru_cell", UNITS),
    "GRUBlockCellV2": ("gru_cell", UNITS),
    "BasicRNNCell": ("rnn_cell", UNITS),
}
"""By class, the kind of cell and its parameters in their order, with their defaults."""

SAME = words(
    """
    abs add_n batch_normalization bias_add cast clip_by_value convert_to_tensor dropout elu exp identity l2_normalize
    leaky_relu log log_softmax negative ones_like relu relu6 reverse reverse_sequence reverse_v2 selu sigmoid sign
    softmax softplus softsign sqrt square stop_gradient tanh to_float to_int32 to_int64 zeros_like
    """
)
"""Functions that keep the axes of their first argument."""

PAIRS = words("add subtract multiply divide div maximum minimum")
"""Functions of two tensors, element by element."""

MADE = words("zeros ones random_normal random_uniform truncated_normal fill normal uniform")
"""Functions whose first argument is the shape."""

REDUCTIONS = words("reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_any reduce_all")

OVER_AXES = {
    f"{name.lower()}{count}d": f"{name[:1]}{name[1:]}{count}D"
    for name in ("Conv", "MaxPooling", "AveragePooling")
    for count in (1, 2, 3)
} | {f"separable_conv{count}d": f"SeparableConv{count}D" for count in (1, 2)}
OVER_AXES = {name.replace("pooling", "_pooling"): of for name, of in OVER_AXES.items()}
"""By function of ``tf.layers``, the layer of Keras that computes the same."""

IGNORED = words(
    """
    argmax equal gradients clip_by_global_norm trainable_variables global_variables_initializer assign group scalar
    initialize_all_variables softmax_cross_entropy_with_logits softmax_cross_entropy_with_logits_v2
    sparse_softmax_cross_entropy_with_logits sigmoid_cross_entropy_with_logits l2_loss sequence_mask in_top_k
    variable_scope name_scope Session InteractiveSession sequence_loss
    sequence_loss_by_example Print histogram
    """
)
"""Functions that say nothing about layers: losses, training, summaries."""


@frozen
class Variable(Tensor):
    """A variable, which is made at a line."""

    line: int = 0
    name: str | None = None


@dataclass(eq=False)
class Cells(Value):
    """The cells of a layer each, from the lowest. ``count``: how often the only one is repeated, if that is no number.
    ``has_tuple``: whether the state is a tuple, as that of a MultiRNNCell."""

    cells: list[Layer]
    count: Value = NONE
    has_tuple: bool = True


@dataclass(eq=False)
class Graph(Value):
    """A graph, with the forward pass of what is made in it."""

    recording: Recording


def cell(name: str, arguments: Arguments, line: int) -> Layer:
    """A cell. Its number of features follows from its input."""
    kind, parameters = PARAMETERS[name]
    if "cell_size" in arguments.named and name.startswith("GRUBlockCell"):
        arguments = Arguments((), {"num_units": arguments.named["cell_size"]}, arguments.is_complete)
    values = arguments.bound(parameters)
    projection = values.get("num_proj", NONE)
    config: Config = {
        "features": UNKNOWN,
        "num_units": values["num_units"],
        "num_layers": Constant(1),
        "bidirectional": Constant(False),
        "num_proj": Constant(0) if projection == NONE else projection,
        "bias": Constant(True),
        "dropout": Constant(0.0),
    }
    if kind == "lstm_cell":
        config["forget_bias"] = values["forget_bias"]
        config["peepholes"] = values.get("use_peepholes", values.get("use_peephole", Constant(False)))
    elif kind == "gru_cell":
        config["reset_after"] = Constant(False)
    made = Layer(kind, FRAMEWORK, config, line, cell_output, cell_input)
    made.class_name = name
    activation = arguments.named.get("activation", NONE)
    is_usual = activation == NONE or getattr(activation, "path", "").endswith(".tanh")
    made.is_exact = is_usual and values.get("cell_clip", NONE) == NONE
    if (is_normed := values.get("layer_norm", Constant(False))) != Constant(False):
        made.is_exact, made.has_more_parameters = False, True
        config["bias"] = Constant(False) if is_normed == Constant(True) else UNKNOWN
    return made


def fused(arguments: Arguments, line: int) -> Layer:
    """LSTMBlockFusedCell: a layer that gets all steps, the time first."""
    made = cell("LSTMBlockFusedCell", arguments, line)
    config = {**made.config, "time_major": Constant(True), "go_backwards": Constant(False)}
    config["peepholes"] = arguments.get("use_peephole", 3, Constant(False))

    def takes(layer: Layer, axes: Axes) -> Axes:
        return sequence(layer, axes)[0]

    def call(layer: Layer, axes: Axes) -> Value:
        _, returned, batch = sequence(layer, axes)
        return Tuple((Tensor(returned), state_of(layer, batch)))

    return changed(made, kind="lstm", config=config, call=call, takes=takes)


def reversed_fused(inner: Value, line: int) -> Layer | None:
    """TimeReversedFusedRNN: a layer that reads the steps from the last to the first. No page is about it alone."""
    if not isinstance(inner, Layer) or inner.setting("go_backwards") is not False:
        return None
    inner.is_used = True
    config = {**inner.config, "go_backwards": Constant(True)}
    return changed(inner, config=config, line=line, is_used=False, name=None, is_exact=False)


def cell_input(layer: Layer, axes: Axes) -> Axes:
    """batch, features."""
    axes = axes if ANY not in axes and len(axes) == 2 else (None, last(axes))
    note_features(layer, axes)
    return axes


def note_features(layer: Layer, axes: Axes) -> None:
    if isinstance(axes[-1], int):
        layer.config["features"] = Constant(axes[-1])


def output_size(layer: Layer) -> Axis:
    """The length of h: that of the projection if there is one."""
    projection = layer.config["num_proj"]
    return layer.size("num_units") if projection == Constant(0) else axis(projection)


def state_of(layer: Layer, batch: Axis) -> Value:
    """The state of a cell: of an LSTM, c and h."""
    h = Tensor((batch, output_size(layer)))
    return Tuple((Tensor((batch, layer.size("num_units"))), h)) if layer.kind.startswith("lstm") else h


def cell_output(layer: Layer, axes: Axes) -> Value:
    """The output, and the new state."""
    return Tuple((Tensor((axes[0], output_size(layer))), state_of(layer, axes[0])))


def dropped(cell: Layer, keep: Value) -> Layer:
    """A cell in a DropoutWrapper that keeps a part of its outputs."""
    rate: Value = UNKNOWN
    if isinstance(keep, Constant) and isinstance(keep.value, (int, float)):
        rate = Constant(round(1 - keep.value, 6))
    cell.is_used = True
    return changed(cell, config={**cell.config, "dropout": rate}, is_used=False)


def wrapped(name: str, cell: Layer) -> Layer:
    """A cell in a wrapper that adds its input to its output, or mixes both with weights of its own."""
    cell.is_used = True
    made = changed(cell, config={**cell.config}, is_used=False, is_exact=cell.is_exact and name == "DeviceWrapper")
    made.has_more_parameters |= name == "HighwayWrapper"
    return made


def cells_of(value: Value) -> Cells | None:
    """A cell, or the cells of a MultiRNNCell or of a list; None for something else."""
    match value:
        case Cells():
            return value
        case Layer(kind=kind, framework="tf1") if kind.endswith("_cell"):
            return Cells([value], has_tuple=False)
        case Repeated(item, count):
            one = cells_of(item)
            return Cells(one.cells, count) if one and len(one.cells) == 1 else None
        case Tuple(items=(_, *_) as items) | List(items=[_, *_] as items):
            parts = [cells_of(item) for item in items]
            found = [cell for part in parts if part and part.count == NONE for cell in part.cells]
            return Cells(found) if len(found) == len(parts) else None
    return None


def layers_of(cells: Cells, is_time_major: Value, is_bidirectional: bool) -> list[Layer]:
    """The recurrent layers that run cells over time: one if all cells are alike, or else one each."""
    config = {"time_major": is_time_major, "bidirectional": Constant(is_bidirectional)}
    layers = [
        changed(one, kind=one.kind.removesuffix("_cell"), config={**one.config, **config}, is_used=True)
        for one in cells.cells
    ]
    first, *others = layers
    if not all(are_alike(first, other) for other in others):
        return layers
    if any(other.config["dropout"] != first.config["dropout"] for other in others):
        first.config["dropout"] = UNKNOWN
    first.is_exact = all(one.is_exact for one in layers)
    first.has_more_parameters = any(one.has_more_parameters for one in layers)
    first.config["num_layers"] = Constant(len(layers)) if cells.count == NONE else cells.count
    return [first]


def note_own_stacks(layers: Sequence[Layer]) -> None:
    """Each direction has a stack of its own, whose layers read only that direction: in a layer of several, as in a
    picture, they read both, so that the number of layers is left open."""
    for layer in layers:
        layer.is_exact = False
        if len(layers) == 1:
            layer.config["num_layers"] = UNKNOWN


def are_alike(one: Layer, other: Layer) -> bool:
    """Whether two cells have the same settings, except dropout."""
    settings = [{**cell.config, "dropout": NONE, "features": NONE} for cell in (one, other)]
    return one.kind == other.kind and settings[0] == settings[1]


def sequence(layer: Layer, axes: Axes) -> tuple[Axes, Axes, Axis]:
    """The axes that a recurrent layer reads and returns, and that of the batch."""
    axes = axes if ANY not in axes and len(axes) == 3 else (None, None, last(axes))
    note_features(layer, axes)
    is_time_major = layer.setting("time_major")
    batch = None if is_time_major is None else axes[int(is_time_major)]
    return axes, (*axes[:2], output_size(layer)), batch


def dense(features: Axis, units: Value, bias: Value, line: int) -> Layer:
    config: Config = {"features": size(features) if isinstance(features, int) else UNKNOWN, "num_units": units}
    return Layer("dense", FRAMEWORK, {**config, "bias": bias}, line, dense_output, as_it_is)


def dropout(arguments: Arguments, line: int) -> Layer:
    """tf.layers.dropout(inputs, rate=0.5), tf.nn.dropout(x, keep_prob=0.5)."""
    rate = arguments.named.get("rate", UNKNOWN)
    match arguments.named.get("keep_prob"):
        case Constant(int(keep) | float(keep)):
            rate = Constant(round(1 - keep, 6))
    config: Config = {"dropout": rate} if isinstance(rate, Constant) else {}
    return Layer("dropout", FRAMEWORK, config, line, lambda layer, axes: Tensor(axes), as_it_is)


def embedding(of: Axes, line: int) -> Layer:
    """A lookup in a matrix with the axes ids, units."""
    ids, units = of if len(of) == 2 and ANY not in of else (None, None)
    config: Config = {"features": size(ids) if ids else UNKNOWN, "num_units": size(units) if units else UNKNOWN}
    return Layer("embedding", FRAMEWORK, config, line, embedding_output, as_it_is)


def variable(name: str, arguments: Arguments, line: int) -> Variable:
    """tf.Variable(initial_value), tf.get_variable(name, shape)."""
    if name == "Variable":
        axes, given = tensor_of(arguments.get("initial_value", 0, UNKNOWN)).axes, arguments.named.get("name", NONE)
    else:
        axes, given = shaped(arguments.get("shape", 1, UNKNOWN)).axes, arguments.get("name", 0, NONE)
    said = str(given.value) if isinstance(given, Constant) and given != NONE else None
    return Variable(axes, line=line, name=said)


def shaped(shape: Value) -> Tensor:
    """A tensor of a shape, in which None is an unknown size."""
    if isinstance(shape, (Tuple, List)) and shape.items is not None:
        return Tensor(tuple(map(axis, shape.items)))
    return Tensor((axis(shape),)) if isinstance(shape, Constant) and shape != NONE else Tensor()


# functions of tensors


def _reshaped(a: Arguments) -> Value:
    return reshaped(_first(a).axes, sizes_of([a.get("shape", 1, UNKNOWN)]))


def _transposed(a: Arguments) -> Value:
    axes, order = _first(a).axes, a.get("perm", 1, NONE)
    if order == NONE:
        return Tensor(tuple(reversed(axes))) if ANY not in axes else Tensor()
    places = sizes_of([order])
    return with_origin(permuted(axes, places), _first(a), is_last=False, is_first=transposes_first_two(places))


def _concatenated(a: Arguments) -> Value:
    """tf.concat(values, axis); before TensorFlow 1 in the other order."""
    parts, along = a.get("values", 0, UNKNOWN), a.get("axis", 1, a.named.get("concat_dim", UNKNOWN))
    if isinstance(parts, Constant):
        parts, along = along, parts
    if isinstance(parts, (Tuple, List)) and parts.items:
        return joined_along([tensor_of(part).axes for part in parts.items], along)
    if isinstance(parts, Tensor) and ANY not in parts.axes and len(parts.axes) > 1:  # the parts of one tensor
        count, *axes = parts.axes
        n = place(along, tuple(axes))
        return Tensor() if n is None else Tensor((*axes[:n], times(count, axes[n]), *axes[n + 1 :]))
    return Tensor()


def _stacked(a: Arguments) -> Value:
    parts, along = a.get("values", 0, UNKNOWN), a.get("axis", 1, Constant(0))
    if isinstance(parts, Tensor):
        n = place(along, parts.axes)
        return Tensor() if n is None else Tensor((*parts.axes[1 : n + 1], parts.axes[0], *parts.axes[n + 1 :]))
    return stacked([parts], {"dim": along})


def _unstacked(a: Arguments) -> Value:
    """The parts of a tensor along an axis, as a tensor whose first axis it is."""
    axes, along, count = _first(a).axes, a.get("axis", 2, Constant(0)), a.get("num", 1, NONE)
    n = place(along, axes)
    if n is None:
        return Tensor()
    return Tensor((axes[n] if axes[n] is not None else axis(count), *axes[:n], *axes[n + 1 :]))


def _split(a: Arguments) -> Value:
    """tf.split(value, num_or_size_splits, axis); before TensorFlow 1 in the other order. Equal parts are a tensor whose
    first axis counts them."""
    value, count, along = a.get("value", 0, UNKNOWN), a.get("num_or_size_splits", 1, UNKNOWN), a.get("axis", 2, NONE)
    if isinstance(value, Constant):
        value, along = along, value
    axes, n = tensor_of(value).axes, place(Constant(0) if along == NONE else along, tensor_of(value).axes)
    if n is None:
        return Tensor()
    if isinstance(count, (Tuple, List)):
        parts = count.items
        return Tuple(tuple(Tensor((*axes[:n], axis(p), *axes[n + 1 :])) for p in parts)) if parts else Tensor()
    number, whole = axis(count), axes[n]
    part = whole // number if isinstance(number, int) and isinstance(whole, int) and whole % number == 0 else None
    return Tensor((number, *axes[:n], part, *axes[n + 1 :]))


def _expanded(a: Arguments) -> Value:
    return unsqueezed(_first(a).axes, a.get("axis", 1, a.named.get("dim", UNKNOWN)))


def _squeezed(a: Arguments) -> Value:
    """An axis that is named is removed, whether its size is known or not."""
    axes, which = _first(a).axes, a.get("axis", 1, a.named.get("squeeze_dims", NONE))
    if isinstance(which, (Tuple, List)):
        which = which.items[0] if which.items and len(which.items) == 1 else UNKNOWN
    n = place(which, axes)
    return Tensor() if n is None else Tensor((*axes[:n], *axes[n + 1 :]))


def _reduced(a: Arguments) -> Value:
    along = a.get("axis", 1, a.named.get("reduction_indices", NONE))
    if isinstance(along, (Tuple, List)):
        along = along.items[0] if along.items and len(along.items) == 1 else UNKNOWN
    return reduced("sum", _first(a).axes, along, a.get("keepdims", 2, a.named.get("keep_dims", Constant(False))))


def product(a: Arguments) -> Axes:
    """tf.matmul(a, b)."""
    left, right = _operand(a, 0, "a"), _operand(a, 1, "b")
    if len(left) < 2 or len(right) < 2:
        return (ANY, last(right)) if len(right) >= 2 else (ANY,)
    return (*left[:-1], right[-1])


def _operand(a: Arguments, n: int, name: str) -> Axes:
    axes = tensor_of(a.get(name, n, UNKNOWN)).axes
    is_transposed = a.named.get(f"transpose_{name}", Constant(False))
    if is_transposed == Constant(False):
        return axes
    return (*axes[:-2], axes[-1], axes[-2]) if len(axes) >= 2 and is_transposed == Constant(True) else (ANY,)


def _shape(a: Arguments) -> Value:
    return sizes_of_axes(_first(a).axes)


def _one_hot(a: Arguments) -> Value:
    return Tensor((*_first(a).axes, axis(a.get("depth", 1, UNKNOWN))))


def _gathered(a: Arguments) -> Value:
    axes, indices = _first(a).axes, tensor_of(a.get("indices", 1, UNKNOWN)).axes
    return Tensor() if ANY in axes or "axis" in a.named else Tensor((*indices, *axes[1:]))


def _flattened(axes: Axes) -> Tensor:
    return Tensor((axes[0], times(*axes[1:]))) if ANY not in axes and axes else Tensor((None, None))


def _placeholder(a: Arguments) -> Value:
    return shaped(a.get("shape", 1, NONE))


def _first(a: Arguments) -> Tensor:
    """The first argument, which has many names."""
    return tensor_of(a.positional[0] if a.positional else next(iter(a.named.values()), UNKNOWN))


FUNCTIONS: Mapping[str, Callable[[Arguments], Value]] = {
    "reshape": _reshaped,
    "transpose": _transposed,
    "concat": _concatenated,
    "concat_v2": _concatenated,
    "stack": _stacked,
    "pack": _stacked,
    "unstack": _unstacked,
    "unpack": _unstacked,
    "split": _split,
    "expand_dims": _expanded,
    "squeeze": _squeezed,
    "matmul": lambda a: Tensor(product(a)),
    "shape": _shape,
    "one_hot": _one_hot,
    "gather": _gathered,
    "gather_nd": lambda a: Tensor(),
    "placeholder": _placeholder,
    "placeholder_with_default": _placeholder,
    "constant": lambda a: shaped(a.get("shape", 2, NONE)),
    "flatten": lambda a: _flattened(_first(a).axes),
    "range": lambda a: Tensor((None,)),
}


def called(name: str, a: Arguments) -> Value | None:
    """What a function returns; None for an unknown one."""
    if name in FUNCTIONS:
        return FUNCTIONS[name](a)
    if name in SAME:
        return Tensor(_first(a).axes)
    if name in REDUCTIONS:
        return _reduced(a)
    if name in MADE:
        return made([_given(a)], {})
    if name in PAIRS:
        sides: Sequence[Value] = [*a.positional, *a.named.values()][:2]
        return Tensor(broadcast(*(tensor_of(one).axes for one in sides))) if len(sides) == 2 else None
    return UNKNOWN if name in IGNORED or name.endswith("_loss") else None


def _given(a: Arguments) -> Value:
    return a.positional[0] if a.positional else a.named.get("shape", a.named.get("dims", UNKNOWN))
