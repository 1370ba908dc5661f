"""What every test may ask for: one browser for the whole session, and the flag that re-makes golden pictures."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from scripts import chromium

# A busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden pictures anew instead of comparing")


TIMED = ("browser", "test_fuzz.py", "test_nginx.py", "test_overload.py", "test_serving.py")
"""Where a real browser or a real server has to keep up: one after the other, beside the rest."""


class Shared(LoadScopeScheduling):  # type: ignore[misc]
    """A worker has a file at a time, and one of them all that is timed."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if set(TIMED).isdisjoint(file.split("/")) else "timed"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shared | None:
    """How two workers share the tests, see the Makefile."""
    return Shared(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(autouse=True)
def own_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright leaves its loop as the one that runs in this thread; whoever drives no browser may run another."""
    loop = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "no Chromium: run `make test`, which installs it or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGS))
        yield browser
        browser.close()
