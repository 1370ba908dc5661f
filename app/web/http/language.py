"""Which language the words of a page are in: the link's, or else the visitor's own."""

from starlette.requests import Request

from ...query.fields import AUTO
from ...query.view import View
from ...translations.languages import LANGUAGES
from .accept import qualities

Switch = tuple[str, str, str, bool]
"""A language's code and its own name, the query that asks for it, and whether it is the one that is read."""


def language_of(request: Request, view: View) -> str:
    return accepted(request) if view.lang == AUTO else view.lang


def accepted(request: Request) -> str:
    """The visitor's preferred language of those that there are, by the lookup of RFC 4647: es-MX finds es."""
    wanted = qualities(request.headers, "accept-language")
    offered = [code for code in LANGUAGES if wanted.get(code) != 0] or list(LANGUAGES)
    for tag in sorted(filter(wanted.get, wanted), key=wanted.__getitem__, reverse=True):
        for code in offered:
            if f"{tag}-".startswith(f"{code}-"):
                return code
    return offered[0]


def switches(view: View, language: str) -> list[Switch]:
    """Every language, with the query that asks for it and leaves all else as it is."""
    return [(code, name, view.query(lang=code), code == language) for code, name in LANGUAGES.items()]


def suffix(view: View) -> str:
    """The query of a link to another page of words, which is to be in the language that was asked for."""
    return "" if view.lang == AUTO else f"?lang={view.lang}"
