"""Keras: the calls of layers in a forward pass, of Keras 3 with any backend and of tf.keras and tf_keras."""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from inspect import signature
from itertools import pairwise, product
from typing import Any

import numpy as np

from ..core.cells import GRU, GRU_RESET_AFTER, LSTM, RNN
from ..core.cells.rnn_relu import RNN_RELU
from ..core.model.layer import KINDS
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..frameworks.framework_types import Setting
from ..frameworks.keras import KERAS, SEPARATE
from ..reading.code.frameworks import keras as reading
from ..reading.code.frameworks import keras_cells
from ..reading.code.frameworks.pytorch import unknown_axes
from ..reading.code.signatures import Arguments
from ..reading.code.values import NONE, OTHER, UNKNOWN, Axes, Constant, Layer, Tuple, Value, last
from ..reading.errors.axes_of_arrays import RANK
from ..reading.errors.cell_classes import KERAS_CLASSES
from ..reading.errors.recurrent_call import Below, RecurrentCall
from ..translations.phrases import joined_with_or, phrase
from .eager_outputs import Maker
from .recorded_calls import Recorder, array_of, axes_of
from .replay import NotReplayed, Replay, StackedReplay
from .tensor_sources import tensors_in

PACKAGES = ("keras", "tf_keras", "tensorflow")

OF_CHECK = {"input_spec", "inputs", "layer_name"}
"""The parameters of the function with which Keras checks the input of a layer."""

CONTAINERS = ("Sequential", "Functional")
"""Models that call their layers one after the other."""

IN_LISTS = dict.fromkeys(("Attention", "AdditiveAttention"), ("query", "value", "key"))
"""By class, what the tensors are of which a layer takes a list."""

MERGES = ("Concatenate", "Dot", *reading.MERGES)
"""Layers that make one tensor of several."""

RECURRENT = (*reading.RECURRENT, *keras_cells.CELLS, "RNN")
"""Layers that have parts, or states, but are one layer in a chain; also if a class of one's own computes the call."""

OF_SIZES = re.compile(r"must match the size|broadcast|[Ii]ncompatible shapes|Dimensions must be equal")
"""What backends say of two arrays whose sizes differ."""

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
        with _eagerly(), recorder.sources.followed():
            returned = model(*inputs, **keywords)
        recorder.note_results(returned)
        recorder.note_parameters(model.trainable_variables)
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
    """Records the calls of a model: each layer has another method ``call`` until the hooks are removed, or
    ``quantized_call`` if its weights are quantized. The parts of a layer get theirs when it is called, because some are
    only made then."""

    def __init__(self, model: Any, recorder: Recorder) -> None:
        self.model, self.recorder = model, recorder
        self._layers: dict[int, tuple[Any, str, Any]] = {}
        self._values: dict[int, tuple[Any, Array]] = {}
        self.add(model)

    def add(self, layer: Any) -> None:
        """Record the calls of a layer."""
        if id(layer) not in self._layers:
            method = "quantized_call" if getattr(layer, "quantization_mode", None) else "call"
            self._layers[id(layer)] = layer, method, vars(layer).get(method)
            vars(layer)[method] = self._recording(layer, getattr(layer, method))

    def remove(self) -> None:
        """Remove all hooks, and give variables that are not trained their values from before."""
        for layer, method, own in self._layers.values():
            del vars(layer)[method]
            if own is not None:
                vars(layer)[method] = own
        for variable, value in self._values.values():
            variable.assign(value)

    def _recording(self, layer: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        """The method that computes a layer, recorded."""
        parameters = signature(call)

        @wraps(call)
        def recorded(*given: Any, **keywords: Any) -> Any:
            if any(map(_is_symbolic, tensors_in((given, keywords)))):
                return call(*given, **keywords)
            arguments = parameters.bind(*given, **keywords).arguments
            self._save(layer)
            if layer is self.model:
                self.recorder.clear()
                self._note_inputs(arguments)
            name = _class_of(layer)
            is_whole = name not in CONTAINERS if name else _base_of(layer) in RECURRENT
            for part in () if is_whole else layer._flatten_layers(include_self=False, recursive=False):
                self.add(part)
            states = [array_of(state).copy() for state in _states(layer)] if is_whole else []
            self.recorder.begin(layer, name in CONTAINERS)
            try:
                returned = call(*given, **keywords)
            finally:
                self.recorder.end(layer)
            if is_whole:
                self.recorder.sources.follow([*tensors_in(arguments)], tensors_in(returned))
            if is_whole and name != "InputLayer":
                self._add_layers(layer, states, arguments, returned)
            return returned

        return recorded

    def _add_layers(self, layer: Any, states: list[Array], arguments: Mapping[str, Any], returned: Any) -> None:
        """Record the call of a layer; that of an RNN of several cells as a layer for each cell, as in source code."""
        input, cells = next(iter(arguments.values())), _stacked_cells(layer)
        input = self.recorder.of_last(input) if _class_of(layer) in MERGES else input
        inner = layer.layer._flatten_layers() if _class_of(layer) == "TimeDistributed" else (layer,)
        is_recurrent = any(_has_cells(one) for one in inner)
        names = [(f"{layer.name}/{cell.name}", type(cell).__name__) for cell in cells]
        # Keras does not return what a cell passes to the next one; its axes are enough.
        between = [np.empty((*axes_of(input)[:2], cell.units)) for cell in cells[:-1]]
        replay: Callable[..., Replay | StackedReplay] = _replay_of_cells if cells else _replay
        for n, (taken, given) in enumerate(pairwise([input, *between, returned])):
            self.recorder.add(
                cells[n] if cells else layer,
                names[n] if cells else (layer.name, type(layer).__name__),
                partial(_described, layer, n, axes_of(taken)),
                ((taken, (arguments, returned)), given),
                (axes_of(taken), axes_of(given)),
                partial(replay, layer, states) if is_recurrent else None,
                {} if n else _named(layer, arguments),
                [(id(one), int(np.prod(one.shape))) for one in (cells[n] if cells else layer).trainable_variables],
            )

    def _note_inputs(self, arguments: Mapping[str, Any]) -> None:
        """Note which tensors are the inputs of the model, by their names in a functional one, or else by those of the
        parameters of its call."""
        tensors = [*tensors_in(next(iter(arguments.values()), None))]
        names = [*map(_name_of_input, getattr(self.model, "inputs", None) or ())]
        if len(names) == len(tensors):
            for name, tensor in zip(names, tensors, strict=True):
                self.recorder.note_input(name, tensor)
            return
        for name, value in arguments.items():
            self.recorder.note_input(name, value)

    def _save(self, layer: Any) -> None:
        """Remember the values of variables that a call may change: states, seeds, and those of normalizations."""
        for variable in (*layer.non_trainable_variables, *_states(layer)):
            if id(variable) not in self._values:
                self._values[id(variable)] = variable, array_of(variable).copy()


def _is_in_keras(of: type) -> bool:
    return of.__module__.partition(".")[0] in PACKAGES


def _name_of_input(tensor: Any) -> str:
    """The name of an input of a functional model: that of its layer, where the tensor has one that Keras has made."""
    history = getattr(tensor, "_keras_history", None)
    made = getattr(history, "operation", None) or getattr(history, "layer", None)
    return str(getattr(made, "name", tensor.name))


def _named(layer: Any, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a layer was called with, by names: those of the parameters, or of the tensors of a list."""
    names = IN_LISTS.get(_class_of(layer), ())
    return dict(zip(names, next(iter(arguments.values())), strict=False)) if names else arguments


def _is_symbolic(tensor: Any) -> bool:
    return any(word in type(tensor).__name__ for word in SYMBOLIC) or bool(getattr(tensor, "is_meta", False))


def _base_of(layer: Any) -> str:
    """The class of Keras that a layer's class is or inherits from."""
    return next(of.__name__ for of in type(layer).__mro__ if _is_in_keras(of))


def _class_of(layer: Any) -> str:
    """The class of a layer in Keras, "" if it is not Keras that computes its call."""
    own: Any = type(layer)
    of = next((of for of in own.__mro__ if _is_in_keras(of)), None)
    return of.__name__ if of and own.call is of.call and of.__name__ not in ("Layer", "Model") else ""


def _states(layer: Any) -> Iterator[Any]:
    """The variables of the states of a stateful layer."""
    for part in _directions(layer):
        if getattr(part, "stateful", False):
            yield from tensors_in(getattr(part, "states", None))


def _directions(layer: Any) -> tuple[Any, ...]:
    """The layers of both directions; the layer itself if it has one."""
    return (layer.forward_layer, layer.backward_layer) if _class_of(layer) == "Bidirectional" else (layer,)


def _stacked_cells(layer: Any) -> Sequence[Any]:
    """The cells of an RNN that runs several at each step, if Keras computes all of them; none for other layers."""
    stack = layer.cell if _class_of(layer) == "RNN" else None
    cells = stack.cells if stack is not None and _class_of(stack) == "StackedRNNCells" else ()
    return cells if all(_class_of(cell) in keras_cells.CELLS for cell in cells) else ()


def _described(layer: Any, n: int, axes: Axes) -> Layer | None:
    """The kind and the configuration of a layer whose input has these axes; of an RNN of several cells, those of the
    layer of one of them."""
    cells = _stacked_cells(layer)
    made = _over_time(layer, cells)[n] if cells else _made(layer)
    if made and KINDS.get(made.kind) in ("recurrent", "cell", "dense"):
        made.config["features"] = Constant(last(axes)) if isinstance(last(axes), int) else UNKNOWN
    if made:
        own = cells[n] if cells else layer
        made.parameters = sum(int(np.prod(weights.shape)) for weights in own.trainable_variables)
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
    if name in MERGES:
        return reading.plain(name.lower(), 0)
    if name in keras_cells.CELLS:
        return keras_cells.cell(name, arguments, 0)
    if name == "RNN" and _class_of(layer.cell) in keras_cells.CELLS:
        return _over_time(layer, [layer.cell])[0]
    return reading.layer(name, arguments, 0)


def _over_time(layer: Any, cells: Sequence[Any]) -> Sequence[Layer]:
    """The layers that an RNN of these cells is, one for each. The axes of returned states are recorded, not read."""
    names = [name for name in reading.SWITCHES if name != "return_state" or len(cells) == 1]
    arguments = _arguments(layer)
    switches = {name: arguments[name] for name in names if name in arguments}
    return keras_cells.over_time([made for cell in cells if (made := _made(cell))], Arguments((), switches), 0) or ()


def _arguments(layer: Any) -> dict[str, Value]:
    """The arguments of the constructor of a layer."""
    return {name: _value(value) for name, value in layer.get_config().items()}


def _value(value: Any) -> Value:
    if isinstance(value, tuple | list):
        return Tuple(tuple(map(_value, value)))
    return Constant(value) if isinstance(value, int | float | str) else NONE if value is None else UNKNOWN


Values = tuple[tuple[Any, tuple[Mapping[str, Any], Any]], Any]
"""What a recorded layer took, with the arguments of the call and what this returned; and what the layer gave."""


def _replay(layer: Any, states: list[Array], values: Values) -> Replay:
    """What is needed to compute the call of a recurrent layer again. ``states``: those of a stateful layer before it.
    A cell computes one step. Raises NotReplayed."""
    (input, (arguments, returned)), _ = values
    name, parts = _class_of(layer), _directions(layer)
    is_cell = name in keras_cells.CELLS
    _check(name, parts, arguments)
    X, initial = _input_and_states(input, arguments.get("states" if is_cell else "initial_state"), states)
    X = X[:, None] if is_cell else X
    if X.ndim != 3:
        words = phrase("its input has {n} axes; a replay takes batch_size, time_step and features", n=X.ndim)
        raise NotReplayed(words)
    names = ("return_sequences", "return_state", "go_backwards")
    settings: dict[str, Setting] = {name: bool(getattr(parts[0], name)) for name in names if not is_cell}
    settings = settings or {"return_state": True}
    if len(parts) > 1:
        settings["merge_mode"] = layer.merge_mode or SEPARATE
    outputs = list(map(array_of, tensors_in(returned)))
    return _replay_of(list(map(_cell_of, parts)), X, settings, initial, outputs, _mask(arguments))


def _replay_of_cells(layer: Any, states: list[Array], values: Values) -> StackedReplay:
    """The same for an RNN of several cells. If it goes backwards, they run forward over the reversed input."""
    (_, (arguments, returned)), _ = values
    cells, mask = _stacked_cells(layer), _mask(arguments)
    for cell in cells:
        _check_cell(cell, arguments)
    _check_switches(layer, arguments)
    X, initial = _input_and_states(next(iter(arguments.values())), arguments.get("initial_state"), states)
    if layer.go_backwards:
        X, mask = X[:, ::-1], None if mask is None else mask[:, ::-1]
    output, *last = map(array_of, tensors_in(returned))
    replays = []
    for cell in cells:
        is_top, count = cell is cells[-1], 2 if _class_of(cell) == "LSTMCell" else 1
        settings = {"return_sequences": not is_top or layer.return_sequences, "return_state": layer.return_state}
        outputs = [*([output] if is_top else []), *last[:count]]
        replays.append(_replay_of([cell], X, settings, initial[:count], outputs, mask))
        X, initial, last = np.empty((*X.shape[:2], cell.units), X.dtype), initial[count:], last[count:]
    return StackedReplay(replays)


def _input_and_states(input: Any, given: Any, states: list[Array]) -> tuple[Array, list[Array]]:
    """The input of a layer, and its initial states: those that it was given, or else its own."""
    tensor, *others = tensors_in(input)  # tf_keras may pass the states with the input
    return array_of(tensor), list(map(array_of, others or tensors_in(given))) or states


def _mask(arguments: Mapping[str, Any]) -> Array | None:
    """The mask of a call, batch_size × time_step."""
    steps = next(tensors_in(arguments.get("mask")), None)
    return None if steps is None else array_of(steps).astype(bool)


def _replay_of(
    cells: Sequence[Any],
    X: Array,
    settings: dict[str, Setting],
    initial: Sequence[Array],
    returned: Sequence[Array],
    mask: Array | None,
) -> Replay:
    """What is needed to compute the cells of one or both directions again. ``returned``: the last ones of the outputs
    with these settings. Raises NotReplayed if Keras computes something else than our model."""
    cell, (batch_size, time_step, features) = cells[0], X.shape
    gru = GRU_RESET_AFTER if getattr(cell, "reset_after", False) else GRU
    kind = {"LSTMCell": LSTM, "GRUCell": gru, "SimpleRNNCell": RNN}[_class_of(cell)]
    stack = Stack(kind, batch_size, time_step, features, cell.units, bidirectional=len(cells) > 1)
    model = KERAS.model(stack, settings)
    if model.unsupported:
        raise NotReplayed(model.unsupported.what)
    states: dict[Place, dict[str, Array]] = {place: {} for place in stack.places}
    for (place, state), array in zip(product(stack.places, stack.states), initial, strict=False):
        states[place][state] = array
    names = [array.name for array in model.outputs]
    return Replay(
        model,
        RNN_RELU if _activation(cell) == "relu" else stack.cell,
        {place: _weights(cell) for place, cell in zip(stack.places, cells, strict=True)},
        X,
        dict(zip(names[len(names) - len(returned) :], returned, strict=True)),
        states,
        mask,
    )


def _check(name: str, parts: tuple[Any, ...], arguments: Mapping[str, Any]) -> None:
    """Raise NotReplayed if our program does not compute a layer."""
    one = parts[0]
    cell = _cell_of(one)
    if name == "TimeDistributed":
        raise NotReplayed(phrase("TimeDistributed calls it once for each step; a replay computes one call"))
    if cell is None or _class_of(cell) not in keras_cells.CELLS:
        words = phrase(
            "its class is {name}; a replay computes LSTM, GRU and SimpleRNN", name=name or type(one).__name__
        )
        raise NotReplayed(words)
    if any(_described_cell(part) != _described_cell(one) for part in parts):
        raise NotReplayed(phrase("its two directions have different settings"))
    _check_cell(cell, arguments)
    _check_switches(one, arguments)


def _check_cell(cell: Any, arguments: Mapping[str, Any]) -> None:
    """Raise NotReplayed if our program does not compute a cell."""
    activations = ("tanh", "relu") if _class_of(cell) == "SimpleRNNCell" else ("tanh",)
    if _activation(cell) not in activations:
        only = joined_with_or(activations)
        raise NotReplayed(phrase("its activation is {name}; a replay has {only}", name=_activation(cell), only=only))
    gates = _activation(cell, "recurrent_activation")
    if gates not in ("", "sigmoid"):
        raise NotReplayed(phrase("its recurrent activation is {name}; a replay has sigmoid", name=gates))
    if arguments.get("training") and (cell.dropout or cell.recurrent_dropout):
        raise NotReplayed(phrase("its dropout is active; call the model without training=True"))


def _check_switches(layer: Any, arguments: Mapping[str, Any]) -> None:
    """Raise NotReplayed if a layer runs its cells in a way in which our program does not run them."""
    if getattr(layer, "time_major", False):
        raise NotReplayed(phrase("it has time_major=True; a replay has the batch first"))
    has_mask = arguments.get("mask") is not None
    if getattr(layer, "zero_output_for_mask", False) and has_mask and not layer.return_sequences:
        words = phrase("it has zero_output_for_mask=True; a replay returns the last step that the mask leaves")
        raise NotReplayed(words)


def _cell_of(layer: Any) -> Any:
    """The cell of a layer, or a cell itself."""
    return layer if _class_of(layer) in keras_cells.CELLS else getattr(layer, "cell", None)


def _described_cell(layer: Any) -> dict[str, Value]:
    """What decides what a cell computes."""
    config = _arguments(_cell_of(layer))
    return {name: config.get(name, NONE) for name in ("units", "activation", "recurrent_activation", "reset_after")}


def _activation(cell: Any, name: str = "activation") -> str:
    """The name of one of a cell's activations; "" without one."""
    function = getattr(cell, name, None)
    return "" if function is None else str(getattr(function, "__name__", type(function).__name__))


def _weights(cell: Any) -> dict[str, Array]:
    """The weights of a cell, by their names in the layout. There may be no bias."""
    names = ("kernel", "recurrent_kernel", *(["bias"] if cell.use_bias else []))
    return {name: array_of(getattr(cell, name)) for name in names}


def original(error: BaseException) -> BaseException | None:
    """The error to which Keras has added the arguments of the call: it has all its frames; None for another error."""
    return error.__context__ if getattr(error, "_keras_call_info_injected", False) else None


def recurrent_call(frames: Iterable[Mapping[str, Any]]) -> RecurrentCall | None:
    """The call of a recurrent layer in which an error arose; None without one. ``frames``: the variables of each frame
    of its traceback, the innermost one first. Of layers in each other it is the outermost one, which the program
    made."""
    layer, input = None, None
    checked: Mapping[str, Any] = {}
    for variables in frames:
        owner: Any = variables.get("self")
        given = variables.get("sequences", variables.get("inputs"))
        wrapped = variables.get("args")
        if owner is None and type(wrapped) is tuple:  # in a wrapper of a method
            owner, given = (*wrapped, None, None)[:2]
        checked = variables if variables.keys() >= OF_CHECK else checked
        if is_model(owner) and layer is None and checked:  # Keras checks the input before it calls the layer
            parts = (part for part in owner._flatten_layers() if part.name == checked["layer_name"])
            owner, given = next(parts, owner), checked.get("inputs")
        if is_model(owner) and _is_recurrent(owner):
            input = given if given is not None or owner is not layer else input
            layer = owner
    if layer is None:
        return None
    cell = _cell_of(_directions(layer)[0])
    arguments = {"hidden_size": cell.units, "batch_first": True}
    if getattr(cell, "kernel", None) is not None:
        arguments["input_size"] = int(cell.kernel.shape[0])
    if len(_directions(layer)) > 1:
        arguments["bidirectional"] = True
    axes = tuple(axis if isinstance(axis, int) else None for axis in axes_of(input))
    kind = keras_cells.CELLS[_class_of(cell)]
    return RecurrentCall(kind, layer is cell, arguments, axes, _below(next(tensors_in(input), None)))


def compared(error: BaseException, frames: Iterable[Mapping[str, Any]]) -> str:
    """The message of Keras about a target and an output with other numbers of axes, if an error of its backend arose
    where a loss computes with both: the backend says the two sizes that differ. "" for another error."""
    if not OF_SIZES.search(str(error)):
        return ""
    for variables in frames:
        shapes = [tuple(getattr(variables.get(name), "shape", ())) for name in ("y_true", "y_pred")]
        if all(shapes) and len(shapes[0]) != len(shapes[1]):
            target, output = shapes
            return (
                "ValueError: Arguments `target` and `output` must have the same shape. Received:"
                f" target.shape={target}, output.shape={output}\n"
            )
    return ""


def lines_that_make_layers(variables: Mapping[str, Any]) -> Iterator[str]:
    """A line of code for each recurrent layer of the models among variables, if all of these have one."""
    models = [value for value in variables.values() if is_model(value) and hasattr(value, "layers")]
    parts = [[_directions(layer)[0] for layer in model.layers if _is_recurrent(layer)] for model in models]
    for part in (part for layers in parts for part in layers if all(parts)):
        if (cell := _cell_of(part)) is not part:
            name = KERAS_CLASSES[keras_cells.CELLS[_class_of(cell)]]
            yield f"keras.layers.{name}({cell.units}, return_sequences={part.return_sequences})"


def last_outputs(frames: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, Below]]:
    """What recurrent layers returned as their last output, and another layer does not accept; with these layers."""
    checked = next((variables for variables in frames if variables.keys() >= OF_CHECK), {})
    for tensor in tensors_in(checked.get("inputs")):
        if (below := _below(tensor)) and below.cell:
            yield tensor, below


def lines_that_make_inputs(own: Iterable[Mapping[str, Any]], frames: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line of code for the recurrent layer that returned what another layer does not accept, if that has a name."""
    named = [(name, value) for variables in own for name, value in variables.items()]
    for tensor, below in last_outputs(frames):
        if name := next((name for name, value in named if value is tensor), None):
            yield f"{name} = keras.layers.{KERAS_CLASSES[below.cell]}({below.num_units})(x)"


def below_of_makers(makers: Iterable[Maker], shape: Sequence[Any]) -> Below | None:
    """The recurrent layer that returned its last output of this shape, after which only layers of Keras come that keep
    it; None if it is another layer."""
    maker = next((one for one in makers if not _keeps_axes(one)), None)
    return None if maker is None else _below_of_maker(maker, shape)


def _keeps_axes(maker: Maker) -> bool:
    """Whether what a layer returns has the axes of what it gets."""
    layer, made = maker
    kind = type(layer) if made is None else layer
    return kind.__name__ in reading.SAME and _is_in_keras(kind)


def _below_of_maker(maker: Maker, shape: Sequence[Any]) -> Below | None:
    """The recurrent layer that returned its last output of this shape; None if it is another layer."""
    layer, made = maker
    if made is not None:
        name = str(layer.__name__) if _is_in_keras(layer) else ""
        sizes = [one.value for one in made.args if isinstance(one, ast.Constant) and isinstance(one.value, int)]
        switches = {one.arg for one in made.keywords}
        is_plain = name in KERAS_CLASSES.values() and len(made.args) == len(sizes) == 1
        if not is_plain or switches & {"return_sequences", "return_state", None} or tuple(shape[1:]) != (sizes[0],):
            return None
        return Below(next(cell for cell, of in KERAS_CLASSES.items() if of == name), sizes[0])
    part = _directions(layer)[0] if is_model(layer) else None
    if part is None or not _is_recurrent(layer) or _class_of(part) in keras_cells.CELLS:
        return None
    widths = [part.cell.units * times for times in range(1, 1 + len(_directions(layer)))]
    returns_last = not (getattr(part, "return_sequences", True) or getattr(part, "return_state", True))
    is_same = len(shape) == RANK - 1 and shape[1] in widths
    return Below(keras_cells.CELLS[_class_of(part.cell)], part.cell.units) if returns_last and is_same else None


def _is_recurrent(layer: Any) -> bool:
    """Whether Keras computes a layer with one of its cells, or is one of them."""
    return _class_of(_cell_of(_directions(layer)[0])) in keras_cells.CELLS


def _has_cells(layer: Any) -> bool:
    """Whether a layer is recurrent, also if a class of one's own computes it or has its cell."""
    return _is_recurrent(layer) or _base_of(layer) in RECURRENT


def _below(tensor: Any) -> Below | None:
    """The layer that returned a tensor; None if Keras does not know it."""
    maker, *places = getattr(tensor, "_keras_history", (None,))
    if maker is None:
        return None
    part = _directions(maker)[0] if is_model(maker) else None
    if part is None or not _is_recurrent(maker) or getattr(part, "return_sequences", True):
        return Below()
    axes = axes_of(maker._inbound_nodes[places[0]].input_tensors)
    steps = axes[1] if len(axes) == RANK and isinstance(axes[1], int) else None
    return Below(keras_cells.CELLS[_class_of(part.cell)], part.cell.units, steps)
