"""A tensor in the table and in the panel."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from markupsafe import Markup

from ....core.program import Tensor
from ....diagram.layer_names import layer_name
from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....frameworks import OURS
from ....training.tasks import TASKS
from ....translations.phrases import phrase
from ....translations.translator import ENGLISH, Translator
from ....url_state.url_state import UrlState
from ....url_state_to_picture.formulas import formula, name
from .formatting import mathematics


class TensorLink(NamedTuple):
    """The text for a tensor, and the query that selects it, if there is one."""

    text: str
    link: str | None


@dataclass(frozen=True)
class Row:
    """A tensor with its texts and links. ``shape_of_both``: the shape of the output of both directions;
    ``weight_shape`` and ``block``: for a piece of an affine transformation, the shape of its block of the kernel, and
    its formula; ``activation``: for a pre-activation, the tensor that is computed from it."""

    tensor: Tensor
    name: str
    symbol: Markup
    link: str
    formula: Markup
    shape: Line
    shape_of_both: Line | None
    sentence: str
    is_selected: bool
    made_from: list[TensorLink]
    used_by: list[TensorLink]
    weight_shape: Line | None
    block: Markup
    activation: str


def row(
    state: UrlState, t: Tensor, translate: Translator = ENGLISH, linked: bool = True, detailed: bool = False
) -> Row:
    """The row of a tensor, without a link if it is not ``linked``, for a page without a server. If it is ``detailed``,
    for the panel, it has what the tensor is made from, and links to that and to what it is used by."""
    sources, users = ([state.program.by_id[i] for i in ids] for ids in (t.inputs, state.program.used_by[t.id]))
    return Row(
        tensor=t,
        name=name(state, t),
        symbol=mathematics(t.symbol, state.t, state.step_sign),
        link=state.query(tensor=t.id) if linked else "",
        formula=mathematics(
            translate(formula(_with_input(state) if t.id == "X" else state, t)), state.t, state.step_sign
        ),
        shape=shape_line(t.axes, state.sizes),
        shape_of_both=shape_of_both(state, t),
        sentence=t.sentence(state.sizes),
        is_selected=state.tensor == t.id,
        made_from=[link for source in sources for link in source_links(state, t, source)] if detailed else [],
        used_by=[link for user in users for link in user_links(state, user, linked=detailed)],
        weight_shape=weight_shape(state, t),
        block=mathematics(state.program.block_formula(t), state.t, state.step_sign),
        activation=activation(state, t),
    )


def _with_input(state: UrlState) -> UrlState:
    """The UrlState with the input of its table: in the view of a training, what is trained on."""
    return replace(state, data=TASKS[state.task].input) if state.view == "training" else state


def activation(state: UrlState, t: Tensor) -> str:
    """For a pre-activation, the id of the tensor that its function computes: in the picture both are one box. Else
    empty."""
    users = state.program.used_by[t.id]
    if t.role != "intermediate" or len(users) != 1:
        return ""
    user = state.program.by_id[users[0]]
    return user.id if user.operation.kind == "function" else ""


def shape_of_both(state: UrlState, t: Tensor) -> Line | None:
    """The shape of the output of both directions, if the picture shows our own arrays; else None."""
    if t.id != "Y" or not state.bidirectional or state.shown_model.framework is not OURS:
        return None
    return shape_line((*t.axes[:-1], state.stack.output), state.sizes)


def source_links(state: UrlState, t: Tensor, source: Tensor) -> list[TensorLink]:
    """The links to an input of a tensor: at the previous step for a carried state, at the last step for a last
    state."""
    first, last = state.ends
    if t.op == "carry":
        start = state.program.start_of(source.id)
        at_start = TensorLink(f"{start:g}" if start else phrase("zeros"), None)
        return [at_start if state.t == first else step_link(state, source, state.t - state.step_sign)]
    if t.op == "last":
        return [symbol_link(state, source, last)]
    return [symbol_link(state, source, state.t)]


def user_links(state: UrlState, used_by: Tensor, linked: bool) -> list[TensorLink]:
    """The links to a tensor computed from one of the focused step: a state is used by the next step, and after the last
    step by the last state; the outputs of a lower layer are used by the next layer. Only texts if not ``linked``."""
    if used_by.id == "Y" and state.layer + 1 < state.num_layers:
        n = state.layer + 1
        return [TensorLink(layer_name(n), state.query(layer=n, tensor="x") if linked else None)]
    is_last = state.t == state.ends[1]
    if used_by.op == "carry":
        return [] if is_last else [step_link(state, used_by, state.t + state.step_sign, linked)]
    if used_by.op == "last" and not is_last:
        return []
    return [symbol_link(state, used_by, state.t, linked)]


def symbol_link(state: UrlState, t: Tensor, step: int, linked: bool = True) -> TensorLink:
    """A link to a tensor at a step, with its symbol."""
    link = state.query(tensor=t.id, t=step if t.per_step else state.t) if linked and _opens(state, step) else None
    return TensorLink(mathematics(t.symbol, step, state.step_sign), link)


def step_link(state: UrlState, t: Tensor, step: int, linked: bool = True) -> TensorLink:
    """A link to a tensor at a step, with the number of the step."""
    link = state.query(tensor=t.id, t=step) if linked and _opens(state, step) else None
    return TensorLink(phrase("step {n:,}", n=step), link)


def _opens(state: UrlState, step: int) -> bool:
    """Whether a step may be opened: an assignment may lock the current one."""
    return step == state.t or "t" not in state.locked


def weight_shape(state: UrlState, t: Tensor) -> Line | None:
    """For a piece of an affine transformation, the shape of its block of the kernel; else None."""
    if not state.program.block_formula(t):
        return None
    kernel = state.program.by_id[state.program.by_id[t.inputs[0]].inputs[1]]
    return shape_line((kernel.axes[0], t.axes[-1]), state.sizes)
