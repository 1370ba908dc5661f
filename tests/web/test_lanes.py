"""One thing at a time, a bounded queue, and shares that count where others wait."""

from collections.abc import Callable
from threading import Event

import pytest
from anyio import create_task_group, run, sleep
from starlette.exceptions import HTTPException

from app.web.allowance import Allowance, asking
from app.web.lanes import Lane

NO_LIMIT = Allowance(0, 0)


class Course:
    """Questions of several clients to a lane whose thread stands still until it is let go."""

    def __init__(self, lane: Lane) -> None:
        self.lane, self.free = lane, Event()
        self.done: list[str] = []
        self.refused: list[tuple[str, int, int]] = []

    async def ask(self, client: str) -> None:
        asking.set(client)
        try:
            self.done.append(await self.lane.do(lambda: self.answer(client)))
        except HTTPException as error:
            self.refused.append((client, error.status_code, int((error.headers or {})["Retry-After"])))

    def answer(self, client: str) -> str:
        assert self.free.wait(10)
        return client

    def run(self, *clients: str) -> None:
        async def all_at_once() -> None:
            async with create_task_group() as tasks:
                for client in clients:
                    tasks.start_soon(self.ask, client)
                    await sleep(0.01)
                self.free.set()

        run(all_at_once)


def test_the_surplus_is_refused_and_told_when_to_come_again() -> None:
    course = Course(Lane(4, NO_LIMIT))
    course.run(*"abcdefg")

    assert course.done == list("abcd")
    assert [(client, status) for client, status, _ in course.refused] == [("e", 503), ("f", 503), ("g", 503)]
    assert all(1 <= seconds <= 30 for _, _, seconds in course.refused)


def test_after_a_full_queue_there_is_a_place_again() -> None:
    course = Course(Lane(1, NO_LIMIT))
    course.run("a", "b")
    course.run("c")

    assert course.done == ["a", "c"]
    assert not course.lane.jobs, "a job that is done takes no place"


def test_what_fails_leaves_its_place_to_others() -> None:
    lane = Lane(1, NO_LIMIT)

    def fails() -> None:
        raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            run(lane.do, fails)
    assert run(lane.do, lambda: 7) == 7


def overdrawn(*clients: str) -> Allowance:
    shares = Allowance(10, 0.5, clock=lambda: 0.0)
    for client in clients:
        shares.take(client, 13)
    return shares


def test_who_has_had_more_than_its_share_is_refused_where_others_wait() -> None:
    course = Course(Lane(9, overdrawn("greedy")))
    course.run("a", "greedy", "b")

    assert course.done == ["a", "b"]
    assert course.refused == [("greedy", 429, 6)], "3 seconds of debt, at half a second for each second"


def test_who_is_alone_is_not_held_to_its_share() -> None:
    """A class behind one address, with the server to itself."""
    course = Course(Lane(9, overdrawn("class")))
    course.run("class", "class", "class")

    assert course.done == ["class"] * 3


def test_without_an_address_there_is_no_share() -> None:
    course = Course(Lane(9, overdrawn("")))
    course.run("a", "")

    assert course.done == ["a", ""]


def test_work_is_what_counts_against_a_share_and_waiting_is_not() -> None:
    shares = Allowance(10, 0.5, clock=lambda: 0.0)
    lane = Lane(9, shares)

    def work(make: Callable[[], object]) -> float:
        async def asked() -> None:
            asking.set("a")
            await lane.do(make)

        before = shares.left("a")
        run(asked)
        return before - shares.left("a")

    assert work(lambda: Event().wait(0.2)) < 0.1
    assert work(lambda: sum(range(5_000_000))) > 0.02
