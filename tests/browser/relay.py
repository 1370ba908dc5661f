"""The network between a class-room and several servers: one address, and what can happen to connections."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress


class Relay:
    """Leads each new connection to the next port that answers. Those under way can be frozen: nothing goes through them
    any more, and nobody is told."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._open: set[asyncio.Event] = set()
        self._loop = asyncio.new_event_loop()
        begun: Future[int] = Future()
        threading.Thread(target=lambda: self._loop.run_until_complete(self._serve(begun)), daemon=True).start()
        self.url = f"http://127.0.0.1:{begun.result(10)}"

    def freeze(self) -> None:
        """Of all connections that there are now."""
        for thawed in list(self._open):
            self._loop.call_soon_threadsafe(thawed.clear)

    async def _serve(self, begun: Future[int]) -> None:
        server = await asyncio.start_server(self._lead, "127.0.0.1", 0)
        begun.set_result(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    async def _lead(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        for port in self._ports:
            with suppress(OSError):
                far, on = await asyncio.open_connection("127.0.0.1", port)
                self._ports.remove(port)
                self._ports.append(port)  # in turns
                break
        else:
            return back.close()
        thawed = asyncio.Event()
        thawed.set()
        self._open.add(thawed)
        ways = [asyncio.create_task(_carry(near, on, thawed)), asyncio.create_task(_carry(far, back, thawed))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        self._open.discard(thawed)
        for way, end in zip(ways, (on, back), strict=True):
            way.cancel()
            end.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, thawed: asyncio.Event) -> None:
    with suppress(OSError):
        while piece := await source.read(2**16):
            await thawed.wait()
            target.write(piece)
            await target.drain()
        await thawed.wait()
