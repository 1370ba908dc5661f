"""Behind a prefix: taken from the path of a request, if the proxy has not done so, and put before the addresses in the
headers of its response. Pages write it in their links themselves, see app/web/http/links.py.
"""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ...root_path import FORWARDED, is_prefix
from ..http.links import PREFIX


class Prefix:
    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        prefix = forwarded(scope) if self.prefix == FORWARDED else self.prefix
        PREFIX.set(prefix)

        async def send_moved(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                move(headers, prefix)
                if self.prefix == FORWARDED:
                    headers.add_vary_header("X-Forwarded-Prefix")
            await send(message)

        path = scope["path"]
        if path == prefix or path.startswith(f"{prefix}/"):
            scope["path"] = path[len(prefix) :] or "/"  # in this scope, since the handler of failures sees no other
        scope["app_root_path"] = prefix
        await self.app(scope, receive, send_moved)


def forwarded(scope: Scope) -> str:
    """The prefix in X-Forwarded-Prefix, or "" where that is not a valid one."""
    named = dict(scope["headers"]).get(b"x-forwarded-prefix", b"").decode("latin-1").removesuffix("/")
    return named if is_prefix(named) else ""


def move(headers: MutableHeaders, prefix: str) -> None:
    """Put the prefix before the addresses in the headers of a response."""
    location = urlsplit(headers.get("location", ""))
    if location.path.startswith("/"):
        headers["location"] = location._replace(path=prefix + location.path).geturl()
    if headers.get("link", "").startswith("</"):
        headers["link"] = f"<{prefix}{headers['link'][1:]}"
