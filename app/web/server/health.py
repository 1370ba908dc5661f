"""What an operator's machines ask: whether it lives, whether it is ready."""

from asyncio import timeout

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.http.responses import JSON, json
from app.web.pages import index

router = APIRouter()

PATIENCE = 1.0
"""Seconds that the store of the rooms has to answer."""

UNKEPT = {"Cache-Control": "no-store"}


@router.get("/healthz")
async def healthz() -> Response:
    """Liveness."""
    return Response(b'{"status":"ok"}', media_type=JSON, headers=UNKEPT)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Readiness: the first page was drawn once, and where rooms have a store, it answers."""
    state = request.app.state
    if not state.drawn:
        await index.index(Request({**request.scope, "path": "/", "query_string": b"", "headers": []}))
        state.drawn = True
    if state.ping:
        try:
            async with timeout(PATIENCE):
                await state.ping()
        except Exception as error:  # each store has errors of its own; any of them means the same
            reason = f"the store of the rooms is out of reach: {type(error).__name__}"
            return Response(json({"status": "not ready", "reason": reason}), 503, {**UNKEPT, "Retry-After": "5"}, JSON)
    return Response(b'{"status":"ready"}', media_type=JSON, headers=UNKEPT)
