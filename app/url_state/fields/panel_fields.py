"""What the panel beside the picture shows."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Flag


@dataclass(frozen=True)
class PanelFields:
    """The content of the panel beside the picture."""

    parameters: Annotated[
        bool,
        Flag(False, phrase("explain the number of trainable parameters instead of the selected tensor"), (False, True)),
    ]
