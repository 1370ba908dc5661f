"""How long responses are fresh, and whether a client has one already: a response is a function of the request's URL, so
its ETag is known before it is computed."""

import re
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from app.web.http.assets import build

FOR_A_WHILE = "public, max-age=300"
CHECKED = "no-cache"
"""Stored, but revalidated each time: a page must not outlive the build whose scripts and styles it names."""
FOR_EVER = "public, max-age=31536000, immutable"


def unchanged(request: Request, caching: str = FOR_A_WHILE) -> Response | None:
    """304 where the client has the response to this valid request already. Asked before anything is executed."""
    headers = caching_headers(request, caching)
    known = ", ".join(request.headers.getlist("If-None-Match"))
    if known.strip() == "*" or headers["ETag"].removeprefix("W/") in re.findall(r'"[^"]*"', known):
        vary = ", ".join(filter(None, ("Accept-Encoding", headers.get("Vary"))))
        return Response(status_code=304, headers={**headers, "Vary": vary})
    return None


def caching_headers(request: Request, caching: str) -> dict[str, str]:
    """``ETag``, ``Cache-Control`` and ``Vary``. The tag covers all that a response depends on: the URL with its host
    and prefix, which links may repeat, the language where the response has words, and the settings. It is computed once
    for a request."""
    scope, headers = request.scope, request.headers
    if (known := scope.get("caching_headers")) and known["Cache-Control"] == caching:
        return dict(known)
    at = scope["scheme"], headers.get("Host"), scope.get("app_root_path", ""), scope["path"], scope["query_string"]
    language, vary = "", {}
    if caching == CHECKED:  # the words of a page may go by its visitor
        language = ",".join(headers.getlist("Accept-Language"))
        vary = {"Vary": "Accept-Language"}
    depends = repr((at, language, request.app.state.runner.budget, request.app.state.stands)).encode()
    tag = f'W/"{build()}-{blake2b(depends, digest_size=8).hexdigest()}"'
    scope["caching_headers"] = {"ETag": tag, "Cache-Control": caching, **vary}
    return dict(scope["caching_headers"])
