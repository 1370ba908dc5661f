"""A room’s pages: where a code is typed, and the page that follows."""

from io import BytesIO
from urllib.parse import urlsplit

import segno
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from app.rooms.room import code_of
from app.web.answers import CHECKED, HTML, SVG, answer, view_of
from app.web.language import language_of
from app.web.pages import html, in_words, studio

router = APIRouter()


@router.get("/join", response_class=HTMLResponse)
async def join(request: Request) -> Response:
    """Where a student types the code of a room."""
    view = view_of(request, strict=False)
    if code := code_of(request.query_params.get("code", "")):
        return RedirectResponse(f"/room/{code}", 303)
    words = in_words(view, language_of(request, view), "/join")
    return answer(request, HTML, lambda: html("join.html", **words), CHECKED)


@router.get("/room/{code}", response_class=HTMLResponse)
async def room(request: Request, code: str) -> Response:
    """The page, led by the teacher of a room."""
    code, door = code_of(code), urlsplit(_address(request, "/join"))
    only_here = door.hostname in ("localhost", "127.0.0.1", "::1")
    shown = door.netloc + door.path
    return await studio(request, view_of(request, strict=False), room=code, door=shown, only_here=only_here)


@router.get("/room/{code}/qr.svg")
async def qr(request: Request, code: str) -> Response:
    """The address of a room as a QR code, dark on light in every theme, as phones need it."""
    picture = BytesIO()
    segno.make(_address(request, f"/room/{code_of(code)}"), micro=False).save(picture, kind="svg", light="#fff")
    return answer(request, SVG, picture.getvalue, CHECKED)


def _address(request: Request, path: str) -> str:
    """As others reach it."""
    return (request.app.state.public_url or str(request.base_url).rstrip("/")) + path
