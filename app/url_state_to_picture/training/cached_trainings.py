"""The results of trainings: cached, or trained now."""

from collections.abc import Sequence
from threading import Lock
from weakref import WeakValueDictionary

from cachetools import LRUCache

from ...core.work_limits import MEGA
from ...training.trainer import DivergedError, Trainer
from ...training.training_and_result import Epoch, Trained
from ...translations.phrases import phrase
from ...url_state.field_types import FieldError
from ...url_state.url_state import UrlState
from .training_request import TrainingRequest, training_of
from .training_request_of_state import request_of

CACHE_BYTES = 32 * MEGA
"""Bytes of the trained networks in the cache."""

DIVERGED = 256
"""The number of trainings that are remembered to diverge."""


def size_of(trained: Trained) -> int:
    """The bytes of the weights, and about those of the rest."""
    arrays = [*trained.dense, *(array for weights in trained.weights.values() for array in weights.values())]
    return sum(array.nbytes for array in arrays) + 200 * len(trained.epochs) + 10_000


_cached: LRUCache[TrainingRequest, Trained] = LRUCache(CACHE_BYTES, getsizeof=size_of)


_diverged: LRUCache[TrainingRequest, tuple[Epoch, ...]] = LRUCache(DIVERGED)


_held: WeakValueDictionary[TrainingRequest, Trained] = WeakValueDictionary()


_lock = Lock()


def trained_network(state: UrlState) -> Trained:
    """The trained network of a UrlState. It is trained now if it is not known: in a notebook or a terminal. A server
    waits for it before, see ``TrainingQueue``. Raises FieldError if the training diverges."""
    request = request_of(state)
    known = known_result(request)
    if known is None:
        if (epochs := known_divergence(request)) is not None:
            raise divergence(request, epochs)
        trainer = Trainer(training_of(request))
        try:
            for _ in trainer:
                pass
        except DivergedError as error:
            keep_divergence(request, trainer.epochs)
            raise divergence(request, trainer.epochs) from error
        keep_result(request, known := trainer.result())
    return known


def divergence(request: TrainingRequest, epochs: Sequence[Epoch]) -> FieldError:
    """The error of a training that diverges after so many ``epochs``."""
    message = phrase(
        "this training diverges: from epoch {epoch} on its numbers are not finite; a smaller learning_rate may help",
        epoch=len(epochs) + 1,
    )
    return FieldError("learning_rate", f"{request.schedule.learning_rate:g}", message, {"nearest": None})


def keep_divergence(request: TrainingRequest, epochs: Sequence[Epoch]) -> None:
    """Remember that a training diverges after these epochs: its result would be asked for again."""
    with _lock:
        _diverged[request] = (*epochs,)


def known_divergence(request: TrainingRequest) -> tuple[Epoch, ...] | None:
    """The epochs before a training diverges; None if it is not known to."""
    with _lock:
        return _diverged.get(request)


def known_result(request: TrainingRequest) -> Trained | None:
    """The result of a training, if it is kept, or if somebody holds it: who has waited for it gets it, whatever was
    trained since."""
    with _lock:
        return _cached.get(request) or _held.get(request)


def keep_result(request: TrainingRequest, trained: Trained) -> None:
    """Keep the result of a training."""
    with _lock:
        _cached[request] = _held[request] = trained
