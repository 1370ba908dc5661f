"""The limits of the web app: how much a client may send and use at once and per second, how long anything may take, and
how many bytes the process holds.

Limits of rooms are in app/rooms/limits.py, those of a run in app/core/work_limits.py, and settings that an environment
variable changes in app/settings.py. docs/security.md and docs/deploy.md name them; tests compare.
"""

from ..core.work_limits import MEGA
from ..rooms.limits import MAX_MESSAGE_LENGTH
from ..url_state.fields.input_fields import MAX_TEXT_LENGTH

# What a client may do

CONCURRENT_REQUESTS = 1000
"""Concurrent requests of a client, and as many about rooms, including sockets: enough for a lecture hall behind one
router."""

PARSING_QUEUE = 2 * CONCURRENT_REQUESTS
"""Long queries that may wait to be parsed: when a lecture hall opens one long link, other clients are not rejected."""

REJECTIONS, REJECTIONS_RATE = 20, 5
"""Rejections that a client gets without delay, at once and per second. Further ones are delayed: a client that repeats
requests without a pause would keep the event loop busy with nothing else."""

CPU_BURST = 30.0
"""Seconds of CPU time that a client may use at once, before its share limits it: a class of 300 opens 300 pages."""

TRAINING_BURST = 120.0
"""Seconds of training that a client may use at once, before its share limits it: a class may share one address."""

WAITING_TRAININGS = 32
"""The maximum number of trainings that wait, with the one that runs."""

# How large a request may be

LONGEST_ADDRESS = 1 << (12 * MAX_TEXT_LENGTH).bit_length()
"""Bytes of a path and its query: the next power of two after what a text takes whose characters are four bytes each,
percent-encoded. 32 KB."""

MOST_FIELDS = 100
"""Fields of a query: the app knows half as many, and mail programs add others."""

SLOW_QUERY = 2**10
"""Bytes of a query above which parsing it takes the event loop a millisecond or more: such queries take turns."""

MOST_FORM_FIELDS = 1024
"""Fields of a form that are read: more than the sizes that the text of a model can leave open."""

MOST_BODY = MAX_MESSAGE_LENGTH
"""Bytes of the body of a request, unless its path accepts a larger form: a message to a room has no more."""

MOST_DISCARDED = 2**20
"""Bytes of a body that is too large and is still read, so that the client gets the response: if data is not read when a
connection is closed, the client may only see that it was reset."""

LONGEST_HEAD = 2 * LONGEST_ADDRESS
"""Bytes of the head of a request: the request line and all headers."""

MOST_HEADERS = 100
"""Headers of a request: browsers send 20, and proxies add 10."""

LONGEST_FRAME = 4 * MAX_MESSAGE_LENGTH
"""Bytes of a WebSocket message: a character of UTF-8 has at most four."""

MOST_FRAGMENTS = 64
"""Frames of one message."""

# How long anything may take, in seconds

READ_TIMEOUT = 10.0
"""From the connection, or the first byte of a request, to its end."""

WRITE_TIMEOUT = 30.0
"""In which a client must read what it is sent."""

TRAINING_TIMEOUT = 20.0
"""For which a request waits for the result of a training, or for an equal request that does."""

STORE_TIMEOUT = 1.0
"""In which the store of the rooms must respond to /readyz."""

SHUTDOWN_TIMEOUT = 8
"""For responses when the server stops. Docker kills it after 10 s, Kubernetes after terminationGracePeriodSeconds of
deploy/k8s/app.yaml."""

MAX_RETRY_AFTER = 30
"""The largest Retry-After."""

# How many bytes the process holds for its clients

MOST_HELD = 96 * MEGA
"""For all clients together."""

RESPONSES_SHARE = MOST_HELD // 3
"""For the responses to one client."""

CONNECTIONS_SHARE = MOST_HELD // 2
"""For the connections of one client: more, since a class may share one address. Connections from a trusted proxy count
for the proxy's client while they carry its request."""

RESERVE = 8 * MEGA
"""Above ``MOST_HELD``, up to which connections are still accepted, so that probes get a response."""
