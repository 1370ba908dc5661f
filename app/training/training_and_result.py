"""A training: everything that its result depends on."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from ..core.axes import shape
from ..core.compiled.backward_plan import differentiates
from ..core.ops import Array
from ..core.stack import Place, Stack
from .default_schedule import Schedule
from .tasks import BATCH_SIZE, TASKS, Data, Task


@dataclass(frozen=True)
class Training:
    """What is trained, on what, and how. ``stack`` has the batch_size, time_step and features of the task. ``text`` is
    the text to learn, if the task is text. If there are fewer examples than in the ``schedule``, all are trained on."""

    stack: Stack
    task: str
    schedule: Schedule
    seed: int
    text: str = ""

    @property
    def of(self) -> Task:
        return TASKS[self.task]

    @property
    def data(self) -> Data:
        """The examples that are trained on, and those of the test."""
        data, examples = self.of.data(self.text), self.schedule.examples
        return data._replace(X=data.X[:examples], targets=data.targets[:examples])

    @property
    def width(self) -> int:
        return width_of(self.stack)

    @property
    def outputs(self) -> int:
        """How many numbers the dense layer computes: one for each class, or one value."""
        return len(self.of.labels(self.text)) or 1

    def parameters(self) -> int:
        """The number of learned parameters, of the stack and of the dense layer."""
        return self.stack.parameters() + (self.width + 1) * self.outputs

    def work(self) -> int:
        """How much there is to compute, in FLOPs. An operation on small arrays counts as many as fit into its time, so
        that a core computes about 30 GFLOP per second."""
        return self.schedule.epochs * (self._batches * self._of_batch(3, TRAINED) + self._runs * self._of_batch(1, RUN))

    def _of_batch(self, times: int, operation: int) -> int:
        stack = self.stack
        programs = [stack.program(layer) for layer, _ in stack.places]
        operations = sum(len(p.step) * (1 if differentiates(p) else PLAIN) for p in programs)
        return times * stack.flops() + operation * operations * stack.time_step

    @property
    def _batches(self) -> int:
        return -(-len(self.data.X) // BATCH_SIZE)

    @property
    def _runs(self) -> int:
        """How many batches an epoch runs to be measured."""
        return self._batches + -(-len(self.data.test_X) // BATCH_SIZE)


TRAINED, RUN, PLAIN = 150_000, 40_000, 12
"""FLOPs in the time of an operation of a step, of a training and of a run, and how many times that is if it is not
compiled."""


def width_of(stack: Stack) -> int:
    """How many numbers of a sample and step the dense layer reads: the output of all directions. An output that is a
    matrix is read as one long vector."""
    _, *axes = stack.program().by_id[stack.cell.output].axes
    return len(stack.directions) * prod(shape(tuple(axes), stack.sizes))


class Epoch(NamedTuple):
    """One epoch, counted from 1: the mean loss of its examples, and how well the network does after it on the examples
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
class Snapshot:
    """A network at some time of its training. ``weights`` are in the form of ``stack_weights``, so that ``run_stack``
    runs it."""

    training: Training
    weights: Mapping[Place, Mapping[str, Array]]
    dense: Dense


@dataclass(frozen=True, eq=False)
class Trained(Snapshot):
    """The result of a training. ``first_norms`` and ``last_norms`` are those of the first and the last epoch."""

    epochs: tuple[Epoch, ...]
    seconds: float
    first_norms: Norms
    last_norms: Norms
