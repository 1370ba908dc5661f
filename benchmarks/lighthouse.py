"""Lighthouse scores of the first visit, with the flags that keep Chromium off the network."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measured_row import Row
from scripts.chromium import ARGS, find

VERSION = "12.2.3"
BARS = {"performance": 95, "accessibility": 100, "best-practices": 100}


def audit(url: str) -> Iterator[Row]:
    """Scores for a phone on a slow network, Lighthouse's default, with the page on loopback."""
    try:
        scores = scores_of(url)
    except (OSError, subprocess.SubprocessError, KeyError, TypeError) as error:
        scores = {}
        reason = f"Lighthouse did not run: {type(error).__name__}"
    else:
        reason = ""
    for name, bar in BARS.items():
        what = f"first visit, Lighthouse {VERSION}, {name}"
        yield Row(what, "", scores.get(name), "", bar, at_least=True, note=reason)


def scores_of(url: str) -> dict[str, float]:
    npx = shutil.which("npx")
    if npx is None:
        raise FileNotFoundError("npx")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        flags = " ".join(("--headless", *ARGS))
        command = [npx, "--yes", f"lighthouse@{VERSION}", url, "--quiet", f"--chrome-flags={flags}"]
        command += ["--output=json", f"--output-path={report}", f"--only-categories={','.join(BARS)}"]
        environment = os.environ | {"CHROME_PATH": find() or ""}
        subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True, timeout=300)
        categories = json.loads(report.read_text())["categories"]
    return {name: 100 * categories[name]["score"] for name in BARS}
