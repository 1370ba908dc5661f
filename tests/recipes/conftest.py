"""The copy of the program in which a test follows a recipe, and the check that it changed the files of the recipe."""

import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from copies import ROOT, Copy, files_of


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    for name in ("app", "templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("vendor"))
    return Copy(tmp_path)


@pytest.fixture(autouse=True)
def follows_its_recipe(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test with the mark ``recipe``, check that it changed exactly the files that the recipe names."""
    if not (mark := request.node.get_closest_marker("recipe")):
        yield
        return
    (recipe,), copy = mark.args, request.getfixturevalue("copy")
    yield
    patterns = files_of(recipe)
    assert patterns, f"CONTRIBUTING.md has no recipe for {recipe!r}"
    assert all(any(fnmatch(path, pattern) for pattern in patterns) for path in copy.changed), (patterns, copy.changed)
    assert all(any(fnmatch(path, pattern) for path in copy.changed) for pattern in patterns), (patterns, copy.changed)
