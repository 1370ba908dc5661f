"""Shapes that a sentence or a printed line of a text says: of x, with its batch and its steps, and of a named array."""

import re
from collections.abc import Iterator

from ..facts_about_sizes import Fact, fact
from .axes_of_arrays import steps_in_order
from .framework_messages.message_template import Found
from .mismatch import Mismatch, only_size

NAME = r"(?:x|inputs?|x_(?:batch|in|seq)|(?:input|batch)[_ ](?:data|tensor|seq|x)|batch|sequences?|embed(?:ded|ding)s?)"

WORDS = (
    r"(?:(?:is|are|was|has|have|had|with|of|in|an?|the|my|its|now|tensor|data|torch|shape|sizes?|dimensions?)\b"
    r"|[:=]{1,2}|->|#|,)"
)

SHAPE = re.compile(r"[(\[]\s?(\d{1,6}\s?,\s?\d{1,6}\s?,\s?\d{1,6})\s?[)\]]")

OF_X = re.compile(
    rf"(?<![\w.])(?:print\()?{NAME}(?:\.shape|\.size\(\))?[\"'`)]{{0,3}}\s{{0,3}}(?:{WORDS}\s?){{0,7}}"
    r"(?:torch\.size)?\(?\Z",
    re.IGNORECASE,
)
"""What is before the shape of an array that is called like an x: ``my input is (6, 9, 7)``,
``x.shape: torch.Size([6, 9, 7])``."""

LONGEST_OF_X = 150
"""Characters of that."""

PRINTED = re.compile(r"^[ ]{0,20}torch\.Size\(\[(\d{1,6}, \d{1,6}, \d{1,6})\]\)$", re.MULTILINE)
"""A printed line that says only a shape."""

OF_OTHER_AXES = ("rank", "order")
"""What an x has of which the axes are not those that the layer reads."""


def _said(found: Found) -> set[tuple[int, ...]]:
    """The shapes with three axes that a text says of an x, or prints alone."""
    source = found.program.source
    of_x = (one[1] for one in SHAPE.finditer(source) if _is_of_x(source, one.start()))
    return {tuple(map(int, sizes.split(","))) for sizes in (*of_x, *PRINTED.findall(source))}


def _is_of_x(source: str, place: int) -> bool:
    """Whether what is before a shape says that an x has it."""
    return OF_X.search(source, max(0, place - LONGEST_OF_X), place) is not None


def steps_of_said_x(found: Found, batch: int, units: int) -> int | None:
    """The first axis of the only x with time first that the text says, whose second axis is the batch that a layer of
    PyTorch found; not that of its output, which has the units in its last axis."""
    steps = {one[0] for one in _said(found) if one[1] == batch and one[-1] != units}
    return steps.pop() if len(steps) == 1 and found.framework == "pytorch" else None


def facts_of_said_x(found: Found, mismatch: Mismatch, features: int | None) -> Iterator[Fact]:
    """The batch and the steps of the only x of a layer of PyTorch that the text says, which has the ``features`` of the
    layer or those that the message says it got; nothing if the text does not say the order of its axes."""
    is_first = found.surroundings.flag("batch_first")
    if found.framework != "pytorch" or is_first is None or mismatch.axis in OF_OTHER_AXES:
        return
    of_x = (mismatch.tensor, mismatch.axis) == ("x", "features")
    last = only_size(mismatch.got) if of_x else features
    fitting = [one for one in _said(found) if one[-1] == last]
    if len(fitting) == 1:
        yield from (fact(name, size, "text") for name, size in zip(steps_in_order(is_first), fitting[0], strict=False))


def said_shape(found: Found, name: str, rank: int) -> tuple[int, ...]:
    """The only shape with so many axes that a text says of an array, as in ``x_t is 30 x 4`` or ``x.shape -> (9, 4)``;
    () without one."""
    between = r"\s?(?:,|[x×])\s?"
    sizes = between.join([r"\d{1,6}"] * rank)
    said = re.compile(rf"(?<![\w.]){re.escape(name)}{SAYS}[(\[]?\s?({sizes})(?!\d|{between}\d)")
    shapes = {tuple(map(int, re.findall(r"\d+", one))) for one in said.findall(found.surroundings.original)}
    return shapes.pop() if len(shapes) == 1 else ()


SAYS = r"(?:\.shape)?\s{0,3}(?:(?:is|has|shape|of|[:=]|->)\s{0,3}){0,3}"
"""What is between an array and its shape."""
