"""The picture of an error beside a recurrent layer: the layers after it or before it, as a chain in which the wire that
does not fit is red."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ...core.model.chain import Misfit, Passed
from ...core.model.layer import KINDS, Layer
from ...core.model.shapes import REST, Shape, Size
from ...diagram.charts.two_shapes import axes_too_many
from ...diagram.model.model_scene import ChainScene, DrawnLayer, Target
from ...frameworks import FRAMEWORKS
from ...frameworks.framework_types import Framework
from ...frameworks.keras import KERAS
from ...frameworks.model_layers import layer_count
from ...reading.code.operations import Operation
from ...reading.code.values import Layer as ReadLayer
from ...reading.errors.axes_of_arrays import MATRIX, RANK, STEPS
from ...reading.errors.causes_in_programs.inputs.keras_shapes import INPUTS
from ...reading.errors.causes_in_programs.layers.stacked_layers import stacked
from ...reading.errors.causes_in_programs.outputs.joined_outputs import joined_output
from ...reading.errors.code_lines.layers_and_operands import width_of
from ...reading.errors.expected_and_given_shape import OF_WHOLE_OUTPUT, Comparison, is_time_first
from ...reading.errors.explanation import Explanation
from ...reading.errors.framework_messages.inputs.inputs import FOR_OWN_LAYER
from ...reading.errors.framework_messages.outputs import losses
from ...reading.errors.framework_messages.outputs.reshapes_and_norms import NORMALIZATIONS, is_state
from ...reading.errors.mismatch import Shape as Sizes
from ...reading.errors.mismatch import written
from ...reading.facts_about_sizes import Configuration
from ...translations.phrases import phrase
from ..model.picture_of_model import name_of

UNKNOWN_AXES: Shape = (Size(REST, None),)

OUTPUT_AXES = ("batch_size", "time_step", "")
"""The axes of an output with three axes; one with fewer has no time."""

OF_LOSSES = ("not_return_sequences", "target_axis", "classes_second", "dense_outputs")
"""Causes in which a loss does not accept an output."""

DENSE = re.compile(r"linear|dense|(?<![a-z])fc\d?(?![a-z])")
"""A dense layer in the text around a message."""

DENSE_AXES = 2
"""The axes that a dense layer needs."""


REMOVES_STEPS = ("return_sequences", "pooled_steps")
"""Causes in a layer before a recurrent one, which returns one vector for each sample."""

MOST_BEFORE = 6
"""Layers before the one that failed, which a picture has room for."""

PLAIN_LSTM = re.compile(r"\bnnx?\.LSTMCell\(")
"""The LSTM of Flax that is not optimized, in a line of code."""


def error_chain(explanation: Explanation, network: Configuration, shapes: Comparison | None) -> ChainScene | None:
    """The scene of an error beside a recurrent layer; None if it is about the layer itself."""
    mismatch = explanation.mismatch
    chain = _ErrorChain(explanation, network, shapes)
    match mismatch.tensor, mismatch.axis:
        case "x", "rank":
            return chain.of_input()
        case "dense_input", _:
            return chain.of_dense()
        case "target", _:
            return chain.of_target()
        case "output", "time_step" if shapes and len(shapes.expected) == 1:  # only a padding has one array
            return chain.of_padded() if any(one.id == "total_length" for one in mismatch.causes) else None
        case "output", "num_units" | "num_proj" | "order" if explanation.found.template.id in NORMALIZATIONS:
            return chain.of_normalization()
        case "output", None if any(one.id in OF_WHOLE_OUTPUT for one in mismatch.causes):
            return chain.of_output()
        case "output", None:
            return chain.of_reshape()
        case "output", _:
            return chain.of_output()
    return None


@dataclass(frozen=True)
class _ErrorChain:
    """An explained error, and the chain that shows it."""

    explanation: Explanation
    network: Configuration
    shapes: Comparison | None

    def of_input(self) -> ChainScene | None:
        """An input with another number of axes. A layer below that returns only its last step is in the chain."""
        mismatch = self.explanation.mismatch
        needed, got = mismatch.expected, mismatch.got
        if not isinstance(needed, int):
            return None
        passed = _unnamed(self.shapes.got) if self.shapes else UNKNOWN_AXES
        misfit = Misfit("axes", needed, got if isinstance(got, int) else 0)
        words = None if got else (phrase("needs {needed} axes", needed=needed),) * 2
        layer = self._layer
        stopped = Passed(layer, passed, (*self._steps, Size("num_units", layer.num_units)), misfit)
        if before := self._before(passed):
            return self._scene([*before, stopped], wrong=words)
        if any(cause.id == "return_sequences" for cause in mismatch.causes):
            below = self._below or Layer(layer.kind, num_units=passed[-1].value)
            return self._scene([Passed(below, self._input_below, passed), stopped], wrong=words)
        return self._scene([stopped], wrong=words)

    def _before(self, passed: Shape) -> list[Passed]:
        """The layers of Keras before the one that gets an input without steps, from the only input of a program that
        joins nothing; [] for others, or if the layer below is already all of them. ``passed``: what the last one
        returns."""
        found, first = self.explanation.found, self.explanation.mismatch.first_cause
        if found.framework != "keras" or first not in REMOVES_STEPS or len(found.program.tree.calls_of(*INPUTS)) != 1:
            return []
        operations = found.program.operations
        if any(one.kind != "layer" or len(one.operands) != 1 for one in operations):
            return []
        before = [*takewhile(lambda one: len(one.operands[0].axes) == len(OUTPUT_AXES), _after_words(operations))]
        words = [*operations[: operations.index(before[0])]] if before else []
        chain = [*words, *before]
        sizes = [_known(one.operands[0].axes) for one in chain]
        failed = [one.layer.kind for one in operations[len(chain) : len(chain) + 1] if one.layer]
        if not before or len(chain) > MOST_BEFORE or failed != [self._layer.kind]:
            return []
        shapes = [self._of_steps(one) for one in sizes]
        layers = [_drawn(one.layer) for one in chain if one.layer]
        return [Passed(*one) for one in zip(layers, shapes, (*shapes[1:], passed), strict=True)]

    def _of_steps(self, sizes: Sizes) -> Shape:
        """What a layer before gets: the batch and the steps, and mostly values of each step."""
        batch = Size("batch_size", self.network.batch_size)
        return (batch, *map(Size, ("time_step", "features"), sizes[1:]))

    @property
    def _input_below(self) -> Shape:
        """The input of the layer below, whose features are not those of the layer that failed."""
        both = stacked(self.explanation.found)
        features = both.input[-1] if both and both.input else None
        return (*self._steps, Size("features", features if isinstance(features, int) else None))

    @property
    def _below(self) -> Layer | None:
        """The layer below, if the program says it."""
        if not (both := stacked(self.explanation.found)):
            return None
        units, is_double = both.below.size("num_units"), both.below.setting("bidirectional")
        known = units if isinstance(units, int) else None
        return Layer(both.below.kind, num_units=known, bidirectional=bool(is_double))

    @property
    def _units_of_dense(self) -> int | None:
        """The units of the only dense layer in the line of the program that failed."""
        layers = {one.layer for one in self.explanation.found.program.failed_operations if one.layer}
        sizes = [one.size("num_units") for one in layers if one.kind == "dense"]
        return sizes[0] if len(sizes) == 1 and isinstance(sizes[0], int) else None

    def _columns(self, rows: int | None) -> int | None:
        """The columns of the weights that the message names as the second factor of a product, which have so many
        rows."""
        kernel = self.explanation.found.shape("right")
        return kernel[1] if len(kernel) == MATRIX and kernel[0] == rows else None

    def of_dense(self) -> ChainScene | None:
        """The input of a dense layer with another length, or without the steps that each get the layer."""
        mismatch, shapes = self.explanation.mismatch, self.shapes
        if not shapes:
            return None
        passed = self._of_each_step(shapes) or _unnamed(shapes.got)
        below = Passed(self._layer, self._input, passed)
        if isinstance(mismatch.expected, int):
            misfit = Misfit("axes", mismatch.expected, len(shapes.got))
            each = Passed(Layer("dense"), passed, passed, misfit)
            return self._scene([below, each], name="TimeDistributed" if mismatch.expected > DENSE_AXES else "")
        needed, got = shapes.expected[-1], shapes.got[-1]
        said = self.explanation.found.shape("shape")
        if len(said) == len(passed) != RANK and said[-1] == got:  # of which only the last size is compared
            passed = _unnamed(said)
            below = Passed(self._layer, self._input, passed)
        outputs = mismatch.beside[-1] if mismatch.beside else self._units_of_dense or self._columns(needed)
        misfit = Misfit("features", needed or 0, got or 0)
        dense = Passed(Layer("dense", needed, outputs), passed, (*passed[:-1], Size("", outputs)), misfit)
        if joined := joined_output(self.explanation.found, mismatch):
            units = Size("num_units", self._layer.num_units, self._directions)
            output, both = ((*self._steps, last) for last in (units, Size("", joined.width + joined.other)))
            below, join = Passed(self._layer, self._input, output), Passed(Layer("concatenate"), output, both)
            return self._scene([below, join, replace(dense, input=both)])
        return self._scene([below, dense])

    def _of_each_step(self, shapes: Comparison) -> Shape:
        """What a dense layer of each step reads, with the samples first as in every chain; () if it has no steps."""
        sizes = dict(zip(shapes.axes, shapes.got, strict=False))
        if len(shapes.got) != RANK or not sizes.keys() >= {*STEPS}:
            return ()
        return (*(Size(name, sizes[name]) for name in STEPS), Size("", shapes.got[-1]))

    def of_target(self) -> ChainScene:
        """The target of a loss, whose output comes from a dense layer, if the text names one, or from what it does not
        say."""
        sizes = self.explanation.mismatch.beside
        sizes = tuple(self.network.batch_size if not n and not one else one for n, one in enumerate(sizes))
        is_steps = len(sizes) == len(OUTPUT_AXES)
        names = OUTPUT_AXES if is_steps else (OUTPUT_AXES[0], *[""] * (len(sizes) - 1))
        output = tuple(map(Size, names, sizes)) or UNKNOWN_AXES
        before = output[:-1] if sizes else ()
        units = Size("num_units", self._layer.num_units, self._directions)
        is_dense = bool(DENSE.search(self.explanation.found.surroundings.text)) and len(output) > 1
        between = Layer("dense", num_units=output[-1].value) if is_dense else Layer("other")
        returned = (*before, units) if is_dense else (*before[:1], *UNKNOWN_AXES)
        layers = [
            Passed(self._layer, self._input, returned),
            Passed(between, returned, output),
            Passed(Layer("activation"), output, output, reached=False),
        ]
        if not (below := self._first_of_two):
            return self._scene(layers, name=phrase("loss"), target=self._target())
        if any(cause.id == "repeated_steps" for cause in self.explanation.mismatch.causes):
            vector = (below.output[0], below.output[-1])
            repeat = Passed(Layer("repeat", num_units=self.network.time_step), vector, below.output)
            layers.insert(0, repeat)
            below = replace(below, output=vector)
        return self._scene([below, *layers], name=phrase("loss"), target=self._target())

    @property
    def _first_of_two(self) -> Passed | None:
        """The first of two recurrent layers of Keras, of which the network is the second one; None for others."""
        calls = self.explanation.found.program.calls if self.explanation.framework == "keras" else []
        layer, x = (calls[0].layer, calls[0].operands[0].axes) if len(calls) == 2 else (None, ())
        if not layer or len(x) != len(OUTPUT_AXES) or width_of(layer) != self.network.features:
            return None
        features, units = (one if isinstance(one, int) else None for one in (x[-1], layer.size("num_units")))
        first = Layer(layer.kind, features, units, bidirectional=bool(layer.setting("bidirectional")))
        samples, steps = self._steps
        if any(cause.id == "repeated_steps" for cause in self.explanation.mismatch.causes):  # which x may not have
            steps = Size("time_step", x[1] if isinstance(x[1], int) else None)
        return Passed(first, (samples, steps, Size("features", features)), self._input)

    def _target(self) -> Target:
        """The target as it came."""
        if not (shapes := self.shapes):
            return self._target_beside()
        if shapes.shift is None:
            is_one_batch = shapes.got[:1] == shapes.expected[:1]
            first, *rest = _unnamed(shapes.got)
            first = replace(first, name="batch_size") if is_one_batch and shapes.got else first
            return Target((first, *rest), tuple(range(len(shapes.got))))
        axes = [axis or "" for axis in shapes.axes[shapes.shift :]]
        return Target(tuple(map(Size, axes, shapes.got)), tuple(n - shapes.shift for n in shapes.differing))

    def _target_beside(self) -> Target:
        """The target beside an output of every step: of another number of steps, or as it came."""
        mismatch = self.explanation.mismatch
        got, output = mismatch.got, mismatch.beside
        if not isinstance(got, tuple) or not output:
            return Target(UNKNOWN_AXES, ())
        if mismatch.axis in OUTPUT_AXES and len(got) == 1:
            n = OUTPUT_AXES.index(mismatch.axis)
            if mismatch.axis == "time_step" and output[-1] is None:  # the index of a class has no axis of classes
                output = output[:-1]
            return Target(tuple(map(Size, OUTPUT_AXES, (*output[:n], *got, *output[n + 1 :]))), (n,))
        return Target(tuple(map(Size, OUTPUT_AXES, got)), ())

    def of_padded(self) -> ChainScene | None:
        """A packed output that is padded to fewer steps than its longest sequence has."""
        if not (shapes := self.shapes):
            return None
        (longest,), (room,) = shapes.expected, shapes.got
        batch, _, units = *self._steps, Size("num_units", self._layer.num_units)
        output, padded = ((batch, Size("time_step", steps), units) for steps in (longest, room))
        misfit = Misfit("time_step", room or 0, longest or 0)
        layers = [Passed(self._layer, self._input, output), Passed(Layer("reshape"), output, padded, misfit)]
        return self._scene(layers, name=phrase("padding"), details=(f"total_length = {room}",))

    def of_normalization(self) -> ChainScene | None:
        """A normalization for another number of units than the last axis has, or the second one."""
        is_exchanged = self.explanation.mismatch.axis == "order"
        if not (shapes := self.shapes) or (len(shapes.differing) != 1 and not is_exchanged):
            return None
        wrong = 1 if is_exchanged else shapes.differing[0]
        passed = _unnamed(shapes.got)
        if not is_exchanged and "time_step" in shapes.axes[: len(passed)]:  # of every step
            passed = tuple(map(Size, (axis or "" for axis in shapes.axes), shapes.got))
        what = "features" if wrong == len(passed) - 1 else "channels"
        misfit = Misfit(what, shapes.expected[wrong] or 0, shapes.got[wrong] or 0)
        layers = [
            Passed(self._layer, self._input, passed),
            Passed(Layer("normalization"), passed, passed, misfit),
        ]
        return self._scene(layers, name=NORMALIZATIONS[self.explanation.found.template.id])

    def of_output(self) -> ChainScene | None:
        """An output that another layer, of which nothing is known, does not accept."""
        if not (shapes := self.shapes):
            return None
        passed, sizes = _unnamed(shapes.got), (len(shapes.expected), len(shapes.got))
        if shapes.got_axes:
            passed = tuple(Size(axis or "", size) for axis, size in zip(shapes.got_axes, shapes.got, strict=True))
        is_of_layer = any(cause.sentence == FOR_OWN_LAYER for cause in self.explanation.mismatch.causes)
        if is_of_layer and passed[-1].value is None:  # nothing is between both layers
            passed = (*passed[:-1], Size("", self.network.num_units and self.network.num_units * self._directions))
        layers = [
            Passed(self._layer, self._input, passed),
            Passed(Layer("other"), passed, passed, Misfit("axes", *sizes)),
        ]
        is_of_loss = any(cause.id in OF_LOSSES for cause in self.explanation.mismatch.causes)
        is_of_loss |= self.explanation.found.template in losses.TEMPLATES
        is_of_loss &= not is_of_layer  # the same cause has a sentence for a layer
        units, directions = self.network.num_units, self._directions
        if is_of_loss and units and passed[-1].value not in (None, units * directions):  # a dense layer is between
            returned = (*passed[:-1], Size("num_units", units, directions))
            dense = Passed(Layer("dense", num_units=passed[-1].value), returned, passed)
            layers = [Passed(self._layer, self._input, returned), dense, layers[-1]]
        if shapes.shift is None and any(cause.id == "target_axis" for cause in self.explanation.mismatch.causes):
            target = Target(tuple(map(Size, OUTPUT_AXES, shapes.expected)), ())
            compared = Passed(Layer("activation"), passed, passed, reached=False)
            return self._scene([*layers[:-1], compared], name=phrase("loss"), target=target)
        wrong = (shapes.words,) * 2 if sizes[0] == sizes[1] else None
        is_repeated = any(cause.id == "repeated_every_step" for cause in self.explanation.mismatch.causes)
        layer = self.explanation.found.layer if is_of_layer else ""
        name = phrase("loss") if is_of_loss else "RepeatVector" if is_repeated else layer
        too_many = axes_too_many(shapes.expected, shapes.got)
        return self._scene(layers, name=name, wrong=wrong, wrong_axes=too_many)

    def of_reshape(self) -> ChainScene | None:
        """A new shape for another number of values."""
        mismatch = self.explanation.mismatch
        match mismatch.expected, mismatch.got:
            case (int(size),), (int(needed),):
                words = _words_of_reshape(needed, size, None in mismatch.beside or not mismatch.beside)
            case _:
                return None
        units = Size("num_units", self._layer.num_units, self._directions)
        output = self._state if is_state(self.explanation.found) else (*self._steps, units)
        new = _unnamed(mismatch.beside)
        layers = [Passed(self._layer, self._input, output), Passed(Layer("reshape"), output, new, Misfit("axes", 0, 0))]
        if any(cause.id == "outputs_of_shape" for cause in mismatch.causes):
            layers = self._with_dense(layers, mismatch.beside[0], size)
        details = (written(mismatch.beside),) if mismatch.beside else ()
        return self._scene(layers, name=phrase("new shape"), details=details, wrong=words)

    @property
    def _state(self) -> Shape:
        """The states of all layers and directions that a layer of PyTorch returns."""
        network = self.network
        is_known = network.num_layers and network.bidirectional is not None
        entries = (network.num_layers or 1) * (1 + bool(network.bidirectional)) if is_known else None
        return Size("", entries), Size("batch_size", network.batch_size), Size("num_units", network.num_units)

    def _with_dense(self, layers: list[Passed], batch: int | None, size: int) -> list[Passed]:
        """A recurrent layer and a new shape, with a dense layer between them that returns a vector for each sample."""
        first, last = layers
        units = None if self.network.bidirectional or self.network.num_proj else self._layer.num_units
        samples, outputs = Size("batch_size", batch), size // batch if batch else None
        vector, values = (samples, Size("", units)), (samples, Size("", outputs))
        dense = Passed(Layer("dense", units, outputs), vector, values)
        return [replace(first, output=vector), dense, replace(last, input=values)]

    @property
    def _framework(self) -> Framework:
        return FRAMEWORKS.get(self.explanation.framework, KERAS)

    @property
    def _layer(self) -> Layer:
        """The recurrent layer. Most have one layer and one direction, if the text does not say it."""
        network, kind = self.network, self.network.cell or "lstm"
        return Layer(
            f"{kind}_cell" if self.explanation.is_of_one_step else kind,
            network.features,
            network.num_units,
            bidirectional=bool(network.bidirectional),
            num_layers=network.num_layers or 1,
            num_proj=network.num_proj or 0,
        )

    @property
    def _directions(self) -> int:
        return 1 + bool(self.network.bidirectional)

    @property
    def _steps(self) -> Shape:
        batch = Size("batch_size", self.network.batch_size)
        return (batch,) if self.explanation.is_of_one_step else (batch, Size("time_step", self.network.time_step))

    @property
    def _input(self) -> Shape:
        return (*self._steps, Size("features", self.network.features))

    def _name(self, passed: Passed) -> tuple[str, tuple[str, ...]]:
        """The name of a layer, and a few words about it. Flax calls some layers by other names in nnx."""
        name, words = name_of(self._framework, passed)
        around = self.explanation.found.surroundings
        if self.explanation.framework == "flax" and name == "Dense" and around.is_nnx:
            name = "Linear"
        if name == "OptimizedLSTMCell" and PLAIN_LSTM.search(around.original):
            name = "LSTMCell"
        return name, words

    def _scene(
        self,
        layers: list[Passed],
        *,
        name: str = "",
        details: tuple[str, ...] = (),
        wrong: tuple[str, str] | None = None,
        wrong_axes: tuple[int, ...] = (),
        target: Target | None = None,
    ) -> ChainScene:
        """The scene of layers, of which the last one may have another ``name`` and ``details`` than its kind, and may
        say what is ``wrong``, and which axes of its input."""
        named = [self._name(passed) for passed in layers]
        if name:
            named[-1] = name, details
        drawn = tuple(
            DrawnLayer(n, passed, *named[n], units=passed.layer.num_units if passed.layer.is_recurrent else None)
            for n, passed in enumerate(layers)
        )
        drawn = (*drawn[:-1], replace(drawn[-1], wrong=wrong, wrong_axes=wrong_axes))
        time_major = not self.explanation.is_of_one_step and is_time_first(self.explanation)
        count = layer_count(self._framework, [passed.layer for passed in layers])
        return ChainScene(drawn, layers[0].input, count, time_major=time_major, format="column", target=target)


def _after_words(operations: Sequence[Operation]) -> Sequence[Operation]:
    """The layers without the embedding that is the first one."""
    is_embedded = [one.layer.kind for one in operations[:1] if one.layer] == ["embedding"]
    return operations[1:] if is_embedded else operations


def _known(axes: Sequence[object]) -> Sizes:
    return tuple(size if isinstance(size, int) else None for size in axes)


def _drawn(layer: ReadLayer) -> Layer:
    """A layer of a program with its sizes."""
    features, units = (one if isinstance(one := layer.size(name), int) else None for name in ("features", "num_units"))
    kind = layer.kind if layer.kind in KINDS else "other"
    return Layer(kind, features, units, bidirectional=bool(layer.setting("bidirectional")))


def _unnamed(sizes: Sizes) -> Shape:
    """A shape whose axes cannot be told."""
    return tuple(Size("", size) for size in sizes) or UNKNOWN_AXES


def _words_of_reshape(needed: int, got: int, is_multiple: bool) -> tuple[str, str]:
    """What does not fit a new shape, and shortly."""
    if is_multiple:
        whole = phrase("{got:,} is not a multiple of {needed:,}", needed=needed, got=got)
        return whole, phrase("not a multiple of {needed:,}", needed=needed)
    whole = phrase("needs {needed:,} values, gets {got:,}", needed=needed, got=got)
    return whole, phrase("needs {needed:,}, gets {got:,}", needed=needed, got=got)
