"""What somebody predicts in a room, judged as a quiz does: of any tensor of any state."""

from urllib.parse import parse_qsl

from app.lessons.quiz.answer import AnswerError, readings
from app.lessons.quiz.judge import judge_shape
from app.lessons.quiz.verdict import Verdict
from app.rooms.room import Answer, RoomError
from app.web.kinds import FieldError
from app.web.view import View, parse


def judged(query: str, tensor: str, text: str) -> Answer:
    """Of a state, a tensor and what was typed. RoomError where there is no such state or tensor."""
    view = state(query)
    if tensor not in view.program.by_id:
        raise RoomError(f"there is no tensor {tensor}; {view.cell} has {', '.join(view.program.by_id)}")
    verdict = _verdict(view, tensor, text)
    return Answer(" ".join(text.split()), verdict.said, verdict.right)


def state(query: str) -> View:
    """That of a query, as pages read it."""
    try:
        return parse(parse_qsl(query.removeprefix("?"), keep_blank_values=True), strict=False)
    except FieldError as error:
        raise RoomError(error.message) from None


def _verdict(view: View, tensor: str, text: str) -> Verdict:
    t, program, sizes = view.program.by_id[tensor], view.program, view.sizes
    try:
        found = [judge_shape(answer, t, program, sizes) for answer in readings(text)]
    except AnswerError as error:
        return Verdict(False, error.about, error.parts, read=False)
    return next((verdict for verdict in found if verdict.right), found[0])
