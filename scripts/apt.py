"""Installs programs that no Python package contains: with apt-get, if it exists and we are root."""

import os
import shutil
import subprocess
from collections.abc import Callable


def install(*packages: str) -> None:
    """Install packages. Does nothing without apt-get or without root; if they cannot be installed, apt-get says why."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", *arguments], stdout=subprocess.DEVNULL, env=environment).returncode:
            return


def require(find: Callable[[], str | None], reason: str, elsewhere: str, *packages: str) -> str:
    """The program that ``find`` returns, if necessary after installing its packages. Otherwise exit with a message: why
    it is needed and how to install it."""
    program = find()
    if not program:
        install(*packages)
        program = find()
    if not program:
        message = f"{reason}. On Debian or Ubuntu:\n    sudo apt-get install {' '.join(packages)}\n{elsewhere}"
        raise SystemExit(message)
    return program
