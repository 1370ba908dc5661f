"""/explain.json: explains a pasted error message."""

from dataclasses import asdict
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...query import configuration
from ...query.view import View
from ...reading.errors.explanation import Explanation, NotFoundError, explain
from ...reading.errors.pasted_text import MAX_BYTES
from ...reading.facts import Configuration
from ...translations.languages import translator
from ...translations.phrases import phrase
from ...translations.translator import Translator
from ..http.cache_headers import NO_STORE
from ..http.client import current_client
from ..http.client_memory import HELD, check_room
from ..http.media_types import JSON
from ..http.responses import HeldResponse, json, view_of
from ..http.routing import Form

EXPLAIN_FORM = Form(
    {"text": "An error message with its traceback, at most 64 KB."}, most=6 * MAX_BYTES + 2**10, media_type=JSON
)
"""In JSON, a byte of the text may take six: ``\\u0041``."""


async def explain_json(request: Request) -> Response:
    """What an error message about shapes says: the tensor, the axis, both sizes, likely causes, the picture. The text
    is sent by POST, so that it is in no URL or log."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, phrase("The body must be JSON (application/json), with a field “text”"))
    view, client = view_of(request), current_client.get()
    check_room(client)
    with HELD.holding(client, EXPLAIN_FORM.most):
        body = await request.body()
        content = await request.app.state.runner.quick(lambda: json(explanation_document(text_of(body), view)))
    return HeldResponse(content, media_type=JSON, headers={"Cache-Control": NO_STORE})


def text_of(body: bytes) -> str:
    """The text in a body. Raises HTTPException: 400 if there is none, 413 if it is too long."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    text = document.get("text") if isinstance(document, dict) else None
    if not isinstance(text, str):
        raise HTTPException(400, phrase("The body must be JSON (application/json), with a field “text”"))
    if len(text.encode()) > MAX_BYTES:
        raise HTTPException(413)
    return text


def explanation_document(text: str, view: View) -> dict[str, Any]:
    """/explain.json for a text, in the language of a View."""
    translate = translator(view.language)
    try:
        return {"found": True, **_found(explain(text), view, translate)}
    except NotFoundError as error:
        return {"found": False, "sentence": translate(error.args[0])}


def _found(explanation: Explanation, view: View, translate: Translator) -> dict[str, Any]:
    mismatch, network = explanation.mismatch, explanation.configuration
    picture = network and configuration.view_of(network, explanation.framework, explanation.batch_first)
    sizes = asdict(network or Configuration())
    del sizes["cell"]
    return {
        "framework": explanation.framework,
        "message": explanation.message,
        "tensor": mismatch.tensor,
        "axis": mismatch.axis,
        "expected": mismatch.expected,
        "got": mismatch.got,
        "sentence": translate(mismatch.sentence),
        "causes": [{"id": c.id, "sentence": translate(c.sentence), "fix": c.fix} for c in mismatch.causes],
        "sizes": sizes,
        "query": picture.query(lang=view.lang) if picture else None,
    }
