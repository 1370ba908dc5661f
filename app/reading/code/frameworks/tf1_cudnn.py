"""The recurrent layers of TensorFlow 1 that cuDNN computes: ``tf.contrib.cudnn_rnn``."""

from ..signatures import REQUIRED, Arguments, defaults
from ..values import UNKNOWN, Axes, Axis, Config, Constant, Layer, Tensor, Tuple, Value, last, plus, times
from .tf1 import FRAMEWORK, note_features

KINDS = {"CudnnLSTM": "lstm", "CudnnGRU": "gru", "CudnnRNNTanh": "rnn", "CudnnRNNRelu": "rnn"}

GATES = {"lstm": 4, "gru": 3, "rnn": 1}

PARAMETERS: dict[str, Value] = {
    "num_layers": REQUIRED,
    "num_units": REQUIRED,
    **defaults(input_mode="linear_input", direction="unidirectional", dropout=0.0),
}


def layer(name: str, arguments: Arguments, line: int) -> Layer:
    """A layer whose input has the time first, unless its call says another order. No page is about it: it has two
    biases, and its input is not multiplied in some modes."""
    values = arguments.bound(PARAMETERS)
    direction = values["direction"]
    is_both = Constant(direction.value == "bidirectional") if isinstance(direction, Constant) else UNKNOWN
    config: Config = {
        "features": UNKNOWN,
        "num_units": values["num_units"],
        "num_layers": values["num_layers"],
        "bidirectional": is_both,
        "num_proj": Constant(0),
        "bias": Constant(True),
        "dropout": values["dropout"],
        "time_major": Constant(True),
    }
    if name == "CudnnLSTM":
        config |= {"forget_bias": Constant(0.0), "peepholes": Constant(False)}
    if name == "CudnnGRU":
        config["reset_after"] = Constant(True)
    made = Layer(KINDS[name], FRAMEWORK, config, line, _called, _taken)
    made.class_name, made.is_exact, made.has_more_parameters = name, False, True
    return made


def _taken(layer: Layer, axes: Axes) -> Axes:
    """time, batch, features."""
    axes = axes if len(axes) == 3 else (None, None, last(axes))
    note_features(layer, axes)
    layer.parameters = _parameters(layer)
    return axes


def _parameters(layer: Layer) -> int | None:
    """The number of its parameters: for each layer and direction two matrices and two biases, of all gates."""
    features, units, count = (layer.size(name) for name in ("features", "num_units", "num_layers"))
    is_both = layer.setting("bidirectional")
    if is_both is None or not (isinstance(features, int) and isinstance(units, int) and isinstance(count, int)):
        return None
    directions, rows = 1 + is_both, GATES[layer.kind] * units
    columns = features + units + 2 + (count - 1) * (directions * units + units + 2)
    return directions * rows * columns


def _called(layer: Layer, axes: Axes) -> Value:
    """The output, with both directions side by side, and the states: for each layer and direction one."""
    units, is_both, order = layer.size("num_units"), layer.setting("bidirectional"), layer.setting("time_major")
    size: Axis = None if is_both is None else plus(units, units) if is_both else units
    count: Axis = None if is_both is None else times(1 + is_both, layer.size("num_layers"))
    state = Tensor((count, None if order is None else axes[int(order)], units))
    states = Tuple((state, state)) if layer.kind == "lstm" else Tuple((state,))
    return Tuple((Tensor((*axes[:2], size)), states))
