"""The main page and the figure as JSON, recorded once and filled for other sizes.

A page is rendered with expressions as sizes and as seed (``expressions.py``), so it is a text with slots: for other
sizes and another seed only these are filled. The parts that need the run are rendered for each page.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ...expressions import Recording
from ...growing_cache import GrowingCache
from ...query.view import View
from .long_links import LONG
from .parts.picture_links import link_writers
from .slotted_text import SlottedText

MOST = 16
"""The maximum number of texts of one page, whose conditions differ."""

LARGEST = 48_000_000
"""The maximum size of all recorded pages in bytes."""

EMPTY = 10_000
"""The size of a page without texts."""

RARELY, RAREST = 1, 96
"""The number of pages that are rendered before one is recorded, which takes as long as two or three of them: it is
doubled at each recording, and halved when a text is used again."""

Part = Callable[[str], Markup]
"""Renders a part of the page, by its name."""

Render = Callable[[View, Part], str]
"""Renders the page of a View."""


class RecordedPage:
    """A page for all sizes, as texts: the last used one first."""

    def __init__(self) -> None:
        self._texts: list[SlottedText] = []
        self._rendered = 0
        self._rarely = RARELY
        self._can_be_recorded = True
        self._lock = Lock()

    def text(self, view: View, render: Render, part: Part) -> str:
        """The page of a View: filled if a text is valid for its sizes, rendered otherwise. Requests for the same page
        do not wait for each other."""
        for text in tuple(self._texts):
            if (html := filled(text, view, part)) is not None:
                self._use(text)
                return html
        if self._is_due():
            try:
                text = record(view, render)
            except (TypeError, AttributeError, ValueError):  # something on the page cannot be a formula
                self._can_be_recorded = False
            else:
                self._add(text)
                if (html := filled(text, view, part)) is not None:
                    return html
        return render(view, part)

    @property
    def size(self) -> int:
        """About the size in bytes."""
        return EMPTY + sum(text.size for text in tuple(self._texts))

    def _use(self, text: SlottedText) -> None:
        with self._lock:
            self._rarely = max(RARELY, self._rarely // 2)
            if text in self._texts:  # another request may have dropped it
                self._texts.remove(text)
                self._texts.insert(0, text)

    def _is_due(self) -> bool:
        """Whether to record the page now."""
        with self._lock:
            self._rendered += 1
            if not self._can_be_recorded or self._rendered <= self._rarely:
                return False
            self._rendered = 0
            self._rarely = min(RAREST, 2 * self._rarely)
            return True

    def _add(self, text: SlottedText) -> None:
        with self._lock:
            self._texts = [text, *self._texts[: MOST - 1]]


_pages = GrowingCache(LARGEST, RecordedPage)


def page_text(setting: tuple[Any, ...], view: View, render: Render, part: Part) -> str:
    """The page of a View, recorded unless it has texts that hardly two visitors share. ``setting``: everything else
    that the page depends on; ``part``: renders its parts that need the run."""
    if view.equations or len(quote(view.text + view.title)) > LONG:  # texts would be in hundreds of links
        return render(view, part)
    numbers: dict[str, Any] = dict.fromkeys((*view.sizes, "seed"), 1)
    with _pages.using((replace(view, **numbers), setting)) as page:
        return page.text(view, render, part)


def filled(text: SlottedText, view: View, part: Part) -> str | None:
    """The page of a View, or None if a condition does not hold."""
    return text.filled({**view.sizes, "seed": view.seed}, {"part": part, **link_writers(view)})


def record(view: View, render: Render) -> SlottedText:
    """The page with slots."""
    with Recording({**view.sizes, "seed": view.seed}) as recording:
        html = render(replace(view, **recording.sizes), lambda name: Markup(recording.slot("part", name)))
        return SlottedText(html, recording.finish())
