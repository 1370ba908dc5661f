"""Options of a frame in another page."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Flag


@dataclass(frozen=True)
class EmbedFields:
    """Options of a frame in another page."""

    controls: Annotated[bool, Flag(False, phrase("/embed only: show sliders under the picture"), (False, True))]
