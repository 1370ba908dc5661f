"""What every test may ask for: one browser for the whole session, and the flag that re-makes golden pictures."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from scripts import chromium

# A busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden pictures anew instead of comparing")


TIMED = ("browser", "test_fuzz.py", "test_nginx.py", "test_overload.py", "test_serving.py")
"""Where a real browser or a real server has to keep up: one after the other, beside the rest."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Two workers share the tests, see the Makefile; one of them has all that is timed."""
    if not {*TIMED}.isdisjoint(item.path.parts):
        item.add_marker(pytest.mark.xdist_group("timed"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "no Chromium: run `make test`, which installs it or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGS))
        yield browser
        browser.close()
