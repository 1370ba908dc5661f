"""Texts that put the picture into other pages: each is pasted as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import escape
from starlette.requests import Request

from ...query.alt_text import alt_text, escape_markdown
from ...query.view import View
from ...translations.translator import Translator
from ..http.links import absolute
from .frame_size import Extent


@dataclass(frozen=True)
class Snippet:
    """``where`` it goes, and its ``text``."""

    id: str
    where: str
    text: str


def snippets(request: Request, view: View, extent: Extent, translate: Translator) -> Iterator[Snippet]:
    """For each place one. ``extent`` is that of the frame; where no other site may have one it is an image."""
    query = view.query()
    frame, page = absolute(request, "/embed", query), absolute(request, "/", query)
    image = absolute(request, "/diagram.png", query)
    width, height = extent
    text = alt_text(view, translate)
    shown, title = escape(frame), escape(text)
    markdown = Snippet("markdown", "Markdown", f"[![{escape_markdown(text)}]({_closed(image)})]({_closed(page)})")
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
        f'<iframe src="{shown}" title="{title}" loading="lazy" '
        f'style="width: 100%; aspect-ratio: {width} / {height}; border: 0"></iframe>\n'
        f'<script src="{script}" async></script>',
    )
    # attributes alone: the editors of learning platforms take styles out
    yield Snippet(
        "platform",
        "Moodle, Canvas",
        f'<iframe src="{shown}" title="{title}" width="100%" height="{height}" allowfullscreen></iframe>',
    )
    yield markdown
    yield Snippet(
        "jupyter",
        "Jupyter",
        f'from IPython.display import IFrame\n\nIFrame("{frame}", width="100%", height={height})',
    )


def _closed(link: str) -> str:
    """A link between brackets of Markdown, with none of its own."""
    return link.replace("(", "%28").replace(")", "%29")
