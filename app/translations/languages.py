"""The languages of the app. English is in the code; translations are in <language>.po in this folder."""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import IO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from .numbers import SEPARATORS
from .translator import ENGLISH, Translator

LANGUAGES = {"en": "English", "es": "Español", "zh": "中文"}
"""The name of each language in the language itself, by code."""

CATALOGS = Path(__file__).parent
"""The folder of the .po files."""


@cache
def translator(language: str) -> Translator:
    """The translator into a language. It is cached; a worker reads each file before its first request."""
    if language == "en":
        return ENGLISH
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_translator(file, SEPARATORS.get(language, ","))


def read_translator(file: IO[bytes], separator: str = ",") -> Translator:
    """The translator of a .po file, without its fuzzy translations. ``separator`` separates the thousands of a number.
    The file is compiled in memory, because a .mo file on disk could be out of date."""
    catalog, compiled = read_po(file), BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translator(GNUTranslations(compiled), catalog.num_plurals, catalog.plural_expr, separator)
