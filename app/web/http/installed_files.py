"""Where templates and static files lie, and the mark of the build."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from ... import __version__

PACKAGE = Path(__file__).parents[2]
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
"""Where templates and static files lie: inside the package where it is installed, beside it in a checkout."""


@cache
def build() -> str:
    """A short mark of this very version of the code, templates and static files: it changes when any of them does."""
    mark = blake2b(__version__.encode(), digest_size=6)
    for folder in (PACKAGE, ROOT / "templates", ROOT / "static"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                mark.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return mark.hexdigest()
