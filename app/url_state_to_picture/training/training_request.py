"""What an address asks to train, as plain values: they name a training in caches, and are sent to the process that
trains. This module imports little, because that process imports it."""

from dataclasses import dataclass
from functools import lru_cache

from ...core.cells import CELLS
from ...core.stack import Stack
from ...equations.cell_from_equations import OWN, cell_of
from ...training.default_schedule import Schedule
from ...training.tasks import TASKS
from ...training.training_and_result import Training


@dataclass(frozen=True)
class TrainingRequest:
    """Everything that the result depends on. Equal requests have equal results. ``text`` is empty unless the task is
    text."""

    cell: str
    equations: str
    num_units: int
    num_proj: int
    num_layers: int
    bidirectional: bool
    seed: int
    task: str
    text: str
    schedule: Schedule


@lru_cache(64)
def training_of(request: TrainingRequest) -> Training:
    """The training with its stack."""
    return Training(
        stack=Stack(
            cell_of(request.equations) if request.cell == OWN else CELLS[request.cell],
            **TASKS[request.task].sizes(request.text),
            num_units=request.num_units,
            num_proj=request.num_proj,
            num_layers=request.num_layers,
            bidirectional=request.bidirectional,
        ),
        task=request.task,
        schedule=request.schedule,
        seed=request.seed,
        text=request.text,
    )
