"""oEmbed 1.0: the picture of a link in a frame, for sites that show previews of links."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...url_state.field_types import FieldError, Number
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ..requests_and_responses.absolute_urls import site
from ..requests_and_responses.browser_caching import MAX_AGE
from ..requests_and_responses.responses import json, respond_at_once
from .embed_size import BY_ROOM, MOST, NARROW, NARROW_BELOW, frame_of
from .link_preview import title_of
from .preview_image import PREVIEW_SIZE


async def oembed(request: Request) -> Response:
    """The oEmbed response for a link to this site; url is required."""
    query = request.query_params
    if query.get("format", "json") != "json":
        raise HTTPException(501)
    limits = {name: limit(name, query[name]) for name in ("maxwidth", "maxheight") if name in query}
    state = state_at(request, query.get("url"))
    return await respond_at_once(request, lambda: json(oembed_document(request, state, **limits)))


def limit(name: str, text: str) -> int:
    """A number of pixels in the query. Raises FieldError."""
    return Number(1, "", 1, MOST, name=name).parse(text)


def state_at(request: Request, url: str | None) -> UrlState:
    """The UrlState of a link to this site. Raises HTTPException, 404, if it is not a link to a page with a picture."""
    if url is None:
        raise FieldError("url", None, "url is required: the link to embed", "a link to this site")
    at = site(request)
    try:
        link, own = urlsplit(url), urlsplit(at)
        if link.scheme not in ("http", "https") or link.netloc != own.netloc:
            raise HTTPException(404)
        if (
            not link.path.startswith(own.path)
            or not request.app.state.routes.kind(link.path.removeprefix(own.path) or "/").has_picture
        ):
            raise HTTPException(404)
        return parse(parse_qsl(link.query, keep_blank_values=True), strict=False)
    except ValueError:  # such as FieldError: an invalid link shows no picture either
        raise HTTPException(404) from None


def oembed_document(request: Request, state: UrlState, maxwidth: int = MOST, maxheight: int = MOST) -> dict[str, Any]:
    """The oEmbed document of a link: a frame if other sites may have one, else an image."""
    at, language, in_frame = site(request), state.language, request.app.state.framed
    format = NARROW if state.format == BY_ROOM and maxwidth < NARROW_BELOW else state.format
    width, height = frame_of(state, format, maxwidth, maxheight, below=in_frame)
    document = {"version": "1.0", "provider_name": "Unrolled", "provider_url": f"{at}/", "cache_age": MAX_AGE}
    document |= {"title": title_of(state, language), "width": width, "height": height}
    if not in_frame:
        return document | {"type": "photo", "url": f"{at}/diagram.png{state.query(format=format)}"}
    if PREVIEW_SIZE[0] <= maxwidth and PREVIEW_SIZE[1] <= maxheight:
        image = f"{at}/preview.png{state.query()}"
        document |= {"thumbnail_url": image, "thumbnail_width": PREVIEW_SIZE[0], "thumbnail_height": PREVIEW_SIZE[1]}
    frame = FRAME.format(at + "/embed" + state.query(), width, height, document["title"])
    return document | {"type": "rich", "html": frame}


FRAME = Markup(
    '<iframe src="{0}" width="{1}" height="{2}" title="{3}" loading="lazy" '
    'style="border:0;width:100%;max-width:{1}px;height:auto;aspect-ratio:{1}/{2}"></iframe>'
)
"""A frame that shrinks with its container; static/js/embed.js then corrects its height."""
