"""How much room a picture needs in a frame in a page of others."""

from functools import lru_cache

from ...query.picture import picture_of
from ...query.view import View

NARROW, BY_ROOM = "narrow", "page"
"""The format for a phone, and the one that says that the room decides."""

NARROW_BELOW = 620
"""A frame that is less wide has the picture for a phone, see picture.css."""

MOST = 100_000
"""Pixels that anybody may ask for."""

Extent = tuple[int, int]
"""Width and height in pixels."""


def with_controls(view: View) -> bool:
    return view.controls and "controls" not in view.hidden


def below_picture(view: View, format: str) -> int:
    """How many pixels stand below a picture: the link to its page, and the sliders."""
    sliders = 0 if not with_controls(view) else 148 if format == NARROW else 76
    return 36 + sliders


@lru_cache(256)
def frame_of(view: View, format: str, maxwidth: int = MOST, maxheight: int = MOST, below: bool = True) -> Extent:
    """How large a frame is to be that shows a picture, and where ``below`` is so, what stands below it, as large as it
    may be."""
    picture, more = picture_of(view, format), below_picture(view, format) if below else 0
    scale = min(1, maxwidth / picture.width, max(1, maxheight - more) / picture.height)
    return max(1, int(scale * picture.width)), max(1, int(scale * picture.height)) + more
