"""Finds Firefox and WebKitGTK for the tests in other browsers than Chromium; if one is missing, installs it with apt if
possible."""

import os
import shutil

from scripts import apt

ELSEWHERE = "Elsewhere install it, or give its path in the variable {}"


def firefox() -> str | None:
    """The browser that the environment variable FIREFOX names, otherwise the first one on the PATH."""
    return os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)


def webkit() -> str | None:
    """The driver of WebKitGTK that the environment variable WEBKIT names, otherwise the one on the PATH."""
    return os.environ.get("WEBKIT") or shutil.which("WebKitWebDriver")


def display() -> str | None:
    """The virtual screen for WebKitGTK, which has no headless mode."""
    return shutil.which("Xvfb")


def main() -> None:
    reason = "The tests in other browsers need {}"
    apt.require(firefox, reason.format("Firefox"), ELSEWHERE.format("FIREFOX"), "firefox-esr")
    apt.require(webkit, reason.format("WebKitGTK's driver"), ELSEWHERE.format("WEBKIT"), "webkit2gtk-driver")
    apt.require(display, reason.format("a virtual screen"), "Elsewhere install Xvfb", "xvfb")


if __name__ == "__main__":
    main()
