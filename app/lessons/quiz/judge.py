"""Whether an answer is right, and where it is not, what was probably thought."""

from dataclasses import dataclass
from math import prod

from app.core.axes import BATCH_SIZE, TIME_STEP, Axes, Axis, Sizes, shape
from app.core.program import Tensor
from app.lessons.quiz.answer import Form


@dataclass(frozen=True)
class Verdict:
    """``said`` names what was probably thought, without saying the answer."""

    right: bool
    said: str


RIGHT = Verdict(True, "Right.")


def judge_shape(answer: tuple[Form, ...], t: Tensor, sizes: Sizes) -> Verdict:
    """Of a tensor's shape. Names and numbers count alike, mixed too."""
    if len(answer) == len(t.axes) and all(_is(f, a, sizes) for f, a in zip(answer, t.axes, strict=True)):
        return RIGHT
    given = tuple(form.value(sizes) for form in answer)
    return Verdict(False, _whole(given, t, sizes) or _single(answer, given, t.axes, sizes))


def judge_number(answer: tuple[Form, ...], wanted: int, sizes: Sizes, near: dict[int, str]) -> Verdict:
    """Of a count. ``near`` says what was thought by who gives another number."""
    value = answer[0].value(sizes) if len(answer) == 1 else None
    if value is None:
        return Verdict(False, "One number is asked for.")
    if value == wanted:
        return RIGHT
    return Verdict(False, near.get(value, "Too many." if value > wanted else "Too few."))


def _is(form: Form, axis: Axis, sizes: Sizes) -> bool:
    """By its names, or, where none is typed, by its number."""
    return form.is_axis(axis) or (form.is_number and form.value(sizes) == axis.size(sizes))


def _whole(given: tuple[int | None, ...], t: Tensor, sizes: Sizes) -> str:
    """What can be said of the shape as a whole."""
    axes, wanted = t.axes, shape(t.axes, sizes)
    batch, time = BATCH_SIZE.size(sizes), TIME_STEP.size(sizes)
    if len(wanted) > 1 and given == (prod(wanted),):
        return "That is how many numbers it holds. A shape says how long each of its axes is."
    if len(given) == len(wanted) > 1 and given != wanted and sorted(map(str, given)) == sorted(map(str, wanted)):
        return "These are the right sizes in another order."
    if axes[0] == BATCH_SIZE and given == wanted[1:]:
        return "That is one sequence’s. It has a row for each sequence of the batch."
    if TIME_STEP in axes and given == tuple(n for n, a in zip(wanted, axes, strict=True) if a != TIME_STEP):
        return "That is one step’s. It has all steps."
    if t.role == "weight" and given[1:] == wanted and given[0] in (batch, time):
        return "Weights are the same for every sequence and at every step: neither size is in them."
    if TIME_STEP not in axes and len(given) == len(wanted) + 1 and time in given:
        return "time_step is not in it: it is made anew at each step."
    if len(given) != len(wanted):
        return f"It has {len(wanted)} {'axis' if len(wanted) == 1 else 'axes'}, not {len(given)}."
    return ""


def _single(answer: tuple[Form, ...], given: tuple[int | None, ...], axes: Axes, sizes: Sizes) -> str:
    """What can be said of the first axis that is wrong."""
    for n, (form, value, axis) in enumerate(zip(answer, given, axes, strict=True)):
        if not _is(form, axis, sizes):
            place = "only" if len(axes) == 1 else ("first", "second", "third")[n]
            return _axis(form, value, axis, place, sizes)
    return ""


def _axis(form: Form, value: int | None, axis: Axis, place: str, sizes: Sizes) -> str:
    (times, name), *more = axis.terms
    if value == axis.size(sizes):
        return f"The {place} axis has that many here, but it is another size by that name."
    if not more and times > 1 and value == sizes[name]:
        return f"That is one gate’s. In the {place} axis all gates stand side by side."
    if more and value in {sizes[other] for other in axis.names}:
        return f"That is a part of it. In the {place} axis two things stand side by side."
    if more and value == prod(sizes[other] for other in axis.names):
        return f"What stands side by side in the {place} axis adds up, it is not multiplied."
    if (
        not more
        and times == 1
        and name == "num_units"
        and value
        and value % sizes[name] == 0
        and value // sizes[name] in (2, 3, 4)
    ):
        return f"That is all gates together; the {place} axis is one’s alone."
    is_another = [other for other in sizes if value == sizes[other] and other not in axis.names]
    if is_another:
        belongs = name if not more and times == 1 else "something else"
        return f"That is {is_another[0]}; {belongs} belongs in the {place} axis."
    return f"The {place} axis is not right yet."
