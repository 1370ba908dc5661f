"""/explain.json: explains a pasted error message."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...reading.errors.explanation import Explanation, NotFoundError, explain
from ...reading.facts_about_sizes import common_sizes
from ...reading.pasted_text_limits import MAX_ERROR_BYTES, MAX_ERROR_KILOBYTES
from ...translations.languages import translator
from ...translations.phrases import joined_sentences
from ...translations.translator import Translator
from ...url_state import state_of_configuration as configuration
from ...url_state.url_state import UrlState
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.posted_form import respond_to_text
from ..requests_and_responses.responses import url_state_of
from ..requests_and_responses.routing import Form

EXPLAIN_FORM = Form(
    {"text": f"An error message with its traceback, at most {MAX_ERROR_KILOBYTES} KB."},
    most=6 * MAX_ERROR_BYTES + 2**10,
    media_type=JSON,
)
"""In JSON, a byte of the text may take six: ``\\u0041``."""


async def explain_json(request: Request) -> Response:
    """What an error message about shapes says: the tensor, the axis, both sizes, likely causes, the picture. The text
    is sent by POST, so that it is in no URL or log."""
    state = url_state_of(request)
    return await respond_to_text(request, EXPLAIN_FORM, MAX_ERROR_BYTES, lambda text: explanation_document(text, state))


def explanation_document(text: str, state: UrlState) -> dict[str, Any]:
    """/explain.json for a text, in the language of a UrlState."""
    translate = translator(state.language)
    try:
        return {"found": True, **_found(explain(text), state, translate)}
    except NotFoundError as error:
        return {"found": False, "sentence": translate(error.sentence)}


def _found(explanation: Explanation, state: UrlState, translate: Translator) -> dict[str, Any]:
    mismatch, network = explanation.mismatch, explanation.configuration
    picture = network and configuration.state_of_error(explanation, network)
    sizes = asdict(common_sizes(explanation.configurations))
    del sizes["cell"]
    sizes.update(dict.fromkeys(explanation.open_sizes))
    return {
        "framework": explanation.framework,
        "message": explanation.message,
        "tensor": mismatch.tensor,
        "axis": mismatch.axis,
        "expected": mismatch.expected,
        "got": mismatch.got,
        "sentence": translate(joined_sentences(mismatch.sentences)),
        "causes": [
            {"id": c.id, "sentence": translate(c.sentence), "fix": "\n".join(fix for _, fix in c.lines)}
            for c in mismatch.causes
        ],
        "sizes": sizes,
        "query": picture.query(lang=state.lang) if picture else None,
    }
