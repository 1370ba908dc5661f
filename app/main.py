"""create_app(): mounts routes, static files, middleware; no logic."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette_compress import CompressMiddleware, add_compress_type

from app import __version__
from app.rooms.hall import Halls
from app.rooms.live import rooms
from app.rooms.memory import Memory
from app.rooms.redis import Redis
from app.settings import Settings, from_environment
from app.web import api, classroom, docs, learn, pages, questions, quiz
from app.web.answers import PYTHON, ROOT
from app.web.description import describe
from app.web.errors import add_error_answers
from app.web.headers import Head, SecurityHeaders
from app.web.kept import Kept
from app.web.limits import Limits
from app.web.predicting import JUDGE
from app.web.runs import Runner
from app.web.static import CompressedFiles


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or from_environment()
    halls = Halls(Redis(settings.rooms_url) if settings.rooms_url else Memory())

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        await halls.store.close()

    app = FastAPI(title="Unrolled", version=__version__, docs_url=None, redoc_url=None, lifespan=life)
    app.state.runner = Runner(settings.budget, settings.client_share / 100)
    app.state.rooms = settings.rooms
    for part in (pages, learn, questions, quiz, classroom, docs, api):
        app.include_router(part.router)
    if settings.rooms:
        app.include_router(rooms(halls, JUDGE))
    app.mount("/static/{build}", CompressedFiles(directory=ROOT / "static"), name="static")
    add_error_answers(app)
    describe(app)
    add_compress_type(PYTHON.partition(";")[0])
    app.add_middleware(CompressMiddleware)
    app.add_middleware(Limits, tries=settings.client_share > 0)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Head)
    if settings.keep:
        app.add_middleware(Kept, most=settings.keep)
    return app
