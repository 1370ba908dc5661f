"""The main page and the figure as JSON, recorded once and filled for other sizes.

A page is rendered with expressions as sizes and as seed (``size_expressions.py``), so it is a text with slots: for
other sizes and another seed only these are filled, and the site at which the visitor reaches the app. The parts that
need the run are rendered for each page.
"""

import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ....growing_cache import GrowingCache
from ....size_expressions import WHOLE, Recording
from ....url_state.url_state import UrlState
from ...requests_and_responses.absolute_urls import RECORDED_SITE
from ...requests_and_responses.installed_files import build
from ..long_links import LONG
from ..parts.links_and_accessible_names import link_writers
from ..rendering import FOLDER
from .recorded_page_files import StoredPages
from .texts_filled_on_server import SlottedText

MOST = 16
"""The maximum number of texts of one page, whose conditions differ."""

LARGEST = 48_000_000
"""The maximum size of all recorded pages in bytes."""

EMPTY = 10_000
"""The size of a page without texts."""

RARELY, RAREST = 1, 96
"""The number of pages that are rendered before one is recorded, which takes as long as two or three of them: it is
doubled at each recording, and halved when a text is used again."""

SITE = "site"
"""The number of characters of the site, as a size of recorded pages."""

_PLAIN_SITE = re.compile(r"[\w.:/\[\]-]*", re.ASCII)
"""A site that is written in the same way in HTML, Markdown and Python."""

Part = Callable[[str], Markup]
"""Renders a part of the page, by its name."""

Render = Callable[[UrlState, Part], str]
"""Renders the page of a UrlState."""


_is_storing = ContextVar("whether every page is recorded, and its texts are stored for other processes", default=False)


class RecordedPage:
    """A page for all sizes, as texts: the last used one first. ``key`` identifies its stored texts; those whose numbers
    are in ``_taken`` are among its texts."""

    def __init__(self, key: Hashable = None) -> None:
        self._key = key
        self._texts: list[SlottedText] = []
        self._taken: set[int] = set()
        self._rendered = 0
        self._rarely = RARELY
        self._can_be_recorded = True
        self._lock = Lock()

    def text(self, state: UrlState, render: Render, part: Part, site: str = "") -> str:
        """The page of a UrlState: filled if a text is valid for its sizes, rendered otherwise. Requests for the same
        page do not wait for each other."""
        for text in tuple(self._texts):
            if (html := filled(text, state, part, site)) is not None:
                self._use(text)
                return html
        for number, text in stored_pages().read(self._key, self._taken):
            if (html := filled(text, state, part, site)) is not None:
                self._taken.add(number)
                self._add(text)
                return html
        if self._is_due():
            try:
                text = record(state, render, site)
            except (TypeError, AttributeError, ValueError):  # something on the page cannot be a formula
                self._can_be_recorded = False
            else:
                self._add(text)
                if _is_storing.get():
                    self._taken.add(stored_pages().add(self._key, text))
                if (html := filled(text, state, part, site)) is not None:
                    return html
        return render(state, part)

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
            if not self._can_be_recorded or (self._rendered <= self._rarely and not _is_storing.get()):
                return False
            self._rendered = 0
            self._rarely = min(RAREST, 2 * self._rarely)
            return True

    def _add(self, text: SlottedText) -> None:
        with self._lock:
            self._texts = [text, *self._texts[: MOST - 1]]


_pages = GrowingCache(LARGEST, RecordedPage)


@cache
def stored_pages() -> StoredPages:
    """The texts that ``app/precompute.py`` has recorded."""
    return StoredPages(FOLDER / "__pycache__", build())


@contextmanager
def storing() -> Iterator[None]:
    """Record every page within the context, and store its texts for other processes."""
    token = _is_storing.set(True)
    try:
        yield
    finally:
        _is_storing.reset(token)


def page_text(setting: tuple[Any, ...], state: UrlState, render: Render, part: Part, site: str = "") -> str:
    """The page of a UrlState, recorded unless it has texts that hardly two visitors share, or shows what was trained,
    which no formula says for other sizes.

    ``setting``: everything else that the page depends on; ``part``: renders its parts that need the run; ``site``: the
    public URL of the app, as the visitor reaches it.
    """
    has_result = state.view == "training" and state.trained
    if (
        state.equations or has_result or len(quote(state.text + state.title)) > LONG
    ):  # texts would be in hundreds of links
        return render(state, part)
    numbers: dict[str, Any] = dict.fromkeys((*state.sizes, "seed"), 1)
    key = replace(state, **numbers), setting, "" if _is_plain(site) else site
    with _pages.using(key) as page:
        return page.text(state, render, part, site)


def _is_plain(site: str) -> bool:
    return _PLAIN_SITE.fullmatch(site) is not None


def filled(text: SlottedText, state: UrlState, part: Part, site: str = "") -> str | None:
    """The page of a UrlState, or None if a condition does not hold."""
    numbers = {**state.sizes, "seed": state.seed, SITE: len(site)}
    return text.filled(numbers, {"part": part, WHOLE: lambda _: site, **link_writers(state)})


def record(state: UrlState, render: Render, site: str = "") -> SlottedText:
    """The page with slots: one of them for the site, if that is plain."""
    with Recording({**state.sizes, "seed": state.seed, SITE: len(site)}) as recording:
        numbers = {name: number for name, number in recording.sizes.items() if name != SITE}
        at = recording.slot(WHOLE, recording.sizes[SITE]) if _is_plain(site) else ""
        token = RECORDED_SITE.set(at)
        try:
            html = render(replace(state, **numbers), lambda name: Markup(recording.slot("part", name)))
        finally:
            RECORDED_SITE.reset(token)
        return SlottedText(html, recording.finish(), given={*link_writers(state)})
