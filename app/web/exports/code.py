"""/code: a program in the chosen framework, or a function that converts its weights for another framework."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from ...frameworks import FRAMEWORKS, OURS
from ...frameworks.conversion import convert
from ...typed_cells.code import WRITERS, own_program
from ...url_state.field_types import NONE, FieldError
from ...url_state.names_in_framework import check
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ..requests_and_responses.responses import respond_at_once, respond_by_length


async def code(request: Request) -> Response:
    """A complete program in the chosen framework (also numpy); with to, a function that converts its weights."""
    state = state_for_code(request)
    if has_own_program(state):
        return await respond_by_length(request, lambda: program_of(state), state)
    return await respond_at_once(request, lambda: program_of(state), state=state)


def state_for_code(request: Request) -> UrlState:
    """The UrlState of a request for a program. Here ``numpy`` is another name of our own framework. Raises
    FieldError."""
    pairs = request.query_params.multi_items()
    if [text for name, text in pairs if name == "framework"] == ["numpy"]:
        pairs = [(name, "colah" if name == "framework" else text) for name, text in pairs]
    state = parse(pairs, strict=True)
    check_program(state)
    if state.to != NONE:
        check(state, "to")
    return state


def check_program(state: UrlState) -> None:
    """FieldError if there is no program for the UrlState in the chosen framework."""
    if has_own_program(state):
        return
    try:
        check(state)
    except FieldError as error:
        if state.stack.cell.text:  # more frameworks have a program of a typed cell than a layer
            error.allowed = list(WRITERS)
        raise


def has_own_program(state: UrlState) -> bool:
    """Whether the program is that of a typed cell, which needs no layer of the framework."""
    return bool(state.stack.cell.text) and state.framework in WRITERS


def state_of_weights(state: UrlState) -> UrlState:
    """The UrlState whose weights a program reads: those of a typed cell have our names in every framework."""
    return replace(state, framework=OURS.id) if has_own_program(state) else state


def program_of(state: UrlState) -> str:
    """The program in the chosen framework, or the function that converts its weights."""
    if state.to == NONE:
        return own_program(state.stack, state.framework) if has_own_program(state) else state.chosen_model.code()
    return convert(state.chosen_model, state.model_in(FRAMEWORKS[state.to]))


def own_program_of(state: UrlState) -> str:
    """The program in the chosen framework, even if the UrlState names a framework to convert weights for."""
    return program_of(replace(state, to=NONE))
