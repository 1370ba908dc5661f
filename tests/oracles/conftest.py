"""Options of the oracles: which frameworks to execute, and whether to record the evidence."""

from collections.abc import Iterator

import pytest
from configurations import Configuration
from pairing import covering
from recording import Recorder

from app.frameworks import FRAMEWORKS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--frameworks", default=",".join(FRAMEWORKS), help="those that this environment has to have")
    parser.addoption("--record", action="store_true", help="write the evidence, if every test was run and none failed")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "each(of): runs for each configuration that ``of`` gives of a framework")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if each := metafunc.definition.get_closest_marker("each"):
        names = metafunc.config.getoption("--frameworks").split(",")
        everything = [list(each.kwargs["of"](FRAMEWORKS[id])) for id in names]
        if not metafunc.config.getoption("--record"):
            everything = [covering(some, Configuration.values) for some in everything]
        metafunc.parametrize("configuration", [one for some in everything for one in some], ids=str)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """-k may select nothing in one environment and something in another."""
    if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.option.keyword:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(scope="session")
def recorder(request: pytest.FixtureRequest) -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    whole = not request.session.testsfailed and not request.config.option.keyword
    if request.config.getoption("--record") and whole:
        recorder.record()
