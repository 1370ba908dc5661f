"""What a View asks to train: its task, text and examples."""

from dataclasses import fields
from typing import get_type_hints

from ...training.schedule import Schedule
from ...training.tasks import TASKS
from ...training.training_and_result import Training
from ..parsing import parse
from ..sample_text import SAMPLE
from ..view import View
from .request import TrainingRequest

NAMES = tuple(field.name for field in fields(TrainingRequest) if field.name != "schedule")
"""The names of the fields that define a training, but for its schedule."""


def parse_training(pairs: list[tuple[str, str]]) -> View:
    """Parse the query of a training: the task sets the sizes of the input also where the query does not show the
    trained network. Raises FieldError."""
    if ("view", "training") not in pairs:
        others = [pair for pair in pairs if pair != ("trained", "false")]
        pairs = others if ("trained", "true") in pairs else [*others, ("trained", "true")]
    return parse(pairs, strict=True)


def request_of(view: View) -> TrainingRequest:
    """What to train so that the trained network can be shown."""
    schedule = schedule_of(view)._replace(examples=min(view.examples, available(view)))
    return TrainingRequest(**{**view.config(NAMES), "text": text_of(view)}, schedule=schedule)  # type: ignore[arg-type]


def schedule_of(view: View) -> Schedule:
    """How a View trains. A decimal number is a text in a View."""
    kinds = get_type_hints(Schedule)
    return Schedule(**{name: kinds[name](value) for name, value in view.config(Schedule._fields).items()})


def text_of(view: View) -> str:
    """The text to learn, if the task is text."""
    return (view.text or SAMPLE) if view.task == "text" else ""


def available(view: View) -> int:
    """How many examples there are to train on. A View may ask for more."""
    return len(TASKS[view.task].data(text_of(view)).X)


def example_of(view: View, training: Training) -> int:
    """The example of the test that a View follows."""
    return (view.sample or 0) % len(training.data.test_X)
