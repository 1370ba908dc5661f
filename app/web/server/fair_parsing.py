"""Parses input from clients in turn, so that a client with thousands of connections does not delay the others."""

from asyncio import AbstractEventLoop
from collections import OrderedDict, deque
from collections.abc import Callable
from weakref import WeakKeyDictionary

AT_ONCE = 4
"""Pieces of input that are parsed in one iteration of the event loop. Handling a piece may take milliseconds, and a
response takes several iterations."""

Begin = Callable[[], None]


class Gate:
    """Admits ``AT_ONCE`` pieces in each iteration of the event loop. Waiting clients take turns, one piece each."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: OrderedDict[str, deque[Begin]] = OrderedDict()
        self._left = AT_ONCE
        self._is_open = False

    def enter(self, client: str, begin: Begin) -> bool:
        """Whether a piece may be parsed now. If not, ``begin`` is called when it is this client's turn."""
        if not self._is_open:
            self._is_open = True
            self._loop.call_soon(self._next_round)
        if self._left and not self._waiting:
            self._left -= 1
            return True
        self._waiting.setdefault(client, deque()).append(begin)
        return False

    def _next_round(self) -> None:
        was_used, self._left = self._left < AT_ONCE, AT_ONCE
        while self._left and self._waiting:
            client, queue = next(iter(self._waiting.items()))
            self._loop.call_soon(queue.popleft())
            self._left -= 1
            self._waiting.move_to_end(client)
            if not queue:
                del self._waiting[client]
        self._is_open = was_used or self._left < AT_ONCE
        if self._is_open:
            self._loop.call_soon(self._next_round)


_gates = WeakKeyDictionary[AbstractEventLoop, Gate]()


def gate_of(loop: AbstractEventLoop) -> Gate:
    """The gate of an event loop."""
    if loop not in _gates:
        _gates[loop] = Gate(loop)
    return _gates[loop]
