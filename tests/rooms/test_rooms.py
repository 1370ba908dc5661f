"""A lesson with real messages, with and without WebSockets."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from threading import Event
from typing import Any

import pytest
from app_client import TestClient
from fastapi import FastAPI
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from app.core.work_limits import Budget
from app.main import create_app
from app.rooms import room_connections as connected_members
from app.rooms.judged_answers import judge_answer
from app.rooms.limits import DEFAULT_LIMITS, MAX_MESSAGE_LENGTH, RoomLimits
from app.rooms.memory_store import Memory
from app.rooms.room import Answers, Room, new_room
from app.rooms.room_connections import Connection, Hub, Hubs, TrackRoom
from app.rooms.store import UNAVAILABLE, Store, StoreError
from app.settings import Settings
from app.teaching.quiz.verdict import wrong
from app.translations.languages import translator
from app.web.api import rooms
from app.web.api.rooms import LiveRooms
from app.web.requests_and_responses.routing import ROOM, Routes
from app.web.routes import ROUTES

ORDER = wrong("order").message
ONLY_THE_TEACHER = "Only the teacher who opened the room can lead it"
SEVEN_BY_THREE = [["7", "num_units"], [" × ", ""], ["3", "batch_size"]]
FIVE_BY_THREE = [["5", "num_units"], [" × ", ""], ["3", "batch_size"]]


def rows(counts: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The answers that the teacher sees: whether right, in which colours, from how many, with which diagnosis."""
    return [(row["right"], row["text"], row["students"], row["hint"]) for row in counts["answers"]]


def app_of(store: Store, track: TrackRoom = nullcontext) -> FastAPI:
    """An app with only the routes of rooms."""
    app = FastAPI()
    Routes(route for route in ROUTES if route.kind is ROOM).add_to(app)
    app.state.live_rooms = LiveRooms(Hubs(store, track))
    return app


@pytest.fixture
def limits() -> RoomLimits:
    return DEFAULT_LIMITS


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, limits: RoomLimits) -> Iterator[TestClient]:
    monkeypatch.setattr(connected_members, "POLL_INTERVAL", 0.01)
    app = app_of(Memory(limits))
    with TestClient(app) as client:
        yield client


class Client:
    """A client of a room. The newest message of each kind is stored until it is read, except states, which stay."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self.messages: dict[str, Any] = {}

    def send(self, **message: Any) -> None:
        self.socket.send_json(message)

    def receive(self, kind: str) -> Any:
        while kind not in self.messages:
            self.messages |= self.socket.receive_json()
        return self.messages.pop(kind)

    def wait_for(self, kind: str, condition: Callable[[Any], Any]) -> Any:
        while not (kind in self.messages and condition(self.messages[kind])):
            self.messages |= self.socket.receive_json()
        return self.messages[kind]


@contextmanager
def connect(client: TestClient, path: str) -> Iterator[Client]:
    with client.websocket_connect(path) as socket:
        yield Client(socket)


def test_students_follow_the_teacher_answer_and_see_the_revealed_shape(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code'].lower()}"
    with (
        connect(client, path) as teacher,
        connect(client, path) as ann,
        connect(client, path) as ben,
    ):
        teacher.send(lead=room["secret"])
        assert teacher.receive("leads") is True
        teacher.wait_for("here", lambda here: here["members"] == 2)
        teacher.send(show="?num_units=7")
        teacher.send(ask="h")
        for student in (ann, ben):
            now = student.wait_for("room", lambda room: room["asked"])
            assert now["query"] == "?num_units=7"
            assert (now["asked"]["tensor"], now["asked"]["number"], now["asked"]["shape"]) == ("h", 3, "")
        ann.send(answer="7 x 3")
        wrong = {"number": 3, "text": SEVEN_BY_THREE, "hint": ORDER, "right": False}
        assert ann.receive("verdict") == wrong
        ann.send(answer=" 3 x 7 ")
        ben.send(answer="7 x 3")
        assert ben.receive("verdict")["right"] is False
        both = [(True, [], "1 student", ""), (False, SEVEN_BY_THREE, "1 student", ORDER)]
        teacher.wait_for("counts", lambda counts: rows(counts) == both)
        ben.wait_for("here", lambda here: (here["members"], here["answered"], here["right"]) == (2, 2, None))
        teacher.send(reveal=True)
        ben.wait_for("room", lambda room: room["asked"]["shape"] == "3 × 7 (batch_size × num_units)")
        ben.wait_for("here", lambda here: here["words"]["right"] == "1 of 2 students were right")
        ben.send(answer="3 x 7")
        assert "No question is open" in ben.receive("error")
        teacher.send(show="?num_units=7&tensor=c")
        teacher.wait_for("room", lambda room: "tensor=c" in room["query"] and room["asked"])  # the shape is the same
        teacher.send(dismiss=True)
        ben.wait_for("room", lambda room: room["asked"] is None)


def test_an_answer_comes_back_with_its_member(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with connect(client, path) as teacher:
        teacher.send(lead=room["secret"])
        teacher.send(ask="h")
        with connect(client, f"{path}?member=ann") as ann:
            ann.wait_for("room", lambda room: room["asked"])
            ann.send(answer="5 x 3")
            answered = ann.receive("verdict")
        teacher.send(reveal=True)
        teacher.wait_for("room", lambda room: room["asked"] and room["asked"]["shape"])
        with connect(client, f"{path}?member=ann") as ann, connect(client, f"{path}?member=ben") as ben:
            assert ann.receive("verdict") == answered
            ben.wait_for("here", lambda here: here["members"] == 2)
            assert "verdict" not in ben.messages
        teacher.send(ask="c")
        teacher.wait_for("room", lambda room: room["asked"] and room["asked"]["tensor"] == "c")
        with connect(client, f"{path}?member=ann") as ann:
            ann.wait_for("here", lambda here: here["members"] == 1)
            assert "verdict" not in ann.messages, "that was another question"


def test_a_text_that_is_no_shape_gets_a_verdict_and_is_shown_to_nobody(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as teacher, connect(client, f"/rooms/{room['code']}") as ann:
        teacher.send(lead=room["secret"])
        teacher.send(ask="h")
        ann.wait_for("room", lambda room: room["asked"])
        ann.send(answer="your mother")
        verdict = ann.receive("verdict")
        assert (verdict["text"], verdict["right"]) == ([], False) and "your" in verdict["hint"]
        ann.send(answer="3 x 5")
        teacher.wait_for("counts", lambda counts: [row["n"] for row in counts["answers"]] == [1])


def test_a_lesson_is_shown_with_its_page(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as teacher, connect(client, f"/rooms/{room['code']}") as ann:
        teacher.send(lead=room["secret"])
        teacher.send(show="/learn/what-is-num-units?lesson_page=2")
        shown = ann.wait_for("room", lambda room: room["page"])
        assert (shown["page"], shown["query"]) == ("/learn/what-is-num-units", "?lesson_page=2")


def test_each_member_gets_the_question_in_the_language_of_the_page(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with connect(client, path) as teacher, connect(client, f"{path}?lang=es") as ana, connect(client, path) as ann:
        teacher.send(lead=room["secret"])
        teacher.send(ask="f")
        names = [one.wait_for("room", lambda room: room["asked"])["asked"]["name"] for one in (ann, ana)]
        assert names == ["forget gate", translator("es")("forget gate")] and names[0] != names[1]


def test_an_answer_to_another_question_is_refused(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as teacher, connect(client, f"/rooms/{room['code']}") as ann:
        teacher.send(lead=room["secret"])
        teacher.send(ask="h")
        first = ann.wait_for("room", lambda room: room["asked"])["asked"]["number"]
        teacher.send(ask="c")
        now = ann.wait_for("room", lambda room: room["asked"]["number"] != first)["asked"]["number"]
        ann.send(answer="5 x 3", number=first)
        assert "another one is open" in ann.receive("error")
        ann.send(answer="5 x 3", number=now)
        assert ann.receive("verdict")["number"] == now


def test_a_client_that_joins_late_or_again_gets_the_current_state(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as teacher:
        teacher.send(lead=room["secret"])
        teacher.send(show="?num_units=7")
        teacher.wait_for("room", lambda room: room["number"] == 1)
        with connect(client, f"/rooms/{room['code']}") as late:
            assert late.wait_for("room", bool)["query"] == "?num_units=7"
    with connect(client, f"/rooms/{room['code']}") as again:
        assert again.wait_for("room", bool)["query"] == "?num_units=7"
        again.send(lead=room["secret"])
        assert again.receive("leads") is True


def test_a_returning_member_is_recognized_and_replies_are_in_its_language(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with connect(client, f"{path}?lang=es") as teacher:
        teacher.send(lead=room["secret"])
        teacher.send(ask="h")
        for answer in ("5 x 3", "(5, 3)"):
            with connect(client, f"{path}?member=ann&lang=es") as ann:
                ann.send(answer=answer)
                assert ann.receive("verdict")["hint"] == translator("es")(ORDER)
        one = [(False, FIVE_BY_THREE, "1 estudiante", translator("es")(ORDER))]
        teacher.wait_for("counts", lambda counts: rows(counts) == one)
        with connect(client, f"{path}?lang=es") as ben:
            ben.send(reveal=True)
            assert "Solo el profesor" in ben.receive("error")


def test_closing_a_room_disconnects_everybody(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with connect(client, path) as teacher, connect(client, path) as student:
        teacher.send(lead=room["secret"])
        teacher.send(close=True)
        for socket in (teacher, student):
            socket.wait_for("room", lambda room: room["over"])
            with pytest.raises(WebSocketDisconnect) as caught:
                while True:
                    socket.socket.receive_text()
            assert caught.value.code == 4410
    assert closed_with(client, path) == 4404


def test_a_lesson_works_without_websockets(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path, leads = f"/rooms/{room['code']}", {"Authorization": f"Bearer {room['secret']}"}
    assert client.post(path, json={"show": "?num_units=7"}).json() == [{"error": ONLY_THE_TEACHER}]
    assert client.post(path, json={"show": "?num_units=7"}, headers=leads).json() == []
    assert client.post(path, json={"ask": "h"}, headers=leads).json() == []
    ann = client.post(f"{path}?member=ann", json={"answer": "7 x 3"}).json()
    assert ann == [{"verdict": {"number": 2, "text": SEVEN_BY_THREE, "hint": ORDER, "right": False}}]
    with connect(client, path) as late:
        assert late.wait_for("room", bool)["asked"]["number"] == 2
        late.wait_for("here", lambda here: here["answered"] == 1)
        late.send(lead=room["secret"])
        late.send(close=True)
        late.wait_for("room", lambda room: room["over"])
    for gone in (path, f"{path}/events", "/rooms/ABCDE", "/rooms/ABCDE/events"):
        assert client.post(gone, json={"ask": "h"}).status_code == 404


def test_events_send_the_state_and_every_change_until_the_room_is_closed() -> None:
    entered = Event()

    @contextmanager
    def track(code: str) -> Iterator[None]:
        entered.set()
        yield

    with TestClient(app_of(Memory(), track)) as client:
        check_events(client, entered)


def check_events(client: TestClient, entered: Event) -> None:
    room = client.post("/rooms").json()
    path, leads = f"/rooms/{room['code']}", {"Authorization": f"Bearer {room['secret']}"}
    client.post(path, json={"ask": "h"}, headers=leads)
    client.post(f"{path}?member=ann", json={"answer": "5 x 3"})

    def close() -> None:
        assert entered.wait(20)
        client.post(path, json={"close": True}, headers=leads)

    with ThreadPoolExecutor() as pool:
        closing = pool.submit(close)
        answer = client.post(f"{path}/events?member=bea", headers=leads)  # the test client waits for the whole response
        closing.result()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-accel-buffering"] == "no"
    events = [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]
    assert {"leads": True} in events
    assert [0, 1] in [[event["here"]["members"], event["here"]["answered"]] for event in events if "here" in event]
    assert [event["room"]["over"] for event in events if "room" in event] == [False, True]
    one = [(False, FIVE_BY_THREE, "1 student", ORDER)]
    assert one in [rows(event["counts"]) for event in events if "counts" in event]


@pytest.mark.parametrize("message", [{"show": "?num_units=9"}, {"ask": "h"}, {"reveal": True}, {"dismiss": True}])
@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_student_cannot_lead(client: TestClient, message: dict[str, Any], secret: str) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as student:
        student.send(lead=secret)
        assert student.receive("leads") is False
        student.send(**message)
        assert student.receive("error") == ONLY_THE_TEACHER
    with connect(client, f"/rooms/{room['code']}") as other:
        assert other.wait_for("room", bool)["number"] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"lead": 3}', '{"say": "hello"}', '{"answer": "3 x 5"}'])
def test_an_invalid_message_gets_an_error_and_the_connection_stays_open(client: TestClient, text: str) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as student:
        student.socket.send_text(text)
        assert student.receive("error")
        student.send(lead=room["secret"])
        assert student.receive("leads") is True


def test_the_teacher_gets_an_error_for_a_message_that_is_not_allowed(client: TestClient) -> None:
    room = client.post("/rooms").json()
    with connect(client, f"/rooms/{room['code']}") as teacher:
        teacher.send(lead=room["secret"])
        for message, words in (
            ({"show": "https://elsewhere"}, "query"),
            ({"show": "?num_units=none"}, "num_units must be a whole number"),
            ({"ask": "nothing"}, "no tensor"),
            ({"reveal": True}, "No question is open"),
        ):
            teacher.send(**message)
            assert words in teacher.receive("error")


def closed_with(client: TestClient, path: str, headers: dict[str, str] | None = None, text: str = "") -> int:
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path, headers=headers or {}) as socket:
        if text:
            socket.send_text(text)
        while True:
            socket.receive_text()
    return caught.value.code


def test_unknown_rooms_other_sites_and_oversized_messages_are_rejected(client: TestClient) -> None:
    path = f"/rooms/{client.post('/rooms').json()['code']}"

    assert closed_with(client, "/rooms/ABCDE") == 4404
    for origin in ("https://elsewhere.example", "null", "http://["):
        assert closed_with(client, path, {"Origin": origin}) == 1008
    assert closed_with(client, path, text="x" * (MAX_MESSAGE_LENGTH + 1)) == 1009
    with client.websocket_connect(path, headers={"Origin": "http://testserver"}) as socket:
        assert Client(socket).wait_for("room", bool)
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path) as socket:
        socket.send_bytes(b"{}")
        while True:
            socket.receive_text()
    assert caught.value.code == 1003
    for url in (path, f"{path}/events", "/rooms"):
        assert client.post(url, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.post(path, content="x" * (MAX_MESSAGE_LENGTH + 1)).status_code == 413


@pytest.mark.parametrize("limits", [RoomLimits(members=1)])
def test_a_full_room_accepts_only_its_teacher(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with connect(client, path) as student:
        assert student.wait_for("room", bool)
        with monkeypatch.context() as impatient:  # the others have time to prove that they lead
            impatient.setattr(rooms, "PROOF_TIMEOUT", 0.1)
            assert closed_with(client, path) == 4429
        assert client.post(f"{path}/events").status_code == 409
        assert closed_with(client, path, text='{"lead": "guessed"}') == 4429
        with connect(client, path) as teacher:
            teacher.send(lead=room["secret"])
            assert teacher.receive("leads")
            assert teacher.wait_for("room", bool)
    with connect(client, path) as other:
        assert other.wait_for("room", bool)


def test_invisible_characters_are_removed(client: TestClient) -> None:
    room = client.post("/rooms").json()
    path = f"/rooms/{room['code']}"
    with connect(client, path) as teacher, connect(client, path) as ann:
        teacher.send(lead=room["secret"])
        teacher.send(show="?title=%E2%80%8Desrever&num_units=7")
        assert ann.wait_for("room", lambda room: room["number"] == 2)["query"] == "?title=esrever&num_units=7"
        teacher.send(show="?title=a%20title&data=text&text=a%E2%80%8Db")
        assert ann.wait_for("room", lambda room: room["number"] == 3)["query"].endswith("text=a%E2%80%8Db"), (
            "the text is data"
        )
        teacher.send(ask="h")
        ann.wait_for("room", lambda room: room["asked"])
        ann.send(answer="\u202e3 x\u200b \u2066" + 90 * "\x00" + "5\u2069 \U000e0041")
        assert ann.receive("verdict")["right"]
        teacher.wait_for("counts", lambda counts: [row["right"] for row in counts["answers"]] == [True])


def test_errors_are_in_the_language_of_the_page(client: TestClient) -> None:
    path = f"/rooms/{client.post('/rooms').json()['code']}"
    reasons_by_language = []
    for language in ("en", "es", "zh"):
        none = client.post(f"/rooms/ABCDE?lang={language}")
        other = client.post(f"{path}?lang={language}", headers={"Origin": "https://elsewhere.example"})
        long = client.post(f"{path}?lang={language}", content="x" * (MAX_MESSAGE_LENGTH + 1))
        with (
            pytest.raises(WebSocketDisconnect) as caught,
            client.websocket_connect(f"/rooms/ABCDE?lang={language}") as s,
        ):
            s.receive_text()
        reasons = [answer.json()["detail"] for answer in (none, other, long)]
        assert reasons[0] == caught.value.reason
        assert len(caught.value.reason.encode()) <= 123
        reasons_by_language.append(reasons)
    assert all(len(set(texts)) == 3 for texts in zip(*reasons_by_language, strict=True))


class Unavailable(Memory):
    """A store that is unavailable."""

    async def find(self, code: str, now: float) -> Room | None:
        raise StoreError

    async def save(self, room: Room) -> bool:
        raise StoreError


def test_an_unavailable_store_is_reported_with_retry_after() -> None:
    app = app_of(Unavailable())
    with TestClient(app) as client:
        for path in ("/rooms?lang=es", "/rooms/ABCDE?lang=es", "/rooms/ABCDE/events?lang=es"):
            answer = client.post(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert answer.json()["detail"] == translator("es")(UNAVAILABLE) != UNAVAILABLE
        assert closed_with(client, "/rooms/ABCDE") == 1013


def test_the_app_gives_the_reason_of_an_unavailable_store_as_scripts_read_it() -> None:
    """See ``reasonOf`` in connection.js and request.js."""
    app = create_app(Settings(Budget()))
    app.state.live_rooms = LiveRooms(Hubs(Unavailable()))
    answer = TestClient(app).post("/rooms?lang=en")

    assert (answer.status_code, answer.json()["error"]["message"]) == (503, UNAVAILABLE)


class Slow(Memory):
    """A store that answers a poll when the teacher has asked the next question already."""

    hub: Hub
    next: Room

    async def answers(self, room: Room) -> Answers:
        answers = await super().answers(room)
        self.hub.update(self.next)
        return answers


def test_answers_that_arrive_after_the_next_question_do_not_count_for_it() -> None:
    async def lesson() -> None:
        store, (room, _) = Slow(), new_room(now=time.time())
        room = room.shows("", now=time.time()).asks("h", now=time.time())
        await store.save(room)
        await store.add_answer(room, "ann", judge_answer("", "h", "3 x 5"))
        teacher = Connection("teacher", "en", leads=True)
        hub = Hub(store, room, nullcontext)
        store.hub, store.next = hub, room.asks("c", now=time.time())
        await hub._poll_once()
        hub.send_counts(teacher)
        assert '"answers":[]' in "".join(teacher.outbox.take())

    asyncio.run(lesson())
