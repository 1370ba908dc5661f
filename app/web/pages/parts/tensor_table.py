"""A tensor as the table and the panel show it."""

from dataclasses import dataclass

from markupsafe import Markup

from ....core.program import Tensor
from ....diagram.shape_labels import shape_line
from ....diagram.text_metrics import Line
from ....frameworks import OURS
from ....query.formulas import formula, name
from ....query.view import View
from ....translations.phrases import phrase
from ....translations.translator import ENGLISH, Translator
from .formatting import mathematics

Link = tuple[str, str | None]
"""What to call a tensor, and the query that selects it, if there is such a tensor."""


@dataclass(frozen=True)
class Row:
    """A tensor. ``shape_of_both``: of its output of both directions; ``weight_shape`` and ``block``: of a piece of an
    affine, the shape of its block of the kernel and its formula."""

    tensor: Tensor
    name: str
    symbol: Markup
    link: str
    formula: Markup
    shape: Line
    shape_of_both: Line | None
    sentence: str
    is_selected: bool
    made_from: list[Link]
    used_by: list[Link]
    weight_shape: Line | None
    block: Markup


def row(view: View, t: Tensor, translate: Translator = ENGLISH) -> Row:
    return Row(
        tensor=t,
        name=name(view, t),
        symbol=mathematics(t.symbol, view.t, view.step_sign),
        link=view.query(tensor=t.id),
        formula=mathematics(translate(formula(view, t)), view.t, view.step_sign),
        shape=shape_line(t.axes, view.sizes),
        shape_of_both=shape_of_both(view, t),
        sentence=t.sentence(view.sizes),
        is_selected=view.tensor == t.id,
        made_from=[link for i in t.inputs for link in source(view, t, view.program.by_id[i])],
        used_by=[link for i in view.program.used_by[t.id] for link in user(view, view.program.by_id[i])],
        weight_shape=weight_shape(view, t),
        block=mathematics(view.program.block_formula(t), view.t, view.step_sign),
    )


def shape_of_both(view: View, t: Tensor) -> Line | None:
    """The shape of the output of both directions, where the picture shows that of our own arrays."""
    if t.id != "Y" or not view.bidirectional or view.model.framework is not OURS:
        return None
    return shape_line((*t.axes[:-1], view.stack.output), view.sizes)


def source(view: View, t: Tensor, made_from: Tensor) -> list[Link]:
    """Where a tensor comes from: the step before for what is carried, the last step for what is left at the end."""
    first, last = view.ends
    if t.op == "carry":
        return [(phrase("zeros"), None)] if view.t == first else [step_link(view, made_from, view.t - view.step_sign)]
    if t.op == "last":
        return [symbol_link(view, made_from, last)]
    return [symbol_link(view, made_from, view.t)]


def user(view: View, used_by: Tensor) -> list[Link]:
    """Where the focused step's tensor goes: a state goes to the next step, and from the last one out of the run."""
    is_last = view.t == view.ends[1]
    if used_by.op == "carry":
        return [] if is_last else [step_link(view, used_by, view.t + view.step_sign)]
    if used_by.op == "last" and not is_last:
        return []
    return [symbol_link(view, used_by, view.t)]


def symbol_link(view: View, t: Tensor, step: int) -> Link:
    link = view.query(tensor=t.id, t=step if t.per_step else view.t) if _opens(view, step) else None
    return mathematics(t.symbol, step, view.step_sign), link


def step_link(view: View, t: Tensor, step: int) -> Link:
    return phrase("step {n:,}", n=step), view.query(tensor=t.id, t=step) if _opens(view, step) else None


def _opens(view: View, step: int) -> bool:
    """Whether a step may be looked at: an assignment may lock the one that there is."""
    return step == view.t or "t" not in view.locked


def weight_shape(view: View, t: Tensor) -> Line | None:
    """For a piece of an affine, the shape of its block of the kernel."""
    if not view.program.block_formula(t):
        return None
    kernel = view.program.by_id[view.program.by_id[t.inputs[0]].inputs[1]]
    return shape_line((kernel.axes[0], t.axes[-1]), view.sizes)
