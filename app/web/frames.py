"""How much room a picture needs in a frame in a page of others."""

from app.web.view import View

NARROW, BY_ROOM = "narrow", "page"
"""The format for a phone, and the one that says that the room decides."""

NARROW_BELOW = 620
"""A frame that is less wide has the picture for a phone, see page.css."""


def with_controls(view: View) -> bool:
    return view.controls and "controls" not in view.hidden


def below_picture(view: View, format: str) -> int:
    """How many pixels stand below a picture: the link to its page, and the sliders."""
    sliders = 0 if not with_controls(view) else 148 if format == NARROW else 76
    return 36 + sliders
