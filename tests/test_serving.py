"""A real server on a real socket: heads without an end, connections that are only held, a log that tells of nobody, a
class that is told something."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection, connect

from app.rooms.rate_limit import BURST
from app.web.server.uvicorn_protocols import LONGEST_FRAME
from scripts.free_port import free_port

ROOT = Path(__file__).parents[1]

QUICK = """
import sys
from app import cli
from app.web.server import uvicorn_protocols as protocol
protocol.READ_TIMEOUT = protocol.WRITE_TIMEOUT = 0.5
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
"""The real thing with less patience, and with a path that fails."""


class Served:
    def __init__(self, folder: Path) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        program = folder / "serve.py"
        program.write_text(QUICK)
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(program), str(self.port)],
                cwd=ROOT,
                env={"PYTHONPATH": str(ROOT), "UNROLLED_METRICS": str(self.metrics_port)},
                stdout=log,
                stderr=log,
            )

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def read(self, path: str, method: str = "GET") -> str:
        with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", method=method), timeout=20) as answer:
            text: str = answer.read().decode()
            return text

    def metrics(self) -> str:
        with urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=20) as answer:
            text: str = answer.read().decode()
            return text

    def open_room(self) -> dict[str, str]:
        """A code and a secret."""
        room: dict[str, str] = json.loads(self.read("/rooms", "POST"))
        return room

    def is_there(self) -> bool:
        try:
            return self.ask("/healthz") == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    deadline = time.monotonic() + 60
    while not served.is_there() and time.monotonic() < deadline:
        assert served.process.poll() is None, served.log.read_text()
        time.sleep(0.1)
    yield served
    served.process.terminate()
    served.process.wait(20)


def all_of(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    try:
        while part := connection.recv(2**16):
            parts.append(part)
    except ConnectionError:
        pass
    return b"".join(parts)


@contextmanager
def narrow(served: Served) -> Iterator[socket.socket]:
    """A connection of which the client's system holds little, either way."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**12)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**12)
        connection.connect(("127.0.0.1", served.port))
        yield connection


@contextmanager
def upgraded(served: Served, room: dict[str, str]) -> Iterator[socket.socket]:
    """A WebSocket in a room, as bytes."""
    key = "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13"
    head = (
        f"GET /rooms/{room['code']} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{key}\r\n\r\n"
    )
    with narrow(served) as connection:
        connection.sendall(head.encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += connection.recv(1)
        yield connection


@contextmanager
def stalled(served: Served, room: dict[str, str]) -> Iterator[None]:
    """Somebody in a room who reads nothing."""
    with upgraded(served, room):
        while "unrolled_room_members 3.0" not in served.metrics():
            time.sleep(0.05)
        yield


def frame(opcode: Opcode, data: bytes = b"", fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=True)


def taken(connection: socket.socket, data: bytes) -> int:
    """How many bytes a server takes from a client that reads nothing, until it stops or ends the connection."""
    connection.settimeout(1)
    count, end = 0, time.monotonic() + 3
    with suppress(OSError):
        while time.monotonic() < end:
            count += connection.send(data[count % len(data) :])
    return count


def until_closed(socket: ClientConnection) -> Iterator[str | bytes]:
    """Every message."""
    with suppress(ConnectionClosedError):
        yield from socket


def test_a_head_without_an_end_is_refused(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
        try:
            for _ in range(40):
                connection.sendall(b"x" * 2048)
        except ConnectionError:
            pass
        answer = all_of(connection)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")
    assert served.is_there()


def test_many_headers_are_refused(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(7000)))
        assert all_of(connection).startswith(b"HTTP/1.1 431 ")


def test_a_long_address_is_answered_by_the_app(served: Served) -> None:
    assert served.ask("/?title=" + "x" * 40_000) == 414


def test_what_is_no_http_is_refused_with_all_headers(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Content-Security-Policy: default-src 'none'" in answer and answer.endswith(b"\r\n\r\nBad Request")


def test_a_connection_that_asks_nothing_is_closed(served: Served) -> None:
    with served.connect() as connection:
        assert all_of(connection) == b""


def test_who_sends_a_byte_now_and_then_is_told_that_it_took_too_long(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        start = time.monotonic()
        connection.settimeout(0.1)
        answer = b""
        while not answer and time.monotonic() < start + 15:
            try:
                connection.sendall(b"X")
                answer = connection.recv(1000)
            except TimeoutError:
                pass
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_body_that_never_comes_holds_no_connection(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx")
        assert all_of(connection).startswith(b"HTTP/1.1 405 ")


def test_who_does_not_read_loses_the_connection(served: Served) -> None:
    """It would hold 30 MB for as long as it likes."""
    with served.connect() as connection:
        connection.sendall(b"GET /weights.npz?num_units=1300 HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(4)
        received = len(all_of(connection))
    assert 0 < received < 27_000_000
    assert served.is_there()


def test_a_connection_may_be_used_again_after_a_rest(served: Served) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=20)
    for _ in range(3):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}'
        time.sleep(1)
    connection.close()


def test_a_class_is_told_everything_in_its_order_and_that_the_lesson_is_over(served: Served) -> None:
    room = served.open_room()
    address = f"ws://127.0.0.1:{served.port}/rooms/{room['code']}"
    with ExitStack() as seats:
        teacher, *students = (
            seats.enter_context(connect(f"{address}?member={name}", close_timeout=1)) for name in "tab"
        )
        teacher.send(json.dumps({"lead": room["secret"]}))
        for seed in range(30):
            teacher.send(json.dumps({"show": f"?seed={seed}"}))
        teacher.send(json.dumps({"close": True}))
        for student in students:
            told = [message["room"] for message in map(json.loads, until_closed(student)) if "room" in message]
            numbers = [state["number"] for state in told]
            assert numbers == sorted(set(numbers))
            assert told[-1] == {"number": 32, "query": "?seed=29", "asked": None, "over": True}
            assert student.close_code == 4410


def test_who_takes_nothing_is_sent_away_and_holds_up_nobody(served: Served) -> None:
    room = served.open_room()
    address = f"ws://127.0.0.1:{served.port}/rooms/{room['code']}"
    with (
        connect(f"{address}?member=t", close_timeout=1) as teacher,
        connect(f"{address}?member=a", close_timeout=1) as student,
        stalled(served, room),
    ):
        teacher.send(json.dumps({"lead": room["secret"]}))
        for n in range(60):
            teacher.send(json.dumps({"show": f"?title={n}&data=text&text={'%C3%A9' * 640}"}))
            state = next(m["room"] for m in map(json.loads, student) if m.get("room", {}).get("number", 0) > 1 + n)
            assert state["query"].startswith(f"?title={n}&")
        deadline = time.monotonic() + 20
        while "unrolled_room_members 2.0" not in served.metrics() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "unrolled_room_members 2.0" in served.metrics()


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
def test_frames_of_any_kind_are_read_at_the_pace_of_messages(served: Served, flood: bytes) -> None:
    with upgraded(served, served.open_room()) as connection:
        assert taken(connection, flood * 1000) < 300_000
    assert served.is_there()


def test_pings_are_answered_after_a_burst_as_well(served: Served) -> None:
    with connect(f"ws://127.0.0.1:{served.port}/rooms/{served.open_room()['code']}") as socket:
        pongs = [socket.ping(f"{n}") for n in range(BURST + 20)]
        assert all(pong.wait(20) for pong in pongs)


def test_a_message_of_endless_fragments_ends_the_connection(served: Served) -> None:
    for fragment in (b"", b"x" * 1000):
        with upgraded(served, served.open_room()) as connection:
            connection.sendall(frame(Opcode.TEXT, fragment, fin=False))
            connection.sendall(frame(Opcode.CONT, fragment, fin=False) * (LONGEST_FRAME // 1000 if fragment else 70))
            connection.settimeout(20)
            assert frame_of_close(1009) in all_of(connection)


def frame_of_close(code: int) -> bytes:
    """How the closing frame begins, after its length."""
    return code.to_bytes(2, "big")


def test_requests_that_follow_before_the_answer_are_answered_in_order(served: Served) -> None:
    paths = [f"/{n}.json" for n in range(50)]
    with served.connect() as connection:
        ends = ["" for _ in paths[1:]] + ["Connection: close\r\n"]
        lines = [f"GET {path} HTTP/1.1\r\nHost: x\r\n{end}\r\n" for path, end in zip(paths, ends, strict=True)]
        connection.sendall("".join(lines).encode())
        answers = all_of(connection).decode()
    assert re.findall(r'"value":"(/\d+\.json)"', answers) == paths


def test_a_client_that_sends_requests_and_reads_no_answer_is_not_read_either(served: Served) -> None:
    with narrow(served) as connection:
        assert taken(connection, b"GET /docs HTTP/1.1\r\nHost: x\r\n\r\n" * 1000) < 300_000
    assert served.is_there()


def test_who_follows_without_a_websocket_is_counted_and_not_timed(served: Served) -> None:
    deadline = time.monotonic() + 20
    while "unrolled_room_members 0.0" not in served.metrics() and time.monotonic() < deadline:
        time.sleep(0.1)  # members of other tests
    path = f"/rooms/{served.open_room()['code']}/events"
    connection = HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("POST", path)
    connection.getresponse().readline()
    told = served.metrics().splitlines()
    assert "unrolled_room_members 1.0" in told
    assert "unrolled_answers_under_way 0.0" in told
    connection.close()


def test_the_log_says_what_failed_and_not_for_whom(served: Served) -> None:
    assert served.ask("/broken.json?text=a+secret+of+the+student&data=text") == 500
    assert served.ask("/trace.json?num_units=a+secret+of+the+student") == 422

    log = served.log.read_text()
    assert "RuntimeError: a part of the program is wrong" in log
    assert "secret" not in log and "broken.json" not in log
    assert "127.0.0.1:" not in log.replace(f"http://127.0.0.1:{served.port}", "")
