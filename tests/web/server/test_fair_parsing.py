"""The order in which input from clients is parsed."""

import asyncio
from collections.abc import Iterator, Sequence

from app.web.server.fair_parsing import AT_ONCE, Gate, gate_of


def rounds(clients: Sequence[str]) -> list[str]:
    """The clients admitted in each iteration of the event loop, if all wait from the beginning: ``a a b``."""

    async def let_in() -> Iterator[str]:
        gate, now, admitted = Gate(asyncio.get_running_loop()), list[str](), list[str]()
        for client in clients:
            if gate.enter(client, lambda client=client: now.append(client)):  # type: ignore[misc]
                now.append(client)
        for _ in range(len(clients)):
            admitted.append(" ".join(now))
            now.clear()
            await asyncio.sleep(0)
        return filter(None, admitted)

    return list(asyncio.run(let_in()))


def test_the_number_of_pieces_in_one_iteration_is_limited_and_all_are_parsed_in_the_end() -> None:
    let_in = rounds(["a"] * 4 * AT_ONCE)
    assert let_in == [" ".join("a" * AT_ONCE)] * 4


def test_a_client_waits_for_at_most_one_piece_of_each_other_client() -> None:
    first, second, *_ = rounds(["a"] * 100 * AT_ONCE + ["b", "c"])
    assert "b" not in first and second.split()[:3] == ["a", "b", "c"]


def test_an_unused_gate_lets_the_event_loop_sleep() -> None:
    async def scheduled() -> int:
        loop = asyncio.get_running_loop()
        gate = gate_of(loop)
        assert gate.enter("a", lambda: None) and gate_of(loop) is gate
        for _ in range(4):
            await asyncio.sleep(0)
        return len(loop._ready)  # type: ignore[attr-defined]

    assert asyncio.run(scheduled()) == 0
