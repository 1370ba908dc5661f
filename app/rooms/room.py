"""A room: the state that the teacher shows and students follow, and the students' answers to a question about it.

This module is pure: it uses no sockets, no store and no clock.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

import orjson

from ..teaching.quiz.verdict import Verdict
from ..translations.phrases import phrase
from .limits import (
    ANSWER_OVERHEAD,
    LIFETIME,
    MAX_ANSWER_LENGTH,
    MAX_PART_LENGTH,
    MAX_QUERY_LENGTH,
    UNUSED_LIFETIME,
    RoomLimits,
)
from .room_code import random_code
from .without_invisible_characters import visible_title

TIMES = " × "
"""Between the axes of a stored answer."""

PATH = re.compile(r"(/(learn|questions)/[a-z0-9-]{1,100})?")
"""The path of a page that a teacher can show: a lesson, a question, or the main page, whose path is empty here."""


class RoomError(ValueError):
    """The room does not allow something. The message is for the people in it."""


def too_many_answers(limits: RoomLimits) -> RoomError:
    return RoomError(phrase("{n:,} answers have been counted; no more are accepted", n=limits.members))


def answers_too_large() -> RoomError:
    return RoomError(phrase("The memory for answers is full; no more are accepted"))


@dataclass(frozen=True)
class Question:
    """A question: the tensor whose shape is to be predicted, the number of the question in the room, and the shape,
    which is empty until it is revealed."""

    tensor: str
    number: int
    shape: str = ""


@dataclass(frozen=True)
class Room:
    """One state of a room.

    ``page`` is the path of the page that the teacher shows, see PATH, and ``query`` its state; ``number`` counts the
    changes, which orders the states. ``lock`` is the hash of the teacher's secret, which only the teacher's browser
    has. ``touched`` is the time of the last change in seconds; ``owner`` identifies the client that opened the room.
    ``life``: see LIFETIME.
    """

    code: str
    lock: str
    touched: float
    query: str = ""
    number: int = 0
    asked: Question | None = None
    closed: bool = False
    owner: str = ""
    life: float = LIFETIME
    page: str = ""

    def shows(self, link: str, now: float, asked: Question | None = None) -> "Room":
        """The teacher shows another page or state, which ends the current question, unless it is ``asked`` still.
        Raises RoomError if it is neither a query nor the path of a page with a query."""
        page, mark, query = link.partition("?")
        if len(mark + query) > MAX_QUERY_LENGTH or not PATH.fullmatch(page):
            raise RoomError(
                phrase(
                    "A state must be a query of at most {n:,} characters, which may follow the path of a lesson",
                    n=MAX_QUERY_LENGTH,
                )
            )
        return self._changed(now, page=page, query=visible_title(mark + query), asked=asked)

    def asks(self, tensor: str, now: float) -> "Room":
        """The teacher asks for the shape of a tensor of the current state."""
        return self._changed(now, asked=Question(tensor, self.number + 1))

    def reveals(self, shape: str, now: float) -> "Room":
        """The teacher reveals the shape. Raises RoomError if no question is open."""
        if not self.asked:
            raise RoomError(phrase("No question is open, so there is nothing to reveal"))
        return self._changed(now, asked=replace(self.asked, shape=shape))

    def dismisses(self, now: float) -> "Room":
        """The teacher withdraws the question, or continues after it."""
        return self._changed(now, asked=None)

    def led(self, now: float) -> "Room":
        """The teacher starts to lead the room."""
        return self._changed(now)

    def closes(self, now: float) -> "Room":
        """The teacher ends the lesson."""
        return self._changed(now, closed=True)

    def _changed(self, now: float, **changes: Any) -> "Room":
        return replace(self, number=self.number + 1, touched=now, **changes)

    @property
    def question_number(self) -> int | None:
        """The number of the question, open or revealed, if there is one."""
        return self.asked.number if self.asked else None

    def is_led_by(self, secret: str) -> bool:
        """Whether this is the teacher's secret."""
        return hmac.compare_digest(self.lock, hash_secret(secret))

    @property
    def stored_for(self) -> float:
        """Seconds from the last change until the room is deleted. A closed room is stored as long as an unused one, so
        that all clients learn that it is closed."""
        return self.life if self.number and not self.closed else UNUSED_LIFETIME

    @property
    def expires(self) -> float:
        """The time at which the room is deleted, in seconds."""
        return self.touched + self.stored_for

    def is_over(self, now: float) -> bool:
        """Whether the room is closed or has expired."""
        return self.closed or now > self.expires


def new_room(now: float, owner: str = "", life: float = LIFETIME) -> tuple[Room, str]:
    """A new room with a random code, and the teacher's secret."""
    secret = token_urlsafe(24)
    return Room(random_code(), hash_secret(secret), now, owner=owner, life=life), secret


def first_to_expire(rooms: Iterable[Room], now: float) -> Room | None:
    """The room that expires first, which a new one may replace. None if all are in use: a room in use has been led, and
    does not expire within UNUSED_LIFETIME."""
    first = min(rooms, key=lambda room: room.expires, default=None)
    return first if first and first.expires <= now + UNUSED_LIFETIME else None


def hash_secret(secret: str) -> str:
    """The SHA-256 hash of a secret."""
    return sha256(secret.encode()).hexdigest()


# answers


@dataclass(frozen=True)
class Answer:
    """A shape as ``3 × 5``, however it was typed, and the verdict on it, which can be translated."""

    text: str
    verdict: Verdict

    @classmethod
    def from_text(cls, text: str, verdict: Verdict) -> "Answer":
        """The answer to store, shortened."""
        parts = {name: part[:MAX_PART_LENGTH] for name, part in verdict.parts.items()}
        return cls(text[:MAX_ANSWER_LENGTH], replace(verdict, parts=parts))

    def serialize(self) -> bytes:
        """Serialize for a store. The result is a copy, because a result of orjson occupies a kilobyte or more."""
        verdict = self.verdict
        fields = self.text, verdict.right, verdict.about, verdict.parts, verdict.read, verdict.names
        return bytes(memoryview(orjson.dumps(fields)))

    @classmethod
    def deserialize(cls, serialized: bytes | str) -> "Answer":
        text, *verdict = orjson.loads(serialized)
        return cls(text, Verdict(*verdict))


Answers = Mapping[str, Answer]
"""The newest answer of each member."""


def size_of(member: bytes, serialized: bytes) -> int:
    """Bytes that a stored answer takes."""
    return len(member) + len(serialized) + ANSWER_OVERHEAD
