"""A room by itself: who may change it, what it tells, and when it is over."""

import pytest

from app.lessons.quiz.verdict import RIGHT, wrong
from app.rooms.room import LETTERS, LIFE, LONGEST_QUERY, UNUSED_LIFE, Answer, RoomError, code_of, counted, opened
from app.translations.languages import translator


def test_who_opens_a_room_leads_it_and_nobody_else_does() -> None:
    room, secret = opened(now=0)

    assert room.is_led_by(secret)
    assert not any(room.is_led_by(other) for other in ("", secret[:-1], secret.upper(), room.lock, room.code))
    assert secret not in repr(room)


def test_a_code_is_short_can_be_read_aloud_and_is_typed_in_any_way() -> None:
    codes = {opened(0)[0].code for _ in range(200)}

    assert len(codes) > 190
    assert all(len(code) == 5 and set(code) <= set(LETTERS) for code in codes)
    code = codes.pop()
    assert code_of(f" {code[:2].lower()} {code[2:]}\n") == code
    assert not {"I", "1", "O", "0"} & set(LETTERS)


def test_a_code_is_five_letters_and_nothing_else() -> None:
    assert [code_of(text) for text in ("", "ABCD", "ABCDEF", "ABCDO", "A" * 32_000, "?!", "ABC DE", "ab-cd-e")] == [
        *[""] * 6,
        *["ABCDE"] * 2,
    ]


def test_every_change_counts_and_what_was_asked_belongs_to_its_state() -> None:
    room, _ = opened(now=0)
    shown = room.shows("?num_units=7", now=1)
    asked = shown.asks("h", now=2)
    revealed = asked.reveals("3 × 7", now=3)

    assert [r.number for r in (room, shown, asked, revealed)] == [0, 1, 2, 3]
    assert (asked.asked, revealed.asked) != (None, None)
    assert asked.asked and revealed.asked and asked.asked.number == revealed.asked.number == 2
    assert (asked.asked.shape, revealed.asked.shape) == ("", "3 × 7")
    assert revealed.shows("", now=4).asked is None
    assert revealed.as_message() == {
        "number": 3,
        "query": "?num_units=7",
        "asked": {"tensor": "h", "number": 2, "shape": "3 × 7"},
        "over": False,
    }
    closed = revealed.closes(now=4)
    assert closed.as_message()["over"] and closed.is_over(now=4) and not revealed.is_over(now=4)


def test_what_is_no_state_or_has_no_question_is_refused() -> None:
    room, _ = opened(now=0)

    for query in ("num_units=7", "https://elsewhere", "?" + LONGEST_QUERY * "x"):
        with pytest.raises(RoomError, match="query"):
            room.shows(query, now=1)
    with pytest.raises(RoomError, match="nothing is asked"):
        room.reveals("", now=1)


def test_a_room_is_over_when_its_teacher_has_been_away_long_enough() -> None:
    room, _ = opened(now=100)

    assert not room.is_over(100 + UNUSED_LIFE) and room.is_over(101 + UNUSED_LIFE)
    room = room.led(now=100)
    assert not room.is_over(100 + LIFE) and room.is_over(101 + LIFE)
    assert not room.shows("", now=200).is_over(200 + LIFE)
    short = opened(now=100, life=900)[0].led(now=100)
    assert not short.is_over(1000) and short.is_over(1001)


def test_answers_are_counted_by_what_was_typed_and_by_what_was_thought() -> None:
    right, other = Answer("3 × 5", RIGHT), Answer("3 × 4", wrong("wrong", place="second"))
    answers = {"a": right, "b": other, "c": other, "d": Answer("5 × 3", wrong("order"))}

    assert counted(answers) == {
        "right": 1,
        "answers": [("3 × 4", 2), ("3 × 5", 1), ("5 × 3", 1)],
        "thoughts": [("The second axis is not right yet.", 2), ("These are the right sizes in another order.", 1)],
    }
    translate = translator("es")
    assert counted(answers, translate)["thoughts"] == [
        (translate(a.verdict.message), n) for a, n in ((other, 2), (answers["d"], 1))
    ]
    assert translate(other.verdict.message) != other.verdict.message
    assert counted({}) == {"right": 0, "answers": [], "thoughts": []}
