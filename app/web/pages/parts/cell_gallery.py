"""The cells of the gallery as links, grouped by what their state is."""

from functools import cache
from typing import NamedTuple

from ....core.program import capture
from ....equations.resolver import cell_of
from ....query.text_field_types import CELL_TEXTS
from ....query.view import View
from ....translations.phrases import phrase

KINDS = (phrase("the state is a vector"), phrase("a matrix"), phrase("a matrix for each head"))
"""What the largest state of a cell is in one sample, by its number of axes."""


class Entry(NamedTuple):
    """A cell of the gallery. ``axes``: the axes of its largest state in one sample."""

    id: str
    title: str
    source: str
    text: str
    axes: tuple[str, ...]


class Link(NamedTuple):
    """A link to a cell of the gallery."""

    entry: Entry
    is_current: bool


class Group(NamedTuple):
    """The cells with one kind of state."""

    kind: str
    links: list[Link]


@cache
def entries() -> tuple[Entry, ...]:
    """All cells, those that ship first."""
    return tuple(_entry(id, text) for id, text in CELL_TEXTS.items())


def _entry(id: str, text: str) -> Entry:
    cell = cell_of(text)
    program = capture(cell)
    largest = max((program.by_id[state].axes[1:] for state in cell.states), key=len)
    return Entry(id, cell.short_title, cell.source, cell.text, tuple(map(str, largest)))


def gallery(view: View) -> list[Group]:
    """The cells in groups; that with the equations of the View is the current one."""
    groups: dict[int, list[Link]] = {n: [] for n in range(1, len(KINDS) + 1)}
    for entry in entries():
        groups[min(len(entry.axes), len(KINDS))].append(Link(entry, entry.text == view.equations))
    return [Group(KINDS[n - 1], links) for n, links in groups.items()]
