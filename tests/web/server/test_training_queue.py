"""The queue of trainings: one at a time, shared by all that ask for the same one, ended with its last listener."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from os import kill
from signal import SIGINT, SIGKILL, SIGTERM
from time import monotonic
from typing import Any

import numpy as np
import pytest
from anyio import fail_after, run, sleep
from starlette.exceptions import HTTPException

from app.core.work_limits import Budget
from app.training.trainer import Trainer
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.training.cached_trainings import known_result
from app.url_state_to_picture.training.training_request import training_of
from app.url_state_to_picture.training.training_request_of_state import request_of
from app.web.api.training import TrainingEvents
from app.web.limits_and_timeouts import TRAINING_BURST, TRAINING_TIMEOUT
from app.web.requests_and_responses.client import arrival, current_client
from app.web.server import training_queue as queues
from app.web.server.training_queue import TrainingJob, TrainingQueue

seeds = count(1000)
"""A seed for each training, so that no result is known from another test."""

ENDLESS = {"num_units": 64, "epochs": 200}
"""A training that takes longer than any test."""


def url_state(**fields: object) -> UrlState:
    """A UrlState whose training takes milliseconds, unless it has other fields."""
    values = {"num_units": 1, "epochs": 1, "examples": 64, "trained": "true", "seed": next(seeds)} | fields
    return parse([(name, str(value)) for name, value in values.items()], strict=True)


@pytest.fixture(autouse=True)
def no_lingering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "LINGER", 0.0)


def in_queue(test: Callable[[TrainingQueue], Awaitable[Any]], share: float = 0) -> None:
    """Run a test with a queue, which is closed afterwards."""

    async def all_of_it() -> None:
        queue = TrainingQueue(Budget(training=10**15), share)
        try:
            with fail_after(60):
                await test(queue)
        finally:
            queue.close()
            await sleep(0)

    run(all_of_it)


def join(queue: TrainingQueue, client: str, **fields: object) -> TrainingJob:
    current_client.set(client)
    return queue.join(url_state(**fields))


async def over(job: TrainingJob) -> TrainingJob:
    while not job.is_over:
        await job.wait(1)
    return job


async def epochs(job: TrainingJob, n: int) -> None:
    """Wait for so many epochs."""
    while len(job.epochs) < n:
        await job.wait(1)


def test_trainings_run_one_at_a_time_in_turns_and_know_how_many_are_before_them() -> None:
    async def test(queue: TrainingQueue) -> None:
        first = join(queue, "a", **ENDLESS)
        second, third = join(queue, "a"), join(queue, "b")
        await epochs(first, 1)
        assert [job.before for job in (first, second, third)] == [0, 2, 1]
        assert not second.epochs and not third.epochs

        queue.leave(first)
        await over(third)
        assert third.trained and not second.is_over
        await over(second)
        assert second.trained and second.before == 0 and first.error

    in_queue(test)


def test_equal_requests_share_a_training_which_ends_with_its_last_listener() -> None:
    async def test(queue: TrainingQueue) -> None:
        shown = url_state(**ENDLESS)
        first, other = queue.join(shown), queue.join(shown)
        assert first is other
        await epochs(first, 1)
        process = queue._process._process
        assert process

        queue.leave(first)
        await epochs(first, len(first.epochs) + 1)
        assert not first.is_over, "somebody listens"
        queue.leave(other)
        await over(first)
        assert process.wait(10) and not queue.turns.places
        assert queue.join(shown) is not first, "it can begin again"

    in_queue(test)


def test_a_page_that_is_loaded_again_finds_its_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "LINGER", 0.2)

    async def test(queue: TrainingQueue) -> None:
        shown = url_state(**ENDLESS)
        job = queue.join(shown)
        queue.leave(job)
        assert queue.join(shown) is job
        await sleep(0.3)
        assert not job.is_over

    in_queue(test)


def test_a_training_that_nobody_waits_for_is_dropped_before_it_begins() -> None:
    async def test(queue: TrainingQueue) -> None:
        running, waiting = join(queue, "a", **ENDLESS), join(queue, "b")
        queue.leave(waiting)
        await over(waiting)
        assert waiting.error and queue.turns.places == 1 and not running.is_over

    in_queue(test)


def test_the_result_is_that_of_the_same_training_in_any_process_and_is_cached() -> None:
    async def test(queue: TrainingQueue) -> None:
        shown = url_state(num_units=3, epochs=2, bidirectional="true")
        found, trainer = await queue.result(shown), Trainer(training_of(request_of(shown)))
        assert tuple(trainer) == found.epochs
        expected = trainer.result()
        for place, weights in expected.weights.items():
            assert all(np.array_equal(weight, found.weights[place][id]) for id, weight in weights.items())
        assert all(map(np.array_equal, found.dense, expected.dense))
        assert (found.training, found.first_norms, found.last_norms) == (
            expected.training,
            expected.first_norms,
            expected.last_norms,
        )

        queue.close()
        assert await queue.result(shown) is found is known_result(request_of(shown))
        assert queue._process._process is None, "nothing was trained again"

    in_queue(test)


def test_a_signal_to_stop_that_the_process_gets_as_well_as_its_server_is_no_failure_of_the_training() -> None:
    async def test(queue: TrainingQueue) -> None:
        job = join(queue, "a", num_units=16, epochs=20)
        await epochs(job, 1)
        assert queue._process._process
        for number in (SIGINT, SIGTERM):
            kill(queue._process._process.pid, number)
        await over(job)
        assert job.trained and not job.error

    in_queue(test)


def test_a_training_whose_process_was_killed_can_begin_again_with_the_same_epochs() -> None:
    async def test(queue: TrainingQueue) -> None:
        shown = url_state(**ENDLESS)
        job = queue.join(shown)
        await epochs(job, 2)
        assert queue._process._process
        kill(queue._process._process.pid, SIGKILL)
        await over(job)
        assert isinstance(job.error, HTTPException) and job.error.status_code == 500

        again = queue.join(shown)
        await epochs(again, 2)
        assert again is not job and again.epochs[:2] == job.epochs[:2]

    in_queue(test)


def test_a_request_that_has_waited_for_long_is_told_to_come_back_and_finds_the_training_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queues, "TRAINING_TIMEOUT", 0.0)

    async def test(queue: TrainingQueue) -> None:
        shown = url_state()
        with pytest.raises(HTTPException) as refusal:
            await queue.result(shown)
        assert refusal.value.status_code == 503 and 1 <= int((refusal.value.headers or {})["Retry-After"]) <= 30
        assert "epoch 0 of 1" in str(refusal.value.detail)
        (job,) = queue._jobs.values()
        await over(job)
        assert await queue.result(shown) is job.trained

    in_queue(test)


def test_a_request_that_has_waited_for_an_equal_one_does_not_wait_as_long_again() -> None:
    async def test(queue: TrainingQueue) -> None:
        arrival.set(monotonic() - TRAINING_TIMEOUT)
        with fail_after(5), pytest.raises(HTTPException, match="503"):
            await queue.result(url_state(**ENDLESS))

    in_queue(test)


def test_the_process_ends_after_the_last_training_and_another_one_replaces_one_that_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def test(queue: TrainingQueue) -> None:
        queue.prepare()
        await over(join(queue, "a"))
        process = queue._process._process
        assert process
        kill(process.pid, SIGKILL)
        process.wait()
        job = await over(join(queue, "a"))
        assert job.trained, "it was killed while nothing was trained"

        monkeypatch.setattr(queues, "IDLE", 0.1)
        await over(join(queue, "a"))
        process = queue._process._process
        assert process and process.poll() is None
        while process.poll() is None:
            await sleep(0.05)

    in_queue(test)


def test_a_server_that_trains_nothing_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        queue = TrainingQueue(Budget(training=0))
        started: list[bool] = []
        monkeypatch.setattr(queue._process, "start", lambda: started.append(True))
        queue.prepare()
        await sleep(0.05)
        assert not started

    run(test)


def test_a_client_beyond_its_share_is_rejected_only_while_others_train() -> None:
    async def test(queue: TrainingQueue) -> None:
        queue.shares.take("greedy", TRAINING_BURST + 1)
        await over(join(queue, "greedy"))
        join(queue, "other", **ENDLESS)
        with pytest.raises(HTTPException) as refusal:
            join(queue, "greedy")
        assert refusal.value.status_code == 429 and (refusal.value.headers or {})["Retry-After"]

    in_queue(test, share=1e-3)


def test_a_client_pays_for_its_trainings_also_for_those_that_it_ends() -> None:
    async def test(queue: TrainingQueue) -> None:
        job = join(queue, "a", **ENDLESS)
        await epochs(job, 1)
        paid = TRAINING_BURST - queue.shares.left("a")
        assert paid > 0
        await sleep(0.05)
        queue.leave(job)
        await over(job)
        assert TRAINING_BURST - queue.shares.left("a") > paid

    in_queue(test, share=1e-9)


def test_a_slow_reader_of_the_events_gets_every_epoch() -> None:
    async def test(queue: TrainingQueue) -> None:
        shown = url_state(epochs=30)
        job = queue.join(shown)
        events = TrainingEvents(queue, job, shown)._events(shown)
        sent = [await anext(events), await anext(events)]
        await over(job)
        sent += [event async for event in events]
        names = [event.split()[1].decode() for event in sent]
        assert names == ["wait", *["epoch"] * 30, "result"]

    in_queue(test)


def test_trainings_beyond_the_places_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(queue: TrainingQueue) -> None:
        queue.turns.most = 2
        first = join(queue, "a", **ENDLESS)
        join(queue, "b")
        for client in ("b", "a"):
            with suppress(HTTPException):
                join(queue, client)
                pytest.fail("there was a place")
        assert queue.turns.places == 2 and not first.is_over

    in_queue(test)
