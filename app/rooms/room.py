"""A room: the teacher's state, which students follow, and what they answer to a question about it.

Pure: what a room is and who may change it, without sockets, without a store, without a clock of its own.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from secrets import choice, token_urlsafe
from typing import Any

import orjson

from app.lessons.quiz.verdict import Verdict
from app.rooms.visible import visible_title
from app.translations.phrases import phrase
from app.translations.translator import ENGLISH, Translator

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of a code: none that can be taken for another when it is read aloud or from a wall."""

LENGTH = 5
"""So many letters has a code: 33 million rooms."""

LONGEST_QUERY = 4000
LONGEST_ANSWER = 200
LONGEST_PART = 30
"""Characters of an answer that what is said of it quotes."""

LIFE = 4 * 3600.0
"""Seconds after which a room that no teacher has touched is gone: a morning."""

UNUSED_LIFE = 600.0
"""And one that nobody has led yet."""

ROOMS = 1000
"""So many rooms are kept at most. For a new one the room makes place that would be over first, see ``first_to_go``."""

OWNED = 50
"""So many of them one client may have opened."""

MEMBERS = 1000
"""So many are in one room at most, and answer one question."""

ANSWER = 160
"""Bytes that an answer takes beside its text and the name of its member, in memory and in Redis."""

ANSWERS = 32_000_000
"""Bytes of the answers to all rooms."""

ANSWERS_OF_ROOM = 320_000
"""Bytes of the answers to one room, those of 1,000 members. All rooms of one client take half of what there is."""

SHOWN = 100
"""So many different answers, and thoughts, the teacher sees: those that were given most often."""


class RoomError(ValueError):
    """What a room does not allow, in words."""


def too_many_answers() -> RoomError:
    return RoomError(phrase("{n:,} have answered already, and no more are counted", n=MEMBERS))


def too_long_answers() -> RoomError:
    return RoomError(phrase("the memory for answers is full; no more answers are counted"))


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
    ``touched`` is when the teacher was heard last, in seconds; ``owner`` the client that opened it, see ``owner``."""

    code: str
    lock: str
    touched: float
    query: str = ""
    number: int = 0
    asked: Asked | None = None
    closed: bool = False
    owner: str = ""

    def shows(self, query: str, now: float) -> "Room":
        """The teacher moved on: what was asked about the state before is over. RoomError where it is no query."""
        if len(query) > LONGEST_QUERY or (query and not query.startswith("?")):
            raise RoomError(
                phrase(
                    "a state is a query of at most {n:,} characters; it begins with a question mark", n=LONGEST_QUERY
                )
            )
        return self._changed(now, query=visible_title(query), asked=None)

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
        """Seconds from when it was touched to when it is over. One that is closed is remembered as long as one that
        nobody led, so that everybody hears of it."""
        return LIFE if self.number and not self.closed else UNUSED_LIFE

    @property
    def ends(self) -> float:
        """When it is forgotten, in seconds."""
        return self.touched + self.life

    def is_over(self, now: float) -> bool:
        return self.closed or now > self.ends

    def as_message(self) -> dict[str, Any]:
        """What everybody in the room may know, late comers too: all of it, not only what is new."""
        return {
            "number": self.number,
            "query": self.query,
            "asked": self.asked and asdict(self.asked),
            "over": self.closed,
        }


def opened(now: float, owner: str = "") -> tuple[Room, str]:
    """A new room, and the secret of who leads it."""
    secret = token_urlsafe(24)
    return Room("".join(choice(LETTERS) for _ in range(LENGTH)), locked(secret), now, owner=owner), secret


def first_to_go(rooms: Iterable[Room], now: float) -> Room | None:
    """The room that makes place for another: the first to be over. A room in use does not go: one that was led, and is
    not about to be over."""
    first = min(rooms, key=lambda room: room.ends, default=None)
    return first if first and first.ends <= now + UNUSED_LIFE else None


def locked(secret: str) -> str:
    """What can be kept of a secret without giving it away."""
    return sha256(secret.encode()).hexdigest()


def code_of(text: str) -> str:
    """The code that somebody typed: in small letters, with spaces or hyphens. Nothing where it is none."""
    if len(text) > 4 * LENGTH:
        return ""
    code = "".join(character for character in text.upper() if character in LETTERS)
    return code if len(code) == LENGTH else ""


# answers


@dataclass(frozen=True)
class Answer:
    """What somebody typed, as it is counted, and what is said of it, in any language."""

    text: str
    verdict: Verdict

    @classmethod
    def typed(cls, text: str, verdict: Verdict) -> "Answer":
        """As it is kept: short, and on one line."""
        parts = {name: part[:LONGEST_PART] for name, part in verdict.parts.items()}
        return cls(" ".join(text.split())[:LONGEST_ANSWER], replace(verdict, parts=parts))

    def written(self) -> bytes:
        """As stores keep it: a copy, for what orjson returns holds a kilobyte or more."""
        verdict = self.verdict
        about = self.text, verdict.right, verdict.about, verdict.parts, verdict.read, verdict.names
        return bytes(memoryview(orjson.dumps(about)))

    @classmethod
    def read(cls, written: bytes | str) -> "Answer":
        text, *verdict = orjson.loads(written)
        return cls(text, Verdict(*verdict))


Answers = Mapping[str, Answer]
"""By member: a later answer of one takes the place of the one before."""


def size_of(member: bytes, written: bytes) -> int:
    """The bytes that an answer takes."""
    return len(member) + len(written) + ANSWER


def counted(answers: Answers, translate: Translator = ENGLISH) -> dict[str, Any]:
    """What the teacher sees: how many are right, how often each answer and each thought was given."""
    given = answers.values()
    wrong = [answer.verdict for answer in given if not answer.verdict.right]
    thoughts: Counter[str] = Counter()
    alike = {_thought(verdict): verdict for verdict in wrong}
    for thought, n in Counter(map(_thought, wrong)).items():
        # once for all who thought the same: translating takes longer than counting
        thoughts[translate(alike[thought].said)] += n
    return {
        "right": len(given) - len(wrong),
        "answers": Counter(answer.text for answer in given).most_common(SHOWN),
        "thoughts": thoughts.most_common(SHOWN),
    }


def _thought(verdict: Verdict) -> tuple[str, ...]:
    return verdict.about, *verdict.parts.values()
