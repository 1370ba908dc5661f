"""Probes for operators: liveness and readiness."""

from asyncio import timeout

from starlette.requests import Request
from starlette.responses import Response

from ..limits_and_timeouts import STORE_TIMEOUT
from ..requests_and_responses.browser_caching import NO_STORE
from ..requests_and_responses.media_types import JSON
from ..requests_and_responses.responses import json

UNCACHED = {"Cache-Control": NO_STORE}


async def healthz() -> Response:
    """Liveness."""
    return Response(b'{"status":"ok"}', media_type=JSON, headers=UNCACHED)


async def readyz(request: Request) -> Response:
    """Readiness: the first page has been rendered and, if rooms use Redis, Redis responds."""
    state = request.app.state
    if not state.is_warm:
        await state.warm_up()
        state.is_warm = True
    if state.ping:
        try:
            async with timeout(STORE_TIMEOUT):
                await state.ping()
        except Exception as error:  # each store has errors of its own, and all mean the same
            reason = f"the store of the rooms is unavailable: {type(error).__name__}"
            return Response(
                json({"status": "not ready", "reason": reason}), 503, {**UNCACHED, "Retry-After": "5"}, JSON
            )
    return Response(b'{"status":"ready"}', media_type=JSON, headers=UNCACHED)
