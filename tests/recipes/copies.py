"""A copy of the program in which tests follow recipes of CONTRIBUTING.md: all of them, or in `make check` one."""

import multiprocessing
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROCESSES = multiprocessing.get_context("forkserver")
PACKAGES = ("babel.messages.pofile", "brotli", "fastapi", "jinja2", "numpy", "orjson", "prometheus_client", "pydyf")
PROCESSES.set_forkserver_preload([*PACKAGES, "pypdfium2", "regex", "segno", "starlette.testclient"])
"""Starts processes that have imported all but the app, which takes them half of the time."""

CLIENT = """
from starlette.testclient import TestClient
from app.main import create_app
client = TestClient(create_app())
"""

EACH = """
import traceback
failed = False
for recipe, program in {programs!r}:
    try:
        exec(compile(program, f"<{{recipe}}>", "exec"), {{"client": client, "__name__": "__main__"}})
    except BaseException:
        failed = True
        traceback.print_exc()
sys.exit(failed)
"""
"""Runs the program of each recipe, also after another one has failed."""


@dataclass
class Copy:
    """A copy of app, templates and static files, with the set of paths that a recipe changed in it, and the programs
    that are run after all recipes have been followed."""

    folder: Path
    recipe: str = ""
    programs: list[tuple[str, str, str]] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)

    def create(self, path: str, text: str) -> None:
        assert not (self.folder / path).exists(), f"{path} exists already"
        self._write(path, text)

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text()
        assert text.count(old) == 1, f"{path} has {old!r} {text.count(old)} times, not once"
        self._write(path, text.replace(old, new))

    def insert(self, path: str, line: str, before: str) -> None:
        """Insert a line before the first one that starts with ``before``."""
        lines = (self.folder / path).read_text().splitlines(keepends=True)
        number = next(n for n, text in enumerate(lines) if text.startswith(before))
        self._write(path, "".join((*lines[:number], f"{line}\n", *lines[number:])))

    def _write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)
        self.changed.add(path)

    def run(self, program: str, first: str = "") -> None:
        """Run a program in the copy, when all recipes have been followed. ``client`` is a test client of the copied
        app, created after ``first`` is executed."""
        self.programs.append((self.recipe, program, first))

    def run_programs(self) -> None:
        """Run all programs in one process, since importing the app takes longer than most of them."""
        each = EACH.format(programs=[(recipe, program) for recipe, program, _ in self.programs])
        started = "import sys\n" + "".join(first for *_, first in self.programs) + CLIENT + each
        output = self.folder / "output"
        process = PROCESSES.Process(target=_execute, args=(started, str(self.folder), str(output)))
        process.start()
        process.join()
        assert process.exitcode == 0, output.read_text()


def _execute(program: str, folder: str, output: str) -> None:
    """Run a program in a folder, as Python does with ``-c``."""
    assert "app" not in sys.modules
    file = os.open(output, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.argv = ["-c"]
    exec(program, {"__name__": "__main__"})


def files_of(recipe: str) -> list[str]:
    """The patterns of the files at the start of each numbered step of a recipe."""
    section = (ROOT / "CONTRIBUTING.md").read_text().partition(f"\n### {recipe}\n")[2].partition("\n#")[0]
    paths = re.findall(r"^\d+\. `([^`]+)`", section, re.MULTILINE)
    return [re.sub("<[^>]+>", "*", path) for path in paths]


def recipes() -> list[str]:
    """The titles of the recipes."""
    section = (ROOT / "CONTRIBUTING.md").read_text().partition("\n## Recipes\n")[2].partition("\n## ")[0]
    return re.findall(r"^### (.+)", section, re.MULTILINE)
