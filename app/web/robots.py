"""/robots.txt. Crawlers stay away from views: each has links to hundreds of others, without end."""

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from .requests_and_responses.responses import respond
from .requests_and_responses.routing import Routes

INDEXED = ("/learn", "/questions", "/docs")
"""Paths that search engines may index, with all paths below them; the main page is another."""

PREVIEWERS = ("Discordbot", "facebookexternalhit", "LinkedInBot", "Slackbot", "TelegramBot", "Twitterbot", "WhatsApp")
"""User agents that may fetch everything: they fetch only a link that somebody shared, and its image."""


async def robots_txt(request: Request) -> Response:
    """The rules for crawlers, RFC 9309."""
    prefix, routes = request.scope.get("app_root_path", ""), request.app.state.routes

    async def rules() -> str:
        lines = [*(f"User-agent: {name}" for name in PREVIEWERS), f"Allow: {prefix}/", ""]
        lines += ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in disallowed(routes)), ""]
        return "\n".join(lines)

    return await respond(request, rules)


def disallowed(routes: Routes) -> Iterator[str]:
    """The beginnings of paths that crawlers may not fetch: views, that is, paths with a query, and all that is not a
    page of text."""
    yield "/*?"  # not "/?", which some crawlers, such as Python's, take for "/"
    for route in routes.documented:
        if route.path != "/" and not route.path.startswith(INDEXED):
            yield route.path.partition("{")[0]
