"""The programs of /code, executed in the real frameworks: with our weights they give our numbers.

They prove the whole layer: names, order and layout of the weights, outputs and their shapes, where the last states are
in them, the number of parameters, and the biases of a new model.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from configurations import (
    Configuration,
    as_array,
    configurations,
    execute,
    execute_with_weights,
    largest_difference,
    outputs_of,
    run_ours,
    with_all_switches,
    with_default_switches,
)
from real import REAL
from recording import Recorder

from app.frameworks.framework_types import Framework
from app.frameworks.last_states import last_states

FLOAT32, FLOAT64 = 1e-6, 1e-12

# TensorFlow 1's cells are deprecated; PyTorch has a faster kernel for an LSTM without projection; Keras asks PyTorch
# for arrays as before NumPy 2.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is deprecated and will be removed:UserWarning"),
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN:UserWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]


@pytest.mark.each(of=configurations)
def test_our_weights_give_our_numbers(configuration: Configuration, tmp_path: Path, recorder: Recorder) -> None:
    model, real = configuration.model, REAL[configuration.framework.id]
    real.reset()
    ours = run_ours(configuration)

    names = execute_with_weights(configuration, ours, tmp_path)

    difference = largest_difference(configuration, ours, outputs_of(configuration, names))
    assert difference <= FLOAT32
    for place in configuration.stack.places:
        for expression in last_states(model, place):
            theirs = as_array(eval(expression, names))
            np.testing.assert_allclose(theirs, ours.trace.last("h", place), rtol=0, atol=FLOAT32, err_msg=expression)
    # The program itself compares the names and shapes of all weights, one by one.
    assert real.parameters(names) == model.parameter_count
    weights, outputs = len(model.weights), len(model.outputs)
    recorder.add(configuration, runs=1, weights=weights, shapes=weights + outputs, float32=difference)


def in_float64(framework: Framework) -> Iterator[Configuration]:
    """The defaults of switches, which do not affect the arithmetic."""
    if REAL[framework.id].has_float64:
        yield from with_default_switches(framework)


@pytest.mark.each(of=in_float64)
def test_our_numbers_in_float64(configuration: Configuration, tmp_path: Path, recorder: Recorder) -> None:
    model, real = configuration.model, REAL[configuration.framework.id]
    real.reset()
    ours = run_ours(configuration, np.float64)

    with real.in_float64():
        names = execute_with_weights(configuration, ours, tmp_path, real.with_float64(model.code()))

    difference = largest_difference(configuration, ours, outputs_of(configuration, names))
    assert difference <= FLOAT64
    recorder.add(configuration, float64=difference)


@pytest.mark.each(of=with_all_switches)
def test_a_program_runs_unchanged(configuration: Configuration, recorder: Recorder) -> None:
    """With random weights; the biases of a new model are those that we state."""
    model, real = configuration.model, REAL[configuration.framework.id]
    real.reset()

    names = execute(model.code())

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
    recorder.add(configuration, programs=1)
