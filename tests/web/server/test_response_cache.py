"""Repeated requests get the cached response."""

import asyncio

import httpx2 as httpx
import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from fastapi import FastAPI
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.web.requests_and_responses.routing import Routes
from app.web.routes import ROUTES
from app.web.server.response_cache import ResponseCache

PATHS = ("/?num_units=7", "/trace.json?num_units=7", "/diagram.json?num_units=7", "/diagram.svg", "/questions", "/docs")


@pytest.fixture
def caching() -> FastAPI:
    app = create_app(Settings(Budget(), response_cache=1_000_000))
    app.state.runner = CountingRunner(Budget())
    return app


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_cached_response_is_identical(caching: FastAPI, client: TestClient, path: str, encoding: str) -> None:
    again = TestClient(caching)
    headers = {"Accept-Encoding": encoding, "Accept-Language": "es"}
    first, second, plain = (one.get(path, headers=headers) for one in (again, again, client))

    assert (first.status_code, first.content, first.headers) == (200, second.content, second.headers)
    assert first.headers.keys() == plain.headers.keys()
    assert first.content == plain.content or path.startswith("/?")  # pages have the duration of their run


def test_concurrent_equal_requests_share_one_run(caching: FastAPI) -> None:
    runner: CountingRunner = caching.state.runner

    responses = asyncio.run(at_once(caching, "/trace.json?num_units=9", 20))
    assert {response.status_code for response in responses} == {200} and len(
        {response.content for response in responses}
    ) == 1
    assert runner.jobs == 1


async def at_once(app: ASGIApp, path: str, n: int) -> list[httpx.Response]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return list(await asyncio.gather(*(client.get(path) for _ in range(n))))


class Slow:
    """An app that responds, with one status, when all the requests that it waits for have come."""

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
def test_uncacheable_requests_do_not_wait_for_one_another(path: str) -> None:
    slow = Slow(200, together=4)

    responses = asyncio.run(asyncio.wait_for(at_once(ResponseCache(slow, Routes(ROUTES), 1_000_000), path, 4), 5))
    assert [response.status_code for response in responses] == [200] * 4


def test_requests_wait_for_the_first_error_only() -> None:
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


def test_after_a_rejection_the_next_request_is_tried() -> None:
    requests = 0

    async def full_at_first(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal requests
        requests += 1
        status, headers = (503, {}) if requests == 1 else (200, {"ETag": '"x"'})
        await asyncio.sleep(0.01)
        await Response(status_code=status, headers=headers)(scope, receive, send)

    responses = asyncio.run(at_once(ResponseCache(full_at_first, Routes(ROUTES), 1_000_000), "/", 9))
    assert sorted(response.status_code for response in responses) == [200] * 8 + [503] and requests == 2


def test_language_host_encoding_and_query_are_part_of_the_key(caching: FastAPI) -> None:
    client = TestClient(caching)
    english = client.get("/?num_units=7", headers={"Accept-Language": "en"}).text

    assert client.get("/?num_units=7", headers={"Accept-Language": "zh"}).text != english
    assert client.get("/?num_units=8", headers={"Accept-Language": "en"}).text != english
    assert client.get("/?num_units=7", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    twice = [("Accept-Encoding", "gzip"), ("Accept-Encoding", "br")]
    assert client.get("/?num_units=9", headers=twice).headers["content-encoding"] == "br"
    assert client.get("/?num_units=9", headers=twice[:1]).headers["content-encoding"] == "gzip"
    room = [client.get("/room/ABCDE", headers={"Host": host}).text for host in ("one.example", "two.example")]
    assert "one.example" in room[0] and "two.example" in room[1]


def test_errors_and_momentary_responses_are_not_cached(caching: FastAPI) -> None:
    runner: CountingRunner = caching.state.runner
    client = TestClient(caching)
    for path in ("/trace.json?num_units=0", "/nothing"):
        first, second = client.get(path), client.get(path)
        assert first.status_code == second.status_code >= 400
    tag = client.get("/trace.json").headers["etag"]
    assert client.get("/trace.json", headers={"If-None-Match": tag}).status_code == 304
    assert client.head("/trace.json").status_code == 200
    assert client.get("/trace.json").content
    assert runner.jobs <= 2  # HEAD is a request of its own


def test_the_cache_is_bounded_and_has_no_response_that_is_too_large(caching: FastAPI) -> None:
    runner: CountingRunner = caching.state.runner
    client = TestClient(caching, headers={"Accept-Encoding": "identity"})

    def runs_for(path: str) -> int:
        before = runner.jobs
        assert client.get(path).status_code == 200
        return runner.jobs - before

    small = [f"/trace.json?seed={seed}" for seed in range(150)]
    assert [runs_for(path) for path in small] == [1] * 150
    assert runs_for(small[-1]) == 0
    assert runs_for(small[0]) == 1  # the least recently used one
    large = "/weights.npz?num_units=100"
    assert runs_for(large) == runs_for(large) == 1


def test_a_cache_of_size_0_is_off() -> None:
    app = create_app(Settings(Budget(), response_cache=0))
    app.state.runner = runner = CountingRunner(Budget())
    client = TestClient(app)
    for _ in range(2):
        client.get("/trace.json")
    assert runner.jobs == 2


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_large_response_in_chunks_is_complete_every_time(caching: FastAPI, encoding: str) -> None:
    client = TestClient(caching, headers={"Accept-Encoding": encoding})
    path = "/weights.npz?num_units=200&features=250"

    assert len({client.get(path).content for _ in range(3)}) == 1


def test_a_key_is_a_short_hash(caching: FastAPI) -> None:
    client = TestClient(caching)
    client.get("/trace.json", headers={"Accept-Language": "es," * 10_000})
    layer = caching.middleware_stack
    while not isinstance(layer, ResponseCache):
        layer = layer.app  # type: ignore[union-attr]

    assert [len(key) for key in layer._cache] == [16]
