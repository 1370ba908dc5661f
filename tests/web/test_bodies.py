"""Answers that were just made, for others who ask the same."""

import pytest
from anyio import Event, create_task_group, run
from counting import CountingRunner
from starlette.testclient import TestClient

from app.web import bodies
from app.web.bodies import LARGEST, ROOM, Bodies


def test_who_asks_the_same_gets_what_was_made(client: TestClient, runner: CountingRunner) -> None:
    pages = {client.get("/?num_units=7").text for _ in range(5)}

    assert len(pages) == 1
    assert runner.asked == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "es"},
        {"Host": "another.example"},
    ],
)
def test_who_asks_from_elsewhere_or_in_another_language_does_not(
    client: TestClient, runner: CountingRunner, headers: dict[str, str]
) -> None:
    client.get("/?num_units=7")
    client.get("/?num_units=7", headers=headers)

    assert runner.asked == 2


def ask_at_once(made: Bodies, fails: int) -> tuple[list[bytes], list[int]]:
    """Three who ask for the same at once: what they get, and what was tried. The first ``fails`` tries fail."""
    found: list[bytes] = []
    tried: list[int] = []
    go = Event()

    async def make() -> bytes:
        tried.append(len(tried))
        mine = len(tried)
        await go.wait()
        if mine <= fails:
            raise RuntimeError
        return b"body"

    async def ask() -> None:
        try:
            found.append(await made.once(("key",), make))
        except RuntimeError:
            found.append(b"failed")

    async def all_three() -> None:
        async with create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(ask)
            tasks.start_soon(let_go)

    async def let_go() -> None:
        go.set()

    run(all_three)
    return found, tried


def test_what_is_being_made_is_waited_for_and_not_made_again() -> None:
    assert ask_at_once(Bodies(), fails=0) == ([b"body"] * 3, [0])


def test_who_fails_fails_alone() -> None:
    found, tried = ask_at_once(Bodies(), fails=1)

    assert sorted(found) == [b"body", b"body", b"failed"]
    assert len(tried) == 2


def test_what_is_kept_has_an_end_and_the_last_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "ROOM", 10)
    made = Bodies()
    for name in "abc":
        made.keep((name,), b"1234")
    assert [made.find((name,)) for name in "abc"] == [None, b"1234", b"1234"]

    made.find(("b",))
    made.keep(("d",), b"1234")
    assert [made.find((name,)) for name in "bcd"] == [b"1234", None, b"1234"]


def test_what_is_large_is_not_kept() -> None:
    made = Bodies()

    assert made.keep(("a",), bytes(LARGEST + 1)) and made.find(("a",)) is None
    assert made.keep(("b",), bytes(LARGEST)) and made.find(("b",)) is not None
    assert LARGEST < ROOM
