"""Who asks what was asked before is given the same, and nothing is made anew."""

import asyncio

import httpx2 as httpx
import pytest
from counting_runner import CountingRunner
from fastapi import FastAPI
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings
from app.web.http.routing import Routes
from app.web.routes import ROUTES
from app.web.server.response_cache import ResponseCache

PATHS = ("/?num_units=7", "/trace.json?num_units=7", "/diagram.json?num_units=7", "/diagram.svg", "/questions", "/docs")


@pytest.fixture
def keeping() -> FastAPI:
    app = create_app(Settings(Budget(), response_cache=1_000_000))
    app.state.runner = CountingRunner(Budget())
    return app


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_second_time_it_is_the_same_to_the_last_byte(
    keeping: FastAPI, client: TestClient, path: str, encoding: str
) -> None:
    again = TestClient(keeping)
    headers = {"Accept-Encoding": encoding, "Accept-Language": "es"}
    first, second, plain = (one.get(path, headers=headers) for one in (again, again, client))

    assert (first.status_code, first.content, first.headers) == (200, second.content, second.headers)
    assert first.headers.keys() == plain.headers.keys()
    assert first.content == plain.content or path.startswith("/?")  # pages tell how long their run took


def test_a_run_is_made_once_for_all_who_ask_for_it(keeping: FastAPI) -> None:
    runner: CountingRunner = keeping.state.runner

    answers = asyncio.run(at_once(keeping, "/trace.json?num_units=9", 20))
    assert {answer.status_code for answer in answers} == {200} and len({answer.content for answer in answers}) == 1
    assert runner.asked == 1


async def at_once(app: ASGIApp, path: str, n: int) -> list[httpx.Response]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return list(await asyncio.gather(*(client.get(path) for _ in range(n))))


class Slow:
    """Responds with one status when all the requests that it waits for are there at the same time."""

    def __init__(self, status: int, together: int) -> None:
        self.status, self.together, self.requests = status, together, 0
        self.all_there = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        if self.requests >= self.together:
            self.all_there.set()
        await self.all_there.wait()
        await Response(status_code=self.status)(scope, receive, send)


@pytest.mark.parametrize("path", ["/readyz", "/healthz", "/rooms/ABCDE"])
def test_requests_for_what_is_never_cached_do_not_wait_for_one_another(path: str) -> None:
    slow = Slow(200, together=4)

    answers = asyncio.run(asyncio.wait_for(at_once(ResponseCache(slow, Routes(ROUTES), 1_000_000), path, 4), 5))
    assert [answer.status_code for answer in answers] == [200] * 4


def test_requests_whose_response_is_an_error_wait_for_the_first_and_then_no_more() -> None:
    first = 0
    rest = Slow(404, together=3)

    async def first_alone(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal first
        if first:
            return await rest(scope, receive, send)
        first += 1
        await asyncio.sleep(0.01)
        await Response(status_code=404)(scope, receive, send)

    asyncio.run(asyncio.wait_for(at_once(ResponseCache(first_alone, Routes(ROUTES), 1_000_000), "/nothing", 4), 5))
    assert (first, rest.requests) == (1, 3)


def test_where_one_request_is_refused_the_next_one_is_made_for_all_others() -> None:
    made = 0

    async def full_at_first(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal made
        made += 1
        status, headers = (503, {}) if made == 1 else (200, {"ETag": '"x"'})
        await asyncio.sleep(0.01)
        await Response(status_code=status, headers=headers)(scope, receive, send)

    answers = asyncio.run(at_once(ResponseCache(full_at_first, Routes(ROUTES), 1_000_000), "/", 9))
    assert sorted(answer.status_code for answer in answers) == [200] * 8 + [503] and made == 2


def test_another_language_host_encoding_or_query_is_another_answer(keeping: FastAPI) -> None:
    client = TestClient(keeping)
    english = client.get("/?num_units=7", headers={"Accept-Language": "en"}).text

    assert client.get("/?num_units=7", headers={"Accept-Language": "zh"}).text != english
    assert client.get("/?num_units=8", headers={"Accept-Language": "en"}).text != english
    assert client.get("/?num_units=7", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    twice = [("Accept-Encoding", "gzip"), ("Accept-Encoding", "zstd")]
    assert client.get("/?num_units=9", headers=twice).headers["content-encoding"] == "zstd"
    assert client.get("/?num_units=9", headers=twice[:1]).headers["content-encoding"] == "gzip"
    room = [client.get("/room/ABCDE", headers={"Host": host}).text for host in ("one.example", "two.example")]
    assert "one.example" in room[0] and "two.example" in room[1]


def test_errors_and_what_is_for_now_are_asked_for_anew(keeping: FastAPI) -> None:
    runner: CountingRunner = keeping.state.runner
    client = TestClient(keeping)
    for path in ("/trace.json?num_units=0", "/nothing"):
        first, second = client.get(path), client.get(path)
        assert first.status_code == second.status_code >= 400
    tag = client.get("/trace.json").headers["etag"]
    assert client.get("/trace.json", headers={"If-None-Match": tag}).status_code == 304
    assert client.head("/trace.json").status_code == 200
    assert client.get("/trace.json").content
    assert runner.asked <= 2  # HEAD asks for itself


def test_only_so_much_is_kept_and_nothing_that_is_too_large(keeping: FastAPI) -> None:
    runner: CountingRunner = keeping.state.runner
    client = TestClient(keeping, headers={"Accept-Encoding": "identity"})

    def made(path: str) -> int:
        before = runner.asked
        assert client.get(path).status_code == 200
        return runner.asked - before

    small = [f"/trace.json?seed={seed}" for seed in range(150)]
    assert [made(path) for path in small] == [1] * 150
    assert made(small[-1]) == 0
    assert made(small[0]) == 1  # nobody has asked for it for longest
    large = "/weights.npz?num_units=100"
    assert made(large) == made(large) == 1


def test_without_room_nothing_is_kept() -> None:
    app = create_app(Settings(Budget(), response_cache=0))
    app.state.runner = runner = CountingRunner(Budget())
    client = TestClient(app)
    for _ in range(2):
        client.get("/trace.json")
    assert runner.asked == 2


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_what_is_sent_in_pieces_and_too_large_comes_whole_every_time(keeping: FastAPI, encoding: str) -> None:
    client = TestClient(keeping, headers={"Accept-Encoding": encoding})
    path = "/weights.npz?num_units=200&features=250"

    assert len({client.get(path).content for _ in range(3)}) == 1


def test_what_a_key_is_made_of_takes_no_memory(keeping: FastAPI) -> None:
    client = TestClient(keeping)
    client.get("/trace.json", headers={"Accept-Language": "es," * 10_000})
    layer = keeping.middleware_stack
    while not isinstance(layer, ResponseCache):
        layer = layer.app  # type: ignore[union-attr]

    assert [len(key) for key in layer._answers] == [16]
