"""The ways in which a program may go at a branch of which nothing is known: what happens in all of them is certain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .values import Recording, Step, joined_axes


@dataclass(eq=False)
class Way:
    """The layers that are called in one of several ways; ``level``: how uncertain it is that the program goes it;
    ``of``: the forward pass in which that is."""

    level: int
    of: Recording
    calls: Recording

    def takes(self, level: int, of: Recording) -> bool:
        """Whether what is called now is called each time the program goes this way."""
        return self.level == level and self.of is of


def called_in_all(ways: Sequence[Way]) -> tuple[list[Step], set[int]]:
    """The calls of the same layers in the same order in all ways, with what is certain about their sizes, and the lines
    of the other calls."""
    first, *others = (way.calls.steps for way in ways)
    starts, common, certain = [0] * len(others), list[Step](), set[int]()
    for step in first:
        places = [_place(step, steps, start) for steps, start in zip(others, starts, strict=True)]
        if None in places:
            continue
        starts = [n + 1 for n in places if n is not None]
        same = [steps[start - 1] for steps, start in zip(others, starts, strict=True)]
        certain |= {id(one) for one in (step, *same)}
        common.append(_joined(step, same))
    lines = {step.line for steps in (first, *others) for step in steps if id(step) not in certain}
    return common, lines


def _place(step: Step, steps: Sequence[Step], start: int) -> int | None:
    return next((n for n, one in enumerate(steps[start:], start) if one.layer is step.layer), None)


def _joined(step: Step, others: Iterable[Step]) -> Step:
    for one in others:
        axes = joined_axes(step.input, one.input), joined_axes(step.output, one.output)
        reads = step.reads if step.reads == one.reads else None
        swapped = step.swapped if step.swapped == one.swapped else None
        given = joined_axes(step.given, one.given)
        step = replace(step, input=axes[0], output=axes[1], given=given, reads=reads, swapped=swapped)
    return step
