"""The main page, recorded once and written for other sizes.

A page is rendered with expressions as sizes and as seed (``expressions.py``), so it is a text with slots: for other
sizes and another seed only its numbers are written. The parts that need the run are rendered for each page.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace
from threading import Lock
from typing import Any

from cachetools import LRUCache
from markupsafe import Markup

from ...expressions import Recording
from ...query.view import View
from .long_links import LONG
from .slotted_text import SlottedText

MOST = 16
"""The maximum number of texts of one page, whose conditions differ."""

LARGEST, PAGE, TEXT = 32_000, 10, 500
"""The size of all pages at most, of a page and of one of its texts, in kilobytes."""

RARELY = 3
"""The pages between two recordings of one: a recording takes as long as three pages."""

Part = Callable[[str], Markup]
"""Renders a part of the page, by its name."""

Render = Callable[[View, Part], str]
"""Renders the page of a View."""


class RecordedPage:
    """A page for all sizes, as texts: the last used one first."""

    def __init__(self) -> None:
        self._texts: list[SlottedText] = []
        self._rendered = 0
        self._lock = Lock()

    def written(self, view: View, render: Render, part: Part) -> str:
        """The page of a View: written if a text is valid for its sizes, rendered otherwise."""
        numbers, writers = {**view.sizes, "seed": view.seed}, {"part": part}
        with self._lock:
            for text in self._texts:
                if (html := text.written(numbers, writers)) is not None:
                    self._texts.remove(text)
                    self._texts.insert(0, text)
                    return html
            self._rendered += 1
            if self._rendered > RARELY and (new := self._recorded(view, render)):
                html = new.written(numbers, writers)
                assert html is not None
                return html
        return render(view, part)

    @property
    def size(self) -> int:
        """The size in kilobytes."""
        return PAGE + TEXT * len(self._texts)

    def _recorded(self, view: View, render: Render) -> SlottedText | None:
        try:
            text = recorded(view, render)
        except TypeError:  # something on the page cannot be a formula
            self._rendered = -(10**9)
            return None
        self._rendered = 0
        self._texts = [text, *self._texts[: MOST - 1]]
        return text


_pages: LRUCache[Hashable, RecordedPage] = LRUCache(LARGEST, getsizeof=lambda page: page.size)
_lock = Lock()


def written(setting: tuple[Any, ...], view: View, render: Render, part: Part) -> str:
    """The page of a View. ``setting``: everything else that the page depends on; ``part``: renders its parts that need
    the run."""
    if len(view.text) > LONG:  # it would be in hundreds of links
        return render(view, part)
    numbers: dict[str, Any] = dict.fromkeys((*view.sizes, "seed"), 1)
    key = replace(view, **numbers), setting
    with _lock:
        page = _pages.get(key) or RecordedPage()
    html = page.written(view, render, part)
    with _lock:
        _pages[key] = page  # it may be larger now
    return html


def recorded(view: View, render: Render) -> SlottedText:
    """The page with slots."""
    with Recording({**view.sizes, "seed": view.seed}) as recording:
        html = render(replace(view, **recording.sizes), lambda name: Markup(recording.slot("part", name)))
        return SlottedText(html, recording.finish())
