"""Responses about what is sent by POST, so that it is in no URL or log: a form, or a text in a JSON object."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...translations.phrases import phrase
from ..limits_and_timeouts import MOST_FORM_FIELDS
from .browser_caching import NO_STORE
from .client import current_client
from .media_types import JSON
from .memory_budget import HELD, check_room
from .responses import HeldResponse, json
from .routing import Form

SHORT = 2**15
"""Bytes of a body that takes milliseconds. A longer one waits behind pages that take longer, too."""


async def respond_to_form(
    request: Request,
    form: Form,
    make: Callable[[bytes], bytes | str],
    media_type: str,
    refusal: str | None = None,
    status: int = 200,
) -> Response:
    """What ``make`` returns about the body of a request, in a worker thread. Raises HTTPException, 415 with the text
    ``refusal``, if the body is of another type than the form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != form.media_type:
        raise HTTPException(415, refusal)
    client, runner = current_client.get(), request.app.state.runner
    check_room(client)
    with HELD.holding(client, form.most):
        body = await request.body()
        content = await runner.in_turn(lambda: make(body), "quick" if len(body) <= SHORT else "long")
    return HeldResponse(content, status, media_type=media_type, headers={"Cache-Control": NO_STORE})


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of an encoded form. Of several with one name the last one counts: a button comes after the hidden
    field that it changes."""
    pairs = (pair.partition(b"=") for pair in body.split(b"&", MOST_FORM_FIELDS)[:MOST_FORM_FIELDS] if b"=" in pair)
    return {_decoded(name): _decoded(text) for name, _, text in pairs}


def _decoded(encoded: bytes) -> str:
    return unquote_plus(encoded.decode(errors="replace"))


async def respond_to_text(request: Request, form: Form, most: int, make: Callable[[str], Any]) -> Response:
    """The document that ``make`` returns about the text in the only field of a JSON object, as JSON.

    Raises HTTPException: 415 for another type than JSON, 400 without a text, 413 if it has more than ``most`` bytes.
    """
    (field,) = form.fields
    missing = phrase("The body must be JSON (application/json), with a field “{field}”", field=field)

    def content(body: bytes) -> bytes:
        text = _field_of(body, field)
        if text is None:
            raise HTTPException(400, missing)
        if len(text.encode()) > most:
            raise HTTPException(
                413, phrase("“{field}” may have at most {most:,} bytes of UTF-8", field=field, most=most)
            )
        return json(make(text))

    return await respond_to_form(request, form, content, JSON, missing)


def _field_of(body: bytes, field: str) -> str | None:
    """A text in a JSON object."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    text = document.get(field) if isinstance(document, dict) else None
    return text if isinstance(text, str) else None
