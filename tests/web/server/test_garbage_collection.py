"""The garbage collector: full collections run in a thread and not in a callback of the event loop."""

import gc
import threading
from collections.abc import Iterator
from threading import Event

import pytest
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings


@pytest.fixture
def usual() -> Iterator[tuple[int, int, int]]:
    """Python's default thresholds, although the app of other tests may be running."""
    before, usual = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*usual)
    yield usual
    gc.set_threshold(*before)


def test_full_collections_run_in_a_thread(usual: tuple[int, int, int]) -> None:
    by, found = set[str](), Event()

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start" and info["generation"] == 2:
            by.add(threading.current_thread().name)
            found.set()

    gc.collect()
    with TestClient(create_app(Settings(Budget()))):
        gc.callbacks.append(note)
        try:
            for _ in range(20):
                gc.collect(1)
            assert found.wait(30)
        finally:
            gc.callbacks.remove(note)
        assert by == {"garbage"}
        assert gc.get_threshold()[2] > usual[2]
    assert gc.get_threshold() == usual
