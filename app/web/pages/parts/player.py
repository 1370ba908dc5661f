"""The player: what it goes through, and the ticks of its slider."""

from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from ....diagram.views import STEPPED
from ....url_state.url_state import UrlState

MOST_TICKS = 9
"""The largest number of ticks below the slider of the player."""


class Tick(NamedTuple):
    """A step that is marked on the slider, and its position in percent of the width."""

    step: int
    x: float


@dataclass(frozen=True)
class Steps:
    """The data of the player in the browser: the step's tensors in order; what it goes through, operations, or steps if
    the picture shows no operations; and the first, the last and the direction of the steps."""

    order: list[str]
    unit: str
    first: int
    last: int
    onward: int


def steps(state: UrlState) -> Steps:
    """The steps of a UrlState. Gradients go from the last step to the first."""
    first, last = state.ends
    onward = state.step_sign
    if state.view == "gradients":
        first, last, onward = last, first, -onward
    unit = "operation" if state.view in STEPPED else "step"
    return Steps([t.id for t in state.program.step], unit, first, last, onward)


def ticks_of(last: int) -> list[Tick]:
    """The steps with a tick: all of a few, of many those that are multiples of a round number, and the last one."""
    every = next(n * 10**k for k in count() for n in (1, 2, 5) if last < MOST_TICKS * n * 10**k)
    ticks = list(range(0, last + 1, every))
    if last - ticks[-1] < 0.6 * every:  # there is no room for both
        ticks.pop()
    return [Tick(step, round(100 * step / last, 2) if last else 0) for step in [*ticks, last]]
