"""The twins of the page: the same query, as a figure, a trace, a tensor, a program."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from fastapi import APIRouter, Request
from safetensors.numpy import save
from starlette.responses import Response

from app.core.budget import MEGA, amounts
from app.core.ops import Array
from app.core.stack import stack_weights
from app.diagram.painters.plotly import figure
from app.diagram.theme import THEMES
from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert
from app.frameworks.model import ITEMSIZE
from app.frameworks.weight_files import weights_file
from app.lessons.sentence import sentence
from app.query.chosen_framework import check
from app.query.field_types import NONE, FieldError
from app.query.fields import QUERY
from app.query.input import input_of
from app.query.parsing import parse, parse_for_values
from app.query.picture import picture_of
from app.query.view import View
from app.translations.languages import translator
from app.web.api.gradients import gradients_document
from app.web.api.poke import check_poke, poke_document
from app.web.api.trace import check_page, tensor_document, trace_document
from app.web.http.caching import unchanged
from app.web.http.language import asked_for
from app.web.http.responses import BINARY, JSON, PYTHON, answer, executed, fresh, json, view_of
from app.web.pages.parts.values import values_document

router = APIRouter()


def figure_of(view: View) -> dict[str, object]:
    """The Plotly figure; the sentence travels with it, so that words and picture change in the same frame."""
    translate = translator(asked_for(view))
    drawn = figure(picture_of(view, translate=translate), THEMES[view.theme])
    words = [(view.calls.name(text), axis) for text, axis in sentence(view.stack, translate)]
    drawn["layout"]["meta"] = {"sentence": words, "query": view.query()}
    return drawn


@router.get("/diagram.json", openapi_extra=QUERY)
async def diagram_json(request: Request) -> Response:
    """The picture as a Plotly figure: data and layout."""
    view = view_of(request, strict=True)
    return await answer(request, JSON, lambda: json(figure_of(view)))


@router.get("/trace.json", openapi_extra=QUERY)
async def trace_json(request: Request) -> Response:
    """What was recorded: every tensor, its axes, its shape, what made it."""
    view = view_of(request, strict=True)
    return await executed(request, view, JSON, lambda trace, reason: json(trace_document(view, trace, reason)))


@router.get("/tensor.json", openapi_extra=QUERY)
async def tensor_json(request: Request) -> Response:
    """The values of one tensor at one step; give tensor and t. Above 100,000 numbers, in pages."""
    view = parse_for_values(request.query_params.multi_items())
    check_page(view)
    return await executed(request, view, JSON, lambda trace, reason: json(tensor_document(view, trace, reason)))


@router.get("/values.json", openapi_extra=QUERY)
async def values_json(request: Request) -> Response:
    """The values of one tensor as a Plotly figure: a page from row and column on; some followed over time."""
    view = parse_for_values(request.query_params.multi_items(), with_time=True)
    return await executed(request, view, JSON, lambda trace, reason: json(values_document(view, trace, reason)))


@router.get("/gradients.json", openapi_extra=QUERY)
async def gradients_json(request: Request) -> Response:
    """What every tensor weighs in the last output: the shape of its gradient, and its norm at every step."""
    view = view_of(request, strict=True)
    return await executed(request, view, JSON, lambda trace, reason: json(gradients_document(view, trace, reason)))


@router.get("/poke.json", openapi_extra=QUERY)
async def poke_json(request: Request) -> Response:
    """One number of what comes into a step is changed: by how much every tensor then differs; give poke."""
    view = view_of(request, strict=True)
    check_poke(view)
    return await executed(request, view, JSON, lambda trace, reason: json(poke_document(view, trace, reason)))


@router.get("/code", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {PYTHON: {}}}})
async def code(request: Request) -> Response:
    """A complete program in the chosen framework (also numpy), or with to a function that converts its weights."""
    view = view_for_code(request)
    return await answer(request, PYTHON, lambda: program_of(view))


def view_for_code(request: Request) -> View:
    """Read a question for a program: of our own framework ``numpy`` is another name here. Raises FieldError."""
    pairs = request.query_params.multi_items()
    if [text for name, text in pairs if name == "framework"] == ["numpy"]:
        pairs = [(name, "colah" if name == "framework" else text) for name, text in pairs]
    view = parse(pairs, strict=True)
    check(view)
    if view.to != NONE:
        check(view, "to")
    return view


@router.get("/weights.npz", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {BINARY: {}}}})
async def weights_npz(request: Request) -> Response:
    """The weights and the input in the framework's own names and layout, for numpy.load."""
    return await weights_answer(request, "weights.npz", npz)


@router.get(
    "/weights.safetensors", openapi_extra=QUERY, response_class=Response, responses={200: {"content": {BINARY: {}}}}
)
async def weights_safetensors(request: Request) -> Response:
    """The same, as safetensors."""
    return await weights_answer(request, "weights.safetensors", safetensors)


async def weights_answer(request: Request, name: str, write: Callable[[dict[str, Array]], bytes]) -> Response:
    view = view_of(request, strict=True)
    check(view)
    check_size(view, request.app.state.runner.budget.bytes)
    if known := unchanged(request):
        return known
    file = await request.app.state.runner.alone(lambda: write(weights_of(view)), view.model.nbytes)
    made = fresh(request, BINARY, file)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


def check_size(view: View, limit: int) -> None:
    """FieldError where the file would be larger than what a run may record. Nothing is made to find out."""
    if (size := view.model.nbytes) > limit:
        given = ITEMSIZE * view.batch_size * view.time_step * view.features
        field = "time_step" if given > size - given else "num_units"
        holds, most = amounts(size / MEGA, limit / MEGA)
        message = f"the weights and the input are {holds} MB, the limit is {most}"
        raise FieldError(field, str(view[field]), message, {"bytes": limit})


def weights_of(view: View) -> dict[str, Array]:
    return weights_file(view.model, stack_weights(view.stack, view.seed), input_of(view))


def npz(arrays: dict[str, Array]) -> bytes:
    file = BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def safetensors(arrays: dict[str, Array]) -> bytes:
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})


def program_of(view: View) -> str:
    """The framework's program, or the function that carries its weights to another."""
    if view.to == NONE:
        return view.chosen_model.code()
    return convert(view.chosen_model, view.model_in(FRAMEWORKS[view.to]))
