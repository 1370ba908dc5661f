"""A call of a recurrent layer, computed again by our own program with its weights, and compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..core.axes import BATCH_SIZE, TIME_STEP, Axes
from ..core.cell import Cell
from ..core.ops import Array
from ..core.run import States, run_stack
from ..core.stack import Place
from ..core.trace import StackTrace
from ..frameworks.stack_in_framework import Model
from ..frameworks.stored_weights import our_weights
from ..translations.phrases import joined_with_and, phrase

MOST_BYTES = 2**28
"""Samples of which a run would record more bytes together are computed one after the other."""

IN_FLOATS = phrase("a replay computes in float32 or float64")


def computes_in(types: str) -> str:
    """Why a layer in other types of numbers is not replayed."""
    return phrase("it computes in {types}; {only}", types=types, only=IN_FLOATS)


class NotReplayed(Exception):
    """A call of a recurrent layer that our program does not compute. ``why``: a phrase, with values, that says it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Replay:
    """What a recurrent layer computed in one call.

    ``cell`` is the one that computes: that of the model's stack, or one with another activation. ``weights`` are the
    arrays of each cell, by their names in the layout of the model; ``X`` is batch_size × time_step × features;
    ``initial`` has the states that are not 0; ``outputs`` are the arrays that the layer returned, by the names of the
    model's outputs. ``mask`` says which steps of each sample are computed, batch_size × time_step; None for all.
    """

    model: Model
    cell: Cell
    weights: Mapping[Place, Mapping[str, Array]]
    X: Array
    outputs: Mapping[str, Array]
    initial: Mapping[Place, States]
    mask: Array | None = None

    def difference(self) -> float:
        """The largest absolute difference between what the layer returned and what our program returns. Raises
        NotReplayed if one of the arrays has another type than the others, or if there is no finite output."""
        weights_and_outputs = (*self.weights.values(), self.outputs)
        types = {array.dtype for arrays in weights_and_outputs for array in arrays.values()} | {self.X.dtype}
        if types not in ({np.dtype(np.float32)}, {np.dtype(np.float64)}):
            raise NotReplayed(computes_in(joined_with_and(sorted(map(str, types)))))
        weights = our_weights(self.model, self.weights)
        differences = [self._part(weights, *part) for part in self._parts()]
        if not differences:
            raise NotReplayed(phrase("it computed no step: it got no samples, or all their steps are masked"))
        return max(differences)

    def output(self) -> Array:
        """The output of our program, batch_size × time_step × num_units; 0 at steps that are not computed."""
        weights = our_weights(self.model, self.weights)
        output = np.zeros((*self.X.shape[:2], self.model.stack.num_units), self.X.dtype)
        for samples, steps in self._parts():
            trace = self._run(weights, samples, steps)
            output[samples[:, None], steps] = trace.output(0, "forward")
        return output

    def _parts(self) -> Iterator[tuple[Array, Array]]:
        """The samples in parts that one run computes: samples with equally many steps, and these steps, samples ×
        steps."""
        batch_size, time_step, _ = self.X.shape
        mask = np.ones((batch_size, time_step), bool) if self.mask is None else self.mask
        counts = mask.sum(axis=1)
        for count in np.unique(counts[counts > 0]):
            samples = np.flatnonzero(counts == count)
            one = replace(self.model.stack, batch_size=1, time_step=int(count))
            most = max(1, MOST_BYTES // one.bytes(self.X.itemsize))
            for start in range(0, len(samples), most):
                part = samples[start : start + most]
                yield part, np.nonzero(mask[part])[1].reshape(len(part), count)

    def _part(self, weights: Mapping[Place, Mapping[str, Array]], samples: Array, steps: Array) -> float:
        """The largest difference of some samples in one run."""
        trace = self._run(weights, samples, steps)
        if self.model.goes_backwards:  # the output has the order of computation
            steps = self.X.shape[1] - 1 - steps[:, ::-1]
        pairs = [
            (_batch_first(array.array(trace), array.axes), _taken(theirs, array.axes, samples, steps))
            for array in self.model.outputs
            if (theirs := self.outputs.get(array.name)) is not None
        ]
        if not all(np.isfinite(theirs).all() for _, theirs in pairs):
            raise NotReplayed(phrase("it returned numbers that are not finite, such as NaN"))
        return float(max(np.abs(ours - theirs).max() for ours, theirs in pairs))

    def _run(self, weights: Mapping[Place, Mapping[str, Array]], samples: Array, steps: Array) -> StackTrace:
        """Run some samples for some of their steps."""
        stack = replace(self.model.stack, cell=self.cell, batch_size=len(samples), time_step=steps.shape[1])
        initial = {
            place: {state: array[samples] for state, array in states.items()} for place, states in self.initial.items()
        }
        X = self.X[samples[:, None], steps]
        return run_stack(stack, dict(weights), X, self.model.goes_backwards, initial)


@dataclass(frozen=True)
class StackedReplay:
    """What recurrent cells computed that run one after the other at each step: each takes the output of the one before.
    Only the first one has its ``X``; the others have arrays of the same shapes."""

    cells: Sequence[Replay]

    def difference(self) -> float:
        """As of one layer, over everything that the layer returned. Raises NotReplayed."""
        differences, below = list[float](), None
        for cell in self.cells:
            replay = replace(cell, X=below.output()) if below else cell
            if replay.outputs:
                differences.append(replay.difference())
            below = replay
        return max(differences)


def _batch_first(array: Array, axes: Axes) -> Array:
    """An array with the batch, and then the time, if it has one, as its first axes."""
    leading = [axes.index(axis) for axis in (BATCH_SIZE, TIME_STEP) if axis in axes]
    return np.moveaxis(array, leading, range(len(leading)))


def _taken(array: Array, axes: Axes, samples: Array, steps: Array) -> Array:
    """Some samples of an array, and some of their steps, if it has steps."""
    array = _batch_first(array, axes)
    return array[samples[:, None], steps] if TIME_STEP in axes else array[samples]
