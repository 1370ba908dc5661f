"""The frequently asked questions, in groups, each by its slug, the last part of its path."""

from .batch_and_time import BATCH
from .inside_a_step import STEP
from .outputs_and_states import OUTPUTS
from .question import Question
from .units_and_layers import UNITS

GROUPS: dict[str, dict[str, Question]] = {
    "Units, cells, steps, layers": UNITS,
    "Inside a step": STEP,
    "Batch, time, windows": BATCH,
    "Outputs and states": OUTPUTS,
}

QUESTIONS: dict[str, Question] = {slug: question for group in GROUPS.values() for slug, question in group.items()}
