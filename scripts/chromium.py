"""Finds the Chromium for the browser tests; if it is missing, installs it with apt if possible.

On Debian that is the one without windows, in which the tests take a fifth less time.

Playwright's own browsers are not used, because they are downloaded from outside the package registries.
"""

import os
import platform
import shutil

from scripts import apt

SHELL = "chromium-headless-shell"  # Chromium without windows, which only Debian has as a package

NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
# no network access except to the page under test; no sandbox, because tests may run as root
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=SpareRendererForSitePerProcess",
)


def find() -> str | None:
    """The browser that the environment variable CHROMIUM names, otherwise the first one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def is_debian() -> bool:
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


def main() -> None:
    elsewhere = "Elsewhere install Chrome or Chromium, or give its path: make test CHROMIUM=/path/to/chrome"
    reason = "The browser tests need Chromium or Chrome"
    apt.require(find, reason, elsewhere, SHELL if is_debian() else "chromium", "fonts-dejavu-core")


if __name__ == "__main__":
    main()
