"""Trainings, one at a time. Clients take turns, and all that ask for the same training share one: it goes on as long as
somebody listens."""

from asyncio import Event, Future, Task, create_task, get_running_loop, timeout
from collections.abc import Hashable
from contextlib import suppress
from functools import partial
from logging import getLogger
from time import monotonic

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException

from ...core.work_limits import Budget
from ...training.trainer import DivergedError
from ...training.training_and_result import Epoch, Snapshot, Trained
from ...translations.phrases import phrase
from ...url_state.url_state import UrlState
from ...url_state_to_picture.training.affordable import fits, refusal
from ...url_state_to_picture.training.cached_trainings import (
    divergence,
    keep_divergence,
    keep_result,
    known_divergence,
    known_result,
)
from ...url_state_to_picture.training.training_request import TrainingRequest
from ...url_state_to_picture.training.training_request_of_state import request_of
from ..limits_and_timeouts import MAX_RETRY_AFTER, TRAINING_BURST, TRAINING_TIMEOUT, WAITING_TRAININGS
from ..requests_and_responses.client import arrival, current_client, is_disconnected
from ..requests_and_responses.refusals import client_closed, later
from . import metrics
from .token_bucket import TokenBuckets
from .training_process import TrainingProcess
from .work_queue import SMOOTHING, FairQueue, WorkQueue

REFUSED = 64
"""The maximum number of requests that wait for the reason why they are refused."""

USUAL = 3.0
"""Seconds that a training usually takes: the first estimate."""

CHECK_INTERVAL = 0.5
"""Seconds between two checks whether a client that waits is still connected."""

LINGER = 1.0
"""Seconds for which a training goes on after its last listener has left: a page that is loaded again finds it."""

GRACE = MAX_RETRY_AFTER + 15.0
"""Seconds for which a training goes on without a listener after a client was told to come back."""

IDLE = 300.0
"""Seconds after the last training at which its process is ended, which takes 50 MB."""

logger = getLogger("uvicorn.error")


class TrainingJob:
    """A training that waits, runs or is over. ``before``: the number of trainings before it; ``error``: why it has no
    result; ``stops_at``: when it ends without listeners; ``began``: when its turn came; ``charged``: until when its
    client has paid; ``snapshot``: the network as it was not long ago, with the ``pictures`` that were drawn of it."""

    def __init__(self, request: TrainingRequest, client: str, turn: Future[None]) -> None:
        self.request, self.client, self.turn = request, client, turn
        self.epochs: list[Epoch] = []
        self.before = 0
        self.snapshot: Snapshot | None = None
        self.pictures: dict[Hashable, str] = {}
        self.trained: Trained | None = None
        self.error: Exception | None = None
        self.listeners = 0
        self.stops_at = 0.0
        self.began = self.charged = 0.0
        self.task: Task[None] | None = None
        self._changed = Event()

    @property
    def is_over(self) -> bool:
        return self.trained is not None or self.error is not None

    @property
    def seconds_left(self) -> float:
        """An estimate of how long it will take, once it has begun."""
        done = len(self.epochs)
        return (monotonic() - self.began) / done * (self.request.schedule.epochs - done) if done else USUAL

    def outcome(self) -> Trained:
        """The result. Raises the error if there is one."""
        if self.error:
            raise self.error
        assert self.trained
        return self.trained

    def change(self) -> None:
        """Wake all that wait for a change."""
        self._changed.set()
        self._changed = Event()

    def show(self, snapshot: Snapshot) -> None:
        """The network has learned more."""
        self.snapshot, self.pictures = snapshot, {}
        self.change()

    async def wait(self, seconds: float) -> bool:
        """Wait for a change, so many seconds at most. Returns whether there was one."""
        with suppress(TimeoutError):
            async with timeout(seconds):
                return await self._changed.wait()
        return False


class TrainingQueue:
    """The trainings of a process, as large as a budget allows. ``share``: see ``Runner``."""

    def __init__(self, budget: Budget, share: float = 0) -> None:
        self.budget = budget
        self.turns, self.shares = FairQueue(WAITING_TRAININGS, USUAL), TokenBuckets(TRAINING_BURST, share)
        self._refused = WorkQueue(REFUSED, self.shares)
        self._jobs: dict[TrainingRequest, TrainingJob] = {}
        self._process = TrainingProcess()
        self._threads = CapacityLimiter(2)  # one may still be ending
        self._ended = 0.0

    async def result(self, state: UrlState) -> Trained:
        """The result of a UrlState's training. Raises FieldError if it diverges, HTTPException, 503, if it takes longer
        than a request waits, and what ``check`` and ``join`` raise."""
        await self.check(state)
        job, has_closed, end = self.join(state), is_disconnected.get(), arrival.get(monotonic()) + TRAINING_TIMEOUT
        try:
            while not job.is_over:
                if (left := end - monotonic()) <= 0:
                    job.stops_at = monotonic() + GRACE
                    raise self._not_yet(job)
                await job.wait(min(left, CHECK_INTERVAL))
                if not job.is_over and await has_closed():
                    raise client_closed()
            return job.outcome()
        finally:
            self.leave(job)

    async def check(self, state: UrlState) -> None:
        """Raises FieldError if a UrlState's training is too much work."""
        if not fits(state, self.budget):
            metrics.TRAININGS.labels("too large").inc()
            if error := await self._refused.do(lambda: refusal(state, self.budget)):
                raise error

    def join(self, state: UrlState) -> TrainingJob:
        """Listen to a UrlState's training, which is started unless it runs or its result is known; see ``check`` first.
        Raises HTTPException: 503 if too many wait, and 429 if others wait and this client has used more than its
        share."""
        request, client = request_of(state), current_client.get()
        job = self._jobs.get(request)
        if trained := known_result(request):
            job = TrainingJob(request, client, get_running_loop().create_future())
            job.epochs, job.trained = [*trained.epochs], trained
            metrics.TRAININGS.labels("kept").inc()
        elif (epochs := known_divergence(request)) is not None:
            job = TrainingJob(request, client, get_running_loop().create_future())
            job.epochs, job.error = [*epochs], divergence(request, epochs)
            metrics.TRAININGS.labels("kept").inc()
        elif not job:
            if self.turns.others_wait(client) and (wait := self.shares.wait(client)):
                raise later(429, wait)
            job = self._jobs[request] = TrainingJob(request, client, self.turns.enter(client))
            job.before = self.turns.before(client, job.turn)
            job.task = create_task(self._train(job))
            job.task.add_done_callback(partial(self._settle, job))
        job.listeners += 1
        return job

    def leave(self, job: TrainingJob) -> None:
        """Stop listening to a training. It ends soon after its last listener has left, or later if somebody was told to
        come back."""
        job.listeners -= 1
        if not job.listeners and not job.is_over:
            wait = max(LINGER, job.stops_at - monotonic())
            get_running_loop().call_later(wait, self._end_if_alone, job)

    def prepare(self) -> None:
        """Start the process for somebody who is about to train, which takes a third of a second. Returns at once."""
        if not self.budget.training:
            return
        loop, self._ended = get_running_loop(), monotonic()
        loop.run_in_executor(None, self._process.start)
        loop.call_later(IDLE, self._end_if_idle)

    def close(self) -> None:
        """End all trainings, when the server stops."""
        for job in [*self._jobs.values()]:
            if job.task:
                job.task.cancel()
        self._process.end()

    def _end_if_alone(self, job: TrainingJob) -> None:
        is_kept = job.listeners or job.is_over or monotonic() < job.stops_at - LINGER
        if job.task and not is_kept:
            job.task.cancel()

    async def _train(self, job: TrainingJob) -> None:
        """Wait for the turn of a training and run it."""
        try:
            await job.turn
            job.began = job.charged = monotonic()
            self._tell_waiting()
            loop = get_running_loop()

            def on_epoch(epoch: Epoch, seconds: float) -> None:
                loop.call_soon_threadsafe(self._add, job, epoch, seconds)

            def on_snapshot(snapshot: Snapshot) -> None:
                loop.call_soon_threadsafe(job.show, snapshot)

            job.trained = await to_thread.run_sync(
                self._process.run,
                job.request,
                on_epoch,
                lambda: not job.is_over,
                on_snapshot,
                abandon_on_cancel=True,
                limiter=self._threads,
            )
        except HTTPException as error:
            job.error = error
        except DivergedError:
            job.error = divergence(job.request, job.epochs)
            keep_divergence(job.request, job.epochs)
        except Exception:
            logger.exception("A training has failed")
            job.error = HTTPException(500)

    def _add(self, job: TrainingJob, epoch: Epoch, seconds: float) -> None:
        """An epoch has come, which took so many seconds of CPU time: a busy machine is not the client's fault."""
        job.epochs.append(epoch)
        job.charged = monotonic()
        self.shares.take(job.client, seconds)
        job.change()

    def _settle(self, job: TrainingJob, _: Task[None]) -> None:
        """A training is over, or was cancelled, perhaps before it began."""
        del self._jobs[job.request]
        metrics.TRAININGS.labels("trained" if job.trained else "failed" if job.error else "ended").inc()
        if job.trained:
            keep_result(job.request, job.trained)
        if not job.is_over:
            job.error = later(503, USUAL)  # nobody reads it, unless the server stops
            if job.began:
                self.shares.take(job.client, monotonic() - job.charged)
                self._process.end()
        if job.began:
            self.turns.seconds += SMOOTHING * (monotonic() - job.began - self.turns.seconds)
            self._ended = monotonic()
            get_running_loop().call_later(IDLE, self._end_if_idle)
        self.turns.leave(job.client, job.turn)
        self._tell_waiting()
        job.change()

    def _tell_waiting(self) -> None:
        """Tell the trainings that wait how many are before them."""
        for job in self._jobs.values():
            before = self.turns.before(job.client, job.turn)
            if before != job.before:
                job.before = before
                job.change()

    def _end_if_idle(self) -> None:
        if not self._jobs and monotonic() - self._ended >= IDLE:
            self._process.end()

    def _not_yet(self, job: TrainingJob) -> HTTPException:
        """The rejection of a request that has waited for long enough: the training goes on for some time."""
        refusal = later(503, job.seconds_left + job.before * self.turns.seconds)
        refusal.detail = phrase(
            "The training is not over: epoch {done} of {epochs}. Try again in {seconds} seconds",
            done=len(job.epochs),
            epochs=job.request.schedule.epochs,
            seconds=(refusal.headers or {})["Retry-After"],
        )
        return refusal
