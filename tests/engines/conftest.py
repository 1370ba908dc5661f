"""A real server, and a function that opens one of its pages in Firefox and in WebKitGTK."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_server import Server
from driver import ENGINES
from visitor import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=ENGINES)
def visit(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Iterator[Visit]:
    """Open a page as a new visitor."""
    with ENGINES[request.param](tmp_path) as open_browser:

        def open_page(path: str) -> Visitor:
            visitor = Visitor(open_browser(), server.url)
            visitor.open(path)
            return visitor

        yield open_page
