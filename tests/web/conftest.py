"""The app as its users have it, with a runner that counts."""

import pytest
from counting_runner import CountingRunner
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def app() -> FastAPI:
    app = create_app(Settings(Budget(), response_cache=0))  # every test has its answers made
    app.state.runner = CountingRunner(Budget())
    return app


@pytest.fixture(scope="session")
def client(app: FastAPI) -> TestClient:
    """Raises what the app raises: no test here can overlook a 500."""
    return TestClient(app, follow_redirects=False)


@pytest.fixture(scope="session")
def open_client() -> TestClient:
    """The app where other sites may frame its pictures."""
    return TestClient(create_app(Settings(Budget(), frame_ancestors="'self' https://moodle.example")))


@pytest.fixture
def runner(app: FastAPI) -> CountingRunner:
    """The runner of the app, which has not been asked yet and has nothing at hand."""
    runner: CountingRunner = app.state.runner
    runner.asked = 0
    return runner
