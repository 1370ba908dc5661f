"""Preparation of a worker before its first request, so that no request waits for it on the event loop."""

from sys import setswitchinterval

from ...translations.languages import LANGUAGES, translator
from ..requests_and_responses.installed_files import build
from .garbage_collection import freeze


def warm() -> None:
    """Load the translations, hash the files, and limit the time for which a worker thread blocks the event loop to a
    millisecond."""
    setswitchinterval(0.001)
    build()
    for language in LANGUAGES:
        translator(language)
    freeze()
