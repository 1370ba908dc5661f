"""Predicted shapes, judged as in the quiz, for any tensor of any state. The correct shape is the one in the picture."""

from dataclasses import replace
from functools import lru_cache, partial
from urllib.parse import parse_qsl

from ..core.axes import Axes, Axis, shape, shape_text, written
from ..core.program import Tensor
from ..teaching.quiz.answered_shape import readings
from ..teaching.quiz.judge import judge, judge_shape
from ..translations.phrases import CommaSeparated, phrase
from ..url_state.field_types import FieldError
from ..url_state.parsing import parse
from ..url_state.url_state import UrlState
from ..url_state_to_picture.picture_of_state import shown_arrays, sizes
from .room import TIMES, Answer, RoomError


def judge_answer(query: str, tensor: str, text: str) -> Answer:
    """Judge a typed shape of a tensor. If it is no shape, the answer has no text, so that nobody's words are shown to
    the class. Raises RoomError if the query is not valid or there is no such tensor."""
    url_state = state(query)
    t = _tensor(url_state, tensor)
    judges = [
        partial(judge_shape, t=replace(t, axes=array.axes), program=url_state.program, sizes=sizes(url_state))
        for array in shown_arrays(url_state, tensor)
    ]
    verdict = judge(text, judges)
    name_of = url_state.size_notation.name
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
    url_state = state(query)
    _tensor(url_state, tensor)
    arrays = shown_arrays(url_state, tensor)
    shapes = [f"{_numbers(array.axes, url_state)} ({written(_in_notation(array.axes, url_state))})" for array in arrays]
    if len(arrays) == 1:
        return shapes[0]
    return "; ".join(f"{array.name} {one}" for array, one in zip(arrays, shapes, strict=True))


def _numbers(axes: Axes, url_state: UrlState) -> str:
    return shape_text(shape(axes, sizes(url_state)))


def _in_notation(axes: Axes, url_state: UrlState) -> Axes:
    """Axes with the names of sizes that the picture uses."""
    return tuple(Axis(tuple((n, url_state.size_notation.name(name)) for n, name in axis.terms)) for axis in axes)


def _tensor(url_state: UrlState, tensor: str) -> Tensor:
    """The tensor with an id. Raises RoomError if there is none."""
    if tensor not in url_state.program.by_id:
        known = CommaSeparated(url_state.program.by_id)
        words = "There is no tensor {tensor}; {cell} has {known}"
        raise RoomError(phrase(words, tensor=tensor, cell=url_state.cell, known=known))
    return url_state.program.by_id[tensor]


@lru_cache(64)  # a whole class answers about one state
def state(query: str) -> UrlState:
    """Parse a query as a page does, ignoring unknown fields. Raises RoomError if it is not valid."""
    try:
        return parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True), strict=False)
    except FieldError as error:
        raise RoomError(error.message) from None
