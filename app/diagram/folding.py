"""Which steps are drawn whole, which small, which folded: the picture's cost does not grow with time_step.

The numbers that decide it in every view are here, for each format, and the words of a fold.
"""

from dataclasses import dataclass

from ..translations.phrases import Phrase, plural

WHOLE_STEPS_IN_A_HALL = 2
"""How many steps the unrolled cell and the units show whole, side by side, in the format ``hall``; elsewhere one."""

WINGS = {"narrow": 0, "page": 3, "wide": 3, "hall": 3}
"""How many slots the unrolled cell has on each side of them for the other steps; 0 where there is no room for any."""

WINGS_WITH_NAMES = {**WINGS, "page": 2}
"""The same where shapes are written with names, which are longer than numbers and need a larger cell."""

BATCH_COLUMNS = {"narrow": 5, "page": 7, "wide": 7, "hall": 9}
"""How many steps have a column in the batch."""

GRID_WING = 3
"""How many slots the grid of layers by steps has on each side of the focused step."""


@dataclass(frozen=True)
class StepOrder:
    """The order in which a cell takes its steps: from 0 to ``last``, or the last one first.

    Views lay steps out in this order and mirror what is drawn where it is reversed, so that time runs to the right.
    """

    last: int
    is_reversed: bool

    def __call__(self, t: int) -> int:
        """The place of step t in the order; and, since reversing twice changes nothing, the step at a place."""
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
    """Steps ``first`` to ``last``, drawn as one slab that says how many they are."""

    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def words(self) -> Phrase:
        """How many steps are folded."""
        return plural("{n:,} more step", "{n:,} more steps", self.count)

    @property
    def long_words(self) -> Phrase:
        """The same for a slab that has room for more."""
        return plural(
            "{n:,} more step, same cell, same weights", "{n:,} more steps, same cell, same weights", self.count
        )


Slot = SmallStep | Fold

DOTS = "···"
"""What stands in a picture where steps are folded."""


def before(t: int, wing: int) -> tuple[Slot, ...]:
    """The slots left of step t, at most ``wing``: the first step, a fold, the neighbour; or all steps, where they fit.

    With two slots the first step is in the fold.
    """
    if t <= wing:
        return tuple(SmallStep(s) for s in range(t))
    ends = wing - 2
    return (*(SmallStep(s) for s in range(ends)), Fold(ends, t - 2), SmallStep(t - 1))


def after(t: int, time_step: int, wing: int) -> tuple[Slot, ...]:
    """The slots right of step t: the neighbour, a fold, the last step; or all steps, where they fit.

    With two slots the neighbour is in the fold.
    """
    last = time_step - 1
    if last - t <= wing:
        return tuple(SmallStep(s) for s in range(t + 1, time_step))
    near = t + wing - 1
    return (*(SmallStep(s) for s in range(t + 1, near)), Fold(near, last - 1), SmallStep(last))
