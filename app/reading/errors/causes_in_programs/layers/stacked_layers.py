"""Two recurrent layers of Keras, of which the upper one gets only the last step of the lower one."""

from itertools import pairwise
from typing import NamedTuple

from ....code.values import Layer
from ...framework_messages.message_template import Found


class Stacked(NamedTuple):
    """A recurrent layer of Keras that returns only its last step, and the one that gets this; ``input``: the axes that
    the first one gets."""

    below: Layer
    above: Layer
    input: tuple[object, ...]


def stacked(found: Found) -> Stacked | None:
    """The layers of which the upper one gets an x without steps; None unless the program has them."""
    for one, other in pairwise(found.program.calls):
        x = other.operands[0]
        is_below = one.layer and other.layer and one.layer.framework == "keras" and len(x.axes) == 2
        if is_below and "output" in x.roles and one.layer and other.layer:
            return Stacked(one.layer, other.layer, one.operands[0].axes)
    return None
