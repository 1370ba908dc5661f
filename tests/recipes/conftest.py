"""The copy of the program in which tests follow recipes, and the check that each changes the files of its recipe."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import pytest
from copies import ROOT, Copy, files_of
from pairing import ALL_COMBINATIONS


def a_copy(folder: Path) -> Iterator[Copy]:
    for name in ("app", "templates", "static"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("vendor"))
    copy = Copy(folder)
    yield copy
    copy.run_programs()


@pytest.fixture(scope="module")
def shared_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy in which all recipes are followed. An error in a program is reported after the last one."""
    yield from a_copy(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copy]:
    """A copy in which a recipe is followed: the shared one, or one of its own in `make check`."""
    recipe = request.node.get_closest_marker("recipe").args[0]
    if ALL_COMBINATIONS:
        copies = a_copy(tmp_path)
        yield replace(next(copies), recipe=recipe)
        for _ in copies:
            pass
    else:
        yield replace(request.getfixturevalue("shared_copy"), recipe=recipe, changed=set())


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
