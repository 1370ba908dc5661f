"""The weights of a UrlState, with which its run begins: from the seed, or trained."""

from ..core.seeded_weights import Order, Weights, stack_weights
from ..url_state.url_state import UrlState
from .training.cached_trainings import trained_network


def weights_of(state: UrlState, order: Order = "F") -> Weights:
    """The weights of every cell: those of the trained network if the UrlState shows one, otherwise those of the seed,
    in an order of memory."""
    return trained_network(state).weights if state.trained else stack_weights(state.stack, state.seed, order=order)
