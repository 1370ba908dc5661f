"""Worker threads that do one job at a time, and queues that are bounded and fair to clients."""

from asyncio import Future, get_running_loop
from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil
from time import monotonic, thread_time
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException

from app.web.allowance import Allowance, asking, is_gone

Made = TypeVar("Made")

LATELY = 0.1
"""How much the last job changes the estimate of how long a job takes."""

MOST_PATIENCE = 30
"""The longest time, in seconds, that a client is told to wait."""

CLIENT_CLOSED_REQUEST = 499
"""The status of a request whose client closed the connection before it was answered: nginx's number, for the log."""


class Lane:
    """A thread that does one job at a time, and a queue of at most ``most`` jobs, the running one among them.

    The clients in the queue take turns, so a job waits for at most one job of each other client. Where the queue is
    full, the client with most jobs in it loses its newest one to a client with fewer. A job whose client has closed the
    connection is dropped when its turn comes.

    A refusal says when to try again: 503 where the queue is full; 429 where other clients wait and this one has had
    more than its share. A client alone is not held to its share: nobody would be better off.
    """

    def __init__(self, most: int, shares: Allowance) -> None:
        self.most, self._shares = most, shares
        self._queues: OrderedDict[str, deque[Future[None]]] = OrderedDict()
        self._running: tuple[str, Future[None]] | None = None
        self._thread = CapacityLimiter(1)
        self._takes = 0.2

    @property
    def jobs(self) -> int:
        """How many jobs are waiting or running."""
        return sum(map(len, self._queues.values())) + (self._running is not None)

    async def do(self, make: Callable[[], Made]) -> Made:
        """The result of ``make``, in its turn. Raises HTTPException, 429, 503 or 499, before anything is made."""
        client = asking.get()
        if self._others_wait(client) and (wait := self._shares.wait(client)):
            raise later(429, wait)
        turn = self._enter(client)
        has_waited = not turn.done()
        try:
            await turn
            if has_waited and await is_gone.get()():
                raise HTTPException(CLIENT_CLOSED_REQUEST, "Client Closed Request")
            return await to_thread.run_sync(self._measured, make, client, limiter=self._thread)
        finally:
            self._leave(client, turn)

    def _others_wait(self, client: str) -> bool:
        """Whether another client has a job here."""
        return any(other != client for other in self._queues) or (
            self._running is not None and self._running[0] != client
        )

    def _enter(self, client: str) -> Future[None]:
        """A place in the queue. It has a result when its turn has come, and an HTTPException where it was lost."""
        if self.jobs >= self.most:
            self._make_room(client)
        turn: Future[None] = get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self._start_next()
        return turn

    def _make_room(self, client: str) -> None:
        """Take a place from the client that has most of them. Raises HTTPException where that is the newcomer."""
        refusal = later(503, self.most * self._takes)
        longest = max(self._queues, key=self._jobs_of, default=client)
        if self._jobs_of(longest) <= self._jobs_of(client) + 1:
            raise refusal
        turn = self._queues[longest].pop()
        self._forget(longest)
        if not turn.done():
            turn.set_exception(refusal)

    def _jobs_of(self, client: str) -> int:
        """How many jobs of a client are waiting or running."""
        return len(self._queues.get(client, ())) + (self._running is not None and self._running[0] == client)

    def _start_next(self) -> None:
        """Give the thread to the client whose turn it is."""
        while self._queues and not self._running:
            client, queue = next(iter(self._queues.items()))
            turn = queue.popleft()
            self._queues.move_to_end(client)
            self._forget(client)
            if not turn.done():  # its request was not cancelled meanwhile
                self._running = client, turn
                turn.set_result(None)

    def _leave(self, client: str, turn: Future[None]) -> None:
        """A job is done, was refused, or its request was cancelled."""
        if self._running == (client, turn):
            self._running = None
            self._start_next()
        elif turn in self._queues.get(client, ()):
            self._queues[client].remove(turn)
            self._forget(client)

    def _forget(self, client: str) -> None:
        if not self._queues[client]:
            del self._queues[client]

    def _measured(self, make: Callable[[], Made], client: str) -> Made:
        """The queue is measured by the clock, a client by the thread's own seconds: that the machine is busy with
        something else is nobody's fault."""
        start, worked = monotonic(), thread_time()
        try:
            return make()
        finally:
            self._takes += LATELY * (monotonic() - start - self._takes)
            self._shares.take(client, thread_time() - worked)


def later(status: int, seconds: float) -> HTTPException:
    """A refusal that says when to try again."""
    return HTTPException(status, headers={"Retry-After": str(min(MOST_PATIENCE, max(1, ceil(seconds))))})
