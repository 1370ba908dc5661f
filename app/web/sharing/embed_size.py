"""The size of a frame for a picture in a page of another site."""

from functools import lru_cache
from math import floor

from ...size_expressions import maximum, minimum
from ...url_state.field_types import Number
from ...url_state.fields import SLIDERS
from ...url_state.url_state import UrlState
from ...url_state_to_picture.picture_of_state import size_of

NARROW, BY_ROOM = "narrow", "page"
"""The format for phones, and the one that chooses by the width of the frame."""

NARROW_BELOW = 620
"""The width in pixels below which a frame shows the picture for phones, see picture.css."""

MOST = 100_000
"""The largest width or height in pixels that a client may request."""

Extent = tuple[int, int]
"""Width and height in pixels."""


def with_controls(state: UrlState) -> bool:
    """Whether sliders are shown below the picture."""
    return state.controls and "controls" not in state.hidden


def sliders_below(state: UrlState) -> list[Number]:
    """The sizes that have a slider below the picture: in the view of a training only the one that it shows."""
    if not with_controls(state):
        return []
    return [field for field in SLIDERS if state.view != "training" or field.name == "num_units"]


def below_picture(state: UrlState, format: str) -> int:
    """The height in pixels of the link and the sliders below a picture."""
    sliders = len(sliders_below(state))
    return 36 + (0 if not sliders else 148 if format == NARROW and sliders > 1 else 76)


@lru_cache(256)
def frame_of(state: UrlState, format: str, maxwidth: int = MOST, maxheight: int = MOST, below: bool = True) -> Extent:
    """The size of a frame for a picture and, if ``below`` is true, for the link and the sliders below it: as large as
    the picture, scaled down to fit the limits."""
    (width, height), more = size_of(state, format), below_picture(state, format) if below else 0
    scale = minimum(1, maxwidth / width, max(1, maxheight - more) / height)
    return maximum(1, floor(scale * width)), maximum(1, floor(scale * height)) + more
