"""What a room says of its question: the question, the correct shape, the answers and how many students gave them."""

from typing import Any

from app.rooms.judged_answers import judge_answer
from app.rooms.messages_to_members import MAX_SHOWN, Pieces, attendance_message, counts_message, question_message
from app.rooms.room import Answers, Room, new_room
from app.translations.languages import translator

ENGLISH, SPANISH = translator("en"), translator("es")


def asked(tensor: str = "h", query: str = "") -> Room:
    return new_room(now=0)[0].shows(query, now=1).asks(tensor, now=2)


def answers(room: Room, *texts: str) -> Answers:
    assert room.asked
    return {str(n): judge_answer(room.query, room.asked.tensor, text) for n, text in enumerate(texts)}


def plain(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def message(room: Room) -> dict[str, Any]:
    result = question_message(room, ENGLISH)
    assert result
    return result


def test_a_question_names_the_tensor_its_step_and_the_sizes_but_no_shape() -> None:
    told = message(asked(query="?num_units=7000&t=1&framework=pytorch&num_layers=2"))

    assert told["symbol"] == [("h", ""), ("1", "sub")]
    assert (told["name"], told["step"]) == ("hidden state", 1)
    given = [plain(one) for one in told["given"]]
    assert given == ["LSTM", "PyTorch", "2 layers", "batch_size 3", "time_step 4", "features 2", "num_units 7,000"]
    assert told["given"][-1] == [("num_units 7,000", "num_units")]
    assert (told["shape"], told["arrays"]) == ("", [])
    assert message(asked("kernel"))["step"] is None
    last = message(asked("h_T", query="?framework=pytorch"))
    assert (last["symbol"], last["name"]) == ([("h", ""), ("T", "sub")], "last hidden state")  # ours, not PyTorch's
    assert question_message(new_room(now=0)[0], ENGLISH) is None


def test_a_question_that_only_a_newer_version_knows_is_no_question() -> None:
    assert question_message(asked(tensor="z"), ENGLISH) is None
    later = asked(query="?cell=sltm")
    assert question_message(later, ENGLISH) is None
    assert counts_message(later, answers(asked(), "3 x 5"), ENGLISH)["answers"] == []


def test_the_revealed_shape_has_the_colours_of_its_axes() -> None:
    (h,) = message(asked().reveals("3 × 5", now=3))["arrays"]
    assert h["shape"] == [("3", "batch_size"), (" × ", ""), ("5", "num_units")]
    assert h["axes"] == [("batch_size", "batch_size"), (" × ", ""), ("num_units", "num_units")]
    (concat,) = message(asked("concat").reveals("3 × 7", now=3))["arrays"]
    assert (concat["shape"][-1], plain(concat["axes"])) == (("7", ""), "batch_size × (num_units+features)")
    several = message(asked("kernel", "?framework=pytorch&view=weights").reveals("…", now=3))["arrays"]
    assert [(one["name"], plain(one["shape"])) for one in several] == [
        ("weight_ih_l0", "20 × 2"),
        ("weight_hh_l0", "20 × 5"),
    ]


def test_answers_are_rows_the_most_frequent_first_each_with_its_own_diagnosis() -> None:
    room = asked().reveals("3 × 5", now=3)
    given = answers(room, "3x5", "5 x 3", "B x U", "(3, 5)", "5,3", "3*4*5", "3 x 7")

    rows = counts_message(room, given, ENGLISH)["answers"]

    assert [(row["right"], plain(row["text"]), row["students"]) for row in rows] == [
        (True, "", "3 students"),
        (False, "5 × 3", "2 students"),
        (False, "3 × 4 × 5", "1 student"),
        (False, "3 × 7", "1 student"),
    ]
    assert [plain(one["shape"]) for one in rows[0]["arrays"]] == ["3 × 5"]
    assert rows[1]["text"] == [("5", "num_units"), (" × ", ""), ("3", "batch_size")]
    assert rows[3]["text"][-1] == ("7", ""), "no size is 7"
    hints = {plain(row["text"]): row["hint"] for row in rows}
    assert len(set(hints.values())) == 4 and not hints[""]
    assert hints["5 × 3"] == given["1"].verdict.message
    spanish = counts_message(room, given, SPANISH)["answers"][1]
    assert (spanish["students"], spanish["hint"]) == ("2 estudiantes", SPANISH(given["1"].verdict.message))


def test_many_different_answers_are_only_counted() -> None:
    room = asked()
    counts = counts_message(room, answers(room, *(f"3 x {n}" for n in range(6, 6 + MAX_SHOWN + 4))), ENGLISH)

    assert len(counts["answers"]) == MAX_SHOWN
    assert counts["others"] == "4 other answers"


def test_the_class_learns_how_many_answered_and_after_the_reveal_how_many_were_right() -> None:
    room = asked()
    given = answers(room, "3 x 5", "5 x 3")

    before = attendance_message(room, 28, given, ENGLISH)
    after = attendance_message(room.reveals("3 × 5", now=3), 28, given, ENGLISH)

    assert before["right"] is None
    assert before["words"] == {
        "members": "28 students",
        "answered": "2 of 28 students have answered",
        "silent": "",
        "right": "",
    }
    assert after["right"] == 1
    assert after["words"]["silent"] == "26 students did not answer."
    assert after["words"]["right"] == "1 of 28 students were right"
    left = attendance_message(room, 1, given, ENGLISH)
    assert left["words"]["answered"] == "2 of 2 students have answered", "one of them has left"
    assert attendance_message(room, 1, {}, SPANISH)["words"]["answered"] == "0 de 1 estudiante ha respondido"
