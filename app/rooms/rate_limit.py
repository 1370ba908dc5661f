"""How fast messages may come."""

from dataclasses import dataclass

RATE = 40.0
"""Messages a second, on average: a teacher who drags a slider sends twenty."""

BURST = 80
"""How many may come at once."""


@dataclass
class RateLimit:
    """The rate limit of one connection. No message is dropped: too fast ones are read later.

    This is the "generic cell rate algorithm": ``due`` is when all messages so far would have come at RATE.
    """

    due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next message may be read."""
        self.due = max(self.due, now) + 1 / RATE
        return max(0.0, self.due - now - BURST / RATE)
