"""How long responses are fresh, and whether a client has one already: a response is a function of the request's URL, so
its ETag is known before it is computed. Which lifetime a path has is said in its row of app/web/routes.py."""

import re
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from .installed_files import build

A_WHILE = 300
"""Seconds for which a response is fresh that names no script, style or host."""

FOR_A_WHILE = f"public, max-age={A_WHILE}"
CHECKED = "no-cache"
"""Stored, but revalidated each time: a page must not outlive the build whose scripts and styles it names."""
FOR_EVER = "public, max-age=31536000, immutable"
NEVER = "no-store"
"""It holds for one reader, or for a moment."""


def caching_headers(request: Request, caching: str) -> dict[str, str]:
    """``ETag``, ``Cache-Control`` and ``Vary``. The tag covers all that a response depends on: the URL with its host
    and prefix, which links may repeat, the language where the response has words, and the settings."""
    scope, headers = request.scope, request.headers
    at = scope["scheme"], headers.get("Host"), scope.get("app_root_path", ""), scope["path"], scope["query_string"]
    language, vary = "", {}
    if caching == CHECKED:  # the words of a page may go by its visitor
        language = ",".join(headers.getlist("Accept-Language"))
        vary = {"Vary": "Accept-Language"}
    depends = repr((at, language, request.app.state.runner.budget, request.app.state.cache_key)).encode()
    tag = f'W/"{build()}-{blake2b(depends, digest_size=8).hexdigest()}"'
    return {"ETag": tag, "Cache-Control": caching, **vary}


def not_modified(request: Request, headers: dict[str, str]) -> Response | None:
    """304 where the client has the response already that is to have these headers."""
    known = ", ".join(request.headers.getlist("If-None-Match"))
    if known.strip() == "*" or headers["ETag"].removeprefix("W/") in re.findall(r'"[^"]*"', known):
        vary = ", ".join(filter(None, ("Accept-Encoding", headers.get("Vary"))))
        return Response(status_code=304, headers={**headers, "Vary": vary})
    return None
