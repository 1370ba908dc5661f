"""The options of a teacher’s assignment."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Number
from ..text_field_types import FreeText, MultipleChoice
from .cell_and_size_fields import CELL_AND_SIZES

LOCKABLE = (
    *(f.name for f in CELL_AND_SIZES if isinstance(f, Number)),
    "cell",
    "bidirectional",
    "framework",
    "view",
    "t",
    "labels",
)
"""The controls that an assignment may lock."""


HIDEABLE = ("controls", "sentence", "panel", "values", "why", "questions", "kernel", "framework", "table")
"""The parts of the page that an assignment may leave out."""


@dataclass(frozen=True)
class AssignmentFields:
    """Options of a teacher's assignment."""

    title: Annotated[str, FreeText("", phrase("title of an assignment, shown above the picture"), 80)]
    lock: Annotated[str, MultipleChoice("", phrase("controls that are locked"), LOCKABLE)]
    hide: Annotated[str, MultipleChoice("", phrase("parts of the page that are hidden"), HIDEABLE)]
