"""Whether a training is too much work, the nearest that is not, and the most units."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ...core.largest_sizes import MAX_NUM_UNITS
from ...core.work_limits import GIGA, MEGA, Budget, amounts
from ...translations.phrases import CommaSeparated, phrase
from ...url_state.combinations_of_fields import fitted
from ...url_state.field_types import FieldError, Value
from ...url_state.slider_stops import slider_stops
from ...url_state.url_state import UrlState
from .training_request import TrainingRequest, training_of
from .training_request_of_state import request_of

MOST_PARAMETERS = 2_000_000
"""The most parameters of a network that is trained, which takes ten times their memory."""

RECORDED = 2
"""What part of the bytes of a run a batch may record: its gradients, and the runs with other batches, take seven times
as much memory again."""


def fits(state: UrlState, budget: Budget) -> bool:
    """Whether a training is not too large, which takes less time than ``refusal``."""
    return bool(budget.training) and not _problem(state, budget)


def refusal(state: UrlState, budget: Budget) -> FieldError | None:
    """The error of a training that is too large, with the nearest that is not, whose search may take as long as a page;
    None if it is not too large."""
    if not budget.training:
        return FieldError("trained", "true", phrase("this server trains no networks"), [])
    if not (problem := _problem(state, budget)):
        return None
    near = nearest_affordable(state, budget)
    changed = {name: near[name] for name in CHANGED if near[name] != state[name]} if near else {}
    nearest = CommaSeparated(f"{name}={value}" for name, value in changed.items())
    message = phrase("{problem}; {fields} fits", problem=problem, fields=nearest) if changed else problem
    field = next(iter(changed), "num_units")
    return FieldError(field, str(state[field]), message, {"nearest": changed or None})


CHANGED = ("epochs", "num_units", "num_layers")
"""The fields that are changed to make a training smaller."""


def most_units(state: UrlState, budget: Budget) -> int:
    """The largest num_units with which a UrlState's training is not too large, of a typed cell the largest stop of its
    slider; 0 if none is. It does not depend on the num_units of the UrlState."""
    possible: Sequence[int] = range(1, MAX_NUM_UNITS + 1)
    if state.equations:
        possible = (*state.fitting("num_units", slider_stops(1, MAX_NUM_UNITS)),)
    request = request_of(state)
    fastest = request.schedule._replace(learning_rate=1.0)  # the one that is cached, whatever the rate is
    return _most_units(replace(request, num_units=1, seed=0, schedule=fastest), possible, budget)


@lru_cache(256)
def _most_units(request: TrainingRequest, possible: Sequence[int], budget: Budget) -> int:
    too_large = bisect_left(possible, True, key=lambda n: bool(_problem_of(replace(request, num_units=n), budget)))
    return possible[too_large - 1] if budget.training and too_large else 0


def _problem(state: UrlState, budget: Budget) -> str:
    """Why a training is too large, or nothing."""
    return _problem_of(request_of(state), budget)


def _problem_of(request: TrainingRequest, budget: Budget) -> str:
    training = training_of(request)
    if (parameters := training.parameters()) > MOST_PARAMETERS:
        return phrase(
            "a network to train has at most {most:,} parameters, this one {n:,}", most=MOST_PARAMETERS, n=parameters
        )
    if (size := training.stack.bytes()) > budget.bytes / RECORDED:
        records, limit = amounts(size / MEGA, budget.bytes / RECORDED / MEGA)
        return phrase("this training would record {records} MB (limit: {limit})", records=records, limit=limit)
    if (work := training.work()) > budget.training:
        needs, limit = amounts(work / GIGA, budget.training / GIGA)
        return phrase("this training takes as long as {needs} GFLOP (limit: {limit})", needs=needs, limit=limit)
    return ""


def nearest_affordable(state: UrlState, budget: Budget) -> UrlState | None:
    """The nearest UrlState whose training is not too large: with fewer epochs if half of them are left, otherwise with
    fewer units, or with one layer, or for one epoch. None if all of that is too large."""
    epochs = budget.training * state.epochs // training_of(request_of(state)).work()
    if 2 * epochs >= state.epochs and not _problem(shorter := _with(state, epochs=min(epochs, state.epochs)), budget):
        return shorter
    others: tuple[dict[str, Value], ...] = ({}, {"num_layers": 1}, {"num_layers": 1, "epochs": 1})
    found = (_with_fewer_units(_with(state, **changes), budget) for changes in others)
    return next((near for near in found if near), None)


def _with_fewer_units(state: UrlState, budget: Budget) -> UrlState | None:
    """The UrlState with as many units as its training may have; None if that of the fewest is too large."""
    best, low, high = None, 1, state.num_units
    while low <= high:
        middle = (low + high) // 2
        if not _problem(tried := _with(state, num_units=middle), budget):
            best, low = tried, middle + 1
        else:
            high = middle - 1
    return best


def _with(state: UrlState, **changes: Value) -> UrlState:
    return UrlState(**fitted({**state.values, **changes}))
