"""PyTorch: the calls of modules in a forward pass, recorded by hooks."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from inspect import signature
from itertools import filterfalse
from typing import Any

import numpy as np

from ..core.axes import BATCH_SIZE
from ..core.cells.rnn_relu import RNN_RELU
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..frameworks.model import Model
from ..frameworks.pytorch import MODULES, PYTORCH
from ..reading.code import pytorch as reading
from ..reading.code.signatures import Arguments
from ..reading.code.values import NONE, OTHER, UNKNOWN, Axes, Constant, Layer, Tuple, Value
from ..reading.errors.surroundings import RecurrentCall
from .recorder import Recorder, array_of, axes_of, tensors_in
from .replay import Replay

CONTAINERS = ("Sequential",)
"""Modules that call their parts one after the other."""


def is_module(model: object) -> bool:
    """Whether a model is a module of PyTorch; it is none if nobody has imported PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def record(model: Any, recorder: Recorder, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Call a module once, in evaluation mode and without gradients, and record its layers. Afterwards its modes,
    weights, buffers and attributes are as before, also after an error. Raises TypeError for a scripted module."""
    torch = sys.modules["torch"]
    model = getattr(model, "_orig_mod", model)  # what torch.compile has compiled, which calls no hooks
    if _is_scripted(model):
        raise TypeError("trace cannot see the layers of a scripted module; pass the module that it was made from")
    with torch.no_grad(), _in_evaluation_mode(model), _hooks(model, recorder):
        model(*inputs, **keywords)


def _is_scripted(module: Any) -> bool:
    """Whether torch.jit compiled a module. It has no hooks, and no attributes in Python."""
    return isinstance(module, sys.modules["torch"].jit.ScriptModule)


@contextmanager
def _in_evaluation_mode(model: Any) -> Iterator[None]:
    """Evaluation mode. Afterwards all modules are as they were."""
    is_lazy = sys.modules["torch"].nn.parameter.is_lazy
    modes = [(module, module.training) for module in model.modules()]
    before = [
        (module, type(module), dict(vars(module)), dict(module._buffers))
        for module in model.modules()
        if not _is_scripted(module)
    ]
    values = {id(tensor): (tensor, tensor.detach().clone()) for tensor in _changeable(model) if not is_lazy(tensor)}
    for module, _ in modes:
        module.training = False
    try:
        yield
    finally:
        for module, of, attributes, buffers in before:
            if type(module) is not of:  # a lazy module, which has got its sizes and another class
                continue
            for name in vars(module).keys() - attributes.keys():
                del vars(module)[name]
            vars(module).update(attributes)
            module._buffers.update(buffers)
        for module, mode in modes:
            module.training = mode
        for tensor, value in values.values():
            if not tensor.equal(value):  # writing would be an error in a backward pass that still needs the tensor
                tensor.copy_(value)


def _changeable(model: Any) -> Iterator[Any]:
    """The tensors that a forward pass may change in place: buffers, attributes, and the weights of classes that PyTorch
    does not have and of embeddings with max_norm. The others are not copied, because they may be large."""
    torch = sys.modules["torch"]
    yield from model.buffers()
    for module in model.modules():
        if not _is_scripted(module):
            attributes = [value for value in vars(module).values() if isinstance(value, torch.Tensor | tuple | list)]
            yield from (one for one in tensors_in(attributes) if type(one) is torch.Tensor)
            if not _class_of(module) or getattr(module, "max_norm", None) is not None:
                yield from module.parameters(recurse=False)


@contextmanager
def _hooks(model: Any, recorder: Recorder) -> Iterator[None]:
    """Record the calls of all modules of a model."""
    names = {id(module): name.replace("._orig_mod", "") for name, module in model.named_modules()}

    def before(module: Any, given: Any, keywords: Any) -> None:
        recorder.begin(type(module).__name__ in CONTAINERS)

    def after(module: Any, given: Any, keywords: Any, returned: Any) -> None:
        if recorder.end():
            if not given and len(keywords) > 1:  # the input is the first parameter, not the first one in the call
                keywords = {name: keywords[name] for name in signature(module.forward).parameters if name in keywords}
            values = (given, keywords), returned
            axes = _axes(values[0], module), _axes(returned, module)
            describe, replay = partial(_described, module), partial(_replay, module)
            recorder.add(module, names[id(module)], describe, values, axes, replay)

    with ExitStack() as handles:
        for module in filterfalse(_is_scripted, model.modules()):
            handles.callback(module.register_forward_pre_hook(before, with_kwargs=True).remove)
            handles.callback(module.register_forward_hook(after, with_kwargs=True, prepend=True).remove)
        yield


def _class_of(module: Any) -> str:
    """The class of a module in PyTorch, "" if it is not PyTorch that computes its forward pass."""
    own: Any = type(module)
    of = next(of for of in own.__mro__ if of.__module__.startswith("torch.nn.modules."))
    return of.__name__ if own.forward is of.forward else ""


def _described(module: Any) -> Layer | None:
    """The kind and the configuration of a module; None for a loss, and for one that is not PyTorch's. Of a recurrent
    module with another forward pass only the axes are known."""
    class_name = _class_of(module)
    if not class_name:
        is_recurrent = isinstance(module, sys.modules["torch"].nn.RNNBase | sys.modules["torch"].nn.RNNCellBase)
        return reading.plain(OTHER, 0, reading.unknown_axes) if is_recurrent else None
    of = next(of for of in type(module).__mro__ if of.__name__ == class_name)
    parameters = reading.PARAMETERS.get(class_name) or signature(of).parameters
    named = {name: _value(name, getattr(module, name)) for name in parameters if hasattr(module, name)}
    return reading.layer(class_name, Arguments((), named), 0)


def _value(parameter: str, value: Any) -> Value:
    """An attribute as the argument that it was."""
    if parameter == "bias":  # in most modules it is a tensor
        return Constant(value is not None and value is not False)
    if isinstance(value, tuple):
        return Tuple(tuple(_value("", item) for item in value))
    return Constant(value) if isinstance(value, int | float | str) else NONE if value is None else UNKNOWN


def _axes(value: Any, module: Any) -> Axes:
    """The axes of the first tensor in a value; those of a packed sequence as if it were padded."""
    packed = _packed_in(value)
    if packed is None:
        return axes_of(value)
    batch_size, time_step = int(packed.batch_sizes[0]), len(packed.batch_sizes)
    first = (batch_size, time_step) if getattr(module, "batch_first", False) else (time_step, batch_size)
    return (*first, *packed.data.shape[1:])


def _packed_in(value: Any) -> Any:
    """The first packed sequence in a value; None if there is none."""
    if isinstance(value, sys.modules["torch"].nn.utils.rnn.PackedSequence):
        return value
    if isinstance(value, tuple | list | Mapping):
        items = value.values() if isinstance(value, Mapping) else value
        return next((packed for item in items if (packed := _packed_in(item)) is not None), None)
    return None


def _replay(module: Any, values: tuple[tuple[Any, Any], Any]) -> Replay:
    """What is needed to compute the call of a recurrent module again. A cell computes one step; a single sample gets an
    axis of the batch."""
    (given, keywords), returned = values
    arguments = {**dict(zip(("input", "hx"), given, strict=False)), **keywords}
    input, states = arguments["input"], arguments.get("hx")
    is_cell = _class_of(module) in reading.CELLS
    output, last = (None, returned) if is_cell else returned
    mask = None
    if _packed_in(input) is not None:
        input, output, mask = _padded(input, output, module.batch_first)
    X = array_of(input)
    is_single = X.ndim == (1 if is_cell else 2)
    X = X[None] if is_single else X
    if is_cell:
        X = X[:, None]
    elif not is_single and not module.batch_first:
        X = X.swapaxes(0, 1)
    model = _model(module, X, is_cell)

    def arrays(tensors: Any) -> Iterator[Array]:
        """Each state with axes of layers and of the batch."""
        for tensor in tensors if isinstance(tensors, tuple | list) else () if tensors is None else (tensors,):
            array = array_of(tensor)
            array = array[None] if is_cell else array
            yield array[:, None] if is_single else array

    outputs = dict(zip([array.name for array in model.outputs[1:]], arrays(last), strict=True))
    if output is not None:
        array = array_of(output)
        outputs["output"] = np.expand_dims(array, model.outputs[0].axes.index(BATCH_SIZE)) if is_single else array
    initial = dict(zip(model.stack.states, arrays(states), strict=False))
    return Replay(
        model,
        RNN_RELU if getattr(module, "nonlinearity", "tanh") == "relu" else model.stack.cell,
        {place: _weights(module, model, place, is_cell) for place in model.stack.places},
        X,
        outputs,
        {place: {state: array[n] for state, array in initial.items()} for n, place in enumerate(model.stack.places)},
        mask,
    )


def _padded(input: Any, output: Any, batch_first: bool) -> tuple[Any, Any, Array]:
    """A packed input and output as padded tensors, and the mask of their steps, batch_size × time_step."""
    pad = sys.modules["torch"].nn.utils.rnn.pad_packed_sequence
    (input, lengths), (output, _) = (pad(packed, batch_first=batch_first) for packed in (input, output))
    return input, output, np.arange(int(lengths.max())) < lengths.numpy()[:, None]


def _model(module: Any, X: Array, is_cell: bool) -> Model:
    """A recurrent module as one of our models, for an input of batch_size × time_step × features."""
    name = _class_of(module).removesuffix("Cell")
    cell = next(cell for cell, of in MODULES.items() if of.name == name)
    batch_size, time_step, features = X.shape
    stack = Stack(cell, batch_size, time_step, features, module.hidden_size)
    if is_cell:
        return PYTORCH.model(stack)
    sizes = {"num_proj": module.proj_size, "num_layers": module.num_layers, "bidirectional": module.bidirectional}
    return PYTORCH.model(replace(stack, **sizes), {"batch_first": module.batch_first})


def _weights(module: Any, model: Model, place: Place, is_cell: bool) -> dict[str, Array]:
    """The weights of one cell, by their names in the layout. There may be no biases."""
    names = [parameter.name for parameter in model.layout.parameters if parameter.is_matrix or module.bias]
    return {name: array_of(getattr(module, name if is_cell else model.full_name(name, place))) for name in names}


def recurrent_call(frames: Iterable[Mapping[str, Any]]) -> RecurrentCall | None:
    """The call of a recurrent module in which an error arose; None without one. ``frames``: the variables of each frame
    of its traceback, the innermost one first."""
    module, input = None, None
    for variables in frames:
        owner = variables.get("self")
        if module is None and is_module(owner) and _class_of(owner) in reading.PARAMETERS:
            module = owner
        if module is not None and owner is module:
            input = variables.get("orig_input", variables.get("input", input))
    if module is None:
        return None
    name = _class_of(module)
    kind = (reading.RECURRENT | reading.CELLS)[name]
    values = {parameter: getattr(module, parameter, None) for parameter in reading.PARAMETERS[name]}
    arguments = {parameter: value for parameter, value in values.items() if isinstance(value, int)}
    axes = tuple(axis if isinstance(axis, int) else None for axis in _axes(input, module))
    return RecurrentCall(kind.removesuffix("_cell"), name in reading.CELLS, arguments, axes)
