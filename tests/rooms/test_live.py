"""A lesson over real WebSocket messages: a teacher, students, and who is neither."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from app.rooms import live
from app.rooms.live import ELSEWHERE, LONGEST, TOO_LONG, UNKNOWN, rooms
from app.rooms.memory import Memory
from app.rooms.room import Answer, RoomError


def judge(query: str, tensor: str, text: str) -> Answer:
    """Of a lesson in which every shape is 3 × 5."""
    if tensor not in ("h", "c"):
        raise RoomError(f"there is no tensor {tensor}")
    return Answer(text.strip(), "right" if text.strip() == "3 x 5" else "order", text.strip() == "3 x 5")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(live, "COUNT_EVERY", 0.01)
    app = FastAPI()
    app.include_router(rooms(Memory(), judge))
    with TestClient(app) as client:
        yield client


def said(socket: WebSocketTestSession, name: str) -> Any:
    """The next message of a kind."""
    while name not in (message := socket.receive_json()):
        pass
    return message[name]


def test_students_follow_the_teacher_and_answer_and_see_what_is_revealed(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code'].lower()}"
    with (
        client.websocket_connect(path) as teacher,
        client.websocket_connect(path) as ann,
        client.websocket_connect(path) as ben,
    ):
        teacher.send_json({"lead": room["secret"]})
        assert said(teacher, "leads") is True
        while said(teacher, "members") < 3:
            pass
        teacher.send_json({"show": "?num_units=7"})
        teacher.send_json({"ask": "h"})
        for student in (ann, ben):
            while (now := said(student, "room"))["asked"] is None:
                pass
            assert now["query"] == "?num_units=7"
            assert now["asked"] == {"tensor": "h", "number": 2, "revealed": False}
        ann.send_json({"answer": "5 x 3"})
        assert said(ann, "verdict") == {"text": "5 x 3", "about": "order", "right": False}
        ann.send_json({"answer": " 3 x 5 "})
        ben.send_json({"answer": "5 x 3"})
        assert said(ben, "verdict")["right"] is False
        while (counts := said(teacher, "counts"))["answered"] < 2 or not counts["right"]:
            pass
        assert counts["right"] == 1 and counts["thoughts"] == [["order", 1]]
        teacher.send_json({"reveal": True})
        while not said(ben, "room")["asked"]["revealed"]:
            pass
        ben.send_json({"answer": "3 x 5"})
        assert "nothing is asked" in said(ben, "error")


def test_who_comes_late_or_again_is_where_the_others_are(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with client.websocket_connect(f"/rooms/{room['code']}") as teacher:
        teacher.send_json({"lead": room["secret"]})
        teacher.send_json({"show": "?num_units=7"})
        while said(teacher, "room")["number"] < 1:
            pass
        with client.websocket_connect(f"/rooms/{room['code']}") as late:
            assert said(late, "room")["query"] == "?num_units=7"
    with client.websocket_connect(f"/rooms/{room['code']}") as again:
        assert said(again, "room")["query"] == "?num_units=7"
        again.send_json({"lead": room["secret"]})
        assert said(again, "leads") is True


@pytest.mark.parametrize("message", [{"show": "?num_units=9"}, {"ask": "h"}, {"reveal": True}])
@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_student_cannot_drive(client: TestClient, message: dict[str, Any], secret: str) -> None:
    room = client.post("/rooms").json()
    with client.websocket_connect(f"/rooms/{room['code']}") as student:
        student.send_json({"lead": secret})
        assert said(student, "leads") is False
        student.send_json(message)
        assert said(student, "error") == "only who opened the room leads it"
    with client.websocket_connect(f"/rooms/{room['code']}") as other:
        assert said(other, "room")["number"] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"lead": 3}', '{"say": "hello"}', '{"answer": "3 x 5"}'])
def test_what_means_nothing_is_answered_in_words_and_the_visit_goes_on(client: TestClient, text: str) -> None:
    room = client.post("/rooms").json()
    with client.websocket_connect(f"/rooms/{room['code']}") as student:
        student.send_text(text)
        assert said(student, "error")
        student.send_json({"lead": room["secret"]})
        assert said(student, "leads") is True


def test_what_the_room_does_not_allow_is_said_to_the_teacher(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with client.websocket_connect(f"/rooms/{room['code']}") as teacher:
        teacher.send_json({"lead": room["secret"]})
        for message, words in (
            ({"show": "https://elsewhere"}, "query"),
            ({"ask": "nothing"}, "no tensor"),
            ({"reveal": True}, "nothing is asked"),
        ):
            teacher.send_json(message)
            assert words in said(teacher, "error")


def closed_with(client: TestClient, path: str, headers: dict[str, str] | None = None, text: str = "") -> int:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path, headers=headers or {}) as socket:
        if text:
            socket.send_text(text)
        while True:
            socket.receive_text()
    return caught.value.code


def test_a_door_that_is_none_another_site_and_too_much_talk_are_closed(client: TestClient) -> None:
    path = f"/rooms/{client.post('/rooms').json()['code']}"

    assert closed_with(client, "/rooms/ABCDE") == UNKNOWN
    assert closed_with(client, path, {"Origin": "https://elsewhere.example"}) == ELSEWHERE
    assert closed_with(client, path, text="x" * (LONGEST + 1)) == TOO_LONG
    with client.websocket_connect(path, headers={"Origin": "http://testserver"}) as socket:
        assert said(socket, "room")
