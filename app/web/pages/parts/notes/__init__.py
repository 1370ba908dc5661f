"""What the page says under a picture, by view: what its template in templates/readings is filled with."""

from collections.abc import Callable
from typing import Any

from app.core.trace import StackTrace
from app.query.view import View
from app.translations.translator import Translator
from app.web.pages.parts.notes import batch, gradients, units, weights

Reading = Callable[[View, StackTrace | None, Translator], dict[str, Any]]
"""Of a View and what was recorded, if anything was, in a language."""

READINGS: dict[str, Reading] = {
    "batch": batch.reading,
    "units": units.reading,
    "weights": weights.reading,
    "gradients": gradients.reading,
}
