"""A real Redis for the tests of rooms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.redis_server import RedisServer


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A separate Redis that a test may stop."""
    server = RedisServer(tmp_path)
    yield server
    server.stop()
