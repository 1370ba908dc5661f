"""The real frameworks: what tests need to know about each to run its programs and inspect its models."""

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
"""The names of a program, with their values."""

GradientArrays = tuple[Array, dict[str, Array]]
"""The gradients of the input and of every array of weights, by name."""


Last = Callable[[Any], Any]
"""Takes the last step of an output with every step."""


class Real(ABC):
    """One framework. It is imported only when it is used: each environment has only some of them."""

    packages: ClassVar[tuple[str, ...]]
    """The packages whose versions are recorded."""
    has_float64: ClassVar[bool] = True
    """Whether it computes in float64, not only accepts it."""

    @abstractmethod
    def parameters(self, names: Names) -> int:
        """How many numbers the model of a program has, as the framework counts them."""

    def new(self, names: Names) -> dict[str, Array]:
        """The weights of a program's new model by name; empty where we make them."""
        return {}

    def reset(self) -> None:  # noqa: B027
        """Forget the names of the program before; most frameworks keep none."""

    def differentiable(self, program: str) -> str:
        """A program, changed so that its outputs can be differentiated."""
        return program

    def gradients(self, names: Names, last: Last) -> GradientArrays:
        """The gradients of the sum of the output at its last step, by automatic differentiation."""
        raise NotImplementedError

    def in_float64(self) -> AbstractContextManager[None]:
        """A context in which models are float64; nothing to do where they follow their input."""
        return nullcontext()

    def with_float64(self, program: str) -> str:
        """A program, changed where its own text decides about float64."""
        return program


class NumPy(Real):
    packages = ("numpy",)

    def parameters(self, names: Names) -> int:
        return sum(array.size for array in names["weights"].values())


SESSION = "session = tf.Session()"


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
        """The session is entered, and the tensors of the outputs have names."""
        assert SESSION in program
        return program.replace(SESSION, "session, made = tf.Session(), outputs\nsession.__enter__()")

    def gradients(self, names: Names, last: Last) -> GradientArrays:
        tf, made, variables = names["tf"], names["made"], names["variables"]
        total = sum(tf.reduce_sum(last(output)) for output in (made if isinstance(made, tuple) else (made,)))
        wanted = tf.gradients(total, [names["given"], *variables.values()])
        of_input, *of_weights = names["session"].run(wanted, {names["given"]: names["inputs"]})
        names["session"].__exit__(None, None, None)
        return of_input, dict(zip(variables, of_weights, strict=True))

    def reset(self) -> None:
        # The program itself imports TensorFlow, after it has set an environment variable.
        if "tensorflow" in sys.modules:
            import tensorflow.compat.v1 as tf

            tf.reset_default_graph()


BACKEND = os.environ.setdefault("KERAS_BACKEND", "torch")
"""The backend of Keras, which reads this variable when it is imported."""


class Keras(Real):
    packages = ("keras", BACKEND)
    # On any other backend result_type, in keras/src/backend/common/dtypes.py, makes products float32.
    has_float64 = BACKEND == "tensorflow"

    def parameters(self, names: Names) -> int:
        return int(names["model"].count_params())

    def new(self, names: Names) -> dict[str, Array]:
        return {weight.path: names["keras"].ops.convert_to_numpy(weight) for weight in names["model"].weights}

    def gradients(self, names: Names, last: Last) -> GradientArrays:
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

    def reset(self) -> None:
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


def _grads(read: Any, weights: Mapping[str, Any]) -> GradientArrays:
    """The gradients that PyTorch keeps in its tensors."""
    return read.grad.numpy(), {name: weight.grad.numpy() for name, weight in weights.items()}


class PyTorch(Real):
    packages = ("torch",)

    def parameters(self, names: Names) -> int:
        return sum(parameter.numel() for parameter in self._module(names).parameters())

    def new(self, names: Names) -> dict[str, Array]:
        return {name: tensor.numpy() for name, tensor in self._module(names).state_dict().items()}

    def gradients(self, names: Names, last: Last) -> GradientArrays:
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
    # tests/frameworks tests that ONNX Runtime does not support it.
    has_float64 = False

    def parameters(self, names: Names) -> int:
        """Initializers, except the shape of a Reshape."""
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

    def with_float64(self, program: str) -> str:
        """A cell takes its dtype from an argument."""
        return re.sub(r"Cell\((\d+)\)", r"Cell(\1, param_dtype=jax.numpy.float64)", program)


REAL: dict[str, Real] = {
    "colah": NumPy(),
    "tf1": TensorFlow1(),
    "keras": Keras(),
    "pytorch": PyTorch(),
    "onnx": Onnx(),
    "flax": Flax(),
}
"""By the ids of FRAMEWORKS."""
