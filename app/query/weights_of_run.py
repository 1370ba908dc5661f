"""The weights of a View, with which its run begins: from the seed, or trained."""

from ..core.seeded_weights import Order, Weights, stack_weights
from .training.results import trained_network
from .view import View


def weights_of(view: View, order: Order = "F") -> Weights:
    """The weights of every cell: those of the trained network if the View shows one, otherwise those of the seed, in an
    order of memory."""
    return trained_network(view).weights if view.trained else stack_weights(view.stack, view.seed, order=order)
