"""Reads model files with the scripts of the page, in Node."""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from shutil import which
from typing import Any

HERE = Path(__file__).parent
NODE = next(filter(None, (which(str(Path(sys.executable).with_name("node"))), which("node"))))


def read(files: Iterable[Path]) -> list[dict[str, Any]]:
    """What the page would find in each file: its model with the text of the chain, or the reason of a refusal."""
    return read_models([file] for file in files)


def read_models(models: Iterable[Iterable[Path]]) -> list[dict[str, Any]]:
    """The same of models, each of which may be in several files."""
    names = "\n".join("\t".join(map(str, files)) for files in models)
    run = subprocess.run([NODE, HERE / "read_files.js"], input=names, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


def recurrent(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The recurrent layers of a model: names, kinds and sizes."""
    names = ("features", "num_units", "num_layers", "bidirectional", "num_proj")
    return [
        {"name": layer["name"], "kind": layer["kind"], **{name: layer["config"][name] for name in names}}
        for layer in found["layers"]
        if "num_layers" in layer["config"]
    ]
