"""A typed cell beside another one: their numbers, and their pictures."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from .....core.axes import Axis
from .....core.stack import Stack
from .....diagram.shape_labels import shape_line
from .....diagram.transforms.marking import border_sign, marked
from .....diagram.transforms.relabeling import in_language
from .....equations.cell_from_equations import OWN
from .....translations.numbers import grouped
from .....translations.phrases import phrase
from .....translations.translator import Translator
from .....typed_cells.comparison_table import Doubled, beside, stack_beside
from .....typed_cells.differing_operations import only_in
from .....typed_cells.sentence_above_typed_cell import IN_A_SENTENCE
from .....url_state.field_types import Value
from .....url_state.fields import FIELDS
from .....url_state.parsing import nearest
from .....url_state.text_field_types import CELL_TEXTS
from .....url_state.url_state import UrlState
from .....url_state_to_picture.picture_of_state import picture_of
from ..formatting import shape
from ..links_and_accessible_names import LinkedPicture, as_svg, linked_picture
from .mathematics import Row, rows_of

ONLY_HERE = phrase("only in this one")


class ComparedRow(NamedTuple):
    """A number of both cells. ``larger``: which one has more, 0 or 1, if any."""

    label: str
    numbers: tuple[Markup | str, Markup | str]
    larger: int | None


@dataclass(frozen=True)
class Beside:
    """The numbers of a cell beside those of another one, which has a ``name`` in sentences. ``link``: the query of the
    page with both pictures."""

    name: str
    titles: tuple[str, str]
    rows: list[ComparedRow]
    doubled: tuple[Doubled, ...]
    link: str


def beside_nearest(state: UrlState) -> Beside:
    """A cell beside the nearest one that ships."""
    other = stack_beside(state.stack)
    return numbers_of(state, state.stack, other, state.query(beside=other.cell.id))


def numbers_of(state: UrlState, first: Stack, second: Stack, link: str) -> Beside:
    """The numbers of two cells."""
    found = beside(first, second)
    titles = first.cell.short_title, second.cell.short_title
    rows = [
        ComparedRow(row.label, (_number(state, row.first), _number(state, row.second)), row.larger)
        for row in found.rows
    ]
    name = IN_A_SENTENCE.get(second.cell.id, titles[1])
    return Beside(name, titles, rows, found.doubled, link)


def _number(state: UrlState, number: int | Axis) -> Markup | str:
    return shape(shape_line((number,), state.sizes)) if isinstance(number, Axis) else grouped(number)


@dataclass(frozen=True)
class ComparedCell:
    """One of two cells: its picture for a page, and its equations. ``link``: the query of its own page. ``only_here``:
    the border of operations that the other one lacks, if there are any."""

    title: str
    picture: LinkedPicture
    only_here: Markup | None
    rows: list[Row]
    link: str


def compared_cells(state: UrlState, translate: Translator) -> tuple[tuple[ComparedCell, ComparedCell], Beside]:
    """The cell of a UrlState and that which it names to compare with, at the sizes of the first one."""
    alone = with_values(state, beside="")
    text = CELL_TEXTS.get(state.beside, state.beside)
    other = with_values(state, beside="", equations=text)
    cells = _compared(alone, other, translate), _compared(other, alone, translate)
    return cells, numbers_of(state, alone.stack, other.stack, "")


def with_values(state: UrlState, **changes: Value) -> UrlState:
    """The UrlState with other values, and with the nearest sizes that fit them."""
    values = {**state.values, **changes, "cell": OWN}
    return nearest(
        [(name, field.format(values[name])) for name, field in FIELDS.items() if values[name] != field.default]
    )


def _compared(state: UrlState, other: UrlState, translate: Translator) -> ComparedCell:
    own = only_in(state.program, other.program)
    picture = marked(picture_of(state, "narrow", translate, arrays=False), own)
    sign = as_svg(in_language(border_sign(ONLY_HERE), translate)) if own else None
    return ComparedCell(
        state.stack.cell.short_title, linked_picture(state, picture, frozenset()), sign, rows_of(state), state.query()
    )
