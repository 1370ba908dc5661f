"""The branches of a test of which nothing is known: what happens in all of them is certain."""

from bisect import bisect_left
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from .joined_values import joined_axes
from .values import Layer, Recording, Step


@dataclass(eq=False)
class Branch:
    """The layers that are called in one of several branches; ``level``: how uncertain it is that the program takes it;
    ``of``: the forward pass in which that is."""

    level: int
    of: Recording
    calls: Recording

    def takes(self, level: int, of: Recording) -> bool:
        """Whether what is called now is called each time the program takes this branch."""
        return self.level == level and self.of is of


@dataclass(eq=False)
class LeftBranch:
    """A branch in which a function returns, with its ``steps``; ``of``: the forward pass of the function, which had
    ``count`` steps then; ``lines``: those that are not certain because of the branch alone."""

    steps: Sequence[Step]
    of: Recording
    count: int
    lines: set[int]

    def has_the_same_calls(self) -> bool:
        """Whether the function calls the same layers after the branch, with tensors of the same sizes."""
        others = self.of.steps[self.count :]
        pairs = zip(self.steps, others, strict=False)
        is_same = all(one.layer is other.layer and joined_step(other, one) == other for one, other in pairs)
        return len(self.steps) == len(others) > 0 and is_same


def called_in_all(branches: Sequence[Branch], made: Container[Layer]) -> tuple[list[Step], set[int], set[Layer]]:
    """The calls of the same layers in the same order in all branches, with what is certain about their sizes; the lines
    of the other calls; and the layers of the same ones. ``made``: those that are made in a branch, of which one is the
    same as another one if the same line makes it with the same settings."""

    def key(layer: Layer) -> Hashable:
        return (layer.line, layer.kind, frozenset(layer.config.items())) if layer in made else layer

    first, *others = (branch.calls.steps for branch in branches)
    places, starts = [_places(steps, key) for steps in others], [0] * len(others)
    common, certain, layers = list[Step](), set[int](), set[Layer]()
    for step in first:
        found = [_next(of.get(key(step.layer), ()), start) for of, start in zip(places, starts, strict=True)]
        if None in found:
            continue
        starts = [n + 1 for n in found if n is not None]
        same = [steps[start - 1] for steps, start in zip(others, starts, strict=True)]
        certain |= {id(one) for one in (step, *same)}
        layers |= {one.layer for one in (step, *same)}
        common.append(reduce(joined_step, same, step))
    lines = {step.line for steps in (first, *others) for step in steps if id(step) not in certain}
    return common, lines, layers


def _places(steps: Iterable[Step], key: Callable[[Layer], Hashable]) -> dict[Hashable, list[int]]:
    """Where each layer is called, by its key."""
    found: dict[Hashable, list[int]] = {}
    for n, step in enumerate(steps):
        found.setdefault(key(step.layer), []).append(n)
    return found


def _next(places: Sequence[int], start: int) -> int | None:
    """The first of some places in order that is not before another one."""
    n = bisect_left(places, start)
    return places[n] if n < len(places) else None


def joined_step(one: Step, another: Step) -> Step:
    """What is certain about a call that is the one or the other."""
    return replace(
        one,
        input=joined_axes(one.input, another.input),
        output=joined_axes(one.output, another.output),
        given=joined_axes(one.given, another.given),
        reads=one.reads if one.reads == another.reads else None,
        transposed_last=one.transposed_last if one.transposed_last == another.transposed_last else None,
        transposed_first=one.transposed_first if one.transposed_first == another.transposed_first else None,
        packed_first=one.packed_first if one.packed_first == another.packed_first else None,
    )
