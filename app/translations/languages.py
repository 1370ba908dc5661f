"""The languages that page and lessons are told in. English stands in the code; what it is in another language stands in
<language>.po beside this file, in the format that translators' tools know, with the English text as its key.
"""

from functools import cache, partial
from pathlib import Path

from babel.messages.pofile import read_po

from app.translations.phrases import ENGLISH, Say, translated

LANGUAGES = {"en": "English", "es": "Español", "zh": "中文"}
"""By code, what each calls itself."""

CATALOGS = Path(__file__).parent
"""The folder of the .po files."""


@cache
def said_in(language: str) -> Say:
    """How to say things in a language."""
    return partial(translated, translations=translations(language)) if language != "en" else ENGLISH


@cache
def translations(language: str) -> dict[str, str]:
    """Every text of a language's file that is translated, by its English."""
    if language == "en":
        return {}
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string and not one.fuzzy}
