"""Memory under the settings of server processes."""

import json
import os
import subprocess
import sys

import pytest

from app.process_environment import SETTINGS

SCRIPT = """
import json
from pathlib import Path
import numpy as np
from app.process_environment import release_free_memory

def memory():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1000

start = memory()
below, above = np.ones(50_000_000, np.int8), np.ones(1_000_000, np.int8)
del below
kept = memory() - start
release_free_memory()
print(json.dumps([kept, memory() - start]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_free_memory_is_kept_until_it_is_released() -> None:
    environment = {**os.environ, **SETTINGS}
    output = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, check=True, capture_output=True).stdout
    kept, released = json.loads(output)
    assert kept > 45
    assert released < 10
