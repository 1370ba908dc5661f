"""Limits: URLs and bodies that are too long, and too many requests."""

import re
from asyncio import Future, gather, run, sleep
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import islice, product
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from page_text import words
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from app.core.work_limits import Budget
from app.main import create_app
from app.rooms.limits import CODES_TRIED, MESSAGE_RATE, MESSAGES, ROOMS_OPENED
from app.rooms.memory_store import Memory
from app.rooms.room_code import CODE_ALPHABET
from app.settings import Settings
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.web import limits_and_timeouts as limits
from app.web.error_responses import http_error
from app.web.limits_and_timeouts import (
    CONCURRENT_REQUESTS,
    LONGEST_ADDRESS,
    MOST_BODY,
    MOST_HELD,
    REJECTIONS,
    RESPONSES_SHARE,
)
from app.web.requests_and_responses.memory_budget import HELD
from app.web.requests_and_responses.refusals import later
from app.web.requests_and_responses.routing import Routes
from app.web.routes import ROUTES
from app.web.server import rejected_requests

BROWSER = {"Accept": "text/html"}


SCOPE = {
    **{"type": "http", "http_version": "1.1", "scheme": "http", "method": "GET", "path": "/", "raw_path": b"/"},
    **{"query_string": b"", "client": ("192.0.2.1", 1), "server": ("x", 80), "headers": [(b"host", b"x")]},
}


async def sent(app: ASGIApp, *received: Message, **changes: object) -> list[Message]:
    """The messages of an app's response to a request. The app receives these messages, and waits for further ones."""
    messages, coming = list[Message](), iter(received)

    async def receive() -> Message:
        return next(coming, None) or await Future[Message]()

    async def send(message: Message) -> None:
        messages.append(message)

    await app({**SCOPE, **changes}, receive, send)
    return messages


def test_a_url_that_is_too_long_is_rejected_with_a_message(client: TestClient, runner: CountingRunner) -> None:
    long = f"/?title={'x' * LONGEST_ADDRESS}"
    program, page = client.get(long), client.get(long, headers=BROWSER)

    assert (program.status_code, page.status_code) == (414, 414)
    assert program.json()["error"]["message"].startswith("This link is too long")
    assert "This link is too long" in words(page.text)
    assert len(program.content) < 1000 and "xxxx" not in page.text
    assert runner.jobs == 0


def test_the_proxy_accepts_the_longest_url() -> None:
    configuration = Path(__file__).parents[3].joinpath("deploy/nginx.conf").read_text()
    (kilobytes,) = re.findall(r"large_client_header_buffers \d+ (\d+)k;", configuration)

    assert 12 * MAX_TEXT_LENGTH < LONGEST_ADDRESS == 1024 * int(kilobytes)


def test_the_proxy_accepts_the_largest_body() -> None:
    configuration = Path(__file__).parents[3].joinpath("deploy/nginx.conf").read_text()
    (kilobytes,) = re.findall(r"client_max_body_size (\d+)k;", configuration)

    assert max(form.most for form in Routes(ROUTES).forms.values()) <= 1024 * int(kilobytes)


def test_a_long_path_is_not_repeated_in_the_error(client: TestClient) -> None:
    for length in (1000, LONGEST_ADDRESS + 1):
        response = client.get("/" + "x" * length)
        assert response.status_code == (404 if length == 1000 else 414)
        assert len(response.content) < 1000


@pytest.mark.parametrize("character", ["€", "\N{GRINNING FACE}", "a"])
def test_the_longest_text_fits_into_a_url(client: TestClient, character: str) -> None:
    response = client.get("/trace.json", params={"data": "text", "text": character * MAX_TEXT_LENGTH})

    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/", "/trace.json", "/rooms", "/nothing"])
def test_a_large_body_is_rejected_and_the_connection_closed(client: TestClient, path: str) -> None:
    response = client.post(path, content=bytes(MOST_BODY + 1))

    assert response.status_code == 413
    assert response.headers["connection"] == "close"
    assert f"at most {MOST_BODY:,} bytes" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "body", [bytes(MOST_BODY + 1), (bytes(9) for _ in range(9))], ids=["long", "of unknown length"]
)
def test_a_large_body_is_rejected_even_if_the_response_is_cached(body: Any) -> None:
    client = TestClient(create_app(Settings(Budget())))
    assert client.get("/trace.json").status_code == client.get("/trace.json").status_code == 200

    refused = client.request("GET", "/trace.json", content=body)
    assert refused.status_code in (411, 413)
    assert "content-security-policy" in refused.headers


def test_a_client_that_reads_too_slowly_is_rejected_and_no_other() -> None:
    app = create_app(Settings(Budget()))
    slow, other = (TestClient(app, client=(address, 5000)) for address in ("192.0.2.1", "192.0.2.2"))
    with HELD.holding("192.0.2.1", RESPONSES_SHARE + 1):
        refused = slow.get("/", headers=BROWSER)
        assert refused.status_code == 503 and int(refused.headers["retry-after"]) >= 1
        assert slow.get("/healthz").status_code == other.get("/?num_units=7").status_code == 200

    assert slow.get("/?num_units=7").status_code == 200


def test_repeated_rejections_are_delayed(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(rejected_requests, "sleep", noted)
    monkeypatch.setattr(rejected_requests, "REJECTIONS_RATE", 0.001)
    app = create_app(Settings(Budget()))
    greedy, other = (TestClient(app, client=(address, 5000)) for address in ("192.0.2.1", "192.0.2.2"))
    with HELD.holding("", MOST_HELD + 1):
        assert {greedy.get("/trace.json").status_code for _ in range(REJECTIONS + 3)} == {503}
        assert other.get("/trace.json").status_code == 503
    assert sum(waits) == pytest.approx(1000 + 2000, abs=20), "the rate of the debt, after as many as are not delayed"
    assert max(waits) <= rejected_requests.CHECK_INTERVAL


def test_a_rejection_is_not_delayed_for_a_client_that_has_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def noted(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(rejected_requests, "sleep", noted)
    monkeypatch.setattr(rejected_requests, "REJECTIONS", 1)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise later(503, 1)

    async def is_delayed(*received: Message) -> bool:
        """Whether repeated rejections are delayed for a client from which these messages are received."""
        limited = rejected_requests.Limits(app, Routes(ROUTES), http_error, for_clients=True)
        waits.clear()
        for _ in range(5):
            await sent(limited, *received)
        return bool(waits)

    assert run(is_delayed())
    assert not run(is_delayed({"type": "http.disconnect"}))


def test_without_memory_everything_but_probes_is_rejected() -> None:
    client = TestClient(create_app(Settings(Budget())), client=("192.0.2.2", 5000))
    with HELD.holding("", MOST_HELD + 1):
        assert {client.get(path).status_code for path in ("/", "/trace.json", "/static/x/css/base.css")} == {503}
        assert client.get("/healthz").status_code == 200

    assert client.get("/trace.json").status_code == 200


def test_a_rejection_is_in_the_language_of_the_link() -> None:
    client = TestClient(create_app(Settings(Budget())), client=("192.0.2.2", 5000))
    with HELD.holding("", MOST_HELD + 1):
        refused = client.get("/?lang=es&theme=dark", headers=BROWSER)

    assert refused.status_code == 503
    assert "demasiadas peticiones en espera" in words(refused.text)


def test_a_query_with_too_many_fields_is_rejected_before_it_is_parsed(client: TestClient) -> None:
    many = "&".join(f"utm_{n}=mail" for n in range(limits.MOST_FIELDS + 1))

    for path, headers in (("/", BROWSER), ("/trace.json", {}), ("/nothing", BROWSER)):
        refused = client.get(f"{path}?{many}", headers=headers)
        assert (refused.status_code, refused.headers["connection"]) == (400, "close")
        assert "A query may have at most 100 fields" in words(refused.text)
    assert client.get(f"/?{many.partition('&')[2]}").status_code == 200


Started = list[tuple[str, str]]


async def started(*requests: tuple[str, str]) -> Started:
    """Client and query of each request, in the order in which the app gets them."""
    order: Started = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        order.append((scope["client"][0], scope["query_string"][:1].decode()))
        await sleep(0)

    limited = rejected_requests.Limits(app, Routes(ROUTES), http_error, for_clients=True)
    await gather(*(sent(limited, client=(client, 1), query_string=query.encode()) for client, query in requests))
    return order


def test_long_queries_are_parsed_in_turn_and_short_ones_at_once() -> None:
    long = "x" * (limits.SLOW_QUERY + 1)
    many = [("192.0.2.1", long)] * 50
    order = run(started(*many, ("192.0.2.2", f"y{long}"), ("192.0.2.3", "z")))

    assert len(order) == 52
    assert order.index(("192.0.2.3", "z")) <= 1 and order.index(("192.0.2.2", "y")) <= 3


@pytest.mark.parametrize(("kind", "first"), [("http", "http.request"), ("websocket", "websocket.connect")])
def test_messages_with_a_long_query_reach_the_room(kind: str, first: str) -> None:
    heard: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])

    query = b"member=" + b"x" * limits.SLOW_QUERY
    limited = rejected_requests.Limits(app, Routes(ROUTES), http_error, for_clients=True)
    run(sent(limited, {"type": first}, type=kind, path="/rooms/ABCDE", method="POST", query_string=query))
    assert heard == [first]


def test_a_lecture_hall_behind_one_address_can_open_a_long_link_at_once() -> None:
    hall = [("192.0.2.1", "x" * (limits.SLOW_QUERY + 1))] * CONCURRENT_REQUESTS
    assert run(started(*hall)) == [("192.0.2.1", "x")] * CONCURRENT_REQUESTS


def test_a_client_that_disconnects_within_a_message_causes_no_500() -> None:
    received_messages = {"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}
    start, *_ = run(sent(create_app(Settings(Budget())), *received_messages, method="POST", path="/rooms/ABCDE"))
    assert start["status"] == 499


def test_concurrent_requests_of_a_client_are_limited_except_for_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejected_requests, "CONCURRENT_REQUESTS", 5)
    free = Event()

    def trace(self: CountingRunner, *_: Any) -> Any:
        assert free.wait(30)
        return None, "refused"

    monkeypatch.setattr(CountingRunner, "trace", trace)
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


def test_a_repeatedly_rejected_client_that_holds_too_much_is_disconnected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rejected_requests, "REJECTIONS", 1)
    monkeypatch.setattr(rejected_requests, "REJECTIONS_RATE", 0.001)
    greedy = TestClient(create_app(Settings(Budget())), client=("192.0.2.1", 5000))
    with HELD.holding("192.0.2.1", RESPONSES_SHARE + 1):
        refused = [greedy.get("/trace.json") for _ in range(3)]

    assert [one.status_code for one in refused] == [503, 503, 503]
    assert [one.headers.get("connection") for one in refused] == [None, None, "close"]


def test_a_body_of_unknown_length_is_rejected(client: TestClient) -> None:
    response = client.post("/rooms", content=(bytes(9) for _ in range(9)))

    assert (response.status_code, response.headers["connection"]) == (411, "close")


@pytest.mark.parametrize("length", ["x", "-1", "1" * 5000])
def test_an_invalid_content_length_is_rejected(client: TestClient, length: str) -> None:
    assert client.post("/rooms", headers={"Content-Length": length}).status_code == 413


def classroom(share: int = 50) -> TestClient:
    return TestClient(create_app(Settings(Budget(), client_share=share)))


def statuses(client: TestClient, n: int) -> list[int]:
    return [client.post("/rooms").status_code for _ in range(n)]


def test_the_number_of_rooms_that_a_client_opens_is_limited() -> None:
    with classroom() as client:
        assert statuses(client, ROOMS_OPENED) == [200] * ROOMS_OPENED
        refused = [client.post("/rooms") for _ in range(9)][-1]
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 30
        assert "while others are waiting" in refused.json()["error"]["message"]
        assert client.get("/learn").status_code == 200


def test_an_operator_may_turn_limits_for_clients_off() -> None:
    with classroom(share=0) as client:
        assert 429 not in statuses(client, ROOMS_OPENED + 9)


def enter(client: TestClient, code: str) -> int:
    """The code with which the socket to a room is closed, or 0 if it can be entered."""
    try:
        with client.websocket_connect(f"/rooms/{code}") as socket:
            socket.receive_json()
    except WebSocketDisconnect as end:
        return end.code
    return 0


def test_guessing_room_codes_is_limited() -> None:
    with classroom() as client:
        room: dict[str, Any] = client.post("/rooms").json()
        codes = ["".join(letters) for letters in islice(product(CODE_ALPHABET, repeat=5), CODES_TRIED + 9)]
        ends = [enter(client, code) for code in codes]

        assert ends[: CODES_TRIED - 1] == [4404] * (CODES_TRIED - 1)
        assert ends[-1] == 1008
        assert enter(client, room["code"]) == 1008, "nor with a good one meanwhile"


def test_a_class_behind_one_address_can_enter_a_room() -> None:
    with classroom() as client:
        room: dict[str, Any] = client.post("/rooms").json()

        assert {enter(client, room["code"]) for _ in range(300)} == {0}


def test_a_class_that_returns_to_a_closed_room_can_enter_another() -> None:
    with classroom() as client:
        assert {enter(client, "AAAAA") for _ in range(3 * CODES_TRIED)} == {4404}
        assert enter(client, client.post("/rooms").json()["code"]) == 0


def test_guessing_room_codes_concurrently_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests wait for the store while further ones come."""
    monkeypatch.setattr(rejected_requests, "CODES_TRIED", 10)
    monkeypatch.setattr(rejected_requests, "CODES_TRIED_RATE", 0.001)
    at_once = 40

    async def find(self: Memory, code: str, now: float) -> None:
        await sleep(0.5)  # so that all have come before the first response

    monkeypatch.setattr(Memory, "find", find)
    codes = ["".join(letters) for letters in islice(product(CODE_ALPHABET, repeat=5), at_once)]
    with classroom() as client, ThreadPoolExecutor(at_once) as pool:
        tried = list(pool.map(lambda code: client.post(f"/rooms/{code}").status_code, codes))
    assert (tried.count(404), tried.count(429)) == (11, at_once - 11)


def test_a_class_that_enters_at_once_does_not_count_as_guessing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejected_requests, "CODES_TRIED", 1)
    monkeypatch.setattr(rejected_requests, "CODES_TRIED_RATE", 0.001)
    client = classroom()
    codes = [client.post("/rooms").json()["code"] for _ in range(5)]

    with ExitStack() as sockets:
        for code in codes * 5:
            sockets.enter_context(client.websocket_connect(f"/rooms/{code}")).receive_json()
    assert {enter(client, code) for code in codes} == {0}


def test_the_number_of_sockets_of_a_client_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CONCURRENT_REQUESTS >= 600, "a class of 300, each with two windows"
    monkeypatch.setattr(rejected_requests, "CONCURRENT_REQUESTS", 5)
    client = classroom()
    code = client.post("/rooms").json()["code"]

    with ExitStack() as sockets:
        for _ in range(5):
            sockets.enter_context(client.websocket_connect(f"/rooms/{code}")).receive_json()
        assert enter(client, code) == 1008
        assert client.post("/rooms").status_code == 429
    assert enter(client, code) == 0


@pytest.mark.parametrize("code", ["A" * 32_000, "ABCDEF", "ABCD", "AB*DE", "é" * 5, "-", "%20"])
def test_an_invalid_code_is_rejected_everywhere(client: TestClient, code: str) -> None:
    assert client.get(f"/room/{code}", headers=BROWSER).status_code == 404
    assert client.get("/join", params={"code": code.replace("%20", "&")}, headers=BROWSER).status_code == 404
    for path in (f"/room/{code}", f"/join?code={code.replace('%20', '&')}x"):
        response = client.get(path, headers=BROWSER, follow_redirects=False)
        assert len(response.content) < 10_000
        assert len(response.headers.get("Location", "")) < 100
    for path in (f"/rooms/{code}", f"/rooms/{code}/events"):
        assert client.post(path).status_code == 404
    assert enter(client, code) == 4404


def test_an_invalid_code_is_explained(client: TestClient) -> None:
    page = client.get("/join?code=ABC", headers=BROWSER | {"Accept-Language": "es"})

    assert "tiene 5 letras" in words(page.text)


def test_the_rate_of_messages_without_a_socket_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MESSAGES > 300 and MESSAGE_RATE >= MESSAGE_RATE, "all answer at once, and a teacher drags a slider"
    monkeypatch.setattr(rejected_requests, "MESSAGES", 5)
    monkeypatch.setattr(rejected_requests, "MESSAGE_RATE", 0.001)
    client = classroom()
    path = f"/rooms/{client.post('/rooms').json()['code']}"
    answered = [client.post(path, json={"answer": "3"}).status_code for _ in range(9)]

    assert answered == [200] * 6 + [429] * 3


def test_a_forged_forwarded_header_is_ignored() -> None:
    """The server decides which proxies to trust; the app does not read the header."""
    with classroom() as client:
        refused = [client.post("/rooms", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(ROOMS_OPENED + 9)]

    assert refused[-1].status_code == 429
