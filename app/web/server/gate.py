"""Whose bytes are parsed next: clients take turns, so that one with thousands of connections holds up no other."""

from asyncio import AbstractEventLoop
from collections import OrderedDict, deque
from collections.abc import Callable
from weakref import WeakKeyDictionary

AT_ONCE = 4
"""Pieces that are parsed in one round of the event loop. What is done with one may take milliseconds, and a response
needs several rounds."""

Begin = Callable[[], None]


class Gate:
    """Lets in ``AT_ONCE`` pieces in each round of the event loop, one of each client that waits in turn."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: OrderedDict[str, deque[Begin]] = OrderedDict()
        self._left = AT_ONCE
        self._is_open = False

    def enter(self, client: str, begin: Begin) -> bool:
        """Whether a piece may be parsed now; if not, ``begin`` is called when its turn has come."""
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
    """The one of an event loop."""
    if loop not in _gates:
        _gates[loop] = Gate(loop)
    return _gates[loop]
