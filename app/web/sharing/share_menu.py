"""The Share menu."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request

from ...size_expressions import length
from ...translations.languages import translator
from ...url_state.url_state import UrlState
from ..requests_and_responses.absolute_urls import absolute, own_path
from .embed_size import frame_of
from .qr import LONGEST
from .snippets import Snippet, snippets


@dataclass(frozen=True)
class ShareMenu:
    """The Share menu. ``code``: the path of the QR code of ``link``, empty if the link is too long for one; ``query``:
    that of the files; ``downloads``: the names of the files by path; ``longest``: how many characters a link
    with a code has at most."""

    code: str
    link: str
    query: str
    downloads: dict[str, str]
    is_framed: bool
    has_program: bool
    snippets: list[Snippet]
    longest: int = LONGEST


def share_menu(request: Request, state: UrlState, language: str) -> ShareMenu:
    here, query = own_path(request.scope), state.query()
    link = absolute(request, here, query)
    return ShareMenu(
        code=f"/qr.svg{_with_path(here, query)}" if length(link) <= LONGEST else "",
        link=link,
        query=state.query(lang=language) if language != "en" else query,  # a file is in the language of its page
        downloads=request.app.state.routes.downloads,
        is_framed=request.app.state.framed,
        has_program=state.chosen_model.unsupported is None,
        snippets=list(snippets(request, state, frame_of(state, state.format), translator(language))),
    )


def _with_path(path: str, query: str) -> str:
    """A query that also names the page, unless it is the main page."""
    return f"?path={quote(path)}{query.replace('?', '&', 1)}" if path != "/" else query
