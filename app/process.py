"""What a process that serves is started with; imported before anything that takes long, for it starts Python anew."""

import os
import sys

# Fresh memory costs as much as the run itself: let the allocator keep what it has, and let each worker use one core.
SETTINGS = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
}


def start_anew() -> None:
    """A fresh process image, so that the allocator and OpenBLAS see their settings; nothing where they have."""
    if not SETTINGS.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, **SETTINGS})
