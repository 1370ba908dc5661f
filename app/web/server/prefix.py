"""Behind a prefix: taken from the path of a request, if the proxy has not done so, and put before the addresses in the
headers of its response. Pages write it in their links themselves, see app/web/http/links.py.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.http.links import PREFIX

FORWARDED = "auto"
"""As the setting: the proxy says the prefix with every request, in X-Forwarded-Prefix."""

LONGEST = 200
"""Characters of a prefix: it is repeated in every address of a page."""

ALLOWED = re.compile(r"(/(?!\.{1,2}(/|\Z))[\w.~-]+)*", re.ASCII)
"""What a prefix looks like: nothing of it has to be escaped anywhere, and no part of it is a dot segment."""

ALLOWED_IN_WORDS = f"a path such as /unrolled, of at most {LONGEST} letters, digits and -._~ without . and .. as parts"
"""The same in words."""


def is_prefix(text: str) -> bool:
    return len(text) <= LONGEST and ALLOWED.fullmatch(text) is not None


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
        within = path == prefix or path.startswith(f"{prefix}/")
        inner = {**scope, "path": path[len(prefix) :] or "/"} if within else scope
        await self.app({**inner, "app_root_path": prefix}, receive, send_moved)


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
