"""The Share menu."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request

from ...query.view import View
from ...translations.languages import translator
from ..http.links import absolute, is_for_this_machine, own_path
from .frame_size import frame_of
from .qr import LONGEST
from .snippets import Snippet, snippets


@dataclass(frozen=True)
class ShareMenu:
    """What the page offers to share: ``link`` as text and as the path of a QR code, unless it is too long for one;
    ``query`` of the files, and ``downloads``, their names by path; ``is_local``: the link leads only this
    machine here."""

    code: str
    link: str
    query: str
    downloads: dict[str, str]
    is_local: bool
    is_framed: bool
    has_program: bool
    snippets: list[Snippet]


def share_menu(request: Request, view: View, language: str) -> ShareMenu:
    here, query = own_path(request.scope), view.query()
    link = absolute(request, here, query)
    return ShareMenu(
        code=f"/qr.svg{_naming(here, query)}" if len(link) <= LONGEST else "",
        link=link,
        query=view.query(lang=language) if language != "en" else query,  # a file is in the language of its page
        downloads=request.app.state.routes.downloads,
        is_local=is_for_this_machine(request),
        is_framed=request.app.state.framed,
        has_program=view.chosen_model.unsupported is None,
        snippets=list(snippets(request, view, frame_of(view, view.format), translator(language))),
    )


def _naming(path: str, query: str) -> str:
    """A query that says which page it is of, unless it is the first one."""
    return f"?path={quote(path)}{query.replace('?', '&', 1)}" if path != "/" else query
