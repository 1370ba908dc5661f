"""Messages about convolutions over what a recurrent layer returns.

Networks without recurrence raise them as well.
"""

import re

from ....translations.phrases import phrase
from ...facts import GATES
from ..causes import cause
from ..code_lines.pasted_operations import what
from ..mismatch import Mismatch, NoShapeError, from_code, wrong_size
from .message_template import Found, MessageTemplate
from .reshapes_and_norms import OF_OUTPUT


def channels(found: Found) -> Mismatch:
    """A convolution over an output whose units are not in the second axis, or in a ConvLSTM."""
    expected, got, given = found.number("expected"), found.number("got"), found.shape("input")
    if of_cell := _of_convolutional_cell(found, expected, got):
        return of_cell
    one = found.program.call_of_layer(given[-1] or 0) if given else None
    is_output = what(one.operands[0]) == "output" if one else OF_OUTPUT.search(found.code.lower())
    if not is_output or given[-1:] != (expected,):
        raise NoShapeError(phrase("a convolution"))
    return wrong_size("output", "num_units", expected, got, [cause("channels_second", "pytorch", called="conv")])


def _of_convolutional_cell(found: Found, expected: int, got: int) -> Mismatch | None:
    """The convolution of a ConvLSTM, which gets x and h joined along their channels, and returns those of four gates;
    None for another one."""
    weight = [int(size) for size in re.findall(r"\d{1,9}", found.text("weight"))]
    text = found.surroundings.text
    if len(weight) != 4 or weight[0] % GATES["lstm"] or not CONV_LSTM.search(text) or not _convolves_both(text):
        return None
    units = weight[0] // GATES["lstm"]
    if weight[1] != expected or min(expected, got) <= units:
        return None
    sizes = expected - units, got - units
    return from_code(wrong_size("x", "features", *sizes, [cause("other_channels", "pytorch", got=sizes[1])]))


def _convolves_both(text: str) -> bool:
    """Whether lines of code join x and h, and give both to a convolution."""
    joined = JOINED.search(text)
    return joined is not None and bool(re.search(rf"(?:conv|gates)\w{{0,20}}\(\s?{joined[1]}\s?\)", text))


CONV_LSTM = re.compile(r"conv_?lstm|clstm")
JOINED = re.compile(
    r"\b(\w{1,40})\s?=\s?[\w.]{0,20}\b(?:cat|concat)\(\s?[(\[]\s?(?:x\w{0,3}|inp\w{0,12})\s?,"
    r"\s?(?:h\w{0,9}|(?:prev_)?hidden\w{0,9})\s?[)\]]"
)
"""x and h of a cell, which are joined, in a line of code in lower case."""


TEMPLATES = (
    MessageTemplate(
        "pytorch-channels",
        "pytorch",
        "0.4-2",
        "Given groups={groups:n}, weight of size {weight:any}, expected input{input:shape} to have {expected:n}"
        " channels, but got {got:n} channels instead",
        channels,
        anywhere=True,
    ),
)
