"""Find the nginx that tests and `make load` put before several replicas; where apt can, install it if it is missing."""

import os
import shutil

from scripts import apt


def find() -> str | None:
    """The server named by the environment's NGINX, else the one on the PATH or where only root looks for it."""
    return os.environ.get("NGINX") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def main() -> None:
    elsewhere = "Elsewhere install it, or give its path: make test NGINX=/path/to/nginx"
    apt.need(find, "The tests of the proxy need nginx", elsewhere, "nginx-light")


if __name__ == "__main__":
    main()
