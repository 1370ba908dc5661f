"""Find the Chromium that the browser tests drive; where apt can, install it when it is missing.

Playwright's own browsers are not used: they come from a download outside every package registry.
"""

import os
import shutil

from scripts import apt

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
    "--disable-features=SpareRendererForSitePerProcess",
)


def find() -> str | None:
    """The browser named by the environment's CHROMIUM, else the first one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    elsewhere = "Elsewhere install Chrome or Chromium, or give its path: make test CHROMIUM=/path/to/chrome"
    apt.need(find, "The browser tests need Chromium or Chrome", elsewhere, "chromium", "fonts-dejavu-core")


if __name__ == "__main__":
    main()
