"""Keras's layers over one or several axes: convolutions, pooling, padding. The channels are the last axis.

Source: https://keras.io/api/layers, with the lengths of https://github.com/keras-team/keras, compute_conv_output_shape.
"""

from collections.abc import Callable, Mapping

from ..signatures import REQUIRED, Arguments, defaults
from ..values import (
    ANY,
    NONE,
    OTHER,
    UNKNOWN,
    Axes,
    Axis,
    Constant,
    Layer,
    List,
    Tensor,
    Tuple,
    Value,
    axis,
    last,
    plus,
    times,
)
from ..word_sets import words
from .keras_parameters import of_convolution, with_count
from .pytorch import along, as_it_is, axes_of_windows

FRAMEWORK = "keras"

WINDOWS: dict[str, Value] = {"kernel_size": REQUIRED} | defaults(
    strides=1, padding="valid", data_format=None, dilation_rate=1
)
POOLS = defaults(pool_size=2, strides=None, padding="valid", data_format=None)

OLD = words("border_mode subsample dim_ordering nb_filter nb_row nb_col filter_length output_padding")
"""Arguments of Keras 1, and others with which the lengths are not read."""

Steps = Callable[[Axes], Axes]
"""The axes between batch and channels of the output, from those of the input."""


def _is_usual(arguments: Arguments, data_format: Value) -> bool:
    """Whether the channels are last, and no arguments are of an older Keras."""
    return OLD.isdisjoint(arguments.named) and data_format in (NONE, Constant("channels_last"))


def windows(steps: Axis, kernel: int | None, stride: int | None, padding: Value, dilation: int | None) -> Axis:
    """The number of windows along an axis."""
    if not isinstance(steps, int) or not kernel or not stride or not dilation:
        return None
    match padding:
        case Constant("same" | "causal"):
            return -(-steps // stride)
        case Constant("valid"):
            return max((steps - dilation * (kernel - 1) - 1) // stride + 1, 0) or None
    return None


def _windows_of(values: Mapping[str, Value], kernel: str) -> Steps:
    def steps(axes: Axes) -> Axes:
        return tuple(
            windows(
                one,
                along(values[kernel], n),
                along(values["strides"], n),
                values["padding"],
                along(values.get("dilation_rate", Constant(1)), n),
            )
            for n, one in enumerate(axes)
        )

    return steps


def _of_transposed(values: Mapping[str, Value]) -> Steps:
    """The steps of a transposed convolution."""

    def one(steps: Axis, kernel: int | None, stride: int | None) -> Axis:
        if not isinstance(steps, int) or not kernel or not stride or along(values["dilation_rate"], 0) != 1:
            return None
        match values["padding"]:
            case Constant("same"):
                return steps * stride
            case Constant("valid"):
                return steps * stride + max(kernel - stride, 0)
        return None

    return lambda axes: tuple(
        one(steps, along(values["kernel_size"], n), along(values["strides"], n)) for n, steps in enumerate(axes)
    )


def over(kind: str, count: int, steps: Steps, channels: Callable[[Axis], Axis], is_usual: bool, line: int) -> Layer:
    """A layer over some axes between the batch and the channels."""

    def takes(layer: Layer, axes: Axes) -> Axes:
        if is_usual and "features" in layer.config and isinstance(features := last(axes), int):
            layer.config["features"] = Constant(features)
        return (None,) * (count + 1) + (last(axes),) if ANY in axes and kind != OTHER else axes

    def call(layer: Layer, axes: Axes) -> Value:
        if len(axes) != count + 2 or ANY in axes:
            return Tensor()
        if not is_usual:
            return Tensor((axes[0], *(None,) * (count + 1)))
        return Tensor((axes[0], *steps(axes[1:-1]), channels(axes[-1])))

    return Layer(kind, FRAMEWORK, {}, line, call, takes)


def convolution(name: str, arguments: Arguments, line: int) -> Layer:
    """Conv1D, Conv2D, SeparableConv2D, DepthwiseConv2D, Conv2DTranspose ..."""
    is_deep = name.startswith("Depthwise")
    values = arguments.bound(({} if is_deep else {"filters": REQUIRED}) | WINDOWS)
    filters = UNKNOWN if is_deep else values["filters"]
    is_old = name.startswith("Convolution") and len(arguments.positional) > 2
    is_usual = not is_old and arguments.is_complete
    if name.endswith("Transpose"):
        values["data_format"] = arguments.named.get("data_format", NONE)
        is_usual = is_usual and len(arguments.positional) < 5
    steps = _of_transposed(values) if name.endswith("Transpose") else _windows_of(values, "kernel_size")
    deep = axis(arguments.named.get("depth_multiplier", Constant(1)))
    layer = over(
        "convolution",
        axes_of_windows(name.removesuffix("Transpose")),
        steps,
        (lambda channels: times(channels, deep)) if is_deep else lambda channels: axis(filters),
        is_usual and _is_usual(arguments, values["data_format"]),
        line,
    )
    layer.config = {"features": UNKNOWN, **({} if is_deep else {"num_units": filters})}
    if not (is_usual and _is_usual(arguments, values["data_format"])):
        return layer
    count = axes_of_windows(name.removesuffix("Transpose"))
    return with_count(layer, of_convolution(name, arguments, filters, values["kernel_size"], count))


def pooling(name: str, arguments: Arguments, line: int) -> Layer:
    """MaxPooling1D, AveragePooling2D ..."""
    values = arguments.bound(POOLS)
    if values["strides"] == NONE:
        values["strides"] = values["pool_size"]
    is_usual = arguments.is_complete and _is_usual(arguments, values["data_format"])
    steps = _windows_of(values, "pool_size")
    return over("pooling", axes_of_windows(name), steps, lambda channels: channels, is_usual, line)


def global_pooling(name: str, arguments: Arguments, line: int) -> Layer:
    count = axes_of_windows(name)
    data_format = arguments.get("data_format", 0, NONE)
    keeps = arguments.get("keepdims", 1, Constant(False))

    def takes(layer: Layer, axes: Axes) -> Axes:
        return (None,) * (count + 1) + (last(axes),) if ANY in axes else axes

    def call(layer: Layer, axes: Axes) -> Value:
        if len(axes) != count + 2 or ANY in axes or keeps not in (Constant(False), Constant(True)):
            return Tensor()
        channels = axes[-1] if _is_usual(arguments, data_format) else None
        return Tensor((axes[0], *((1,) * count if keeps == Constant(True) else ()), channels))

    return Layer("pooling", FRAMEWORK, {}, line, call, takes)


def convolutional_lstm(name: str, arguments: Arguments, line: int) -> Layer:
    """ConvLSTM2D: a recurrent layer whose states are maps."""
    values = arguments.bound({"filters": REQUIRED} | WINDOWS)
    count, steps = axes_of_windows(name), _windows_of(values, "kernel_size")
    is_usual = arguments.is_complete and _is_usual(arguments, values["data_format"])
    sequences = arguments.named.get("return_sequences", Constant(False))
    state = arguments.named.get("return_state", Constant(False))

    def call(layer: Layer, axes: Axes) -> Value:
        if len(axes) != count + 3 or ANY in axes or not isinstance(sequences, Constant):
            return Tensor()
        one = (*steps(axes[2:-1]), axis(values["filters"])) if is_usual else (None,) * (count + 1)
        output = Tensor((axes[0], *((axes[1],) if sequences.value else ()), *one))
        if state == Constant(False):
            return output
        last_one = Tensor((axes[0], *one))
        return Tuple((output, last_one, last_one)) if state == Constant(True) else UNKNOWN

    if not is_usual:
        return Layer(OTHER, FRAMEWORK, {}, line, call, as_it_is)
    kind = "conv_lstm" if isinstance(axis(values["filters"]), int) else OTHER
    made = Layer(kind, FRAMEWORK, {}, line, call, as_it_is)
    return with_count(made, of_convolution(name, arguments, values["filters"], values["kernel_size"], count))


def _pair(value: Value, n: int) -> Axis | int | None:
    """What is added before and after an axis: ``2``, ``(1, 2)``, ``((1, 2), (3, 4))``."""
    match value:
        case Constant(int(both)):
            return 2 * both
        case Tuple(items=(*items,)) | List(items=[*items]) if n < len(items):
            match items[n]:
                case Constant(int(both)):
                    return 2 * both
                case Tuple(items=(Constant(int(before)), Constant(int(after)))):
                    return before + after
    return None


def padding(name: str, arguments: Arguments, line: int) -> Layer:
    """ZeroPadding1D, Cropping2D ..."""
    is_cropping = name.startswith("Cropping")
    count = axes_of_windows(name)
    value = arguments.get("cropping" if is_cropping else "padding", 0, Constant(1) if count < 3 else UNKNOWN)
    if count == 1 and isinstance(value, Tuple):
        value = Tuple((value,))

    def steps(axes: Axes) -> Axes:
        found = []
        for n, one in enumerate(axes):
            more = _pair(value, n)
            size = plus(one, -more if is_cropping else more) if isinstance(more, int) else None
            found.append(size if isinstance(size, int) and size > 0 else None)
        return tuple(found)

    is_usual = _is_usual(arguments, arguments.get("data_format", 1, NONE))
    return over(OTHER, count, steps, lambda channels: channels, is_usual, line)


def upsampling(name: str, arguments: Arguments, line: int) -> Layer:
    """UpSampling1D, UpSampling2D ..."""
    size = arguments.get("size", 0, Constant(2))
    is_usual = _is_usual(arguments, arguments.get("data_format", 1, NONE))
    return over(
        OTHER,
        axes_of_windows(name),
        lambda axes: tuple(times(one, along(size, n)) for n, one in enumerate(axes)),
        lambda channels: channels,
        is_usual,
        line,
    )


def permute(name: str, arguments: Arguments, line: int) -> Layer:
    """Permute((2, 1)), which counts the axes after the batch from 1."""
    dims = arguments.get("dims", 0, UNKNOWN)

    def call(layer: Layer, axes: Axes) -> Value:
        items = dims.items if isinstance(dims, (Tuple, List)) else None
        places = [item.value for item in items or () if isinstance(item, Constant)]
        if ANY in axes or sorted(places, key=str) != list(range(1, len(axes))):
            return Tensor((None,) * (1 + len(places))) if items and len(places) == len(items) else Tensor()
        return Tensor((axes[0], *(axes[n] for n in places if isinstance(n, int))))

    return Layer("reshape", FRAMEWORK, {}, line, call, as_it_is)


def layer(name: str, arguments: Arguments, line: int) -> Layer | None:
    """One of these layers; None for another one."""
    if name[-2:] not in ("1D", "2D", "3D") and not name.endswith("Transpose"):
        return permute(name, arguments, line) if name == "Permute" else None
    for beginning, make in BY_BEGINNING.items():
        if name.startswith(beginning):
            return make(name, arguments, line)
    return None


BY_BEGINNING: Mapping[str, Callable[[str, Arguments, int], Layer]] = {
    "ConvLSTM": convolutional_lstm,
    "Conv": convolution,
    "SeparableConv": convolution,
    "DepthwiseConv": convolution,
    "Global": global_pooling,
    "MaxPool": pooling,
    "AveragePooling": pooling,
    "AvgPool": pooling,
    "ZeroPadding": padding,
    "Cropping": padding,
    "UpSampling": upsampling,
}
