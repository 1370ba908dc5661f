"""What somebody predicts in a room, judged as a quiz does: any tensor of any state, by the shape in its picture."""

from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl

from app.core.axes import Axes, Axis, shape, written
from app.core.program import Tensor
from app.lessons.quiz.judge import judge_shape, judged
from app.query.field_types import FieldError
from app.query.parsing import parse
from app.query.picture import shown, sizes
from app.query.view import View
from app.rooms.messages import Judge
from app.rooms.room import Answer, RoomError
from app.translations.phrases import CommaSeparated, phrase


def answer_of(query: str, tensor: str, text: str) -> Answer:
    """What was typed of a tensor of a state, judged."""
    view = state(query)
    t = _tensor(view, tensor)
    drawn = (replace(t, axes=array.axes) for array in shown(view, tensor))
    verdict = judged(text, [partial(judge_shape, t=one, program=view.program, sizes=sizes(view)) for one in drawn])
    return Answer.typed(text, verdict.in_names(view.calls.name))


def shape_of(query: str, tensor: str) -> str:
    """In numbers, and by the names of the axes. Where the picture has it as several arrays, each with its name."""
    view = state(query)
    _tensor(view, tensor)
    arrays = shown(view, tensor)
    shapes = [f"{_numbers(array.axes, view)} ({written(_called(array.axes, view))})" for array in arrays]
    if len(arrays) == 1:
        return shapes[0]
    return "; ".join(f"{array.name} {one}" for array, one in zip(arrays, shapes, strict=True))


def _numbers(axes: Axes, view: View) -> str:
    return " × ".join(map(str, shape(axes, sizes(view))))


def _called(axes: Axes, view: View) -> Axes:
    """The axes with the names that the picture gives the sizes."""
    return tuple(Axis(tuple((n, view.calls.name(name)) for n, name in axis.terms)) for axis in axes)


def _tensor(view: View, tensor: str) -> Tensor:
    """RoomError where there is no such tensor."""
    if tensor not in view.program.by_id:
        known = CommaSeparated(view.program.by_id)
        words = "there is no tensor {tensor}; {cell} has {known}"
        raise RoomError(phrase(words, tensor=tensor, cell=view.cell, known=known))
    return view.program.by_id[tensor]


def state(query: str) -> View:
    """That of a query, as pages read it."""
    try:
        return parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True), strict=False)
    except FieldError as error:
        raise RoomError(error.message) from None


JUDGE = Judge(state, answer_of, shape_of)
