"""Install programs that no Python package has: with apt-get, if it exists and we are root."""

import os
import shutil
import subprocess
from collections.abc import Callable


def install(*packages: str) -> None:
    """Does nothing without apt-get or without root."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *words], check=True, stdout=subprocess.DEVNULL, env=quiet)


def need(find: Callable[[], str | None], what: str, elsewhere: str, *packages: str) -> str:
    """The program that ``find`` finds, if necessary after installing its packages. Otherwise exit with what is needed
    and why."""
    found = find()
    if not found:
        install(*packages)
        found = find()
    if not found:
        message = f"{what}. On Debian or Ubuntu:\n    sudo apt-get install {' '.join(packages)}\n{elsewhere}"
        raise SystemExit(message)
    return found
