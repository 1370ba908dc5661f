"""Where a framework returns the last output of a direction, which is often all that is used."""

from typing import NamedTuple

from ..translations.phrases import phrase
from .last_states import output_parts, state_entries
from .stack_in_framework import Model

IN_THE_OUTPUT = phrase("last output, often all that is used:")
IS_THE_OUTPUT = phrase("last output, what return_sequences=False returns:")


class LastOutput(NamedTuple):
    """The expression that reads the last output from what the framework returns, and ``words`` that introduce it."""

    words: str
    code: str


def last_output(model: Model, direction: str = "forward") -> LastOutput | None:
    """The last output of a direction of the top layer; None if the framework merges the directions."""
    place = model.stack.num_layers - 1, direction
    has_steps = any(array.tensor == "Y" for array in model.outputs)
    found = output_parts(model, place) if has_steps else state_entries(model, place, model.stack.cell.output)
    return LastOutput(IN_THE_OUTPUT if has_steps else IS_THE_OUTPUT, found[0]) if found else None
