"""The part of the run that is in focus."""

from dataclasses import dataclass
from typing import Annotated

from ...core.largest_sizes import MAX_BATCH_SIZE, MAX_NUM_LAYERS, MAX_NUM_UNITS, MAX_TIME_STEP
from ...core.stack import DIRECTIONS
from ...diagram.views import VIEWS
from ...translations.phrases import phrase
from ..field_types import NONE, Choice, Flag, Index, Number, TensorId, VectorId
from .fields_of_class import fields_of

LAST_INDEX = 99_999
"""The largest index of a row, column or component. No axis of a tensor is longer."""


@dataclass(frozen=True)
class FocusFields:
    """The part of the run that is in focus."""

    view: Annotated[str, Choice("unrolled", phrase("picture to show"), tuple(VIEWS))]
    t: Annotated[int, Number(2, phrase("step drawn in full, counted from 0"), 0, MAX_TIME_STEP - 1, below="time_step")]
    layer: Annotated[int, Number(0, phrase("layer in focus"), 0, MAX_NUM_LAYERS - 1, below="num_layers")]
    direction: Annotated[str, Choice("forward", phrase("direction in focus"), DIRECTIONS)]
    tensor: Annotated[str, TensorId("", phrase("selected tensor"))]
    stepping: Annotated[bool, Flag(False, phrase("fade everything computed after the selected tensor"), (False, True))]
    sample: Annotated[
        int | None,
        Index(None, phrase("sample to follow"), 0, MAX_BATCH_SIZE - 1, "batch_size"),
    ]
    unit: Annotated[
        int | None,
        Index(None, phrase("unit to follow: its index in h and c"), 0, MAX_NUM_UNITS - 1, "num_units"),
    ]
    row: Annotated[int, Number(0, phrase("first row of the selected tensor’s values to show"), 0, LAST_INDEX)]
    column: Annotated[int, Number(0, phrase("first column of those values to show"), 0, LAST_INDEX)]
    poke: Annotated[str, VectorId(NONE, phrase("vector in which one value is changed, to see the effect"))]
    component: Annotated[int, Number(0, phrase("index of the changed value in that vector"), 0, LAST_INDEX)]


FOCUS = fields_of(FocusFields)
