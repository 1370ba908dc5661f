"""A training: everything that its result depends on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..core.ops import Array
from ..core.stack import Place, Stack
from .tasks import TASKS, Task


@dataclass(frozen=True)
class Training:
    """What is trained, on what, and how. ``stack`` has the batch_size, time_step and features of the task. ``text`` is
    the text to learn, if the task is text. ``examples`` is how many are trained on; all that there are if there are
    fewer."""

    stack: Stack
    task: str
    epochs: int
    learning_rate: float
    examples: int
    seed: int
    text: str = ""

    @cached_property
    def of(self) -> Task:
        return TASKS[self.task]

    @property
    def outputs(self) -> int:
        """How many numbers the dense layer computes: one for each class, or one value."""
        return len(self.of.labels(self.text)) or 1

    def parameters(self) -> int:
        """The number of learned parameters, of the stack and of the dense layer."""
        raise NotImplementedError

    def work(self) -> int:
        """How much there is to compute, in FLOPs; a small operation counts as many as fit into its time."""
        raise NotImplementedError


class Epoch(NamedTuple):
    """One epoch, counted from 1: the mean loss of its batches, and how well the network does after it on the examples
    that it was trained on, and on those of the test: shares of right answers, or mean squared errors."""

    epoch: int
    loss: float
    train: float
    test: float


Dense = tuple[Array, Array]
"""The weights of the dense layer, width of the output × outputs, and its biases."""

Norms = Mapping[Place, Mapping[str, float]]
"""The norm of the gradient of each weight, the mean of the batches of an epoch, before it is clipped."""


@dataclass(frozen=True, eq=False)
class Trained:
    """The result of a training. ``weights`` are in the form of ``stack_weights``, so that ``run_stack`` runs the
    trained network. ``first_norms`` and ``last_norms`` are those of the first and the last epoch."""

    training: Training
    epochs: tuple[Epoch, ...]
    seconds: float
    weights: Mapping[Place, Mapping[str, Array]]
    dense: Dense
    first_norms: Norms
    last_norms: Norms
