"""The cells of the gallery as links, grouped by what their state is."""

from functools import cache
from typing import NamedTuple

from .....core.program import capture
from .....diagram.theme import axis_role
from .....equations.cell_from_equations import cell_of
from .....equations.gallery.descriptions_and_sources import ENTRIES
from .....equations.gallery.entry import GROUPS, Entry
from .....url_state.url_state import UrlState


class Link(NamedTuple):
    """A cell of the gallery. ``roles``: the roles of the last two axes of its largest state, or of its only one."""

    entry: Entry
    roles: tuple[str, ...]
    is_current: bool


class Group(NamedTuple):
    """The cells with one kind of state."""

    title: str
    links: list[Link]


def gallery(url_state: UrlState) -> list[Group]:
    """The cells in groups; that with the equations of the UrlState is the current one."""
    links = [Link(entry, _roles(entry.text), entry.text == url_state.equations) for entry in ENTRIES.values()]
    return [Group(title, [link for link in links if link.entry.group == title]) for title in GROUPS]


@cache
def _roles(text: str) -> tuple[str, ...]:
    cell = cell_of(text)
    program = capture(cell)
    largest = max((program.by_id[state].axes[1:] for state in cell.states), key=len)
    return tuple(axis_role(axis.names[0], cell.own_sizes) for axis in largest[-2:])
