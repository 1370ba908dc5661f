"""The numbers of trainable parameters of Keras's layers that depend on more than the sizes of a chain.

Source: the methods ``build`` of https://github.com/keras-team/keras, keras/src/layers.
"""

from collections.abc import Callable, Mapping
from math import prod

from ..signatures import Arguments
from ..values import ANY, NONE, Axes, Constant, Layer, List, Tuple, Value, changed, last
from .pytorch import along

Count = Callable[[Axes], int | None]
"""The number of parameters of a layer, from the axes of its input."""


def switch(arguments: Arguments, name: str, before: int, default: bool = True) -> int | None:
    """A switch that is given by name; None if it is not known, or may be given by its place: so many arguments always
    stand before it."""
    if len(arguments.positional) > before:
        return None
    value = arguments.named_or(name, Constant(default))
    return int(value.value) if isinstance(value, Constant) and isinstance(value.value, bool) else None


def _number(arguments: Arguments, name: str) -> int | None:
    """A number that is given by name, usually 1."""
    return along(arguments.named_or(name, Constant(1)), 0)


def of_convolution(name: str, arguments: Arguments, filters: Value, kernel: Value, count: int) -> Count:
    """A kernel over so many axes, for each of the channels, and a bias."""
    before = 3 if name.startswith("Depthwise") else 4  # kernel_size, strides and padding, after the filters
    bias, units = switch(arguments, "use_bias", before), along(filters, 0)
    groups, deep = _number(arguments, "groups"), _number(arguments, "depth_multiplier")
    windows = [size for n in range(count) if (size := along(kernel, n))]

    def counted(axes: Axes) -> int | None:
        channels = last(axes)
        if not isinstance(channels, int) or bias is None or not groups or not deep or len(windows) < count:
            return None
        if name.startswith("Depthwise"):
            return (prod(windows) + bias) * channels * deep
        if not units:
            return None
        if name.startswith("Separable"):
            return prod(windows) * channels * deep + (channels * deep + bias) * units
        if name.startswith("ConvLSTM"):
            return 4 * units * (prod(windows) * (channels + units) + bias)
        return (prod(windows) * (channels // groups) + bias) * units

    return counted


def of_normalization(name: str, arguments: Arguments) -> Count:
    """A factor and a term for each channel, or for each place along some axes."""
    named = {"BatchNormalization": ("center", "scale"), "RMSNormalization": (), "UnitNormalization": ()}
    before = 2 if name == "LayerNormalization" else 3  # axis and epsilon, and the momentum or the groups
    switches = [switch(arguments, one, before) for one in named.get(name, ("center", "scale"))]
    arrays = [*switches, *([1] if name == "RMSNormalization" else [])]
    has_other_scale = switch(arguments, "rms_scaling", before, default=False)
    place = arguments.get("axis", 1 if name == "GroupNormalization" else 0, Constant(-1))
    items = place.items if isinstance(place, (Tuple, List)) else [place]

    def counted(axes: Axes) -> int | None:
        sizes = [axes[n] for one in items or () if (n := _place(one, axes)) is not None]
        numbers = [size for size in sizes if isinstance(size, int)]
        known = [array for array in arrays if array is not None]
        if not items or len(numbers) < len(items) or len(known) < len(arrays) or has_other_scale != 0:
            return None
        return sum(known) * prod(numbers)

    return counted


def of_prelu(arguments: Arguments) -> Count:
    """A factor for each place, or one along the axes that share it."""
    shared = arguments.get("shared_axes", 3, NONE)
    items = shared.items if isinstance(shared, (Tuple, List)) else [shared]

    def counted(axes: Axes) -> int | None:
        places = [n for one in items or () if (n := _place(one, axes)) is not None]
        if not items or len(places) < len(items) - (shared == NONE):
            return None
        sizes = [1 if n in places else size for n, size in enumerate(axes)][1:]
        numbers = [size for size in sizes if isinstance(size, int)]
        return prod(numbers) if numbers and len(numbers) == len(sizes) else None

    return counted


def _place(value: Value, axes: Axes) -> int | None:
    """Which axis a number means, if it is known; ANY stands for some in front of the others."""
    n = along(value, 0)
    if n is None or not -len(axes) <= n < len(axes) or (ANY in axes and n != -1):
        return None
    return n % len(axes)


OF_KINDS: Mapping[str, Callable[[str, Arguments], Count]] = {
    "normalization": of_normalization,
    "prelu": lambda name, arguments: of_prelu(arguments),
}
"""The counts of layers that keep the axes, by their kinds."""


def with_count(made: Layer, count: Count) -> Layer:
    """A layer that knows the number of its parameters when it gets its input."""

    def takes(layer: Layer, axes: Axes) -> Axes:
        taken = made.takes(layer, axes)
        layer.parameters = count(taken)
        return taken

    return changed(made, takes=takes)


def with_statistics(made: Layer, count: Count) -> Layer:
    """A layer that knows how many means and variances it has when it gets its input: as many as factors and terms."""

    def takes(layer: Layer, axes: Axes) -> Axes:
        taken = made.takes(layer, axes)
        layer.statistics = count(taken)
        return taken

    return changed(made, takes=takes)
