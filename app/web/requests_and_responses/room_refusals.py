"""Why a room refuses or disconnects a client: one row for each reason.

The page shows the words as they are. It retries after the statuses 409 and 429 and the close code 4429, and gives up
after any other status from 400 to 499 and the close codes 4400 to 4499: see static/js/room/connection.js.
"""

from dataclasses import dataclass, replace

from ...rooms.room_connections import FullError, NoRoomError
from ...rooms.store import StoreError
from ...translations.phrases import phrase


@dataclass(frozen=True)
class Refusal:
    """The HTTP status of a request, the close code of a WebSocket, and the text for the page."""

    status: int
    close_code: int
    words: str = ""


NO_ROOM = Refusal(404, 4404, phrase("This room does not exist or has ended."))
OVER = Refusal(410, 4410, phrase("The lesson has ended."))
FULL = Refusal(409, 4429, phrase("The room is full."))
OUT_OF_REACH = Refusal(503, 1013)
OTHER_SITE = Refusal(403, 1008, phrase("This page belongs to another site"))

REFUSALS: dict[type[Exception], Refusal] = {NoRoomError: NO_ROOM, FullError: FULL, StoreError: OUT_OF_REACH}
"""By the error that a room raises. A row without words has those of the error."""


def refusal_of(error: Exception) -> Refusal:
    """The row of an error."""
    row = next(row for kind, row in REFUSALS.items() if isinstance(error, kind))
    return row if row.words else replace(row, words=error.args[0])
