"""Options of generated programs."""

from dataclasses import dataclass
from typing import Annotated

from ...frameworks import FRAMEWORKS
from ...translations.phrases import phrase
from ..field_types import NONE, Choice


@dataclass(frozen=True)
class CodeFields:
    """Options of the generated program."""

    to: Annotated[str, Choice(NONE, phrase("/code only: the framework to convert the weights to"), (NONE, *FRAMEWORKS))]
