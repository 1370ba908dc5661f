"""How fast somebody may talk."""

from dataclasses import dataclass

RATE = 40.0
"""Messages a second, over a longer time: a teacher who drags a slider sends twenty."""

BURST = 80
"""So many may come at once."""


@dataclass
class RateLimit:
    """Of one connection. Nothing is dropped: who is too fast is read later. (The "generic cell rate algorithm": ``due``
    is when all that was said so far would have been said at RATE.)"""

    due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next message is read."""
        self.due = max(self.due, now) + 1 / RATE
        return max(0.0, self.due - now - BURST / RATE)
