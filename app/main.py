"""create_app() puts the app together: routes, static files and middleware. It has no logic."""

from asyncio import create_task
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from fastapi import FastAPI

from . import __version__
from .process_environment import CANNOT_START
from .proxy_settings import FORWARDED
from .rooms.memory_store import Memory
from .rooms.room_connections import Hubs
from .rooms.store import Store, StoreError
from .settings import SELF, SettingError, Settings, from_environment
from .terminal_streams import print_error
from .web.api.rooms import LiveRooms
from .web.error_responses import add_error_handlers, http_error
from .web.openapi import describe
from .web.pages.index import draw_first
from .web.requests_and_responses.routing import ROOM, Routes
from .web.routes import ROUTES
from .web.server.compression import Compression
from .web.server.garbage_collection import collecting
from .web.server.metrics import member
from .web.server.prefix import Prefix
from .web.server.rejected_requests import Limits, owner_of
from .web.server.request_log import RequestLog
from .web.server.response_cache import ResponseCache
from .web.server.run_executor import Runner
from .web.server.security_headers import Head, SecurityHeaders
from .web.server.warm_up import warm


def create_app(settings: Settings | None = None) -> FastAPI:
    """Create the app, by default with the settings from the environment. If one of them is not valid, print an error
    and exit."""
    try:
        settings = settings or from_environment()
    except SettingError as error:
        print_error(error)
        raise SystemExit(CANNOT_START) from None
    hubs = Hubs(store(settings.rooms_url), member)
    prefix = settings.root_path
    app = FastAPI(
        title="Unrolled",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": prefix}] if prefix and prefix != FORWARDED else None,
        lifespan=partial(_lifespan, hubs.store),
    )
    _set_state(app, settings, hubs)
    routes = Routes(row for row in ROUTES if settings.rooms or row.kind is not ROOM)
    routes.add_to(app)
    add_error_handlers(app)
    describe(app)
    _add_middleware(app, settings, routes)
    return app


@asynccontextmanager
async def _lifespan(rooms: Store, app: FastAPI) -> AsyncIterator[None]:
    """What happens when the app starts and ends."""
    warm()
    pinging = create_task(_ping(rooms))
    with collecting():
        yield
    pinging.cancel()
    app.state.runner.trainings.close()
    await rooms.close()


def _set_state(app: FastAPI, settings: Settings, hubs: Hubs) -> None:
    """What handlers and middleware find in ``app.state``."""
    app.state.runner = Runner(settings.budget, settings.client_share / 100)
    app.state.rooms, app.state.public_url = settings.rooms, settings.public_url
    app.state.framed = settings.frame_ancestors != SELF
    # the settings that responses depend on
    app.state.cache_key = settings.public_url, settings.root_path, settings.rooms, settings.frame_ancestors
    app.state.ping = hubs.store.ping
    app.state.warm_up, app.state.is_warm = partial(draw_first, app), False
    app.state.is_error_page_compiled = False
    app.state.live_rooms = LiveRooms(hubs, owner_of if settings.client_share else lambda _: "")


def _add_middleware(app: FastAPI, settings: Settings, routes: Routes) -> None:
    """The middleware, from the inside: a request passes through the last one first."""
    app.add_middleware(Compression, routes=routes)
    app.add_middleware(SecurityHeaders, routes=routes, frames=settings.frame_ancestors)
    if settings.response_cache:
        app.add_middleware(ResponseCache, routes=routes, most=settings.response_cache)
    app.add_middleware(Limits, routes=routes, refuse=http_error, for_clients=settings.client_share > 0)
    app.add_middleware(RequestLog, routes=routes, log=settings.log)
    app.add_middleware(Head)
    if settings.root_path:
        app.add_middleware(Prefix, prefix=settings.root_path)


async def _ping(store: Store) -> None:
    """Ask the store once when the app starts, so that the log says at once if it is unavailable."""
    with suppress(StoreError):
        await store.ping()


def store(url: str) -> Store:
    """The store of rooms. Redis is imported only if it is used, because the import takes 7% of the startup time."""
    if not url:
        return Memory()
    from .rooms.redis_store import Redis

    return Redis(url)
