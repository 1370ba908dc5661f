"""What a worker prepares before its first request, so that no request waits for it on the event loop."""

import gc
from sys import setswitchinterval

from app.lessons.languages import LANGUAGES, translations
from app.web.answers import build


def warm() -> None:
    """Read the translations and hash the files. What is there by now stays: the garbage collector, which takes 50 ms to
    look through it, never has to again. The event loop waits no longer than a millisecond for each worker thread."""
    setswitchinterval(0.001)
    build()
    for language in LANGUAGES:
        translations(language)
    gc.collect()
    gc.freeze()
