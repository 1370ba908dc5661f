"""A real server on a real socket: malformed and slow requests, stalled clients, WebSockets, and the log."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from zlib import decompressobj

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection, connect

from app.process_environment import SETTINGS
from app.rooms.limits import MESSAGE_BURST
from app.web.limits_and_timeouts import LONGEST_FRAME, MOST_BODY, MOST_DISCARDED
from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]

QUICK = """
import sys
from app import cli
from app.web.server import connections
connections.READ_TIMEOUT = connections.WRITE_TIMEOUT = 0.5
from app import main
create = main.create_app
def broken():
    app = create()
    async def fail():
        raise RuntimeError("a part of the program is wrong")
    app.get("/broken.json")(fail)
    return app
main.create_app = broken
sys.exit(cli.main(["serve", "--port", sys.argv[1]]))
"""
"""Starts the real server with shorter timeouts and with a path that fails."""


class RealServer:
    """A server process with its log."""

    def __init__(self, folder: Path) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        program = folder / "serve.py"
        program.write_text(QUICK)
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(program), str(self.port)],
                cwd=ROOT,
                env={**SETTINGS, "PYTHONPATH": str(ROOT), "UNROLLED_METRICS": str(self.metrics_port)},
                stdout=log,
                stderr=log,
            )

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def get(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def read(self, path: str, method: str = "GET") -> str:
        with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", method=method), timeout=20) as response:
            text: str = response.read().decode()
            return text

    def metrics(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=20) as response:
            text: str = response.read().decode()
            return text

    def open_room(self) -> dict[str, str]:
        """Open a room, and return its code and secret."""
        room: dict[str, str] = json.loads(self.read("/rooms", "POST"))
        return room

    def is_alive(self) -> bool:
        try:
            return self.get("/healthz") == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    server = RealServer(tmp_path_factory.mktemp("server"))
    deadline = time.monotonic() + 60
    while not server.is_alive() and time.monotonic() < deadline:
        assert server.process.poll() is None, server.log.read_text()
        time.sleep(0.1)
    yield server
    server.process.terminate()
    server.process.wait(20)


def receive_all(connection: socket.socket) -> bytes:
    """All bytes until the other side closes the connection."""
    parts = []
    try:
        while part := connection.recv(2**16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


@contextmanager
def small_buffers(server: RealServer) -> Iterator[socket.socket]:
    """A connection with small buffers on the side of the client."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**12)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**12)
        connection.connect(("127.0.0.1", server.port))
        yield connection


@contextmanager
def raw_websocket(server: RealServer, room: dict[str, str]) -> Iterator[socket.socket]:
    """A WebSocket in a room, as a raw socket after the handshake."""
    key = "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13"
    head = (
        f"GET /rooms/{room['code']} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n\r\n"
    )
    with small_buffers(server) as connection:
        connection.sendall(head.encode())
        response = b""
        while not response.endswith(b"\r\n\r\n"):
            response += connection.recv(1)
        yield connection


@contextmanager
def stalled(server: RealServer, room: dict[str, str]) -> Iterator[None]:
    """A client in a room that reads nothing."""
    with raw_websocket(server, room):
        while "unrolled_room_members 3.0" not in server.metrics():
            time.sleep(0.05)
        yield


def frame(opcode: Opcode, data: bytes = b"", fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def accepted_bytes(connection: socket.socket, data: bytes) -> int:
    """The number of bytes that the server accepts from a client that reads nothing."""
    connection.settimeout(1)
    count, end = 0, time.monotonic() + 3
    with suppress(OSError):
        while time.monotonic() < end:
            count += connection.send(data[count % len(data) :])
    return count


def until_closed(socket: ClientConnection) -> Iterator[str | bytes]:
    """All messages until the connection is closed."""
    with suppress(ConnectionClosedError):
        yield from socket


def test_endless_request_headers_are_rejected(server: RealServer) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
        try:
            for _ in range(40):
                connection.sendall(b"x" * 2048)
        except ConnectionError:
            pass
        response = receive_all(connection)
    assert response == b"" or response.startswith(b"HTTP/1.1 431 ")
    assert server.is_alive()


def test_too_many_headers_are_rejected(server: RealServer) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(7000)))
        assert receive_all(connection).startswith(b"HTTP/1.1 431 ")


def test_a_long_url_gets_414(server: RealServer) -> None:
    assert server.get("/?title=" + "x" * 40_000) == 414


def test_a_request_that_is_not_http_gets_400_with_security_headers(server: RealServer) -> None:
    with server.connect() as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        response = receive_all(connection)
    assert response.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Content-Security-Policy: default-src 'none'" in response and response.endswith(b"\r\n\r\nBad Request")


def test_an_idle_connection_is_closed(server: RealServer) -> None:
    with server.connect() as connection:
        assert receive_all(connection) == b""


def test_a_slow_request_gets_408(server: RealServer) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        start = time.monotonic()
        connection.settimeout(0.1)
        response = b""
        while not response and time.monotonic() < start + 15:
            try:
                connection.sendall(b"X")
                response = connection.recv(1000)
            except TimeoutError:
                pass
    assert response.startswith(b"HTTP/1.1 408 ")


def test_a_missing_request_body_does_not_block_the_connection(server: RealServer) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        assert receive_all(connection).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("size", [MOST_BODY + 1, MOST_DISCARDED])
def test_a_client_that_sends_a_large_body_gets_the_response(server: RealServer, size: int) -> None:
    """If the server closed the connection before the client has sent the body, the client would not get it."""
    with server.connect() as connection:
        connection.sendall(b"POST /rooms HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % size)
        for start in range(0, size, 2**18):
            time.sleep(0.05)
            connection.sendall(bytes(min(2**18, size - start)))
        time.sleep(0.05)
        assert receive_all(connection).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "more", [b"Content-Length: %d" % (MOST_DISCARDED + 1), b"Content-Length: 9000\r\nExpect: 100-continue"]
)
def test_a_body_that_is_not_read_is_not_waited_for(server: RealServer, more: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(b"POST /rooms HTTP/1.1\r\nHost: x\r\n%b\r\n\r\n" % more)
        assert receive_all(connection).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_does_not_read_is_disconnected(server: RealServer) -> None:
    """Otherwise it could hold 30 MB indefinitely."""
    with server.connect() as connection:
        connection.sendall(b"GET /weights.npz?num_units=1300 HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1, socket.MSG_PEEK)  # the file has been made
        time.sleep(4)
        received = len(receive_all(connection))
    assert 0 < received < 27_000_000
    assert server.is_alive()


def test_a_connection_can_be_reused_after_a_pause(server: RealServer) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    for _ in range(3):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}'
        time.sleep(1)
    connection.close()


def test_students_get_states_in_order_and_the_end_of_the_lesson(server: RealServer) -> None:
    room = server.open_room()
    address = f"ws://127.0.0.1:{server.port}/rooms/{room['code']}"
    with ExitStack() as connections:
        teacher, *students = (
            connections.enter_context(connect(f"{address}?member={name}", close_timeout=1)) for name in "tab"
        )
        teacher.send(json.dumps({"lead": room["secret"]}))
        for seed in range(30):
            teacher.send(json.dumps({"show": f"?seed={seed}"}))
        teacher.send(json.dumps({"close": True}))
        for student in students:
            states = [message["room"] for message in map(json.loads, until_closed(student)) if "room" in message]
            numbers = [state["number"] for state in states]
            assert numbers == sorted(set(numbers))
            assert states[-1] == {"number": 32, "page": "", "query": "?seed=29", "asked": None, "over": True}
            assert student.close_code == 4410


def test_a_stalled_student_is_disconnected_and_delays_nobody(server: RealServer) -> None:
    room = server.open_room()
    address = f"ws://127.0.0.1:{server.port}/rooms/{room['code']}"
    with (
        connect(f"{address}?member=t", close_timeout=1, max_queue=None) as teacher,
        connect(f"{address}?member=a", close_timeout=1) as student,
        stalled(server, room),
    ):
        teacher.send(json.dumps({"lead": room["secret"]}))
        for n in range(60):
            teacher.send(json.dumps({"show": f"?title={n}&data=text&text={'%C3%A9' * 640}"}))
            state = next(m["room"] for m in map(json.loads, student) if m.get("room", {}).get("number", 0) > 1 + n)
            assert state["query"].startswith(f"?title={n}&")
        deadline = time.monotonic() + 20
        while "unrolled_room_members 2.0" not in server.metrics() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "unrolled_room_members 2.0" in server.metrics()


@pytest.mark.parametrize(
    "flood",
    [
        frame(Opcode.PING, b"x" * 125),
        frame(Opcode.PING),
        frame(Opcode.PONG, b"x" * 125),
        frame(Opcode.TEXT),
        frame(Opcode.TEXT, b'{"answer": "3 x 5"}'),
    ],
    ids=["pings", "empty pings", "pongs", "empty messages", "answers"],
)
def test_frames_of_any_kind_are_rate_limited(server: RealServer, flood: bytes) -> None:
    with raw_websocket(server, server.open_room()) as connection:
        assert accepted_bytes(connection, flood * 1000) < 300_000
    assert server.is_alive()


def test_pings_are_answered_after_a_burst(server: RealServer) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/rooms/{server.open_room()['code']}") as socket:
        pongs = [socket.ping(f"{n}") for n in range(MESSAGE_BURST + 20)]
        assert all(pong.wait(20) for pong in pongs)


def test_a_message_of_endless_fragments_ends_the_connection(server: RealServer) -> None:
    for fragment in (b"", b"x" * 1000):
        with raw_websocket(server, server.open_room()) as connection:
            connection.sendall(frame(Opcode.TEXT, fragment, fin=False))
            connection.sendall(frame(Opcode.CONT, fragment, fin=False) * (LONGEST_FRAME // 1000 if fragment else 70))
            connection.settimeout(20)
            assert frame_of_close(1009) in receive_all(connection)


def frame_of_close(code: int) -> bytes:
    """The start of the payload of a closing frame."""
    return code.to_bytes(2, "big")


def test_pipelined_requests_are_answered_in_order(server: RealServer) -> None:
    paths = [f"/{n}.json" for n in range(50)]
    with server.connect() as connection:
        endings = ["" for _ in paths[1:]] + ["Connection: close\r\n"]
        lines = [f"GET {path} HTTP/1.1\r\nHost: x\r\n{end}\r\n" for path, end in zip(paths, endings, strict=True)]
        connection.sendall("".join(lines).encode())
        answers = receive_all(connection).decode()
    assert re.findall(r'"value":"(/\d+\.json)"', answers) == paths


def test_pipelined_requests_are_not_read_if_responses_are_not(server: RealServer) -> None:
    with small_buffers(server) as connection:
        assert accepted_bytes(connection, b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n" * 1000) < 300_000
    assert server.is_alive()


def test_a_follower_without_a_websocket_is_counted_as_a_member_not_as_a_request(server: RealServer) -> None:
    deadline = time.monotonic() + 20
    while "unrolled_room_members 0.0" not in server.metrics() and time.monotonic() < deadline:
        time.sleep(0.1)  # members of earlier tests
    path = f"/rooms/{server.open_room()['code']}/events"
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("POST", path)
    connection.getresponse().readline()
    metrics = server.metrics().splitlines()
    assert "unrolled_room_members 1.0" in metrics
    assert "unrolled_answers_under_way 0.0" in metrics
    connection.close()


def test_the_log_has_the_error_but_no_personal_data(server: RealServer) -> None:
    assert server.get("/broken.json?text=a+secret+of+the+student&data=text") == 500
    assert server.get("/trace.json?num_units=a+secret+of+the+student") == 422

    log = server.log.read_text()
    assert "RuntimeError: a part of the program is wrong" in log
    assert "secret" not in log and "broken.json" not in log
    assert "127.0.0.1:" not in log.replace(f"http://127.0.0.1:{server.port}", "")


def events(response: HTTPResponse) -> Iterator[tuple[str, Any]]:
    """Server-sent events, compressed with gzip, as they come."""
    decompressor, text = decompressobj(wbits=31), ""
    while compressed := response.read1():
        text += decompressor.decompress(compressed).decode()
        *complete, text = text.split("\n\n")
        for event in complete:
            name, _, data = event.partition("\ndata: ")
            yield name.removeprefix("event: "), json.loads(data or "null")


def test_the_epochs_of_a_training_come_one_by_one_and_it_ends_when_nobody_listens(server: RealServer) -> None:
    """They are compressed, but not delayed. When the client has gone, the next training begins."""
    connections = [HTTPConnection("127.0.0.1", server.port, timeout=30) for _ in range(2)]
    for connection, query in zip(connections, ("num_units=64&epochs=150", "num_units=1&epochs=1"), strict=True):
        connection.request("GET", f"/training?{query}", headers={"Accept-Encoding": "gzip"})
    first, second = (connection.getresponse() for connection in connections)
    long, short = events(first), events(second)

    assert next(long) == ("wait", {"before": 0}) and [next(long)[1]["epoch"] for _ in range(2)] == [1, 2]
    assert next(short) == ("wait", {"before": 1})
    first.close()
    connections[0].close()
    assert [name for name, _ in short] == ["wait", "epoch", "result"]
    connections[1].close()
