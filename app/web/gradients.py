"""What every tensor weighs in the last output, and as a document."""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from app.core.backward import of_last_output
from app.core.ops import Array
from app.core.program import Tensor
from app.core.stack import Place, StackTrace, goes_back
from app.diagram.views.gradients import OF, SUMMED
from app.phrases import phrase
from app.web.view import View

MOST_STEPS = 2_000
"""In all cells together. The way back takes each operation of each step by itself, ten times as long as the run."""

Norms = dict[str, float | Array]
"""Of each tensor's gradient the square root of the sum of its squares; of a tensor with steps one for each of them, in
the order of time."""

_found: "WeakKeyDictionary[StackTrace, dict[Place, Norms]]" = WeakKeyDictionary()
"""What was found of a run, as long as that is kept: who looks at one tensor looks at others. Not the gradients
themselves, which may be as large as all that a run may record."""


def norms_of(view: View, trace: StackTrace | None, reason: str) -> tuple[Norms | None, str]:
    """Those of the cell in focus and "", or None and the reason why there are shapes only."""
    steps = view.time_step * len(view.stack.places)
    if trace is None:
        return None, reason
    if steps > MOST_STEPS:
        return None, phrase("takes {n:,} steps back, the limit is {limit:,}", n=steps, limit=MOST_STEPS)
    if trace not in _found:
        _found[trace] = dict(_norms(trace))
    return _found[trace][view.place], ""


def _norms(trace: StackTrace) -> Iterator[tuple[Place, Norms]]:
    for place, gradients in of_last_output(trace).items():
        order = slice(None, None, -1 if goes_back(place, trace.go_backwards) else 1)
        steps = {id: np.ascontiguousarray(norms[order]) for id, norms in gradients.norms.items()}
        wholes = {id: float(np.linalg.norm(whole)) for id, whole in (("X", gradients.X), *gradients.weights.items())}
        yield place, steps | wholes


def carrying(view: View) -> list[Tensor]:
    """The tensors that have a gradient of their own: all but those that only show others."""
    return [t for t in view.program.tensors if t.role != "output"]


def summed_over(t: Tensor) -> list[str]:
    """The axes over which a gradient is a sum, and which vanish."""
    return [str(axis) for axis in SUMMED] if t.role == "weight" else []


def _written(norm: float | Array) -> float | list[float]:
    """With six digits: more would be most of the answer."""
    return float(f"{norm:.6g}") if isinstance(norm, float) else [float(f"{one:.6g}") for one in norm.tolist()]


def gradients_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/gradients.json: for each tensor of the cell in focus the shape of its gradient, which is its own, over which
    axes it is a sum, and its norm, at every step of time where it has steps."""
    norms, reason = norms_of(view, trace, reason)
    return {
        "of": OF,
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
