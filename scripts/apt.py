"""Install what comes in no Python package: by apt-get, where it is at hand and may."""

import os
import shutil
import subprocess
from collections.abc import Callable


def install(*packages: str) -> None:
    """Nothing happens without apt-get, or for who is not root."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *words], check=True, stdout=subprocess.DEVNULL, env=quiet)


def need(find: Callable[[], str | None], what: str, elsewhere: str, *packages: str) -> str:
    """What is found, or is after its packages were installed. Else the program ends and says what is needed and why."""
    found = find()
    if not found:
        install(*packages)
        found = find()
    if not found:
        told = f"{what}. On Debian or Ubuntu:\n    sudo apt-get install {' '.join(packages)}\n{elsewhere}"
        raise SystemExit(told)
    return found
