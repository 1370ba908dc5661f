"""/read.json: the layers of a model, read from its source code."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...reading.code.layers_in_order import read
from ...reading.code.reading_result import Reading
from ...reading.pasted_text_limits import MAX_SOURCE_BYTES, MAX_SOURCE_KILOBYTES
from ...url_state_to_picture.model.read_layer import layer_document
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.posted_form import respond_to_text
from ..requests_and_responses.responses import url_state_of
from ..requests_and_responses.routing import Form

READ_FORM = Form(
    {"source": f"Python source code, at most {MAX_SOURCE_KILOBYTES} KB."}, most=2 * MAX_SOURCE_BYTES, media_type=JSON
)
"""In JSON a line break, a quotation mark and a backslash take two bytes."""


async def read_json(request: Request) -> Response:
    """The layers of a model in the order of its forward pass, with the shape between each. They are read from Python
    source code, which is parsed and never executed. It is sent by POST, so that it is in no URL or log."""
    url_state_of(request)
    return await respond_to_text(request, READ_FORM, MAX_SOURCE_BYTES, lambda source: document_of(read(source)))


def document_of(reading: Reading) -> dict[str, Any]:
    """/read.json."""
    return {
        "layers": [layer_document(layer) for layer in reading.layers],
        "models": [
            {"name": name or None, "first": first, "line": line}
            for name, first, line in zip(reading.names, reading.starts, reading.calls, strict=True)
        ],
        "unknown": [{"line": one.line, "text": one.text, "reason": one.reason} for one in reading.unknown],
    }
