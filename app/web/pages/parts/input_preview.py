"""A preview of a text or series as input, with what the cell reads at the focused step."""

from dataclasses import dataclass

import numpy as np

from ....core.input_data import SIDE, height
from ....diagram.charts.series_windows import shown, windows
from ....diagram.elements import Picture
from ....diagram.transforms.relabeling import in_language
from ....translations.translator import Translator
from ....url_state.tokenizer import unit_at, units, vocabulary
from ....url_state.url_state import UrlState
from ....url_state_to_picture.tensor_values import ROWS as VALUE_ROWS
from .links_and_accessible_names import LinkedPicture, linked_picture

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


def input_preview(state: UrlState, highlighted: frozenset[str], translate: Translator) -> InputPreview:
    """The preview of a UrlState's input. ``highlighted``: the tensors to highlight in the series."""
    series = in_language(series_of(state), translate) if state.data == "wave" else None
    return InputPreview(
        text=text_preview(state) if state.data == "text" else None,
        series=linked_picture(state, series, highlighted) if series else None,
        digit_values=state.query(tensor="X", row=first_row(state.t)) if state.data == "digit" else None,
    )


def first_row(t: int) -> int:
    """The first row of a page of the digit's values that contains row ``t``."""
    return 0 if t < VALUE_ROWS else SIDE - VALUE_ROWS


def text_preview(state: UrlState) -> TextPreview:
    """The sequences and steps around the focused ones."""
    tokens, different = units(state.text, state.cut), vocabulary(state.text, state.cut)
    first = max(0, min(state.t - COLUMNS // 2, state.time_step - COLUMNS))
    steps = range(first, min(first + COLUMNS, state.time_step))
    sample = state.followed or 0
    samples = sorted({*range(min(ROWS, state.batch_size)), sample})
    now = unit_at(tokens, sample, state.t, state.time_step)
    return TextPreview(
        count=len(tokens),
        different=len(different),
        used=state.batch_size * state.time_step,
        steps=steps,
        rows=[(b, [visible(unit_at(tokens, b, t, state.time_step)) for t in steps]) for b in samples],
        more=state.batch_size - len(samples),
        sample=sample,
        now=visible(now),
        index=different.index(now),
    )


def series_of(state: UrlState) -> Picture:
    """The sine wave, with the window of values that each sequence reads."""
    samples = shown(state.batch_size, state.followed)
    values = height(np.arange(samples[0], samples[-1] + state.time_step + 1)).tolist()
    return windows(values, state.time_step, samples, state.followed or 0, state.t)


def visible(unit: str) -> str:
    """A character or word as the table shows it: a sign for white space, and the beginning of a long word, which might
    be in every cell."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(unit, unit if len(unit) <= LONGEST else unit[:LONGEST] + "…")
