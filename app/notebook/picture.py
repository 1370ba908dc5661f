"""The picture in a notebook: ``Picture(num_units=7)`` as the last line of a cell displays it."""

from html import escape

from ..diagram.painters.svg import svg
from ..diagram.theme import THEMES
from ..translations.languages import translator
from ..url_state.parsing import parse
from ..url_state_to_picture.picture_of_state import picture_of
from ..url_state_to_picture.sentence_above_picture import alt_text


class Picture:
    """The picture of a link. Keyword arguments are the fields of its query. Raises FieldError, a ValueError, if the
    query is not valid.

    >>> Picture(num_units=7).shapes["h"]
    (3, 7)
    """

    def __init__(self, **fields: str | int | bool) -> None:
        self._view = parse([(name, _text(value)) for name, value in fields.items()], strict=True)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every tensor of the cell in focus, by id, in the order of computation."""
        return self._view.program.shapes(self._view.sizes)

    @property
    def query(self) -> str:
        """The query of a link to the page."""
        return self._view.query()

    def __repr__(self) -> str:
        return f"Picture({self._description()})"

    def _repr_svg_(self) -> str:
        translate = translator(self._view.language)
        return svg(picture_of(self._view, translate=translate), THEMES[self._view.theme])

    def _repr_html_(self) -> str:
        return f"<figure>{self._repr_svg_()}<figcaption>{escape(self._description())}</figcaption></figure>"

    def _description(self) -> str:
        return alt_text(self._view, translator(self._view.language))


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
