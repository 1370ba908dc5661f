"""The rate limit of messages."""

from dataclasses import dataclass

RATE = 40.0
"""Messages per second, on average. Dragging a slider sends 20."""

BURST = 80
"""Messages that may arrive at once."""


@dataclass
class RateLimit:
    """The rate limit of one connection. No message is dropped: if they arrive too fast, the next one is read later.

    This is the "generic cell rate algorithm": ``due`` is the time at which all messages so far would have arrived at
    RATE.
    """

    due: float = 0.0

    def wait(self, now: float) -> float:
        """Count a message, and return the seconds to wait before reading the next one."""
        self.due = max(self.due, now) + 1 / RATE
        return max(0.0, self.due - now - BURST / RATE)
