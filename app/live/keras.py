"""Keras: the calls of layers in a forward pass, of Keras 3 with any backend and of tf.keras and tf_keras."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial, wraps
from inspect import signature
from itertools import product
from typing import Any

from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, RNN
from ..core.cells.rnn_relu import RNN_RELU
from ..core.chain.layer import KINDS
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..frameworks.framework import Setting
from ..frameworks.keras import KERAS, SEPARATE
from ..frameworks.model import Model
from ..reading.code import keras as reading
from ..reading.code import keras_cells
from ..reading.code.pytorch import unknown_axes
from ..reading.code.signatures import Arguments
from ..reading.code.values import NONE, OTHER, UNKNOWN, Axes, Constant, Layer, Tuple, Value, last
from .recorder import Recorder, array_of, axes_of, tensors_in
from .replay import NotReplayed, Replay

PACKAGES = ("keras", "tf_keras", "tensorflow")

CONTAINERS = ("Sequential", "Functional")
"""Models that call their layers one after the other."""

NO_LAYERS = ("InputLayer", "Concatenate", "Dot", *reading.MERGES)
"""Layers that take several tensors, or none: as in source code, they are no part of a chain."""

RECURRENT = (*reading.RECURRENT, *keras_cells.CELLS, "RNN")
"""Layers that have parts, or states, but are one layer in a chain; also if a class of one's own computes the call."""

SYMBOLIC = ("KerasTensor", "SymbolicTensor", "Tracer")
"""Words in the names of tensors without values, with which Keras calls a model while it builds it."""


def is_model(model: object) -> bool:
    """Whether a model is a layer or a model of Keras."""
    return any(of.__name__ == "Layer" and _is_in_keras(of) for of in type(model).__mro__)


def record(model: Any, recorder: Recorder, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Call a model once and record its layers. Afterwards its states and its seeds are as before, also after an
    error."""
    hooks = _Hooks(model, recorder)
    try:
        with _eagerly():
            model(*inputs, **keywords)
    finally:
        hooks.remove()


@contextmanager
def _eagerly() -> Iterator[None]:
    """What tf.function has compiled runs as Python, in which tensors have values."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        yield
        return
    before = tensorflow.config.functions_run_eagerly()
    tensorflow.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tensorflow.config.run_functions_eagerly(before)


class _Hooks:
    """Records the calls of a model: each layer has another method ``call`` until the hooks are removed. The parts of a
    layer get theirs when it is called, because some are only made then."""

    def __init__(self, model: Any, recorder: Recorder) -> None:
        self.model, self.recorder = model, recorder
        self._layers: dict[int, tuple[Any, Any]] = {}
        self._values: dict[int, tuple[Any, Array]] = {}
        self.add(model)

    def add(self, layer: Any) -> None:
        """Record the calls of a layer."""
        if id(layer) not in self._layers:
            self._layers[id(layer)] = layer, vars(layer).get("call")
            vars(layer)["call"] = self._recording(layer, layer.call)

    def remove(self) -> None:
        """Remove all hooks, and give variables that are not trained their values from before."""
        for layer, own in self._layers.values():
            del vars(layer)["call"]
            if own is not None:
                vars(layer)["call"] = own
        for variable, value in self._values.values():
            variable.assign(value)

    def _recording(self, layer: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        """The method ``call`` of a layer, recorded."""
        parameters = signature(call)

        @wraps(call)
        def recorded(*given: Any, **keywords: Any) -> Any:
            if any(map(_is_symbolic, tensors_in((given, keywords)))):
                return call(*given, **keywords)
            arguments = parameters.bind(*given, **keywords).arguments
            self._save(layer)
            if layer is self.model:
                self.recorder.clear()
            name = _class_of(layer)
            is_whole = name not in CONTAINERS if name else _base_of(layer) in RECURRENT
            for part in () if is_whole else layer._flatten_layers(include_self=False, recursive=False):
                self.add(part)
            states = [array_of(state).copy() for state in _states(layer)] if is_whole else []
            self.recorder.begin(name in CONTAINERS)
            try:
                returned = call(*given, **keywords)
            finally:
                self.recorder.end()
            if is_whole and name not in NO_LAYERS:
                input = next(iter(arguments.values()))
                axes = axes_of(input), axes_of(returned)
                describe, replay = partial(_described, layer, axes[0]), partial(_replay, layer, states)
                self.recorder.add(layer, layer.name, describe, ((input, arguments), returned), axes, replay)
            return returned

        return recorded

    def _save(self, layer: Any) -> None:
        """Remember the values of variables that a call may change: states, seeds, and those of normalizations."""
        for variable in (*layer.non_trainable_variables, *_states(layer)):
            if id(variable) not in self._values:
                self._values[id(variable)] = variable, array_of(variable).copy()


def _is_in_keras(of: type) -> bool:
    return of.__module__.partition(".")[0] in PACKAGES


def _is_symbolic(tensor: Any) -> bool:
    return any(word in type(tensor).__name__ for word in SYMBOLIC) or bool(getattr(tensor, "is_meta", False))


def _base_of(layer: Any) -> str:
    """The class of Keras that a layer's class is or inherits from."""
    return next(of.__name__ for of in type(layer).__mro__ if _is_in_keras(of))


def _class_of(layer: Any) -> str:
    """The class of a layer in Keras, "" if it is not Keras that computes its call."""
    own: Any = type(layer)
    of = next(of for of in own.__mro__ if _is_in_keras(of))
    return of.__name__ if own.call is of.call and of.__name__ not in ("Layer", "Model") else ""


def _states(layer: Any) -> Iterator[Any]:
    """The variables of the states of a stateful layer."""
    for part in _directions(layer):
        if getattr(part, "stateful", False):
            yield from filter(lambda state: state is not None, getattr(part, "states", None) or ())


def _directions(layer: Any) -> tuple[Any, ...]:
    """The layers of both directions; the layer itself if it has one."""
    return (layer.forward_layer, layer.backward_layer) if _class_of(layer) == "Bidirectional" else (layer,)


def _described(layer: Any, axes: Axes) -> Layer | None:
    """The kind and the configuration of a layer whose input has these axes."""
    made = _made(layer)
    if made and KINDS.get(made.kind) in ("recurrent", "cell", "dense"):
        made.config["features"] = Constant(last(axes)) if isinstance(last(axes), int) else UNKNOWN
    return made


def _made(layer: Any) -> Layer | None:
    """The kind and the configuration of a layer, as from its constructor in source code. Of a layer whose call Keras
    does not compute only the axes are known."""
    if not _class_of(layer):
        return reading.plain(OTHER, 0, unknown_axes)
    name, arguments = _class_of(layer), Arguments((), _arguments(layer))
    if name == "Bidirectional":
        forward, backward = (_arguments(part) for part in _directions(layer))
        mirrored = {**forward, "go_backwards": backward["go_backwards"], "name": backward["name"]}
        named = {name: value for name, value in arguments.named.items() if name != "backward_layer"}
        is_usual = backward == mirrored and forward["go_backwards"] != backward["go_backwards"]
        arguments = Arguments((), named if is_usual else {**named, "backward_layer": UNKNOWN})
    if name in ("Bidirectional", "TimeDistributed"):
        inner = layer.layer if name == "TimeDistributed" else layer.forward_layer
        is_one_kind = len({_class_of(part) for part in _directions(layer)}) == 1
        return reading.wrapped(name, (is_one_kind and _made(inner)) or UNKNOWN, arguments, 0)
    if name in keras_cells.CELLS:
        return keras_cells.cell(name, arguments, 0)
    if name == "RNN" and (cell := _made(layer.cell)) and _class_of(layer.cell) in keras_cells.CELLS:
        switches = {name: arguments.named[name] for name in reading.SWITCHES if name in arguments.named}
        return next(iter(keras_cells.over_time([cell], Arguments((), switches), 0) or ()), None)
    return reading.layer(name, arguments, 0)


def _arguments(layer: Any) -> dict[str, Value]:
    """The arguments of the constructor of a layer."""
    return {name: _value(value) for name, value in layer.get_config().items()}


def _value(value: Any) -> Value:
    if isinstance(value, tuple | list):
        return Tuple(tuple(map(_value, value)))
    return Constant(value) if isinstance(value, int | float | str) else NONE if value is None else UNKNOWN


def _replay(layer: Any, states: list[Array], values: tuple[tuple[Any, Mapping[str, Any]], Any]) -> Replay:
    """What is needed to compute the call of a recurrent layer again. ``states``: those of a stateful layer before it.
    A cell computes one step. Raises NotReplayed."""
    (input, arguments), returned = values
    name, parts = _class_of(layer), _directions(layer)
    is_cell, mask = name in keras_cells.CELLS, arguments.get("mask")
    _check(name, parts, arguments)
    tensor, *given = tensors_in(input)  # tf_keras may pass the states with the input
    X = array_of(tensor)
    X = X[:, None] if is_cell else X
    if X.ndim != 3:
        raise NotReplayed(f"its input has {X.ndim} axes; a replay takes batch_size, time_step and features")
    model = _model(layer, X, is_cell)
    given = given or list(tensors_in(arguments.get("states" if is_cell else "initial_state")))
    entering = [array_of(state) for state in given] or states
    places = list(product(model.stack.places, model.stack.states))
    initial: dict[Place, dict[str, Array]] = {place: {} for place in model.stack.places}
    for (place, state), array in zip(places, entering, strict=False):
        initial[place][state] = array
    steps = next(tensors_in(mask), None)
    return Replay(
        model,
        RNN_RELU if _activation(parts[0]) == "relu" else model.stack.cell,
        {place: _weights(part) for place, part in zip(model.stack.places, parts, strict=True)},
        X,
        dict(zip([array.name for array in model.outputs], map(array_of, tensors_in(returned)), strict=True)),
        initial,
        None if steps is None else array_of(steps).astype(bool),
    )


def _check(name: str, parts: tuple[Any, ...], arguments: Mapping[str, Any]) -> None:
    """Raise NotReplayed if our program does not compute a layer."""
    one = parts[0]
    cell = _cell_of(one)
    kind = _class_of(cell) if cell is not None else ""
    if name == "TimeDistributed":
        raise NotReplayed("TimeDistributed calls it once for each step; a replay computes one call")
    if kind not in keras_cells.CELLS:
        raise NotReplayed(f"it is a {name or type(one).__name__}; a replay computes LSTM, GRU and SimpleRNN")
    if any(_described_cell(part) != _described_cell(one) for part in parts):
        raise NotReplayed("its two directions have different settings")
    activations = ("tanh", "relu") if kind == "SimpleRNNCell" else ("tanh",)
    if _activation(one) not in activations:
        raise NotReplayed(f"its activation is {_activation(one)}; a replay has {' or '.join(activations)}")
    gates = getattr(cell, "recurrent_activation", None)
    if gates is not None and gates.__name__ != "sigmoid":
        raise NotReplayed(f"its recurrent activation is {gates.__name__}; a replay has sigmoid")
    if arguments.get("training") and (cell.dropout or cell.recurrent_dropout):
        raise NotReplayed("its dropout is active; call the model without training=True")
    if getattr(one, "time_major", False):
        raise NotReplayed("it has time_major=True; a replay has the batch first")
    if getattr(one, "zero_output_for_mask", False) and arguments.get("mask") is not None and not one.return_sequences:
        raise NotReplayed("it has zero_output_for_mask=True; a replay returns the last step that the mask leaves")


def _cell_of(layer: Any) -> Any:
    """The cell of a layer, or a cell itself."""
    return layer if _class_of(layer) in keras_cells.CELLS else getattr(layer, "cell", None)


def _described_cell(layer: Any) -> dict[str, Value]:
    """What decides what a cell computes."""
    config = _arguments(_cell_of(layer))
    return {name: config.get(name, NONE) for name in ("units", "activation", "recurrent_activation", "reset_after")}


def _activation(layer: Any) -> str:
    return str(_cell_of(layer).activation.__name__)


def _model(layer: Any, X: Array, is_cell: bool) -> Model:
    """A recurrent layer as one of our models, for an input of batch_size × time_step × features. Raises NotReplayed if
    Keras computes something else."""
    parts = _directions(layer)
    cell = _cell_of(parts[0])
    gru = GRU_RESET_AFTER if getattr(cell, "reset_after", False) else GRU
    kinds = {"LSTMCell": LSTM, "GRUCell": gru, "SimpleRNNCell": RNN}
    batch_size, time_step, features = X.shape
    stack = Stack(kinds[_class_of(cell)], batch_size, time_step, features, cell.units, bidirectional=len(parts) > 1)
    settings: dict[str, Setting] = {"return_state": True}
    if not is_cell:
        names = ("return_sequences", "return_state", "go_backwards")
        settings = {name: bool(getattr(parts[0], name)) for name in names}
    if stack.bidirectional:
        settings["merge_mode"] = layer.merge_mode or SEPARATE
    model = KERAS.model(stack, settings)
    if model.unsupported:
        raise NotReplayed(str(model.unsupported))
    return model


def _weights(layer: Any) -> dict[str, Array]:
    """The weights of one cell, by their names in the layout. There may be no bias."""
    cell = _cell_of(layer)
    names = ("kernel", "recurrent_kernel", *(["bias"] if cell.use_bias else []))
    return {name: array_of(getattr(cell, name)) for name in names}
