"""A predicted shape, judged as in the quiz: of any tensor of any state, by the shape in its picture."""

from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl

from ..core.axes import Axes, Axis, shape, written
from ..core.program import Tensor
from ..lessons.quiz.judge import judge_shape, judged
from ..query.field_types import FieldError
from ..query.parsing import parse
from ..query.picture import shown, sizes
from ..query.view import View
from ..translations.phrases import CommaSeparated, phrase
from .room import Answer, RoomError


def answer_of(query: str, tensor: str, text: str) -> Answer:
    """What somebody typed as the shape of a tensor, with the verdict. Raises RoomError where there is no such state or
    tensor."""
    view = state(query)
    t = _tensor(view, tensor)
    drawn = (replace(t, axes=array.axes) for array in shown(view, tensor))
    verdict = judged(text, [partial(judge_shape, t=one, program=view.program, sizes=sizes(view)) for one in drawn])
    return Answer.typed(text, verdict.in_names(view.size_notation.name))


def shape_of(query: str, tensor: str) -> str:
    """The shape of a tensor, in numbers and by the names of its axes; with the names of the arrays where the picture
    shows it as several. Raises RoomError where there is no such state or tensor."""
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
    """Axes with the names that the picture uses."""
    return tuple(Axis(tuple((n, view.size_notation.name(name)) for n, name in axis.terms)) for axis in axes)


def _tensor(view: View, tensor: str) -> Tensor:
    """Raises RoomError where there is no such tensor."""
    if tensor not in view.program.by_id:
        known = CommaSeparated(view.program.by_id)
        words = "there is no tensor {tensor}; {cell} has {known}"
        raise RoomError(phrase(words, tensor=tensor, cell=view.cell, known=known))
    return view.program.by_id[tensor]


def state(query: str) -> View:
    """The View of a query, parsed as by a page. Raises RoomError where it cannot be."""
    try:
        return parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True), strict=False)
    except FieldError as error:
        raise RoomError(error.message) from None
