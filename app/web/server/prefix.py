"""Serves the app behind a prefix: removes it from the path of a request, unless the proxy has done so, and adds it to
the URLs in the headers of the response. Pages add it to their links themselves, see
app/web/requests_and_responses/absolute_urls.py.
"""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...proxy_settings import FORWARDED, is_prefix
from ..requests_and_responses.absolute_urls import PREFIX


class Prefix:
    """Middleware for a prefix: a fixed one, or ``FORWARDED`` for the one in each request's X-Forwarded-Prefix."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        prefix = forwarded(scope) if self.prefix == FORWARDED else self.prefix
        PREFIX.set(prefix)

        async def send_with_prefix(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_prefix(headers, prefix)
                if self.prefix == FORWARDED:
                    headers.add_vary_header("X-Forwarded-Prefix")
            await send(message)

        path = scope["path"]
        if path == prefix or path.startswith(f"{prefix}/"):
            scope["path"] = path[len(prefix) :] or "/"  # in this very scope, which the handler of 500 gets
        scope["app_root_path"] = prefix
        await self.app(scope, receive, send_with_prefix)


def forwarded(scope: Scope) -> str:
    """The prefix in X-Forwarded-Prefix, or "" where that is not a valid one."""
    prefix = dict(scope["headers"]).get(b"x-forwarded-prefix", b"").decode("latin-1").removesuffix("/")
    return prefix if is_prefix(prefix) else ""


def add_prefix(headers: MutableHeaders, prefix: str) -> None:
    """Add the prefix to the URLs in the headers of a response."""
    location = urlsplit(headers.get("location", ""))
    if location.path.startswith("/"):
        headers["location"] = location._replace(path=prefix + location.path).geturl()
    if headers.get("link", "").startswith("</"):
        headers["link"] = f"<{prefix}{headers['link'][1:]}"
