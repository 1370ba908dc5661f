"""The strip of steps above a narrow picture, which has room for one step only."""

from dataclasses import dataclass

from ....size_expressions import fixed
from ....url_state.url_state import UrlState

MOST = 5
"""The steps of a run that are all in the strip; of longer runs it has the first, the last, the focused one and the two
beside it."""


@dataclass(frozen=True)
class Step:
    """A step with its link. ``follows_gap``: whether steps before it are left out."""

    t: int
    link: str
    is_focused: bool
    follows_gap: bool


def step_strip(state: UrlState) -> list[Step]:
    """The steps in the order of time; none if the link locks the step."""
    if "t" in state.locked:
        return []
    last = state.time_step - 1
    near = range(fixed(last)) if last < MOST else [0, *(t for t in (state.t - 1, state.t, state.t + 1) if 0 < t < last)]
    shown = [*near, last]
    before = [-1, *shown]
    return [
        Step(t, state.query(t=t), t == state.t, t > previous + 1) for previous, t in zip(before, shown, strict=False)
    ]
