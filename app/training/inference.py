"""What a trained network says."""

from typing import NamedTuple

from ..core.ops import Array
from .training import Trained


class Said(NamedTuple):
    """A character that a network wrote, and the probability of each character of the alphabet before it was drawn."""

    character: str
    probabilities: Array


def beliefs(trained: Trained, X: Array) -> Array:
    """What the network believes after each step of one example, X of time_step × features: the dense layer applied to
    every output, time_step × outputs: probabilities of the classes, or values."""
    raise NotImplementedError


def predictions(trained: Trained) -> Array:
    """The class of each example of the test that the network finds likeliest: examples, or examples × time_step."""
    raise NotImplementedError


def continuation(trained: Trained, start: str, n: int, seed: int) -> tuple[Said, ...]:
    """The next n characters, each drawn from the probabilities that the network gives after the characters before."""
    raise NotImplementedError
