"""Which frameworks are asked for, and what becomes of what is seen."""

from collections.abc import Iterator

import pytest
from configurations import Configuration
from pairing import covering
from seeing import Seen

from app.frameworks import FRAMEWORKS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--frameworks", default=",".join(FRAMEWORKS), help="those that this environment has to have")
    parser.addoption("--record", action="store_true", help="keep what is seen, if all is seen and nothing fails")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "each(of): runs for each configuration that ``of`` gives of a framework")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if each := metafunc.definition.get_closest_marker("each"):
        asked = metafunc.config.getoption("--frameworks").split(",")
        everything = [list(each.kwargs["of"](FRAMEWORKS[id])) for id in asked]
        if not metafunc.config.getoption("--record"):
            everything = [covering(some, Configuration.values) for some in everything]
        metafunc.parametrize("configuration", [one for some in everything for one in some], ids=str)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What -k chooses may be nothing in one environment and something in another."""
    if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.option.keyword:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(scope="session")
def seen(request: pytest.FixtureRequest) -> Iterator[Seen]:
    seen = Seen()
    yield seen
    whole = not request.session.testsfailed and not request.config.option.keyword
    if request.config.getoption("--record") and whole:
        seen.record()
