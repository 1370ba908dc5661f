"""Links to the previous and the next sample, unit or number."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ....core.axes import BATCH_SIZE
from ....core.program import Tensor
from ....translations.phrases import phrase
from ....url_state.field_types import Value
from ....url_state.url_state import UrlState
from ....url_state_to_picture.tensor_values import COLUMNS, ROWS

FEW = 12
"""How many samples or units are all listed to choose from; of more, only some are."""

SIZES = {"sample": "batch_size", "unit": "num_units"}
"""The fields for what can be followed, each with its size."""

NOUNS = {"sample": phrase("sample"), "unit": phrase("unit"), "component": phrase("component")}
"""The noun for each kind of pager."""


@dataclass(frozen=True)
class Pager:
    """The current item, if any, of items from 0 to ``last``, with the queries of the previous and the next one, of no
    item (``none``), and of some that are farther away, each with its distance (``far``)."""

    name: str
    size: str
    index: int | None
    last: int
    before: str | None
    after: str | None
    none: str | None = None
    far: list[tuple[int, str]] = field(default_factory=list)


def pager(state: UrlState, name: str, t: Tensor | None = None) -> Pager:
    """The pager through samples or units. ``t``: the tensor whose values are shown, by default the selected one."""
    index, size = vars(state)[name], SIZES[name]
    found = neighbours(name, size, index, state.sizes[size] - 1, lambda other: following(state, name, other, t))
    return found if index is None else replace(found, none=state.query(**{name: None}))


def neighbours(name: str, size: str, index: int | None, last: int, link: Callable[[int], str]) -> Pager:
    """A pager with the links to the previous and the next item. ``link``: the query of an item."""
    at = -1 if index is None else index
    return Pager(
        name=NOUNS[name],
        size=size,
        index=index,
        last=last,
        before=link(at - 1) if at > 0 else None,
        after=link(at + 1) if at < last else None,
    )


def choices(state: UrlState, name: str) -> list[tuple[int, str]]:
    """Samples or units to choose from, each with its link: all if they are few, else the first, one in the middle and
    the last."""
    size = state.sizes[SIZES[name]]
    some = [*range(size)] if size <= FEW else [0, size // 2, size - 1]
    return [(index, following(state, name, index)) for index in some]


def following(state: UrlState, name: str, index: int, t: Tensor | None = None) -> str:
    """The query that follows a sample or a unit. It also turns to the page of the values with it."""
    return state.query(**followed_fields(state, name, index, t))


def followed_fields(state: UrlState, name: str, index: int, t: Tensor | None) -> dict[str, Value]:
    """The fields that change when a sample or a unit is followed: its own, those of the page of the values, and the
    tensor if that is not the first page, since another page is always that of a selected tensor."""
    changes: dict[str, Value] = {name: index}
    t = t or state.program.by_id[state.tensor or state.program.cell.output]
    if name == "sample" and t.axes[-2:-1] == (BATCH_SIZE,):
        changes["row"] = index // ROWS * ROWS
    if name == "unit" and state.program.of_units(t) == (True,):
        changes["column"] = index // COLUMNS * COLUMNS
    if changes.get("row") or changes.get("column"):
        changes["tensor"] = t.id
    return changes


FAR = (-1000, -100, -10, 10, 100, 1000)
"""The distances of links to items farther away."""


def far(index: int, last: int, link: Callable[[int], str]) -> list[tuple[int, str]]:
    """Links to items farther away, of items from 0 to ``last``, each with its distance."""
    return [(by, link(index + by)) for by in FAR if 0 <= index + by <= last]
