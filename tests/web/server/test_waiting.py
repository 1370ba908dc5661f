"""Large questions and small ones: who waits for whom, and what is held while an answer is sent."""

from collections.abc import Awaitable, Callable
from threading import Event

import pytest
from anyio import create_task_group, run, sleep
from page_text import links, words
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Message, Scope

from app.core.budget import Budget
from app.main import create_app
from app.query.parsing import parse
from app.query.view import View
from app.web.http.responses import PIECE, HeldResponse
from app.web.server.runner import QUEUES, QueueName, Runner

LARGE = parse([("batch_size", "128"), ("time_step", "28"), ("features", "28"), ("num_units", "128")], strict=True)
SMALL = parse([], strict=True)
SHAPES_ONLY = parse([("batch_size", "1024"), ("time_step", "10000")], strict=True)


@pytest.mark.parametrize("small", [SMALL, SHAPES_ONLY], ids=["a small run", "shapes only"])
def test_what_is_small_does_not_wait_for_what_is_large(small: View) -> None:
    runner, free = Runner(Budget()), Event()
    done: list[str] = []

    async def ask(view: View, name: str, wait: bool) -> None:
        await runner.run(view, lambda trace, reason: free.wait(10) if wait else None)
        done.append(name)

    async def both() -> None:
        async with create_task_group() as tasks:
            tasks.start_soon(ask, LARGE, "large", True)
            await sleep(0.05)
            await ask(small, "small", False)
            free.set()

    run(both)
    assert done == ["small", "large"]


def test_of_fifty_large_questions_at_once_the_surplus_is_refused() -> None:
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


def test_while_large_answers_are_on_their_way_no_other_is_made() -> None:
    """Readers may be slow: what they have not taken yet is in memory."""
    app = create_app()
    runner: Runner = app.state.runner
    scope: Scope = {
        **{"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "app": app},
        **{"scheme": "http", "root_path": ""},
    }
    seen: list[int] = []

    async def send(message: Message) -> None:
        seen.append(await status(lambda: runner.alone(lambda: None)))
        seen.append(await status(lambda: runner.run(SMALL, lambda trace, reason: None)))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def asked(size: int) -> list[int]:
        seen.clear()
        await HeldResponse(bytes(size))(scope, receive, send)
        assert await status(lambda: runner.alone(lambda: None)) == 200, "once it is sent there is room again"
        return seen

    assert set(run(asked, runner.budget.bytes)[::2]) == {200}
    assert set(run(asked, PIECE + 1)[::2]) == {200}
    refused = run(asked, runner.budget.bytes + 1)
    assert set(refused[::2]) == {503} and set(refused[1::2]) == {200}


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A server in whose queue there is no place."""
    monkeypatch.setitem(QUEUES, "small", 0)
    return TestClient(create_app())


def test_a_page_says_that_many_ask_and_tries_again(busy: TestClient) -> None:
    page = busy.get("/", headers={"Accept": "text/html"})

    assert page.status_code == 503
    assert "so many questions wait that there is no place for this one" in words(page.text)
    assert links(page.text) == [""] and "Try again" in words(page.text)
    assert int(page.headers["retry-after"]) == int(page.headers["refresh"]) >= 1
    assert "etag" not in page.headers and "cache-control" not in page.headers


def test_a_program_is_told_when_to_ask_again(busy: TestClient) -> None:
    answer = busy.get("/trace.json")

    assert answer.status_code == 503
    assert "there is no place for this one" in answer.json()["error"]["message"]
    assert int(answer.headers["retry-after"]) >= 1 and "refresh" not in answer.headers


FILES = ("/standalone.html", "/notebook.ipynb", "/diagram.pdf", "/diagram.png", "/preview.png", "/weights.npz")


@pytest.mark.parametrize("path", FILES)
def test_files_that_take_long_to_make_wait_with_large_runs(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(QUEUES, "large", 0)
    client = TestClient(create_app())

    assert client.get(path).status_code == 503
    assert client.get("/").status_code == client.get("/diagram.svg").status_code == 200


MADE_IN_A_THREAD = ("/diagram.json", "/diagram.svg", "/code", "/table.csv", "/learn", "/questions", "/docs", "/join")


@pytest.mark.parametrize("path", [*MADE_IN_A_THREAD, "/quiz.json", "/openapi.json", "/oembed?url=http://testserver/"])
def test_the_event_loop_makes_no_response(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(QUEUES, "quick", 0)
    client = TestClient(create_app())

    assert client.get(path).status_code == 503
    assert client.get("/").status_code == 200, "a page has a queue of its own"


@pytest.mark.parametrize("path", ["/healthz", "/diagram.json", "/diagram.svg", "/code", "/quiz.json", "/docs", "/join"])
def test_what_needs_no_run_is_answered_all_the_same(busy: TestClient, path: str) -> None:
    assert busy.get(path).status_code == 200


def test_a_class_with_texts_of_its_own_waits_for_no_large_run_and_keeps_no_short_page_waiting(
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
