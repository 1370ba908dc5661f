"""How a network is trained, apart from its task."""

from typing import NamedTuple


class Schedule(NamedTuple):
    """On how many examples, for how many epochs, with which learning rate. Each is a field of a URL as well, with the
    same name, in app/url_state/fields/training_fields.py."""

    examples: int
    epochs: int
    learning_rate: float
