"""The main page, recorded once and written for other sizes.

A page is rendered with expressions as sizes and as seed (``expressions.py``), so it is a text with slots: for other
sizes and another seed only its numbers are written. The parts that need the run are rendered for each page.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from cachetools import LRUCache
from markupsafe import Markup

from ...expressions import Recording
from ...query.view import View
from .slotted_text import SlottedText

PAGES, MOST = 8, 6
"""The maximum number of recorded pages, and of texts of each, whose conditions differ. A text takes a megabyte."""

RARELY = 4
"""A recording takes as long as three pages, so there are at least this many pages between two recordings."""

Part = Callable[[str], Markup]
"""Renders a part of the page, by its name."""

Render = Callable[[View, Part], str]
"""Renders the page of a View."""


@dataclass
class RecordedPage:
    """A page for all sizes, as texts: the last used one first. The first page is only rendered; ``since`` counts the
    pages since the last recording."""

    texts: list[SlottedText] = field(default_factory=list)
    since: int = RARELY - 1
    lock: Lock = field(default_factory=Lock)

    def written(self, view: View, render: Render, part: Part) -> str:
        """The page of a View: written if one of the texts is valid for its sizes, rendered otherwise."""
        numbers, writers = {**view.sizes, "seed": view.seed}, {"part": part}
        with self.lock:
            self.since += 1
            for text in self.texts:
                if (html := text.written(numbers, writers)) is not None:
                    self.texts.remove(text)
                    self.texts.insert(0, text)
                    return html
            if self.since > RARELY and (new := self._record(view, render)):
                html = new.written(numbers, writers)
                assert html is not None
                return html
        return render(view, part)

    def _record(self, view: View, render: Render) -> SlottedText | None:
        try:
            text = recorded(view, render)
        except TypeError:  # something on the page cannot be a formula
            self.since = -(10**9)
            return None
        self.since = 0
        self.texts = [text, *self.texts[: MOST - 1]]
        return text


_pages: LRUCache[Hashable, RecordedPage] = LRUCache(PAGES)
_lock = Lock()


def written(setting: tuple[Any, ...], view: View, render: Render, part: Part) -> str:
    """The page of a View. ``setting``: everything else that the page depends on; ``part``: renders its parts that need
    the run."""
    numbers: dict[str, Any] = dict.fromkeys((*view.sizes, "seed"), 1)
    subject = replace(view, **numbers)
    with _lock:
        page = _pages.setdefault((subject, setting), RecordedPage())
    return page.written(view, render, part)


def recorded(view: View, render: Render) -> SlottedText:
    """The page with slots."""
    with Recording({**view.sizes, "seed": view.seed}) as recording:
        html = render(replace(view, **recording.sizes), lambda name: Markup(recording.slot("part", name)))
        return SlottedText(html, recording.finish())
