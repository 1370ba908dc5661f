"""A client of the app that sends each request in the thread of the test, on one event loop for all of them.

For each request the client of Starlette starts a thread and an event loop, and switches between the threads a dozen
times, which takes longer than most responses.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from threading import current_thread, main_thread
from typing import Any
from urllib.parse import unquote

import httpx2
from anyio import create_task_group, sleep_forever
from starlette.testclient import TestClient as StarletteClient
from starlette.testclient import _TestClientTransport as ThreadTransport
from starlette.types import ASGIApp, Message, Scope


class Serving:
    """An event loop with one task that starts those of all requests. When it ends, the app's worker threads end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._serve())
        self._loop.call_soon(self._loop.stop)
        self._loop.run_forever()  # until the task waits

    async def _serve(self) -> None:
        async with create_task_group() as self._requests:
            await sleep_forever()

    def response(self, request: Coroutine[Any, Any, httpx2.Response]) -> httpx2.Response:
        outcome: Future[httpx2.Response] = Future()

        async def respond() -> None:
            try:
                outcome.set_result(await request)
            except Exception as error:
                outcome.set_exception(error)
            self._loop.stop()

        self._loop.call_soon(self._requests.start_soon, respond)
        self._loop.run_forever()
        return outcome.result()

    def close(self) -> None:
        self._task.cancel()
        self._loop.run_until_complete(asyncio.gather(self._task, return_exceptions=True))
        self._loop.close()


serving = cache(Serving)


def close() -> None:
    """End the worker threads, without which the process does not end."""
    if serving.cache_info().currsize:
        serving().close()


class TestClient(StarletteClient):
    """Starlette's client without that thread, except where the app needs an event loop all the time: between ``with``,
    for WebSockets, in another thread of a test, and beside the event loop of a browser."""

    __test__ = False

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        super().__init__(app, **options)
        assert isinstance(self._transport, ThreadTransport)
        self._transport = Transport(self, self._transport)

    @property
    def needs_thread(self) -> bool:
        return bool(self.portal or current_thread() is not main_thread() or asyncio._get_running_loop())


class Transport(httpx2.BaseTransport):
    def __init__(self, client: TestClient, threads: ThreadTransport) -> None:
        self._client, self._threads = client, threads

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme in ("ws", "wss") or self._client.needs_thread:
            return self._threads.handle_request(request)
        return serving().response(self._respond(request))

    async def _respond(self, request: httpx2.Request) -> httpx2.Response:
        incoming = [request.read()]
        start: Message = {}
        body: list[bytes] = []
        is_complete = asyncio.Event()

        async def receive() -> Message:
            if incoming:
                return {"type": "http.request", "body": incoming.pop()}
            await is_complete.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                assert not start, "a second response"
                start.update(message)
                return
            assert message["type"] == "http.response.body" and start and not is_complete.is_set(), message
            body.append(bytes(message.get("body", b"")))
            if not message.get("more_body"):
                is_complete.set()

        try:
            await self._client.app(self._scope(request), receive, send)
        except Exception:
            if self._threads.raise_server_exceptions:
                raise
        else:
            assert is_complete.is_set(), "the response is not complete"
        content = b"" if request.method == "HEAD" else b"".join(body)
        headers = [(name.decode(), value.decode()) for name, value in start.get("headers", [])]
        return httpx2.Response(
            start.get("status", 500), headers=headers, stream=httpx2.ByteStream(content), request=request
        )

    def _scope(self, request: httpx2.Request) -> Scope:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": url.scheme,
            "path": unquote(url.path),
            "raw_path": url.raw_path.partition(b"?")[0],
            "root_path": self._threads.root_path,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": self._threads.client,
            "server": [url.host, url.port or (443 if url.scheme == "https" else 80)],
            "state": {},
        }
