"""The parts of `make load` that judge: a fault in them would look like a server that holds."""

import asyncio
import io
import json
import sys
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import ClassVar, cast

import pytest
from pairing import some
from websockets.frames import Frame
from websockets.streams import StreamReader

from load.__main__ import main
from load.attacks import ATTACKER, ATTACKS
from load.attacks import main as attack
from load.expensive_texts import answer
from load.http_client import Answered, p99, percentile
from load.request_generator import LONGEST, Candidate, Draw
from load.search import AGAIN, Caller, Cost, Search
from load.student import PING, TEXT, frame
from load.watched_server import MOST, measure, request


def compute(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


def test_a_callback_that_computes_is_written_down_with_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.Handle, "_run", asyncio.Handle._run)  # measure() changes it until the test ends
    notes = io.StringIO()

    async def answers() -> None:
        request.set("GET /slow")
        await asyncio.sleep(0)
        compute(0.03)
        await asyncio.sleep(0.05)  # waiting costs nothing

    async def serve() -> None:
        await asyncio.create_task(answers())

    measure(notes)
    asyncio.run(serve())

    (callback,) = map(json.loads, notes.getvalue().splitlines())
    assert callback["request"] == "GET /slow"
    assert callback["name"].endswith("answers")
    assert callback["seconds"] >= 0.03 > MOST / 1000


def test_the_same_seed_makes_the_same_requests_and_none_is_too_long() -> None:
    one, other = Draw(7), Draw(7)

    drawn = [one.drawn() for _ in range(100)]

    assert drawn == [other.drawn() for _ in range(100)]
    assert max(candidate.size for candidate in drawn) <= LONGEST
    assert len({candidate.route for candidate in drawn}) > 25
    assert sum(candidate.view(3) is not None for candidate in drawn) > 60, "most have to fit, or they cost nothing"


def test_the_search_goes_uphill_and_finds_more_than_chance_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Steep:
        """A server that is slow where four fields are large at once."""

        def cost(self, candidate: Candidate, seed: int) -> tuple[Cost, int]:
            view = candidate.view(seed)
            size = view.batch_size * view.time_step * view.features * view.num_units if view else 0
            return Cost(size, size), 200

    def most(part_at_random: float) -> float:
        """The most expensive request that a search of 250 requests finds, the median of three."""
        monkeypatch.setattr("load.search.AGAIN", part_at_random)
        searches = [Search(seed, tmp_path / "expensive") for seed in (1, 2, 3)]
        for search in searches:
            for _ in range(250):
                search.try_next(cast(Caller, Steep()))
        return median(max(found.cost.cpu for found in search.ranked()) for search in searches)

    assert most(AGAIN) > 5 * most(part_at_random=1)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_are_what_a_websocket_library_reads(size: int) -> None:
    content, reader = bytes(k % 251 for k in range(size)), StreamReader()
    for kind, is_last in ((TEXT, True), (PING, True), (TEXT, False)):
        if kind == PING and size > 125:
            continue
        reader.feed_data(frame(content, kind, is_last))
        reading = Frame.parse(reader.read_exact, mask=True)
        with pytest.raises(StopIteration) as read:
            next(reading)
        assert (read.value.value.opcode, read.value.value.fin, read.value.value.data) == (kind, is_last, content)


def test_a_client_that_is_refused_once_was_not_served_in_time() -> None:
    served = [Answered(200, k / 1000) for k in range(1, 101)]

    assert (percentile(served, 50), p99(served)) == (50, 99)
    assert p99([*served, Answered(503, 0.001)]) == float("inf")


def test_answers_multiply_out_nest_and_are_of_bounded_length() -> None:
    drawn = [answer(Random(seed)) for seed in range(300)]

    assert max(map(len, drawn)) <= 8000
    assert any(")*(" in text and len(text) <= 200 for text in drawn), "the quiz reads 200 characters"


class Stub(asyncio.Protocol):
    """Answers whatever it is sent, and remembers who sent it."""

    clients: ClassVar[list[str]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.clients.append(transport.get_extra_info("peername")[0])

    def data_received(self, data: bytes) -> None:
        if b"Upgrade: websocket" in data:
            self.transport.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        elif data.startswith((b"GET", b"POST")):
            self.transport.write(b'HTTP/1.1 200 OK\r\n\r\n{"code": "ABCDE", "secret": "s"}')
            self.transport.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
@pytest.mark.parametrize("name", some(ATTACKS, 5))
def test_an_attack_comes_from_an_address_of_its_own_and_ends_in_time(name: str) -> None:
    async def suffer() -> float:
        server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0)
        async with server:
            begun = time.monotonic()
            await attack(name, server.sockets[0].getsockname()[1], 0.1)
            took = time.monotonic() - begun
        await asyncio.sleep(0.05)  # both sides notice that the other is gone
        return took

    Stub.clients.clear()
    assert asyncio.run(suffer()) < 5
    assert set(Stub.clients) == {ATTACKER}


@pytest.mark.parametrize("argument", ["nothing", "search=", "search=0", "search=-1", "lesson=5", "=5"])
def test_a_part_that_does_not_exist_or_takes_no_time_is_refused_before_anything_starts(argument: str) -> None:
    with pytest.raises(SystemExit, match=r"known|seconds"):
        main([argument])
