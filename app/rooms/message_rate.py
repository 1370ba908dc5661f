"""The rate limit of messages."""

from dataclasses import dataclass

from .limits import MESSAGE_BURST, MESSAGE_RATE


@dataclass
class RateLimit:
    """The rate limit of one connection. No message is dropped: if they arrive too fast, the next one is read later.

    This is the "generic cell rate algorithm": ``due`` is the time at which all messages so far would have arrived at
    MESSAGE_RATE.
    """

    due: float = 0.0

    def wait(self, now: float) -> float:
        """Count a message, and return the seconds to wait before reading the next one."""
        self.due = max(self.due, now) + 1 / MESSAGE_RATE
        return max(0.0, self.due - now - MESSAGE_BURST / MESSAGE_RATE)
