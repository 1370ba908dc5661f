"""The language of a page: the one that the link names, else the one that the visitor prefers."""

from urllib.parse import urlencode

from starlette.requests import Request

from ...translations.languages import LANGUAGES
from ...url_state.fields import FIELDS
from ...url_state.fields.look_fields import AUTO
from ...url_state.url_state import UrlState
from .accept import qualities

Switch = tuple[str, str, str, bool]
"""A language's code and its own name, the query that selects it, and whether it is the current one."""


def language_of(request: Request, state: UrlState) -> str:
    """The code of the language that a page is in."""
    return accepted(request) if state.lang == AUTO else state.lang


def accepted(request: Request) -> str:
    """The available language that the visitor prefers, by the lookup of RFC 4647: es-MX matches es."""
    wanted = qualities(request.headers, "accept-language")
    offered = [code for code in LANGUAGES if wanted.get(code) != 0] or list(LANGUAGES)
    for tag in sorted(filter(wanted.get, wanted), key=wanted.__getitem__, reverse=True):
        for code in offered:
            if f"{tag}-".startswith(f"{code}-"):
                return code
    return offered[0]


def switches(state: UrlState, language: str) -> list[Switch]:
    """Every language, with the query that selects it and changes nothing else."""
    return [(code, name, state.query(lang=code), code == language) for code, name in LANGUAGES.items()]


def carried_fields(state: UrlState) -> dict[str, str]:
    """The fields that links to other pages keep: the language and theme, if the link of this page names them."""
    return {name: str(state[name]) for name in ("lang", "theme") if state[name] != FIELDS[name].default}


def suffix(state: UrlState) -> str:
    """The query of a link to another page, with those fields."""
    query = urlencode(carried_fields(state))
    return f"?{query}" if query else ""
