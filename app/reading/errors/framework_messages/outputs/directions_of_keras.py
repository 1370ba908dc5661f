"""Messages that Bidirectional of Keras raises where it adds or multiplies what both directions return: of its backend,
which names no layer, or the operation."""

import re

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import cause
from ...mismatch import Mismatch
from ..message_template import NEAR, Found

IN_WRAPPER = re.compile(
    r"whencalling(?:layer\S{0,80}?\(type)?bidirectional(?:\.call\(\)|\))\W{0,4}(?:\[1m)?\W{0,2}(?:function_node\S{0,150})?$"
)
"""The call of the layer, right before the message; in the folded text."""

MERGED = re.compile(r"(?:^|/)bidirectional(?:_\d{1,4})?/(?:add|mul)(?:v2)?(?:_\d{1,4})?$")
"""The name of the operation, in the folded text."""


def is_merge(found: Found) -> bool:
    """Whether the message is of both directions."""
    return bool(MERGED.search(found.text("operation")) or IN_WRAPPER.search(found.before[-NEAR:]))


def merged_directions(found: Found, forward: int, backward: int) -> Mismatch | None:
    """Two directions with other units; None for another message, or for as many."""
    if not is_merge(found) or not forward or not backward or forward == backward:
        return None
    sentence = phrase(
        "Both directions are merged value by value, but return {forward} values forward and {backward} backward.",
        forward=forward,
        backward=backward,
    )
    likely = cause("backward_units", "keras", cell=found.cell, units=forward, units_got=backward)
    facts = (fact("num_units", forward, "layer"), fact("directions", 2, "layer"))
    return Mismatch("output", "num_units", sentence, (forward,), (backward,), (likely,), facts, is_of_equals=True)
