"""What a worker prepares before its first request, so that no request waits for it on the event loop."""

from sys import setswitchinterval

from ...translations.languages import LANGUAGES, translator
from ..http.installed_files import build
from .garbage_collection import freeze


def warm() -> None:
    """Read the translations and hash the files. The event loop waits no longer than a millisecond for each worker
    thread."""
    setswitchinterval(0.001)
    build()
    for language in LANGUAGES:
        translator(language)
    freeze()
