"""What crawlers may fetch: every page has links to hundreds of others, without end."""

from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.http.caching import unchanged
from app.web.http.responses import TEXT, fresh
from app.web.pages.docs import paths

router = APIRouter()

INDEXED = ("/learn", "/questions", "/docs")
"""What is for search engines beside the first page, and what is below it."""

PREVIEWERS = ("Discordbot", "facebookexternalhit", "LinkedInBot", "Slackbot", "TelegramBot", "Twitterbot", "WhatsApp")
"""They follow no links: each fetches the one that somebody shared, and its picture."""


@router.get("/robots.txt", include_in_schema=False)
async def robots_txt(request: Request) -> Response:
    """The rules for crawlers, RFC 9309."""
    prefix = request.scope.get("app_root_path", "")
    lines = [*(f"User-agent: {name}" for name in PREVIEWERS), f"Allow: {prefix}/", ""]
    lines += ["User-agent: *", *(f"Disallow: {prefix}{path}" for path in closed()), ""]
    return unchanged(request) or fresh(request, TEXT, "\n".join(lines))


def closed() -> Iterator[str]:
    """How the addresses begin that crawlers leave alone: those of every state, and whatever is no page of words."""
    yield "/*?"  # "/?" is not said: some crawlers, such as Python's, read it as "/"
    for path, _ in paths():
        if path != "/" and not path.startswith(INDEXED):
            yield path.partition("{")[0]
