"""What is differentiated: a sum over the output of a stack. One record says everything about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..translations.phrases import phrase
from .ops import Array
from .stack import Place, Stack, ends
from .trace import StackTrace

Outputs = Mapping[str, Array]
"""Direction -> its output at one step, batch_size × num_units."""

LAST_OUTPUT_SUM = phrase("the sum of the output at the last step")
BOTH_OUTPUTS_SUM = phrase("the sum of the output of both directions at the last step")


def gradient_of_sum(outputs: Outputs) -> Outputs:
    """The gradient of the sum over the outputs of all directions: 1 for each number."""
    return {direction: np.ones_like(output) for direction, output in outputs.items()}


@dataclass(frozen=True)
class Objective:
    """A sum over the last entry of the output of the top layer.

    ``name`` describes it. ``steps`` has the places of the top layer, each with the step of time that the last entry of
    its output belongs to. ``gradient`` is that of the sum with respect to the last outputs of the directions, which may
    be added, multiplied or put side by side. ``note`` is what else one has to know about it.
    """

    name: str
    steps: Mapping[Place, int]
    gradient: Callable[[Outputs], Outputs] = gradient_of_sum
    note: str = ""

    def output_gradient(self, trace: StackTrace) -> Array:
        """The gradient of the sum with respect to the output of the top layer, with both directions side by side:
        batch_size × time_step × ..."""
        top, directions = trace.stack.num_layers - 1, trace.stack.directions
        of_step = self.gradient({direction: trace.output(top, direction)[:, -1] for direction in directions})
        gradient = np.zeros_like(trace.layer_output(top))
        gradient[:, -1] = np.concatenate([of_step[direction] for direction in directions], axis=-1)
        return gradient


def last_output(stack: Stack, go_backwards: bool = False) -> Objective:
    """The sum of the last output. Two directions are added, whether side by side or apart.

    The output of the backward direction is reversed, so its last entry belongs to the step that the cell took first.
    """
    steps = {}
    for direction in stack.directions:
        place = stack.num_layers - 1, direction
        first, last = ends(place, stack.time_step, go_backwards)
        steps[place] = first if direction == "backward" else last
    return Objective(BOTH_OUTPUTS_SUM if stack.bidirectional else LAST_OUTPUT_SUM, steps)
