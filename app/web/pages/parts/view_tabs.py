"""The views above the picture, as links."""

from ....training.tasks import TASKS
from ....translations.phrases import phrase
from ....url_state.url_state import UrlState
from .controls import Choice

TITLES = {
    "unrolled": phrase("Unrolled"),
    "rolled": phrase("Rolled"),
    "batch": phrase("Batch"),
    "units": phrase("Units"),
    "weights": phrase("Weights"),
    "gradients": phrase("Gradients"),
    "training": phrase("Training"),
}
"""The titles of the views."""


TASKS_OF_INPUTS = {task.input: id for id, task in TASKS.items()}
"""The tasks of trainings by the input that they read."""


def view_tabs(state: UrlState) -> list[Choice]:
    """The views, each with the query that selects it."""
    return [Choice(title, _query_of(state, id), id == state.view) for id, title in TITLES.items()]


def _query_of(state: UrlState, id: str) -> str:
    """That of a training begins with the task of the chosen input, if it has one."""
    task = TASKS_OF_INPUTS.get(state.data) if id == "training" != state.view else None
    return state.query(view=id, **({"task": task} if task else {}))
