"""What was recorded, as JSON documents."""

from math import prod
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import shape
from ...core.ops import Shape
from ...core.program import Program, Tensor
from ...core.trace import StackTrace
from ...frameworks import OURS
from ...frameworks.unit_slices import ArraySlice, owned, read_above, read_by
from ...lessons.why import line_text, why
from ...query.chosen_framework import document, parameters_formula
from ...query.field_types import FieldError
from ...query.fields import DATA, MODEL, PLACE
from ...query.formulas import formula, in_time, name
from ...query.parsing import parse_for_values
from ...query.view import View
from ..http.responses import json, respond_with_run, view_of

PAGE = 100_000
"""How many numbers one answer holds at most."""


async def trace_json(request: Request) -> Response:
    """What was recorded: every tensor, its axes, its shape, what made it."""
    view = view_of(request)
    return await respond_with_run(request, view, lambda trace, reason: json(trace_document(view, trace, reason)))


async def tensor_json(request: Request) -> Response:
    """The values of one tensor at one step; give tensor and t. Above 100,000 numbers, in pages."""
    view = parse_for_values(request.query_params.multi_items())
    check_page(view)
    return await respond_with_run(request, view, lambda trace, reason: json(tensor_document(view, trace, reason)))


def trace_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/trace.json: every tensor of the cell in focus with what is known of it, nothing of its values.

    The shapes are those that the run made; where nothing was executed, those of the program.
    """
    program, stack = view.program, view.stack
    shapes = trace.traces[view.place].shapes if trace else program.shapes(view.sizes)
    ours = view.model_in(OURS)
    return {
        "config": view.config(f.name for f in (*MODEL, *DATA, *PLACE)),
        "executed": trace is not None,
        "reason": reason or None,
        "axes": view.sizes,
        "tensors": [tensor_entry(program, t, view, shapes[t.id]) for t in program.tensors],
        "outputs": {array.name: shape(array.axes, ours.sizes) for array in (ours.input, *ours.outputs)},
        "parameters": {
            "total": ours.parameter_count,
            "by_weight": ours.counts,
            "formula": parameters_formula(view),
        },
        "flops": stack.flops(),
        "bytes": stack.bytes(),
        "framework": document(view),
        "unit": None if view.unit is None else unit_entry(view, view.unit),
    }


def unit_entry(view: View, unit: int) -> dict[str, Any]:
    """Which numbers to learn a unit of the cell in focus owns, and which read it, in the framework's arrays."""
    model = view.model
    own = owned(model, view.place, unit)
    return {
        "index": unit,
        "owns": [piece_entry(piece) for piece in own],
        "read_by": [piece_entry(piece) for piece in read_by(model, view.place, unit)],
        "read_above": [piece_entry(piece) for piece in read_above(model, view.place, unit)],
        "count": sum(piece.count for piece in own),
    }


def piece_entry(piece: ArraySlice) -> dict[str, Any]:
    return {"array": piece.array, "index": piece.written, "gate": piece.gate or None, "count": piece.count}


def tensor_entry(program: Program, t: Tensor, view: View, shape: Shape) -> dict[str, Any]:
    return {
        "id": t.id,
        "symbol": in_time(view, t.symbol),
        "name": name(view, t),
        "role": t.role,
        "axes": [str(a) for a in t.axes],
        "shape": shape,
        "per_step": t.per_step,
        "op": t.op,
        "inputs": t.inputs,
        "formula": in_time(view, formula(view, t)),
        "sentence": t.sentence(view.sizes),
        "why": [in_time(view, line_text(line, view.sizes)) for line in why(program, t)],
    }


def tensor_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/tensor.json: the values of one tensor, nested as its axes are; above 100,000 numbers a flat page of them."""
    t = view.program.by_id[view.tensor]
    about: dict[str, Any] = {
        "tensor": t.id,
        "t": view.t if t.per_step else None,
        "axes": [str(a) for a in t.axes],
        "shape": t.shape(view.sizes),
        "executed": trace is not None,
        "reason": reason or None,
    }
    if trace is None:
        return about | {"values": None, "min": None, "max": None, "mean": None}
    values = trace.array(t.id, view.place, view.t)
    return (
        about
        | _values(values, view.page)
        | {
            "min": values.min(),
            "max": values.max(),
            "mean": values.mean(dtype=np.float64),
        }
    )


def check_page(view: View) -> None:
    """FieldError where the tensor has fewer pages. Its shape says so: nothing is executed."""
    last = _pages(view.program.by_id[view.tensor].shape(view.sizes)) - 1
    if view.page > last:
        message = f"page is {f'0 to {last:,}' if last else 0} for this tensor, not “{view['page']}”"
        raise FieldError("page", str(view.page), message, {"min": 0, "max": last})


def _pages(shape: tuple[int, ...]) -> int:
    return -(-prod(shape) // PAGE)


def _values(values: np.ndarray[Any, Any], page: int) -> dict[str, Any]:
    pages = _pages(values.shape)
    if pages == 1:
        return {"values": np.ascontiguousarray(values)}
    flat = values.reshape(-1)[page * PAGE : (page + 1) * PAGE]
    return {"page": page, "pages": pages, "offset": page * PAGE, "values": flat}
