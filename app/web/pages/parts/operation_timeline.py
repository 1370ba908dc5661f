"""The operations of the focused step in order, each with its first values once it has been computed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from markupsafe import Markup

from ....core.trace import StackTrace
from ....translations.phrases import phrase
from ....url_state.url_state import UrlState
from ....url_state_to_picture.formulas import name
from .formatting import mathematics, tint

ROWS, COLUMNS, SQUARE = 4, 20, 6
"""The maximum numbers of rows and columns of a tensor's values, and the size of each value in pixels."""


@dataclass(frozen=True)
class Operation:
    """An operation of the step, with the tensor that it computes. ``squares``: its first values, as an SVG path for
    each tint; empty if it has not been computed yet."""

    symbol: Markup
    label: str
    link: str
    state: str
    width: int
    height: int
    squares: list[tuple[str, str]]


def operations(url_state: UrlState, trace: StackTrace | None) -> Iterator[Operation]:
    """The operations of the step. The state is ``now`` for that of the selected tensor, ``made`` for earlier ones, and
    ``later`` for the others."""
    step = [t.id for t in url_state.program.step]
    until = last_computed(url_state)
    for n, t in enumerate(url_state.program.step):
        *above, columns = (1, *t.shape(url_state.sizes))
        state = "later" if n > until else "now" if n == until else "made"
        yield Operation(
            symbol=mathematics(t.symbol, url_state.t, url_state.step_sign),
            label=phrase("tensor {n} of {all}: {tensor}", n=n + 1, all=len(step), tensor=name(url_state, t)),
            link=url_state.query(stepping=True, tensor=t.id),
            state=state,
            width=SQUARE * min(columns, COLUMNS),
            height=SQUARE * min(prod(above), ROWS),
            squares=_squares(url_state, trace, t.id) if trace and state != "later" else [],
        )


def last_computed(url_state: UrlState) -> int:
    """The index of the last tensor of the step that has been computed: -1 before the first."""
    order = [t.id for t in url_state.program.tensors]
    selected = order.index(url_state.tensor) if url_state.tensor else -1
    return sum(order.index(t.id) <= selected for t in url_state.program.step) - 1


def _squares(url_state: UrlState, trace: StackTrace, id: str) -> list[tuple[str, str]]:
    """The first values. All axes but the last are rows."""
    values = np.atleast_1d(trace.array(id, url_state.place, url_state.t))
    first = values.reshape(-1, values.shape[-1])[:ROWS, :COLUMNS]
    return list(_paths((first / (trace.extent(id, url_state.place) or 1.0)).tolist()).items())


def _paths(shares: Sequence[Sequence[float]]) -> dict[str, str]:
    """The squares of all values with the same tint as one path, by tint."""
    paths: dict[str, str] = {}
    for y, line in enumerate(shares):
        for x, share in enumerate(line):
            key = tint(share)
            paths[key] = paths.get(key, "") + f"M{SQUARE * x} {SQUARE * y}h5v5h-5z"
    return paths


@dataclass(frozen=True)
class Timeline:
    """The operations of the focused step while stepping through it; ``made``: the number of those that have been
    computed."""

    operations: list[Operation]
    made: int


def timeline(url_state: UrlState, trace: StackTrace | None) -> Timeline:
    """The operations of the focused step."""
    found = list(operations(url_state, trace))
    return Timeline(found, sum(one.state != "later" for one in found))
