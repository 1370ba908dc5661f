"""Trainings for tests."""

from app.core.cells import CELLS
from app.training.default_schedule import Schedule
from app.training.tasks import TASKS
from app.training.training_and_result import Training


def training(
    task: str = "digits",
    cell: str = "lstm",
    num_units: int = 4,
    num_layers: int = 1,
    bidirectional: bool = False,
    text: str = "",
    epochs: int = 2,
    examples: int = 1_400,
    seed: int = 0,
) -> Training:
    stack = TASKS[task].stack(CELLS[cell], num_units, num_layers, bidirectional, text)
    return Training(stack, task, Schedule(examples, epochs, 0.01), seed, text)
