"""What every tensor weighs in the last output, as a document."""

from typing import Any

import numpy as np

from app.core.axes import BATCH_SIZE, TIME_STEP
from app.core.backward import Gradients, backward_stack
from app.core.program import Tensor
from app.core.stack import StackTrace
from app.web.view import View

MOST_STEPS = 2_000
"""In all cells together. The way back takes each operation of each step by itself, 20 times as long as the run."""

OF = "the sum of the output at the last step"


def gradients_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/gradients.json: for each tensor of the cell in focus the shape of its gradient, which is its own, over which
    axes it is a sum, and its norm, at every step of time where it has steps."""
    steps = view.time_step * len(view.stack.places)
    if trace is not None and steps > MOST_STEPS:
        trace, reason = None, f"takes {steps:,} steps back, the limit is {MOST_STEPS:,}"
    gradients = _of_the_last_output(trace)[view.place] if trace else None
    carried = [t for t in view.program.tensors if t.role != "output"]
    return {
        "of": OF,
        "executed": trace is not None,
        "reason": reason or None,
        "tensors": [_entry(t, view, gradients) for t in carried],
    }


def _of_the_last_output(trace: StackTrace) -> dict[tuple[int, str], Gradients]:
    stack = trace.stack
    weight = np.zeros((stack.batch_size, stack.time_step, stack.output.size(stack.sizes)), trace.X.dtype)
    weight[:, -1] = 1
    return backward_stack(trace, weight)


def _entry(t: Tensor, view: View, gradients: Gradients | None) -> dict[str, Any]:
    summed = [str(axis) for axis in (BATCH_SIZE, TIME_STEP)] if t.role == "weight" else []
    about = {"id": t.id, "axes": [str(a) for a in t.axes], "shape": t.shape(view.sizes), "summed_over": summed}
    if gradients is None:
        return about | {"norm": None}
    if t.per_step:
        norms = gradients.norms[t.id]
        return about | {"norm": norms[::-1] if view.goes_back else norms}
    whole = gradients.X if t.id == "X" else gradients.weights[t.id]
    return about | {"norm": float(np.linalg.norm(whole))}
