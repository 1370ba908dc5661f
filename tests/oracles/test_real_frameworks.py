"""The generated programs, run in the real frameworks with our weights, give our numbers in the shapes that we say.

This is the proof of the whole layer: names, order and layout of the weights, what comes back and in which shape, and
that the program of /code runs. What was seen goes into app/frameworks/seen.json with ``--record``.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from configurations import Configuration, configurations, largest_difference, ran, returned

from app.frameworks import FRAMEWORKS

FLOAT32, FLOAT64 = 1e-6, 1e-12

WIDE = ("pytorch", "keras", "tf1", "flax")
"""Those that compute in float64 where they are asked to; ONNX Runtime's operators are float32."""


@pytest.mark.parametrize("id", FRAMEWORKS)
def test_the_real_framework_gives_our_numbers(id: str, tmp_path: Path, seen: dict[str, dict[str, float]]) -> None:
    for configuration in configurations(FRAMEWORKS[id]):
        fresh()
        ours = ran(configuration)
        difference = largest_difference(configuration, ours, returned(configuration, ours, tmp_path))
        assert difference <= FLOAT32, str(configuration)
        cell = configuration.stack.program().cell.title
        seen[id][cell] = max(seen[id].get(cell, 0.0), difference)


@pytest.mark.parametrize("id", WIDE)
def test_in_float64_the_difference_is_rounding_alone(id: str, tmp_path: Path) -> None:
    with in_float64(id):
        for configuration in usual_ones(id):
            fresh()
            ours = ran(configuration, np.float64)
            program = configuration.framework.code(configuration.stack, configuration.settings)
            if id == "flax":  # its cells take their type from an argument
                program = re.sub(r"Cell\((\d+)\)", r"Cell(\1, param_dtype=jax.numpy.float64)", program)
            theirs = returned(configuration, ours, tmp_path, program)
            assert largest_difference(configuration, ours, theirs) <= FLOAT64, str(configuration)


def usual_ones(id: str) -> Iterator[Configuration]:
    """One combination of switches for each stack: they do not touch the arithmetic."""
    done = set()
    for configuration in configurations(FRAMEWORKS[id]):
        # Keras' own operations make float32 of float64; its other cells go to kernels of PyTorch's.
        if configuration.stack not in done and (id, configuration.stack.cell) not in (
            ("keras", "gru"),
            ("keras", "rnn"),
        ):
            done.add(configuration.stack)
            yield configuration


def fresh() -> None:
    """TensorFlow 1 keeps the variables of the program before."""
    if "tensorflow" in sys.modules:
        import tensorflow.compat.v1 as tf

        tf.reset_default_graph()


@contextmanager
def in_float64(id: str) -> Iterator[None]:
    """What a framework wants to hear before it computes in float64; TensorFlow 1 follows its input."""
    match id:
        case "pytorch":
            import torch

            torch.set_default_dtype(torch.float64)
            yield
            torch.set_default_dtype(torch.float32)
        case "keras":
            import keras

            keras.config.set_floatx("float64")
            keras.config.set_dtype_policy("float64")
            yield
            keras.config.set_floatx("float32")
            keras.config.set_dtype_policy("float32")
        case "flax":
            import jax

            with jax.enable_x64(True):
                yield
        case _:
            yield
