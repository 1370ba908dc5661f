"""The garbage collector: full collections run in a thread and not in a callback of the event loop."""

import gc
import threading
from threading import Event

from app_client import TestClient

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings


def test_full_collections_run_in_a_thread() -> None:
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
