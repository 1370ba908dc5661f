"""The dense layer on the output of a stack, and the loss: cross-entropy of classes, or the mean squared error.

Arrays have the numbers of a sample and step as a column: width × columns.
"""

import numpy as np

from ..core.ops import Array
from .tasks import Task


class DenseLayer:
    """Reads every output of a run of ``samples`` samples, or the last one of each direction, and computes the loss and
    its gradients. ``weights`` is outputs × (width + 1) with the bias as the last column, ``gradient`` gets its
    gradient."""

    def __init__(
        self, task: Task, directions: int, time_step: int, samples: int, weights: Array, gradient: Array
    ) -> None:
        self.task, self.weights, self.gradient = task, weights, gradient
        self.time_step, self.samples = time_step, samples
        self.width = weights.shape[1] - 1
        self.columns = samples * (time_step if task.reads_every_output else 1)
        self.read = np.ones((self.width + 1, self.columns), weights.dtype)
        self.output_gradient = np.zeros((time_step, self.width, samples), weights.dtype)
        cut = self.width // directions
        # the last output of the backward direction is that of the first step of time
        self.last = [(step, slice(n * cut, (n + 1) * cut)) for n, step in zip(range(directions), (-1, 0), strict=False)]

    def __call__(self, output: Array) -> Array:
        """Its own output, outputs × columns, from that of a stack, time_step × width × samples."""
        if self.task.reads_every_output:
            by_step = self.read[:-1].reshape(self.width, self.time_step, self.samples, copy=False)
            by_step[...] = output.transpose(1, 0, 2)
        else:
            for step, rows in self.last:
                self.read[rows] = output[step, rows]
        return np.asarray(np.dot(self.weights, self.read))

    def loss(self, result: Array, targets: Array) -> float:
        """The mean loss over all columns, from the output of the last call, which is overwritten. Computes the
        gradients of the weights and ``output_gradient``."""
        is_error = self.task.measure.is_error
        loss = self._squared_error(result, targets) if is_error else self._cross_entropy(result, targets)
        np.dot(result, self.read.T, self.gradient)
        of_read = np.dot(self.weights[:, :-1].T, result)
        if self.task.reads_every_output:
            by_step = of_read.reshape(self.width, self.time_step, self.samples)
            self.output_gradient[...] = by_step.transpose(1, 0, 2)
        else:
            for step, rows in self.last:
                self.output_gradient[step, rows] = of_read[rows]
        return loss

    def _cross_entropy(self, result: Array, targets: Array) -> float:
        right, columns = self._in_columns(targets), np.arange(self.columns)
        result -= result.max(axis=0)
        of_right = result[right, columns]
        np.exp(result, result)
        total = result.sum(axis=0)
        result /= total
        result[right, columns] -= 1
        result /= self.columns
        return float(np.mean(np.log(total) - of_right))

    def _squared_error(self, result: Array, targets: Array) -> float:
        result -= self._in_columns(targets)
        loss = float(np.mean(result * result))
        result *= 2 / self.columns
        return loss

    def _in_columns(self, targets: Array) -> Array:
        """Targets in the order of the columns: step by step, each of all samples."""
        return targets.T.reshape(-1)

    def measured(self, result: Array, targets: Array, samples: int) -> float:
        """How many of the first samples' columns are right, or the sum of their squared errors."""
        if self.task.measure.is_error:
            found, right = result[0], self._in_columns(targets).astype(result.dtype)
            each = (found - right) ** 2
        else:
            each = result.argmax(axis=0) == self._in_columns(targets)
        return float(each.reshape(-1, self.samples)[:, :samples].sum())
