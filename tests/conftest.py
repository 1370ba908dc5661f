"""Fixtures of all tests: one browser for the session, and the option that rewrites golden pictures."""

import asyncio
import faulthandler
import gc
import logging
import os
from collections.abc import Iterator
from time import monotonic

import app_client
import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from _pytest.runner import runtestprotocol
from hypothesis import settings
from pairing import ALL_COMBINATIONS
from playwright.sync_api import Browser, sync_playwright

from app.process_environment import SETTINGS
from scripts import chromium

# The workers of pytest allocate memory as the servers do, and their threads of OpenBLAS do not compete for the cores.
os.environ.update(SETTINGS)

# a slow example on a busy machine is not an error
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


gc.disable()  # until the tests are collected, because imports make little garbage


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
    gc.set_threshold(10_000, 100)  # what survives once is seldom garbage: most of it is kept for later tests
    gc.enable()


LONGEST = 300
"""Seconds after which a test that hangs fails with all tracebacks, and its worker ends."""

_watched_since = -float("inf")


def watch(config: pytest.Config) -> None:
    """Start the timer of ``LONGEST`` again, but at most once a minute: pytest's own starts and ends a thread for each
    test, and waits for it longer than most tests take."""
    global _watched_since
    if monotonic() - _watched_since > 60:
        _watched_since = monotonic()
        faulthandler.dump_traceback_later(LONGEST + 60, exit=True, file=config.stash[fault_handler_stderr_fd_key])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """In a worker, do not report that a setup or a teardown has passed: sending it takes longer than most tests."""
    watch(item.config)
    if not hasattr(item.config, "workerinput") or item.config.getoption("durations") is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def pytest_sessionfinish() -> None:
    faulthandler.cancel_dump_traceback_later()
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


class Logged(logging.Handler):
    """What is logged, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(self.format(record))


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """All messages that a test logs, at any level. It replaces pytest's ``caplog``, whose plugin takes a fifth of the
    time of most tests."""
    handler, root, server = Logged(), logging.getLogger(), logging.getLogger("uvicorn")
    level, propagates = root.level, server.propagate
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    server.propagate = True  # it does not after a test in this process has configured a server
    yield handler.messages
    server.propagate = propagates
    root.setLevel(level)
    root.removeHandler(handler)


NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Requests to other hosts fail, which a page of a test reports."""

NO_OPTIMIZATION = "--js-flags=--no-turbofan,--no-maglev"
"""Pages live for a second, in which compiling a function again takes longer than it saves."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "no Chromium: run `make test`, which installs it or says how"
    with sync_playwright() as playwright:
        args = [*chromium.ARGS, NO_OTHER_HOST, NO_OPTIMIZATION]
        browser = playwright.chromium.launch(executable_path=path, args=args)
        yield browser
        browser.close()
