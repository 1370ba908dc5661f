"""The tensors of the focused step one after the other, each with its numbers as soon as they are made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from ....core.trace import StackTrace
from ....diagram.views import STEPPED
from ....query.formulas import name
from ....query.view import View
from ....translations.phrases import phrase
from .formatting import mathematics, tint

ROWS, COLUMNS, SQUARE = 4, 20, 6
"""How many numbers of a tensor are shown at most, and how large each is, in pixels."""


@dataclass(frozen=True)
class Operation:
    """One tensor. ``squares`` are its first numbers, those of one tint as one path; none where there are none yet."""

    symbol: Markup
    label: str
    link: str
    state: str
    width: int
    height: int
    squares: list[tuple[str, str]]


def operations(view: View, trace: StackTrace | None) -> Iterator[Operation]:
    """One for each tensor of the step: ``made`` before the selected one, that one ``now``, the others ``later``."""
    step = [t.id for t in view.program.step]
    until = made_until(view)
    for n, t in enumerate(view.program.step):
        rows, columns = t.shape(view.sizes)
        state = "later" if n > until else "now" if n == until else "made"
        yield Operation(
            symbol=mathematics(t.symbol, view.t, view.step_sign),
            label=phrase("tensor {n} of {all}: {tensor}", n=n + 1, all=len(step), tensor=name(view, t)),
            link=view.query(stepping=True, tensor=t.id),
            state=state,
            width=SQUARE * min(columns, COLUMNS),
            height=SQUARE * min(rows, ROWS),
            squares=_squares(view, trace, t.id) if trace and state != "later" else [],
        )


def made_until(view: View) -> int:
    """Which tensor of the step has been made last: -1 before the first, the last one after the step."""
    order = [t.id for t in view.program.tensors]
    selected = order.index(view.tensor) if view.tensor else -1
    return sum(order.index(t.id) <= selected for t in view.program.step) - 1


def _squares(view: View, trace: StackTrace, id: str) -> list[tuple[str, str]]:
    values = trace.array(id, view.place, view.t)[:ROWS, :COLUMNS] / (trace.extent(id, view.place) or 1.0)
    return list(_paths(values.tolist()).items())


def _paths(shares: Sequence[Sequence[float]]) -> dict[str, str]:
    """For each tint the squares that have it."""
    paths: dict[str, str] = {}
    for y, line in enumerate(shares):
        for x, share in enumerate(line):
            key = tint(share)
            paths[key] = paths.get(key, "") + f"M{SQUARE * x} {SQUARE * y}h5v5h-5z"
    return paths


class Player(NamedTuple):
    """What the player in the browser needs: the step's tensors in order, and the way through time."""

    order: list[str]
    unit: str
    first: int
    last: int
    onward: int


@dataclass(frozen=True)
class Steps:
    """The operations of the focused step where they are stepped through, else none; ``made``: how many of them are
    done."""

    operations: list[Operation]
    made: int
    player: Player


def steps(view: View, trace: StackTrace | None) -> Steps:
    first, last = view.ends
    unit = "operation" if view.view in STEPPED else "step"
    player = Player([t.id for t in view.program.step], unit, first, last, view.step_sign)
    if not view.stepping or view.view not in STEPPED:
        return Steps([], 0, player)
    found = list(operations(view, trace))
    return Steps(found, sum(one.state != "later" for one in found), player)
