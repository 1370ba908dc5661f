"""Install what comes in no Python package: by apt-get, where it is at hand and may."""

import os
import shutil
import subprocess


def install(*packages: str) -> None:
    """Nothing happens without apt-get, or for who is not root."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *words], check=True, stdout=subprocess.DEVNULL, env=quiet)
