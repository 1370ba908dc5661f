"""The text under the picture of the batch: what one sequence shares with the others, and what is its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from .....core.axes import BATCH_SIZE, TIME_STEP, Axes
from .....core.ops import Array
from .....core.program import Tensor
from .....core.trace import StackTrace
from .....diagram.shape_labels import shape_line
from .....diagram.text_metrics import Line
from .....query.view import View
from .....translations.phrases import phrase
from .....translations.translator import Translator
from ..formatting import decimal, mathematics, tint
from ..pager import Pager, choices, pager

FEW = 8
"""So many numbers of a sequence are shown."""


class Part(NamedTuple):
    """What one sequence has of tensors with the same shape, with a link to each."""

    shape: Line
    axes: Axes
    links: list[tuple[Markup, str]]


class TwoSequences(NamedTuple):
    """The first numbers of the output of one or two sequences, and why they are the same or not."""

    symbol: Markup
    axis: str
    total: int
    rows: list[tuple[int, list[tuple[str, str]]]]
    compared: str


class Doubled(NamedTuple):
    """Before and after batch_size is doubled."""

    batch_size: tuple[int, int]
    parameters: tuple[int, int]
    flops: tuple[int, int]


@dataclass(frozen=True)
class BatchNote:
    """What all sequences share: ``weights``, each with its shape, count and link, ``total`` numbers; what each has for
    itself: ``sheets`` of tensors with all steps, ``rows`` of the others."""

    follow: Pager
    choices: list[tuple[int, str]]
    weights: list[tuple[Tensor, Line, int, str]]
    total: int
    sheets: list[Part]
    rows: list[Part]
    numbers: TwoSequences | None
    doubled: Doubled


def note(view: View, trace: StackTrace | None, translate: Translator) -> BatchNote:
    program = view.program
    return BatchNote(
        follow=pager(view, "sample"),
        choices=choices(view, "sample"),
        weights=[
            (t, shape_line(t.axes, view.sizes), prod(t.shape(view.sizes)), view.query(tensor=t.id))
            for t in program.weights
        ],
        total=sum(program.parameters(view.sizes).values()),
        sheets=list(own(view, lambda t: TIME_STEP in t.axes)),
        rows=list(own(view, lambda t: TIME_STEP not in t.axes)),
        numbers=numbers(view, trace) if trace else None,
        doubled=doubled(view),
    )


def own(view: View, chosen: Callable[[Tensor], bool]) -> Iterator[Part]:
    """Of the chosen tensors that have batch_size: what of each is one sequence's, and which of them have the same."""
    alike: dict[Axes, list[Tensor]] = {}
    for t in view.program.tensors:
        if t.axes[0] == BATCH_SIZE and chosen(t):
            alike.setdefault(t.axes[1:], []).append(t)
    for axes, those in alike.items():
        links = [(mathematics(t.symbol, view.t, view.step_sign), view.query(tensor=t.id)) for t in those]
        yield Part(shape_line(axes, view.sizes), axes, links)


def numbers(view: View, trace: StackTrace) -> TwoSequences:
    """The output of the followed sequence at the focused step, and that of another one."""
    output = view.program.by_id[view.program.cell.output]
    values, scale = trace.array(output.id, view.place, view.t), trace.extent(output.id, view.place) or 1.0
    first = view.sample or 0
    samples = sorted({first, first + 1 if first + 1 < view.batch_size else max(0, first - 1)})
    rows = [[(decimal(v, 2), tint(v / scale)) for v in values[b, :FEW].tolist()] for b in samples]
    return TwoSequences(
        symbol=mathematics(output.symbol, view.t),
        axis=output.axes[-1].names[0],
        total=values.shape[1],
        rows=list(zip(samples, rows, strict=True)),
        compared=compared(read_so_far(view, trace)[samples], rows) if len(samples) > 1 else "",
    )


def read_so_far(view: View, trace: StackTrace) -> Array:
    """What each sequence has been read of at the focused step, batch_size × steps × features."""
    X = trace.array("X", view.place, view.t)
    return X[:, view.t :] if view.is_reversed else X[:, : view.t + 1]


def compared(read: Array, rows: list[list[tuple[str, str]]]) -> str:
    """Why two sequences, of which that much is read, have the same numbers, or others, as far as they are shown."""
    one, other = read
    if np.array_equal(one, other):
        return phrase("The same inputs so far, so the same numbers.")
    if [text for text, _ in rows[0]] == [text for text, _ in rows[1]]:
        return phrase("Other inputs, so other numbers, though not in the digits shown; made by the same weights.")
    return phrase("Other inputs, so other numbers; made by the same weights.")


def doubled(view: View) -> Doubled:
    """What twice as many sequences change: counts of rows, of numbers to learn, of operations on numbers."""
    program, now, then = view.program, view.sizes, {**view.sizes, "batch_size": 2 * view.batch_size}
    return Doubled(
        batch_size=(view.batch_size, 2 * view.batch_size),
        parameters=(sum(program.parameters(now).values()), sum(program.parameters(then).values())),
        flops=(program.flops(now), program.flops(then)),
    )
