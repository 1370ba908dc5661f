"""The app with its default settings, with a runner that counts jobs."""

from collections.abc import Iterator

import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from fastapi import FastAPI

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def app() -> Iterator[FastAPI]:
    app = create_app(Settings(Budget(), response_cache=0))  # each test gets responses of its own
    app.state.runner = CountingRunner(Budget())
    yield app
    app.state.runner.trainings.close()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> TestClient:
    """A client that raises the app's exceptions, so that no test can overlook a 500. Responses are not compressed,
    which saves a fifth."""
    return TestClient(app, follow_redirects=False, headers={"Accept-Encoding": "identity"})


@pytest.fixture(scope="session")
def open_client() -> TestClient:
    """A client of an app whose pictures other sites may frame."""
    return TestClient(create_app(Settings(Budget(), frame_ancestors="'self' https://moodle.example")))


@pytest.fixture
def runner(app: FastAPI) -> CountingRunner:
    """The runner of the app, with its counter at 0."""
    runner: CountingRunner = app.state.runner
    runner.jobs = 0
    return runner
