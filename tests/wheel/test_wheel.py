"""The wheel, installed with pip into an empty environment and used outside of the checkout."""

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from scripts.free_port import free_port

ROOT = Path(__file__).parents[2]
# Those of the Makefile; this Python alone if pytest is run without it.
PYTHONS = [python for python in os.environ.get("PYTHONS", "").split() if shutil.which(python)] or [sys.executable]
TIMEOUT = 30  # seconds


def run(*command: str | Path, cwd: Path) -> str:
    """The output of a command, run without access to this checkout."""
    removed = ("PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in removed}
    return subprocess.run(command, cwd=cwd, env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout


def build(source: Path, folder: Path, target: str) -> Path:
    """Build a wheel or an sdist from a folder with the build backend of pyproject.toml."""
    run(sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", folder, cwd=source)
    (artifact,) = folder.iterdir()
    return artifact


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("dist"), "wheel")


@dataclass
class Installed:
    """An environment with the installed wheel."""

    environment: Path
    elsewhere: Path
    """An unrelated working directory."""

    def run(self, program: str, *arguments: str) -> str:
        return run(self.environment / "bin" / program, *arguments, cwd=self.elsewhere)


@pytest.fixture(scope="session", params=PYTHONS)
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Installed:
    """The wheel and its dependencies, in the versions of requirements.lock."""
    environment, elsewhere = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("elsewhere")
    pinned = re.findall(r"^\S+==\S+(?: ; .*?)?(?= \\$)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    (elsewhere / "constraints.txt").write_text("\n".join(pinned))
    run(request.param, "-m", "venv", environment, cwd=elsewhere)
    pip = environment / "bin" / "pip"
    run(pip, "install", "--quiet", "--disable-pip-version-check", "-c", "constraints.txt", wheel, cwd=elsewhere)
    return Installed(environment, elsewhere)


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_contains_only_the_package_with_templates_and_static_files(wheel: Path) -> None:
    tracked = run("git", "ls-files", "app", "templates", "static", cwd=ROOT).split()
    expected = {f"unrolled/{name.removeprefix('app/')}" for name in tracked}
    expected |= {"unrolled/static/vendor/plotly.min.js", "unrolled/static/vendor/plotly.css"}
    assert {name for name in names_in(wheel) if ".dist-info/" not in name} == expected


def test_the_wheel_does_not_depend_on_build_requirements(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    needed = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata, re.MULTILINE)
    assert "numpy" in needed
    assert "plotly" not in needed


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    source = build(ROOT, tmp_path / "dist", "sdist")
    shutil.unpack_archive(source, tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    (tmp_path / "again").mkdir()
    assert names_in(build(unpacked, tmp_path / "again", "wheel")) == names_in(wheel)


def test_an_editable_installation_has_the_package_with_the_files_of_the_checkout(tmp_path: Path) -> None:
    editable = build(ROOT, tmp_path, "wheel:editable")
    with zipfile.ZipFile(editable) as archive:
        archive.extractall(tmp_path / "site-packages")
    (paths,) = (tmp_path / "site-packages").glob("*.pth")
    program = "import app, unrolled; print(unrolled.Picture.__module__, unrolled.__file__ == app.__file__)"
    search = [str(tmp_path / "site-packages"), *paths.read_text().split()]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(search)}
    printed = subprocess.check_output([sys.executable, "-c", program], cwd=tmp_path, env=environment, text=True)
    assert printed.split() == ["unrolled.notebook.picture", "True"]


def test_the_package_exports_what_notebooks_use_and_installs_no_other_module(installed: Installed) -> None:
    program = """
import unrolled
from unrolled import explain, trace
from importlib.metadata import version
from importlib.util import find_spec
print(unrolled.__version__ == version("unrolled"), unrolled.Picture(num_units=7).shapes["h"])
print([name for name in ("app", "templates", "static", "tests", "scripts") if find_spec(name)])
with explain():
    print(callable(trace))
"""
    assert installed.run("python", "-c", program).splitlines() == ["True (3, 7)", "[]", "True"]


def test_the_installed_command_prints_shapes(installed: Installed) -> None:
    assert re.search(r"^h\s+3 × 7\s", installed.run("unrolled", "shapes", "--num-units", "7"), re.MULTILINE)
    assert installed.run("python", "-m", "unrolled", "shapes") == installed.run("unrolled", "shapes")


@pytest.fixture(params=[("unrolled",), ("unrolled", "--workers", "2")], ids=["one process", "two workers"])
def address(request: pytest.FixtureRequest, installed: Installed) -> Iterator[str]:
    """The URL at which the installed app is served."""
    program, *options = request.param
    port = free_port()
    command = [installed.environment / "bin" / program, "serve", "--port", str(port), *options]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with subprocess.Popen(command, cwd=installed.elsewhere, env=environment) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/readyz")
            yield address
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(url)


def test_the_installed_app_is_served_from_any_folder(address: str) -> None:
    page = read(f"{address}/?num_units=7&lang=es")
    assert "3 × 7" in page and 'lang="es"' in page
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert files
    paths = ("/diagram.json", "/diagram.pdf", "/learn", "/questions", "/quiz", "/docs", "/openapi.json", "/qr.svg")
    for path in (*files, "/static/any/vendor/plotly.min.js", "/standalone.html", *paths):
        assert read(address + path), path


def read(url: str) -> str:
    with urlopen(url, timeout=TIMEOUT) as response:
        assert response.status == 200
        return str(response.read().decode(errors="replace"))
