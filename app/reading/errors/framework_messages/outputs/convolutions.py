"""Messages about convolutions over what a recurrent layer returns.

Networks without recurrence raise them as well.
"""

import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import GATES
from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.layers_and_operands import what
from ...mismatch import Mismatch, NoShapeError, Shape, from_code, wrong_shape, wrong_size
from ..message_template import Found, MessageTemplate
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
    return units_not_second(found, given, expected)


def units_not_second(found: Found, given: Shape, expected: int) -> Mismatch:
    """An output whose units are in its last axis, for a convolution, which has its channels in the second one."""
    likely = [cause("channels_second", "pytorch", called="conv")]
    if len(given) != RANK:
        return wrong_size("output", "num_units", expected, found.number("got"), likely)
    first, second, _ = given
    wanted = (second, expected, first) if found.surroundings.flag("batch_first") is False else (first, expected, second)
    return wrong_shape("output", "order", wanted, given, likely)


def _of_convolutional_cell(found: Found, expected: int, got: int) -> Mismatch | None:
    """A convolution in a ConvLSTM: that of x and h joined along their channels, which returns those of four gates, or
    one of x or of a state alone; None for another one."""
    weight = [int(size) for size in re.findall(r"\d{1,9}", found.text("weight"))]
    text = found.surroundings.text
    if len(weight) != WEIGHT_AXES or weight[1] != expected or not CONV_LSTM.search(text):
        return None
    units, rest = divmod(weight[0], GATES["lstm"])
    is_in_code, is_said = _convolves_both(text), not found.code and _says_units(text, units)
    if (is_in_code or is_said) and not rest and min(expected, got) > units:
        sizes = expected - units, got - units
        of_x = wrong_size("x", "features", *sizes, [cause("other_channels", "pytorch", got=sizes[1])])
        return from_code(of_x) if is_in_code else replace(of_x, note=FROM_UNITS)
    return None if JOINED.search(text) else _of_one_array(found, expected, got)


FROM_UNITS = phrase(
    "The message does not say which arrays these are: a ConvLSTM with so many units joins x and h along their channels."
)

WEIGHT_AXES = 4
"""The axes of the weights of a convolution over rows and columns."""


def _of_one_array(found: Found, expected: int, got: int) -> Mismatch | None:
    """A convolution of x or of a state alone, by the name of what the line that failed gives it, in a cell that has a
    file of its own; None for another one."""
    if not IN_FILE_OF_CELL.search(found.frames[0] + found.frames[1]) and not IN_FILE_OF_CELL.search(found.before):
        return None
    calls = [one for one in found.line.operations if one.kind == "layer" and "conv" in one.name.lower()]
    array = calls[-1].operands[0] if calls and len(calls[-1].operands) == 1 else None
    if array is None or not array.is_name:
        return None
    if array.role == "x":
        return from_code(wrong_size("x", "features", expected, got, [cause("other_channels", "pytorch", got=got)]))
    if array.role in ("h", "c") or MEMORY.fullmatch(array.text.lower()):
        state = "c_0" if array.role == "c" else "h_0"
        return from_code(wrong_size(state, "num_units", expected, got, [cause("other_units", "cell", units=expected)]))
    return None


IN_FILE_OF_CELL = re.compile(r"lstm_?cell\w{0,20}\.py")
"""The frame of a file with a ConvLSTM; in the folded text."""

MEMORY = re.compile(r"m|m_?t|memory|mem")
"""Names of a state that some kinds of ConvLSTM have beside h and c."""


def _says_units(text: str, units: int) -> bool:
    """Whether a text says that a ConvLSTM has so many units."""
    return (
        re.search(rf"\b(?:hidden|num_features|filters|units|num_filters)\w{{0,12}}[ =:\[(]{{1,4}}{units}\b", text)
        is not None
    )


def _convolves_both(text: str) -> bool:
    """Whether lines of code join x and h, and give both to a convolution."""
    joined = JOINED.search(text)
    return joined is not None and bool(re.search(rf"(?:conv|gates)\w{{0,20}}\(\s?{joined[1]}\s?\)", text))


CONV_LSTM = re.compile(r"conv_?lstm|clstm|spatio_?temporal_?lstm|st_?lstm|predrnn")
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
