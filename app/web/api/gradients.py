"""/gradients.json: the gradients of every tensor."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...core.ops import Array
from ...core.trace import StackTrace
from ...url_state.url_state import UrlState
from ...url_state_to_picture.run_and_gradients import differentiated, gradient_norms, summed_over
from ..requests_and_responses.responses import json, respond_with_run, url_state_of


async def gradients_json(request: Request) -> Response:
    """The gradients of the summed last output: shape, and norm at every step."""
    state = url_state_of(request)
    return await respond_with_run(request, state, lambda trace, reason: json(gradients_document(state, trace, reason)))


def gradients_document(state: UrlState, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/gradients.json: for each tensor of the cell in focus the shape of its gradient, which is the tensor's, the axes
    over which the gradient is summed, and its norm, one for every step if the tensor has steps."""
    norms, reason = gradient_norms(state, trace, reason)
    objective = state.shown_model.objective
    return {
        "of": objective.name,
        "steps": {direction: step for (_, direction), step in objective.steps.items()},
        "note": objective.note or None,
        "executed": norms is not None,
        "reason": reason or None,
        "tensors": [
            {
                "id": t.id,
                "axes": [str(axis) for axis in t.axes],
                "shape": t.shape(state.sizes),
                "summed_over": summed_over(t),
                "norm": _rounded(norms[t.id]) if norms else None,
            }
            for t in differentiated(state)
        ],
    }


def _rounded(norm: float | Array) -> float | list[float]:
    """A norm with six significant digits: with all digits, norms would be most of the document."""
    return float(f"{norm:.6g}") if isinstance(norm, float) else [float(f"{one:.6g}") for one in norm.tolist()]
