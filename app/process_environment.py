"""The environment of server processes. Import this module before slow ones, because ``restart_with_settings`` restarts
Python."""

import ctypes
import os
import sys

# Allocating memory takes as long as a run, so the allocator returns none to the system. Each worker uses one core.
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
}

CANNOT_START = 3
"""The exit code at which uvicorn and gunicorn do not restart a worker, because it would fail again."""


def restart_with_settings() -> None:
    """Replace the process by a new one with ``SETTINGS`` in its environment: the allocator and OpenBLAS read them only
    at startup. Does nothing if they are already set."""
    if not SETTINGS.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **SETTINGS})


def release_free_memory() -> None:
    """Return free memory to the system, which ``SETTINGS`` keep. Without glibc this does nothing."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
