"""Which causes the numbers of a message leave, which they rule out, and what they cannot say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...core.axis_names import axis_name
from ...translations.phrases import Phrase, phrase
from .expected_and_given_shape import PARTS, ROWS, Comparison
from .mismatch import Cause, Mismatch

STATE_CAUSES = {
    "batch_size": phrase("a smaller last batch, batch_first forgotten"),
    PARTS: phrase("layers or directions forgotten"),
    "num_units": phrase("another number of units"),
}
"""The axis of a state in which alone some causes would show, and these causes."""


@dataclass(frozen=True)
class RuledOut:
    """What is not the cause, and the reason."""

    what: str
    reason: Phrase


@dataclass(frozen=True)
class Question:
    """What the message cannot say: whether ``size`` is the number of time steps. Then ``cause`` is the one."""

    size: int
    cause: Cause


@dataclass(frozen=True)
class Decision:
    """The causes that are left, the most likely first; what is ruled out; and a question that decides between the
    causes that are left, None if there is none."""

    causes: tuple[Cause, ...]
    ruled_out: tuple[RuledOut, ...]
    question: Question | None


def decision(
    mismatch: Mismatch, shapes: Comparison | None, time_step: int | None = None, may_ask: bool = True
) -> Decision:
    """Decide between the causes of a message. ``time_step``: the number of steps, if it is known. ``may_ask``: whether
    there is a question about it, and not the text says it, which only rules out that x is transposed if this is not the
    likeliest cause."""
    causes, ruled_out = list(mismatch.causes), list(_ruled_out(mismatch, shapes))
    question, ids = None, {cause.id for cause in mismatch.causes}
    for cause in mismatch.causes:
        steps = STEPS[cause.id](mismatch) if cause.id in STEPS else None
        if steps is None or len(mismatch.causes) < 2 or ids & UNKNOWN_STEPS:
            continue
        if time_step is None:
            question = question or (Question(steps, cause) if may_ask else None)
        elif not may_ask and (time_step == steps or cause.id != "features_first" or cause is mismatch.causes[0]):
            continue
        elif time_step == steps:
            causes.sort(key=lambda one, first=cause: one is not first)  # type: ignore[misc]
        else:
            causes.remove(cause)
            ruled_out.append(RuledOut(cause.title, phrase("time_step would be {steps}", steps=steps)))
    return Decision(tuple(causes), tuple(ruled_out), question)


def _second_expected(mismatch: Mismatch) -> int | None:
    """With the batch first, what the layer takes for the batch are the steps."""
    return mismatch.expected[1] if isinstance(mismatch.expected, tuple) and len(mismatch.expected) == 3 else None


def _last_given(mismatch: Mismatch) -> int | None:
    """With features and steps transposed, what the layer takes for the features are the steps."""
    return mismatch.got[-1] if isinstance(mismatch.got, tuple) and len(mismatch.got) == 1 else None


UNKNOWN_STEPS = {"missing_features_axis", "exchanged_shape"}
"""Causes beside which the axis that the layer takes for the steps may be another one."""

STEPS: dict[str, Callable[[Mismatch], int | None]] = {"batch_first": _second_expected, "features_first": _last_given}
"""Causes with which a size of the message is the number of steps, and that size."""


def _ruled_out(mismatch: Mismatch, shapes: Comparison | None) -> Iterator[RuledOut]:
    """What the sizes of a message rule out, because others would differ."""
    if not shapes or not shapes.is_whole:
        return
    differing = [shapes.axes[n] for n in shapes.differing]
    if mismatch.tensor in ("h_0", "c_0") and len(shapes.axes) == 3:
        for axis, causes in STATE_CAUSES.items():
            if axis not in shapes.axes:
                continue
            if shapes.verdict == "exchanged":
                yield RuledOut(causes, phrase("then only {axis} would differ", axis=axis_name(axis)))
            elif axis not in differing:
                yield RuledOut(causes, phrase("then {axis} would differ, but it is equal", axis=axis_name(axis)))
        if shapes.verdict != "exchanged":
            yield RuledOut(phrase("the batch first in a state"), phrase("then two sizes would be exchanged"))
    elif mismatch.tensor in ("kernel", "recurrent_kernel"):
        if shapes.verdict != "exchanged":
            yield RuledOut(phrase("transposed weights"), phrase("then two sizes would be exchanged"))
        if ROWS in shapes.axes and differing != [ROWS]:
            yield RuledOut(phrase("another cell"), phrase("then only {axis} would differ", axis=axis_name(ROWS)))
