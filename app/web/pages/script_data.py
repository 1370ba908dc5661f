"""/static/<build>/data/<language>.js: the table of fields, the phrases that scripts show, and the parts of a room. They
are the same on every page of a language, so browsers load them once and not with each page."""

from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...translations.languages import LANGUAGES
from ..http.cache_headers import IMMUTABLE, REVALIDATED
from ..http.installed_files import build
from ..http.links import linked_path
from ..http.responses import respond_at_once
from .parts.controls import field_table
from .templates import templates


async def script_data(request: Request, mark: str, lang: str) -> Response:
    """The data of the scripts, in a language."""
    if lang not in LANGUAGES:
        raise HTTPException(404)
    script = templates.get_template("script_phrases.html")
    caching = IMMUTABLE if mark == build() else REVALIDATED
    context = {"lang": lang, "fields": field_table(), "root": linked_path(""), "kept": "", "room": ""}
    return await respond_at_once(request, lambda: script.render(context), caching)
