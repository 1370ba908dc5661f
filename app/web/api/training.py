"""/training.json: the result of a training; /training: its epochs, as they come.

The events of the stream are ``wait`` with the number of trainings before this one, ``epoch``, and at the end ``result``
with the document but for its epochs, or ``error``. A page asks for ``picture=page`` or another format: then ``beliefs``
come between the epochs, which are a picture of what the network believes by now.
"""

import platform
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

import numpy as np
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ... import __version__
from ...diagram.format_names import FORMATS
from ...training.training_and_result import Snapshot, Trained
from ...translations.languages import translator
from ...translations.phrases import joined_with_or, phrase
from ...translations.translator import ENGLISH, Translator
from ...url_state.field_types import FieldError, quoted
from ...url_state.url_state import UrlState
from ...url_state_to_picture.training.training_request_of_state import example_of, parse_training, request_of
from ..error_texts import ERROR_TEXTS
from ..pages.parts.training_panel import beliefs_svg, example_words
from ..requests_and_responses.event_stream import UNBUFFERED, EventStream
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import EVENTS
from ..requests_and_responses.responses import json, respond
from ..server.run_executor import Runner
from ..server.security_headers import WITHOUT_BODY
from ..server.training_queue import TrainingJob, TrainingQueue

PICTURE = "picture"
"""The name of a parameter: the format of the pictures that a page asks for."""

HEARTBEAT = 10.0
"""Seconds without an event after which a comment is sent: proxies end a connection on which nothing is sent."""


async def training_json(request: Request) -> Response:
    """Train the network of the query, and return loss and accuracy of each epoch; 503 if they take too long."""
    state, queue = parse_training(request.query_params.multi_items()), request.app.state.runner.trainings

    async def work() -> bytes:
        return json(training_document(state, await queue.result(state)))

    return await respond(request, work)


async def training_events(request: Request) -> Response:
    """The same epochs as server-sent events, as they come."""
    pairs, format = request.query_params.multi_items(), request.query_params.get(PICTURE, "")
    state, runner = parse_training([pair for pair in pairs if pair[0] != PICTURE]), request.app.state.runner
    if PICTURE in request.query_params and format not in FORMATS:
        message = phrase("picture must be {formats}, not {text}", formats=joined_with_or(FORMATS), text=quoted(format))
        raise FieldError(PICTURE, format, message, list(FORMATS))
    queue, translate = runner.trainings, translator(language_of(request, state))
    with translated_errors(translate):
        await queue.check(state)
        if request.scope.get(WITHOUT_BODY):
            return Response(media_type=EVENTS, headers=UNBUFFERED)
        job = queue.join(state)
    pictures = Pictures(runner, job, state, translate, format) if format else None
    return TrainingEvents(queue, job, state, translate, pictures)


def training_document(state: UrlState, trained: Trained) -> dict[str, Any]:
    """/training.json: but for ``seconds`` the same for the same query, on machines with the same arithmetic."""
    return {**_about(state, trained), "epochs": [epoch._asdict() for epoch in trained.epochs]}


def _about(state: UrlState, trained: Trained) -> dict[str, Any]:
    """The document without the epochs."""
    request, training = request_of(state), trained.training
    config = asdict(request) | training.of.sizes(request.text)
    config |= config.pop("schedule")._asdict()
    return {
        "task": config.pop("task"),
        "config": config,
        "parameters": training.parameters(),
        "seconds": trained.seconds,
        "versions": {"unrolled": __version__, "numpy": np.__version__, "python": platform.python_version()},
    }


class Pictures:
    """Pictures of what a network that is being trained believes, for a page in a language and with a format."""

    def __init__(self, runner: Runner, job: TrainingJob, state: UrlState, translate: Translator, format: str) -> None:
        self.runner, self.job, self.state, self.translate, self.format = runner, job, state, translate, format

    async def of(self, snapshot: Snapshot) -> dict[str, Any]:
        """The picture of the beliefs about the example of the UrlState, and which one that is."""
        state, translate, format, drawn = self.state, self.translate, self.format, self.job.pictures
        example, last = example_of(state, snapshot.training), len(snapshot.training.data.test_X) - 1
        key = example, format, state.notation, translate
        if key not in drawn:  # all that watch the same one share it
            drawn[key] = await self.runner.quick(lambda: beliefs_svg(state, snapshot, format, translate))
        return {"example": example, "last": last, "words": translate(example_words(example, last)), "svg": drawn[key]}


class TrainingEvents(EventStream):
    """The events of a training, with ``pictures`` of what the network believes, if they are asked for. The client stops
    listening when the response ends or it has disconnected."""

    def __init__(
        self,
        queue: TrainingQueue,
        job: TrainingJob,
        state: UrlState,
        translate: Translator = ENGLISH,
        pictures: Pictures | None = None,
    ) -> None:
        super().__init__(self._events(state))
        self._queue, self._job, self._translate, self._pictures = queue, job, translate, pictures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._queue.leave(self._job)

    async def _events(self, state: UrlState) -> AsyncIterator[bytes]:
        # while an event is sent more may happen, so everything is looked at again after each
        job, sent, before, shown = self._job, 0, None, None
        while True:
            if job.before != before and not job.epochs:
                before = job.before
                yield event("wait", {"before": before})
            elif sent < len(job.epochs):
                sent += 1
                yield event("epoch", job.epochs[sent - 1]._asdict())
            elif job.is_over:
                yield self._last(state)
                return
            elif self._pictures and job.snapshot and job.snapshot is not shown:
                shown = job.snapshot
                with suppress(HTTPException):  # a busy server sends the next one
                    yield event("beliefs", await self._pictures.of(shown))
            elif not await job.wait(HEARTBEAT):
                yield b":\n\n"

    def _last(self, state: UrlState) -> bytes:
        """The last event."""
        try:
            return event("result", _about(state, self._job.outcome()))
        except FieldError as error:
            return event("error", {"status": 422, "message": self._translate(error.message)})
        except HTTPException as error:
            return event("error", {"status": error.status_code, "message": self._translate(message_of(error))})


@contextmanager
def translated_errors(translate: Translator) -> Iterator[None]:
    """Let errors have messages in the language of the page that shows them."""
    try:
        yield
    except FieldError as error:
        raise FieldError(error.field, error.value, translate(error.message), error.allowed) from error
    except HTTPException as error:
        message = phrase(translate(message_of(error)))
        raise HTTPException(error.status_code, message, error.headers) from error


def message_of(error: HTTPException) -> str:
    """What to tell the reader of a page."""
    text = ERROR_TEXTS.get(error.status_code)
    return phrase(text.message, seconds=(error.headers or {}).get("Retry-After", "")) if text else error.detail


def event(name: str, data: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), json(data))
