"""create_app(): mounts routes, static files, middleware; no logic."""

from fastapi import FastAPI
from starlette_compress import CompressMiddleware, add_compress_type

from app import __version__
from app.rooms.live import rooms
from app.rooms.memory import Memory
from app.settings import Settings, from_environment
from app.web import api, classroom, docs, health, learn, pages, questions, quiz
from app.web.answers import PYTHON, ROOT
from app.web.errors import add_error_answers
from app.web.headers import Head, SecurityHeaders
from app.web.predicting import judged
from app.web.prefix import FORWARDED, Prefix
from app.web.runs import Runner
from app.web.static import CompressedFiles
from app.web.traffic import Traffic


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or from_environment()
    prefix = settings.root_path
    servers = [{"url": prefix}] if prefix and prefix != FORWARDED else None
    app = FastAPI(title="Unrolled", version=__version__, docs_url=None, redoc_url=None, servers=servers)
    app.state.runner, app.state.rooms = Runner(settings.budget), settings.rooms
    for part in (pages, learn, questions, quiz, classroom, docs, api, health):
        app.include_router(part.router)
    app.state.drawn, app.state.ping = False, None
    if settings.rooms:
        store = Memory()
        app.state.ping = getattr(store, "ping", None)  # a store that can be out of reach has one
        app.include_router(rooms(store, judged))
    app.mount("/static/{build}", CompressedFiles(directory=ROOT / "static"), name="static")
    add_error_answers(app)
    add_compress_type(PYTHON.partition(";")[0])
    app.add_middleware(CompressMiddleware)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Traffic, log=settings.log)
    app.add_middleware(Head)
    if prefix:
        app.add_middleware(Prefix, prefix=prefix)
    return app
