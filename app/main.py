"""create_app(): mounts routes, static files, middleware; no logic."""

from fastapi import FastAPI
from starlette_compress import CompressMiddleware, add_compress_type

from app import __version__
from app.settings import Settings, from_environment
from app.web import api, docs, learn, pages, questions, quiz
from app.web.answers import PYTHON, ROOT
from app.web.errors import add_error_answers
from app.web.headers import Head, SecurityHeaders
from app.web.runs import Runner
from app.web.static import CompressedFiles


def create_app(settings: Settings | None = None) -> FastAPI:
    app = FastAPI(title="Unrolled", version=__version__, docs_url=None, redoc_url=None)
    app.state.runner = Runner((settings or from_environment()).budget)
    for part in (pages, learn, questions, quiz, docs, api):
        app.include_router(part.router)
    app.mount("/static/{build}", CompressedFiles(directory=ROOT / "static"), name="static")
    add_error_answers(app)
    add_compress_type(PYTHON.partition(";")[0])
    app.add_middleware(CompressMiddleware)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Head)
    return app
