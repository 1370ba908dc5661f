"""What a room tells its members, in a language: the question, the correct shape, who is there, and the answers.

A text in several colours is a list of pieces: each is a text and a role, which is the name of the size whose colour it
has, ``sub`` for a subscript, or nothing.
"""

import re
from collections import Counter
from typing import Any

from ..core.axes import FRAMEWORK_SIZES, Axis, Sizes
from ..diagram.theme import axis_role
from ..frameworks import OURS
from ..translations.numbers import grouped
from ..translations.phrases import phrase, plural
from ..translations.translator import Translator
from ..url_state.url_state import UrlState
from ..url_state_to_picture.formulas import name
from ..url_state_to_picture.picture_of_state import shown_arrays, sizes
from .judged_answers import state
from .room import TIMES, Answers, Room, RoomError

Pieces = list[tuple[str, str]]

MAX_SHOWN = 20
"""Different wrong answers that the teacher sees: the most frequent ones. More would fit no screen."""

INPUT = phrase("input")
"""The name of x before “at step 2”."""

_SUBSCRIPT = re.compile(r"(ₜ₋₁|ₜ|_[A-Za-z]+(?!\w))")


def question_message(room: Room, translate: Translator) -> dict[str, Any] | None:
    """The question of a room: ``symbol`` and ``name`` of the tensor; ``step``, if it belongs to one; ``given``, the
    model and its sizes; and ``arrays``, the correct shape, when it is revealed. None if no question is open, or if this
    version does not know the state that a newer one has stored."""
    if not (asked := room.asked):
        return None
    try:
        url_state = state(room.query)
    except RoomError:
        return None
    if not (tensor := url_state.program.by_id.get(asked.tensor)):
        return None
    return {
        "tensor": asked.tensor,
        "number": asked.number,
        "shape": asked.shape,
        "symbol": _symbol(tensor.symbol, url_state),
        "name": re.split("[:,，：]", translate(INPUT if tensor.op == "step" else name(url_state, tensor)))[0],
        "step": url_state.t if tensor.per_step else None,
        "given": _given(url_state, translate),
        "arrays": _arrays(url_state, asked.tensor) if asked.shape else [],
    }


def attendance_message(room: Room, members: int, answers: Answers, translate: Translator) -> dict[str, Any]:
    """How many members there are and how many of them answered and, when the shape is revealed, how many are right. In
    ``words`` as sentences, ``silent`` for those who did not answer."""
    answered = len(answers)
    n = max(members, answered)  # a member may have answered and left
    is_revealed = bool(room.asked and room.asked.shape)
    right = sum(answer.verdict.right for answer in answers.values()) if is_revealed else None
    words = {
        "members": plural("{n:,} student", "{n:,} students", members),
        "answered": plural(
            "{answered:,} of {n:,} student has answered",
            "{answered:,} of {n:,} students have answered",
            n,
            answered=answered,
        ),
        "silent": plural("{n:,} student did not answer.", "{n:,} students did not answer.", n - answered)
        if is_revealed and n > answered
        else "",
        "right": plural(
            "{right:,} of {n:,} student was right", "{right:,} of {n:,} students were right", n, right=right
        )
        if right is not None
        else "",
    }
    return {
        "members": members,
        "answered": answered,
        "right": right,
        "words": {key: translate(text) for key, text in words.items()},
    }


def counts_message(room: Room, answers: Answers, translate: Translator) -> dict[str, Any]:
    """The answers for the teacher, the most frequent first. Right answers are one row, however they are written. Beyond
    ``MAX_SHOWN`` different answers, the rest is only counted, in ``others``."""
    asked = room.asked
    assert asked
    try:
        url_state = state(room.query)
    except RoomError:  # as in question_message
        return {"answers": [], "others": ""}
    verdicts = {answer.text: answer.verdict for answer in answers.values()}
    counts = Counter("" if answer.verdict.right else answer.text for answer in answers.values())
    most_frequent = counts.most_common()
    rows = most_frequent[:MAX_SHOWN]
    rest = sum(n for _, n in most_frequent[MAX_SHOWN:])
    return {
        "answers": [
            {
                "arrays": [] if text else _arrays(url_state, asked.tensor),
                "text": answer_pieces(url_state, text),
                "right": not text,
                "n": n,
                "students": translate(plural("{n:,} student", "{n:,} students", n)),
                "hint": translate(verdicts[text].message) if text else "",
            }
            for text, n in rows
        ],
        "others": translate(plural("{n:,} other answer", "{n:,} other answers", rest)) if rest else "",
    }


def answer_pieces(url_state: UrlState, text: str) -> Pieces:
    """A stored answer in the colours of its axes: a number has the colour of the only size that is equal to it."""
    return _joined([_typed_axis(axis, url_state) for axis in text.split(TIMES)]) if text else []


def _typed_axis(text: str, url_state: UrlState) -> Pieces:
    equal = [size for size, n in url_state.sizes.items() if text in (str(n), url_state.size_notation.name(size))]
    return [(text, equal[0] if len(equal) == 1 else "")]


def _symbol(symbol: str, url_state: UrlState) -> Pieces:
    steps = {"ₜ₋₁": str(url_state.t - url_state.step_sign).replace("-", "−"), "ₜ": str(url_state.t)}
    parts = filter(None, _SUBSCRIPT.split(symbol))
    return [(steps.get(one, one.removeprefix("_")), "sub") if _SUBSCRIPT.match(one) else (one, "") for one in parts]


def _given(url_state: UrlState, translate: Translator) -> list[Pieces]:
    """The model, and each of its sizes."""
    model = [translate(url_state.program.cell.title)]
    if url_state.shown_model.framework is not OURS:
        model.append(translate(url_state.shown_model.framework.title))
    if url_state.num_layers > 1:
        model.append(translate(plural("{n} layer", "{n} layers", url_state.num_layers)))
    if url_state.bidirectional:
        model.append(translate(phrase("bidirectional")))
    return [[(one, "")] for one in model] + [
        [(f"{url_state.size_notation.name(size)} {translate(grouped(n))}", size)] for size, n in url_state.sizes.items()
    ]


def _arrays(url_state: UrlState, tensor: str) -> list[dict[str, Any]]:
    """The correct shape of each array that shows a tensor, in numbers and in names; with the array's name if there are
    several."""
    arrays = shown_arrays(url_state, tensor)
    return [
        {
            "name": array.name if len(arrays) > 1 else "",
            "shape": _joined(
                [[(str(axis.size(sizes(url_state))), _role(axis, url_state.sizes))] for axis in array.axes]
            ),
            "axes": _joined([_named_axis(axis, url_state, len(array.axes) > 1) for axis in array.axes]),
        }
        for array in arrays
    ]


def _named_axis(axis: Axis, url_state: UrlState, is_one_of_many: bool) -> Pieces:
    pieces: Pieces = []
    for n, size in axis.terms:
        pieces += [("+", "")] if pieces else []
        pieces += [(f"{n}·", "")] if n > 1 else []
        pieces.append((url_state.size_notation.name(size), _role_of_size(size, url_state.sizes)))
    return [("(", ""), *pieces, (")", "")] if len(axis.terms) > 1 and is_one_of_many else pieces


def _role(axis: Axis, sizes: Sizes) -> str:
    (n, size), *more = axis.terms
    return _role_of_size(size, sizes) if n == 1 and not more else ""


def _role_of_size(size: str, sizes: Sizes) -> str:
    return "" if size in FRAMEWORK_SIZES else axis_role(size, sizes)


def _joined(axes: list[Pieces]) -> Pieces:
    """Axes with a × between them."""
    return [piece for n, axis in enumerate(axes) for piece in ([(TIMES, "")] if n else []) + axis]
