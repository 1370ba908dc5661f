"""Links to what stands beside something: another sequence, another unit, another number."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ....core.axes import BATCH_SIZE
from ....core.program import Tensor
from ....query.field_types import Value
from ....query.values import COLUMNS, ROWS
from ....query.view import View
from ....translations.phrases import phrase

FEW = 12
"""So many sequences or units are listed to choose from."""

SIZES = {"sample": "batch_size", "unit": "num_units"}
"""What is followed, each with the axis that counts it."""

CALLED = {"sample": phrase("sample"), "unit": phrase("unit"), "number": phrase("number")}
"""What each of what is counted is called."""


@dataclass(frozen=True)
class Pager:
    """One of what is counted from 0 to ``last``, or none yet: the queries of the ones beside it, and of ``none``.
    ``far``: of some farther away, each with how far."""

    name: str
    size: str
    index: int | None
    last: int
    before: str | None
    after: str | None
    none: str | None = None
    far: list[tuple[int, str]] = field(default_factory=list)


def pager(view: View, name: str, t: Tensor | None = None) -> Pager:
    """Which sequence or unit is followed, with the links to the ones beside it, or to none. ``t`` is the tensor whose
    values are shown where that need not be the selected one."""
    index, size = vars(view)[name], SIZES[name]
    found = beside(name, size, index, view.sizes[size] - 1, lambda other: chosen(view, name, other, t))
    return found if index is None else replace(found, none=view.query(**{name: None}))


def beside(name: str, size: str, index: int | None, last: int, link: Callable[[int], str]) -> Pager:
    """The links to the ones beside one of what is counted."""
    at = -1 if index is None else index
    return Pager(
        name=CALLED[name],
        size=size,
        index=index,
        last=last,
        before=link(at - 1) if at > 0 else None,
        after=link(at + 1) if at < last else None,
    )


def choices(view: View, name: str) -> list[tuple[int, str]]:
    """Some to choose from, each with its link: all of a few, and of many the first, one in the middle and the last."""
    size = view.sizes[SIZES[name]]
    some = [*range(size)] if size <= FEW else [0, size // 2, size - 1]
    return [(index, chosen(view, name, index)) for index in some]


def chosen(view: View, name: str, index: int, t: Tensor | None = None) -> str:
    """The link that follows a sequence or a unit: it turns to the page of the values that has it. A page that is not
    the first is one of a selected tensor."""
    return view.query(**paged(view, name, index, t))


def paged(view: View, name: str, index: int, t: Tensor | None = None) -> dict[str, Value]:
    """What changes where a sequence or a unit is followed: with it, the page of the values that are shown."""
    changes: dict[str, Value] = {name: index}
    t = t or view.program.by_id[view.tensor or view.program.cell.output]
    if name == "sample" and t.axes[-2:-1] == (BATCH_SIZE,):
        changes["row"] = index // ROWS * ROWS
    if name == "unit" and view.program.of_units(t) == (True,):
        changes["column"] = index // COLUMNS * COLUMNS
    if changes.get("row") or changes.get("column"):
        changes["tensor"] = t.id
    return changes


FAR = (-1000, -100, -10, 10, 100, 1000)
"""How far the links lead that spare many steps."""


def far(index: int, last: int, link: Callable[[int], str]) -> list[tuple[int, str]]:
    """Links to what stands farther from one of what is counted from 0 to ``last``, each with how far."""
    return [(by, link(index + by)) for by in FAR if 0 <= index + by <= last]
