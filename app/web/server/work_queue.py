"""Bounded queues in which clients take turns, and worker threads that do one job at a time."""

from asyncio import Future, get_running_loop
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic, thread_time
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from ..requests_and_responses.client import current_client, is_disconnected
from ..requests_and_responses.refusals import client_closed, later
from .token_bucket import TokenBuckets

Result = TypeVar("Result")

SMOOTHING = 0.1
"""The weight of the last job in the moving average of how long a job takes."""


class FairQueue:
    """A queue in which clients take turns, so that a client waits for at most one turn of each other client.

    One turn is taken at a time. The queue has at most ``most`` places, including the one whose turn it is. If it is
    full, the client with the most places loses its newest one to a client with fewer.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        """An estimate of how long a turn takes, for ``Retry-After``."""
        self._queues: OrderedDict[str, deque[Future[None]]] = OrderedDict()
        self._running: tuple[str, Future[None]] | None = None

    @property
    def places(self) -> int:
        """The number of places taken."""
        return sum(map(len, self._queues.values())) + (self._running is not None)

    def others_wait(self, client: str) -> bool:
        """Whether another client has a place."""
        return any(other != client for other in self._queues) or (
            self._running is not None and self._running[0] != client
        )

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[bool]:
        """A client's turn. Yields whether the client had to wait for it. Raises HTTPException, 503, if there is no
        place or the place was lost."""
        turn = self.enter(client)
        has_waited = not turn.done()
        try:
            await turn
            yield has_waited
        finally:
            self.leave(client, turn)

    def enter(self, client: str) -> Future[None]:
        """A place in the queue. The future has a result when it is its turn, and an HTTPException if it was lost.
        Raises HTTPException, 503, if there is no place."""
        if self.places >= self.most:
            self._make_room(client)
        turn: Future[None] = get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(turn)
        self._start_next()
        return turn

    def _make_room(self, client: str) -> None:
        """Take a place from the client with the most places. Raises HTTPException if that is ``client`` itself."""
        refusal = later(503, self.most * self.seconds)
        longest = max(self._queues, key=self._places_of, default=client)
        if self._places_of(longest) <= self._places_of(client) + 1:
            raise refusal
        turn = self._queues[longest].pop()
        self._forget(longest)
        if not turn.done():
            turn.set_exception(refusal)

    def _places_of(self, client: str) -> int:
        return len(self._queues.get(client, ())) + (self._running is not None and self._running[0] == client)

    def _start_next(self) -> None:
        """Start the turn of the next client."""
        while self._queues and not self._running:
            client, queue = next(iter(self._queues.items()))
            turn = queue.popleft()
            self._queues.move_to_end(client)
            self._forget(client)
            if not turn.done():  # its request was not cancelled meanwhile
                self._running = client, turn
                turn.set_result(None)

    def before(self, client: str, turn: Future[None]) -> int:
        """The number of turns before one that waits, as long as nobody else comes."""
        if turn not in self._queues.get(client, ()):
            return 0
        running = self._running[0] if self._running else None
        order = sorted(self._queues, key=lambda other: other == running)  # whose next turn is after one of all others
        rounds, first = self._queues[client].index(turn), order.index(client)
        turns = (min(len(self._queues[other]), rounds + (n < first)) for n, other in enumerate(order) if n != first)
        return int(self._running is not None) + rounds + sum(turns)

    def leave(self, client: str, turn: Future[None]) -> None:
        """End a turn that is over, was rejected, or whose request was cancelled."""
        if self._running == (client, turn):
            self._running = None
            if client in self._queues:
                self._queues.move_to_end(client)  # behind clients that came meanwhile
            self._start_next()
        elif turn in self._queues.get(client, ()):
            self._queues[client].remove(turn)
            self._forget(client)

    def _forget(self, client: str) -> None:
        if not self._queues[client]:
            del self._queues[client]


class WorkQueue:
    """A thread that does one job at a time, and a queue of at most ``most`` jobs, including the running one, in which
    clients take turns. A job whose client has closed the connection is dropped when its turn comes.

    A rejection has a Retry-After: 503 if the queue is full; 429 if other clients wait and this one has used more than
    its share. A client that is alone may exceed its share, since nobody would benefit from a rejection.
    """

    def __init__(self, most: int, shares: TokenBuckets) -> None:
        self.turns, self._shares = FairQueue(most, 0.2), shares
        self._thread = CapacityLimiter(1)

    async def do(self, make: Callable[[], Result]) -> Result:
        """The result of ``make``, called in its turn. Raises HTTPException, 429, 503 or 499, without calling it."""
        client = current_client.get()
        if self.turns.others_wait(client) and (wait := self._shares.wait(client)):
            raise later(429, wait)
        async with self.turns.turn(client) as has_waited:
            if has_waited and await is_disconnected.get()():
                raise client_closed()
            return await to_thread.run_sync(self._measured, make, client, limiter=self._thread)

    def _measured(self, make: Callable[[], Result], client: str) -> Result:
        """Call ``make`` and measure it. The estimate of the queue is in wall time; the client pays in the thread's CPU
        time, since a busy machine is not its fault."""
        start, cpu_start = monotonic(), thread_time()
        try:
            return make()
        finally:
            self.turns.seconds += SMOOTHING * (monotonic() - start - self.turns.seconds)
            self._shares.take(client, thread_time() - cpu_start)
