"""How the picture looks."""

from dataclasses import dataclass
from typing import Annotated

from ...diagram.format_names import FORMATS
from ...diagram.shape_labels import LABELS
from ...diagram.size_notation import NOTATIONS, OURS
from ...diagram.theme import THEMES
from ...translations.languages import LANGUAGES
from ...translations.phrases import phrase
from ..field_types import Choice
from .fields_of_class import fields_of

AUTO = "auto"
"""The value of ``lang`` that stands for the visitor's own language."""


@dataclass(frozen=True)
class LookFields:
    """The appearance of the picture."""

    labels: Annotated[str, Choice("numbers", phrase("text of the labels"), LABELS)]
    notation: Annotated[str, Choice(OURS.id, phrase("names of the sizes"), tuple(NOTATIONS))]
    format: Annotated[
        str,
        Choice(
            "page", phrase("format of an image: phone, page, slide, lecture hall or half of its screen"), tuple(FORMATS)
        ),
    ]
    lang: Annotated[
        str,
        Choice(
            AUTO,
            phrase("language; auto means the visitor’s own (English for images)"),
            (AUTO, *LANGUAGES),
        ),
    ]
    theme: Annotated[
        str,
        Choice("light", phrase("colour theme; if omitted, a page follows the visitor’s system setting"), tuple(THEMES)),
    ]


LOOK = fields_of(LookFields)
