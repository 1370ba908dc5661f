"""The programs of /code, executed in the real frameworks: with our weights they give our numbers.

This is the proof of the whole layer: names, order and layout of the weights, what comes back and in which shape, how
many parameters there are, and what a new model begins with.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from configurations import (
    Configuration,
    configurations,
    executed,
    largest_difference,
    loaded,
    ran,
    returned,
    switched,
    usual_ones,
)
from real import REAL
from seeing import Seen

from app.frameworks.framework import Framework

FLOAT32, FLOAT64 = 1e-6, 1e-12

# What TensorFlow is rid of is what we are here for; PyTorch has something quicker for an LSTM without projection; and
# Keras asks PyTorch for arrays as one did before NumPy 2.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is deprecated and will be removed:UserWarning"),
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN:UserWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]


@pytest.mark.each(of=configurations)
def test_our_weights_give_our_numbers(configuration: Configuration, tmp_path: Path, seen: Seen) -> None:
    model, real = configuration.model, REAL[configuration.framework.id]
    real.forget()
    ours = ran(configuration)

    names = loaded(configuration, ours, tmp_path)

    difference = largest_difference(configuration, ours, returned(configuration, names))
    assert difference <= FLOAT32
    # The program itself compares the names and shapes of all weights, one by one.
    assert real.parameters(names) == model.parameter_count
    weights, outputs = len(model.weights), len(model.outputs)
    seen.add(configuration, runs=1, weights=weights, shapes=weights + outputs, float32=difference)


def wide(framework: Framework) -> Iterator[Configuration]:
    """Without switches, which do not touch the arithmetic."""
    if REAL[framework.id].has_float64:
        yield from usual_ones(framework)


@pytest.mark.each(of=wide)
def test_in_float64_it_is_the_same(configuration: Configuration, tmp_path: Path, seen: Seen) -> None:
    model, real = configuration.model, REAL[configuration.framework.id]
    real.forget()
    ours = ran(configuration, np.float64)

    with real.in_float64():
        names = loaded(configuration, ours, tmp_path, real.widened(model.code()))

    difference = largest_difference(configuration, ours, returned(configuration, names))
    assert difference <= FLOAT64
    seen.add(configuration, float64=difference)


@pytest.mark.each(of=switched)
def test_a_program_runs_as_it_stands(configuration: Configuration, seen: Seen) -> None:
    """With random weights, and with the biases of a new model as we say that they are."""
    model, real = configuration.model, REAL[configuration.framework.id]
    real.forget()

    names = executed(model.code())

    if new := real.new(names):
        biases = [p for p in model.layout.parameters if {*p.parts} <= {"b", "b_h"}]
        for parameter, place in ((p, place) for p in biases for place in model.stack.places):
            name = model.full_name(parameter.name, place)
            for (_, gate), bias in parameter.unpack(new[name], {}).items():
                expected = model.new_bias(gate)
                assert expected
                if expected.stored is None:
                    assert 0 < abs(bias).max() <= model.stack.num_units**-0.5, f"{name}, gate {gate}"
                else:
                    assert (bias == expected.stored).all(), f"{name}, gate {gate}"
    seen.add(configuration, programs=1)
