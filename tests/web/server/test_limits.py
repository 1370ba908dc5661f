"""What is refused before anything is read of it: addresses and bodies that are too long, tries that are too many."""

import re
from asyncio import Future, gather, run, sleep
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import islice, product
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from counting_runner import CountingRunner
from page_text import words
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app.core.budget import Budget
from app.main import create_app
from app.query.fields import LONGEST_TEXT
from app.rooms.memory import Memory
from app.rooms.rate_limit import RATE
from app.rooms.room import LETTERS
from app.settings import Settings
from app.web.errors import http_error
from app.web.http.routing import Routes
from app.web.routes import ROUTES
from app.web.server import limits
from app.web.server.held_bytes import HELD, MOST, SHARE
from app.web.server.limits import LONGEST_ADDRESS, MOST_BODY, OPENED, SAID, TRIED
from app.web.server.refusals import later

BROWSER = {"Accept": "text/html"}


SCOPE = {
    **{"type": "http", "http_version": "1.1", "scheme": "http", "method": "GET", "path": "/", "raw_path": b"/"},
    **{"query_string": b"", "client": ("192.0.2.1", 1), "server": ("x", 80), "headers": [(b"host", b"x")]},
}


async def sent(app: ASGIApp, *received: Message, **changes: object) -> list[Message]:
    """What an app sends in response to a request. It receives these messages, and waits for any further one."""
    messages, coming = list[Message](), iter(received)

    async def receive() -> Message:
        return next(coming, None) or await Future[Message]()

    async def send(message: Message) -> None:
        messages.append(message)

    await app({**SCOPE, **changes}, receive, send)
    return messages


def test_an_address_that_is_too_long_is_refused_in_words(client: TestClient, runner: CountingRunner) -> None:
    long = f"/?title={'x' * LONGEST_ADDRESS}"
    program, page = client.get(long), client.get(long, headers=BROWSER)

    assert (program.status_code, page.status_code) == (414, 414)
    assert program.json()["error"]["message"].startswith("this address is too long")
    assert "this address is too long" in words(page.text)
    assert len(program.content) < 1000 and "xxxx" not in page.text
    assert runner.asked == 0


def test_the_proxy_lets_the_longest_address_pass() -> None:
    configuration = Path(__file__).parents[3].joinpath("deploy/nginx.conf").read_text()
    (kilobytes,) = re.findall(r"large_client_header_buffers \d+ (\d+)k;", configuration)

    assert 12 * LONGEST_TEXT < LONGEST_ADDRESS == 1024 * int(kilobytes)


def test_a_path_that_is_too_long_is_not_said_again(client: TestClient) -> None:
    for length in (1000, LONGEST_ADDRESS + 1):
        answer = client.get("/" + "x" * length)
        assert answer.status_code == (404 if length == 1000 else 414)
        assert len(answer.content) < 1000


@pytest.mark.parametrize("character", ["€", "\N{GRINNING FACE}", "a"])
def test_the_longest_text_fits_into_an_address(client: TestClient, character: str) -> None:
    answer = client.get("/trace.json", params={"data": "text", "text": character * LONGEST_TEXT})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/trace.json", "/rooms", "/nothing"])
def test_a_large_body_is_refused_and_the_connection_closed(client: TestClient, path: str) -> None:
    answer = client.post(path, content=bytes(MOST_BODY + 1))

    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    assert "so much cannot be sent here" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "body", [bytes(MOST_BODY + 1), (bytes(9) for _ in range(9))], ids=["long", "of unknown length"]
)
def test_a_body_is_refused_where_the_response_is_cached_too(body: Any) -> None:
    client = TestClient(create_app(Settings(Budget())))
    assert client.get("/trace.json").status_code == client.get("/trace.json").status_code == 200

    refused = client.request("GET", "/trace.json", content=body)
    assert refused.status_code in (411, 413)
    assert "content-security-policy" in refused.headers


def test_a_client_that_reads_too_little_is_refused_and_no_other_one() -> None:
    app = create_app(Settings(Budget()))
    slow, other = (TestClient(app, client=(address, 5000)) for address in ("192.0.2.1", "192.0.2.2"))
    with HELD.holding("192.0.2.1", SHARE + 1):
        refused = slow.get("/", headers=BROWSER)
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert slow.get("/healthz").status_code == other.get("/?num_units=7").status_code == 200

    assert slow.get("/?num_units=7").status_code == 200


def test_a_client_that_is_refused_again_and_again_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(limits, "sleep", noted)
    monkeypatch.setattr(limits, "REFUSED_RATE", 0.001)
    app = create_app(Settings(Budget()))
    greedy, other = (TestClient(app, client=(address, 5000)) for address in ("192.0.2.1", "192.0.2.2"))
    with HELD.holding("", MOST + 1):
        assert {greedy.get("/trace.json").status_code for _ in range(limits.REFUSED + 3)} == {503}
        assert other.get("/trace.json").status_code == 503
    assert sum(waits) == pytest.approx(1000 + 2000, abs=20), "the rate of the debt, after as many as are told at once"
    assert max(waits) <= limits.LOOK


def test_a_refusal_is_not_delayed_for_a_client_that_has_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(limits, "sleep", noted)
    monkeypatch.setattr(limits, "REFUSED", 1)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise later(503, 1)

    async def is_delayed(*received: Message) -> bool:
        """Whether repeated refusals are delayed for a client from which these messages are received."""
        limited = limits.Limits(app, Routes(ROUTES), http_error, for_clients=True)
        waits.clear()
        for _ in range(5):
            await sent(limited, *received)
        return bool(waits)

    assert run(is_delayed())
    assert not run(is_delayed({"type": "http.disconnect"}))


def test_past_the_memory_of_the_process_everything_but_probes_is_refused() -> None:
    client = TestClient(create_app(Settings(Budget())), client=("192.0.2.2", 5000))
    with HELD.holding("", MOST + 1):
        assert {client.get(path).status_code for path in ("/", "/trace.json", "/static/x/css/base.css")} == {503}
        assert client.get("/healthz").status_code == 200

    assert client.get("/trace.json").status_code == 200


def test_what_is_refused_is_told_in_the_language_of_the_address() -> None:
    client = TestClient(create_app(Settings(Budget())), client=("192.0.2.2", 5000))
    with HELD.holding("", MOST + 1):
        refused = client.get("/?lang=es&theme=dark", headers=BROWSER)

    assert refused.status_code == 503
    assert "esperan tantas preguntas" in words(refused.text)


def test_a_query_of_more_fields_than_there_are_is_refused_before_it_is_read(client: TestClient) -> None:
    many = "&".join(f"utm_{n}=mail" for n in range(limits.MOST_FIELDS + 1))

    for path, headers in (("/", BROWSER), ("/trace.json", {}), ("/nothing", BROWSER)):
        refused = client.get(f"{path}?{many}", headers=headers)
        assert (refused.status_code, refused.headers["connection"]) == (400, "close")
        assert "a query has at most 100 fields" in words(refused.text)
    assert client.get(f"/?{many.partition('&')[2]}").status_code == 200


Begun = list[tuple[str, str]]


async def begun(*asked: tuple[str, str]) -> Begun:
    """Client and query of each request, in the order in which the app gets them."""
    order: Begun = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        order.append((scope["client"][0], scope["query_string"][:1].decode()))
        await sleep(0)

    limited = limits.Limits(app, Routes(ROUTES), http_error, for_clients=True)
    await gather(*(sent(limited, client=(client, 1), query_string=query.encode()) for client, query in asked))
    return order


def test_long_queries_are_read_in_turns_and_short_ones_at_once() -> None:
    long = "x" * (limits.SLOW_QUERY + 1)
    many = [("192.0.2.1", long)] * 50
    order = run(begun(*many, ("192.0.2.2", f"y{long}"), ("192.0.2.3", "z")))

    assert len(order) == 52
    assert order.index(("192.0.2.3", "z")) <= 1 and order.index(("192.0.2.2", "y")) <= 3


@pytest.mark.parametrize(("kind", "first"), [("http", "http.request"), ("websocket", "websocket.connect")])
def test_of_a_long_query_about_a_room_the_app_reads_all_that_is_said(kind: str, first: str) -> None:
    heard: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])

    query = b"member=" + b"x" * limits.SLOW_QUERY
    limited = limits.Limits(app, Routes(ROUTES), http_error, for_clients=True)
    run(sent(limited, {"type": first}, type=kind, path="/rooms/ABCDE", method="POST", query_string=query))
    assert heard == [first]


def test_a_lecture_hall_behind_one_address_opens_a_long_link_at_once() -> None:
    hall = [("192.0.2.1", "x" * (limits.SLOW_QUERY + 1))] * limits.UNDER_WAY
    assert run(begun(*hall)) == [("192.0.2.1", "x")] * limits.UNDER_WAY


def test_a_client_that_disconnects_within_its_message_causes_no_fault() -> None:
    said = {"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}
    start, *_ = run(sent(create_app(Settings(Budget())), *said, method="POST", path="/rooms/ABCDE"))
    assert start["status"] == 499


def test_one_client_has_only_so_many_requests_under_way_but_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNDER_WAY", 5)
    free = Event()

    def answer(self: CountingRunner, view: Any) -> Any:
        assert free.wait(30)
        return None, "refused"

    monkeypatch.setattr(CountingRunner, "answer", answer)
    app = create_app(Settings(Budget(), client_share=50, response_cache=0))
    app.state.runner = CountingRunner(Budget())
    mine, other = (TestClient(app, client=(f"192.0.2.{n}", 5000)) for n in (1, 2))
    with mine, ThreadPoolExecutor(6) as pool:
        waiting = [pool.submit(mine.get, f"/trace.json?seed={n}") for n in range(6)]
        refused = next(as_completed(waiting)).result()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert mine.get("/healthz").status_code == mine.get("/static/x/css/base.css").status_code == 200
        assert mine.get("/diagram.json").status_code == 429
        assert other.get("/diagram.json").status_code == 200
        free.set()
        assert sorted(one.result().status_code for one in waiting) == [200] * 5 + [429]
    assert mine.get("/diagram.json").status_code == 200


def test_who_is_refused_again_and_again_and_holds_too_much_loses_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "REFUSED", 1)
    monkeypatch.setattr(limits, "REFUSED_RATE", 0.001)
    greedy = TestClient(create_app(Settings(Budget())), client=("192.0.2.1", 5000))
    with HELD.holding("192.0.2.1", SHARE + 1):
        refused = [greedy.get("/trace.json") for _ in range(3)]

    assert [one.status_code for one in refused] == [503, 503, 503]
    assert [one.headers.get("connection") for one in refused] == [None, None, "close"]


def test_a_body_of_unknown_length_is_refused(client: TestClient) -> None:
    answer = client.post("/rooms", content=(bytes(9) for _ in range(9)))

    assert (answer.status_code, answer.headers["connection"]) == (411, "close")


@pytest.mark.parametrize("length", ["x", "-1", "1" * 5000])
def test_a_strange_length_is_refused(client: TestClient, length: str) -> None:
    assert client.post("/rooms", headers={"Content-Length": length}).status_code == 413


def classroom(share: int = 50) -> TestClient:
    return TestClient(create_app(Settings(Budget(), client_share=share)))


def statuses(client: TestClient, n: int) -> list[int]:
    return [client.post("/rooms").status_code for _ in range(n)]


def test_one_client_opens_many_rooms_but_not_any_number() -> None:
    client = classroom()

    assert statuses(client, OPENED) == [200] * OPENED
    refused = [client.post("/rooms") for _ in range(9)][-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert "others wait" in refused.json()["error"]["message"]
    assert client.get("/").status_code == 200


def test_an_operator_may_do_without_limits_for_clients() -> None:
    assert 429 not in statuses(classroom(share=0), OPENED + 9)


def enter(client: TestClient, code: str) -> int:
    """How an attempt to get into a room ends: the code with which the socket was closed, or 0 where one is let in."""
    try:
        with client.websocket_connect(f"/rooms/{code}") as socket:
            socket.receive_json()
    except WebSocketDisconnect as end:
        return end.code
    return 0


def test_codes_cannot_be_guessed_one_after_the_other() -> None:
    client = classroom()
    room: dict[str, Any] = client.post("/rooms").json()
    codes = ["".join(letters) for letters in islice(product(LETTERS, repeat=5), TRIED + 9)]
    ends = [enter(client, code) for code in codes]

    assert ends[: TRIED - 1] == [4404] * (TRIED - 1)
    assert ends[-1] == 1008
    assert enter(client, room["code"]) == 1008, "nor with a good one meanwhile"


def test_a_class_behind_one_address_gets_in() -> None:
    client = classroom()
    room: dict[str, Any] = client.post("/rooms").json()

    assert {enter(client, room["code"]) for _ in range(300)} == {0}


def test_a_class_that_comes_back_to_a_room_that_is_gone_can_enter_another() -> None:
    client = classroom()

    assert {enter(client, "AAAAA") for _ in range(3 * TRIED)} == {4404}
    assert enter(client, client.post("/rooms").json()["code"]) == 0


def test_codes_that_are_tried_at_once_are_not_more_than_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """They wait for the store while more of them come."""
    monkeypatch.setattr(limits, "TRIED", 10)
    monkeypatch.setattr(limits, "TRIED_RATE", 0.001)
    at_once = 40

    async def find(self: Memory, code: str, now: float) -> None:
        await sleep(0.5)  # so that all have come before one of them is answered

    monkeypatch.setattr(Memory, "find", find)
    codes = ["".join(letters) for letters in islice(product(LETTERS, repeat=5), at_once)]
    with classroom() as client, ThreadPoolExecutor(at_once) as pool:
        tried = list(pool.map(lambda code: client.post(f"/rooms/{code}").status_code, codes))
    assert (tried.count(404), tried.count(429)) == (11, at_once - 11)


def test_a_class_that_enters_at_once_counts_as_no_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TRIED", 1)
    monkeypatch.setattr(limits, "TRIED_RATE", 0.001)
    client = classroom()
    codes = [client.post("/rooms").json()["code"] for _ in range(5)]

    with ExitStack() as sockets:
        for code in codes * 5:
            sockets.enter_context(client.websocket_connect(f"/rooms/{code}")).receive_json()
    assert {enter(client, code) for code in codes} == {0}


def test_one_client_holds_many_sockets_but_not_any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.UNDER_WAY >= 600, "a class of 300, each with two windows"
    monkeypatch.setattr(limits, "UNDER_WAY", 5)
    client = classroom()
    code = client.post("/rooms").json()["code"]

    with ExitStack() as sockets:
        for _ in range(5):
            sockets.enter_context(client.websocket_connect(f"/rooms/{code}")).receive_json()
        assert enter(client, code) == 1008
        assert client.post("/rooms").status_code == 429
    assert enter(client, code) == 0


@pytest.mark.parametrize("code", ["A" * 32_000, "ABCDEF", "ABCD", "AB*DE", "é" * 5, "-", "%20"])
def test_what_is_no_code_is_refused_briefly_wherever_one_is_taken(client: TestClient, code: str) -> None:
    assert client.get(f"/room/{code}", headers=BROWSER).status_code == 404
    assert client.get("/join", params={"code": code.replace("%20", "&")}, headers=BROWSER).status_code == 404
    for path in (f"/room/{code}", f"/join?code={code.replace('%20', '&')}x"):
        answer = client.get(path, headers=BROWSER, follow_redirects=False)
        assert len(answer.content) < 10_000
        assert len(answer.headers.get("Location", "")) < 100
    for path in (f"/rooms/{code}", f"/rooms/{code}/events"):
        assert client.post(path).status_code == 404
    assert enter(client, code) == 4404


def test_a_code_that_is_none_is_explained(client: TestClient) -> None:
    page = client.get("/join?code=ABC", headers=BROWSER | {"Accept-Language": "es"})

    assert "tiene 5 letras" in words(page.text)


def test_who_speaks_without_a_socket_does_so_no_faster_than_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SAID > 300 and RATE >= RATE, "all answer at once, and a teacher drags a slider"
    monkeypatch.setattr(limits, "SAID", 5)
    monkeypatch.setattr(limits, "RATE", 0.001)
    client = classroom()
    path = f"/rooms/{client.post('/rooms').json()['code']}"
    answered = [client.post(path, json={"answer": "3"}).status_code for _ in range(9)]

    assert answered == [200] * 6 + [429] * 3


def test_a_client_that_says_it_is_another_is_not_believed() -> None:
    """Who can be believed, the server knows that speaks HTTP; the app looks at no header."""
    client = classroom()
    refused = [client.post("/rooms", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(OPENED + 9)]

    assert refused[-1].status_code == 429
