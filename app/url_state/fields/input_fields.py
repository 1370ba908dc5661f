"""The input of a run."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Choice
from ..input_kinds import INPUTS, INPUTS_HELP
from ..text_field_types import FreeText
from ..tokenizer import CUTS
from .fields_of_class import fields_of

MAX_TEXT_LENGTH = 2000
"""Characters of a text. The limits of requests, links and states of rooms follow from it. A test compares it with
deploy/nginx.conf, which must let such links pass."""


@dataclass(frozen=True)
class DataFields:
    """The input of the run. All but random numbers imply ``features``; a digit also implies ``time_step``."""

    data: Annotated[str, Choice("random", INPUTS_HELP, tuple(INPUTS))]
    text: Annotated[str, FreeText("", phrase("with data=text or task=text: the text"), MAX_TEXT_LENGTH, multiline=True)]
    cut: Annotated[str, Choice("characters", phrase("with data=text: what one step reads"), CUTS)]


DATA = fields_of(DataFields)
