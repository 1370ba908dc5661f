"""The app as its users have it, and one that counts what it executes."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.core.scan import Trace
from app.main import create_app
from app.web.runs import Runner
from app.web.view import View


class CountingRunner(Runner):
    """Runs like any other, and counts how often it is asked to."""

    asked = 0

    async def run(self, view: View) -> tuple[Trace | None, str]:
        self.asked += 1
        return await super().run(view)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    app = create_app()
    app.state.runner = CountingRunner(Budget())
    return app


@pytest.fixture(scope="session")
def client(app: FastAPI) -> TestClient:
    """Raises what the app raises: no test here can overlook a 500."""
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def runner(app: FastAPI) -> CountingRunner:
    """The runner of the app, which has not been asked yet."""
    runner: CountingRunner = app.state.runner
    runner.asked = 0
    return runner
