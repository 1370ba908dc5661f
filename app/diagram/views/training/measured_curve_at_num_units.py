"""What a learning curve says about the present num_units.

While a template is recorded this is an expression: what differs from point to point is then chosen by comparisons that
decide nothing, so that one template is valid for all sizes that were measured.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from ....size_expressions import Expression, minimum
from ...training_scene import CurvePoint, LearningCurve

Value = TypeVar("Value", int, float, str)


class Present:
    """``is_measured``: its number is known. ``is_between``: those of both neighbours are, and it is on a line."""

    def __init__(self, num_units: int, curve: LearningCurve) -> None:
        self.num_units, points = num_units, curve.points
        self.is_measured = bool(points) and bool(minimum(*(abs(num_units - point.num_units) for point in points)) == 0)
        self.is_between = (
            not self.is_measured
            and curve.joined
            and len(points) > 1
            and bool(points[0].num_units < num_units)
            and bool(num_units < points[-1].num_units)
        )
        self._pairs = [(point, point) for point in points] if self.is_measured else [*pairwise(points)]

    def choose(
        self, value: Callable[[CurvePoint, CurvePoint], Value], either: Callable[[bool, Value, Value], Value]
    ) -> Value:
        """A value of the measured point, which is given twice, or of both neighbours. ``either`` chooses between two of
        them: ``where`` or ``chosen``."""
        if not isinstance(self.num_units, Expression):
            return value(*next(pair for pair in reversed(self._pairs) if pair[0].num_units <= self.num_units))
        first, *others = self._pairs
        found = value(*first)
        for pair in others:
            found = either(pair[0].num_units <= self.num_units, value(*pair), found)
        return found
