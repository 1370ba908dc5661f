"""The gradients of every tensor: their norms, found once for each run, and as a document."""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from app.core.gradients import norm, of_last_output
from app.core.ops import Array
from app.core.program import Tensor
from app.core.stack import Place, StackTrace, goes_back, last_output_step
from app.diagram.views.gradients import SUMMED
from app.frameworks.framework import LastOutput
from app.query.view import View
from app.translations.phrases import plural
from app.web.http.responses import executed, json, view_of

MOST_STEPS = 2_000
"""In all cells together. Gradients take each operation of each step by itself, ten times as long as the run."""

Norms = dict[str, float | Array]
"""Of each tensor's gradient the square root of the sum of its squares; of a tensor with steps one for each of them, in
the order of time."""

_found: "WeakKeyDictionary[StackTrace, dict[LastOutput, dict[Place, Norms]]]" = WeakKeyDictionary()
"""The norms of a run, for each quantity that was differentiated, as long as the run is kept: the next request is often
for another tensor. Not the gradients themselves, which may be as large as all that a run may record."""


def last_output(view: View) -> LastOutput:
    """The quantity that is differentiated: a sum over the output that the chosen framework has at the last step."""
    return view.model.last_output


def summed_steps(view: View) -> dict[str, int]:
    """For each direction of the top layer the step of time whose output is part of the sum."""
    top = view.num_layers - 1
    return {d: last_output_step((top, d), view.time_step, view.runs_backwards) for d in view.stack.directions}


def norms_of(view: View, trace: StackTrace | None, reason: str) -> tuple[Norms | None, str]:
    """Those of the cell in focus and "", or None and the reason why there are shapes only."""
    steps = view.time_step * len(view.stack.places)
    if trace is None:
        return None, reason
    if steps > MOST_STEPS:
        return None, plural(
            "takes {n:,} step back, the limit is {limit:,}",
            "takes {n:,} steps back, the limit is {limit:,}",
            steps,
            limit=MOST_STEPS,
        )
    of, known = last_output(view), _found.setdefault(trace, {})
    if of not in known:
        known[of] = dict(_norms(trace, of))
    return known[of][view.place], ""


def _norms(trace: StackTrace, of: LastOutput) -> Iterator[tuple[Place, Norms]]:
    for place, gradients in of_last_output(trace, of.gradient).items():
        order = slice(None, None, -1 if goes_back(place, trace.go_backwards) else 1)
        steps = {id: np.ascontiguousarray(norms[order]) for id, norms in gradients.norms.items()}
        wholes = {id: norm(whole) for id, whole in (("X", gradients.read), *gradients.weights.items())}
        yield place, steps | wholes


def carrying(view: View) -> list[Tensor]:
    """The tensors that have a gradient of their own: all but those that only show others."""
    return [t for t in view.program.tensors if t.role != "output"]


def summed_over(t: Tensor) -> list[str]:
    """The axes over which a gradient is summed."""
    return [str(axis) for axis in SUMMED] if t.role == "weight" else []


def _written(norm: float | Array) -> float | list[float]:
    """With six digits: more would be most of the answer."""
    return float(f"{norm:.6g}") if isinstance(norm, float) else [float(f"{one:.6g}") for one in norm.tolist()]


async def gradients_json(request: Request) -> Response:
    """What every tensor weighs in the last output: the shape of its gradient, and its norm at every step."""
    view = view_of(request)
    return await executed(request, view, lambda trace, reason: json(gradients_document(view, trace, reason)))


def gradients_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/gradients.json: for each tensor of the cell in focus the shape of its gradient, which is its own, over which
    axes it is a sum, and its norm, at every step of time where it has steps."""
    norms, reason = norms_of(view, trace, reason)
    of = last_output(view)
    return {
        "of": of.said,
        "steps": summed_steps(view),
        "note": of.note or None,
        "executed": norms is not None,
        "reason": reason or None,
        "tensors": [
            {
                "id": t.id,
                "axes": [str(axis) for axis in t.axes],
                "shape": t.shape(view.sizes),
                "summed_over": summed_over(t),
                "norm": _written(norms[t.id]) if norms else None,
            }
            for t in carrying(view)
        ],
    }
