"""What somebody predicts in a room, judged as a quiz does: of any tensor of any state."""

from urllib.parse import parse_qsl

from app.core.axes import shape, written
from app.core.program import Tensor
from app.lessons.quiz.answer import AnswerError, readings
from app.lessons.quiz.judge import judge_shape
from app.lessons.quiz.verdict import Verdict
from app.phrases import Listed, phrase
from app.rooms.room import Answer, RoomError
from app.rooms.talk import Judge
from app.web.kinds import FieldError
from app.web.view import View, parse


def answer_of(query: str, tensor: str, text: str) -> Answer:
    """What was typed of a tensor of a state, judged."""
    view = state(query)
    return Answer.typed(text, _verdict(view, _tensor(view, tensor), text))


def shape_of(query: str, tensor: str) -> str:
    """In numbers, and by the names of the axes."""
    view = state(query)
    axes = _tensor(view, tensor).axes
    return f"{' × '.join(map(str, shape(axes, view.sizes)))} ({written(axes)})"


JUDGE = Judge(answer_of, shape_of)


def _tensor(view: View, tensor: str) -> Tensor:
    if tensor not in view.program.by_id:
        known = Listed(view.program.by_id)
        words = "there is no tensor {tensor}; {cell} has {known}"
        raise RoomError(phrase(words, tensor=tensor, cell=view.cell, known=known))
    return view.program.by_id[tensor]


def state(query: str) -> View:
    """That of a query, as pages read it."""
    try:
        return parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True), strict=False)
    except FieldError as error:
        raise RoomError(error.message) from None


def _verdict(view: View, t: Tensor, text: str) -> Verdict:
    program, sizes = view.program, view.sizes
    try:
        found = [judge_shape(answer, t, program, sizes) for answer in readings(text)]
    except AnswerError as error:
        return Verdict(False, error.about, error.parts, read=False)
    return next((verdict for verdict in found if verdict.right), found[0])
