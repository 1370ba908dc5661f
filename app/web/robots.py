"""What crawlers may fetch: every page has links to hundreds of others, without end."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from .http.responses import respond
from .http.routing import Routes

INDEXED = ("/learn", "/questions", "/docs")
"""What is for search engines beside the first page, and what is below it."""

PREVIEWERS = ("Discordbot", "facebookexternalhit", "LinkedInBot", "Slackbot", "TelegramBot", "Twitterbot", "WhatsApp")
"""They follow no links: each fetches the one that somebody shared, and its picture."""


async def robots_txt(request: Request) -> Response:
    """The rules for crawlers, RFC 9309."""
    prefix, routes = request.scope.get("app_root_path", ""), request.app.state.routes

    async def rules() -> str:
        lines = [*(f"User-agent: {name}" for name in PREVIEWERS), f"Allow: {prefix}/", ""]
        lines += ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in closed(routes)), ""]
        return "\n".join(lines)

    return await respond(request, rules)


def closed(routes: Routes) -> Iterator[str]:
    """How the addresses begin that crawlers leave alone: those of every state, and whatever is no page of words."""
    yield "/*?"  # "/?" is not said: some crawlers, such as Python's, read it as "/"
    for route in routes.documented:
        if route.path != "/" and not route.path.startswith(INDEXED):
            yield route.path.partition("{")[0]
