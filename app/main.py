"""create_app(): mounts routes, static files, middleware; no logic."""

from fastapi import FastAPI
from starlette_compress import CompressMiddleware, add_compress_type

from app import __version__
from app.rooms.live import rooms
from app.rooms.memory import Memory
from app.settings import OWN, Settings, from_environment
from app.web import api, classroom, docs, embed, images, learn, pages, previews, questions, quiz
from app.web.answers import PYTHON, ROOT
from app.web.errors import add_error_answers
from app.web.headers import Head, SecurityHeaders
from app.web.predicting import judged
from app.web.runs import Runner
from app.web.static import CompressedFiles


def create_app(settings: Settings | None = None) -> FastAPI:
    app = FastAPI(title="Unrolled", version=__version__, docs_url=None, redoc_url=None)
    settings = settings or from_environment()
    app.state.runner, app.state.rooms = Runner(settings.budget), settings.rooms
    app.state.framed = settings.frames != OWN
    for part in (pages, learn, questions, quiz, classroom, docs, images, embed, previews, api):
        app.include_router(part.router)
    if settings.rooms:
        app.include_router(rooms(Memory(), judged))
    app.mount("/static/{build}", CompressedFiles(directory=ROOT / "static"), name="static")
    add_error_answers(app)
    add_compress_type(PYTHON.partition(";")[0])
    app.add_middleware(CompressMiddleware)
    app.add_middleware(SecurityHeaders, frames=settings.frames)
    app.add_middleware(Head)
    return app
