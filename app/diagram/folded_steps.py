"""Which steps are drawn whole, which small, which folded, so that the size of a picture does not grow with time_step.

How many steps have room is in the formats of each view.
"""

from dataclasses import dataclass

from ..size_expressions import fixed, maximum
from ..translations.phrases import Phrase, phrase, plural

UNROLLED = phrase("{cell} unrolled over {steps}, step {t} in full")
UNROLLED_IN_REVERSE = phrase("{cell} unrolled over {steps} from the last to the first, step {t} in full")
"""The titles of a picture of several steps."""


@dataclass(frozen=True)
class StepOrder:
    """The order in which a cell computes its steps: from 0 to ``last``, or from ``last`` to 0.

    Views lay steps out in this order and mirror the picture if it is reversed, so that time runs to the right.
    """

    last: int
    is_reversed: bool

    def __call__(self, t: int) -> int:
        """The index of step t in the order. It is its own inverse, so it is also the step at an index."""
        return self.last - t if self.is_reversed else t


@dataclass(frozen=True)
class SmallStep:
    """A step drawn small."""

    t: int

    @property
    def first(self) -> int:
        return self.t

    @property
    def last(self) -> int:
        return self.t


@dataclass(frozen=True)
class Fold:
    """Steps ``first`` to ``last``, drawn as one slab with their number."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def words(self) -> Phrase:
        """The number of folded steps, in words."""
        return plural("{n:,} more step", "{n:,} more steps", self.count)

    @property
    def long_words(self) -> Phrase:
        """The same, for a slab with more room."""
        return plural(
            "{n:,} more step, same cell, same weights", "{n:,} more steps, same cell, same weights", self.count
        )


Slot = SmallStep | Fold

DOTS = "···"
"""The sign of folded steps in a picture."""


def before(t: int, wing: int) -> tuple[Slot, ...]:
    """The slots left of step t, at most ``wing``: the first step, a fold, the neighbour; or all steps if they fit.

    With two slots the first step is in the fold, with one slot all steps are.
    """
    if t <= wing:
        return tuple(SmallStep(s) for s in range(fixed(t)))
    if wing == 1:
        return (Fold(0, t - 1),)
    ends = wing - 2
    return (*(SmallStep(s) for s in range(ends)), Fold(ends, t - 2), SmallStep(t - 1))


def after(t: int, time_step: int, wing: int) -> tuple[Slot, ...]:
    """The slots right of step t: the neighbour, a fold, the last step; or all steps if they fit.

    With two slots the neighbour is in the fold, with one slot all steps are; without slots no step is drawn.
    """
    last = time_step - 1
    if last - t <= wing:
        return tuple(SmallStep(t + 1 + n) for n in range(fixed(last - t)))
    if wing < 2:
        return (Fold(t + 1, last),) * wing
    near = t + wing - 1
    return (*(SmallStep(t + 1 + n) for n in range(wing - 2)), Fold(near, last - 1), SmallStep(last))


def around(t: int, time_step: int, wings: tuple[int, int]) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """The slots left and right of step t, at most as many as both ``wings`` together: a side with few steps leaves its
    room to the other one."""
    left, right = wings
    spare_left, spare_right = fixed(maximum(0, left - t)), fixed(maximum(0, right - (time_step - 1 - t)))
    return before(t, left + spare_right), after(t, time_step, right + spare_left)
