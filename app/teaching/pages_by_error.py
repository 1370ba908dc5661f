"""Error messages of frameworks about shapes, and the pages that explain them.

A reader pastes a message with whatever surrounds it: a traceback, prompts, colours of a terminal, line breaks at its
edge. So messages are compared without spaces, quotes and kinds of brackets.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from .all_pages import PageId, page_on

MAX_LENGTH = 2**16
"""The number of characters that are searched, from the end: a traceback ends with its message."""

ANY_SIZE = "[^,()=:]{0,60}"
ANY_TEXT = ".{0,200}?"


@dataclass(frozen=True)
class ErrorMessage:
    """A message of a framework, and the pages that explain it, the best one first.

    In a template, ``{}`` is a size or a name, and ``{...}`` a short text. ``{batch}`` is a size, too, the same one
    wherever this name is repeated.
    """

    template: str
    places: tuple[PageId, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        known: set[str] = set()

        def pattern_of(part: str) -> str:
            match part:
                case "{}":
                    return ANY_SIZE
                case "{...}":
                    return ANY_TEXT
            if part[:1] != "{":
                return re.escape(normalized(part))
            name = part[1:-1]
            pattern = f"(?P={name})" if name in known else f"(?P<{name}>{ANY_SIZE})"
            known.add(name)
            return pattern

        return re.compile("".join(map(pattern_of, self._parts)))

    @cached_property
    def longest_literal(self) -> str:
        """A text without it cannot have the message."""
        return max((normalized(part) for part in self._parts if part[:1] != "{"), key=len)

    @property
    def _parts(self) -> list[str]:
        """Literal texts and placeholders."""
        return re.split(r"(\{[\w.]*\})", self.template)

    def last_span(self, text: str) -> tuple[int, int] | None:
        """The start and the end of its last occurrence in a normalized text."""
        if self.longest_literal not in text:
            return None
        spans = [match.span() for match in self.pattern.finditer(text)]
        return spans[-1] if spans else None


def pages_about(text: str) -> list[PageId]:
    """The pages about the last message in a text, with which a traceback ends."""
    text = normalized(text[-MAX_LENGTH:])
    spans = {message: span for message in ERROR_MESSAGES if (span := message.last_span(text))}
    last_start, _ = max(spans.values(), key=lambda span: span[1], default=(0, 0))
    found = (message.places for message, (_, end) in spans.items() if end > last_start)
    return list(dict.fromkeys(place for places in found for place in places))


LONGEST_QUESTION = 1000
"""Characters of a question in plain words. A longer text is a message or a program."""

ERROR_NAME = re.compile(r"\w(Error|Exception|Warning)\b")
PROGRAM = re.compile(r"^[ \t]*((import|from)\s+\w|File \"|Traceback )|\w = \S|\w\.\w+\(", re.MULTILINE)


def is_pasted(text: str) -> bool:
    """Whether a text is rather a message or a program than words to search for, which may have several lines."""
    has_lines = "\n" in text.strip()
    return len(text) > LONGEST_QUESTION or bool(ERROR_NAME.search(text)) or (has_lines and bool(PROGRAM.search(text)))


COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\[(?:\d{1,3};)*\d{1,3}m")
PROMPTS = re.compile(r"^(?:[ \t]{0,9}(?:>>>|\.\.\.|>|E(?=\s)|In \[\d*\]:)){1,3}", re.MULTILINE)
DROPPED = re.compile(r"[\s'\"`´‘’ʼ“”|\u2500-\u257f]+|torch\.size|tensorshape")
BRACKETS = str.maketrans("[]{}", "()()")


def normalized(text: str) -> str:
    """A text without spaces, quotes, prompts and colours, in lower case, with round brackets."""
    text = PROMPTS.sub("", COLOURS.sub("", text)).casefold()
    return re.sub(r"([()])\1+", r"\1", DROPPED.sub("", text).translate(BRACKETS))


HIDDEN_SIZES, LAST_BATCH, ONE_STEP = PageId("hidden-sizes"), PageId("last-batch"), PageId("lstm-or-lstmcell")
LENGTHS, CHECKPOINT, STATEFUL = PageId("lengths"), PageId("checkpoint"), PageId("stateful")
THREE_AXES, ALL_STEPS, FEATURES = page_on("two-axes"), page_on("no-sequences"), page_on("wrong-features")
NDIM, SEQUENCES, EACH_STEP = PageId("ndim"), PageId("return-sequences"), PageId("time-distributed")
ONE_AXIS_MORE = PageId("one-axis-more")
OUTPUT, ORDER, TRANSPOSED, PROJECTION = map(PageId, ("output-or-h-n", "which-slice", "transposed", "projection"))

INITIAL_STATES = (HIDDEN_SIZES, LAST_BATCH)
INPUT = (THREE_AXES, NDIM)
TARGETS = (SEQUENCES, EACH_STEP)

ERROR_MESSAGES = tuple(
    ErrorMessage(template, places)
    for places, templates in {
        # PyTorch
        (LAST_BATCH, HIDDEN_SIZES): (
            "Expected hidden size ({layers}, {}, {units}), got ({layers}, {}, {units})",
            "Expected hidden[0] size ({layers}, {}, {units}), got ({layers}, {}, {units})",
            "Expected hidden[1] size ({layers}, {}, {units}), got ({layers}, {}, {units})",
            "Invalid input_h shape: [{layers},{},{units}] [{layers},{},{units}]",
        ),
        INITIAL_STATES: (
            "Expected hidden size (",
            "Expected hidden[{}] size",
            "hx and cx should also be",
            "hx should also be",
            "Invalid input_h shape",
            "Input initial_h must have shape",
            "Input initial_c must have shape",
        ),
        INPUT: (
            "Expected input to be 2D or 3D, got",
            "Expected input to be 2-D or 3-D but received",
            "input must have 3 dimensions, got",
            "input must have 2 dimensions, got",
        ),
        (ONE_STEP,): (
            "Cell: Expected input to be 1D or 2D",
            "Cell: Expected input to be 1-D or 2-D",
            "Cell: Expected hx[{}] to be 1D or 2D",
            "Cell: Expected hidden to be 1D or 2D",
            "input has inconsistent input_size: got",
            "has inconsistent hidden_size: got",
            "Input batch size {} doesn't match hidden",
        ),
        (FEATURES,): (
            "input.size(-1) must be equal to input_size",
            "mat1 and mat2 shapes cannot be multiplied",
            "mat1 dim 1 must match mat2 dim 0",
            "size mismatch, m1: [",
        ),
        (OUTPUT,): (
            "argument 'input' (position 1) must be Tensor, not tuple",
            "Expected input batch_size {} to match target batch_size",
            "Expected input batch_size ({}) to match target batch_size",
        ),
        (ONE_AXIS_MORE,): ("Using a target size ({...}) that is different to the input size",),
        (PROJECTION,): (
            "proj_size has to be smaller than hidden_size",
            "proj_size argument is only supported for LSTM",
        ),
        (LENGTHS, PageId("padding")): (
            "Expected `len(lengths)` to be equal to batch_size",
            "`lengths` array must be sorted in decreasing order",
            "lengths array has to be sorted in decreasing order",
            "Length of all samples has to be greater than 0",
            "'lengths' argument should be a 1D CPU int64 tensor",
            "Expected total_length to be at least the length of the longest sequence",
            "Cannot pack empty tensors",
            "Input sequence_lens must have shape",
            "Invalid value/s in sequence_lens",
        ),
        (CHECKPOINT, ORDER): (
            "size mismatch for {}weight_ih_l{}: copying a param",
            "size mismatch for {}weight_hh_l{}: copying a param",
            "size mismatch for {}bias_ih_l{}: copying a param",
            "size mismatch for {}bias_hh_l{}: copying a param",
        ),
        # Keras and TensorFlow; the name of a second layer ends with a number
        (ALL_STEPS, *INPUT): ("_{} is incompatible with the layer: expected ndim=3, found ndim=2",),
        (*INPUT, ALL_STEPS): (
            "expected ndim=3, found ndim=",
            "expected min_ndim=3, found ndim=",
            "expected {} to have 3 dimensions, but got array with shape",
            "must have rank at least 3",
            "must be rank 3 but is rank",
            "Input X must have 3 dimensions only",
            "First input tensor must have rank 3",
        ),
        (FEATURES, NDIM): (
            "expected axis -1 of input shape to have value",
            "expected axis 2 of input shape to have value",
            "Dimensions must be equal, but are {} and {} for {...}MatMul",
            "Matrix size-incompatible: In[0]",
            "dot_general requires contracting dimensions to have the same shape",
            "has a mismatch in its core dimension 0, with gufunc signature",
        ),
        TARGETS: (
            "Shapes ({}, {}) and ({}, {}, {}) are incompatible",
            "Shapes ({}, {}, {}) and ({}, {}) are incompatible",
            "must have the same shape. Received: target.shape=({},{}), output.shape=({},{},{})",
            "must have the same shape. Received: target.shape=({},{},{}), output.shape=({},{})",
            "A target array with shape ({}, {}) was passed for an output of shape ({}, {}, {})",
            "A target array with shape ({}, {}, {}) was passed for an output of shape ({}, {})",
            "expected {} to have 2 dimensions, but got array with shape ({}, {}, {})",
            "logits and labels must have the same first dimension",
        ),
        (EACH_STEP, SEQUENCES): (
            "Layer should be passed an `input_shape` with at least 3 dimensions",
        ),
        (LAST_BATCH, STATEFUL): (
            "the batch size of the input sequences must be the same as the batch size of the initial state",
        ),
        (STATEFUL, LAST_BATCH): (
            "When using `stateful=True` in a RNN, the batch size must be static",
            "If a RNN is stateful, it needs to know its batch size",
            "If a RNN is stateful, a complete input_shape must be provided",
        ),
        (PageId("hidden-or-cell"),): ("Layer has {} states but was passed {} initial states",),
        (ORDER, TRANSPOSED): (
            "with a weight list of length {}, but the layer was expecting",
            "weight shape ({...}) is not compatible with provided weight shape",
            "Input W must have shape",
            "Input R must have shape",
            "Input B must have shape",
        ),
    }.items()
    for template in templates
)  # fmt: skip
"""The templates are those of the frameworks' sources. More specific ones come first."""
