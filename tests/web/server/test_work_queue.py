"""One job at a time, a bounded queue in which clients take turns, and shares that count where others wait."""

from collections.abc import Callable, Sequence
from threading import Event

import pytest
from anyio import create_task_group, run, sleep
from starlette.exceptions import HTTPException

from app.web.server.refusals import CLIENT_CLOSED_REQUEST
from app.web.server.token_bucket import TokenBuckets, asking, is_gone
from app.web.server.work_queue import WorkQueue

NO_LIMIT = TokenBuckets(0, 0)


class Course:
    """Questions of several clients to a queue whose thread stands still until it is let go."""

    def __init__(self, queue: WorkQueue, gone: Sequence[str] = ()) -> None:
        self.queue, self.free, self.gone = queue, Event(), gone
        self.done: list[str] = []
        self.refused: list[tuple[str, int, int]] = []

    async def ask(self, client: str) -> None:
        async def has_closed() -> bool:
            return client in self.gone

        asking.set(client)
        is_gone.set(has_closed)
        try:
            self.done.append(await self.queue.do(lambda: self.answer(client)))
        except HTTPException as error:
            self.refused.append((client, error.status_code, int((error.headers or {}).get("Retry-After", 0))))

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
    course = Course(WorkQueue(4, NO_LIMIT))
    course.run(*"abcdefg")

    assert course.done == list("abcd")
    assert [(client, status) for client, status, _ in course.refused] == [("e", 503), ("f", 503), ("g", 503)]
    assert all(1 <= seconds <= 30 for _, _, seconds in course.refused)


def test_after_a_full_queue_there_is_a_place_again() -> None:
    course = Course(WorkQueue(1, NO_LIMIT))
    course.run("a", "b")
    course.run("c")

    assert course.done == ["a", "c"]
    assert not course.queue.turns.places, "a job that is done takes no place"


def test_clients_take_turns_however_many_jobs_one_of_them_has() -> None:
    course = Course(WorkQueue(9, NO_LIMIT))
    course.run(*"aaaaabbc")

    assert course.done == list("abcabaaa")


def test_a_client_with_few_jobs_takes_the_place_of_one_with_many() -> None:
    course = Course(WorkQueue(4, NO_LIMIT))
    course.run(*"aaaaab")

    assert course.done == list("abaa")
    assert [(client, status) for client, status, _ in course.refused] == [("a", 503), ("a", 503)]
    assert not course.queue.turns.places


def test_many_clients_leave_none_of_them_without_a_place() -> None:
    course = Course(WorkQueue(4, NO_LIMIT))
    course.run(*"aaaaaabcd")

    assert sorted(course.done) == list("abcd")


def test_the_job_of_a_client_that_has_gone_is_dropped_and_not_made() -> None:
    course = Course(WorkQueue(9, NO_LIMIT), gone=("b", "c"))
    course.run(*"abcbd")

    assert course.done == ["a", "d"]
    assert {(client, status) for client, status, _ in course.refused} == {
        ("b", CLIENT_CLOSED_REQUEST),
        ("c", CLIENT_CLOSED_REQUEST),
    }
    assert not course.queue.turns.places


def test_a_request_that_is_cancelled_leaves_its_place_in_the_queue() -> None:
    course = Course(WorkQueue(2, NO_LIMIT))

    async def cancelled_while_it_waits() -> None:
        async with create_task_group() as tasks:
            tasks.start_soon(course.ask, "a")
            await sleep(0.01)
            async with create_task_group() as waiting:
                waiting.start_soon(course.ask, "b")
                await sleep(0.01)
                waiting.cancel_scope.cancel()
            tasks.start_soon(course.ask, "c")
            await sleep(0.01)
            course.free.set()

    run(cancelled_while_it_waits)
    assert (course.done, course.refused, course.queue.turns.places) == (["a", "c"], [], 0)


def test_what_fails_leaves_its_place_to_others() -> None:
    queue = WorkQueue(1, NO_LIMIT)

    def fails() -> None:
        raise RuntimeError

    for _ in range(3):
        with pytest.raises(RuntimeError):
            run(queue.do, fails)
    assert run(queue.do, lambda: 7) == 7


def overdrawn(*clients: str) -> TokenBuckets:
    shares = TokenBuckets(10, 0.5, clock=lambda: 0.0)
    for client in clients:
        shares.take(client, 13)
    return shares


def test_who_has_had_more_than_its_share_is_refused_where_others_wait() -> None:
    course = Course(WorkQueue(9, overdrawn("greedy")))
    course.run("a", "greedy", "b")

    assert course.done == ["a", "b"]
    assert course.refused == [("greedy", 429, 6)], "3 seconds of debt, at half a second for each second"


def test_who_is_alone_is_not_held_to_its_share() -> None:
    """A class behind one address, with the server to itself."""
    course = Course(WorkQueue(9, overdrawn("class")))
    course.run("class", "class", "class")

    assert course.done == ["class"] * 3


def test_without_an_address_there_is_no_share() -> None:
    course = Course(WorkQueue(9, overdrawn("")))
    course.run("a", "")

    assert course.done == ["a", ""]


def test_work_is_what_counts_against_a_share_and_waiting_is_not() -> None:
    shares = TokenBuckets(10, 0.5, clock=lambda: 0.0)
    queue = WorkQueue(9, shares)

    def work(make: Callable[[], object]) -> float:
        async def asked() -> None:
            asking.set("a")
            await queue.do(make)

        before = shares.left("a")
        run(asked)
        return before - shares.left("a")

    assert work(lambda: Event().wait(0.2)) < 0.1
    assert work(lambda: sum(range(5_000_000))) > 0.02
