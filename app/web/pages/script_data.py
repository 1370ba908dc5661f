"""/static/<build>/data/<language>.js: the table of fields, the phrases that scripts show, and the parts of a room. They
are the same on every page of a language, so browsers load them once and not with each page. The phrases about model
files are in data/files/<language>.js, for the pages that open these."""

from typing import Any

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...reading.code.source_text import TOO_LONG
from ...translations.languages import LANGUAGES
from ...url_state.combinations_of_fields import PARENTS
from ...url_state.field_types import Field, Index, Number
from ...url_state.fields import FIELDS
from ..requests_and_responses.absolute_urls import linked_path
from ..requests_and_responses.browser_caching import caching_of_build
from ..requests_and_responses.responses import respond_at_once
from .rendering import templates


async def script_data(request: Request, mark: str, lang: str) -> Response:
    """The data of the scripts, in a language."""
    places = {"root": linked_path(""), "kept": "", "room": ""}
    context = {"fields": field_table(), "too_long": TOO_LONG} | places
    return await _respond(request, mark, lang, "script_phrases.html", context)


async def file_phrases(request: Request, mark: str, lang: str) -> Response:
    """The phrases of the pages that open model files, in a language."""
    return await _respond(request, mark, lang, "model_file_phrases.html", {})


async def _respond(request: Request, mark: str, lang: str, template: str, context: dict[str, Any]) -> Response:
    if lang not in LANGUAGES:
        raise HTTPException(404)
    script = templates.get_template(template)
    return await respond_at_once(request, lambda: script.render(lang=lang, **context), caching_of_build(mark))


def field_table() -> list[dict[str, Any]]:
    """The table of fields for the browser's scripts, as JSON."""
    wholes = {name: parent for name, parent in PARENTS.items() if parent != "model"}  # no script changes a model
    return [{"name": f.name, "default": f.default, "whole": wholes.get(f.name)} | limits(f) for f in FIELDS.values()]


def limits(field: Field) -> dict[str, Any]:
    """The part of an entry for a number: the field that it must stay below, and the stops of its slider."""
    if isinstance(field, Index):
        return {"below": field.below}
    if not isinstance(field, Number):
        return {}
    stops = field.stops() if field.slider else None
    return {"below": field.below, "stops": stops}
