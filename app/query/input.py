"""What goes into the run: numbers from the seed, a text, a wave, a digit; and what is said of it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.core.inputs import digit, height, make_input, one_hot, wave
from app.core.ops import Array
from app.diagram.charts.windows import shown, windows
from app.diagram.shapes import Picture
from app.query.text_input import at, units, vocabulary
from app.query.view import View

ROWS, COLUMNS = 6, 24
"""So many sequences and steps of a text are shown."""

LONGEST = 30
"""Characters of a word that the table shows; an emoji of a family has up to 11."""

MAKERS: dict[str, Callable[[View], Array]] = {
    "random": lambda view: make_input(view.sizes, view.seed),
    "text": lambda view: one_hot(indices(view), view.features),
    "wave": lambda view: wave(view.sizes),
    "digit": lambda view: digit(view.sizes),
}


def input_of(view: View) -> Array:
    """X, batch_size × time_step × features."""
    return MAKERS[view.data](view)


def indices(view: View) -> list[list[int]]:
    """Of each character or word its place among the different ones, batch_size × time_step."""
    place = {unit: k for k, unit in enumerate(vocabulary(view.text, view.cut))}
    read = [place[unit] for unit in units(view.text, view.cut)]
    n, steps = len(read), view.time_step
    return [[read[(b * steps + t) % n] for t in range(steps)] for b in range(view.batch_size)]


def given(view: View) -> dict[str, Any] | None:
    """What is said under the picture of the text that is read; nothing of other inputs' words but their sizes."""
    if view.data != "text":
        return None
    read, different = units(view.text, view.cut), vocabulary(view.text, view.cut)
    first = max(0, min(view.t - COLUMNS // 2, view.time_step - COLUMNS))
    steps = range(first, min(first + COLUMNS, view.time_step))
    sample = view.sample or 0
    samples = sorted({*range(min(ROWS, view.batch_size)), sample})
    now = at(read, sample, view.t, view.time_step)
    return {
        "count": len(read),
        "different": len(different),
        "used": view.batch_size * view.time_step,
        "steps": steps,
        "rows": [(b, [seen(at(read, b, t, view.time_step)) for t in steps]) for b in samples],
        "more": view.batch_size - len(samples),
        "sample": sample,
        "now": seen(now),
        "index": different.index(now),
    }


def series_of(view: View) -> Picture:
    """The wave, and which of its values each sequence reads."""
    samples = shown(view.batch_size, view.sample)
    values = height(np.arange(samples[0], samples[-1] + view.time_step + 1)).tolist()
    return windows(values, view.time_step, samples, view.sample or 0, view.t)


def seen(unit: str) -> str:
    """A character as it can be seen; of a long word the beginning: it may fill every cell."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(unit, unit if len(unit) <= LONGEST else unit[:LONGEST] + "…")
