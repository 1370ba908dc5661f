"""A lesson over real messages, by WebSocket and without: a teacher, students, and who is neither."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from app.lessons.quiz.verdict import wrong
from app.rooms import hub
from app.rooms.hub import Hubs
from app.rooms.memory import Memory
from app.rooms.messages import LONGEST_MESSAGE
from app.rooms.room import Room
from app.rooms.store import AWAY, Store, StoreError
from app.translations.languages import translator
from app.web.api import rooms as live
from app.web.api.rooms import Live
from app.web.http.routing import LIVE, Routes
from app.web.routes import ROUTES

ORDER = wrong("order").message


def app_of(store: Store) -> FastAPI:
    """An app with live rooms alone."""
    app = FastAPI()
    Routes(route for route in ROUTES if route.kind is LIVE).add_to(app)
    app.state.live = Live(Hubs(store))
    return app


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(hub, "LOOK_EVERY", 0.01)
    app = app_of(Memory())
    with TestClient(app) as client:
        yield client


class Seat:
    """One side of a conversation. States (of the room, of who is here, of the counts) are remembered, since the newest
    takes the place of those before; answers to what was said are not."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self.heard: dict[str, Any] = {}

    def say(self, **message: Any) -> None:
        self.socket.send_json(message)

    def answer(self, kind: str) -> Any:
        while kind not in self.heard:
            self.heard |= self.socket.receive_json()
        return self.heard.pop(kind)

    def sees(self, kind: str, is_it: Callable[[Any], Any]) -> Any:
        while not (kind in self.heard and is_it(self.heard[kind])):
            self.heard |= self.socket.receive_json()
        return self.heard[kind]


@contextmanager
def seat(client: TestClient, path: str) -> Iterator[Seat]:
    with client.websocket_connect(path) as socket:
        yield Seat(socket)


def test_students_follow_the_teacher_and_answer_and_see_what_is_revealed(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code'].lower()}"
    with (
        seat(client, path) as teacher,
        seat(client, path) as ann,
        seat(client, path) as ben,
    ):
        teacher.say(lead=room["secret"])
        assert teacher.answer("leads") is True
        teacher.sees("here", lambda here: here["members"] == 2)
        teacher.say(show="?num_units=7")
        teacher.say(ask="h")
        for student in (ann, ben):
            now = student.sees("room", lambda room: room["asked"])
            assert now["query"] == "?num_units=7"
            assert now["asked"] == {"tensor": "h", "number": 3, "shape": ""}
        ann.say(answer="7 x 3")
        assert ann.answer("verdict") == {"number": 3, "text": "7 x 3", "said": ORDER, "right": False}
        ann.say(answer=" 3 x 7 ")
        ben.say(answer="7 x 3")
        assert ben.answer("verdict")["right"] is False
        both = {"right": 1, "answers": [["3 x 7", 1], ["7 x 3", 1]], "thoughts": [[ORDER, 1]]}
        teacher.sees("counts", lambda counts: counts == both)
        ben.sees("here", lambda here: here == {"members": 2, "answered": 2})
        teacher.say(reveal=True)
        ben.sees("room", lambda room: room["asked"]["shape"] == "3 × 7 (batch_size × num_units)")
        ben.say(answer="3 x 7")
        assert "nothing is asked" in ben.answer("error")


def test_what_was_typed_for_another_question_is_not_counted_for_this_one(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with seat(client, f"/rooms/{room['code']}") as teacher, seat(client, f"/rooms/{room['code']}") as ann:
        teacher.say(lead=room["secret"])
        teacher.say(ask="h")
        first = ann.sees("room", lambda room: room["asked"])["asked"]["number"]
        teacher.say(ask="c")
        now = ann.sees("room", lambda room: room["asked"]["number"] != first)["asked"]["number"]
        ann.say(answer="5 x 3", number=first)
        assert "something else" in ann.answer("error")
        ann.say(answer="5 x 3", number=now)
        assert ann.answer("verdict")["number"] == now


def test_who_comes_late_or_again_is_where_the_others_are(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with seat(client, f"/rooms/{room['code']}") as teacher:
        teacher.say(lead=room["secret"])
        teacher.say(show="?num_units=7")
        teacher.sees("room", lambda room: room["number"] == 1)
        with seat(client, f"/rooms/{room['code']}") as late:
            assert late.sees("room", bool)["query"] == "?num_units=7"
    with seat(client, f"/rooms/{room['code']}") as again:
        assert again.sees("room", bool)["query"] == "?num_units=7"
        again.say(lead=room["secret"])
        assert again.answer("leads") is True


def test_who_comes_back_by_the_same_name_is_the_same_and_words_are_in_the_language_of_each(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with seat(client, f"{path}?lang=es") as teacher:
        teacher.say(lead=room["secret"])
        teacher.say(ask="h")
        for answer in ("5 x 3", "(5, 3)"):
            with seat(client, f"{path}?member=ann&lang=es") as ann:
                ann.say(answer=answer)
                assert ann.answer("verdict")["said"] == translator("es")(ORDER)
        counts = teacher.sees("counts", lambda counts: counts["answers"] == [["(5, 3)", 1]])
        assert counts["thoughts"] == [[translator("es")(ORDER), 1]]
        with seat(client, f"{path}?lang=es") as ben:
            ben.say(reveal=True)
            assert "quien" in ben.answer("error").lower()


def test_a_room_that_is_closed_sends_everybody_home(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with seat(client, path) as teacher, seat(client, path) as student:
        teacher.say(lead=room["secret"])
        teacher.say(close=True)
        for socket in (teacher, student):
            socket.sees("room", lambda room: room["over"])
            with pytest.raises(WebSocketDisconnect) as caught:
                while True:
                    socket.socket.receive_text()
            assert caught.value.code == 4410
    assert closed_with(client, path) == 4404


def test_without_websockets_it_is_the_same_lesson(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path, leads = f"/rooms/{room['code']}", {"Authorization": f"Bearer {room['secret']}"}
    assert client.post(path, json={"show": "?num_units=7"}).json() == [{"error": "only who opened the room leads it"}]
    assert client.post(path, json={"show": "?num_units=7"}, headers=leads).json() == []
    assert client.post(path, json={"ask": "h"}, headers=leads).json() == []
    ann = client.post(f"{path}?member=ann", json={"answer": "7 x 3"}).json()
    assert ann == [{"verdict": {"number": 2, "text": "7 x 3", "said": ORDER, "right": False}}]
    with seat(client, path) as late:
        assert late.sees("room", bool)["asked"]["number"] == 2
        late.sees("here", lambda here: here["answered"] == 1)
        late.say(lead=room["secret"])
        late.say(close=True)
        late.sees("room", lambda room: room["over"])
    for gone in (path, f"{path}/events", "/rooms/ABCDE", "/rooms/ABCDE/events"):
        assert client.post(gone, json={"ask": "h"}).status_code == 404


def test_events_say_all_there_is_to_know_and_every_change_until_the_room_is_over(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path, leads = f"/rooms/{room['code']}", {"Authorization": f"Bearer {room['secret']}"}
    client.post(path, json={"ask": "h"}, headers=leads)
    client.post(f"{path}?member=ann", json={"answer": "5 x 3"})

    def close() -> None:
        time.sleep(0.3)
        client.post(path, json={"close": True}, headers=leads)

    with ThreadPoolExecutor() as pool:
        closing = pool.submit(close)
        answer = client.post(f"{path}/events?member=bea", headers=leads)  # all of it, as the client waits for the end
        closing.result()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    events = [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]
    assert {"leads": True} in events
    assert {"here": {"members": 0, "answered": 1}} in events
    assert [event["room"]["over"] for event in events if "room" in event] == [False, True]
    assert {"counts": {"right": 0, "answers": [["5 x 3", 1]], "thoughts": [[ORDER, 1]]}} in events


@pytest.mark.parametrize("message", [{"show": "?num_units=9"}, {"ask": "h"}, {"reveal": True}])
@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_student_cannot_drive(client: TestClient, message: dict[str, Any], secret: str) -> None:
    room = client.post("/rooms").json()
    with seat(client, f"/rooms/{room['code']}") as student:
        student.say(lead=secret)
        assert student.answer("leads") is False
        student.say(**message)
        assert student.answer("error") == "only who opened the room leads it"
    with seat(client, f"/rooms/{room['code']}") as other:
        assert other.sees("room", bool)["number"] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"lead": 3}', '{"say": "hello"}', '{"answer": "3 x 5"}'])
def test_what_means_nothing_is_answered_in_words_and_the_visit_goes_on(client: TestClient, text: str) -> None:
    room = client.post("/rooms").json()
    with seat(client, f"/rooms/{room['code']}") as student:
        student.socket.send_text(text)
        assert student.answer("error")
        student.say(lead=room["secret"])
        assert student.answer("leads") is True


def test_what_the_room_does_not_allow_is_said_to_the_teacher(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with seat(client, f"/rooms/{room['code']}") as teacher:
        teacher.say(lead=room["secret"])
        for message, words in (
            ({"show": "https://elsewhere"}, "query"),
            ({"show": "?num_units=none"}, "num_units is a whole number"),
            ({"ask": "nothing"}, "no tensor"),
            ({"reveal": True}, "nothing is asked"),
        ):
            teacher.say(**message)
            assert words in teacher.answer("error")


def closed_with(client: TestClient, path: str, headers: dict[str, str] | None = None, text: str = "") -> int:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path, headers=headers or {}) as socket:
        if text:
            socket.send_text(text)
        while True:
            socket.receive_text()
    return caught.value.code


def test_a_door_that_is_none_another_site_and_too_much_talk_are_closed(client: TestClient) -> None:
    path = f"/rooms/{client.post('/rooms').json()['code']}"

    assert closed_with(client, "/rooms/ABCDE") == 4404
    for origin in ("https://elsewhere.example", "null", "http://["):
        assert closed_with(client, path, {"Origin": origin}) == 1008
    assert closed_with(client, path, text="x" * (LONGEST_MESSAGE + 1)) == 1009
    with client.websocket_connect(path, headers={"Origin": "http://testserver"}) as socket:
        assert Seat(socket).sees("room", bool)
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path) as socket:
        socket.send_bytes(b"{}")
        while True:
            socket.receive_text()
    assert caught.value.code == 1003
    for asked in (path, f"{path}/events", "/rooms"):
        assert client.post(asked, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.post(path, content="x" * (LONGEST_MESSAGE + 1)).status_code == 413


def test_a_full_room_takes_nobody_more_and_lets_who_is_in_go_on(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MEMBERS", 1)
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with seat(client, path) as student:
        assert student.sees("room", bool)
        assert closed_with(client, path) == 4429
        assert client.post(f"{path}/events").status_code == 409
        monkeypatch.setattr(live, "PROOF_TIMEOUT", 0.1)
        assert closed_with(client, path, text='{"lead": "guessed"}') == 4429
        with seat(client, path) as teacher:
            teacher.say(lead=room["secret"])
            assert teacher.answer("leads")
            assert teacher.sees("room", bool)
    with seat(client, path) as other:
        assert other.sees("room", bool)


def test_what_cannot_be_seen_reaches_nobody(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with seat(client, path) as teacher, seat(client, path) as ann:
        teacher.say(lead=room["secret"])
        teacher.say(show="?title=%E2%80%8Desrever&num_units=7")
        assert ann.sees("room", lambda room: room["number"] == 2)["query"] == "?title=esrever&num_units=7"
        teacher.say(show="?title=a%20title&data=text&text=a%E2%80%8Db")
        assert ann.sees("room", lambda room: room["number"] == 3)["query"].endswith("text=a%E2%80%8Db"), "it is data"
        teacher.say(ask="h")
        ann.sees("room", lambda room: room["asked"])
        ann.say(answer="\u202e3 x\u200b \u2066" + 90 * "\x00" + "5\u2069 \U000e0041")
        assert ann.answer("verdict")["text"] == "3 x 5"
        assert teacher.sees("counts", lambda counts: counts["answers"])["answers"] == [["3 x 5", 1]]


def test_refusals_are_said_in_the_language_of_the_page(client: TestClient) -> None:
    path = f"/rooms/{client.post('/rooms').json()['code']}"
    told = []
    for language in ("en", "es", "zh"):
        none = client.post(f"/rooms/ABCDE?lang={language}")
        other = client.post(f"{path}?lang={language}", headers={"Origin": "https://elsewhere.example"})
        long = client.post(f"{path}?lang={language}", content="x" * (LONGEST_MESSAGE + 1))
        with (
            pytest.raises(WebSocketDisconnect) as caught,
            client.websocket_connect(f"/rooms/ABCDE?lang={language}") as s,
        ):
            s.receive_text()
        reasons = [answer.json()["detail"] for answer in (none, other, long)]
        assert reasons[0] == caught.value.reason
        assert len(caught.value.reason.encode()) <= 123
        told.append(reasons)
    assert all(len(set(of_one)) == 3 for of_one in zip(*told, strict=True))


class Away(Memory):
    """A store that cannot be reached."""

    async def find(self, code: str, now: float) -> Room | None:
        raise StoreError

    async def save(self, room: Room) -> bool:
        raise StoreError


def test_a_store_that_is_away_is_said_in_words_and_with_when_to_try_again() -> None:
    app = app_of(Away())
    with TestClient(app) as client:
        for path in ("/rooms?lang=es", "/rooms/ABCDE?lang=es", "/rooms/ABCDE/events?lang=es"):
            answer = client.post(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert answer.json()["detail"] == translator("es")(AWAY) != AWAY
        assert closed_with(client, "/rooms/ABCDE") == 1013
