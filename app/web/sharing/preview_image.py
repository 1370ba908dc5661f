"""/preview.png: the image that other sites show for a link."""

from starlette.requests import Request
from starlette.responses import Response

from ...diagram.painters.pdf import pdf
from ...diagram.painters.pdf_to_png import png
from ...diagram.theme import THEMES
from ..exports.picture_files import image_of
from ..requests_and_responses.responses import respond_in_turn, url_state_of

PREVIEW_SIZE = 1200, 630
"""Width and height of the preview image in pixels, as social networks recommend."""


async def preview_png(request: Request) -> Response:
    """The picture in the middle of 1200 × 630 pixels, for link previews."""
    state = url_state_of(request)
    return await respond_in_turn(
        request,
        lambda: png(pdf(image_of(state), THEMES[state.theme], page_size=PREVIEW_SIZE, small=False)),
        "large",
        state,
    )
