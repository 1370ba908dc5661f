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
from .....translations.phrases import phrase
from .....translations.translator import Translator
from .....url_state.url_state import UrlState
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


def note(url_state: UrlState, trace: StackTrace | None, translate: Translator) -> BatchNote:
    """The text under the picture of the batch."""
    program = url_state.program
    return BatchNote(
        row=followed_row(url_state),
        follow=pager(url_state, "sample"),
        choices=choices(url_state, "sample"),
        weights=[
            (t, shape_line(t.axes, url_state.sizes), prod(t.shape(url_state.sizes)), url_state.query(tensor=t.id))
            for t in program.weights
        ],
        total=sum(program.parameters(url_state.sizes).values()),
        slices=list(parts(url_state, lambda t: TIME_STEP in t.axes)),
        rows=list(parts(url_state, lambda t: TIME_STEP not in t.axes)),
        numbers=comparison(url_state, trace) if trace else None,
        doubled=doubled(url_state),
    )


def followed_row(url_state: UrlState) -> FollowedRow:
    """The row that the picture frames."""
    program, sizes = url_state.program, url_state.sizes

    def size(tensor: str) -> tuple[int, str]:
        t = program.by_id[tensor]
        return components(t, sizes), t.axes[-1].names[0] if len(t.axes) == 2 else ""

    return FollowedRow(
        sample=framed_row(url_state.batch_size, url_state.sample),
        is_example=url_state.sample is None,
        taken=size("x"),
        returned=size(program.cell.output),
        kept=[(mathematics(state, url_state.t), *size(state)) for state in program.cell.states],
    )


def parts(url_state: UrlState, is_included: Callable[[Tensor], bool]) -> Iterator[Part]:
    """One sample's part of the included tensors that have the axis batch_size, grouped by shape."""
    groups: dict[Axes, list[Tensor]] = {}
    for t in url_state.program.tensors:
        if t.axes[:1] == (BATCH_SIZE,) and is_included(t):
            groups.setdefault(t.axes[1:], []).append(t)
    for axes, tensors in groups.items():
        links = [
            (mathematics(t.symbol, url_state.t, url_state.step_sign), url_state.query(tensor=t.id)) for t in tensors
        ]
        yield Part(shape_line(axes, url_state.sizes), axes, links)


def comparison(url_state: UrlState, trace: StackTrace) -> Comparison:
    """The output of the followed sample at the focused step, compared with that of the next or previous sample."""
    output = url_state.program.by_id[url_state.program.cell.output]
    values, scale = (
        trace.array(output.id, url_state.place, url_state.t),
        trace.extent(output.id, url_state.place) or 1.0,
    )
    first = url_state.sample or 0
    samples = sorted({first, first + 1 if first + 1 < url_state.batch_size else max(0, first - 1)})
    rows = [[(decimal(v, 2), tint(v / scale)) for v in values[b].flat[:FEW].tolist()] for b in samples]
    return Comparison(
        symbol=mathematics(output.symbol, url_state.t),
        axis=output.axes[-1].names[0] if len(output.axes) == 2 else "",
        total=values[0].size,
        rows=list(zip(samples, rows, strict=True)),
        compared=compared(inputs_so_far(url_state, trace)[samples], rows) if len(samples) > 1 else "",
    )


def inputs_so_far(url_state: UrlState, trace: StackTrace) -> Array:
    """The inputs of the cell up to the focused step, batch_size × steps × features."""
    X = trace.array("X", url_state.place, url_state.t)
    return X[:, url_state.t :] if url_state.is_reversed else X[:, : url_state.t + 1]


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


def doubled(url_state: UrlState) -> Doubled:
    """The effect of twice as many samples on the number of parameters and of floating-point operations."""
    program, before, after = (
        url_state.program,
        url_state.sizes,
        {**url_state.sizes, "batch_size": 2 * url_state.batch_size},
    )
    return Doubled(
        batch_size=(url_state.batch_size, 2 * url_state.batch_size),
        parameters=(sum(program.parameters(before).values()), sum(program.parameters(after).values())),
        flops=(program.flops(before), program.flops(after)),
    )
