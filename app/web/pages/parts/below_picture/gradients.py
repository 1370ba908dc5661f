"""The text under the picture of the gradients: the shape and the norm of every tensor's gradient, and how the norm
changes over the steps."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from .....core.gradients import SUMMED
from .....core.program import Tensor
from .....core.trace import StackTrace
from .....diagram.charts.line_chart import RAISED, Series, lines
from .....diagram.shape_labels import shape_line
from .....diagram.text_spans import Line, TextSpan
from .....diagram.transforms.relabeling import in_language
from .....translations.phrases import CommaSeparated, phrase
from .....translations.translator import Translator
from .....url_state.url_state import UrlState
from .....url_state_to_picture.run_and_gradients import Norms, differentiated, gradient_norms, summed_over
from ..formatting import colour
from ..links_and_accessible_names import as_svg


class GradientRow(NamedTuple):
    """The gradient of a tensor: its shape, the axes over which it is summed with their sizes, and its norm."""

    tensor: Tensor
    link: str
    is_selected: bool
    shape: Line
    summed: list[tuple[str, int]]
    norm: str | None


class Course(NamedTuple):
    """The norms over time as a line chart. ``ends``: the name of each line with its norms at the last and at the first
    step of the computation; ``underflows``: whether a norm is 0 in floating point."""

    svg: Markup
    ends: list[tuple[str, str, str]]
    underflows: bool
    first: int
    last: int


@dataclass(frozen=True)
class GradientsNote:
    """``of``: the quantity that is differentiated; ``reason``: why there are only shapes; ``computed_first``: the step
    whose output the cell computed first, if it computed other steps after it, to which no gradient flows."""

    of: str
    note: str
    is_shared: bool
    reason: str
    computed_first: int | None
    tensors: list[GradientRow]
    course: Course | None


def note(state: UrlState, trace: StackTrace | None, translate: Translator) -> GradientsNote:
    """The text under the picture of the gradients."""
    norms, reason = gradient_norms(state, trace, phrase("nothing was executed"))
    first, last = state.ends
    objective = state.shown_model.objective
    return GradientsNote(
        of=objective.name,
        note=objective.note,
        is_shared=state.bidirectional,
        reason=reason,
        computed_first=step if (step := objective.steps.get(state.place)) == first != last else None,
        tensors=[row(state, t, norms) for t in reversed(differentiated(state))],
        course=course(state, norms, translate) if norms else None,
    )


def row(state: UrlState, t: Tensor, norms: Norms | None) -> GradientRow:
    """The gradient of a tensor at the focused step."""
    found = norms[t.id] if norms else None
    return GradientRow(
        tensor=t,
        link=state.query(tensor=t.id),
        is_selected=state.tensor == t.id,
        shape=shape_line(t.axes, state.sizes),
        summed=[(str(axis), axis.size(state.sizes)) for axis in SUMMED] if summed_over(t) else [],
        norm=None if found is None else rounded(float(found if isinstance(found, float) else found[state.t])),
    )


def course(state: UrlState, norms: Norms, translate: Translator) -> Course:
    """The norms of the selected tensor and of the states over time."""
    program, first, last = state.program, state.ends[0], state.ends[1]
    ids = dict.fromkeys((state.tensor, *program.cell.states))
    followed = [t for id in ids if id and (t := program.by_id[id]).per_step]
    sizes = state.sizes
    series = [
        Series(f"∂{t.id}", np.asarray(norms[t.id]).tolist(), colour(t.axes[-1], sizes) or "ink") for t in followed
    ]
    of = CommaSeparated(t.id for t in followed)
    title = phrase("Norms of the gradients of {tensors} at every step", tensors=of)
    x, y = TextSpan(state.size_notation.name("time_step"), "time_step"), TextSpan(phrase("norm of the gradient"), "ink")
    chart = lines(series, title, x=x, y=y, at=state.t, log=True)
    ends = [(one.name, rounded(float(one.values[last])), rounded(float(one.values[first]))) for one in series]
    return Course(
        svg=as_svg(in_language(chart, translate)),
        ends=ends,
        underflows=any(0 in one.values for one in series),
        first=first,
        last=last,
    )


def rounded(value: float) -> str:
    """A number with three significant digits: 0.0123, or 1.23 × 10⁻⁵ if that is shorter."""
    digits, _, exponent = f"{value:.3g}".partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(RAISED)}" if exponent else digits
