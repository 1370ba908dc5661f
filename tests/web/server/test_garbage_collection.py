"""The garbage collector: a thread goes through all objects, so that no callback of the event loop has to."""

import gc
import threading
from threading import Event

from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings


def test_while_the_app_serves_a_thread_goes_through_all_objects() -> None:
    usual, by, found = gc.get_threshold(), set[str](), Event()

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
