"""Trains a network, epoch by epoch.

Every step of it is the same in each process of a machine, if OpenBLAS computes with as many threads: servers have one
(app/process_environment.py). On another machine, the kernels of its BLAS may round differently.
"""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import DTypeLike

from ..core.ops import Array
from ..core.ops.op import quiet
from ..core.stack import Place
from .dense_and_loss import DenseLayer
from .network import Network, network
from .optimizer import Adam
from .parameter_array import Arrays, initial
from .tasks import BATCH_SIZE
from .training_and_result import Epoch, Norms, Snapshot, Trained, Training

MEASURED = 128
"""About how many examples a run has after an epoch, when only their outputs are needed."""


class DivergedError(ArithmeticError):
    """A parameter, or what an epoch measures, is infinite or NaN, and so would be all that follows. Its argument is the
    number of the epoch."""


class Trainer:
    """``for epoch in Trainer(training)``: an epoch is computed when it is reached, so the caller may stop after any.
    Raises DivergedError. ``result`` is the trained network after the last one. ``losses`` are those of all batches so
    far."""

    def __init__(self, training: Training, dtype: DTypeLike = np.float32) -> None:
        self.training, self.dtype = training, dtype
        self.values, self.gradients = initial(training, dtype), Arrays(training.stack, training.outputs, dtype)
        self.adam = Adam(self.values.all, training.schedule)
        data = training.data
        self.data = data
        self.runs: dict[int, tuple[Network, DenseLayer]] = {}
        self.epochs: list[Epoch] = []
        self.seconds = 0.0
        self.norms: list[Norms] = []
        self.losses: list[float] = []

    def __iter__(self) -> Iterator[Epoch]:
        while len(self.epochs) < self.training.schedule.epochs:
            start = perf_counter()
            with quiet():
                epoch = self._epoch(len(self.epochs) + 1)
            if not (np.isfinite(epoch).all() and np.isfinite(self.values.all).all()):
                raise DivergedError(epoch.epoch)
            self.seconds += perf_counter() - start
            self.epochs.append(epoch)
            yield epoch

    def result(self) -> Trained:
        """The trained network. ValueError before the last epoch."""
        if len(self.epochs) < self.training.schedule.epochs:
            raise ValueError(f"only {len(self.epochs)} of {self.training.schedule.epochs} epochs are done")
        first, last = self.norms[0], self.norms[-1]
        return Trained(
            **vars(self.snapshot()), epochs=(*self.epochs,), seconds=self.seconds, first_norms=first, last_norms=last
        )

    def snapshot(self) -> Snapshot:
        """The network as it is now."""
        weights = {
            place: {id: np.array(weight, order="F") for id, weight in cell.items()}
            for place, cell in self.values.weights.items()
        }
        dense = self.values.dense[:, :-1].T.copy(), self.values.dense[:, -1].copy()
        return Snapshot(self.training, weights, dense)

    def _epoch(self, number: int) -> Epoch:
        X, targets = self.data.X, self.data.targets
        is_described = number in (1, self.training.schedule.epochs)
        norms, total = list[dict[Place, dict[str, float]]](), 0.0
        order = order_of(len(X), self.training.seed, number)
        for begin in range(0, len(X), BATCH_SIZE):
            batch = order[begin : begin + BATCH_SIZE]
            loss = self._step(X[batch], targets[batch])
            self.losses.append(loss)
            total += loss * len(batch)
            if is_described:
                norms.append(self.gradients.norms())
            self.adam.step(self.gradients.all)
        if is_described:
            self.norms.append(_means(norms))
        train, test = self._measured()
        return Epoch(number, total / len(X), train, test)

    def _step(self, X: Array, targets: Array) -> float:
        """The loss of a batch. Computes the gradients."""
        network, dense = self._run_of(len(X))
        result = dense(network.forward(self.data.read(X, self.dtype)))
        loss = dense.loss(result, targets)
        network.backward(dense.output_gradient)
        return loss

    def _run_of(self, samples: int) -> tuple[Network, DenseLayer]:
        """What runs a batch of this size."""
        if samples not in self.runs:
            stack, task = replace(self.training.stack, batch_size=samples), self.training.of
            cells = network(stack, self.values, self.gradients, task.reads_every_output)
            dense = DenseLayer(
                task, len(stack.directions), stack.time_step, samples, self.values.dense, self.gradients.dense
            )
            self.runs[samples] = cells, dense
        return self.runs[samples]

    def _measured(self) -> tuple[float, float]:
        """How well the network does on the examples that it is trained on, and on those of the test."""
        return self._measure(self.data.X, self.data.targets), self._measure(self.data.test_X, self.data.test_targets)

    def _measure(self, X: Array, targets: Array) -> float:
        total, columns = 0.0, 0
        for begin in range(0, len(X), MEASURED):
            some, right = X[begin : begin + MEASURED], targets[begin : begin + MEASURED]
            n = len(some)
            # the last run is filled up with copies of its first example, so that all have the same size
            filled, all_right = (np.concatenate([a, a[:1].repeat(MEASURED - n, 0)]) for a in (some, right))
            network, dense = self._run_of(MEASURED)
            total += dense.measured(dense(network.forward(self.data.read(filled, self.dtype))), all_right, n)
            columns += n * dense.columns // MEASURED
        return total / columns


def order_of(examples: int, seed: int, epoch: int) -> Array:
    """The order in which an epoch reads the examples. It uses only what NumPy guarantees not to change: the raw stream
    of PCG64."""
    stream = np.random.PCG64(np.random.SeedSequence([seed, *b"order", epoch]))
    return np.argsort(stream.random_raw(examples), kind="stable")


def _means(norms: list[dict[Place, dict[str, float]]]) -> Norms:
    return {
        place: {id: sum(batch[place][id] for batch in norms) / len(norms) for id in weights}
        for place, weights in norms[0].items()
    }
