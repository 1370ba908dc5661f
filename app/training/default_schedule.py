"""How a network is trained, apart from its task."""

from typing import NamedTuple

from .digits import TRAINING as TRAINING_DIGITS


class Schedule(NamedTuple):
    """On how many examples, for how many epochs, with which learning rate. Each is a field of a URL as well, with the
    same name, and with limits, in app/url_state/fields/training_fields.py."""

    examples: int = TRAINING_DIGITS
    epochs: int = 25
    learning_rate: float = 0.01


DEFAULT = Schedule()
"""What the page shows first, and what the curves are measured with."""
