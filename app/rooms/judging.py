"""Predicted shapes, judged as in the quiz, for any tensor of any state. The correct shape is the one in the picture."""

from dataclasses import replace
from functools import lru_cache, partial
from urllib.parse import parse_qsl

from ..core.axes import Axes, Axis, shape, shape_text, written
from ..core.program import Tensor
from ..lessons.quiz.judge import judge, judge_shape
from ..lessons.quiz.typed_shape import readings
from ..query.field_types import FieldError
from ..query.parsing import parse
from ..query.picture import shown_arrays, sizes
from ..query.view import View
from ..translations.phrases import CommaSeparated, phrase
from .room import TIMES, Answer, RoomError


def judge_answer(query: str, tensor: str, text: str) -> Answer:
    """Judge a typed shape of a tensor. If it is no shape, the answer has no text, so that nobody's words are shown to
    the class. Raises RoomError if the query is not valid or there is no such tensor."""
    view = state(query)
    t = _tensor(view, tensor)
    judges = [
        partial(judge_shape, t=replace(t, axes=array.axes), program=view.program, sizes=sizes(view))
        for array in shown_arrays(view, tensor)
    ]
    verdict = judge(text, judges)
    name_of = view.size_notation.name
    shapes = readings(text) if verdict.read else [()]
    right = (shape for shape in shapes if verdict.right and any(judge(shape).right for judge in judges))
    meant = next(right, shapes[0])
    return Answer.from_text(
        TIMES.join(one.as_text(name_of, in_brackets=len(meant) > 1) for one in meant), verdict.in_notation(name_of)
    )


def shape_of(query: str, tensor: str) -> str:
    """The shape of a tensor, in numbers and in names of axes: ``3 × 7 (batch_size × num_units)``. If the picture shows
    the tensor as several arrays, each shape follows the name of its array. Raises RoomError if the query is not valid
    or there is no such tensor."""
    view = state(query)
    _tensor(view, tensor)
    arrays = shown_arrays(view, tensor)
    shapes = [f"{_numbers(array.axes, view)} ({written(_in_notation(array.axes, view))})" for array in arrays]
    if len(arrays) == 1:
        return shapes[0]
    return "; ".join(f"{array.name} {one}" for array, one in zip(arrays, shapes, strict=True))


def _numbers(axes: Axes, view: View) -> str:
    return shape_text(shape(axes, sizes(view)))


def _in_notation(axes: Axes, view: View) -> Axes:
    """Axes with the names of sizes that the picture uses."""
    return tuple(Axis(tuple((n, view.size_notation.name(name)) for n, name in axis.terms)) for axis in axes)


def _tensor(view: View, tensor: str) -> Tensor:
    """The tensor with an id. Raises RoomError if there is none."""
    if tensor not in view.program.by_id:
        known = CommaSeparated(view.program.by_id)
        words = "There is no tensor {tensor}; {cell} has {known}"
        raise RoomError(phrase(words, tensor=tensor, cell=view.cell, known=known))
    return view.program.by_id[tensor]


@lru_cache(64)  # a whole class answers about one state
def state(query: str) -> View:
    """Parse a query as a page does, ignoring unknown fields. Raises RoomError if it is not valid."""
    try:
        return parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True), strict=False)
    except FieldError as error:
        raise RoomError(error.message) from None
