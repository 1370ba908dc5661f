"""/code: a program in the chosen framework, or a function that converts its weights for another framework."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from ...frameworks import FRAMEWORKS, OURS
from ...frameworks.conversion import convert
from ...own_cells.code import WRITERS, own_program
from ...query.chosen_framework import check
from ...query.field_types import NONE, FieldError
from ...query.parsing import parse
from ...query.view import View
from ..requests_and_responses.responses import respond_at_once, respond_by_length


async def code(request: Request) -> Response:
    """A complete program in the chosen framework (also numpy); with to, a function that converts its weights."""
    view = view_for_code(request)
    if has_own_program(view):
        return await respond_by_length(request, lambda: program_of(view), view)
    return await respond_at_once(request, lambda: program_of(view), view=view)


def view_for_code(request: Request) -> View:
    """The View of a request for a program. Here ``numpy`` is another name of our own framework. Raises FieldError."""
    pairs = request.query_params.multi_items()
    if [text for name, text in pairs if name == "framework"] == ["numpy"]:
        pairs = [(name, "colah" if name == "framework" else text) for name, text in pairs]
    view = parse(pairs, strict=True)
    check_program(view)
    if view.to != NONE:
        check(view, "to")
    return view


def check_program(view: View) -> None:
    """FieldError if there is no program for the View in the chosen framework."""
    if has_own_program(view):
        return
    try:
        check(view)
    except FieldError as error:
        if view.stack.cell.text:  # more frameworks have a program of a typed cell than a layer
            error.allowed = list(WRITERS)
        raise


def has_own_program(view: View) -> bool:
    """Whether the program is that of a typed cell, which needs no layer of the framework."""
    return bool(view.stack.cell.text) and view.framework in WRITERS


def view_of_weights(view: View) -> View:
    """The View whose weights a program reads: those of a typed cell have our names in every framework."""
    return replace(view, framework=OURS.id) if has_own_program(view) else view


def program_of(view: View) -> str:
    """The program in the chosen framework, or the function that converts its weights."""
    if view.to == NONE:
        return own_program(view.stack, view.framework) if has_own_program(view) else view.chosen_model.code()
    return convert(view.chosen_model, view.model_in(FRAMEWORKS[view.to]))


def own_program_of(view: View) -> str:
    """The program in the chosen framework, even if the View names a framework to convert weights for."""
    return program_of(replace(view, to=NONE))
