"""The text under a picture: for each view the data of its template in templates/parts/below_picture."""

from collections.abc import Callable

from .....core.trace import StackTrace
from .....translations.translator import Translator
from .....url_state.url_state import UrlState
from . import batch, gradients, training, units, weights

Note = batch.BatchNote | units.UnitsNote | weights.WeightsNote | gradients.GradientsNote | training.TrainingNote

Make = Callable[[UrlState, StackTrace | None, Translator], Note]
"""Makes the note of a UrlState with the trace, if there is one, in a language."""

NOTES: dict[str, Make] = {
    "batch": batch.note,
    "units": units.note,
    "weights": weights.note,
    "gradients": gradients.note,
    "training": training.note,
}
