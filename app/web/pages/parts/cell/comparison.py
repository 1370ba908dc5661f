"""A typed cell beside another one: their numbers, and their pictures."""

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from .....core.axes import Axis
from .....core.stack import Stack
from .....diagram.shape_labels import shape_line
from .....diagram.transforms.marking import border_sign, marked
from .....diagram.transforms.relabeling import in_language
from .....equations.typed_cell import OWN
from .....own_cells.comparison import Doubled, beside, stack_beside
from .....own_cells.differences import only_in
from .....own_cells.sentence_above_picture import IN_A_SENTENCE
from .....query.field_types import Value
from .....query.fields import FIELDS
from .....query.parsing import nearest
from .....query.picture import picture_of
from .....query.text_field_types import CELL_TEXTS
from .....query.view import View
from .....translations.numbers import grouped
from .....translations.phrases import phrase
from .....translations.translator import Translator
from ..formatting import shape
from ..picture_links import LinkedPicture, as_svg, linked_picture
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


def beside_nearest(view: View) -> Beside:
    """A cell beside the nearest one that ships."""
    other = stack_beside(view.stack)
    return numbers_of(view, view.stack, other, view.query(beside=other.cell.id))


def numbers_of(view: View, first: Stack, second: Stack, link: str) -> Beside:
    """The numbers of two cells."""
    found = beside(first, second)
    titles = first.cell.short_title, second.cell.short_title
    rows = [
        ComparedRow(row.label, (_number(view, row.first), _number(view, row.second)), row.larger) for row in found.rows
    ]
    name = IN_A_SENTENCE.get(second.cell.id, titles[1])
    return Beside(name, titles, rows, found.doubled, link)


def _number(view: View, number: int | Axis) -> Markup | str:
    return shape(shape_line((number,), view.sizes)) if isinstance(number, Axis) else grouped(number)


@dataclass(frozen=True)
class ComparedCell:
    """One of two cells: its picture for a page, and its equations. ``link``: the query of its own page. ``only_here``:
    the border of operations that the other one lacks, if there are any."""

    title: str
    picture: LinkedPicture
    only_here: Markup | None
    rows: list[Row]
    link: str


def compared_cells(view: View, translate: Translator) -> tuple[tuple[ComparedCell, ComparedCell], Beside]:
    """The cell of a View and that which it names to compare with, at the sizes of the first one."""
    alone = with_values(view, beside="")
    text = CELL_TEXTS.get(view.beside, view.beside)
    other = with_values(view, beside="", equations=text)
    cells = _compared(alone, other, translate), _compared(other, alone, translate)
    return cells, numbers_of(view, alone.stack, other.stack, "")


def with_values(view: View, **changes: Value) -> View:
    """The View with other values, and with the nearest sizes that fit them."""
    values = {**view.values, **changes, "cell": OWN}
    return nearest(
        [(name, field.format(values[name])) for name, field in FIELDS.items() if values[name] != field.default]
    )


def _compared(view: View, other: View, translate: Translator) -> ComparedCell:
    own = only_in(view.program, other.program)
    picture = marked(picture_of(view, "narrow", translate, arrays=False), own)
    sign = as_svg(in_language(border_sign(ONLY_HERE), translate)) if own else None
    return ComparedCell(
        view.stack.cell.short_title, linked_picture(view, picture, frozenset()), sign, rows_of(view), view.query()
    )
