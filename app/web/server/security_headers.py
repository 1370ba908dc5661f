"""Headers that every response has."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..http.links import on_this_site
from ..http.routing import UNKNOWN, Kind, Routes

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Plotly paints a heatmap as such an image
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
"""The policy of every page but for who may show it in a frame."""

POLICY_IN_ONE_FILE = "default-src 'none'; img-src data:; script-src '{script}'; style-src '{style}'"
"""The policy of a page in one file, inside of that file: hashes of its only script and of its styles."""

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
    """Headers of a response. What is for programs may be read by one on any other site, and pictures may stand there:
    nothing here is private."""
    headers = dict(HEADERS)
    if kind.is_shown_elsewhere:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if kind.is_read_elsewhere:
        headers["Access-Control-Allow-Origin"] = "*"
    return headers


class Head:
    """HEAD is answered like GET; the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self.app({**scope, "method": "GET"} if head else scope, receive, send)


def framed_by(sites: str) -> dict[str, str]:
    """Headers of what these may show in a frame. ``X-Frame-Options`` knows no names, and in a policy the asterisk would
    leave out a file that is opened from a disk; so neither is said."""
    policy = POLICY if sites == "*" else f"{POLICY}; frame-ancestors {sites}"
    return {k: v for k, v in HEADERS.items() if k != "X-Frame-Options"} | {"Content-Security-Policy": policy}


class SecurityHeaders:
    """Nothing from elsewhere, no inline script, no inline style, no eval, and in a frame only the picture alone. Every
    redirect stays on the site."""

    def __init__(self, app: ASGIApp, routes: Routes, frames: str) -> None:
        self.app, self.routes, self.in_frame = app, routes, framed_by(frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # asked before the app is called: a mount shortens the path
        kind = self.routes.kind_of(scope) if scope["type"] == "http" else UNKNOWN

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.in_frame if kind.is_framed else headers_of(kind))
                if location := headers.get("Location"):
                    headers["Location"] = on_this_site(location)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
