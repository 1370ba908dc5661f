"""Queues of large and small requests, and bytes that are held while a response is sent."""

from collections.abc import Awaitable, Callable
from threading import Event

import pytest
from anyio import create_task_group, run, sleep
from app_client import TestClient
from page_text import links, words
from starlette.exceptions import HTTPException
from starlette.types import Message, Scope

from app.core.work_limits import Budget
from app.main import create_app
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.web.requests_and_responses.responses import CHUNK, HeldResponse
from app.web.server.run_executor import QUEUES, QueueName, Runner

LARGE = parse([("batch_size", "128"), ("time_step", "28"), ("features", "28"), ("num_units", "128")], strict=True)
SMALL = parse([], strict=True)
SHAPES_ONLY = parse([("batch_size", "1024"), ("time_step", "10000")], strict=True)


@pytest.mark.parametrize("small", [SMALL, SHAPES_ONLY], ids=["a small run", "shapes only"])
def test_small_runs_do_not_wait_for_large_ones(small: UrlState) -> None:
    runner, free = Runner(Budget()), Event()
    done: list[str] = []

    async def ask(state: UrlState, name: str, wait: bool) -> None:
        await runner.run(state, lambda trace, reason: free.wait(10) if wait else None)
        done.append(name)

    async def both() -> None:
        async with create_task_group() as tasks:
            tasks.start_soon(ask, LARGE, "large", True)
            await sleep(0.05)
            await ask(small, "small", False)
            free.set()

    run(both)
    assert done == ["small", "large"]


def test_of_fifty_large_requests_some_are_rejected() -> None:
    runner, free = Runner(Budget()), Event()
    ends: list[int] = []

    async def ask() -> None:
        try:
            await runner.run(LARGE, lambda trace, reason: free.wait(10))
            ends.append(200)
        except HTTPException as error:
            ends.append(error.status_code)

    async def all_at_once() -> None:
        async with create_task_group() as tasks:
            for _ in range(50):
                tasks.start_soon(ask)
            await sleep(0.1)
            assert ends == [503] * (50 - QUEUES["large"])
            free.set()

    run(all_at_once)
    assert ends.count(200) == QUEUES["large"]


async def status(ask: Callable[[], Awaitable[object]]) -> int:
    try:
        await ask()
    except HTTPException as error:
        return error.status_code
    return 200


def test_no_file_is_made_while_large_files_are_being_sent() -> None:
    """Clients may be slow: what they have not read yet is in memory."""
    app = create_app()
    runner: Runner = app.state.runner
    scope: Scope = {
        **{"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "app": app},
        **{"scheme": "http", "root_path": ""},
    }
    statuses: list[int] = []

    async def send(message: Message) -> None:
        statuses.append(await status(lambda: runner.alone(lambda: None)))
        statuses.append(await status(lambda: runner.run(SMALL, lambda trace, reason: None)))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send_response(size: int) -> list[int]:
        statuses.clear()
        await HeldResponse(bytes(size))(scope, receive, send)
        assert await status(lambda: runner.alone(lambda: None)) == 200, "once it is sent there is room again"
        return statuses

    assert set(run(send_response, runner.budget.bytes)[::2]) == {200}
    assert set(run(send_response, CHUNK + 1)[::2]) == {200}
    refused = run(send_response, runner.budget.bytes + 1)
    assert set(refused[::2]) == {503} and set(refused[1::2]) == {200}


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A server with full queues."""
    monkeypatch.setitem(QUEUES, "small", 0)
    return TestClient(create_app())


def test_a_page_says_that_the_server_is_busy_and_tries_again(busy: TestClient) -> None:
    page = busy.get("/", headers={"Accept": "text/html"})

    assert page.status_code == 503
    assert "Too many requests are waiting" in words(page.text)
    assert links(page.text) == [""] and "Try again" in words(page.text)
    assert int(page.headers["retry-after"]) == int(page.headers["refresh"]) >= 1
    assert "etag" not in page.headers and "cache-control" not in page.headers


def test_a_rejected_program_gets_retry_after(busy: TestClient) -> None:
    response = busy.get("/trace.json")

    assert response.status_code == 503
    assert "Too many requests are waiting" in response.json()["error"]["message"]
    assert int(response.headers["retry-after"]) >= 1 and "refresh" not in response.headers


FILES = ("/standalone.html", "/notebook.ipynb", "/diagram.pdf", "/diagram.png", "/preview.png", "/weights.npz")


@pytest.mark.parametrize("path", FILES)
def test_slow_files_wait_in_the_queue_of_large_runs(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(QUEUES, "large", 0)
    client = TestClient(create_app())

    assert client.get(path).status_code == 503
    assert client.get("/?only=page").status_code == client.get("/diagram.svg").status_code == 200


IN_A_THREAD = (
    "/diagram.json",
    "/diagram.svg",
    "/code",
    "/table.csv",
    "/learn",
    "/questions",
    "/docs",
    "/join",
)


@pytest.mark.parametrize("path", [*IN_A_THREAD, "/quiz.json", "/openapi.json", "/oembed?url=http://testserver/"])
def test_no_response_is_computed_on_the_event_loop(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(QUEUES, "quick", 0)
    client = TestClient(create_app())

    assert client.get(path).status_code == 503
    assert client.get("/?only=page").status_code == 200, "a page has a queue of its own"


@pytest.mark.parametrize("path", ["/healthz", "/diagram.json", "/diagram.svg", "/code", "/quiz.json", "/docs", "/join"])
def test_responses_without_a_run_do_not_wait(busy: TestClient, path: str) -> None:
    assert busy.get(path).status_code == 200


def test_pages_with_long_texts_have_a_queue_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = f"/?data=text&text={'好' * 500}"
    assert QUEUES["long"] >= QUEUES["small"]
    kinds: dict[QueueName, list[str]] = {"large": [long, "/"], "small": [long], "long": ["/"]}
    for kind, served in kinds.items():
        with monkeypatch.context() as patch:
            patch.setitem(QUEUES, kind, 0)
            client = TestClient(create_app())
            assert [path for path in (long, "/") if client.get(path).status_code == 200] == served
