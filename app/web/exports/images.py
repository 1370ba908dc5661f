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
from ...query.chain.view import ChainView
from ...query.picture import picture_of
from ...query.view import View
from ...translations.languages import translator
from ..requests_and_responses.absolute_urls import absolute
from ..requests_and_responses.responses import respond_at_once, respond_by_length, respond_in_turn, view_of


def image_of(view: View) -> Picture:
    """The picture in the format and the language of a View."""
    return picture_of(view, translate=translator(view.language))


async def diagram_svg(request: Request) -> Response:
    """The picture as SVG."""
    view = view_of(request)
    return await respond_at_once(
        request, lambda: svg(image_of(view), THEMES[view.theme], not view.transparent), view=view
    )


async def model_svg(request: Request) -> Response:
    """The layers of a model as SVG, with the shape between each."""
    view = view_of(request)
    chain = ChainView.of(view, request.query_params.multi_items())

    def make() -> str:
        picture = in_language(
            chain.picture("narrow" if view.format == "narrow" else "page").picture, translator(view.language)
        )
        return svg(picture, THEMES[view.theme], not view.transparent)

    return await respond_by_length(request, make)


async def diagram_png(request: Request) -> Response:
    """The picture as PNG, at scale times the size."""
    view = view_of(request)
    return await respond_in_turn(
        request, lambda: png(pdf_of(view, small=False), view.scale, view.transparent), "large", view
    )


async def diagram_pdf(request: Request) -> Response:
    """The picture as a one-page PDF for slides."""
    view = view_of(request)
    return await respond_in_turn(request, lambda: pdf_of(view), "large", view)


async def diagram_tex(request: Request) -> Response:
    """The picture as a LaTeX document, drawn with TikZ."""
    view = view_of(request)
    page = absolute(request, "/", view.query())
    return await respond_at_once(
        request, lambda: tikz(image_of(view), THEMES[view.theme], not view.transparent, page), view=view
    )


def pdf_of(view: View, small: bool = True) -> bytes:
    """The picture as a PDF. ``small``: compress it."""
    return pdf(image_of(view), THEMES[view.theme], not view.transparent, small=small)
