"""/code: the program of the chosen framework, and the function that converts its weights for another."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from ...frameworks import FRAMEWORKS
from ...frameworks.conversion import convert
from ...query.chosen_framework import check
from ...query.field_types import NONE
from ...query.parsing import parse
from ...query.view import View
from ..http.responses import respond_at_once


async def code(request: Request) -> Response:
    """A complete program in the chosen framework (also numpy), or with to a function that converts its weights."""
    view = view_for_code(request)
    return await respond_at_once(request, lambda: program_of(view))


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


def program_of(view: View) -> str:
    """The framework's program, or the function that converts its weights for another."""
    if view.to == NONE:
        return view.chosen_model.code()
    return convert(view.chosen_model, view.model_in(FRAMEWORKS[view.to]))


def own_program_of(view: View) -> str:
    """The program of what is shown, also where the link asks for the function that converts its weights."""
    return program_of(replace(view, to=NONE))
