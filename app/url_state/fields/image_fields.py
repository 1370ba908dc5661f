"""Options of image files."""

from dataclasses import dataclass
from typing import Annotated

from ...translations.phrases import phrase
from ..field_types import Flag, Number


@dataclass(frozen=True)
class ImageFields:
    """Options of image files."""

    scale: Annotated[int, Number(1, phrase("/diagram.png only: scale factor"), 1, 4)]
    arrays: Annotated[bool, Flag(True, phrase("images only: show the arrays that go in and come out"), (True, False))]
    transparent: Annotated[bool, Flag(False, phrase("images only: transparent background"), (False, True))]
