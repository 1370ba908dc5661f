"""What a network says, after its training or during it."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..core.ops import Array
from ..core.run import run_stack
from ..core.trace import StackTrace
from .characters import characters
from .network import flat
from .tasks import CHARACTERS, alphabet
from .training_and_result import Snapshot, Trained

CONTINUED = 40
"""The number of characters that a network of texts writes on."""


class Said(NamedTuple):
    """A character that a network wrote, and the probability of each character of the alphabet before it was drawn."""

    character: str
    probabilities: Array


def beliefs(network: Snapshot, X: Array) -> Array:
    """What the network believes after each step of one example, X as in the data of its task: the dense layer applied
    to every output, time_step × outputs. They are probabilities of the classes, or values.

    If only the last output counts, each direction has read as many steps of its own; so the last row is the answer.
    """
    trace = _run(network, X[None])
    (outputs,) = _outputs(trace, in_own_order=not network.training.of.reads_every_output)
    return _said(network, outputs)


def states(network: Snapshot, X: Array) -> dict[tuple[str, str], Array]:
    """The output and the states of the last layer after each step of one example, by direction and name: time_step ×
    the numbers of each. Each direction has its steps in the order of time."""
    trace = _run(network, X[None])
    found = {}
    for (layer, direction), cell in trace.traces.items():
        if layer == trace.stack.num_layers - 1:
            of = cell.program.cell
            for name in dict.fromkeys((of.output, *of.states)):
                steps = cell.stack(name)[:, 0].reshape(X.shape[0], -1)
                found[direction, name] = steps[::-1] if direction == "backward" else steps
    return found


def predictions(trained: Trained) -> Array:
    """For each example of the test, or each of its steps, the number of the class that the network finds likeliest; or
    the values that it says."""
    task, data = trained.training.of, trained.training.data
    outputs = _outputs(_run(trained, data.test_X), in_own_order=not task.reads_every_output)
    said = _said(trained, outputs if task.reads_every_output else outputs[:, -1])
    return said[..., 0] if task.measure.is_error else said.argmax(axis=-1)


def continuation(trained: Trained, start: str, n: int, seed: int) -> tuple[Said, ...]:
    """The next n characters, each drawn from the probabilities that the network gives after the characters before, of
    which it reads as many as in an example. It leaves out those of the start that it has not learned; if none are left,
    it starts with the first one of its text."""
    text = trained.training.text
    letters = alphabet(text)
    read = [letters.index(c) for c in characters(start) if c in letters]
    read = read or [letters.index(characters(text)[0])]
    stream = np.random.PCG64(np.random.SeedSequence([seed, *b"continuation"]))
    said = []
    for number in stream.random_raw(n):
        window = np.array(read[-CHARACTERS:])
        probabilities = beliefs(trained, window)[-1]
        limits = np.cumsum(probabilities, dtype=np.float64)
        drawn = np.searchsorted(limits, float(number) / 2**64 * limits[-1], side="right")
        read.append(min(int(drawn), len(letters) - 1))
        said.append(Said(letters[read[-1]], probabilities))
    return tuple(said)


def _run(network: Snapshot, X: Array) -> StackTrace:
    training, dtype = network.training, network.dense[0].dtype
    stack = replace(training.stack, batch_size=len(X), time_step=X.shape[1])
    return run_stack(stack, network.weights, training.data.read(X, dtype))


def _outputs(trace: StackTrace, in_own_order: bool) -> Array:
    """The output of all directions, batch_size × time_step × width: the steps in the order of time, or each direction
    in the order in which it computes them."""
    top, directions = trace.stack.num_layers - 1, trace.stack.directions
    outputs = (trace.traces[top, d].array("Y") if in_own_order else trace.output(top, d) for d in directions)
    return np.concatenate([flat(Y) for Y in outputs], axis=-1)


def _said(network: Snapshot, outputs: Array) -> Array:
    """The dense layer applied to outputs, whose last axis is their width; probabilities if there are classes."""
    kernel, bias = network.dense
    numbers = np.asarray(outputs @ kernel + bias)
    if network.training.of.measure.is_error:
        return numbers
    numbers -= numbers.max(axis=-1, keepdims=True)
    np.exp(numbers, numbers)
    numbers /= numbers.sum(axis=-1, keepdims=True)
    return numbers
