"""How many requests, rooms and messages a client may send, at once and per second."""

OPENED, OPENED_RATE = 100, 1
"""Rooms that a client may open, at once and per second."""

TRIED, TRIED_RATE = 100, 1
"""Wrong room codes that a client may try, at once and per second. Repeating a code does not count, since a class comes
back to a room that is over. To guess one of 33 million codes takes years."""

MESSAGES = 1000
"""How often a client may enter a room, or send a message without a socket, at once; RATE is the number per second. This
is enough for a class that answers and a teacher who drags a slider."""

REFUSED, REFUSED_RATE = 20, 5
"""Rejections that a client gets without delay, at once and per second. Further ones are delayed: a client that repeats
requests without a pause would keep the event loop busy with nothing else."""

UNDER_WAY = 1000
"""Concurrent requests of a client, and as many about rooms, including sockets: enough for a lecture hall behind one
router."""

READ_QUEUE = 2 * UNDER_WAY
"""Long queries that may wait to be parsed: when a lecture hall opens one long link, other clients are not rejected."""
