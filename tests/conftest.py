"""Fixtures of all tests: one browser for the session, and the option that rewrites golden pictures."""

import asyncio
import gc
from collections.abc import Iterator

import app_client
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import settings
from pairing import ALL_COMBINATIONS
from playwright.sync_api import Browser, sync_playwright

from scripts import chromium

# a slow example on a busy machine is not an error
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the golden pictures instead of comparing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that only `make check` runs."""
    deselected = [item for item in items if not ALL_COMBINATIONS and item.get_closest_marker("full")]
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if item not in deselected]


def pytest_collection_finish() -> None:
    """Exclude modules and collected tests from garbage collection, which otherwise takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """In a worker, do not report that a setup or a teardown has passed: sending it takes longer than most tests."""
    if not hasattr(item.config, "workerinput") or item.config.getoption("durations") is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def pytest_sessionfinish() -> None:
    app_client.close()


@pytest.fixture(autouse=True)
def own_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide Playwright's running event loop from tests without a browser, so that they can run their own."""
    loop = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Requests to other hosts fail, which a page of a test reports."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "no Chromium: run `make test`, which installs it or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*chromium.ARGS, NO_OTHER_HOST])
        yield browser
        browser.close()
