"""The parts of `make load` that measure: an error in them could hide a failure of the server."""

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

from load_tests.__main__ import main
from load_tests.attacks import ATTACKER, ATTACKS
from load_tests.attacks import main as attack
from load_tests.costliest_request import RANDOM_SHARE, Client, Cost, Measurement, Search, _slowest_callback
from load_tests.expensive_texts import answer
from load_tests.http_client import Response, p99, percentile
from load_tests.request_generator import MAX_SIZE, Candidate, Generator
from load_tests.student import PING, TEXT, frame
from load_tests.watched_server import MAX_MILLISECONDS, Callback, measure, request


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_slow_callback_is_recorded_with_its_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        asyncio.Handle, "_run", asyncio.Handle._run
    )  # measure() replaces it; it is restored after the test
    records = io.StringIO()

    async def answers() -> None:
        request.set("GET /slow")
        await asyncio.sleep(0)
        compute(0.03)
        await asyncio.sleep(0.05)  # waiting takes no CPU time

    async def serve() -> None:
        await asyncio.create_task(answers())

    measure(records)
    asyncio.run(serve())

    (callback,) = map(json.loads, records.getvalue().splitlines())
    assert callback["request"] == "GET /slow"
    assert callback["name"].endswith("answers")
    assert callback["seconds"] >= 0.03 > MAX_MILLISECONDS / 1000


def test_the_seed_determines_the_requests_and_none_is_too_large() -> None:
    one, other = Generator(7), Generator(7)

    candidates = [one.random_candidate() for _ in range(100)]

    assert candidates == [other.random_candidate() for _ in range(100)]
    assert max(candidate.size for candidate in candidates) <= MAX_SIZE
    assert len({candidate.route for candidate in candidates}) > 25
    assert sum(candidate.url_state(3) is not None for candidate in candidates) > 60, (
        "most must be valid, otherwise they cost nothing"
    )


@pytest.mark.full
def test_mutations_find_more_expensive_requests_than_chance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class SlowServer:
        """A server that is slow if four fields are large."""

        def cost(self, candidate: Candidate, seed: int) -> tuple[Cost, int]:
            state = candidate.url_state(seed)
            size = state.batch_size * state.time_step * state.features * state.num_units if state else 0
            return Cost(size, size), 200

    def highest_cost(random_share: float) -> float:
        """The most expensive request that a search of 300 requests finds, the median of three."""
        monkeypatch.setattr("load_tests.costliest_request.RANDOM_SHARE", random_share)
        searches = [Search(seed, tmp_path / "expensive") for seed in (1, 2, 3)]
        for search in searches:
            for _ in range(300):
                search.try_next(cast(Client, SlowServer()))
        return median(max(found.cost.cpu for found in search.ranked()) for search in searches)

    assert highest_cost(RANDOM_SHARE) > 5 * highest_cost(random_share=1)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_are_parsed_by_a_websocket_library(size: int) -> None:
    content, reader = bytes(k % 251 for k in range(size)), StreamReader()
    for kind, is_last in ((TEXT, True), (PING, True), (TEXT, False)):
        if kind == PING and size > 125:
            continue
        reader.feed_data(frame(content, kind, is_last))
        reading = Frame.parse(reader.read_exact, mask=True)
        with pytest.raises(StopIteration) as read:
            next(reading)
        assert (read.value.value.opcode, read.value.value.fin, read.value.value.data) == (kind, is_last, content)


def test_a_rejected_request_makes_the_percentile_infinite() -> None:
    served = [Response(200, k / 1000) for k in range(1, 101)]

    assert (percentile(served, 50), p99(served)) == (50, 99)
    assert p99([*served, Response(503, 0.001)]) == float("inf")


def test_expensive_answers_are_nested_products_of_limited_length() -> None:
    candidates = [answer(Random(seed)) for seed in range(300)]

    assert max(map(len, candidates)) <= 8000
    assert any(")*(" in text and len(text) <= 200 for text in candidates), "the quiz reads 200 characters"


class Stub(asyncio.Protocol):
    """A server that answers any request and records the addresses of its clients."""

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


def test_a_callback_above_the_limit_counts_only_if_it_exceeds_it_on_new_servers_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def found(*milliseconds: float) -> list[Measurement]:
        callbacks = (Callback(one / 1000, "run", f"GET /{one}") for one in milliseconds)
        return [Measurement(Candidate("/", "/"), Cost(0, 0, callback), 1) for callback in callbacks]

    def longest(*again: float) -> float | None:
        """The longest callback in ms, if a request is repeated that had one of 30 ms."""
        costs = iter(one.cost for one in found(*again))
        monkeypatch.setattr("load_tests.costliest_request._repeated", lambda _: next(costs))
        return _slowest_callback(found(30), [one.cost.callback for one in found(9, 30, 8)]).figure

    assert longest(28, 40) == 28
    assert longest(28, 3) == 9


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
@pytest.mark.parametrize("name", some(ATTACKS, 5))
def test_an_attack_uses_its_own_address_and_ends_in_time(name: str) -> None:
    async def run_attack() -> float:
        server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0)
        async with server:
            start = time.monotonic()
            await attack(name, server.sockets[0].getsockname()[1], 0.1)
            seconds = time.monotonic() - start
        await asyncio.sleep(0.05)  # lets both sides close the connection
        return seconds

    Stub.clients.clear()
    assert asyncio.run(run_attack()) < 5
    assert set(Stub.clients) == {ATTACKER}


@pytest.mark.parametrize("argument", ["nothing", "search=", "search=0", "search=-1", "class_in_a_room=5", "=5"])
def test_an_invalid_part_is_an_error_before_anything_starts(argument: str) -> None:
    with pytest.raises(SystemExit, match=r"known|seconds"):
        main([argument])
