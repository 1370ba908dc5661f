"""The real frameworks: what a test has to know of each to run its programs and to look into its models."""

import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from math import prod
from typing import Any, ClassVar

import numpy as np

from app.core.ops import Array

Names = Mapping[str, Any]
"""What a program leaves behind."""

Slopes = tuple[Array, dict[str, Array]]
"""The gradients of the input and of every array of weights, by name."""


Last = Callable[[Any], Any]
"""Of an output with every step the last one."""


class Real(ABC):
    """One framework. Nothing of it is imported before it is asked for: each environment has some of them only."""

    packages: ClassVar[tuple[str, ...]]
    """Those whose versions count."""
    has_float64: ClassVar[bool] = True
    """Whether it computes in it, and not only takes it."""

    @abstractmethod
    def parameters(self, names: Names) -> int:
        """How many numbers a program's model has, by the framework's own count."""

    def new(self, names: Names) -> dict[str, Array]:
        """What a program's new model holds, by name; nothing where it is we who make its weights."""
        return {}

    def forget(self) -> None:  # noqa: B027
        """Leave nothing of the program before, whose names would count; most keep nothing."""

    def differentiable(self, program: str) -> str:
        """A program, changed so that what it leaves behind can be differentiated."""
        return program

    def slopes(self, names: Names, last: Last) -> Slopes:
        """By the framework's automatic differentiation, of the sum of the output at its last step."""
        raise NotImplementedError

    def in_float64(self) -> AbstractContextManager[None]:
        """Make models of float64; nothing to be done where they follow their input."""
        return nullcontext()

    def widened(self, program: str) -> str:
        """A program, with what it has to say itself for float64."""
        return program


class NumPy(Real):
    packages = ("numpy",)

    def parameters(self, names: Names) -> int:
        return sum(array.size for array in names["weights"].values())


SESSION = "with tf.Session() as session:"


class TensorFlow1(Real):
    packages = ("tensorflow", "tf_keras")

    def parameters(self, names: Names) -> int:
        return sum(variable.shape.num_elements() for variable in names["tf"].trainable_variables())

    def new(self, names: Names) -> dict[str, Array]:
        tf = names["tf"]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            arrays: dict[str, Array] = session.run(names["variables"])
        return arrays

    def differentiable(self, program: str) -> str:
        """The session stays open, and the outputs keep the names of their tensors."""
        assert SESSION in program
        return program.replace(SESSION, "session, made = tf.Session(), outputs\nsession.__enter__()\nif True:")

    def slopes(self, names: Names, last: Last) -> Slopes:
        tf, made, variables = names["tf"], names["made"], names["variables"]
        total = sum(tf.reduce_sum(last(output)) for output in (made if isinstance(made, tuple) else (made,)))
        wanted = tf.gradients(total, [names["given"], *variables.values()])
        of_input, *of_weights = names["session"].run(wanted, {names["given"]: names["inputs"]})
        names["session"].__exit__(None, None, None)
        return of_input, dict(zip(variables, of_weights, strict=True))

    def forget(self) -> None:
        # The program is to import it: it has something to say before.
        if "tensorflow" in sys.modules:
            import tensorflow.compat.v1 as tf

            tf.reset_default_graph()


BACKEND = os.environ.setdefault("KERAS_BACKEND", "torch")
"""What Keras computes with. It reads this when it is imported."""


class Keras(Real):
    packages = ("keras", BACKEND)
    # On any other backend result_type, in keras/src/backend/common/dtypes.py, makes products float32.
    has_float64 = BACKEND == "tensorflow"

    def parameters(self, names: Names) -> int:
        return int(names["model"].count_params())

    def new(self, names: Names) -> dict[str, Array]:
        return {weight.path: names["keras"].ops.convert_to_numpy(weight) for weight in names["model"].weights}

    def slopes(self, names: Names, last: Last) -> Slopes:
        model, inputs = names["model"], names["inputs"]
        weights = {weight.path: weight.value for weight in model.weights}
        if BACKEND == "torch":
            import torch

            read = torch.tensor(inputs, requires_grad=True)
            _total(model(read), last).backward()
            return _grads(read, weights)
        import tensorflow as tf

        read = tf.Variable(inputs)
        with tf.GradientTape() as tape:
            total = _total(model(read), last)
        of_input, *of_weights = tape.gradient(total, [read, *weights.values()])
        return np.asarray(of_input), dict(zip(weights, map(np.asarray, of_weights), strict=True))

    def forget(self) -> None:
        import keras

        keras.backend.clear_session()

    @contextmanager
    def in_float64(self) -> Iterator[None]:
        import keras

        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        try:
            yield
        finally:
            keras.config.set_floatx("float32")
            keras.config.set_dtype_policy("float32")


def _total(outputs: Any, last: Last) -> Any:
    """The sum of one output, or of both, at the last step."""
    from keras import ops

    return sum(ops.sum(last(output)) for output in (outputs if isinstance(outputs, list | tuple) else (outputs,)))


def _grads(read: Any, weights: Mapping[str, Any]) -> Slopes:
    """What PyTorch left in its tensors."""
    return read.grad.numpy(), {name: weight.grad.numpy() for name, weight in weights.items()}


class PyTorch(Real):
    packages = ("torch",)

    def parameters(self, names: Names) -> int:
        return sum(parameter.numel() for parameter in self._module(names).parameters())

    def new(self, names: Names) -> dict[str, Array]:
        return {name: tensor.numpy() for name, tensor in self._module(names).state_dict().items()}

    def slopes(self, names: Names, last: Last) -> Slopes:
        module, read = self._module(names), names["input"].clone().requires_grad_()
        output, _ = module(read)
        last(output).sum().backward()
        return _grads(read, dict(module.named_parameters()))

    def _module(self, names: Names) -> Any:
        (module,) = (value for value in names.values() if isinstance(value, names["torch"].nn.Module))
        return module

    @contextmanager
    def in_float64(self) -> Iterator[None]:
        import torch

        torch.set_default_dtype(torch.float64)
        try:
            yield
        finally:
            torch.set_default_dtype(torch.float32)


class Onnx(Real):
    packages = ("onnx", "onnxruntime")
    # tests/frameworks has what ONNX Runtime says of it.
    has_float64 = False

    def parameters(self, names: Names) -> int:
        """Initializers, but for the shape of a Reshape."""
        return sum(prod(array.dims) for array in names["model"].graph.initializer if array.name != "wide")


class Flax(Real):
    packages = ("flax", "jax")

    def parameters(self, names: Names) -> int:
        return sum(array.size for array in names["jax"].tree.leaves(names["params"]))

    def new(self, names: Names) -> dict[str, Array]:
        return {name: np.asarray(array) for name, array in names["flatten_dict"](names["params"], sep="/").items()}

    @contextmanager
    def in_float64(self) -> Iterator[None]:
        import jax

        with jax.enable_x64(True):
            yield

    def widened(self, program: str) -> str:
        """A cell takes its type from an argument."""
        return re.sub(r"Cell\((\d+)\)", r"Cell(\1, param_dtype=jax.numpy.float64)", program)


REAL: dict[str, Real] = {
    "colah": NumPy(),
    "tf1": TensorFlow1(),
    "keras": Keras(),
    "pytorch": PyTorch(),
    "onnx": Onnx(),
    "flax": Flax(),
}
"""By the names of FRAMEWORKS."""
