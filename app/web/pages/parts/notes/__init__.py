"""The text under a picture, by view: what its template in templates/parts/notes is filled with."""

from collections.abc import Callable

from .....core.trace import StackTrace
from .....query.view import View
from .....translations.translator import Translator
from . import batch, gradients, units, weights

Note = batch.BatchNote | units.UnitsNote | weights.WeightsNote | gradients.GradientsNote

Make = Callable[[View, StackTrace | None, Translator], Note]
"""Of a View and what was recorded, if anything was, in a language."""

NOTES: dict[str, Make] = {
    "batch": batch.note,
    "units": units.note,
    "weights": weights.note,
    "gradients": gradients.note,
}
