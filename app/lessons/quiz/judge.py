"""Whether an answer is right, and where it is not, what was probably thought."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from app.core.axes import BATCH_SIZE, NUM_UNITS, TIME_STEP, Axes, Axis, Sizes, shape
from app.core.program import Program, Tensor
from app.lessons.quiz.answer import Answer, Form

Given = tuple[int | None, ...]
"""The numbers of a typed shape; nothing where an axis names what there is not."""


@dataclass(frozen=True)
class Verdict:
    """``said`` names what was probably thought, without saying the answer. ``read``: whether it could be read."""

    right: bool
    said: str
    read: bool = True


RIGHT = Verdict(True, "Right.")


def judge_shape(answer: Answer, t: Tensor, program: Program, sizes: Sizes) -> Verdict:
    """Of a tensor's shape. Names and numbers count alike, mixed too."""
    if len(answer) == len(t.axes) and all(_is(f, a, sizes) for f, a in zip(answer, t.axes, strict=True)):
        return RIGHT
    given = tuple(form.value(sizes) for form in answer)
    return Verdict(False, _whole(given, t, sizes) or _single(answer, given, t.axes, program, sizes))


def judge_doubled(answer: Answer, t: Tensor, program: Program, sizes: Sizes, size: str) -> Verdict:
    """Of a tensor's shape when a size is twice what it is: names mean the sizes of before, so ``2*num_units`` is what
    num_units becomes."""
    given = tuple(form.value(sizes) for form in answer)
    then = {**sizes, size: 2 * sizes[size]}
    if given == t.shape(then):
        return RIGHT
    if given == t.shape(sizes):
        return Verdict(False, f"That is its shape now. {size} is in it, and doubles.")
    meant = tuple(Form({(): value}) for value in given if value is not None)
    return judge_shape(meant, t, program, then)


def judge_number(answer: Answer, wanted: int, sizes: Sizes, near: Mapping[int, str]) -> Verdict:
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


def _whole(given: Given, t: Tensor, sizes: Sizes) -> str:
    """What can be said of the shape as a whole."""
    axes, wanted = t.axes, shape(t.axes, sizes)
    if len(wanted) > 1 and given == (prod(wanted),):
        return "That is how many numbers it holds. A shape says how long each of its axes is."
    if len(given) == len(wanted) > 1 and given != wanted and sorted(map(str, given)) == sorted(map(str, wanted)):
        return "These are the right sizes in another order."
    if axes[0] == BATCH_SIZE and given == wanted[1:]:
        return "That is one sequence’s. It has a row for each sequence of the batch."
    if TIME_STEP in axes and given == tuple(n for n, a in zip(wanted, axes, strict=True) if a != TIME_STEP):
        return "That is one step’s. It has all steps."
    if len(given) != len(wanted):
        return _length(given, t, sizes)
    return ""


def _length(given: Given, t: Tensor, sizes: Sizes) -> str:
    """What can be said of too many or too few axes."""
    wanted, batch, time = t.shape(sizes), BATCH_SIZE.size(sizes), TIME_STEP.size(sizes)
    more = len(given) - len(wanted)
    if t.role == "weight" and more > 0 and {batch, time} & set(given):
        return "Weights are the same for every sequence and at every step: neither size is in them."
    if TIME_STEP not in t.axes and more == 1 and time in given:
        there = "made anew at each step" if t.per_step else "what is left after the last step"
        return f"time_step is not in it: it is {there}."
    return f"It has {len(wanted)} {'axis' if len(wanted) == 1 else 'axes'}, not {len(given)}."


def _single(answer: Answer, given: Given, axes: Axes, program: Program, sizes: Sizes) -> str:
    """What can be said of the first axis that is wrong."""
    for n, (form, value, axis) in enumerate(zip(answer, given, axes, strict=True)):
        if not _is(form, axis, sizes):
            place = "only" if len(axes) == 1 else ("first", "second", "third")[n]
            return _axis(value, axis, program, sizes).format(place=place)
    return ""


def _axis(value: int | None, axis: Axis, program: Program, sizes: Sizes) -> str:
    """What can be said of a wrong axis; it is told which one."""
    (times, name), *more = axis.terms
    parts = [sizes[part] for part in axis.names]
    others = [other for other in sizes if value == sizes[other] and other not in axis.names]
    gates = sum(t.op == "split" for t in program.step)
    if value == axis.size(sizes):
        return "The {place} axis has that many here, but it is another size by that name."
    if not more and times > 1 and value in parts:
        return "That is one gate’s. In the {place} axis all gates stand side by side."
    if more and value in parts:
        return "That is a part of it. In the {place} axis two things stand side by side."
    if more and value == prod(parts):
        return "What stands side by side in the {place} axis adds up, it is not multiplied."
    if others:
        belongs = name if not more and times == 1 else "something else"
        return f"That is {others[0]}; {belongs} belongs in the {{place}} axis."
    if axis == NUM_UNITS and gates and value == gates * sizes[name]:
        return "That is all gates together; the {place} axis is one’s alone."
    return "The {place} axis is not right yet."
