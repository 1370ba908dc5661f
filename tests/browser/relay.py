"""The network between a classroom and its servers: a TCP relay that can freeze or cut connections."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress


class Relay:
    """Forwards each new connection to the next port that accepts it. Open connections can be frozen: they stay open and
    forward nothing any more. They can also be cut: they end, and new ones are refused until they are mended."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = list(ports)
        self._open: set[asyncio.Event] = set()
        self._near: set[asyncio.StreamWriter] = set()
        self._is_cut = False
        self._loop = asyncio.new_event_loop()
        port: Future[int] = Future()
        threading.Thread(target=lambda: self._loop.run_until_complete(self._serve(port)), daemon=True).start()
        self.url = f"http://127.0.0.1:{port.result(10)}"

    def freeze(self) -> None:
        """Freeze all open connections."""
        for thawed in list(self._open):
            self._loop.call_soon_threadsafe(thawed.clear)

    def cut(self) -> None:
        """End all open connections, and every new one at once."""
        self._is_cut = True
        for back in list(self._near):
            self._loop.call_soon_threadsafe(back.close)

    def mend(self) -> None:
        self._is_cut = False

    async def _serve(self, port: Future[int]) -> None:
        server = await asyncio.start_server(self._forward, "127.0.0.1", 0)
        port.set_result(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    async def _forward(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        for port in [] if self._is_cut else self._ports:
            with suppress(OSError):
                far, on = await asyncio.open_connection("127.0.0.1", port)
                self._ports.remove(port)
                self._ports.append(port)  # round robin
                break
        else:
            return back.close()
        thawed = asyncio.Event()
        thawed.set()
        self._open.add(thawed)
        self._near.add(back)
        copies = [asyncio.create_task(_copy(near, on, thawed)), asyncio.create_task(_copy(far, back, thawed))]
        await asyncio.wait(copies, return_when=asyncio.FIRST_COMPLETED)
        self._open.discard(thawed)
        self._near.discard(back)
        for copy, end in zip(copies, (on, back), strict=True):
            copy.cancel()
            end.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter, thawed: asyncio.Event) -> None:
    with suppress(OSError):
        while piece := await source.read(2**16):
            await thawed.wait()
            target.write(piece)
            await target.drain()
        await thawed.wait()
