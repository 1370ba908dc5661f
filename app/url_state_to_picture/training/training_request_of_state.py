"""What a UrlState asks to train: its task, text and examples."""

from dataclasses import fields
from typing import get_type_hints

from ...training.default_schedule import Schedule
from ...training.tasks import TASKS
from ...training.training_and_result import Training
from ...url_state.parsing import parse
from ...url_state.sample_text import SAMPLE
from ...url_state.url_state import UrlState
from .training_request import TrainingRequest

NAMES = tuple(field.name for field in fields(TrainingRequest) if field.name != "schedule")
"""The names of the fields that define a training, but for its schedule."""


def parse_training(pairs: list[tuple[str, str]]) -> UrlState:
    """Parse the query of a training: the task sets the sizes of the input also where the query does not show the
    trained network. Raises FieldError."""
    if ("view", "training") not in pairs:
        others = [pair for pair in pairs if pair != ("trained", "false")]
        pairs = others if ("trained", "true") in pairs else [*others, ("trained", "true")]
    return parse(pairs, strict=True)


def request_of(state: UrlState) -> TrainingRequest:
    """What to train so that the trained network can be shown."""
    schedule = schedule_of(state)._replace(examples=min(state.examples, available(state)))
    return TrainingRequest(**{**state.config(NAMES), "text": text_of(state)}, schedule=schedule)  # type: ignore[arg-type]


def schedule_of(state: UrlState) -> Schedule:
    """How a UrlState trains. A decimal number is a text in a UrlState."""
    kinds = get_type_hints(Schedule)
    return Schedule(**{name: kinds[name](value) for name, value in state.config(Schedule._fields).items()})


def text_of(state: UrlState) -> str:
    """The text to learn, if the task is text."""
    return (state.text or SAMPLE) if state.task == "text" else ""


def available(state: UrlState) -> int:
    """How many examples there are to train on. A UrlState may ask for more."""
    return len(TASKS[state.task].data(text_of(state)).X)


def example_of(state: UrlState, training: Training) -> int:
    """The example of the test that a UrlState follows."""
    return (state.sample or 0) % len(training.data.test_X)
