"""The picture in the page, as SVG with the links over it."""

from functools import lru_cache

from ....query.parsing import parse
from ....query.picture import picture_of
from ....query.view import View
from ....translations.translator import Translator
from .picture_links import LinkedPicture, linked_picture


def page_picture(view: View, format: str, highlighted: frozenset[str], translate: Translator) -> LinkedPicture:
    """The picture with the links over it. ``highlighted``: the tensors that the text beside the picture names."""
    return linked_picture(view, picture_of(view, format, translate, arrays=False), highlighted)


def formats_like(view: View, format: str) -> tuple[str, ...]:
    """The formats that have the same picture as ``format``, with itself."""
    return ("page", "wide") if format in ("page", "wide") and _is_wide_as_page(view.view) else (format,)


@lru_cache
def _is_wide_as_page(view: str) -> bool:
    """Whether a view has the same picture on a slide as in a page: it has if only the arrays make the difference."""
    one = parse([("view", view)], strict=True)
    return picture_of(one, "wide", arrays=False) == picture_of(one, "page", arrays=False)
