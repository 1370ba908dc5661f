"""The languages of the app. English is in the code; translations are in <language>.po in this folder."""

import re
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from .compiled_catalogs import compiled_catalog
from .numbers import SEPARATORS
from .translator import ENGLISH, Translator

LANGUAGES = {"en": "English", "es": "Español", "zh": "中文"}
"""The name of each language in the language itself, by code."""

CATALOGS = Path(__file__).parent
"""The folder of the .po files."""


@cache
def translator(language: str) -> Translator:
    """The translator into a language. It is cached; a worker reads each catalog before its first request."""
    if language == "en":
        return ENGLISH
    return read_translator(compiled_catalog(CATALOGS / f"{language}.po"), SEPARATORS.get(language, ","))


def read_translator(mo: bytes, separator: str = ",") -> Translator:
    """The translator of a compiled catalog. ``separator`` separates the thousands of a number."""
    catalog = GNUTranslations(BytesIO(mo))
    forms, rule = re.findall(r"=([^;]*)", catalog.info()["plural-forms"])
    return Translator(catalog, int(forms), rule, separator)
