"""The folder of templates and static files, and a hash of the build."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from ... import __version__

PACKAGE = Path(__file__).parents[2]
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent
"""The parent folder of ``templates`` and ``static``: the package where it is installed, its parent in a checkout."""


@cache
def build() -> str:
    """A short hash of the code, templates and static files. It is part of the URLs of static files, so that these
    change with it."""
    digest = blake2b(__version__.encode(), digest_size=6)
    for folder in (PACKAGE, ROOT / "templates", ROOT / "static"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()
