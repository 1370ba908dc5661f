"""The state of a room: who may change it, its messages, and when it expires."""

import pytest

from app.rooms.limits import LIFETIME, MAX_QUERY_LENGTH, UNUSED_LIFETIME
from app.rooms.room import RoomError, new_room
from app.rooms.room_code import CODE_ALPHABET, code_of


def test_only_the_client_with_the_secret_leads_a_room() -> None:
    room, secret = new_room(now=0)

    assert room.is_led_by(secret)
    assert not any(room.is_led_by(other) for other in ("", secret[:-1], secret.upper(), room.lock, room.code))
    assert secret not in repr(room)


def test_a_code_is_short_unambiguous_and_typed_in_any_way() -> None:
    codes = {new_room(0)[0].code for _ in range(200)}

    assert len(codes) > 190
    assert all(len(code) == 5 and set(code) <= set(CODE_ALPHABET) for code in codes)
    code = codes.pop()
    assert code_of(f" {code[:2].lower()} {code[2:]}\n") == code
    assert not {"I", "1", "O", "0"} & set(CODE_ALPHABET)


def test_only_five_letters_are_a_code() -> None:
    assert [code_of(text) for text in ("", "ABCD", "ABCDEF", "ABCDO", "A" * 32_000, "?!", "ABC DE", "ab-cd-e")] == [
        *[""] * 6,
        *["ABCDE"] * 2,
    ]


def test_changes_are_numbered_and_a_question_belongs_to_its_state() -> None:
    room, _ = new_room(now=0)
    shown = room.shows("?num_units=7", now=1)
    asked = shown.asks("h", now=2)
    revealed = asked.reveals("3 × 7", now=3)

    assert [r.number for r in (room, shown, asked, revealed)] == [0, 1, 2, 3]
    assert (asked.asked, revealed.asked) != (None, None)
    assert asked.asked and revealed.asked and asked.asked.number == revealed.asked.number == 2
    assert (asked.asked.shape, revealed.asked.shape) == ("", "3 × 7")
    assert revealed.shows("", now=4).asked is None
    assert revealed.dismisses(now=4).asked is None
    closed = revealed.closes(now=4)
    assert closed.is_over(now=4) and not revealed.is_over(now=4)


def test_a_room_shows_a_lesson_or_a_question_with_its_state() -> None:
    room, _ = new_room(now=0)

    lesson = room.shows("/learn/what-is-num-units?lesson_page=3", now=1)
    assert (lesson.page, lesson.query) == ("/learn/what-is-num-units", "?lesson_page=3")
    assert (room.shows("/questions/depth", now=1).page, room.shows("?t=1", now=1).page) == ("/questions/depth", "")
    for elsewhere in ("//elsewhere/learn/a", "/learn/../rooms", "/learn/a/b", "/quiz?seed=1", "/learn//elsewhere"):
        with pytest.raises(RoomError, match="path"):
            room.shows(elsewhere, now=1)


def test_an_invalid_state_or_a_missing_question_is_an_error() -> None:
    room, _ = new_room(now=0)

    for query in ("num_units=7", "https://elsewhere", "?" + MAX_QUERY_LENGTH * "x"):
        with pytest.raises(RoomError, match="query"):
            room.shows(query, now=1)
    with pytest.raises(RoomError, match="No question is open"):
        room.reveals("", now=1)


def test_a_room_expires_if_its_teacher_changes_nothing() -> None:
    room, _ = new_room(now=100)

    assert not room.is_over(100 + UNUSED_LIFETIME) and room.is_over(101 + UNUSED_LIFETIME)
    room = room.led(now=100)
    assert not room.is_over(100 + LIFETIME) and room.is_over(101 + LIFETIME)
    assert not room.shows("", now=200).is_over(200 + LIFETIME)
    short = new_room(now=100, life=900)[0].led(now=100)
    assert not short.is_over(1000) and short.is_over(1001)
