"""The work queue: one job at a time, turns of clients, a bound, and shares while others wait."""

from collections.abc import Callable, Sequence
from threading import Event

import pytest
from anyio import create_task_group, run, sleep
from starlette.exceptions import HTTPException

from app.web.requests_and_responses.client import current_client, is_disconnected
from app.web.requests_and_responses.refusals import CLIENT_CLOSED_REQUEST
from app.web.server.token_bucket import TokenBuckets
from app.web.server.work_queue import FairQueue, WorkQueue

NO_LIMIT = TokenBuckets(0, 0)


class Jobs:
    """Jobs of several clients in a queue whose thread is blocked until it is released."""

    def __init__(self, queue: WorkQueue, gone: Sequence[str] = ()) -> None:
        self.queue, self.free, self.gone = queue, Event(), gone
        self.done: list[str] = []
        self.refused: list[tuple[str, int, int]] = []

    async def request(self, client: str) -> None:
        async def has_closed() -> bool:
            return client in self.gone

        current_client.set(client)
        is_disconnected.set(has_closed)
        try:
            self.done.append(await self.queue.do(lambda: self.job(client)))
        except HTTPException as error:
            self.refused.append((client, error.status_code, int((error.headers or {}).get("Retry-After", 0))))

    def job(self, client: str) -> str:
        assert self.free.wait(10)
        return client

    def run(self, *clients: str) -> None:
        async def all_at_once() -> None:
            async with create_task_group() as tasks:
                for client in clients:
                    tasks.start_soon(self.request, client)
                    await sleep(0.01)
                self.free.set()

        run(all_at_once)


def test_jobs_beyond_the_limit_are_rejected_with_retry_after() -> None:
    jobs = Jobs(WorkQueue(4, NO_LIMIT))
    jobs.run(*"abcdefg")

    assert jobs.done == list("abcd")
    assert [(client, status) for client, status, _ in jobs.refused] == [("e", 503), ("f", 503), ("g", 503)]
    assert all(1 <= seconds <= 30 for _, _, seconds in jobs.refused)


def test_a_full_queue_accepts_jobs_again_later() -> None:
    jobs = Jobs(WorkQueue(1, NO_LIMIT))
    jobs.run("a", "b")
    jobs.run("c")

    assert jobs.done == ["a", "c"]
    assert not jobs.queue.turns.places, "a job that is done takes no place"


def test_clients_take_turns_regardless_of_their_number_of_jobs() -> None:
    jobs = Jobs(WorkQueue(9, NO_LIMIT))
    jobs.run(*"aaaaabbc")

    assert jobs.done == list("abcabaaa")


def test_a_client_with_few_jobs_takes_the_place_of_one_with_many() -> None:
    jobs = Jobs(WorkQueue(4, NO_LIMIT))
    jobs.run(*"aaaaab")

    assert jobs.done == list("abaa")
    assert [(client, status) for client, status, _ in jobs.refused] == [("a", 503), ("a", 503)]
    assert not jobs.queue.turns.places


def test_each_of_many_clients_gets_a_place() -> None:
    jobs = Jobs(WorkQueue(4, NO_LIMIT))
    jobs.run(*"aaaaaabcd")

    assert sorted(jobs.done) == list("abcd")


def test_the_job_of_a_disconnected_client_is_dropped() -> None:
    jobs = Jobs(WorkQueue(9, NO_LIMIT), gone=("b", "c"))
    jobs.run(*"abcbd")

    assert jobs.done == ["a", "d"]
    assert {(client, status) for client, status, _ in jobs.refused} == {
        ("b", CLIENT_CLOSED_REQUEST),
        ("c", CLIENT_CLOSED_REQUEST),
    }
    assert not jobs.queue.turns.places


def test_a_cancelled_request_leaves_the_queue() -> None:
    jobs = Jobs(WorkQueue(2, NO_LIMIT))

    async def cancelled_while_waiting() -> None:
        async with create_task_group() as tasks:
            tasks.start_soon(jobs.request, "a")
            await sleep(0.01)
            async with create_task_group() as waiting:
                waiting.start_soon(jobs.request, "b")
                await sleep(0.01)
                waiting.cancel_scope.cancel()
            tasks.start_soon(jobs.request, "c")
            await sleep(0.01)
            jobs.free.set()

    run(cancelled_while_waiting)
    assert (jobs.done, jobs.refused, jobs.queue.turns.places) == (["a", "c"], [], 0)


def test_a_failed_job_leaves_the_queue() -> None:
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


def test_a_client_beyond_its_share_is_rejected_while_others_wait() -> None:
    jobs = Jobs(WorkQueue(9, overdrawn("greedy")))
    jobs.run("a", "greedy", "b")

    assert jobs.done == ["a", "b"]
    assert jobs.refused == [("greedy", 429, 6)], "3 seconds of debt, at half a second for each second"


def test_a_client_that_is_alone_may_exceed_its_share() -> None:
    """A class behind one address, with the server to itself."""
    jobs = Jobs(WorkQueue(9, overdrawn("class")))
    jobs.run("class", "class", "class")

    assert jobs.done == ["class"] * 3


def test_a_client_without_an_address_has_no_share() -> None:
    jobs = Jobs(WorkQueue(9, overdrawn("")))
    jobs.run("a", "")

    assert jobs.done == ["a", ""]


def test_a_share_counts_work_but_not_waiting() -> None:
    shares = TokenBuckets(10, 0.5, clock=lambda: 0.0)
    queue = WorkQueue(9, shares)

    def work(make: Callable[[], object]) -> float:
        async def request() -> None:
            current_client.set("a")
            await queue.do(make)

        before = shares.left("a")
        run(request)
        return before - shares.left("a")

    assert work(lambda: Event().wait(0.2)) < 0.1
    assert work(lambda: sum(range(5_000_000))) > 0.02


def test_a_waiting_turn_knows_how_many_are_before_it() -> None:
    async def turns() -> None:
        queue = FairQueue(20, 1)
        entered = [(client, queue.enter(client)) for client in "aabcaccb"]
        waiting = entered[1:]  # the first turn has begun
        counts = {turn: queue.before(client, turn) for client, turn in waiting}
        begun = [entered[0]]
        while len(begun) < len(entered):
            assert queue.before(*begun[-1]) == 0
            queue.leave(*begun[-1])
            begun.append(next(place for place in waiting if place[1].done() and place not in begun))

        assert [counts[turn] for _, turn in begun[1:]] == list(range(1, len(entered)))

    run(turns)
