"""The language of a page: the one that the link names, else the one that the visitor prefers."""

from urllib.parse import urlencode

from starlette.requests import Request

from ...query.fields import FIELDS
from ...query.fields.look_fields import AUTO
from ...query.view import View
from ...translations.languages import LANGUAGES
from .accept import qualities

Switch = tuple[str, str, str, bool]
"""A language's code and its own name, the query that selects it, and whether it is the current one."""


def language_of(request: Request, view: View) -> str:
    """The code of the language that a page is in."""
    return accepted(request) if view.lang == AUTO else view.lang


def accepted(request: Request) -> str:
    """The available language that the visitor prefers, by the lookup of RFC 4647: es-MX matches es."""
    wanted = qualities(request.headers, "accept-language")
    offered = [code for code in LANGUAGES if wanted.get(code) != 0] or list(LANGUAGES)
    for tag in sorted(filter(wanted.get, wanted), key=wanted.__getitem__, reverse=True):
        for code in offered:
            if f"{tag}-".startswith(f"{code}-"):
                return code
    return offered[0]


def switches(view: View, language: str) -> list[Switch]:
    """Every language, with the query that selects it and changes nothing else."""
    return [(code, name, view.query(lang=code), code == language) for code, name in LANGUAGES.items()]


def carried_fields(view: View) -> dict[str, str]:
    """The fields that links to other pages keep: the language and the theme, if the link of this page names them."""
    return {name: str(view[name]) for name in ("lang", "theme") if view[name] != FIELDS[name].default}


def suffix(view: View) -> str:
    """The query of a link to another page, with those fields."""
    query = urlencode(carried_fields(view))
    return f"?{query}" if query else ""
