"""The picture as a file: SVG, PNG, PDF and TikZ."""

from starlette.requests import Request
from starlette.responses import Response

from ...diagram.elements import Picture
from ...diagram.painters.pdf import pdf
from ...diagram.painters.pdf_to_png import png
from ...diagram.painters.svg import svg
from ...diagram.painters.tikz import tikz
from ...diagram.theme import THEMES
from ...diagram.transforms.relabeling import in_language
from ...translations.languages import translator
from ...url_state.url_state import UrlState
from ...url_state_to_picture.model.model_url_state import ChainUrlState
from ...url_state_to_picture.picture_of_state import picture_of
from ..requests_and_responses.absolute_urls import absolute
from ..requests_and_responses.responses import respond_at_once, respond_by_length, respond_in_turn, url_state_of

SVG_FILE, PNG_FILE, PDF_FILE, TEX_FILE = "unrolled.svg", "unrolled.png", "unrolled.pdf", "unrolled.tex"
MODEL_FILE = "model.svg"
"""The names under which browsers save the files."""


def image_of(state: UrlState) -> Picture:
    """The picture in the format and the language of a UrlState."""
    return picture_of(state, translate=translator(state.language))


async def diagram_svg(request: Request) -> Response:
    """The picture as SVG."""
    state = url_state_of(request)
    return await respond_at_once(
        request, lambda: svg(image_of(state), THEMES[state.theme], not state.transparent), state=state
    )


async def model_svg(request: Request) -> Response:
    """The layers of a model as SVG, with the shape between each."""
    state = url_state_of(request)
    chain = ChainUrlState.of(state, request.query_params.multi_items())

    def make() -> str:
        picture = in_language(
            chain.picture("narrow" if state.format == "narrow" else "page").picture, translator(state.language)
        )
        return svg(picture, THEMES[state.theme], not state.transparent)

    return await respond_by_length(request, make)


async def diagram_png(request: Request) -> Response:
    """The picture as PNG, at scale times the size."""
    state = url_state_of(request)
    return await respond_in_turn(
        request, lambda: png(pdf_of(state, small=False), state.scale, state.transparent), "large", state
    )


async def diagram_pdf(request: Request) -> Response:
    """The picture as a one-page PDF for slides."""
    state = url_state_of(request)
    return await respond_in_turn(request, lambda: pdf_of(state), "large", state)


async def diagram_tex(request: Request) -> Response:
    """The picture as a LaTeX document, drawn with TikZ."""
    state = url_state_of(request)
    page = absolute(request, "/", state.query())
    return await respond_at_once(
        request, lambda: tikz(image_of(state), THEMES[state.theme], not state.transparent, page), state=state
    )


def pdf_of(state: UrlState, small: bool = True) -> bytes:
    """The picture as a PDF. ``small``: compress it."""
    return pdf(image_of(state), THEMES[state.theme], not state.transparent, small=small)
