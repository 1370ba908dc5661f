"""Which language the words of a page are in: the link's, or else the visitor's own."""

from babel.core import negotiate_locale
from starlette.requests import Request

from app.lessons.languages import LANGUAGES
from app.web.fields import AUTO
from app.web.view import View

Switch = tuple[str, str, str, bool]
"""A language's code and its own name, the query that asks for it, and whether it is the one that is read."""


def language_of(request: Request, view: View) -> str:
    return accepted(request) if view.lang == AUTO else view.lang


def accepted(request: Request) -> str:
    """The language that the visitor's browser likes best of those that there are."""
    wishes = [_wish(part) for part in request.headers.get("accept-language", "").split(",")[:20]]
    liked = [code for code, _ in sorted(wishes, key=lambda wish: -wish[1]) if code]
    return negotiate_locale(liked, list(LANGUAGES), sep="-") or "en"


def _wish(part: str) -> tuple[str, float]:
    """``es-MX;q=0.8`` as a code and how much it is liked."""
    code, _, weight = part.strip().partition(";q=")
    try:
        return code, float(weight or 1)
    except ValueError:
        return "", 0.0


def asked_for(view: View) -> str:
    """The language of what is the same for every visitor: that of its link, or else English."""
    return "en" if view.lang == AUTO else view.lang


def switches(view: View, language: str) -> list[Switch]:
    """Every language, with the query that asks for it and leaves all else as it is."""
    return [(code, name, view.query(lang=code), code == language) for code, name in LANGUAGES.items()]


def suffix(view: View) -> str:
    """The query of a link to another page of words, which is to be in the language that was asked for."""
    return "" if view.lang == AUTO else f"?lang={view.lang}"
