"""Recorded pages that are stored for later processes: for one build, at any site, and only if the file is whole."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import precompute as prepare
from app.core.work_limits import Budget
from app.growing_cache import GrowingCache
from app.main import create_app
from app.settings import Settings
from app.url_state.url_state import UrlState
from app.web.pages import index
from app.web.pages.pages_for_other_sizes import recorded_pages
from app.web.pages.pages_for_other_sizes.recorded_page_files import StoredPages

ODD_SITE = "https://class.example/a(b)&c"
"""A site that is written in another way in HTML and in Markdown."""


def new_process(monkeypatch: pytest.MonkeyPatch, folder: Path, build: str) -> None:
    """Forget the recorded pages, as in a new process."""
    stored = StoredPages(folder, build)
    monkeypatch.setattr(recorded_pages, "stored_pages", lambda: stored)
    monkeypatch.setattr(recorded_pages, "_pages", GrowingCache(recorded_pages.LARGEST, recorded_pages.RecordedPage))


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The views of the pages that are rendered as a whole from now on, recorded or not."""
    found: list[str] = []
    whole = index.MainPage._whole

    def counting(self: index.MainPage, state: UrlState, **context: object) -> str:
        found.append(state.view)
        return whole(self, state, **context)

    monkeypatch.setattr(index.MainPage, "_whole", counting)
    return found


def page(query: str, host: str = "testserver", public_url: str = "", language: str = "en") -> str:
    client = TestClient(create_app(Settings(Budget(), public_url=public_url)), f"http://{host}")
    response = client.get(f"/{query}", headers={"Accept-Language": language})
    assert response.status_code == 200
    return re.sub(r"[\d.]+ ms<", "<", response.text)  # how long the run took


def keep(query: str) -> None:
    """Record a page, as ``app/precompute.py`` does."""
    with recorded_pages.storing():
        asyncio.run(index.draw(create_app(Settings(Budget())), query))


def test_a_new_process_fills_kept_pages_at_any_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rendered: list[str]
) -> None:
    new_process(monkeypatch, tmp_path, "1")
    keep("view=rolled&num_units=6")
    assert rendered == ["rolled"]

    for host, public_url in (("class.example", ""), ("testserver", "https://app.example:8443/unrolled"), ("[::1]", "")):
        new_process(monkeypatch, tmp_path, "1")
        rendered.clear()
        filled = page("?view=rolled&num_units=7", host, public_url)
        assert not rendered, "it was rendered again"
        new_process(monkeypatch, tmp_path, "none")
        assert filled == page("?view=rolled&num_units=7", host, public_url), host
        assert (public_url or host) in filled

    new_process(monkeypatch, tmp_path, "1")
    rendered.clear()
    odd = page("?view=rolled&num_units=7", public_url=ODD_SITE)
    assert rendered == ["rolled"]
    assert "https://class.example/a%28b%29&amp;c/" in odd


def test_a_page_is_kept_for_one_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rendered: list[str]) -> None:
    for build in ("1", "2"):
        new_process(monkeypatch, tmp_path, build)
        keep("")
    assert len(rendered) == 2

    recorded_pages.stored_pages().remove_others()
    assert {file.name[:2] for file in tmp_path.iterdir()} == {"2."}


def test_a_server_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    new_process(monkeypatch, tmp_path, "1")
    for num_units in range(3, 9):
        page(f"?num_units={num_units}")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("damage", [lambda content: content[:-9], lambda content: b"", lambda content: content + b"0"])
def test_a_damaged_file_is_ignored(
    damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rendered: list[str]
) -> None:
    new_process(monkeypatch, tmp_path, "1")
    keep("")
    whole = page("")
    for file in tmp_path.iterdir():
        file.write_bytes(damage(file.read_bytes()))
    new_process(monkeypatch, tmp_path, "1")
    rendered.clear()
    assert page("") == whole
    assert len(rendered) == 1


def test_a_prepared_copy_has_the_views_of_each_cell_in_a_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rendered: list[str]
) -> None:
    new_process(monkeypatch, tmp_path, "1")
    monkeypatch.setattr(prepare, "stored_pages", recorded_pages.stored_pages)
    monkeypatch.setattr(prepare, "CELLS", ("gru", "rnn"))
    for view in ("rolled", "weights"):
        prepare.record("es", view)

    new_process(monkeypatch, tmp_path, "1")
    rendered.clear()
    for view in ("rolled", "weights"):
        for cell in ("gru", "rnn"):
            page(f"?view={view}&cell={cell}&num_units=64", language="es")
    assert not rendered
    page("?view=rolled&cell=gru&num_units=64")
    assert rendered == ["rolled"], "only the pages in Spanish are recorded"
