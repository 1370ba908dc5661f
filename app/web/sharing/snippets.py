"""Snippets to paste that put the picture into other pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import escape
from starlette.requests import Request

from ...translations.translator import Translator
from ...url_state.url_state import UrlState
from ...url_state_to_picture.sentence_above_picture import alt_text
from ..requests_and_responses.absolute_urls import absolute
from .embed_size import Extent
from .markdown import escape_markdown


@dataclass(frozen=True)
class Snippet:
    """A ``text`` to paste, and ``where``: the format or platform."""

    id: str
    where: str
    text: str


def snippets(request: Request, state: UrlState, extent: Extent, translate: Translator) -> Iterator[Snippet]:
    """A snippet for each format. ``extent`` is the size of the frame; if other sites may not frame pages, the snippets
    have an image instead."""
    query = state.query()
    frame, page = absolute(request, "/embed", query), absolute(request, "/", query)
    image = absolute(request, "/diagram.png", query)
    width, height = extent
    text = alt_text(state, translate)
    source, title = escape(frame), escape(text)
    markdown_link = f"[![{escape_markdown(text)}]({_without_parentheses(image)})]({_without_parentheses(page)})"
    markdown = Snippet("markdown", "Markdown", markdown_link)
    if not request.app.state.framed:
        yield Snippet(
            "html", "HTML, Moodle, Canvas", f'<a href="{escape(page)}"><img src="{escape(image)}" alt="{title}"></a>'
        )
        yield markdown
        yield Snippet("jupyter", "Jupyter", f'from IPython.display import Image\n\nImage(url="{image}")')
        return
    script = escape(absolute(request, "/static/any/js/embed.js"))
    yield Snippet(
        "html",
        "HTML",
        f'<iframe src="{source}" title="{title}" loading="lazy" '
        f'style="width: 100%; aspect-ratio: {width} / {height}; border: 0"></iframe>\n'
        f'<script src="{script}" async></script>',
    )
    # only attributes: the editors of learning platforms remove styles
    yield Snippet(
        "platform",
        "Moodle, Canvas",
        f'<iframe src="{source}" title="{title}" width="100%" height="{height}" allowfullscreen></iframe>',
    )
    yield markdown
    yield Snippet(
        "jupyter",
        "Jupyter",
        f'from IPython.display import IFrame\n\nIFrame("{frame}", width="100%", height={height})',
    )


def _without_parentheses(link: str) -> str:
    """A link with its parentheses percent-encoded, since Markdown puts links in parentheses."""
    return link.replace("(", "%28").replace(")", "%29")
