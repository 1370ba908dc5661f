"""A chain: layers, each of which takes what the one before it returns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .layer import TIME, AxisSize, Layer
from .shapes import REST, Shape, Size, flattened, shape_of, with_last


@dataclass(frozen=True)
class Misfit:
    """Why a layer cannot take what comes: another number of ``axes``, or of ``features``."""

    what: str
    needed: int
    got: int


@dataclass(frozen=True)
class Passed:
    """A layer with what comes in and what goes out. A program stops at a ``misfit``: its output and the layers after it
    are not ``reached``."""

    layer: Layer
    input: Shape
    output: Shape
    misfit: Misfit | None = None
    reached: bool = True

    @property
    def returns(self) -> bool:
        """Whether its output is reached."""
        return self.reached and self.misfit is None


@dataclass(frozen=True)
class Count:
    """The number of parameters of a layer. Without a ``value`` it is a known ``factor`` times a size that is not known;
    without either, nothing is known about it."""

    value: int | None
    factor: int | None = None


@dataclass(frozen=True)
class Chain:
    """``input``: the axes after the batch that the first layer gets; None for the usual ones of that layer."""

    layers: tuple[Layer, ...]
    input: tuple[AxisSize, ...] | None = None

    def shape_of_input(self, batch_size: int | None, time_step: int | None) -> Shape:
        """What the first layer gets."""
        batch, time, first = Size("batch_size", batch_size), Size("time_step", time_step), self.layers[0]
        if self.input is not None:
            is_ids = first.family == "embedding"
            shape = shape_of(self.input, batch, time, "" if is_ids else "features")
            return (batch, replace(shape[1], name="time_step")) if is_ids and len(shape) == 2 else shape
        features = Size("features", first.features)
        match first.family:
            case "embedding":
                return batch, time
            case "recurrent":
                return batch, time, features
            case "cell":
                return batch, features
            case "dense" if first.features is not None:
                return batch, features
        return batch, Size(REST, None)

    @property
    def has_time(self) -> bool:
        """Whether the number of time steps is not in the chain itself."""
        return any(size.name == "time_step" and size.value == 0 for size in self.shape_of_input(1, 0)) or any(
            TIME in (layer.axes or ()) for layer in self.layers
        )

    def passed(self, batch_size: int | None, time_step: int | None) -> Iterator[Passed]:
        """Each layer with its input and output, in order. Behind a misfit they are those that the layer would have if
        it got what it needs."""
        shape, time, reached = self.shape_of_input(batch_size, time_step), Size("time_step", time_step), True
        for layer in self.layers:
            passed = _passed(layer, shape, time, reached)
            yield passed
            shape, reached = passed.output, passed.returns

    def with_layer(self, part: int, layer: Layer) -> "Chain":
        """The chain with another layer at a place. The layers after it follow: those that fitted what came before
        declare what comes now."""
        layers = [*self.layers[:part], layer]
        shape, time = Chain(tuple(layers), self.input).shape_of_input(None, None), Size("time_step", None)
        for n, before in enumerate(self.passed(None, None)):
            if n > part:
                layers.append(_following(before, shape[-1].number))
            shape = _passed(layers[n], shape, time, True).output
        return replace(self, layers=tuple(layers))


def _passed(layer: Layer, shape: Shape, time: Size, reached: bool) -> Passed:
    """A layer that gets a shape, which a program reaches or not; ``time`` is the time that has come in."""
    taken = _taken(layer, shape)
    misfit = _misfit(layer, taken)
    fitting = _fitting(layer, taken, time) if misfit else taken
    step = next((size for size in fitting if size.name == "time_step"), time)
    return Passed(layer, taken, _output(layer, fitting, step), misfit if reached else None, reached)


def _following(before: Passed, features: int | None) -> Layer:
    """A layer if the last axis of its input gets another length. What a layer with axes returns is not known then,
    unless it pools over time."""
    layer, length = before.layer, before.input[-1].number
    if features == length or before.misfit:
        return layer
    if layer.features is not None and layer.family != "embedding":
        return layer if features is None else replace(layer, features=features)
    if layer.axes and layer.kind != "convolution" and layer.axes[-1] != TIME:
        follows = layer.kind == "pooling" and layer.axes[-1] == length
        return replace(layer, axes=(*layer.axes[:-1], features if follows else None))
    return layer


def _fitting(layer: Layer, shape: Shape, time: Size) -> Shape:
    """What a layer would take."""
    last = Size("features" if layer.is_recurrent else "", layer.features)
    match layer.family:
        case "recurrent":
            return shape[0], time, last
        case "cell":
            return shape[0], last
        case "repeat":
            return shape[0], shape[-1]
    return with_last(shape, last)


def _taken(layer: Layer, shape: Shape) -> Shape:
    """What a layer takes: the layer may know more about a shape than the one before it."""
    if shape[-1].name == REST and layer.family in ("recurrent", "cell", "dense") and layer.features is not None:
        shape = with_last(shape, Size("features" if layer.is_recurrent else "", layer.features))
    if layer.family == "recurrent" and shape[1].name == REST:
        last = shape[-1] if len(shape) > 2 else Size("features", None)
        return shape[0], Size("time_step", None), last
    if layer.family in ("recurrent", "cell", "dense") and layer.features is not None and shape[-1].number is None:
        return with_last(shape, Size("features" if layer.is_recurrent else shape[-1].name, layer.features))
    return shape


def _misfit(layer: Layer, shape: Shape) -> Misfit | None:
    is_known = all(size.name != REST for size in shape)
    needed = {"recurrent": 3, "cell": 2, "repeat": 2}.get(layer.family)
    if is_known and needed and len(shape) != needed:
        return Misfit("axes", needed, len(shape))
    has_features = layer.family in ("recurrent", "cell", "dense") and layer.features is not None
    got = shape[-1].number
    if has_features and got is not None and got != layer.features:
        return Misfit("features", layer.features or 0, got)
    return None


def _output(layer: Layer, shape: Shape, time: Size) -> Shape:
    match layer.family:
        case "embedding":
            return *shape, Size("features", layer.num_units)
        case "recurrent":
            h = _state(layer)
            return (*shape[:-1], h) if layer.every_step else (shape[0], h)
        case "cell":
            return with_last(shape, Size("num_units", layer.num_units))
        case "dense":
            return with_last(shape, Size("", layer.num_units))
        case "axes":
            return shape_of(layer.axes, shape[0], time)
        case "flatten":
            return flattened(shape)
        case "repeat":
            return shape[0], Size("time_step", layer.num_units), shape[-1]
    return shape


def _state(layer: Layer) -> Size:
    """The last axis of what a recurrent layer returns."""
    projected = layer.num_proj != 0
    name, value = ("num_proj", layer.num_proj) if projected else ("num_units", layer.num_units)
    return Size(name, value, layer.directions if layer.merge_mode == "concat" else 1)
