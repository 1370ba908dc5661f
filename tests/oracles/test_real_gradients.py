"""Gradients against the frameworks' automatic differentiation: their models, with our weights, differentiate the sum of
their output at its last step with respect to the input and to every array of weights.

PyTorch's autograd and TensorFlow's GradientTape; every cell, direction, merge mode and layer.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from configurations import SIZES, Configuration, Sizes, execute_with_weights, run_ours, stacks
from real import REAL, Real

from app.core.gradients import objective_gradients
from app.core.ops import Array
from app.core.stack import Stack
from app.frameworks.framework_types import Framework, Settings
from app.frameworks.stored_weights import blocks_of
from app.frameworks.weight_layout import Blocks, heights

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is deprecated and will be removed:UserWarning"),
    pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN:UserWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]


def differentiated(framework: Framework) -> Iterator[Configuration]:
    """Every stack of up to two layers, with each value of each switch that rearranges the output; in other sizes two
    layers in both directions, in one precision."""
    if type(REAL[framework.id]).gradients is Real.gradients:
        return
    first = [
        (stack, settings) for stack in stacks() if stack.num_layers < 3 for settings in settings_of(framework, stack)
    ]
    others = [stack for sizes in SIZES[1:] for stack in stacks(sizes) if stack.num_layers == 2 and stack.bidirectional]
    for stack, settings in (*first, *((stack, with_every_step(framework)) for stack in others)):
        if (configuration := Configuration(framework, stack, settings)).is_supported:
            yield configuration


def settings_of(framework: Framework, stack: Stack) -> Iterator[Settings]:
    ordinary = with_every_step(framework)
    yield ordinary
    for switch in framework.switches:
        if switch.name in ("batch_first", "time_major", "go_backwards", "merge_mode") and switch.applies_to(stack):
            yield from ({**ordinary, switch.name: choice} for choice in switch.choices if choice != switch.default)


def with_every_step(framework: Framework) -> Settings:
    return {name: value or name == "return_sequences" for name, value in framework.defaults.items()}


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.each(of=differentiated)
def test_automatic_differentiation_gives_the_same(configuration: Configuration, dtype: str, tmp_path: Path) -> None:
    model, real = configuration.model, REAL[configuration.framework.id]
    stack = model.stack
    if dtype == "float64" and not real.has_float64:
        pytest.skip("its products are float32")
    if dtype == "float32" and real.has_float64 and sizes(stack) != SIZES[0]:
        pytest.skip("float64 is stricter, and the first sizes have both")
    real.reset()
    ours = run_ours(configuration, dtype)
    program = real.differentiable(model.code())
    wide = dtype == "float64"
    with real.in_float64() if wide else nullcontext():
        names = execute_with_weights(configuration, ours, tmp_path, real.with_float64(program) if wide else program)
        read, weights = real.gradients(names, lambda output: output[-1] if time_major(configuration) else output[:, -1])

    found = objective_gradients(ours.trace, model.objective)
    for direction in stack.directions:
        reversed_ = ours.trace.input_is_reversed(direction)
        of_X = found[0, direction].input[:, :: -1 if reversed_ else 1]
        close(of_X, read.swapaxes(0, 1) if time_major(configuration) else read, dtype, f"X of {direction}")
    mine = blocks_of(stack, {place: gradients.weights for place, gradients in found.items()})
    for place, parameter in ((place, parameter) for place in stack.places for parameter in model.layout.parameters):
        name = model.full_name(parameter.name, place)
        for block, theirs in parameter.unpack(weights[name], heights(stack, place)).items():
            close(block_of(mine[place], *block), theirs, dtype, f"{name}, {block}")


def sizes(stack: Stack) -> Sizes:
    return stack.batch_size, stack.time_step, stack.features, stack.num_units


def time_major(configuration: Configuration) -> bool:
    """Whether time_step is the first axis of the output."""
    settings = configuration.settings
    return bool(settings.get("time_major", not settings.get("batch_first", True)))


def block_of(blocks: Blocks, part: str, gate: str) -> Array:
    """Our block; where we have one bias and the framework two, both have its gradient."""
    return blocks[part, gate] if (part, gate) in blocks else blocks["b", gate]


def close(ours: Array, theirs: Array, dtype: str, what: str) -> None:
    """Relative to the largest number, since gradients are sums over many rows and steps."""
    largest = max(1.0, float(abs(theirs).max()))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[dtype] * largest, err_msg=what)
