"""The arrays that a framework takes, returns and stores, and functions that create them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ..core.axes import BATCH_SIZE, FEATURES, TIME_STEP, Axes, Axis, shape
from ..core.ops import Array
from ..core.stack import Place, Stack
from ..core.trace import StackTrace
from .weight_layout import Blocks

CoveredCells = tuple[tuple[int, str, str], ...]
"""Cells in the grid of layers by steps: a layer, a direction, and ``every`` step of it, or the ``first`` or ``last``
one that it computes."""


@dataclass(frozen=True)
class IOArray:
    """An array that a framework takes or returns: its name there, its axes, and its values in a run.

    ``tensor`` is the corresponding tensor of one cell: X, Y, a previous or a last state. ``covered`` are the cells
    whose values it holds. ``is_state``: whether it is an initial or a last state, not the input or an output.
    """

    name: str
    axes: Axes
    array: Callable[[StackTrace], Array]
    tensor: str
    covered: CoveredCells = ()
    is_state: bool = False

    @property
    def places(self) -> tuple[Place, ...]:
        """The cells whose values it holds, in its order."""
        return tuple(dict.fromkeys((layer, direction) for layer, direction, _ in self.covered))


@dataclass(frozen=True)
class StoredArray:
    """An array of weights as a framework stores it: its full name there, its axes, and a function that packs it from
    blocks."""

    name: str
    axes: Axes
    pack: Callable[[Mapping[Place, Blocks]], Array]


def axes_of(arrays: Iterable[StoredArray | IOArray]) -> dict[str, Axes]:
    """The axes of arrays, by name."""
    return {array.name: array.axes for array in arrays}


def all_steps(layer: int, stack: Stack) -> CoveredCells:
    """All steps of a layer."""
    return tuple((layer, direction, "every") for direction in stack.directions)


def first_steps(places: tuple[Place, ...]) -> CoveredCells:
    """The first step that each of these cells computes."""
    return tuple((layer, direction, "first") for layer, direction in places)


def last_steps(places: tuple[Place, ...]) -> CoveredCells:
    """The last step that each of these cells computes."""
    return tuple((layer, direction, "last") for layer, direction in places)


INPUT_AXES: Axes = (BATCH_SIZE, TIME_STEP, FEATURES)


def input_array(name: str, time_major: bool = False) -> IOArray:
    """The array of X."""
    axes = (TIME_STEP, BATCH_SIZE, FEATURES) if time_major else INPUT_AXES
    return IOArray(name, axes, lambda trace: arranged(trace.X, axes), "X")


def arranged(X: Array, axes: Axes) -> Array:
    """X, batch_size × time_step × features, with its axes in another order."""
    return X.transpose([INPUT_AXES.index(axis) for axis in axes])


def sequence(
    name: str,
    axis: Axis,
    array: Callable[[StackTrace], Array],
    time_major: bool = False,
    covered: CoveredCells = (),
) -> IOArray:
    """An output with every step. ``array`` returns it as batch_size × time_step × axis."""
    if time_major:
        return IOArray(name, (TIME_STEP, BATCH_SIZE, axis), lambda trace: array(trace).swapaxes(0, 1), "Y", covered)
    return IOArray(name, (BATCH_SIZE, TIME_STEP, axis), array, "Y", covered)


def last_state(name: str, state: str, place: Place, stack: Stack) -> IOArray:
    """A state after the last step of one cell, batch_size × num_units."""
    axes = stack.states[state]
    return IOArray(name, axes, lambda trace: trace.last(state, place), f"{state}_T", last_steps((place,)), True)


def stacked_states(trace: StackTrace, state: str, places: tuple[Place, ...]) -> Array:
    """A state of several cells after their last steps, along a new first axis: cells × batch_size × num_units."""
    return np.stack([trace.last(state, place) for place in places])


def initial_state(name: str, state: str, places: tuple[Place, ...], stack: Stack, axes: Axes | None = None) -> IOArray:
    """A state before the first step of some cells: zeros, by default batch_size × num_units."""
    own = axes or stack.states[state]
    sizes = {**stack.sizes, "directions": len(stack.directions), "num_layers": stack.num_layers}
    return IOArray(
        name, own, lambda trace: np.zeros(shape(own, sizes), trace.X.dtype), f"{state}_prev", first_steps(places), True
    )
