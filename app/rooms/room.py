"""A room: the teacher's state, which students follow, and what they answer to a question about it.

Pure: what a room is and who may change it, without sockets, without a store, without a clock of its own.
"""

import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from secrets import choice, token_urlsafe
from typing import Any

from app.phrases import phrase

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of a code: none that can be taken for another when it is read aloud or from a wall."""

LENGTH = 5
"""So many letters has a code: 33 million rooms."""

LONGEST = 8192
"""Characters of a message over a WebSocket, bytes of a body; a longer one ends the connection."""

LONGEST_QUERY = 4000
LONGEST_ANSWER = 200
LIFE = 4 * 3600.0
"""Seconds after which a room that no teacher has touched is gone: a morning."""

UNUSED_LIFE = 600.0
"""And one that nobody has led yet."""

ROOMS = 1000
"""So many rooms are kept at most: the one that would be over first makes place for another. If somebody is in it, it
comes back (``Hall``)."""

MEMBERS = 1000
"""So many are in one room at most, and answer one question."""


class RoomError(ValueError):
    """What a room does not allow, in words."""


def too_many_answers() -> RoomError:
    return RoomError(phrase("{n:,} have answered already, and no more are counted", n=MEMBERS))


@dataclass(frozen=True)
class Asked:
    """A question: the tensor whose shape is to be predicted, which one it is of the room's, and its shape, once that is
    revealed."""

    tensor: str
    number: int
    shape: str = ""


@dataclass(frozen=True)
class Room:
    """``query`` is the state that the teacher shows, ``number`` counts its changes, so that an older one is never taken
    for a newer. ``lock`` is what the teacher's secret is checked against; the secret itself is in her browser only.
    ``touched`` is when the teacher was heard last, in seconds."""

    code: str
    lock: str
    touched: float
    query: str = ""
    number: int = 0
    asked: Asked | None = None
    closed: bool = False

    def shows(self, query: str, now: float) -> "Room":
        """The teacher moved on: what was asked about the state before is over. RoomError where it is no query."""
        if len(query) > LONGEST_QUERY or (query and not query.startswith("?")):
            raise RoomError(
                phrase(
                    "a state is a query of at most {n:,} characters; it begins with a question mark", n=LONGEST_QUERY
                )
            )
        return self._changed(now, query=query, asked=None)

    def asks(self, tensor: str, now: float) -> "Room":
        """The teacher asks for the shape of a tensor of the present state."""
        return self._changed(now, asked=Asked(tensor, self.number + 1))

    def reveals(self, shape: str, now: float) -> "Room":
        """The answer is told from now on. RoomError where nothing is asked."""
        if not self.asked:
            raise RoomError(phrase("nothing is asked, so there is nothing to reveal"))
        return self._changed(now, asked=replace(self.asked, shape=shape))

    def taken(self, now: float) -> "Room":
        """Its teacher is there."""
        return self._changed(now)

    def closes(self, now: float) -> "Room":
        """The lesson is over."""
        return self._changed(now, closed=True)

    def _changed(self, now: float, **changes: Any) -> "Room":
        return replace(self, number=self.number + 1, touched=now, **changes)

    def is_led_by(self, secret: str) -> bool:
        """Whether a secret is the teacher's."""
        return hmac.compare_digest(self.lock, locked(secret))

    @property
    def life(self) -> float:
        """Seconds from when it was touched."""
        return LIFE if self.number else UNUSED_LIFE

    @property
    def ends(self) -> float:
        """When it is over, in seconds."""
        return self.touched if self.closed else self.touched + self.life

    def is_over(self, now: float) -> bool:
        return self.closed or now > self.ends

    def told(self) -> dict[str, Any]:
        """What everybody in the room may know, late comers too: all of it, not only what is new."""
        return {
            "number": self.number,
            "query": self.query,
            "asked": self.asked and asdict(self.asked),
            "over": self.closed,
        }


def opened(now: float) -> tuple[Room, str]:
    """A new room, and the secret of who leads it."""
    secret = token_urlsafe(24)
    return Room("".join(choice(LETTERS) for _ in range(LENGTH)), locked(secret), now), secret


def locked(secret: str) -> str:
    """What can be kept of a secret without giving it away."""
    return sha256(secret.encode()).hexdigest()


def code_of(text: str) -> str:
    """A code as somebody types it: in small letters, with spaces, with an O for a 0 that there is not."""
    return "".join(sign for sign in text.upper() if sign in LETTERS)


# answers


@dataclass(frozen=True)
class Answer:
    """What somebody typed, as it is counted, and what is said to it, by language: what was probably thought."""

    text: str
    said: Mapping[str, str]
    is_right: bool


Answers = Mapping[str, Answer]
"""By member: a later answer of one takes the place of the one before."""


def counted(answers: Answers, language: str = "en") -> dict[str, Any]:
    """What the teacher sees: how many are right, how often each answer and each thought was given."""
    given = answers.values()
    return {
        "right": sum(answer.is_right for answer in given),
        "answers": Counter(answer.text for answer in given).most_common(),
        "thoughts": Counter(answer.said[language] for answer in given if not answer.is_right).most_common(),
    }
