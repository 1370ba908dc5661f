"""Behind a prefix: every path is written as if the app stood at the root of its site, and moved here.

On the way in the prefix is taken from the path, if the proxy has not done so; on the way out it is put before every
address of a page, and of the headers that name one. Scripts know it from their own address (static/js/page/prefix.js).
"""

import re
from contextvars import ContextVar
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORWARDED = "auto"
"""As the setting: the proxy says the prefix with every request, in X-Forwarded-Prefix."""

LONGEST = 200
"""Characters of a prefix: it is repeated in every address of a page."""

ALLOWED = re.compile(r"(/(?!\.{1,2}(/|\Z))[\w.~-]+)*", re.ASCII)
"""What a prefix looks like: nothing of it has to be escaped anywhere, and no part of it is a dot segment."""

PREFIX = f"a path such as /unrolled, of at most {LONGEST} letters, digits and -._~ without . and .. as parts"
"""The same in words."""

ADDRESS = re.compile(r'(\s(?:href|src|action)=")/(?!/)')

_prefix = ContextVar("prefix", default="")


def is_prefix(text: str) -> bool:
    return len(text) <= LONGEST and ALLOWED.fullmatch(text) is not None


def moved(page: str) -> str:
    """A page with its addresses behind the prefix of the request that it answers."""
    prefix = _prefix.get()
    return ADDRESS.sub(rf"\g<1>{prefix}/", page) if prefix else page


class Prefix:
    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        prefix = forwarded(scope) if self.prefix == FORWARDED else self.prefix
        _prefix.set(prefix)

        async def send_moved(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                move(headers, prefix)
                if self.prefix == FORWARDED:
                    headers.add_vary_header("X-Forwarded-Prefix")
            await send(message)

        path = scope["path"]
        within = path == prefix or path.startswith(f"{prefix}/")
        inner = {**scope, "path": path[len(prefix) :] or "/"} if within else scope
        await self.app({**inner, "app_root_path": prefix}, receive, send_moved)


def own_path(scope: Scope) -> str:
    """The path as the app knows it, also where a server says a prefix with it."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "").rstrip("/"))


def forwarded(scope: Scope) -> str:
    """The prefix that the proxy names; none where it names something that cannot be one."""
    named = dict(scope["headers"]).get(b"x-forwarded-prefix", b"").decode("latin-1").removesuffix("/")
    return named if is_prefix(named) else ""


def move(headers: MutableHeaders, prefix: str) -> None:
    """Of the headers of an answer, those that name an address."""
    location = urlsplit(headers.get("location", ""))
    if location.path.startswith("/"):
        headers["location"] = location._replace(path=prefix + location.path).geturl()
    if headers.get("link", "").startswith("</"):
        headers["link"] = f"<{prefix}{headers['link'][1:]}"
