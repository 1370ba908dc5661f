"""The model of which the layer is a part."""

from dataclasses import dataclass
from typing import Annotated

from ...equations.limits import MAX_CHARACTERS
from ...frameworks import FRAMEWORKS
from ...translations.phrases import phrase
from ..field_types import NONE, Choice, Number
from ..text_field_types import ComparedText, ModelText
from .input_fields import MAX_TEXT_LENGTH

LAST_PART = 999
"""The largest index of a layer of a model: its text has fewer."""


@dataclass(frozen=True)
class ModelFields:
    """The model of which the layer is a part."""

    model: Annotated[str, ModelText("", phrase("layers of a model, of which the picture shows one"), MAX_TEXT_LENGTH)]
    part: Annotated[int, Number(0, phrase("selected layer of the model, counted from 0"), 0, LAST_PART)]
    beside: Annotated[
        str,
        ComparedText(
            "", phrase("/model and /cell only: a second model or cell to compare with"), MAX_CHARACTERS, multiline=True
        ),
    ]
    beside_framework: Annotated[
        str,
        Choice(
            NONE, phrase("/model only: the framework of the second model, if it is another one"), (NONE, *FRAMEWORKS)
        ),
    ]
