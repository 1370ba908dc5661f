"""Judges whether an answer is correct, and if not, which misconception is likely."""

from collections.abc import Callable, Mapping, Sequence
from math import prod

from ...core.axes import BATCH_SIZE, NUM_UNITS, TIME_STEP, Axis, Sizes
from ...core.program import Program, Tensor
from ...core.stack import Stack
from .answered_shape import COUNTS, Answer, AnswerError, Form, readings
from .verdict import RIGHT, Verdict, wrong

Values = tuple[int | None, ...]
"""The sizes of a typed shape; None for an axis that names a size which does not exist."""

Judge = Callable[[Answer], Verdict]


def judge(text: str, judges: Sequence[Judge], parse: Callable[[str], list[Answer]] = readings) -> Verdict:
    """The verdict on a typed answer, even if it cannot be parsed. If the text has several readings, one correct reading
    is enough, and so is the approval of one judge."""
    try:
        answers = parse(text)
    except AnswerError as error:
        return Verdict(False, error.about, error.parts, read=False)
    verdicts = [judge(answer) for judge in judges for answer in answers]
    return next((verdict for verdict in verdicts if verdict.right), verdicts[0])


def judge_shape(answer: Answer, t: Tensor, program: Program, sizes: Sizes) -> Verdict:
    """Judge the shape of a tensor. An axis may be typed as a name or a number."""
    answer = tuple(form.with_counts_as_numbers(sizes) for form in answer)
    if len(answer) == len(t.axes) and all(_matches(f, a, sizes) for f, a in zip(answer, t.axes, strict=True)):
        return RIGHT
    values = tuple(form.value(sizes) for form in answer)
    return _judge_whole(values, t, sizes) or _judge_axes(answer, values, t, program, sizes)


def judge_doubled(answer: Answer, t: Tensor, program: Program, sizes: Sizes, size: str) -> Verdict:
    """Judge the shape of a tensor after a size has been doubled. Names refer to the sizes before, so ``2*num_units`` is
    the new num_units."""
    values = tuple(form.value(sizes) for form in answer)
    doubled = {**sizes, size: 2 * sizes[size]}
    if values == t.shape(doubled):
        return RIGHT
    if values == t.shape(sizes):
        return wrong("now", size=size)
    as_numbers = tuple(Form({(): value}) for value in values if value is not None)
    return judge_shape(as_numbers, t, program, doubled)


def judge_number(answer: Answer, correct: int, sizes: Sizes, near: Mapping[int, str]) -> Verdict:
    """Judge a count. ``near`` maps wrong numbers to misconceptions."""
    value = answer[0].value(sizes) if len(answer) == 1 else None
    if value is None:
        return wrong("one")
    if value == correct:
        return RIGHT
    return wrong(near.get(value, "many" if value > correct else "few"))


def misconceptions(stack: Stack) -> dict[int, str]:
    """Wrong numbers of parameters, with the misconceptions that lead to them."""
    total, program = stack.parameters(), stack.program()
    gates = total // (stack.num_units * (stack.num_units + stack.features + 1))
    near = {
        program.parameters(stack.sizes)["kernel"]: "kernel",
        total * stack.time_step: "steps",
        total * stack.batch_size: "batch",
    }
    return near | ({total // gates: "each"} if gates > 1 else {})


def _matches(form: Form, axis: Axis, sizes: Sizes) -> bool:
    """Whether a typed axis is an axis of the tensor: by its names, or if it has none, by its size."""
    return form.is_axis(axis) or (form.is_number and form.value(sizes) == axis.size(sizes))


def _judge_whole(values: Values, t: Tensor, sizes: Sizes) -> Verdict | None:
    """The verdict on a wrong shape as a whole; None if only single axes are wrong."""
    correct = t.shape(sizes)
    if len(correct) > 1 and values == (prod(correct),):
        return wrong("product")
    if len(values) == len(correct) > 1 and values != correct and sorted(map(str, values)) == sorted(map(str, correct)):
        return wrong("order")
    if len(values) == len(correct):
        return None
    for axis, about in zip(t.axes, map(_missing_axis, t.axes), strict=True):
        if about and values == tuple(n for n, a in zip(correct, t.axes, strict=True) if a != axis):
            return wrong(about)
    return _judge_length(values, t, sizes)


def _missing_axis(axis: Axis) -> str:
    """The misconception if this axis is missing, or "" if none is typical."""
    if axis in (BATCH_SIZE, TIME_STEP):
        return "sequence" if axis == BATCH_SIZE else "step"
    return "cell" if set(axis.names) <= {"num_layers", "directions"} else ""


def _judge_length(values: Values, t: Tensor, sizes: Sizes) -> Verdict:
    """The verdict on too many or too few axes."""
    correct, batch, time = t.shape(sizes), BATCH_SIZE.size(sizes), TIME_STEP.size(sizes)
    excess = len(values) - len(correct)
    if t.role == "weight" and excess > 0 and {batch, time} & set(values):
        return wrong("shared")
    if TIME_STEP not in t.axes and excess == 1 and time in values:
        return wrong("anew" if t.per_step else "left")
    return wrong("axis" if len(correct) == 1 else "axes", wanted=str(len(correct)), given=str(len(values)))


def _judge_axes(answer: Answer, values: Values, t: Tensor, program: Program, sizes: Sizes) -> Verdict:
    """The verdict on the first axis that is wrong."""
    wrong_axes = (
        n for n, (form, axis) in enumerate(zip(answer, t.axes, strict=True)) if not _matches(form, axis, sizes)
    )
    n = next(wrong_axes)
    place = "only" if len(t.axes) == 1 else PLACES[n]
    about, parts = _judge_axis(values[n], t.axes[n], t, program, sizes)
    return wrong(about, place=place, **parts)


PLACES = ("first", "second", "third", "fourth")


def _judge_axis(value: int | None, axis: Axis, t: Tensor, program: Program, sizes: Sizes) -> tuple[str, dict[str, str]]:
    """The misconception for a wrong axis, with the values of its message."""
    (times, name), *more = axis.terms
    terms = [sizes[name] for name in axis.names]
    others = [other for other in sizes if value == sizes[other] and other not in (*axis.names, *COUNTS)]
    gates = sum(t.op == "split" for t in program.step)
    if value == axis.size(sizes):
        return "name", {}
    if value in terms and (more or times > 1):
        return "part" if more else _one_part(axis, t, program), {}
    if more and value == prod(terms):
        return "adds", {}
    if others and not more and times == 1:
        return "size", {"other": others[0], "wanted": name}
    if others:
        return "other", {"other": others[0]}
    if axis == NUM_UNITS and not gates and value in (3 * sizes[name], 4 * sizes[name]):
        return "gateless", {}
    return "gates" if axis == NUM_UNITS and gates and value == gates * sizes[name] else "wrong", {}


def _one_part(axis: Axis, t: Tensor, program: Program) -> str:
    """The misconception for an answer that counts one of several equal parts: directions in inputs and outputs, gates
    in computed tensors. The weights of an upper layer may have both."""
    if t.role in ("input", "output"):
        return "direction"
    return "wrong" if axis == program.by_id["x"].axes[-1] else "gate"
