"""Messages about convolutions over what a recurrent layer returns.

Networks without recurrence raise them as well.
"""

from ....translations.phrases import phrase
from ..causes import cause
from ..code_lines.pasted_operations import what
from ..mismatch import Mismatch, NoShapeError, wrong_size
from .message_template import Found, MessageTemplate
from .reshapes_and_norms import OF_OUTPUT


def channels(found: Found) -> Mismatch:
    """A convolution over an output whose units are not in the second axis."""
    expected, got, given = found.number("expected"), found.number("got"), found.shape("input")
    one = found.program.call_of_layer(given[-1] or 0) if given else None
    is_output = what(one.operands[0]) == "output" if one else OF_OUTPUT.search(found.code.lower())
    if not is_output or given[-1:] != (expected,):
        raise NoShapeError(phrase("a convolution"))
    return wrong_size("output", "num_units", expected, got, [cause("channels_second", "pytorch", called="conv")])


TEMPLATES = (
    MessageTemplate(
        "pytorch-channels",
        "pytorch",
        "0.4-2",
        "Given groups={groups:n}, weight of size {weight:shape}, expected input{input:shape} to have {expected:n}"
        " channels, but got {got:n} channels instead",
        channels,
        anywhere=True,
    ),
)
