"""Write the locks anew: every version pinned and hashed, for every Python and system, no address of any index."""

import subprocess
import sys
from pathlib import Path

COMPILE = "pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --upgrade"
# One version of NumPy for all Pythons: same picture, same numbers. No header: it would hold the caller's paths.
OPTIONS = "--fork-strategy fewest --no-header --no-emit-index-url"
LOCKS = {
    "requirements.lock": [],
    "requirements-dev.lock": ["dev"],
    "requirements-oracles.lock": ["dev", "oracles"],
}


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    uv = str(Path(sys.executable).with_name("uv"))
    smaller: list[str] = []  # each lock agrees with the one before it
    for name, extras in LOCKS.items():
        chosen = [word for extra in extras for word in ("--extra", extra)]
        subprocess.run([uv, *COMPILE.split(), *OPTIONS.split(), *chosen, *smaller, "-o", name], check=True)
        smaller = ["-c", name]


if __name__ == "__main__":
    main()
