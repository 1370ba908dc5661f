"""PyTorch: the calls of modules in a forward pass, recorded by hooks."""

import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from inspect import Parameter, Signature, signature
from threading import get_ident
from types import CodeType
from typing import Any

import numpy as np

from ..core.axes import BATCH_SIZE
from ..core.cells.rnn_relu import RNN_RELU
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..frameworks.pytorch import MODULES, PYTORCH
from ..frameworks.stack_in_framework import Model
from ..reading.code.frameworks import pytorch as reading
from ..reading.code.signatures import Arguments
from ..reading.code.values import NONE, OTHER, UNKNOWN, Axes, Constant, Layer, Tuple, Value
from ..reading.errors.recurrent_call import RecurrentCall
from ..translations.phrases import phrase
from .fitting_causes import KnownLayers
from .recorded_calls import Recorder, array_of, axes_of
from .replay import IN_FLOATS, NotReplayed, Replay
from .tensor_sources import tensors_in
from .written_weights import WrittenWeights

CONTAINERS = ("Sequential",)
"""Modules that call their parts one after the other."""

EMBEDDINGS = ("Embedding", "EmbeddingBag")
"""Modules that return a vector for each id."""

OF_CELL = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
"""The weights of a cell."""

PACKAGES = ("torch.nn.modules.", "torch.ao.nn.")
"""Where PyTorch has the classes of its modules, and those that compute with small integers."""


def is_module(model: object) -> bool:
    """Whether a model is a module of PyTorch; it is none if nobody has imported PyTorch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def record(model: Any, recorder: Recorder, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Call a module once, in evaluation mode and without gradients, and record its layers. Afterwards its modes,
    weights, buffers and attributes are as before, also after an error. Raises TypeError for a scripted module."""
    torch = sys.modules["torch"]
    model = getattr(model, "_orig_mod", model)  # what torch.compile has compiled
    if _is_scripted(model):
        raise TypeError("trace cannot see the layers of a scripted module; pass the module that it was made from")
    hooks = _Hooks(model, recorder)
    _note_inputs(model, recorder, inputs, keywords)
    try:
        with torch.no_grad(), _layer_by_layer(), recorder.sources.followed(hooks.weights.before_write):
            returned = model(*inputs, **keywords)
        recorder.note_results(returned)
        recorder.note_parameters(model.parameters())
    finally:
        hooks.remove()


def _note_inputs(model: Any, recorder: Recorder, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    """Note which tensors are the inputs of a module, by the names of its parameters."""
    try:
        arguments = signature(model.forward).bind(*inputs, **keywords).arguments
    except TypeError:  # the call will raise it
        return
    for name, value in arguments.items():
        recorder.note_input(name, value)


def _is_scripted(module: Any) -> bool:
    """Whether torch.jit compiled a module. Its parts call no hooks, and it has no attributes in Python."""
    return isinstance(module, sys.modules["torch"].jit.ScriptModule)


@contextmanager
def _layer_by_layer() -> Iterator[None]:
    """What torch.compile has compiled runs as Python, if its compiler is imported, which takes long; and layers of
    transformers call their parts."""
    torch = sys.modules["torch"]
    is_fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        if "torch._dynamo" in sys.modules:
            with torch.compiler.set_stance("force_eager"), warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Using `torch.compile")  # of compiled modules, about our hooks
                yield
        else:
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(is_fused)


class _Hooks:
    """Records the calls of all modules in this thread, also of those that a model does not register, such as those in a
    list. From its first call until the hooks are removed, each is in evaluation mode."""

    def __init__(self, model: Any, recorder: Recorder) -> None:
        self.model, self.recorder, self.thread = model, recorder, get_ident()
        self.names = {id(module): name.replace("._orig_mod", "") for name, module in model.named_modules()}
        self._modules: dict[int, _Before] = {}
        self.weights = WrittenWeights()
        self._unfollowed = ExitStack()
        self._classes: dict[int, str] = {}
        self._signatures: dict[int, _Parameters] = {}
        self._add(model)
        hooks = sys.modules["torch"].nn.modules.module
        self._handles = (
            hooks.register_module_forward_pre_hook(self._begin),
            hooks.register_module_forward_hook(self._end, with_kwargs=True),
        )

    def remove(self) -> None:
        """Remove the hooks. All modules are as they were before."""
        self._unfollowed.close()
        for handle in self._handles:
            handle.remove()
        self.weights.restore()
        for before in self._modules.values():
            before.restore()

    def _add(self, added: Any) -> None:
        """Remember a module and its parts, and switch them to evaluation mode."""
        for module in added.modules():
            if id(module) not in self._modules:
                self._modules[id(module)] = _Before(module)
                self.weights.add(module)
                module.training = False

    def _begin(self, module: Any, given: Any) -> None:
        if get_ident() != self.thread:
            return
        if id(module) not in self._modules:
            self.names = dict(_unregistered(self.model)) | self.names
            self._add(module)
        self.recorder.begin(module, type(module).__name__ in CONTAINERS)
        if self._is_recurrent(module):
            # All that it returns is computed from it: following its functions takes time only.
            self._unfollowed.enter_context(self._without_following())

    def _end(self, module: Any, given: Any, keywords: Any, returned: Any) -> None:
        if get_ident() != self.thread:
            return
        with self._without_following():
            if self.recorder.end(module):
                self._add_call(module, given, keywords, returned)
        if self._is_recurrent(module):
            self._unfollowed.close()

    def _class_of(self, module: Any) -> str:
        """The class of a module in PyTorch, which is found once."""
        name = self._classes.get(id(module))
        if name is None:
            name = self._classes[id(module)] = _class_of(module)
        return name

    def _is_recurrent(self, module: Any) -> bool:
        return self._class_of(module) in reading.PARAMETERS

    def _without_following(self) -> AbstractContextManager[Any]:
        """Within this context, functions of PyTorch are called as if nobody followed them."""
        context: AbstractContextManager[Any] = sys.modules["torch"]._C.DisableTorchFunction()
        return context

    def _arguments(self, module: Any, given: Any, keywords: Any) -> dict[str, Any]:
        """What a module was called with, by the names of its parameters; none if these are not known."""
        if id(module) not in self._signatures:
            known = Signature() if _is_scripted(module) else signature(module.forward)
            self._signatures[id(module)] = _Parameters(known)
        try:
            return self._signatures[id(module)].bind(given, keywords)
        except TypeError:  # a hook has changed them
            return {}

    def _add_call(self, module: Any, given: Any, keywords: Any, returned: Any) -> None:
        arguments = self._arguments(module, given, keywords)
        if not given and arguments:  # the input is the first parameter
            keywords = {name: keywords[name] for name in arguments if name in keywords}
        values = (given, keywords), returned
        axes_in = axes_of if self._class_of(module) in reading.CELLS else partial(_axes, module=module)
        axes = axes_in(values[0]), axes_in(returned)  # a cell takes no packed sequence
        names = self.names.get(id(module), ""), _shown_class(module)
        replay = None
        if self._is_recurrent(module):
            settings = _Settings.of(module)
            self.weights.note_use(settings.weights)
            replay = partial(_replay, module, settings)
        own = () if _is_scripted(module) or self.recorder.knows(module) else module.parameters()
        weights = [(id(one), one.numel()) for one in own]
        self.recorder.add(module, names, partial(_described, module), values, axes, replay, arguments, weights)


class _Parameters:
    """The parameters of a forward pass."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        kinds = Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD
        self.positional = [name for name, one in signature.parameters.items() if one.kind in kinds]

    def bind(self, given: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call, by the names of the parameters. Raises TypeError if they do not fit."""
        if not keywords and len(given) <= len(self.positional):  # of most calls; binding takes long
            return dict(zip(self.positional, given, strict=False))
        return self.signature.bind(*given, **keywords).arguments


class _Before:
    """What a forward pass may change in a module: its mode, its attributes, and tensors in place."""

    def __init__(self, module: Any) -> None:
        self.module, self.type, self.training = module, type(module), module.training
        self.attributes = {} if _is_scripted(module) else dict(vars(module))
        self.buffers = {} if _is_scripted(module) else dict(module._buffers)
        is_lazy = sys.modules["torch"].nn.parameter.is_lazy
        tensors = {id(one): one for one in _changeable(module) if not is_lazy(one)}
        self.values = [(tensor, tensor.detach().clone()) for tensor in tensors.values()]

    def restore(self) -> None:
        """Undo all changes, except those of a lazy module, which has got its sizes and another class."""
        module = self.module
        if type(module) is self.type and self.attributes:
            for name in vars(module).keys() - self.attributes.keys():
                del vars(module)[name]
            vars(module).update(self.attributes)
            module._buffers.update(self.buffers)
        module.training = self.training
        for tensor, value in self.values:
            if not tensor.equal(value):  # writing would be an error in a backward pass that still needs the tensor
                with sys.modules["torch"].no_grad():
                    tensor.copy_(value)


def _changeable(module: Any) -> Iterator[Any]:
    """The tensors of a module that its forward pass may change in place: buffers, attributes, and the weights of
    embeddings with max_norm and of classes that PyTorch does not have. The others are not copied: they may be large."""
    torch = sys.modules["torch"]
    yield from module.buffers(recurse=False)
    if not _is_scripted(module):
        attributes = [value for value in vars(module).values() if isinstance(value, torch.Tensor | tuple | list)]
        yield from (one for one in tensors_in(attributes) if type(one) is torch.Tensor)
        if not _class_of(module) or getattr(module, "max_norm", None) is not None:
            yield from module.parameters(recurse=False)


def _unregistered(model: Any) -> Iterator[tuple[int, str]]:
    """The names of modules in the lists and dicts of a model, by id, as if these were ModuleLists and ModuleDicts."""
    modules, seen = [*model.named_modules()], {id(module) for module in model.modules()}
    for name, module in modules:  # it grows: what is found may have lists as well
        values = [(attribute, value) for attribute, value in vars(module).items() if attribute[0] != "_"]
        for path, found in _modules_in(values, name):
            for part, one in found.named_modules(prefix=path):
                if id(one) not in seen:
                    seen.add(id(one))
                    modules.append((part, one))
                    yield id(one), part


def _modules_in(items: Iterable[tuple[Any, Any]], name: str, outer: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The modules among items with names, and in the lists and dicts among them. ``outer``: those that these are in,
    since a list can contain itself."""
    for part, value in items:
        path = f"{name}.{part}" if name else str(part)
        if is_module(value):
            yield path, value
        elif isinstance(value, tuple | list | dict) and not any(one is value for one in outer):
            items_in = value.items() if isinstance(value, dict) else enumerate(value)
            yield from _modules_in(items_in, path, (*outer, value))


def _class_of(module: Any) -> str:
    """The class of a module in PyTorch, "" if it is not PyTorch that computes its forward pass."""
    own: Any = type(module)
    of = next((of for of in own.__mro__ if of.__module__.startswith(PACKAGES)), None)
    return of.__name__ if of and not _is_scripted(module) and own.forward is of.forward else ""


def _shown_class(module: Any) -> str:
    """The name of a module's class; of a scripted module, that of the class before."""
    return f"{module.original_name} (scripted)" if _is_scripted(module) else str(module._get_name())


def _is_recurrent(module: Any) -> bool:
    return _class_of(module) in reading.PARAMETERS


def _described(module: Any) -> Layer | None:
    """The kind and the configuration of a module; None for a loss, and for one that is not PyTorch's. Of a scripted
    module, and of a recurrent one with another forward pass, only the axes are known, and which is the batch."""
    class_name, nn = _class_of(module), sys.modules["torch"].nn
    if _is_scripted(module) or (not class_name and isinstance(module, nn.RNNBase | nn.RNNCellBase)):
        order: dict[str, Value] = {}
        if isinstance(module, nn.RNNBase):
            order["batch_first"] = Constant(module.batch_first)
        return reading.plain(OTHER, 0, reading.unknown_axes, order)
    if not class_name:
        return None
    of = next(of for of in type(module).__mro__ if of.__name__ == class_name)
    parameters = reading.PARAMETERS.get(class_name) or signature(of).parameters
    named = {name: _value(name, getattr(module, name)) for name in parameters if hasattr(module, name)}
    made = reading.layer(class_name, Arguments((), named), 0)
    if made and not type(module).__module__.startswith(PACKAGES[1:]):  # others are packed
        made.parameters = sum(weights.numel() for weights in module.parameters())
        made.has_more_parameters = _is_recurrent(module) and made.parameters > _numbers_in_weights(module)
    return made


def _numbers_in_weights(module: Any) -> int:
    """How many numbers the weights of a recurrent module have, also of those that it computes from others."""
    weights = (getattr(module, name, None) for name in getattr(module, "_flat_weights_names", OF_CELL))
    return sum(one.numel() for one in weights if one is not None)


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


@dataclass(frozen=True)
class _Settings:
    """With what a recurrent module computes in one call: the ``weights`` by name, the type to which PyTorch converts
    them, None if it converts nothing, and whether it drops outputs."""

    weights: dict[str, Any]
    autocast: Any
    has_dropout: bool

    @classmethod
    def of(cls, module: Any) -> "_Settings":
        """Those that it has now."""
        torch = sys.modules["torch"]
        if names := vars(module).get("_flat_weights_names"):  # what it reads; the attributes may be others
            weights = dict(zip(names, module._flat_weights, strict=True))
        else:
            weights = {name: getattr(module, name, None) for name in OF_CELL if name not in module._parameters}
            weights |= module._parameters  # attributes take longer
        device = next((one.device.type for one in weights.values() if one is not None), "cpu")
        is_converted = torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device)
        autocast = torch.get_autocast_dtype(device) if is_converted else None
        return cls(weights, autocast, bool(module.training and getattr(module, "dropout", 0) and module.num_layers > 1))

    def check(self, module: Any) -> None:
        """Raise NotReplayed if our program does not compute the module."""
        if type(module).__module__.startswith(PACKAGES[1:]):
            raise NotReplayed(phrase("its weights are quantized; {only}", only=IN_FLOATS))
        if self.autocast is not None:
            words = phrase("autocast makes it compute in {type}; {only}", type=str(self.autocast), only=IN_FLOATS)
            raise NotReplayed(words)
        if self.has_dropout:
            raise NotReplayed(phrase("its dropout is active, because the model switches it to training mode"))


def _replay(module: Any, settings: _Settings, values: tuple[tuple[Any, Any], Any]) -> Replay:
    """What is needed to compute the call of a recurrent module again. A cell computes one step; a single sample gets an
    axis of the batch. Raises NotReplayed."""
    settings.check(module)
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
        {place: _of_cell(settings.weights, model, place, is_cell) for place in model.stack.places},
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


def _of_cell(weights: Mapping[str, Any], model: Model, place: Place, is_cell: bool) -> dict[str, Array]:
    """The weights of one cell, by their names in the layout. There may be no biases."""
    names = {one.name: one.name if is_cell else model.full_name(one.name, place) for one in model.layout.parameters}
    return {name: array_of(weights[full]) for name, full in names.items() if weights.get(full) is not None}


def lines_that_make_layers(own: Sequence[Mapping[str, Any]], frames: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line of code for each recurrent module that the innermost frame of the program knows, as a variable, as a part
    of ``self`` or of another module, or else the first ``self`` with one; and for each Sequential with a recurrent
    module that a frame runs. ``own``: the variables of the frames of the program, the innermost one first; ``frames``:
    those of all."""
    for variables in (*own, *frames):
        named = variables.items() if own and variables is own[0] else [("self", variables.get("self"))]
        known = dict.fromkeys(line for name, module in named if is_module(module) for line in _lines_of(name, module))
        yield from known
        if known:
            break
    sequentials: list[Any] = [variables.get("self") for variables in frames]
    run = [one for one in sequentials if is_module(one) and _class_of(one) == "Sequential"]
    for children in dict.fromkeys(tuple(one.children()) for one in run):
        if any(map(_is_recurrent, children)):
            yield f"nn.Sequential({', '.join(map(_made, children))})"


def _lines_of(name: str, module: Any) -> Iterator[str]:
    """A line of code for a recurrent module, and for each recurrent part of another one that has a name."""
    for path, part in module.named_modules(prefix=name):
        names = path.split(".")
        if _is_recurrent(part) and names[-1].isidentifier():  # the parts of a Sequential have numbers
            made = f"{path if all(map(str.isidentifier, names)) else names[-1]} = {_made(part)}"
            yield made.removeprefix("self = ")  # no program gives itself a value


def has_recurrent_part(frames: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a module that a frame runs has a recurrent one."""
    owners: Iterator[Any] = (variables.get("self") for variables in frames)
    return any(any(map(_is_recurrent, owner.modules())) for owner in owners if is_module(owner))


def modules_in(variables: Mapping[str, Any]) -> dict[str, Any]:
    """The modules that variables are, and those that are attributes of ``self``, by name."""
    attributes = getattr(variables.get("self"), "__dict__", {})
    named = {**variables, **{f"self.{name}": value for name, value in attributes.items()}}
    return {name: value for name, value in named.items() if is_module(value)}


def classes_in(variables: Mapping[str, Any]) -> list[type]:
    """The classes of modules that variables are."""
    torch = sys.modules.get("torch")
    classes = [value for value in variables.values() if isinstance(value, type)]
    return [one for one in classes if issubclass(one, torch.nn.Module)] if torch is not None else []


def names_recurrent_module(variables: Mapping[str, Any]) -> bool:
    """Whether a module that a frame of the program knows is or has a recurrent one, or a class makes one."""
    modules = modules_in(variables).values()
    is_known = any(any(map(_is_recurrent, module.modules())) for module in modules)
    made = [getattr(vars(of).get("__init__"), "__code__", None) for of in classes_in(variables)]
    return is_known or any(code and makes_recurrent_module(code) for code in made)


def makes_recurrent_module(code: CodeType) -> bool:
    """Whether a function names a class of recurrent modules."""
    return code.co_name != "<module>" and not reading.PARAMETERS.keys().isdisjoint(code.co_names)


def line_that_makes(name: str, value: Any) -> str:
    """A line of code for a module or a tensor; "" for anything else."""
    if is_module(value):
        return f"{name} = {_made(value) if _class_of(value) else f'{type(value).__name__}()'}"
    torch = sys.modules.get("torch")
    if torch is None or not isinstance(value, torch.Tensor):
        return ""
    type_of = "" if value.dtype.is_floating_point else ", dtype=torch.long"
    return f"{name} = torch.zeros({', '.join(map(str, value.shape))}{type_of})"


def known_layers(frames: Iterable[Mapping[str, Any]]) -> KnownLayers:
    """The recurrent modules and embeddings that the variables of frames have, also as parts of modules, the output that
    a loss compares, and what is packed."""
    modules: dict[int, Any] = {}
    compared: tuple[int, ...] = ()
    packed: tuple[int, int] | None = None
    for variables in frames:
        packed = packed or _packed(variables)
        for value in variables.values():
            if is_module(value):
                modules |= {id(part): part for part in value.modules()}
        if "target" in variables and hasattr(variables.get("input"), "shape"):
            compared = compared or tuple(variables["input"].shape)
    outputs = []
    for module in modules.values():
        if _is_recurrent(module):
            directions = 1 + getattr(module, "bidirectional", False)
            outputs.append((directions * (getattr(module, "proj_size", 0) or module.hidden_size), directions))
    embeddings = {one.embedding_dim for one in modules.values() if _class_of(one) in EMBEDDINGS}
    return KnownLayers(outputs, embeddings, compared, packed)


def _packed(variables: Mapping[str, Any]) -> tuple[int, int] | None:
    """How many lengths ``pack_padded_sequence`` has got, and the size of the axis of its input that it takes for time;
    None in the frame of another function."""
    input, lengths, first = (variables.get(name) for name in ("input", "lengths", "batch_first"))
    if "enforce_sorted" not in variables or lengths is None or len(getattr(input, "shape", ())) < 2 or input is None:
        return None
    return len(lengths), input.shape[int(bool(first))]


def _made(module: Any) -> str:
    """The call that makes a module, as PyTorch shows it."""
    name = _class_of(module)
    return f"{f'nn.{name}' if name else type(module).__name__}({module.extra_repr()})"


def recurrent_call(frames: Iterable[Mapping[str, Any]]) -> RecurrentCall | None:
    """The call of a recurrent module in which an error arose; None without one. ``frames``: the variables of each frame
    of its traceback, the innermost one first."""
    module, input, state = None, None, None
    for variables in frames:
        owner = variables.get("self")
        if module is None and is_module(owner) and _class_of(owner) in reading.PARAMETERS:
            module = owner
        if module is not None and owner is module:
            input = variables.get("orig_input", variables.get("input", input))
            state = variables.get("hx", state)
    if module is None:
        return None
    name = _class_of(module)
    kind = (reading.RECURRENT | reading.CELLS)[name]
    values = {parameter: getattr(module, parameter, None) for parameter in reading.PARAMETERS[name]}
    arguments = {parameter: value for parameter, value in values.items() if isinstance(value, int)}
    axes = tuple(axis if isinstance(axis, int) else None for axis in _axes(input, module))
    first = next(tensors_in(state), None)
    shape = () if first is None else tuple(first.shape)
    return RecurrentCall(kind.removesuffix("_cell"), name in reading.CELLS, arguments, axes, state=shape)
