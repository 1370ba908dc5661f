"""oEmbed: the picture of a link, in a frame, for sites that show links."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ...query.field_types import FieldError, Number
from ...query.parsing import parse
from ...query.view import View
from ..exports.images import CARD
from ..http.caching import A_WHILE
from ..http.links import site
from ..http.responses import json, respond_at_once
from .frame_size import BY_ROOM, MOST, NARROW, NARROW_BELOW, frame_of
from .preview import title_of


async def oembed(request: Request) -> Response:
    """The picture of a link to this site, for who shows it within a page of his own; give url."""
    given = request.query_params
    if given.get("format", "json") != "json":
        raise HTTPException(501)
    most = {name: limit(name, given[name]) for name in ("maxwidth", "maxheight") if name in given}
    view = view_at(request, given.get("url"))
    return await respond_at_once(request, lambda: json(framed(request, view, **most)))


def limit(name: str, text: str) -> int:
    """A number of pixels. Raises FieldError."""
    return Number(name, 1, "", 1, MOST).parse(text)


def view_at(request: Request, url: str | None) -> View:
    """The View that a link of ours asks for. 404 where it is not ours, or shows no picture."""
    if url is None:
        raise FieldError("url", None, "url is missing; give the link that is to be shown", "a link to this site")
    at = site(request)
    try:
        asked, own = urlsplit(url), urlsplit(at)
        if asked.scheme not in ("http", "https") or asked.netloc != own.netloc:
            raise HTTPException(404)
        if (
            not asked.path.startswith(own.path)
            or not request.app.state.routes.kind(asked.path.removeprefix(own.path) or "/").has_picture
        ):
            raise HTTPException(404)
        return parse(parse_qsl(asked.query, keep_blank_values=True), strict=False)
    except ValueError:  # FieldError is one: that link shows no picture either
        raise HTTPException(404) from None


def framed(request: Request, view: View, maxwidth: int = MOST, maxheight: int = MOST) -> dict[str, Any]:
    """What oEmbed 1.0 says of a link: a frame where other sites may have one, or else an image."""
    at, language, in_frame = site(request), view.language, request.app.state.framed
    format = NARROW if view.format == BY_ROOM and maxwidth < NARROW_BELOW else view.format
    width, height = frame_of(view, format, maxwidth, maxheight, below=in_frame)
    said = {"version": "1.0", "provider_name": "Unrolled", "provider_url": f"{at}/", "cache_age": A_WHILE}
    said |= {"title": title_of(view, language), "width": width, "height": height}
    if not in_frame:
        return said | {"type": "photo", "url": f"{at}/diagram.png{view.query(format=format)}"}
    if CARD[0] <= maxwidth and CARD[1] <= maxheight:
        image = f"{at}/preview.png{view.query()}"
        said |= {"thumbnail_url": image, "thumbnail_width": CARD[0], "thumbnail_height": CARD[1]}
    return said | {"type": "rich", "html": FRAME.format(at + "/embed" + view.query(), width, height, said["title"])}


FRAME = Markup(
    '<iframe src="{0}" width="{1}" height="{2}" title="{3}" loading="lazy" '
    'style="border:0;width:100%;max-width:{1}px;height:auto;aspect-ratio:{1}/{2}"></iframe>'
)
"""As large as it may be, and less where there is less room; static/js/embed.js then corrects its height."""
