"""Write the locks anew: every version pinned and hashed, for every Python and system, no address of any index."""

import subprocess
import sys
from pathlib import Path

COMPILE = "pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --upgrade"
# One version of NumPy for all Pythons: same picture, same numbers. No header: it would hold the caller's paths.
OPTIONS = "--fork-strategy fewest --no-header --no-emit-index-url"
LOCKS: dict[str, tuple[list[str], str]] = {
    "requirements.lock": ([], ""),
    "requirements-dev.lock": (["dev"], "requirements.lock"),
    "requirements-oracles.lock": (["dev", "oracles"], "requirements-dev.lock"),
    "requirements-tensorflow.lock": (["tensorflow"], "requirements-dev.lock"),
    "requirements-flax.lock": (["flax"], "requirements-dev.lock"),
}
"""For each lock the extras that it holds, and the smaller lock that it agrees with."""


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    uv = str(Path(sys.executable).with_name("uv"))
    for name, (extras, smaller) in LOCKS.items():
        chosen = [word for extra in extras for word in ("--extra", extra)]
        agreeing = ["-c", smaller] if smaller else []
        subprocess.run([uv, *COMPILE.split(), *OPTIONS.split(), *chosen, *agreeing, "-o", name], check=True)


if __name__ == "__main__":
    main()
