"""What a network can be trained for: what it reads, and what it should say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..core.axes import Sizes
from ..core.ops import Array


class Data(NamedTuple):
    """Examples to train on, and others for the test. ``X`` is examples × time_step × features.

    ``targets`` are the numbers of classes, one for each example, or for each example and step; or, of a task that is
    measured by its error, the right values, examples × time_step × 1.
    """

    X: Array
    targets: Array
    test_X: Array
    test_targets: Array


@dataclass(frozen=True)
class Task:
    """A task. The functions take the text, which only one of the tasks reads.

    ``reads_every_output`` is whether the dense layer reads every output, or only the last one: of two directions the
    last of each, side by side. ``is_error`` is whether the result is measured by the mean squared error, and not by the
    share of right answers. ``sizes`` are those that the task fixes: batch_size, time_step and features. ``labels`` are
    the names of the classes; none if the dense layer has one output, a value. ``data`` are all examples.
    """

    reads_every_output: bool
    is_error: bool
    sizes: Callable[[str], Sizes]
    labels: Callable[[str], tuple[str, ...]]
    data: Callable[[str], Data]


BATCH_SIZE = 64
"""How many examples one step of the training reads; the last batch of an epoch may be smaller."""

TASKS: dict[str, Task] = {}
