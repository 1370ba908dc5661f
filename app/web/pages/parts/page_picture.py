"""The picture in the page, as SVG with the links over it."""

from functools import lru_cache

from ....translations.translator import Translator
from ....url_state.parsing import parse
from ....url_state.url_state import UrlState
from ....url_state_to_picture.picture_of_state import picture_of
from .links_and_accessible_names import LinkedPicture, linked_picture


def page_picture(state: UrlState, format: str, highlighted: frozenset[str], translate: Translator) -> LinkedPicture:
    """The picture with the links over it. ``highlighted``: the tensors that the text beside the picture names."""
    return linked_picture(state, picture_of(state, format, translate, arrays=False), highlighted)


def formats_like(state: UrlState, format: str) -> tuple[str, ...]:
    """The formats that have the same picture as ``format``, with itself."""
    return ("page", "wide") if format in ("page", "wide") and _is_wide_as_page(state.view) else (format,)


@lru_cache
def _is_wide_as_page(view: str) -> bool:
    """Whether a view has the same picture on a slide as in a page: it has if only the arrays make the difference."""
    one = parse([("view", view)], strict=True)
    return picture_of(one, "wide", arrays=False) == picture_of(one, "page", arrays=False)
