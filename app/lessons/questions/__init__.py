"""Every question that learners ask, in groups, each by the last part of its path."""

from app.lessons.questions.batch import BATCH
from app.lessons.questions.outputs import OUTPUTS
from app.lessons.questions.question import Question
from app.lessons.questions.step import STEP
from app.lessons.questions.units import UNITS

GROUPS: dict[str, dict[str, Question]] = {
    "Units, cells, steps, layers": UNITS,
    "Inside a step": STEP,
    "Batch, time, windows": BATCH,
    "Outputs and states": OUTPUTS,
}

QUESTIONS: dict[str, Question] = {slug: question for group in GROUPS.values() for slug, question in group.items()}
