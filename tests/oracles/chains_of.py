"""The layers that a program calls, recorded while the real framework runs it."""

import builtins
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from programs_of import Call, Sizes

FILE = "program"


def place(owner: int) -> tuple[Any, ...]:
    """The id of a layer and the calls of the program in which it is called: a layer in a loop counts once, one at two
    places twice."""
    frame, found = sys._getframe(1), list[tuple[str, int]]()
    while frame.f_back:
        if frame.f_code.co_filename == FILE:
            found.append((frame.f_code.co_name, frame.f_lasti))
        frame = frame.f_back
    return owner, *found


# PyTorch

PYTORCH_KINDS = {
    **{name: name.lower() for name in ("LSTM", "GRU", "RNN")},
    **{f"{name}Cell": f"{name.lower()}_cell" for name in ("LSTM", "GRU", "RNN")},
    "Linear": "dense",
    "Embedding": "embedding",
    "Flatten": "flatten",
    "Identity": "activation",
    "PReLU": "prelu",
    "MultiheadAttention": "other",
    "Unflatten": "reshape",
}


def layer_class(module: Any) -> Any:
    """PyTorch's class of a module, also of one whose class the program derives from that."""
    return next(of for of in type(module).__mro__ if of.__module__.startswith("torch.nn"))


def pytorch_kind(module: Any) -> str:
    name = layer_class(module).__name__
    if name in PYTORCH_KINDS:
        return PYTORCH_KINDS[name]
    path = layer_class(module).__module__
    for part in ("dropout", "activation", "normalization", "batchnorm", "pooling", "conv"):
        if path.endswith(f"modules.{part}"):
            return {"batchnorm": "normalization", "conv": "convolution"}.get(part, part)
    return "other"


def pytorch_axes(value: Any, is_batch_first: bool) -> Sizes:
    """The axes of a tensor, or of the first one of several."""
    import torch

    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        value = torch.nn.utils.rnn.pad_packed_sequence(value, batch_first=is_batch_first)[0]
    return tuple(value.shape) if hasattr(value, "shape") else pytorch_axes(value[0], is_batch_first)


@contextmanager
def pytorch_calls() -> Iterator[list[Any]]:
    """The calls of modules that have no parts, each with the module, in the first call of each model. Of a module whose
    class the program derives from one of PyTorch, they are those of the method of that."""
    import torch

    opaque = (torch.nn.MultiheadAttention, torch.nn.TransformerEncoder, torch.nn.TransformerEncoderLayer)
    found: list[Any] = []
    active: list[Any] = []
    finished: set[int] = set()
    kept: list[Any] = []

    forwards: dict[Any, Any] = {}

    def before(module: Any, args: Any) -> None:
        active.append(module)
        of = layer_class(module)
        if of not in (type(module), torch.nn.Module, *forwards):
            forward = forwards[of] = of.forward

            def noted(self: Any, *args: Any, **kwargs: Any) -> Any:
                output = forward(self, *args, **kwargs)
                if type(self).forward is not of.forward:
                    note(self, args, output)
                return output

            of.forward = noted

    def after(module: Any, args: Any, output: Any) -> None:
        if type(module).forward is layer_class(module).forward:
            note(module, args, output)
        active.pop()
        if not active:
            finished.add(id(module))
            kept.append(module)  # so that no other module gets its id

    def note(module: Any, args: Any, output: Any) -> None:
        path = layer_class(module).__module__
        is_own = path.startswith("torch.nn") and not path.endswith("loss")
        is_leaf = is_own and (isinstance(module, opaque) or not list(module.children()))
        if is_leaf and not any(isinstance(outer, opaque) for outer in active[:-1]) and id(active[0]) not in finished:
            first = bool(getattr(module, "batch_first", False))
            axes = pytorch_axes(args, first), pytorch_axes(output, first)
            found.append((place(id(module)), Call(pytorch_kind(module), *axes)))

    hooks = torch.nn.modules.module
    handles = hooks.register_module_forward_pre_hook(before), hooks.register_module_forward_hook(after)
    try:
        yield found
    finally:
        for handle in handles:
            handle.remove()
        for of, forward in forwards.items():
            of.forward = forward


# Keras

KERAS_KINDS = {
    **{"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn", "Dense": "dense", "Embedding": "embedding"},
    **{
        "Flatten": "flatten",
        "Reshape": "reshape",
        "Permute": "reshape",
        "RepeatVector": "repeat",
        "Masking": "masking",
    },
    **{"Activation": "activation", "ReLU": "activation", "LeakyReLU": "activation", "Softmax": "activation"},
    "PReLU": "prelu",
}


def keras_kind(layer: Any) -> str:
    name = type(layer).__name__
    if name in ("Bidirectional", "TimeDistributed"):
        kind = keras_kind(layer.forward_layer if name == "Bidirectional" else layer.layer)
        return {"flatten": "reshape", "conv_lstm": "other"}.get(kind, kind)
    if name == "RNN" or name.endswith("Cell"):
        cell = type(layer.cell if name == "RNN" else layer).__name__
        return KERAS_KINDS.get(cell.removesuffix("Cell"), "other") + "_cell" * (name != "RNN")
    if name.startswith("ConvLSTM"):
        return "conv_lstm"
    for part, kind in (("Dropout", "dropout"), ("Normalization", "normalization"), ("Pooling", "pooling")):
        if part in name:
            return kind
    return KERAS_KINDS.get(name, "convolution" if "Conv" in name else "other")


def keras_axes(value: Any) -> Sizes:
    return tuple(value.shape) if hasattr(value, "shape") else keras_axes(value[0])


MERGES = ("Concatenate", "Add", "Multiply", "Average", "Maximum", "Dot", "Subtract", "Minimum", "InputLayer")


def keras_layers_of(layer: Any, given: Sizes, returned: Sizes) -> list[Call]:
    """The call of a layer; of RNN with several cells, and TimeDistributed with a chain, one for each."""
    inner = getattr(getattr(layer, "layer", None), "layers", None)
    if inner is not None:
        shapes = [given, *((*given[:2], *one.output.shape[1:]) for one in inner)]
        return [Call(keras_kind(one), a, b) for one, a, b in zip(inner, shapes, shapes[1:], strict=False)]
    cells = getattr(getattr(layer, "cell", None), "cells", None)
    if cells is None:
        return [Call(keras_kind(layer), given, returned)]
    found = []
    for n, cell in enumerate(cells):
        after = returned if n == len(cells) - 1 else (*given[:2], cell.units)
        found.append(Call(keras_kind(cell).removesuffix("_cell"), given, after))
        given = after
    return found


def is_built_now() -> bool:
    """Whether Keras calls layers only to build a Sequential."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename != FILE:
        if frame.f_code.co_name == "build" and frame.f_code.co_filename.endswith("sequential.py"):
            return True
        frame = frame.f_back
    return False


@contextmanager
def keras_calls() -> Iterator[list[Any]]:
    """The outermost calls of layers that are no models."""
    import keras

    found: list[Any] = []
    depth = [0]
    original = keras.layers.Layer.__call__

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        is_own = type(layer).__module__.startswith("keras.") and not isinstance(layer, keras.Model)
        is_shown = is_own and not depth[0] and type(layer).__name__ not in MERGES
        depth[0] += is_own
        try:
            output = original(layer, *args, **kwargs)
        finally:
            depth[0] -= is_own
        if is_shown and "src.layers" in type(layer).__module__:
            is_symbolic = isinstance(args[0] if args else None, keras.KerasTensor)
            key = place(id(layer)) if is_symbolic and not is_built_now() else (id(layer),)
            found.extend((key, one) for one in keras_layers_of(layer, keras_axes(args), keras_axes(output)))
        return output

    keras.layers.Layer.__call__ = call
    try:
        yield found
    finally:
        keras.layers.Layer.__call__ = original
    placed = {key[0] for key, _ in found if len(key) > 1}
    found[:] = [(key, one) for key, one in found if len(key) > 1 or key[0] not in placed]


# TensorFlow 1

TF1_CELLS = {"BasicLSTMCell": "lstm", "LSTMCell": "lstm", "GRUCell": "gru", "BasicRNNCell": "rnn"}


def tf1_axes(value: Any) -> Sizes:
    """The static axes of a tensor, or of a list of steps."""
    if isinstance(value, (list, tuple)):
        return (len(value), *tf1_axes(value[0]))
    return tuple(value.shape.as_list())


def leaves(cell: Any) -> list[Any]:
    """The cells in a MultiRNNCell and in wrappers."""
    if hasattr(cell, "_cells"):
        return [leaf for part in cell._cells for leaf in leaves(part)]
    inner = getattr(cell, "cell", None)
    return [cell] if inner is None else leaves(inner)


class TensorFlow1Calls:
    """TensorFlow’s compat.v1 under the names that programs for TensorFlow 1 import, with functions that record."""

    def __init__(self, tf: Any) -> None:
        self.tf, self.found, self.depth = tf, [], 0  # type: ignore[var-annotated]

    def recording(self, function: Any, calls_of: Callable[..., list[Call]], owner: int = 0) -> Any:
        """A function that records its outermost calls. ``owner`` is the id of a cell."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self.depth += 1
            try:
                output = function(*args, **kwargs)
            finally:
                self.depth -= 1
            if not self.depth:
                self.found += [(place(owner), one) for one in calls_of(output, *args, **kwargs)]
            return output

        return call

    def runs(self, output: Any, cell: Any, *args: Any, **kwargs: Any) -> list[Call]:
        """The layers that ran over time: one if all cells are alike."""
        is_both = not (hasattr(args[0], "shape") or isinstance(args[0], list)) if args else "cell_bw" in kwargs
        inputs = kwargs["inputs"] if "inputs" in kwargs else args[1 if is_both else 0]
        outputs = output[0][0] if is_both and isinstance(output[0], tuple) else output[0]
        axes, last = tf1_axes(inputs), tf1_axes(outputs)
        cells = leaves(cell)
        alike = len({(type(one).__name__, str(one.state_size)) for one in cells}) == 1
        found = []
        for n, one in enumerate(cells[:1] if alike else cells):
            after = last if alike or n == len(cells) - 1 else (*last[:2], one.output_size)
            found.append(Call(TF1_CELLS[type(one).__name__], axes, after))
            axes = after
        return found

    @contextmanager
    def patched(self) -> Iterator[None]:
        """TensorFlow’s functions and cells record their calls."""
        tf = self.tf
        changed: list[tuple[Any, str, Any]] = []

        def change(owner: Any, name: str, value: Any) -> None:
            changed.append((owner, name, getattr(owner, name)))
            setattr(owner, name, value)

        for name in ("dynamic_rnn", "static_rnn", "bidirectional_dynamic_rnn", "static_bidirectional_rnn"):
            change(tf.nn, name, self.recording(getattr(tf.nn, name), self.runs))
        for owner, name in ((tf, "matmul"), (tf.nn, "xw_plus_b")):
            change(owner, name, self.recording(getattr(owner, name), self.product))
        change(tf.nn, "embedding_lookup", self.recording(tf.nn.embedding_lookup, self.lookup))
        change(tf.layers, "dense", self.recording(tf.layers.dense, self.dense))
        for owner in (tf.layers, tf.nn):
            change(owner, "dropout", self.recording(owner.dropout, self.dropout))
        for cell in {getattr(tf.nn.rnn_cell, name) for name in TF1_CELLS}:
            change(cell, "__call__", self.recording_cell(cell.__call__))
        try:
            yield
        finally:
            for owner, name, value in reversed(changed):
                setattr(owner, name, value)

    def imported(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """What a program imports: of TensorFlow, the same function or class of compat.v1."""
        nn = self.tf.nn
        rnn = SimpleNamespace(**{n: getattr(nn.rnn_cell, n) for n in dir(nn.rnn_cell)}, static_rnn=nn.static_rnn)
        modules = {
            "tensorflow": self.tf,
            "tensorflow.contrib": SimpleNamespace(rnn=rnn),
            "tensorflow.contrib.rnn": rnn,
            "tensorflow.python.ops": SimpleNamespace(rnn=nn, rnn_cell=nn.rnn_cell),
        }
        return modules[name] if name in modules else __import__(name, *args, **kwargs)

    def recording_cell(self, function: Any) -> Any:
        """A cell’s call that records, unless a function runs it over time."""

        def call(cell: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
            kind = TF1_CELLS[type(cell).__name__]
            record = self.recording(
                lambda x: function(cell, x, *args, **kwargs),
                lambda output, x: [Call(f"{kind}_cell", tf1_axes(x), tf1_axes(output[0]))],
                id(cell),
            )
            return record(inputs)

        return call

    def product(self, output: Any, a: Any, b: Any, *args: Any, **kwargs: Any) -> list[Call]:
        """A product with a variable."""
        return [Call("dense", tf1_axes(a), tf1_axes(output))] if isinstance(b, self.tf.Variable) else []

    def lookup(self, output: Any, params: Any, ids: Any, *args: Any, **kwargs: Any) -> list[Call]:
        return [Call("embedding", tf1_axes(ids), tf1_axes(output))]

    def dense(self, output: Any, inputs: Any, *args: Any, **kwargs: Any) -> list[Call]:
        return [Call("dense", tf1_axes(inputs), tf1_axes(output))]

    def dropout(self, output: Any, inputs: Any, *args: Any, **kwargs: Any) -> list[Call]:
        return [Call("dropout", tf1_axes(inputs), tf1_axes(output))]


def chain_of(framework: str, program: str) -> list[Call]:
    """The calls of layers while a program runs. Frameworks warn about what old programs write."""
    with warnings.catch_warnings(action="ignore"):
        return [call for _, call in _without_repeated(_calls(framework, program))]


def _without_repeated(calls: list[Any]) -> Iterator[Any]:
    """The calls, each once. In a loop over layers, those of the others in it are listed again: a layer was called for
    the first time where another one had been called, in the same function."""
    listed, places = dict[Any, int](), set[Any]()
    begun = dict[Any, tuple[int, Any]]()
    for n, one in enumerate(calls):
        (_, *frames), _ = one
        function = (*(name for name, _ in frames[:1]), *frames[1:])
        if frames and one not in listed and tuple(frames) in places:
            begun[function] = n, frames
        start, of_layers = begun.get(function, (0, frames))
        if one not in listed or (listed[one] < start and frames != of_layers):
            yield one
        listed[one] = n
        places.add(tuple(frames))


def _calls(framework: str, program: str) -> list[Any]:
    names: dict[str, Any] = {"__name__": "__main__"}
    code = compile(program, FILE, "exec")
    if framework == "tf1":
        os.environ["TF_USE_LEGACY_KERAS"] = "1"  # the cells are in the package tf_keras
        import tensorflow.compat.v1 as tf

        tf.disable_v2_behavior()
        tf.reset_default_graph()
        calls = TensorFlow1Calls(tf)
        names["__builtins__"] = {**vars(builtins), "__import__": calls.imported}
        with calls.patched():
            exec(code, names)
        found = calls.found
    else:
        with (pytorch_calls if framework == "pytorch" else keras_calls)() as found:
            exec(code, names)
    return found
