"""A preview of a text or series as input, with what the cell reads at the focused step."""

from dataclasses import dataclass

import numpy as np

from ....core.input_data import SIDE, height
from ....diagram.charts.series_windows import shown, windows
from ....diagram.elements import Picture
from ....diagram.transforms.relabeling import in_language
from ....query.tensor_values import ROWS as VALUE_ROWS
from ....query.tokenizer import unit_at, units, vocabulary
from ....query.view import View
from ....translations.translator import Translator
from .picture_links import LinkedPicture, linked_picture

ROWS, COLUMNS = 6, 24
"""How many sequences and steps of a text are shown."""

LONGEST = 30
"""Characters of a word in the table; an emoji of a family has up to 11."""


@dataclass(frozen=True)
class TextPreview:
    """Some sequences and steps of a text. ``count``: the characters or words of the text, of which ``different`` are
    distinct; ``used``: those that the batch needs; ``now``: the one at the focused step, with its ``index`` in the
    vocabulary; ``more``: the number of sequences left out."""

    count: int
    different: int
    used: int
    steps: range
    rows: list[tuple[int, list[str]]]
    more: int
    sample: int
    now: str
    index: int


@dataclass(frozen=True)
class InputPreview:
    """The preview of the text or of the series, and for a digit the query that shows the values around the row that the
    cell reads: each None for other inputs."""

    text: TextPreview | None
    series: LinkedPicture | None
    digit_values: str | None


def input_preview(view: View, highlighted: frozenset[str], translate: Translator) -> InputPreview:
    """The preview of a View's input. ``highlighted``: the tensors to highlight in the series."""
    series = in_language(series_of(view), translate) if view.data == "wave" else None
    return InputPreview(
        text=text_preview(view) if view.data == "text" else None,
        series=linked_picture(view, series, highlighted) if series else None,
        digit_values=view.query(tensor="X", row=first_row(view.t)) if view.data == "digit" else None,
    )


def first_row(t: int) -> int:
    """The first row of a page of the digit's values that contains row ``t``."""
    return 0 if t < VALUE_ROWS else SIDE - VALUE_ROWS


def text_preview(view: View) -> TextPreview:
    """The sequences and steps around the focused ones."""
    tokens, different = units(view.text, view.cut), vocabulary(view.text, view.cut)
    first = max(0, min(view.t - COLUMNS // 2, view.time_step - COLUMNS))
    steps = range(first, min(first + COLUMNS, view.time_step))
    sample = view.followed or 0
    samples = sorted({*range(min(ROWS, view.batch_size)), sample})
    now = unit_at(tokens, sample, view.t, view.time_step)
    return TextPreview(
        count=len(tokens),
        different=len(different),
        used=view.batch_size * view.time_step,
        steps=steps,
        rows=[(b, [visible(unit_at(tokens, b, t, view.time_step)) for t in steps]) for b in samples],
        more=view.batch_size - len(samples),
        sample=sample,
        now=visible(now),
        index=different.index(now),
    )


def series_of(view: View) -> Picture:
    """The sine wave, with the window of values that each sequence reads."""
    samples = shown(view.batch_size, view.followed)
    values = height(np.arange(samples[0], samples[-1] + view.time_step + 1)).tolist()
    return windows(values, view.time_step, samples, view.followed or 0, view.t)


def visible(unit: str) -> str:
    """A character or word as the table shows it: a sign for white space, and the beginning of a long word, which might
    be in every cell."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(unit, unit if len(unit) <= LONGEST else unit[:LONGEST] + "…")
