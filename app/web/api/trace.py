"""/trace.json and /tensor.json: what a run recorded."""

from collections.abc import Iterable
from math import prod
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import Sizes, shape
from ...core.ops import Shape
from ...core.program import Program, Tensor
from ...core.trace import StackTrace
from ...frameworks import OURS
from ...frameworks.inputs_and_outputs import IOArray, StoredArray
from ...frameworks.unit_slices import ArraySlice, owned, read_above, read_by
from ...lessons.around_picture.why_this_shape import line_text, why
from ...query.chosen_framework import field_values, parameters_formula
from ...query.fields import bounded
from ...query.fields.focus_fields import FOCUS
from ...query.fields.input_fields import DATA
from ...query.fields.model_fields import MODEL
from ...query.fields.paging_fields import VALUES_PER_PAGE
from ...query.formulas import formula, in_time, name
from ...query.parsing import parse_for_values
from ...query.view import View
from ...translations.phrases import phrase
from ..requests_and_responses.responses import json, respond_with_run, view_of


async def trace_json(request: Request) -> Response:
    """The recorded run: every tensor with its axes, shape and inputs."""
    view = view_of(request)
    return await respond_with_run(request, view, lambda trace, reason: json(trace_document(view, trace, reason)))


async def tensor_json(request: Request) -> Response:
    """The values of one tensor at one step (tensor, t); paginated above 100,000 values."""
    view = parse_for_values(request.query_params.multi_items())
    check_page(view)
    return await respond_with_run(request, view, lambda trace, reason: json(tensor_document(view, trace, reason)))


def trace_document(view: View, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/trace.json: every tensor of the cell in focus, without its values.

    The shapes are those of the run's arrays; if nothing was executed, those of the program.
    """
    program, stack = view.program, view.stack
    shapes = trace.traces[view.place].shapes if trace else program.shapes(view.sizes)
    ours = view.model_in(OURS)
    return {
        "config": view.config(f.name for f in (*MODEL, *DATA, *FOCUS)),
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
        "framework": framework_entry(view),
        "unit": None if view.unit is None else unit_entry(view, view.unit),
    }


def framework_entry(view: View) -> dict[str, Any]:
    """The chosen framework: its arrays and gates, or why it does not support the configuration."""
    model = view.chosen_model
    framework = model.framework
    about = {"id": framework.id, "title": framework.title, "switches": model.settings}
    if unsupported := model.unsupported:
        return about | {"refused": str(unsupported), "nearest": field_values(unsupported.nearest)}
    layout = model.layout
    return about | {
        "refused": None,
        "derived": {switch.name: switch.value for switch in model.derived_switches},
        "takes": array_entries([model.input], model.sizes),
        "returns": array_entries(model.outputs, model.sizes),
        "weights": array_entries(model.weights, model.sizes),
        "parameters": model.parameter_count,
        "gates": {gate: layout.letter(gate) for gate in layout.gates},
    }


def array_entries(arrays: Iterable[IOArray | StoredArray], sizes: Sizes) -> list[dict[str, Any]]:
    """The name, axes and shape of each array."""
    return [{"name": a.name, "axes": [str(axis) for axis in a.axes], "shape": shape(a.axes, sizes)} for a in arrays]


def unit_entry(view: View, unit: int) -> dict[str, Any]:
    """The trainable parameters that a unit of the cell in focus owns, and those that read it, in the framework's
    arrays."""
    model = view.shown_model
    own = owned(model, view.place, unit)
    return {
        "index": unit,
        "owns": [slice_entry(one) for one in own],
        "read_by": [slice_entry(one) for one in read_by(model, view.place, unit)],
        "read_above": [slice_entry(one) for one in read_above(model, view.place, unit)],
        "count": sum(one.count for one in own),
    }


def slice_entry(one: ArraySlice) -> dict[str, Any]:
    """A part of an array: its index, the gate that it belongs to, and the number of its values."""
    return {"array": one.array, "index": one.written, "gate": one.gate or None, "count": one.count}


def tensor_entry(program: Program, t: Tensor, view: View, shape: Shape) -> dict[str, Any]:
    """Everything about a tensor but its values."""
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
    """/tensor.json: the values of one tensor, nested like its axes, or one flat page of them if they are more than
    ``VALUES_PER_PAGE``. ``min``, ``max`` and ``mean`` are those of all values."""
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
    """Raises FieldError if the tensor has fewer pages, by its shape. Nothing is executed."""
    last = _pages(view.program.by_id[view.tensor].shape(view.sizes)) - 1
    if view.page > last:
        raise bounded("page").too_large(
            view.page, last, phrase("{field} is {value}", field="tensor", value=view.tensor)
        )


def _pages(shape: tuple[int, ...]) -> int:
    return -(-prod(shape) // VALUES_PER_PAGE)


def _values(values: np.ndarray[Any, Any], page: int) -> dict[str, Any]:
    """The part of the document with the values, and with the page if there are several."""
    pages = _pages(values.shape)
    if pages == 1:
        return {"values": np.ascontiguousarray(values)}
    flat = values.reshape(-1)[page * VALUES_PER_PAGE : (page + 1) * VALUES_PER_PAGE]
    return {"page": page, "pages": pages, "offset": page * VALUES_PER_PAGE, "values": flat}
