"""Updates the lock files: every version is pinned and hashed, for every Python and system, without the URL of an
index."""

import subprocess
import sys
from pathlib import Path

COMPILE = "pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade"
# One version of NumPy for all Pythons, so that values are the same. No header, because it would contain local paths.
OPTIONS = "--fork-strategy fewest --no-header --no-emit-index-url"
LOCKS = {
    "requirements.lock": ("pyproject.toml --group vendor", ""),
    "requirements-dev.lock": ("pyproject.toml --group vendor --extra dev", "requirements.lock"),
    "requirements-image.lock": ("--group image", "requirements-dev.lock"),
    "requirements-oracles.lock": ("pyproject.toml --group vendor --extra dev --extra oracles", "requirements-dev.lock"),
    "requirements-tensorflow.lock": ("pyproject.toml --extra tensorflow", "requirements-dev.lock"),
    "requirements-flax.lock": ("pyproject.toml --extra flax", "requirements-dev.lock"),
}
"""For each lock file, its contents, and a smaller lock file whose versions it shares."""


def main() -> None:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "uv"], check=True)
    uv = str(Path(sys.executable).with_name("uv"))
    for name, (contents, smaller) in LOCKS.items():
        constraints = ["-c", smaller] if smaller else []
        subprocess.run(
            [uv, *COMPILE.split(), *OPTIONS.split(), *contents.split(), *constraints, "-o", name], check=True
        )


if __name__ == "__main__":
    main()
