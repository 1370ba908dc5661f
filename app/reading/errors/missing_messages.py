"""Tracebacks of PyTorch that end before their message: its lines still say what they check."""

import re

from ...translations.phrases import Phrase, phrase
from .pasted_text import ERROR_NAME, PastedText
from .placeholders import NO_SIZE

OF_LAYER = re.compile(r"modules[\\/]rnn\.py")
"""The file of PyTorch's recurrent layers, in the folded text."""

STATE = phrase("the shape of the initial state")
FEATURES = phrase("the number of features of x")
AXES_OF_X = phrase("the number of axes of x")

CHECKS = {
    re.compile(pattern): checked
    for pattern, checked in {
        rf"check_hidden_size|check_forward_hidden|expectedhidden(?:\([01]\))?size{NO_SIZE}": STATE,
        rf"check_forward_input|(?:fn|self)\.input_size,input|input_size\.expected{NO_SIZE}": FEATURES,
        rf"inputmusthave{NO_SIZE}|input\.dim\(\)!=expected_input_dim": AXES_OF_X,
        "check_forward_args|check_input": phrase("the shapes of x and of the initial state"),
    }.items()
}
"""What a line of PyTorch checks, in the folded text: the functions, and what they write in the messages."""

OF_VERSION_0_4 = re.compile("^[ ]{0,20}NameError: name 'fn' is ", re.MULTILINE)
"""The error of a version whose message has a name that it does not define."""

WITHOUT_MESSAGE = re.compile(
    rf"[ ]{{0,20}}[\w.]{{1,200}}:?[ ]{{0,200}}(?:\n|\Z)|{OF_VERSION_0_4.pattern}", re.MULTILINE
)
"""The line of an error without its message."""


def of_missing_message(pasted: PastedText) -> Phrase | None:
    """What is said about a text that has no message after the last line that checks a shape; None for another text."""
    if not OF_LAYER.search(pasted.folded):
        return None
    ends = {
        max((one.end() for one in check.finditer(pasted.folded)), default=0): what for check, what in CHECKS.items()
    }
    if not (last := max(ends)):
        return None
    errors = ERROR_NAME.finditer(pasted.readable, pasted.position(last - 1))
    if not all(WITHOUT_MESSAGE.match(pasted.readable, one.start()) for one in errors):
        return None
    if not OF_VERSION_0_4.search(pasted.readable):
        return _to_its_end(ends[last])
    return phrase(
        "This version of PyTorch fails to write its message. The last line of PyTorch in the text checks {what}: print"
        " the shapes before the call.",
        what=ends[last],
    )


def _to_its_end(what: Phrase) -> Phrase:
    return phrase(
        "The message itself is missing. The last line of PyTorch in the text checks {what}: paste the text to the end"
        " of the message, which has both sizes.",
        what=what,
    )
