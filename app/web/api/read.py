"""/read.json: the layers of a model, read from its source code."""

from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...query.read_layer import query_of
from ...reading.code.chain import Chain, ReadLayer, read
from ...reading.code.source_text import MOST_BYTES
from ...translations.phrases import phrase
from ..http.cache_headers import NO_STORE
from ..http.client import current_client
from ..http.client_memory import HELD, check_room
from ..http.media_types import JSON
from ..http.responses import HeldResponse, json, view_of
from ..http.routing import Form

READ_FORM = Form({"source": "Python source code, at most 256 KB."}, most=2 * MOST_BYTES, media_type=JSON)
"""In JSON a line break, a quotation mark and a backslash take two bytes."""

SHORT = 2**15
"""Bytes of a body that takes milliseconds. A longer one waits behind pages that take longer, too."""

NO_SOURCE = phrase("The body must be JSON (application/json), with a field “source”")


async def read_json(request: Request) -> Response:
    """The layers of a model in the order of its forward pass, with the shape between each. They are read from Python
    source code, which is parsed and never executed. It is sent by POST, so that it is in no URL or log."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise HTTPException(415, NO_SOURCE)
    view_of(request)
    client, runner = current_client.get(), request.app.state.runner
    check_room(client)
    with HELD.holding(client, READ_FORM.most):
        body = await request.body()
        queue = "quick" if len(body) <= SHORT else "long"
        content = await runner.in_turn(lambda: json(document_of(read(source_in(body)))), queue)
    return HeldResponse(content, media_type=JSON, headers={"Cache-Control": NO_STORE})


def source_in(body: bytes) -> str:
    """The source in a body. Raises HTTPException: 400 if there is none, 413 if it is too long."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    source = document.get("source") if isinstance(document, dict) else None
    if not isinstance(source, str):
        raise HTTPException(400, NO_SOURCE)
    if len(source.encode()) > MOST_BYTES:
        raise HTTPException(413)
    return source


def document_of(chain: Chain) -> dict[str, Any]:
    """/read.json."""
    return {
        "layers": [layer_document(layer) for layer in chain.layers],
        "unknown": [{"line": unknown.line, "text": unknown.text} for unknown in chain.unknown],
    }


def layer_document(layer: ReadLayer) -> dict[str, Any]:
    """A layer of the chain. ``query`` leads to the page about exactly this recurrent layer."""
    return {
        "name": layer.name,
        "kind": layer.kind,
        "framework": layer.framework,
        "config": layer.config,
        "input": layer.input,
        "output": layer.output,
        "line": layer.line,
        "query": query_of(layer),
    }
