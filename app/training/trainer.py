"""Trains a network, epoch by epoch."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import DTypeLike

from .training import Epoch, Trained, Training


class Trainer:
    """``for epoch in Trainer(training)``; the caller may stop after any epoch. Afterwards ``result`` is the trained
    network, of as many epochs as there were."""

    def __init__(self, training: Training, dtype: DTypeLike = np.float32) -> None:
        self.training, self.dtype = training, dtype

    def __iter__(self) -> Iterator[Epoch]:
        raise NotImplementedError

    def result(self) -> Trained:
        raise NotImplementedError
