"""The text under a picture: for each view the data of its template in templates/parts/view_notes."""

from collections.abc import Callable

from .....core.trace import StackTrace
from .....query.view import View
from .....translations.translator import Translator
from . import batch, gradients, training, units, weights

Note = batch.BatchNote | units.UnitsNote | weights.WeightsNote | gradients.GradientsNote | training.TrainingNote

Make = Callable[[View, StackTrace | None, Translator], Note]
"""Makes the note of a View with the trace, if there is one, in a language."""

NOTES: dict[str, Make] = {
    "batch": batch.note,
    "units": units.note,
    "weights": weights.note,
    "gradients": gradients.note,
    "training": training.note,
}
