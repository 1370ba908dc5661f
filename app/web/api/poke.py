"""/poke.json: what one changed number changes."""

from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ...core.ops import Array
from ...core.poke import AMOUNT
from ...core.trace import StackTrace
from ...query.field_types import NONE, FieldError
from ...query.rules import pokable
from ...query.run import later_step, poked
from ...query.view import View
from ..http.responses import json, respond_with_run, view_of

MOST_VALUES = 256
"""So many numbers of each tensor are given out; of all it is said how many changed, and by how much at most."""


async def poke_json(request: Request) -> Response:
    """One number of what comes into a step is changed: by how much every tensor then differs; give poke."""
    view = view_of(request)
    check_poke(view)
    return await respond_with_run(request, view, lambda trace, reason: json(poke_document(view, trace, reason)))


def poke_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/poke.json: by how much each tensor of the focused step differs, and the states of the steps that follow."""
    found = poked(view, trace) if trace else None
    later = [] if found is None else found.following
    return {
        **view.config(("poke", "component", "t", "layer", "direction")),
        "sample": view.sample or 0,
        "amount": AMOUNT,
        "executed": found is not None,
        "reason": reason or None,
        "tensors": [
            {"id": t.id, "axis": str(t.axes[-1]), "size": t.axes[-1].size(view.sizes)}
            | _difference(found.here[t.id] if found else None)
            for t in view.program.step
        ],
        "following": [
            {"t": later_step(view, n), "states": [{"id": id} | _difference(made) for id, made in states.items()]}
            for n, states in enumerate(later)
        ],
    }


def check_poke(view: View) -> None:
    """FieldError where no vector is named. Nothing is computed to find out."""
    if view.poke == NONE:
        known = pokable(view.values)
        message = f"poke is none; give the vector of which one number is changed: {' or '.join(known)}"
        raise FieldError("poke", NONE, message, known)


def _difference(made: Array | None) -> dict[str, Any]:
    """How many numbers changed, by how much at most, which ones, and the first ones of all."""
    if made is None:
        return {"changed": None, "max": None, "which": None, "values": None}
    which = np.flatnonzero(made)
    return {
        "changed": len(which),
        "max": float(abs(made).max()),
        "which": which[:MOST_VALUES].tolist(),
        "values": made[:MOST_VALUES].tolist(),
    }
