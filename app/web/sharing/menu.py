"""What the page offers to take along of what it shows."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from app.query.view import View
from app.translations.languages import translator
from app.web.http.links import absolute, is_for_this_machine, own_path
from app.web.sharing.frame_size import frame_of
from app.web.sharing.qr import LONGEST
from app.web.sharing.snippets import snippets


def shared(request: Request, view: View, language: str) -> dict[str, Any]:
    """The link as a code and as snippets, and whether there is a program to make a notebook of."""
    here, query = own_path(request.scope), view.query()
    link = absolute(request, here, query)
    return {
        "code": f"/qr.svg{_naming(here, query)}" if len(link) <= LONGEST else "",
        "link": link,
        "query": view.query(lang=language) if language != "en" else query,  # a file is in the language of its page
        "is_for_this_machine": is_for_this_machine(request),
        "snippets": list(snippets(request, view, frame_of(view, view.format), translator(language))),
        "is_framed": request.app.state.framed,
        "is_program": view.chosen_model.unsupported is None,
    }


def _naming(path: str, query: str) -> str:
    """A query that says which page it is of, unless it is the first one."""
    return f"?path={quote(path)}{query.replace('?', '&', 1)}" if path != "/" else query
