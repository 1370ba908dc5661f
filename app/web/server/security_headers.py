"""Security headers, which every response has."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..requests_and_responses.absolute_urls import on_this_site
from ..requests_and_responses.routing import UNKNOWN, Kind, Routes

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
"""The Content-Security-Policy of every page, without ``frame-ancestors``."""

POLICY_IN_ONE_FILE = "default-src 'none'; img-src data:; script-src '{script}'; style-src '{style}'"
"""The policy in a single-file page, with the hashes of its only script and of its styles."""

HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), serial=(), usb=()",
}


def headers_of(kind: Kind) -> dict[str, str]:
    """The headers of a response. Scripts of any site may read data, and any site may include images: nothing here is
    private."""
    headers = dict(HEADERS)
    if kind.is_shown_elsewhere:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if kind.is_read_elsewhere:
        headers["Access-Control-Allow-Origin"] = "*"
    return headers


WITHOUT_BODY = "unrolled.head"
"""In the scope of a request: whether only the headers of the response are sent."""


class Head:
    """Middleware that treats HEAD as GET. The server omits the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self.app({**scope, "method": "GET", WITHOUT_BODY: True} if head else scope, receive, send)


def framed_by(sites: str) -> dict[str, str]:
    """The headers of a page that ``sites`` may show in a frame; ``*`` stands for all. ``X-Frame-Options`` is omitted,
    since it cannot name sites; so is ``frame-ancestors *``, since that would exclude local files."""
    policy = POLICY if sites == "*" else f"{POLICY}; frame-ancestors {sites}"
    return {k: v for k, v in HEADERS.items() if k != "X-Frame-Options"} | {"Content-Security-Policy": policy}


class SecurityHeaders:
    """Middleware that adds the headers: no content from other sites, no inline script or style, no eval, no frames but
    for /embed. It also makes every redirect stay on the site."""

    def __init__(self, app: ASGIApp, routes: Routes, frames: str) -> None:
        self.app, self.routes, self.in_frame = app, routes, framed_by(frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # before the app is called: a mount shortens the path
        kind = self.routes.kind_of(scope) if scope["type"] == "http" else UNKNOWN

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.in_frame if kind.is_framed else headers_of(kind))
                if location := headers.get("Location"):
                    headers["Location"] = on_this_site(location)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
