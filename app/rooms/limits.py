"""Limits of rooms: how many a client may open and enter, their number and lifetimes, their members, and the size and
rate of messages and answers."""

from dataclasses import dataclass

from ..url_state.fields.input_fields import MAX_TEXT_LENGTH
from ..url_state.text_field_types import MAX_ADDRESS_LENGTH

ROOMS_OPENED, ROOMS_OPENED_RATE = 100, 1
"""Rooms that a client may open, at once and per second."""

CODES_TRIED, CODES_TRIED_RATE = 100, 1
"""Wrong room codes that a client may try, at once and per second. Repeating a code does not count, since a class comes
back to a room that is over. To guess one of 33 million codes takes years."""

MESSAGES = 1000
"""How often a client may enter a room, or send a message without a socket, at once; the rate per second is
``MESSAGE_RATE``. This is enough for a class that answers and a teacher who drags a slider."""

MAX_QUERY_LENGTH = 2 * MAX_TEXT_LENGTH + MAX_ADDRESS_LENGTH
"""Characters of a state: a text of letters, as many for everything else, and the equations of a cell."""

MAX_MESSAGE_LENGTH = 8192
"""In characters over a WebSocket, in bytes for the body of a request. A longer message ends the connection."""

MESSAGE_RATE = 40.0
"""Messages per second over one connection, on average. Dragging a slider sends 20."""

MESSAGE_BURST = 80
"""Messages that may arrive at once."""

MAX_ANSWER_LENGTH = 200
MAX_PART_LENGTH = 30
"""Characters of an answer that its verdict quotes."""

LIFETIME = 4 * 3600.0
"""Seconds after which a room expires if its teacher changes nothing: a morning of lessons. Each room has its own."""

UNUSED_LIFETIME = 600.0
"""Seconds after which a room expires if no teacher has led it yet."""

ANSWER_OVERHEAD = 160
"""Bytes that an answer takes in addition to its text and the name of its member, in memory and in Redis."""


@dataclass(frozen=True)
class RoomLimits:
    """What a store has room for. The hubs of rooms read it from their store."""

    rooms: int = 1000
    """A new room beyond this limit replaces the room that would expire first, see ``first_to_expire``."""

    rooms_per_owner: int = 50
    """Rooms of one client."""

    members: int = 1000
    """Members of a room, and answers to a question."""

    answer_bytes: int = 32_000_000
    """Bytes of the answers in all rooms."""

    answer_bytes_per_room: int = 320_000
    """Bytes of the answers in one room, enough for 1,000 members. All rooms of one client take at most half of
    ``answer_bytes``."""

    @property
    def connections(self) -> int:
        """Connections to one room in one process: a member may have the page open twice."""
        return 2 * self.members


DEFAULT_LIMITS = RoomLimits()
