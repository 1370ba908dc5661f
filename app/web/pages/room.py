"""/join, where the code of a room is typed, and /room, the main page that follows the teacher."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ...rooms.room_code import CODE_LENGTH, MAX_TYPED_LENGTH, code_of
from ...translations.phrases import phrase
from ..requests_and_responses.language import carried_fields, language_of, suffix
from ..requests_and_responses.responses import respond_at_once, url_state_of
from .index import main_page
from .rendering import base_context, html


def check_rooms(request: Request) -> None:
    """Raises HTTPException, 404, if the operator has turned rooms off."""
    if not request.app.state.rooms:
        raise HTTPException(404, phrase("This server has no live rooms"))


def canonical(typed: str) -> str:
    """The code of a room as the room has it. Raises HTTPException, 404, if it is not valid."""
    if code := code_of(typed):
        return code
    raise HTTPException(404, phrase("A room code has {n} letters and digits; check it and try again", n=CODE_LENGTH))


async def join(request: Request) -> Response:
    """The form where students enter a room code."""
    check_rooms(request)
    state = url_state_of(request)
    if typed := request.query_params.get("code", "").strip():
        return RedirectResponse(f"/room/{canonical(typed)}{suffix(state)}", 303)

    def page() -> str:
        words = base_context(request, state, language_of(request, state), "/join")
        return html("join.html", carried_fields=carried_fields(state), max_typed_length=MAX_TYPED_LENGTH, **words)

    return await respond_at_once(request, page)


async def room(request: Request, code: str) -> Response:
    """The main page, led by the teacher of a room."""
    check_rooms(request)
    if code != (canonical_code := canonical(code)):  # each room has one URL
        return RedirectResponse(f"/room/{canonical_code}{url_state_of(request).query()}", 303)
    return await main_page(request, url_state_of(request), room=code)
