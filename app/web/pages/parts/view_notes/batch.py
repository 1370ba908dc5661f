"""The text under the picture of the batch: what the samples share, and what each has for itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from .....core.axes import BATCH_SIZE, TIME_STEP, Axes
from .....core.effects_of_a_change import components
from .....core.ops import Array
from .....core.program import Tensor
from .....core.trace import StackTrace
from .....diagram.shape_labels import shape_line
from .....diagram.text_spans import Line
from .....diagram.views.batch.scaled_arrays import framed_row
from .....query.view import View
from .....translations.phrases import phrase
from .....translations.translator import Translator
from ..formatting import decimal, mathematics, tint
from ..pager import Pager, choices, pager

FEW = 8
"""How many values of a sample are shown."""


class Part(NamedTuple):
    """One sample's part of tensors that have the same shape, with a link to each tensor."""

    shape: Line
    axes: Axes
    links: list[tuple[Markup, str]]


class Comparison(NamedTuple):
    """The first values of the output of one or two samples, and why they are equal or not."""

    symbol: Markup
    axis: str
    total: int
    rows: list[tuple[int, list[tuple[str, str]]]]
    compared: str


class FollowedRow(NamedTuple):
    """The sample whose row is framed, and what goes into it and comes out of it at each step. ``is_example``: whether
    nobody chose it; ``kept``: the states with their sizes. Sizes have their axes."""

    sample: int
    is_example: bool
    taken: tuple[int, str]
    returned: tuple[int, str]
    kept: list[tuple[Markup, int, str]]


class Doubled(NamedTuple):
    """Counts before and after batch_size is doubled."""

    batch_size: tuple[int, int]
    parameters: tuple[int, int]
    flops: tuple[int, int]


@dataclass(frozen=True)
class BatchNote:
    """What all samples share: ``weights``, each with its shape, count and link, and their ``total`` count; what each
    has for itself: ``slices`` of tensors with all steps, ``rows`` of the others."""

    row: FollowedRow
    follow: Pager
    choices: list[tuple[int, str]]
    weights: list[tuple[Tensor, Line, int, str]]
    total: int
    slices: list[Part]
    rows: list[Part]
    numbers: Comparison | None
    doubled: Doubled


def note(view: View, trace: StackTrace | None, translate: Translator) -> BatchNote:
    """The text under the picture of the batch."""
    program = view.program
    return BatchNote(
        row=followed_row(view),
        follow=pager(view, "sample"),
        choices=choices(view, "sample"),
        weights=[
            (t, shape_line(t.axes, view.sizes), prod(t.shape(view.sizes)), view.query(tensor=t.id))
            for t in program.weights
        ],
        total=sum(program.parameters(view.sizes).values()),
        slices=list(parts(view, lambda t: TIME_STEP in t.axes)),
        rows=list(parts(view, lambda t: TIME_STEP not in t.axes)),
        numbers=comparison(view, trace) if trace else None,
        doubled=doubled(view),
    )


def followed_row(view: View) -> FollowedRow:
    """The row that the picture frames."""
    program, sizes = view.program, view.sizes

    def size(tensor: str) -> tuple[int, str]:
        t = program.by_id[tensor]
        return components(t, sizes), t.axes[-1].names[0] if len(t.axes) == 2 else ""

    return FollowedRow(
        sample=framed_row(view.batch_size, view.sample),
        is_example=view.sample is None,
        taken=size("x"),
        returned=size(program.cell.output),
        kept=[(mathematics(state, view.t), *size(state)) for state in program.cell.states],
    )


def parts(view: View, is_included: Callable[[Tensor], bool]) -> Iterator[Part]:
    """One sample's part of the included tensors that have the axis batch_size, grouped by shape."""
    groups: dict[Axes, list[Tensor]] = {}
    for t in view.program.tensors:
        if t.axes[:1] == (BATCH_SIZE,) and is_included(t):
            groups.setdefault(t.axes[1:], []).append(t)
    for axes, tensors in groups.items():
        links = [(mathematics(t.symbol, view.t, view.step_sign), view.query(tensor=t.id)) for t in tensors]
        yield Part(shape_line(axes, view.sizes), axes, links)


def comparison(view: View, trace: StackTrace) -> Comparison:
    """The output of the followed sample at the focused step, compared with that of the next or previous sample."""
    output = view.program.by_id[view.program.cell.output]
    values, scale = trace.array(output.id, view.place, view.t), trace.extent(output.id, view.place) or 1.0
    first = view.sample or 0
    samples = sorted({first, first + 1 if first + 1 < view.batch_size else max(0, first - 1)})
    rows = [[(decimal(v, 2), tint(v / scale)) for v in values[b].flat[:FEW].tolist()] for b in samples]
    return Comparison(
        symbol=mathematics(output.symbol, view.t),
        axis=output.axes[-1].names[0] if len(output.axes) == 2 else "",
        total=values[0].size,
        rows=list(zip(samples, rows, strict=True)),
        compared=compared(inputs_so_far(view, trace)[samples], rows) if len(samples) > 1 else "",
    )


def inputs_so_far(view: View, trace: StackTrace) -> Array:
    """The inputs of the cell up to the focused step, batch_size × steps × features."""
    X = trace.array("X", view.place, view.t)
    return X[:, view.t :] if view.is_reversed else X[:, : view.t + 1]


def compared(inputs: Array, rows: list[list[tuple[str, str]]]) -> str:
    """Why two samples with these inputs have equal or different values. ``rows``: their values as shown."""
    one, other = inputs
    if np.array_equal(one, other):
        return phrase("The inputs so far are the same, so the values are, too.")
    if [text for text, _ in rows[0]] == [text for text, _ in rows[1]]:
        return phrase(
            "Different inputs give different values, though not in the digits shown; the weights are the same."
        )
    return phrase("Different inputs give different values; the weights are the same.")


def doubled(view: View) -> Doubled:
    """The effect of twice as many samples on the number of parameters and of floating-point operations."""
    program, before, after = view.program, view.sizes, {**view.sizes, "batch_size": 2 * view.batch_size}
    return Doubled(
        batch_size=(view.batch_size, 2 * view.batch_size),
        parameters=(sum(program.parameters(before).values()), sum(program.parameters(after).values())),
        flops=(program.flops(before), program.flops(after)),
    )
