"""Finds the nginx that tests and `make load` run in front of replicas; if it is missing, installs it with apt if
possible."""

import os
import shutil

from scripts import apt


def find() -> str | None:
    """The server that the environment variable NGINX names, otherwise the one on the PATH or in /usr/sbin."""
    return os.environ.get("NGINX") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def main() -> None:
    elsewhere = "Elsewhere install it, or give its path: make test NGINX=/path/to/nginx"
    apt.require(find, "The tests of the proxy need nginx", elsewhere, "nginx-light")


if __name__ == "__main__":
    main()
