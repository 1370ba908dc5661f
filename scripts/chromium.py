"""Find the Chromium that the browser tests drive; with root and apt at hand, install it when it is missing.

Playwright's own browsers are not used: they come from a download outside every package registry.
"""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
# No network beyond the page under test; without a sandbox because tests also run as root.
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The browser named by the environment's CHROMIUM, else the first one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    print("Installing Chromium with apt-get ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in ("update", "install -y --no-install-recommends chromium fonts-dejavu-core"):
        subprocess.run(["apt-get", *words.split()], check=True, stdout=subprocess.DEVNULL, env=quiet)


def main() -> None:
    if find():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        install()
    if not find():
        raise SystemExit(
            "The browser tests need Chromium or Chrome. On Debian or Ubuntu:\n"
            "    sudo apt-get install chromium fonts-dejavu-core\n"
            "Elsewhere install Chrome or Chromium, or give its path: make test CHROMIUM=/path/to/chrome"
        )


if __name__ == "__main__":
    main()
