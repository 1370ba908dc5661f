"""The text or the series that is read: a part of it, with what the cell reads at the focused step."""

from dataclasses import dataclass

import numpy as np

from ....core.input_data import height
from ....diagram.charts.series_windows import shown, windows
from ....diagram.shapes import Picture
from ....diagram.transforms.relabeling import in_language
from ....query.tokenizer import at, units, vocabulary
from ....query.view import View
from ....translations.translator import Translator
from .picture_links import LinkedPicture, linked_picture

ROWS, COLUMNS = 6, 24
"""So many sequences and steps of a text are shown."""

LONGEST = 30
"""Characters of a word that the table shows; an emoji of a family has up to 11."""


@dataclass(frozen=True)
class TextPreview:
    """Some sequences and steps of a text. ``used``: how many characters or words the batch takes; ``now``: the one that
    is read at the focused step, number ``index`` of the different ones; ``more``: how many sequences are left out."""

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
    """Of the text or the series, whichever is read; of other inputs neither."""

    text: TextPreview | None
    series: LinkedPicture | None


def input_preview(view: View, highlighted: frozenset[str], translate: Translator) -> InputPreview:
    series = in_language(series_of(view), translate) if view.data == "wave" else None
    return InputPreview(
        text=text_preview(view) if view.data == "text" else None,
        series=linked_picture(view, series, highlighted) if series else None,
    )


def text_preview(view: View) -> TextPreview:
    read, different = units(view.text, view.cut), vocabulary(view.text, view.cut)
    first = max(0, min(view.t - COLUMNS // 2, view.time_step - COLUMNS))
    steps = range(first, min(first + COLUMNS, view.time_step))
    sample = view.sample or 0
    samples = sorted({*range(min(ROWS, view.batch_size)), sample})
    now = at(read, sample, view.t, view.time_step)
    return TextPreview(
        count=len(read),
        different=len(different),
        used=view.batch_size * view.time_step,
        steps=steps,
        rows=[(b, [seen(at(read, b, t, view.time_step)) for t in steps]) for b in samples],
        more=view.batch_size - len(samples),
        sample=sample,
        now=seen(now),
        index=different.index(now),
    )


def series_of(view: View) -> Picture:
    """The wave, and which of its values each sequence reads."""
    samples = shown(view.batch_size, view.sample)
    values = height(np.arange(samples[0], samples[-1] + view.time_step + 1)).tolist()
    return windows(values, view.time_step, samples, view.sample or 0, view.t)


def seen(unit: str) -> str:
    """A character as it can be seen; of a long word the beginning: it may fill every cell."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(unit, unit if len(unit) <= LONGEST else unit[:LONGEST] + "…")
