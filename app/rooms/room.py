"""A room: the teacher's state, which students follow, and their answers to a question about it.

Pure functions of what a room is and who may change it: no sockets, no store, no clock.
"""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from secrets import choice, token_urlsafe
from typing import Any

import orjson

from ..lessons.quiz.verdict import Verdict
from ..query.fields import LONGEST_TEXT
from ..translations.phrases import phrase
from ..translations.translator import ENGLISH, Translator
from .visible_text import visible_title

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The letters of codes: none is mistaken for another when read aloud or from a wall."""

LENGTH = 5
"""Letters of a code, enough for 33 million rooms."""

LONGEST_QUERY = 2 * LONGEST_TEXT
"""Characters of a state: a text of letters, and as much again for all else."""

LONGEST_ANSWER = 200
LONGEST_PART = 30
"""Characters of an answer that its verdict quotes."""

LIFE = 4 * 3600.0
"""Seconds after which a room is over that its teacher has not changed: a morning. Each room has its own."""

UNUSED_LIFE = 600.0
"""The same for a room that nobody has led yet."""

ROOMS = 1000
"""The most rooms. A new one replaces the room that would be over first, see ``first_to_go``."""

OWNED = 50
"""The most rooms of one client."""

MEMBERS = 1000
"""The most members of a room, and the most answers to a question."""

ANSWER = 160
"""Bytes of an answer beside its text and the name of its member, in memory and in Redis."""

ANSWERS = 32_000_000
"""The most bytes of the answers in all rooms."""

ANSWERS_OF_ROOM = 320_000
"""The most bytes of the answers in one room, enough for 1,000 members. All rooms of a client take half of all."""

SHOWN = 100
"""How many different answers, and how many misconceptions, the teacher sees: the most frequent."""


class RoomError(ValueError):
    """What a room does not allow. The message is for people."""


def too_many_answers() -> RoomError:
    return RoomError(phrase("{n:,} have answered already, and no more are counted", n=MEMBERS))


def too_long_answers() -> RoomError:
    return RoomError(phrase("the memory for answers is full; no more answers are counted"))


@dataclass(frozen=True)
class Question:
    """A question: the tensor whose shape is to be predicted, its number in the room, and the shape once it is
    revealed."""

    tensor: str
    number: int
    shape: str = ""


@dataclass(frozen=True)
class Room:
    """``query`` is the state that the teacher shows; ``number`` counts the changes, so that states have an order.
    ``lock`` is the hash of the teacher's secret, which only her browser has. ``touched`` is when she last changed
    something, in seconds; ``owner`` names the client that opened the room. ``life``: see LIFE."""

    code: str
    lock: str
    touched: float
    query: str = ""
    number: int = 0
    asked: Question | None = None
    closed: bool = False
    owner: str = ""
    life: float = LIFE

    def shows(self, query: str, now: float) -> "Room":
        """The teacher shows another state, which ends the present question. Raises RoomError where it is no query."""
        if len(query) > LONGEST_QUERY or (query and not query.startswith("?")):
            raise RoomError(
                phrase(
                    "a state is a query of at most {n:,} characters; it begins with a question mark", n=LONGEST_QUERY
                )
            )
        return self._changed(now, query=visible_title(query), asked=None)

    def asks(self, tensor: str, now: float) -> "Room":
        """The teacher asks for the shape of a tensor of the present state."""
        return self._changed(now, asked=Question(tensor, self.number + 1))

    def reveals(self, shape: str, now: float) -> "Room":
        """The shape is shown from now on. Raises RoomError where there is no question."""
        if not self.asked:
            raise RoomError(phrase("nothing is asked, so there is nothing to reveal"))
        return self._changed(now, asked=replace(self.asked, shape=shape))

    def led(self, now: float) -> "Room":
        """The teacher leads the room from now on."""
        return self._changed(now)

    def closes(self, now: float) -> "Room":
        """The lesson is over."""
        return self._changed(now, closed=True)

    def _changed(self, now: float, **changes: Any) -> "Room":
        return replace(self, number=self.number + 1, touched=now, **changes)

    def is_led_by(self, secret: str) -> bool:
        """Whether a secret is the teacher's."""
        return hmac.compare_digest(self.lock, hash_of(secret))

    @property
    def stored_for(self) -> float:
        """Seconds from the last change to the end. A closed room is stored as long as an unused one, so that everybody
        learns that it is closed."""
        return self.life if self.number and not self.closed else UNUSED_LIFE

    @property
    def ends(self) -> float:
        """When it is deleted, in seconds."""
        return self.touched + self.stored_for

    def is_over(self, now: float) -> bool:
        return self.closed or now > self.ends

    def as_message(self) -> dict[str, Any]:
        """The whole public state, so that one message is enough for who comes late."""
        return {
            "number": self.number,
            "query": self.query,
            "asked": self.asked and asdict(self.asked),
            "over": self.closed,
        }


def opened(now: float, owner: str = "", life: float = LIFE) -> tuple[Room, str]:
    """A new room, and the secret of its teacher."""
    secret, code = token_urlsafe(24), "".join(choice(LETTERS) for _ in range(LENGTH))
    return Room(code, hash_of(secret), now, owner=owner, life=life), secret


def first_to_go(rooms: Iterable[Room], now: float) -> Room | None:
    """The room that a new one may replace: the first to be over. None where all are in use: a room in use has been led
    and does not end soon."""
    first = min(rooms, key=lambda room: room.ends, default=None)
    return first if first and first.ends <= now + UNUSED_LIFE else None


def hash_of(secret: str) -> str:
    """The hash of a secret."""
    return sha256(secret.encode()).hexdigest()


def code_of(text: str) -> str:
    """The code in a typed text, which may have small letters, spaces and hyphens; empty where there is none."""
    if len(text) > 4 * LENGTH:
        return ""
    code = "".join(character for character in text.upper() if character in LETTERS)
    return code if len(code) == LENGTH else ""


# answers


@dataclass(frozen=True)
class Answer:
    """A typed answer, normalized, and the verdict on it, in any language."""

    text: str
    verdict: Verdict

    @classmethod
    def typed(cls, text: str, verdict: Verdict) -> "Answer":
        """The answer that is stored: shortened, and on one line."""
        parts = {name: part[:LONGEST_PART] for name, part in verdict.parts.items()}
        return cls(" ".join(text.split())[:LONGEST_ANSWER], replace(verdict, parts=parts))

    def written(self) -> bytes:
        """Serialized for a store. A copy: the result of orjson holds a kilobyte or more."""
        verdict = self.verdict
        about = self.text, verdict.right, verdict.about, verdict.parts, verdict.read, verdict.names
        return bytes(memoryview(orjson.dumps(about)))

    @classmethod
    def read(cls, written: bytes | str) -> "Answer":
        text, *verdict = orjson.loads(written)
        return cls(text, Verdict(*verdict))


Answers = Mapping[str, Answer]
"""By member: a later answer replaces the one before."""


def size_of(member: bytes, written: bytes) -> int:
    """The bytes that an answer takes."""
    return len(member) + len(written) + ANSWER


def counted(answers: Answers, translate: Translator = ENGLISH) -> dict[str, Any]:
    """What the teacher sees: the number of right answers, and the most frequent answers and misconceptions."""
    given = answers.values()
    wrong = [answer.verdict for answer in given if not answer.verdict.right]
    thoughts: Counter[str] = Counter()
    alike = {_thought(verdict): verdict for verdict in wrong}
    for thought, n in Counter(map(_thought, wrong)).items():
        # translated once for each misconception: translating takes longer than counting
        thoughts[translate(alike[thought].message)] += n
    return {
        "right": len(given) - len(wrong),
        "answers": Counter(answer.text for answer in given).most_common(SHOWN),
        "thoughts": thoughts.most_common(SHOWN),
    }


def _thought(verdict: Verdict) -> tuple[str, ...]:
    return verdict.about, *verdict.parts.values()
