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
from ...frameworks.arrays import IOArray, StoredArray
from ...frameworks.unit_slices import ArraySlice, owned, read_above, read_by
from ...teaching.around_picture.why_this_shape import line_text, why
from ...translations.phrases import phrase
from ...url_state.fields import bounded
from ...url_state.fields.cell_and_size_fields import CELL_AND_SIZES
from ...url_state.fields.focus_fields import FOCUS
from ...url_state.fields.input_fields import DATA
from ...url_state.fields.paging_fields import VALUES_PER_PAGE
from ...url_state.names_in_framework import field_values, parameters_formula
from ...url_state.parsing import parse_for_values
from ...url_state.url_state import UrlState
from ...url_state_to_picture.formulas import formula, in_time, name
from ..requests_and_responses.responses import json, respond_with_run, url_state_of


async def trace_json(request: Request) -> Response:
    """The recorded run: every tensor with its axes, shape and inputs."""
    state = url_state_of(request)
    return await respond_with_run(request, state, lambda trace, reason: json(trace_document(state, trace, reason)))


async def tensor_json(request: Request) -> Response:
    """The values of one tensor at one step (tensor, t); paginated above 100,000 values."""
    state = parse_for_values(request.query_params.multi_items())
    check_page(state)
    return await respond_with_run(request, state, lambda trace, reason: json(tensor_document(state, trace, reason)))


def trace_document(state: UrlState, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/trace.json: every tensor of the cell in focus, without its values.

    The shapes are those of the run's arrays; if nothing was executed, those of the program.
    """
    program, stack = state.program, state.stack
    shapes = trace.traces[state.place].shapes if trace else program.shapes(state.sizes)
    ours = state.model_in(OURS)
    return {
        "config": state.config(f.name for f in (*CELL_AND_SIZES, *DATA, *FOCUS)),
        "executed": trace is not None,
        "reason": reason or None,
        "axes": state.sizes,
        "tensors": [tensor_entry(program, t, state, shapes[t.id]) for t in program.tensors],
        "outputs": {array.name: shape(array.axes, ours.sizes) for array in (ours.input, *ours.outputs)},
        "parameters": {
            "total": ours.parameter_count,
            "by_weight": ours.counts,
            "formula": parameters_formula(state),
        },
        "flops": stack.flops(),
        "bytes": stack.bytes(),
        "framework": framework_entry(state),
        "unit": None if state.unit is None else unit_entry(state, state.unit),
    }


def framework_entry(state: UrlState) -> dict[str, Any]:
    """The chosen framework: its arrays and gates, or why it does not support the configuration."""
    model = state.chosen_model
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


def unit_entry(state: UrlState, unit: int) -> dict[str, Any]:
    """The trainable parameters that a unit of the cell in focus owns, and those that read it, in the framework's
    arrays."""
    model = state.shown_model
    own = owned(model, state.place, unit)
    return {
        "index": unit,
        "owns": [slice_entry(one) for one in own],
        "read_by": [slice_entry(one) for one in read_by(model, state.place, unit)],
        "read_above": [slice_entry(one) for one in read_above(model, state.place, unit)],
        "count": sum(one.count for one in own),
    }


def slice_entry(one: ArraySlice) -> dict[str, Any]:
    """A part of an array: its index, the gate that it belongs to, and the number of its values."""
    return {"array": one.array, "index": one.written, "gate": one.gate or None, "count": one.count}


def tensor_entry(program: Program, t: Tensor, state: UrlState, shape: Shape) -> dict[str, Any]:
    """Everything about a tensor but its values."""
    return {
        "id": t.id,
        "symbol": in_time(state, t.symbol),
        "name": name(state, t),
        "role": t.role,
        "axes": [str(a) for a in t.axes],
        "shape": shape,
        "per_step": t.per_step,
        "op": t.op,
        "inputs": t.inputs,
        "formula": in_time(state, formula(state, t)),
        "sentence": t.sentence(state.sizes),
        "why": [in_time(state, line_text(line, state.sizes)) for line in why(program, t)],
    }


def tensor_document(state: UrlState, trace: StackTrace | None, reason: str) -> dict[str, Any]:
    """/tensor.json: the values of one tensor, nested like its axes, or one flat page of them if they are more than
    ``VALUES_PER_PAGE``. ``min``, ``max`` and ``mean`` are those of all values."""
    t = state.program.by_id[state.tensor]
    about: dict[str, Any] = {
        "tensor": t.id,
        "t": state.t if t.per_step else None,
        "axes": [str(a) for a in t.axes],
        "shape": t.shape(state.sizes),
        "executed": trace is not None,
        "reason": reason or None,
    }
    if trace is None:
        return about | {"values": None, "min": None, "max": None, "mean": None}
    values = trace.array(t.id, state.place, state.t)
    return (
        about
        | _values(values, state.page)
        | {
            "min": values.min(),
            "max": values.max(),
            "mean": values.mean(dtype=np.float64),
        }
    )


def check_page(state: UrlState) -> None:
    """Raises FieldError if the tensor has fewer pages, by its shape. Nothing is executed."""
    last = _pages(state.program.by_id[state.tensor].shape(state.sizes)) - 1
    if state.page > last:
        raise bounded("page").too_large(
            state.page, last, phrase("{field} is {value}", field="tensor", value=state.tensor)
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
