"""The chain of a model that was read from source code. Wherever the chain would say more than the reader is certain of,
it has a layer of which nothing, or only the output, is known."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

from ...core.model.chain import ANY_AXES, AXES, Chain, Passed, through
from ...core.model.layer import GAPS, KINDS, MERGES, SWAP, TIME, WITH_OTHER_ARGUMENTS, AxisSize, Layer
from ...core.model.shapes import REST, Shape, Size, numbers
from ...core.model.text import LARGEST, MOST_AXES, MOST_STACKED, chain_text, layer_text
from ...frameworks import FRAMEWORKS
from ...frameworks.model_layers import takes_one_sequence
from ...reading.code.reading_result import OPEN, ReadLayer, Setting
from ...reading.code.values import ANY, Axes, last
from ...url_state.field_types import Value
from .batch_and_time import (
    batch_of_model,
    batch_size_of,
    given_axes,
    has_batch_and_steps,
    has_channels_first,
    ids_without_batch,
    is_without_batch,
    orders_of,
)
from .read_layer import at_one_step, both_outputs, is_at_each_step, order_or_setting, returns_both, settings_of

UNKNOWN = Layer("other")
"""A layer of which nothing is known."""

TRANSPOSE = Layer("transpose")

STEP = Layer("step")

TIME_STEP = Size("time_step", None)

VECTOR = 2
"""The axes of a batch of vectors."""

MANY = 3
"""The axes after the batch of which the first one need not be that of the steps."""

AxisSizes = tuple[AxisSize, ...]


@dataclass(frozen=True)
class ReadChain:
    """A chain, with the layer that was read for each of its layers; None for a gap between two layers, in which
    something is not known. ``framework`` is that of its layers; ``batch_first`` and ``time_major``: what the first
    recurrent layer says, in PyTorch and in TensorFlow 1. ``settings``: see ``settings_of``. ``is_whole``: whether all
    layers are in it. ``batch_size`` is None if the source does not say it."""

    chain: Chain
    reads: tuple[ReadLayer | None, ...]
    framework: str
    batch_first: bool
    time_major: bool
    settings: tuple[Mapping[str, Value] | None, ...]
    is_whole: bool
    batch_size: int | None

    @property
    def is_time_first(self) -> bool:
        return not self.batch_first if self.framework == "pytorch" else self.time_major

    @property
    def class_names(self) -> tuple[str, ...]:
        """The name that the source gives each recurrent layer or cell, if others make the same; "" otherwise."""
        shown = zip(self.reads, self.chain.layers, strict=True)
        return tuple(read.class_name if read and layer.is_recurrent else "" for read, layer in shown)

    @property
    def lines(self) -> tuple[int | None, ...]:
        """The line of the source that makes each layer."""
        return tuple(read.line if read else None for read in self.reads)

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a link to it."""
        order = ORDER_OF.get(self.framework, "")
        is_set = bool(order) and getattr(self, order)
        return {"model": chain_text(self.chain), "framework": self.framework, **({order: "true"} if is_set else {})}

    @property
    def first_part(self) -> int:
        """The layer that is selected first: one that does not fit, or else the first recurrent one."""
        passed = list(self.chain.passed(None, None, takes_one=takes_one_sequence(FRAMEWORKS[self.framework])))
        wrong = (n for n, one in enumerate(passed) if one.misfit)
        recurrent = (n for n, one in enumerate(passed) if one.layer.is_recurrent)
        return next(wrong, next(recurrent, 0))


def read_chain(
    layers: Sequence[ReadLayer],
    longest: int,
    is_whole: bool = True,
    has_all_parameters: bool = False,
    result: Axes = (ANY,),
    given: Sequence[Axes] = (),
    *,
    is_computed: bool = False,
    end: Axes | None = None,
    outputs: Sequence[Axes] = (),
) -> ReadChain:
    """The chain of the layers of a model, as many as its text of at most ``longest`` characters has. ``is_whole``:
    whether the model has no further layers; ``has_all_parameters``: whether only its layers have parameters;
    ``result``: the axes of what it returns; ``given``: those of the tensors that it is called with, if all of them are
    known; ``is_computed``: whether the first layer certainly gets what is computed from these, be it a view or not;
    ``end``: the axes of what it returns if they certainly are not those of its last layer; ``outputs``: those of what
    it returns beside that."""
    first = next((read for read in layers if KINDS.get(read.kind) == "recurrent"), layers[0])
    framework = layers[0].framework
    is_first = {name: order_or_setting(first, name) is True for name in ORDER_OF.values()}
    orders = orders_of(layers)
    if KINDS.get(first.kind) != "recurrent":  # cells say no order: that of the layers around them counts
        is_first["batch_first"] = next((not order for order in orders if order is not None), False)
    time_major = not is_first["batch_first"] if framework == "pytorch" else is_first["time_major"]
    links = _Links(time_major, batch_size_of(layers, orders) or batch_of_model(layers, orders, given, result))
    links.without_batch = ids_without_batch(layers, links.batch_size)
    links.begin(layers[0], orders[0], given, is_computed=is_computed)
    for read, order in zip(layers, orders, strict=True):
        links.add(_with_both_outputs(read), order)
    if (time_major and KINDS.get(first.kind) == "recurrent") or any(map(_may_have_time_first, layers)):
        links.open_first_axes()
    links.return_states()
    links.add_result(result, end if is_whole else None)
    if has_all_parameters:
        links.close_gaps()
    others = tuple(map(_output, outputs)) if is_whole else ()
    count = _fitting_in(links.layers, longest - len(chain_text(Chain((UNKNOWN,), links.input, outputs=others))))
    if not is_whole or count < len(links.layers):
        is_whole, others = False, ()
        links.cut(count)
    chain = Chain(tuple(links.layers), links.input, outputs=others)
    usual = replace(chain, input=None)
    is_same = numbers(usual.shape_of_input(None, None)) == numbers(chain.shape_of_input(None, None))
    if is_same and not _has_open_features(chain):
        chain = usual
    settings = tuple(
        settings_of(read) if read and layer.is_recurrent else None
        for read, layer in zip(links.reads, links.layers, strict=True)
    )
    batch_size = links.batch_size if links.has_batch else None
    reads = tuple(links.reads)
    return ReadChain(chain, reads, framework, **is_first, settings=settings, is_whole=is_whole, batch_size=batch_size)


def _may_have_time_first(read: ReadLayer) -> bool:
    """Whether nothing is known of a layer of PyTorch that gets a sequence."""
    is_sequence = ANY not in read.input and len(read.input) == AXES["recurrent"]
    is_unknown = read.kind == "other" and not read.config and read.output == (ANY,)
    return read.framework == "pytorch" and is_sequence and is_unknown


def _has_open_features(chain: Chain) -> bool:
    """Whether the number of parameters of the first layer depends on a size of the input that is not known."""
    first = chain.layers[0]
    return chain.input is not None and first.family in ("recurrent", "cell", "dense") and first.features is None


def alone(read: ReadLayer) -> Passed:
    """A layer that is in no model."""
    (passed,) = Chain((_layer(read, None),)).passed(None, None)
    return passed


ORDER_OF = {"pytorch": "batch_first", "tf1": "time_major"}
"""By framework, the setting that says which of batch and time is the first axis."""


def _fitting_in(layers: Sequence[Layer], longest: int) -> int:
    """The number of layers whose text, with points before them, is not too long."""
    length = 0
    for n, layer in enumerate(layers):
        length += 1 + len(layer_text(layer))
        if length > longest and n:
            return n
    return len(layers)


@dataclass
class _Links:
    """A chain that is being made. ``shape``: what its last layer returns; ``has_read_axes``: whether the reader knows
    the number of its axes; ``batch_size``: that of all layers, None if it is not known; ``is_time_first``: whether the
    shape has the time before the batch, None if it is not known; ``has_orders``: whether shapes differ in that;
    ``without_batch``: the ids of layers whose batch is not known, see ``ids_without_batch``."""

    time_major: bool
    batch_size: int | None
    layers: list[Layer] = field(default_factory=list)
    reads: list[ReadLayer | None] = field(default_factory=list)
    input: AxisSizes | None = None
    before: Shape = ()
    shape: Shape = ()
    has_read_axes: bool = False
    has_batch: bool = True
    is_time_first: bool | None = None
    has_orders: bool = False
    without_batch: Collection[int] = ()

    def begin(self, first: ReadLayer, order: bool | None, given: Sequence[Axes], *, is_computed: bool) -> None:
        """Begin with the only tensor that the model is called with, if the first layer gets a view of it, a part of
        it, maybe beside others, or what is computed from it."""
        axes = given_axes(first)
        if len(given) != 1 or first.is_transposed_last or is_without_batch(first):
            return
        (whole,) = given
        is_time_first = bool(order or self.time_major)
        if is_time_first and not (is_computed and whole[1:2] == axes[1:2] == (self.batch_size,)):
            return
        sizes, wholes = ([size for size in of if isinstance(size, int)] for of in (axes, whole))
        is_known = len(sizes) == len(axes) and len(wholes) == len(whole)
        is_view = prod(sizes) == prod(wholes)
        is_part = len(axes) < len(whole) and axes[:1] == whole[:1] == (self.batch_size,)
        if not is_known or axes == whole or not (is_view or is_part or is_computed):
            return
        after = _after_batch(axes, is_time_first, first.kind == "embedding")
        self.input = _after_batch(whole, is_time_first)
        if self.input is None or after is None:
            return
        batch = 0 if wholes[is_time_first] == self.batch_size else _size(wholes[is_time_first])
        view = Layer("other", axes=after, batch=batch)
        self.shape = Chain((view,), self.input).shape_of_input(None, None)
        self._append(view, None)

    def add(self, read: ReadLayer, order: bool | None) -> None:
        """Add a layer, and what is unknown before it. ``order``: whether the time is its first axis."""
        if is_at_each_step(read):
            self._add_at_each_step(read, order)
        else:
            self._add(read, order)

    def _add_at_each_step(self, read: ReadLayer, order: bool | None) -> None:
        """Add a layer that runs once for each step, with what is done around it."""
        steps, sizes = read.input[1], _after_batch(given_axes(read), order)
        if not self.layers:
            self.input, self.before = sizes, ()
            self.shape = Chain((STEP,), sizes).shape_of_input(None, None)
        else:
            self._connect(read, STEP, sizes, order)
        self._append(STEP, None)
        self._add(at_one_step(read), order)
        self.layers[-1] = replace(self.layers[-1], runs=_size(steps))
        self._append(Layer("other", axes=_after_batch(read.output, order), parameters=0), None)

    def _add(self, read: ReadLayer, order: bool | None) -> None:
        """Add a layer that runs once."""
        is_ids = read.kind == "embedding"
        shown = self._order_of_other_axes(read) if order is None else order
        input_sizes, output_sizes = _after_batch(given_axes(read), shown, is_ids), _after_batch(read.output, shown)
        layer = _with_own_parameters(_layer(read, output_sizes), read, output_sizes)
        if layer.family == "embedding" and self.layers and read.input == (self.batch_size,):
            layer = replace(layer, of_one=True)
        self.has_batch = self.has_batch and not is_without_batch(read)
        batch = self._batch_of(read, shown, is_ids)
        is_transposed = self._transpose(read, layer, input_sizes, batch)
        own_order = order if layer.family == "recurrent" or has_batch_and_steps(read) else None
        layer = replace(layer, batch=self.layers[-1].batch if is_transposed else batch)
        if not self.layers and read.is_transposed_last and self.has_batch and not order:
            self._begin_transposed(input_sizes)
        if not self.layers:
            self.input = _input(layer, input_sizes) if self.has_batch else None
            self.shape = Chain((layer,), self.input).shape_of_input(None, None)
        else:
            count = len(self.layers)
            self._connect(read, layer, input_sizes, order)
            is_gap = len(self.layers) > count or self.layers[-1].kind in GAPS
            if self._is_transposed(own_order) and (is_gap or self.has_orders):
                self._turn_gap(input_sizes)
            elif self.has_orders and is_gap and own_order is None and self._may_have_steps(read):
                layer = replace(layer, batch=None)
            if layer.family in ("recurrent", "cell", "dense") and self.shape[-1].number == layer.features is not None:
                layer = replace(layer, features=None)
        before = self.has_read_axes = ANY not in read.input
        one = through(layer, self.shape, TIME_STEP, time_major=self.time_major)
        if not one.misfit and not _is_certain(
            one.output, read.output, output_sizes, layer.family in ANY_AXES and not before
        ):
            axes = output_sizes if self.has_batch else None
            is_first = bool(axes) and layer.channels_first
            layer = replace(_other(read, axes), channels_first=is_first, batch=layer.batch)
        self._append(layer, read)
        self.is_time_first = self.is_time_first if own_order is None else own_order
        self.has_read_axes = ANY not in read.output

    def _order_of_other_axes(self, read: ReadLayer) -> bool | None:
        """The order in which the first two axes of a layer are shown if neither is the batch of the model: as they
        are."""
        sizes = given_axes(read)[:2]
        is_known = len(given_axes(read)) > VECTOR and all(isinstance(size, int) for size in sizes)
        return self.time_major if is_known and self.batch_size and self.batch_size not in sizes else None

    def _begin_transposed(self, input_sizes: AxisSizes | None) -> None:
        """Begin with the input of the model, whose second and third axes are transposed for the first layer."""
        if input_sizes is not None and len(input_sizes) == 2:
            last, first = input_sizes
            self.input = (first or TIME, last)
            self.shape = Chain((TRANSPOSE,), self.input).shape_of_input(None, None)
            self._append(TRANSPOSE, None)

    def _transpose(self, read: ReadLayer, layer: Layer, input_sizes: AxisSizes | None, batch: int | None) -> bool:
        """Transpose the batch and the steps of what the last layer returns, if a layer certainly gets that, with a
        ``batch`` of its own if the last one has that. Whether it does."""
        before = self.reads[-1] if self.reads else None
        if not read.is_transposed_first or before is None or before.states_only:
            return False
        own = self.layers[-1].batch
        if own is None or own not in (0, batch):
            return False
        if not self.has_batch or not self._can_be_input(self.shape, read, layer, input_sizes):
            return False
        self._append(Layer(SWAP, batch=own), None)
        self._turn()
        return True

    def _turn(self) -> None:
        """Note that the batch and the steps are in another order from here on."""
        self.has_orders = True
        self.is_time_first = None if self.is_time_first is None else not self.is_time_first

    def _is_transposed(self, order: bool | None) -> bool:
        """Whether a layer certainly has the batch and the steps in another order than the shape."""
        return self.has_batch and None not in (order, self.is_time_first) and order != self.is_time_first

    def _may_have_steps(self, read: ReadLayer) -> bool:
        """Whether one of the first two axes of the shape that a layer gets may be that of the steps."""
        return len(self.shape) > VECTOR and not has_channels_first(read)

    def _turn_gap(self, input_sizes: AxisSizes | None) -> None:
        """Let what is unknown before a layer have the batch and the steps in another order after it."""
        if self.layers[-1].kind not in GAPS:
            self._append(Layer("other", axes=input_sizes), None)
        self.layers[-1] = replace(self.layers[-1], has_transpose=True)
        self._turn()

    def _batch_of(self, read: ReadLayer, order: bool | None, is_ids: bool) -> int | None:
        """The size of the batch of a layer: 0 if it is that of the model, None if it may be another one."""
        axes = given_axes(read)
        if not self.has_batch:
            return 0
        place = 1 if order and len(axes) > 2 - is_ids else 0
        is_certain = ANY not in axes and (order is not None or len(axes) < 3)
        size = axes[place] if is_certain and len(axes) > place else None
        if isinstance(size, int):
            return 0 if size == self.batch_size else _size(size)
        return None if read.has_other_samples or id(read) in self.without_batch else 0

    def _append(self, layer: Layer, read: ReadLayer | None) -> None:
        self.before = self.shape
        self.layers.append(layer)
        self.reads.append(read)
        self._pass()

    def _pass(self) -> None:
        """Find the output of the last layer."""
        self.shape = through(self.layers[-1], self.before, TIME_STEP, time_major=self.time_major).output

    def _connect(self, read: ReadLayer, layer: Layer, input_sizes: AxisSizes | None, order: bool | None) -> None:
        """Add what is unknown between the last layer and the next one. A recurrent layer, of which the next one gets
        one step, is changed accordingly."""
        if layer == UNKNOWN and read.follows is None:  # it says already that something is unknown
            return
        may_follow = read.follows or (read.follows is None and ANY not in read.given)
        may_follow = may_follow and (self.layers[-1].kind in GAPS or self.layers[-1].batch == layer.batch)
        if self.return_states() or read.gets == "changed":
            may_follow = False
        before = self.reads[-1]
        if read.gets in ("one", "states") and not (before and before.gives_steps):
            self._return_last(read, layer, input_sizes)
        if may_follow and (
            self._can_be_input(self.shape, read, layer, input_sizes) or self._returns_once(read, layer, input_sizes)
        ):
            return
        if read.is_transposed_last and not order:
            transposed = through(TRANSPOSE, self.shape, TIME_STEP)
            if not transposed.misfit and self._can_be_input(transposed.output, read, layer, input_sizes):
                self._append(TRANSPOSE, None)
                return
        is_known = self.has_batch and input_sizes is not None
        is_elsewhere = read.follows is False and self.layers[-1] != UNKNOWN
        unknown = Layer(
            "elsewhere" if is_elsewhere else "other",
            axes=input_sizes if is_known else None,
            channels_first=is_known
            and (has_channels_first(read) or (not is_elsewhere and self._keeps_channels(input_sizes))),
        )
        if self.layers[-1] == UNKNOWN:
            self.layers[-1] = unknown
            self._pass()
        else:
            self._append(unknown, None)

    def _keeps_channels(self, sizes: AxisSizes | None) -> bool:
        """Whether an operation returns the channels of the last layer, which come before the steps."""
        names, is_known = [size.name for size in self.shape[1:]], sizes is not None and len(sizes) == 2
        channels = self.shape[1].number if names == ["", "time_step"] else None
        return is_known and sizes is not None and channels is not None and channels == sizes[0] != sizes[1]

    def _returns_once(self, read: ReadLayer, layer: Layer, input_sizes: AxisSizes | None) -> bool:
        """Whether the next layer gets one step of the last one, which then returns only that. In Keras a setting says
        what a layer returns, whichever step the next one gets."""
        one = self.layers[-1]
        before = self.reads[-1]
        if read.framework == "keras" or (before is not None and before.gives_steps):
            return False
        is_vector = input_sizes is not None and len(input_sizes) == 1 and last(read.given) is not None
        if one.family != "recurrent" or not one.every_step or not is_vector:
            return False
        once = replace(one, every_step=False, joins_ends=before is not None and before.joins_ends)
        output = through(once, self.before, TIME_STEP, time_major=self.time_major).output
        if self._can_be_input(output, read, layer, input_sizes):
            self.layers[-1] = once
            self._pass()
            return True
        return False

    def _return_last(self, read: ReadLayer, layer: Layer, input_sizes: AxisSizes | None) -> None:
        """Let the last layer return only its last step or state, if the next one certainly gets nothing else of it."""
        one = self.layers[-1]
        is_one = read.gets == "one" or (one.num_layers, one.bidirectional) == (1, False)
        if one.family == "recurrent" and one.every_step and is_one and not self._returns_once(read, layer, input_sizes):
            self.layers[-1] = replace(one, every_step=False)
            self._pass()

    def _can_be_input(self, shape: Shape, read: ReadLayer, layer: Layer, input_sizes: AxisSizes | None) -> bool:
        """Whether a layer gets this shape, as far as the reader is certain of it."""
        if REST not in numbers(shape):
            return _is_certain(shape, given_axes(read), input_sizes, not self.has_read_axes)
        if input_sizes is not None and (layer.family not in AXES or any(size is not None for size in input_sizes[:-1])):
            return False  # the number of axes is known only from here on
        return shape[-1].number in (None, last(read.input))

    def return_states(self) -> bool:
        """Let the last layer return only its last states, if that is what goes on of it. Whether it does."""
        read, layer = self.reads[-1], self.layers[-1]
        if read is None or not read.states_only or layer.family != "recurrent":
            return False
        self.layers[-1] = replace(layer, every_step=False, states_only=True)
        self._pass()
        return True

    def open_first_axes(self) -> None:
        """If the time may be first, it is not known which axis comes first where their number is not known."""
        passed = Chain(tuple(self.layers), self.input).passed(None, None, time_major=True)
        for n, one in enumerate(passed):
            if REST in numbers(one.input) and one.layer.kind not in GAPS and one.layer.batch == 0:
                self.layers[n] = replace(one.layer, batch=None)

    def add_result(self, result: Axes, end: Axes | None) -> None:
        """Add what the model makes of the output of its last layer, if that has other axes, or only that has the batch
        of the model. If the axes are known, but not which is the batch of the model, the first one is another one."""
        is_time_first = self.time_major if self.is_time_first is None else self.is_time_first
        order = len(result) > 2 and is_time_first
        batch = result[order] if ANY not in result and len(result) > 1 else None
        is_known = batch == self.batch_size if self.batch_size else batch is None
        axes = self._with_steps(_after_batch(result, order), order) if is_known else None
        is_changed = self.layers[-1].batch != 0 or end is not None or (axes is not None and self._is_changed(axes))
        if axes is not None and self.has_batch and is_changed:
            self._append(Layer("other", axes=axes), None)
        elif end is not None and self.layers[-1] != UNKNOWN:
            is_first = self.batch_size is not None or None not in end[1:-1]  # if not, another axis may be the batch
            others = _after_batch(end, False if is_first else None) if self.has_batch else None
            batch = 0 if others is None else _size(end[0]) if is_first else None
            is_turned = is_time_first and others is not None and len(others) == VECTOR
            self._append(Layer("other", axes=others, batch=batch, has_transpose=is_turned), None)

    def _with_steps(self, axes: AxisSizes | None, order: bool) -> AxisSizes | None:
        """The axes of what a model returns. If the time comes first and there are several axes of features, it has to
        be that of the last layer: no other axis can be shown before the batch."""
        if axes is None or not order or len(axes) < MANY:
            return axes
        is_same = len(self.shape) > VECTOR and self.shape[1].name == "time_step" and self.shape[1].number == axes[0]
        return (TIME, *axes[1:]) if is_same and axes[0] is not None else None

    def _is_changed(self, axes: AxisSizes) -> bool:
        """Whether what the model returns certainly has other axes than what its last layer returns."""
        _, *sizes = numbers(self.shape)
        return REST not in sizes and len(sizes) != len(axes)

    def close_gaps(self) -> None:
        """Between layers there are only operations without parameters."""
        for n, (layer, read) in enumerate(zip(self.layers, self.reads, strict=True)):
            if layer.kind == "other" and read is None:
                self.layers[n] = replace(layer, parameters=0)

    def cut(self, count: int) -> None:
        """Leave the first layers, and one of which nothing is known."""
        del self.layers[count:], self.reads[count:]
        self._append(UNKNOWN, None)


def _with_both_outputs(read: ReadLayer) -> ReadLayer:
    """A layer that returns the outputs of two directions, as one that returns both side by side."""
    output = both_outputs(read)
    if returns_both(read):
        return replace(read, config={**read.config, "merge_mode": MERGES[0]}, is_exact=False, output=output)
    return replace(read, output=output) if output != read.output else read


def _is_certain(shape: Shape, axes: Axes, sizes: AxisSizes | None, has_any_axes: bool) -> bool:
    """Whether the reader knows every number of a shape: ``axes`` is what it says, ``sizes`` are those after the batch.
    ``has_any_axes``: the number of axes is not from the reader, so it need not know it."""
    if shape[-1].name == REST:
        return True
    if sizes is None or REST in numbers(shape):
        sizes = (*(None for _ in shape[2:]), _size(last(axes)))
        if not has_any_axes and REST not in numbers(shape):
            return False
    return len(shape) == 1 + len(sizes) and all(
        size.number in (None, axis) for size, axis in zip(shape[1:], sizes, strict=True)
    )


def _layer(read: ReadLayer, output_sizes: AxisSizes | None) -> Layer:
    """A layer of the chain. One whose settings are not certain is of another kind: then only its output is known."""
    config = read.config
    if read.kind not in KINDS:
        return UNKNOWN
    if read.kind == "other" and ("num_heads" in config or "use_scale" in config):
        return Layer("attention", axes=output_sizes, parameters=read.parameters)
    if read.kind == "other" and "own_cell" in config:
        return Layer("other", axes=output_sizes, has_own_settings=True)
    family = KINDS[read.kind]
    if family == "axes":
        if read.keeps_steps and output_sizes is not None and output_sizes[-1] is None:
            output_sizes = (*output_sizes[:-1], TIME)
        is_first = output_sizes is not None and has_channels_first(read)
        count = read.parameters if read.kind in WITH_OTHER_ARGUMENTS else None
        return Layer(read.kind, axes=output_sizes, channels_first=is_first, parameters=count)
    if family == "same" and read.kind in WITH_OTHER_ARGUMENTS:
        return Layer(read.kind, parameters=read.parameters)
    if family == "repeat" and ANY not in read.input and len(read.input) != AXES[family]:  # at each step
        return Layer("other", axes=output_sizes, parameters=0)
    if family == "repeat":
        steps = output_sizes[0] if output_sizes else None
        return Layer(read.kind, num_units=_size(steps if steps != TIME else None))
    if family in ("same", "flatten"):
        return Layer(read.kind)
    if family in ("recurrent", "cell") and len(read.input) != AXES[family]:
        return UNKNOWN if is_without_batch(read) else Layer("other", axes=output_sizes)
    features, units = (_size(config.get(name)) for name in ("features", "num_units"))
    if family == "embedding":
        return Layer(read.kind, features, units)
    both, merge = config.get("bidirectional", False), config.get("merge_mode", MERGES[0])
    if both and merge not in MERGES:  # two tensors
        return UNKNOWN
    bias, peepholes = config.get("bias", True), config.get("peepholes", False)
    every_step = config.get("return_sequences", True)
    reset_after = config.get("reset_after", True)
    backwards = config.get("go_backwards", False)
    if None in (both, every_step, reset_after, backwards, bias, peepholes):
        return Layer("other", axes=output_sizes)
    if family != "recurrent":
        is_own = family == "cell" and not read.is_exact
        return Layer(read.kind, features, units, bias=bool(bias), has_own_settings=is_own)
    return Layer(
        read.kind,
        features,
        units,
        bidirectional=bool(both),
        merge_mode=str(merge) if both else MERGES[0],
        every_step=bool(every_step),
        go_backwards=bool(backwards),
        reset_after=None if reset_after else False,
        bias=bool(bias),
        peepholes=bool(peepholes),
        has_own_settings=not read.is_exact,
        num_layers=_size(config.get("num_layers", 1), MOST_STACKED),
        num_proj=0 if config.get("num_proj", 0) == 0 else _size(config["num_proj"]),
    )


def _other(read: ReadLayer, axes: AxisSizes | None) -> Layer:
    """A layer of which only the output and the number of parameters are known."""
    return _with_own_parameters(Layer("other", axes=axes, parameters=read.parameters), read, axes)


def _with_own_parameters(layer: Layer, read: ReadLayer, axes: AxisSizes | None) -> Layer:
    """A layer that counts only those of its parameters that no layer before it has."""
    if read.own is None or not layer.has_parameters:
        return layer
    return Layer("other", axes=axes) if read.own == OPEN else replace(layer, parameters=read.own)


def _size(value: Setting | AxisSize, largest: int = LARGEST) -> int | None:
    """A size that the text of a chain can have; None for another value."""
    return value if type(value) is int and 1 <= value <= largest else None


def _after_batch(axes: Axes, order: bool | None, is_ids: bool = False) -> AxisSizes | None:
    """The axes after the batch; None if their number is not known. If it is not known whether the first one is the
    batch or the time, both sizes are unknown. Ids have no features."""
    if ANY in axes or not 2 <= len(axes) <= 1 + MOST_AXES:
        return None
    first, second, *others = axes
    if is_ids or others:
        second = None if order is None else first if order else second
    return tuple(_size(axis) for axis in (second, *others))


def _output(axes: Axes) -> AxisSizes | None:
    """The axes after the batch of a further output; None if not all of them are known."""
    sizes = _after_batch(axes, order=False)
    return None if sizes is None or None in sizes else sizes


def _input(layer: Layer, axes: AxisSizes | None) -> AxisSizes | None:
    """The axes of the first input, with the number of time steps if that is not known."""
    has_steps = axes is not None and (len(axes) > 1 or layer.family == "embedding") and not layer.channels_first
    return (TIME, *axes[1:]) if axes and has_steps and axes[0] is None else axes
