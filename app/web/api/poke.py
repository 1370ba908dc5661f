"""/poke.json: the effect of changing one number of an input of a step."""

from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ...core.effects_of_a_change import AMOUNT, components, joined_axes
from ...core.ops import Array
from ...core.trace import StackTrace
from ...translations.phrases import joined_with_or
from ...url_state.combinations_of_fields import pokable
from ...url_state.field_types import NONE, FieldError
from ...url_state.url_state import UrlState
from ...url_state_to_picture.run_and_gradients import later_step, poked
from ..requests_and_responses.responses import json, respond_with_run, url_state_of

MOST_VALUES = 256
"""How many differences of each tensor the document has. Their count and maximum are those of all."""


async def poke_json(request: Request) -> Response:
    """The effect on every tensor of changing one input value of a step; poke is required."""
    state = url_state_of(request)
    check_poke(state)
    return await respond_with_run(request, state, lambda trace, reason: json(poke_document(state, trace, reason)))


def poke_document(state: UrlState, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/poke.json: by how much each tensor of the focused step differs, and the states of the following steps."""
    poke = poked(state, trace) if trace else None
    following = [] if poke is None else poke.following
    return {
        **state.config(("poke", "component", "t", "layer", "direction")),
        "sample": state.followed or 0,
        "amount": AMOUNT,
        "executed": poke is not None,
        "reason": reason or None,
        "tensors": [
            {"id": t.id, "axis": joined_axes(t), "size": components(t, state.sizes)}
            | _difference(poke.here[t.id] if poke else None)
            for t in state.program.step
        ],
        "following": [
            {"t": later_step(state, n), "states": [{"id": id} | _difference(change) for id, change in states.items()]}
            for n, states in enumerate(following)
        ],
    }


def check_poke(state: UrlState) -> None:
    """Raises FieldError if the UrlState names no vector. Nothing is computed."""
    if state.poke == NONE:
        known = pokable(state.values)
        message = f"poke is required: the vector to change, {joined_with_or(known)}"
        raise FieldError("poke", NONE, message, known)


def _difference(change: Array | None) -> dict[str, Any]:
    """How many numbers changed, the largest absolute change, the indices of those that changed, and the changes of the
    first ``MOST_VALUES`` numbers. Everything is None if nothing was executed."""
    if change is None:
        return {"changed": None, "max": None, "which": None, "values": None}
    change, which = change.reshape(-1), np.flatnonzero(change)
    return {
        "changed": len(which),
        "max": float(abs(change).max()),
        "which": which[:MOST_VALUES].tolist(),
        "values": change[:MOST_VALUES].tolist(),
    }
