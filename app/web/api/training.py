"""/training.json: the result of a training; /training: its epochs, as they come.

The events of the stream are ``wait`` with the number of trainings before this one, ``epoch``, and at the end ``result``
with the document but for its epochs, or ``error``.
"""

import platform
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ... import __version__
from ...query.field_types import FieldError
from ...query.training import parse_training, request_of
from ...query.view import View
from ...training.training import Trained
from ..error_texts import ERROR_TEXTS
from ..http.cache_headers import UNBUFFERED
from ..http.media_types import EVENTS
from ..http.responses import json, respond
from ..server.security_headers import WITHOUT_BODY
from ..server.training_lane import TrainingJob, TrainingLane

HEARTBEAT = 10.0
"""Seconds without an event after which a comment is sent: proxies end a connection on which nothing is sent."""


async def training_json(request: Request) -> Response:
    """Train the network of the query, and return loss and accuracy of each epoch. Waits up to 20 seconds."""
    view, lane = parse_training(request.query_params.multi_items()), request.app.state.runner.trainings

    async def work() -> bytes:
        return json(training_document(view, await lane.result(view)))

    return await respond(request, work)


async def training_events(request: Request) -> Response:
    """The same epochs as server-sent events, as they come."""
    view, lane = parse_training(request.query_params.multi_items()), request.app.state.runner.trainings
    await lane.check(view)
    if request.scope.get(WITHOUT_BODY):
        return Response(media_type=EVENTS, headers=UNBUFFERED)
    return TrainingEvents(lane, lane.join(view), view)


def training_document(view: View, trained: Trained) -> dict[str, Any]:
    """/training.json: but for ``seconds`` the same for the same query, on machines with the same arithmetic."""
    return {**_about(view, trained), "epochs": [epoch._asdict() for epoch in trained.epochs]}


def _about(view: View, trained: Trained) -> dict[str, Any]:
    """The document without the epochs."""
    request, training = request_of(view), trained.training
    config = asdict(request) | training.of.sizes(request.text) | {"learning_rate": training.learning_rate}
    return {
        "task": config.pop("task"),
        "config": config,
        "parameters": training.parameters(),
        "seconds": trained.seconds,
        "versions": {"unrolled": __version__, "numpy": np.__version__, "python": platform.python_version()},
    }


class TrainingEvents(StreamingResponse):
    """The events of a training. The client stops listening when the response ends or it has disconnected."""

    def __init__(self, lane: TrainingLane, job: TrainingJob, view: View) -> None:
        super().__init__(self._events(view), media_type=EVENTS, headers=UNBUFFERED)
        self._lane, self._job = lane, job

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._lane.leave(self._job)

    async def _events(self, view: View) -> AsyncIterator[bytes]:
        # while an event is sent more may happen, so everything is looked at again after each
        job, told, before = self._job, 0, None
        while True:
            if job.before != before and not job.epochs:
                before = job.before
                yield event("wait", {"before": before})
            elif told < len(job.epochs):
                told += 1
                yield event("epoch", job.epochs[told - 1]._asdict())
            elif job.is_over:
                yield self._last(view)
                return
            elif not await job.wait(HEARTBEAT):
                yield b":\n\n"

    def _last(self, view: View) -> bytes:
        """The last event."""
        try:
            return event("result", _about(view, self._job.outcome()))
        except FieldError as error:
            return event("error", {"status": 422, "message": str(error)})
        except HTTPException as error:
            text = ERROR_TEXTS.get(error.status_code)
            message = (text.message if text else error.detail).format(seconds=(error.headers or {}).get("Retry-After"))
            return event("error", {"status": error.status_code, "message": message})


def event(name: str, data: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), json(data))
