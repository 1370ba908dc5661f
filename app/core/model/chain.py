"""A chain: layers, each of which takes what the one before it returns."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from operator import xor

from .axes_of_steps import PICTURE, places_of_steps, with_steps
from .layer import GAPS, SWAP, TIME, AxisSize, Family, Layer
from .shapes import REST, Shape, Size, axis_count, flattened, has_time, shape_of, with_last

AXES: dict[Family, int] = {"recurrent": 3, "cell": 2, "repeat": 2, "transpose": 3}
"""The number of axes that a layer needs, with that of the batch; others take any number. See ``_axes_needed``."""

ANY_AXES: tuple[Family, ...] = ("embedding", "dense", "same")
"""Layers that take any number of axes and keep those before the last one."""


@dataclass(frozen=True)
class Misfit:
    """Why a layer cannot take what comes: another number of ``axes``, of ``features``, in the
    second axis of ``channels``, or of steps, ``time_step``."""

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
    without either, nothing is known about it. ``is_least``: whether there may be more, in a bias."""

    value: int | None
    factor: int | None = None
    is_least: bool = False

    @property
    def is_exact(self) -> bool:
        return self.value is not None and not self.is_least


@dataclass(frozen=True)
class Chain:
    """``input``: the axes after the batch that the first layer gets; None for the usual ones of that layer.
    ``is_ordered``: whether the source of the chain says how its layers are connected; otherwise each connection is a
    guess. ``outputs``: the axes after the batch of what the model returns beside the output of the last
    layer; None if nothing is known about them."""

    layers: tuple[Layer, ...]
    input: tuple[AxisSize, ...] | None = None
    is_ordered: bool = True
    outputs: tuple[tuple[AxisSize, ...] | None, ...] = ()

    def shape_of_input(self, batch_size: int | None, time_step: int | None) -> Shape:
        """What the first layer gets. One that takes any number of axes gets those that a later layer needs, if all
        layers before that keep the axes."""
        first = next((layer for layer in self.layers if layer.kind != SWAP), self.layers[0])
        time = Size("time_step", time_step)
        batch = _batch_of(first, batch_size)
        if first.of_one:
            return (batch,)
        if self.input is not None:
            is_ids = self.takes_ids
            last = "" if is_ids else "features"
            shape = shape_of(self.input, batch, time, last, channels_first=first.takes_channels_first)
            return (batch, replace(shape[1], name="time_step")) if is_ids and len(shape) == 2 else shape
        taking = next((layer for layer in self.layers if layer.family != "same"), first)  # others keep the length
        is_taken = taking.family in ("recurrent", "cell", "dense")
        features = Size("features", taking.features if is_taken else first.features)
        next_family = next((layer.family for layer in self.layers if layer.family not in ANY_AXES), None)
        needed = {**AXES, "step": 3}.get(next_family) if next_family else None
        before = {3: (batch, time), 2: (batch,)}.get(needed or 0, (batch, Size(REST, None)))
        if first.family == "embedding" or (needed is None and features.value is None):
            return before
        return *before, features

    @property
    def takes_ids(self) -> bool:
        """Whether the first layer is an embedding, of all steps or of each one."""
        return next((layer.family for layer in self.layers if layer.kind not in ("step", SWAP)), "") == "embedding"

    @property
    def has_time(self) -> bool:
        """Whether the number of time steps is not in the chain itself."""
        reached = [one for one in self.passed(1, 0) if one.reached]
        shapes = [one.input for one in reached] + [one.output for one in reached if one.returns]
        return any(size.name == "time_step" and size.value == 0 for shape in shapes for size in shape)

    def passed(
        self, batch_size: int | None, time_step: int | None, *, time_major: bool = False, takes_one: bool = False
    ) -> list[Passed]:
        """Each layer with its input and output, in order. After a misfit they are those that the layer would have if
        it got what it needs. ``time_major``: the framework has the time before the batch; ``takes_one``: its recurrent
        layers also take one sequence without a batch."""
        passed = self._with_names(batch_size, time_step, time_major=time_major, takes_one=takes_one)
        transposed = self.transposed
        if not any(transposed):
            return passed
        return [
            replace(one, input=with_order(one.input, before), output=with_order(one.output, after))
            for one, (before, after) in zip(passed, pairwise(transposed), strict=True)
        ]

    @property
    def transposed(self) -> list[bool]:
        """Whether the batch and the steps are in another order than the first recurrent layer has them, before each
        layer and after the last one."""
        transposed = [*accumulate((layer.transposes_steps for layer in self.layers), xor, initial=False)]
        first = next((n for n, layer in enumerate(self.layers) if layer.family == "recurrent"), 0)
        return [one != transposed[first] for one in transposed]

    def _with_names(
        self, batch_size: int | None, time_step: int | None, *, time_major: bool, takes_one: bool
    ) -> list[Passed]:
        """``passed``, where the batch always comes first."""
        passed = list(self._through_all(batch_size, time_step, time_major=time_major, takes_one=takes_one))
        moves = any(layer.family == "transpose" for layer in self.layers)
        if not moves and all(PICTURE not in (len(one.input), len(one.output)) for one in passed):
            return passed  # the first axis is that of the steps
        places = places_of_steps(self.layers, [*(one.input for one in passed), passed[-1].output])
        counted = self._through_all(1, 0, time_major=time_major, takes_one=takes_one)
        return [
            replace(
                one,
                input=with_steps(one.input, places[n], is_open=_has_open_steps(open_one.input)),
                output=with_steps(one.output, places[n + 1], is_open=_has_open_steps(open_one.output)),
            )
            for n, (one, open_one) in enumerate(zip(passed, counted, strict=True))
        ]

    def _through_all(
        self, batch_size: int | None, time_step: int | None, *, time_major: bool, takes_one: bool
    ) -> Iterator[Passed]:
        """``passed``, where the first of several axes is always that of the steps."""
        shape, time = self.shape_of_input(batch_size, time_step), Size("time_step", time_step)
        reached = is_first = True
        have_batches, transposed = any(layer.batch != 0 for layer in self.layers), self.transposed
        result = self.layers[-1] if len(self.layers) > 1 and self.layers[-1].kind in GAPS else None

        def batched(shape: Shape, layer: Layer, is_own: bool = True) -> Shape:
            """A shape with the batch of a layer. If some have their own, that of the others need not be the same. If it
            is not known, neither is which axis is that of steps, but for a recurrent layer."""
            if not have_batches or (is_own and layer.kind in GAPS and layer.batch == 0):
                return shape
            if layer.batch is None:
                shape = _without_steps(shape)
            if layer.family == "recurrent" and len(shape) == AXES["recurrent"]:
                shape = (shape[0], replace(shape[1], name="time_step"), shape[2])
            return (_batch_of(layer, batch_size), *shape[1:])

        for layer, above, is_transposed in zip(self.layers, (*self.layers[1:], None), transposed[:-1], strict=True):
            is_result = above is None and result is not None  # its batch is of what it returns
            shape = shape if is_result else batched(shape, layer)
            order = time_major != is_transposed
            one = through(layer, shape, time, is_first=is_first, time_major=order, takes_one=takes_one)
            if above and above.family == "embedding":
                ids = one.output[:1] if above.of_one and layer.kind in GAPS else _of_ids(one.output)
                one = replace(one, output=ids)
            if layer.kind in GAPS:  # what stands for the input of the layer above, or for what the model returns
                of = layer if above is None or above is result else above
                one = replace(one, output=batched(one.output, of, is_own=False))
            yield one if reached else replace(one, misfit=None, reached=False)
            is_first = is_first and all(size.name != "time_step" for size in (*one.input, *one.output))
            shape, reached = one.output, reached and one.misfit is None
            if layer.states_only:
                shape = one.input[0], Size(REST, None)  # what is made of the states is not known

    def with_layer(self, part: int, layer: Layer) -> "Chain":
        """The chain with another layer at a place. The layers after it follow: those that fitted what came before
        declare what comes now."""
        layers = [*self.layers[:part], layer]
        shape, time = Chain(tuple(layers), self.input).shape_of_input(None, None), Size("time_step", None)
        for n, before in enumerate(self.passed(None, None)):
            if n > part:
                layers.append(_following(before, shape[-1].number))
            shape = through(layers[n], shape, time).output
        return replace(self, layers=tuple(layers))


def _batch_of(layer: Layer, batch_size: int | None) -> Size:
    """The first axis of what a layer gets. Only a recurrent layer certainly has a batch of its own there."""
    if layer.batch == 0:
        return Size("batch_size", batch_size)
    return Size("batch_size" if layer.is_recurrent else "", layer.batch)


def with_order(shape: Shape, is_transposed: bool) -> Shape:
    """A shape whose steps and batch may be in another order than in the layers of the framework."""
    has_both = is_transposed and len(shape) > 1 and shape[1].name == "time_step"
    return (shape[0], replace(shape[1], is_transposed=True), *shape[2:]) if has_both else shape


def _has_open_steps(shape: Shape) -> bool:
    """Whether a shape has the number of steps as it comes in, if that is 0."""
    return any(size.value == 0 for size in shape)


def through(
    layer: Layer, shape: Shape, time: Size, *, is_first: bool = False, time_major: bool = False, takes_one: bool = False
) -> Passed:
    """A layer that gets a shape. ``is_first``: no shape before has an axis of time, so the first one that is known is
    that of the model; the others are as in ``Chain.passed``."""
    taken = _taken(layer, shape, time if is_first else Size("time_step", None))
    misfit = _misfit(layer, taken, takes_one)
    fitting = _fitting(layer, taken, time) if misfit else taken
    steps = next((size for size in fitting if size.name == "time_step"), time)
    if layer.kind in ("convolution", "pooling") and len(fitting) == 3:
        steps = fitting[2 if layer.takes_channels_first else 1]
    return Passed(layer, taken, _output(layer, fitting, steps, time_major), misfit)


def _of_ids(shape: Shape) -> Shape:
    """What an embedding takes: an axis whose name is not known is that of time."""
    is_one_axis = len(shape) == 2 and shape[1].name == ""
    return (shape[0], replace(shape[1], name="time_step")) if is_one_axis else shape


def _following(before: Passed, features: int | None) -> Layer:
    """A layer if the last axis of its input gets another length. What a layer with axes returns is not known then,
    unless it pools over time."""
    layer, length = before.layer, before.input[-1].number
    if features == length or before.misfit:
        return layer
    layer = layer if layer.has_weights_of_another else replace(layer, parameters=None)
    if layer.features is not None and layer.family != "embedding":
        return layer if features is None else replace(layer, features=features)
    if layer.axes and layer.kind != "convolution" and not layer.channels_first and layer.axes[-1] != TIME:
        follows = layer.kind == "pooling" and layer.axes[-1] == length
        return replace(layer, axes=(*layer.axes[:-1], features if follows else None))
    return layer


def _axes_needed(layer: Layer) -> int | None:
    """The number of axes that a layer needs. A transposition that says an order needs as many as that has."""
    return 1 + len(layer.order) if layer.order else AXES.get(layer.family)


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
        case "transpose":
            return shape[0], time, *(Size("", None) for _ in (layer.order or (2, 1))[1:])
    return with_last(shape, last)


def _taken(layer: Layer, shape: Shape, time: Size) -> Shape:
    """What a layer takes: the layer may know more about a shape than the one before it."""
    is_known = all(size.name != REST for size in shape)
    last = shape[-1] if shape[-1].name != REST else Size("features" if layer.is_recurrent else "", None)
    if layer.family in ("recurrent", "cell", "dense") and layer.features is not None and last.number is None:
        last = Size("features" if layer.is_recurrent else last.name, layer.features)
    match layer.family:
        case "embedding" if layer.of_one:
            return (shape[0],)
        case "recurrent" if not is_known:
            return shape[0], time, last
        case "cell" | "repeat" if not is_known:
            return shape[0], last
        case "recurrent" | "cell":
            return with_last(shape, last)
        case "transpose" if not is_known and not layer.order:
            return shape[0], time, last
        case "dense" if is_known or last.number is not None:
            return with_last(shape, last)
    return shape


def _misfit(layer: Layer, shape: Shape, takes_one: bool) -> Misfit | None:
    is_known = all(size.name != REST for size in shape)
    needed = _axes_needed(layer)
    is_one = takes_one and layer.family == "recurrent" and len(shape) == 2
    if is_known and needed and len(shape) != needed and not is_one:
        return Misfit("axes", needed, len(shape))
    has_features = layer.family in ("recurrent", "cell", "dense") and layer.features is not None
    got = shape[-1].number
    if has_features and got is not None and got != layer.features:
        return Misfit("features", layer.features or 0, got)
    return None


def _output(layer: Layer, shape: Shape, time: Size, time_major: bool) -> Shape:
    match layer.family:
        case "embedding":
            return *shape, Size("features", layer.num_units)
        case "recurrent" if layer.states_only:
            count = None if layer.num_layers is None else layer.num_layers * layer.directions
            return Size("", count), shape[0], replace(_state(layer), times=1)
        case "recurrent" if layer.every_step and layer.directions_apart and len(shape) == AXES["recurrent"]:
            directions, state = Size("", layer.directions), replace(_state(layer), times=1)
            batch, steps, _ = shape
            return (steps, directions, batch, state) if time_major else (batch, steps, directions, state)
        case "recurrent" if layer.every_step:
            return with_last(shape, _state(layer))
        case "recurrent":
            # of one sequence without a batch, it is not known which vector goes on
            return shape[0], _state(layer) if len(shape) == AXES["recurrent"] else Size(REST, None)
        case "cell":
            return with_last(shape, Size("num_units", layer.num_units))
        case "dense":
            return with_last(shape, Size("", layer.num_units))
        case "axes":
            returned = shape_of(layer.axes, shape[0], time, channels_first=layer.channels_first)
            return _without_steps(returned) if _has_none(layer, shape, returned) else returned
        case "flatten":
            return flattened(shape, time_major)
        case "repeat":
            return shape[0], Size("time_step", layer.num_units), shape[-1]
        case "transpose":
            is_known = len(shape) == _axes_needed(layer) and all(size.name != REST for size in shape)
            return (shape[0], *(shape[n] for n in layer.order or (2, 1))) if is_known else (shape[0], Size(REST, None))
        case "step":
            is_known = len(shape) > 1 and all(size.name != REST for size in shape)
            return (shape[0], *shape[2:]) if is_known else (shape[0], Size(REST, None))
    return shape


def _has_none(layer: Layer, taken: Shape, returned: Shape) -> bool:
    """Whether no axis of what a layer returns is that of steps: a recurrent layer that convolves returns the last one
    alone, or what a convolution or pooling gets has none."""
    if axis_count(taken) is None or axis_count(returned) is None:
        return False
    if layer.kind == "conv_lstm":
        return len(returned) < len(taken)
    keeps_axes = layer.kind in ("convolution", "pooling") and len(returned) == len(taken)
    return keeps_axes and not has_time(taken)


def _without_steps(shape: Shape) -> Shape:
    return tuple(replace(size, name="") if size.name == "time_step" else size for size in shape)


def _state(layer: Layer) -> Size:
    """The last axis of what a recurrent layer returns."""
    projected = layer.num_proj != 0
    name, value = ("num_proj", layer.num_proj) if projected else ("num_units", layer.num_units)
    return Size(name, value, layer.directions if layer.merge_mode == "concat" else 1)
