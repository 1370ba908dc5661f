"""Whether an answer is right, and if not, what the misconception probably was."""

from collections.abc import Callable, Mapping, Sequence
from math import prod

from ...core.axes import BATCH_SIZE, NUM_UNITS, TIME_STEP, Axis, Sizes
from ...core.program import Program, Tensor
from .typed_shape import COUNTS, Answer, AnswerError, Form, readings
from .verdict import RIGHT, Verdict, wrong

Given = tuple[int | None, ...]
"""The numbers of a typed shape; None for an axis that names a size which does not exist."""

Judge = Callable[[Answer], Verdict]


def judged(text: str, judges: Sequence[Judge], read: Callable[[str], list[Answer]] = readings) -> Verdict:
    """The verdict on a typed answer, also on one that cannot be parsed. Where a text has several readings, one that any
    judge finds right is enough."""
    try:
        answers = read(text)
    except AnswerError as error:
        return Verdict(False, error.about, error.parts, read=False)
    found = [judge(answer) for judge in judges for answer in answers]
    return next((verdict for verdict in found if verdict.right), found[0])


def judge_shape(answer: Answer, t: Tensor, program: Program, sizes: Sizes) -> Verdict:
    """Judge the shape of a tensor. Its axes may be given by name or by number."""
    answer = tuple(form.counted(sizes) for form in answer)
    if len(answer) == len(t.axes) and all(_is(f, a, sizes) for f, a in zip(answer, t.axes, strict=True)):
        return RIGHT
    given = tuple(form.value(sizes) for form in answer)
    return _whole(given, t, sizes) or _single(answer, given, t, program, sizes)


def judge_doubled(answer: Answer, t: Tensor, program: Program, sizes: Sizes, size: str) -> Verdict:
    """Judge the shape of a tensor after a size has doubled. Names mean the sizes from before, so ``2*num_units`` is the
    new num_units."""
    given = tuple(form.value(sizes) for form in answer)
    then = {**sizes, size: 2 * sizes[size]}
    if given == t.shape(then):
        return RIGHT
    if given == t.shape(sizes):
        return wrong("now", size=size)
    meant = tuple(Form({(): value}) for value in given if value is not None)
    return judge_shape(meant, t, program, then)


def judge_number(answer: Answer, wanted: int, sizes: Sizes, near: Mapping[int, str]) -> Verdict:
    """Judge a count. ``near`` has the misconceptions behind other numbers."""
    value = answer[0].value(sizes) if len(answer) == 1 else None
    if value is None:
        return wrong("one")
    if value == wanted:
        return RIGHT
    return wrong(near.get(value, "many" if value > wanted else "few"))


def _is(form: Form, axis: Axis, sizes: Sizes) -> bool:
    """Whether a form is an axis: by its names, or where it has none, by its number."""
    return form.is_axis(axis) or (form.is_number and form.value(sizes) == axis.size(sizes))


def _whole(given: Given, t: Tensor, sizes: Sizes) -> Verdict | None:
    """The verdict on a shape as a whole; None where its number of axes is right."""
    wanted = t.shape(sizes)
    if len(wanted) > 1 and given == (prod(wanted),):
        return wrong("product")
    if len(given) == len(wanted) > 1 and given != wanted and sorted(map(str, given)) == sorted(map(str, wanted)):
        return wrong("order")
    if len(given) == len(wanted):
        return None
    for axis, about in zip(t.axes, map(_missing, t.axes), strict=True):
        if about and given == tuple(n for n, a in zip(wanted, t.axes, strict=True) if a != axis):
            return wrong(about)
    return _length(given, t, sizes)


def _missing(axis: Axis) -> str:
    """The misconception behind a missing axis, if there is a typical one."""
    if axis in (BATCH_SIZE, TIME_STEP):
        return "sequence" if axis == BATCH_SIZE else "step"
    return "cell" if set(axis.names) <= {"num_layers", "directions"} else ""


def _length(given: Given, t: Tensor, sizes: Sizes) -> Verdict:
    """The verdict on too many or too few axes."""
    wanted, batch, time = t.shape(sizes), BATCH_SIZE.size(sizes), TIME_STEP.size(sizes)
    more = len(given) - len(wanted)
    if t.role == "weight" and more > 0 and {batch, time} & set(given):
        return wrong("shared")
    if TIME_STEP not in t.axes and more == 1 and time in given:
        return wrong("anew" if t.per_step else "left")
    return wrong("axis" if len(wanted) == 1 else "axes", wanted=str(len(wanted)), given=str(len(given)))


def _single(answer: Answer, given: Given, t: Tensor, program: Program, sizes: Sizes) -> Verdict:
    """The verdict on the first axis that is wrong."""
    wrong_ones = (n for n, (form, axis) in enumerate(zip(answer, t.axes, strict=True)) if not _is(form, axis, sizes))
    n = next(wrong_ones)
    place = "only" if len(t.axes) == 1 else PLACES[n]
    about, parts = _axis(given[n], t.axes[n], t, program, sizes)
    return wrong(about, place=place, **parts)


PLACES = ("first", "second", "third", "fourth")


def _axis(value: int | None, axis: Axis, t: Tensor, program: Program, sizes: Sizes) -> tuple[str, dict[str, str]]:
    """The misconception behind a wrong axis, with the parts of its message."""
    (times, name), *more = axis.terms
    parts = [sizes[part] for part in axis.names]
    others = [other for other in sizes if value == sizes[other] and other not in (*axis.names, *COUNTS)]
    gates = sum(t.op == "split" for t in program.step)
    if value == axis.size(sizes):
        return "name", {}
    if value in parts and (more or times > 1):
        return "part" if more else _one_of(axis, t, program), {}
    if more and value == prod(parts):
        return "adds", {}
    if others and not more and times == 1:
        return "size", {"other": others[0], "wanted": name}
    if others:
        return "other", {"other": others[0]}
    if axis == NUM_UNITS and not gates and value in (3 * sizes[name], 4 * sizes[name]):
        return "gateless", {}
    return "gates" if axis == NUM_UNITS and gates and value == gates * sizes[name] else "wrong", {}


def _one_of(axis: Axis, t: Tensor, program: Program) -> str:
    """The misconception behind one of several equal parts: of directions in inputs and outputs, of gates in what a cell
    computes. The weights of an upper layer may have both."""
    if t.role in ("input", "output"):
        return "direction"
    return "wrong" if axis == program.by_id["x"].axes[-1] else "gate"
