"""`make mutants`: the recorded places exist in the current program, and each change makes a different program."""

import ast
from pathlib import Path

import pytest
from pairing import some

from scripts.mutants import FOLDER, PLACES, ROOT, SCRIPTS, SHARES, Place, apply_change, locate, read, table


def test_most_places_still_exist_and_each_change_is_valid_python() -> None:
    places = [*read()]
    located = [(place, *location) for place in places if (location := locate(place))]

    assert len(places) >= 300 and {place.folder for place in places} == SHARES.keys()
    assert len(located) > 0.9 * len(places), f"sample new places for {PLACES.name}: too many lines no longer exist"
    for place, path, number in some(located, 60):
        text = path.read_text()
        assert apply_change(text, number, place) != text
        if path.suffix == ".py":
            ast.parse(apply_change(text, number, place))


@pytest.mark.parametrize(("nth", "line"), [(0, "a = 2 + 1"), (1, "a = 1 + 2")])
def test_only_one_occurrence_is_changed(nth: int, line: str) -> None:
    place = Place("core", "app/x.py", "a = 1 + 1", "1", nth, "2")
    assert apply_change("b = 1\n    a = 1 + 1\nc = 1\n", 1, place) == f"b = 1\n    {line}\nc = 1\n"


def test_every_script_has_a_list_of_its_tests() -> None:
    assert SCRIPTS.keys() == {path.stem for path in (ROOT / "static/js").rglob("*.js")}
    assert all((ROOT / f"tests/browser/test_{name}.py").exists() for names in SCRIPTS.values() for name in names)


def test_the_table_compares_with_the_recorded_results() -> None:
    one, other = (Place("core", "app/x.py", f"a = {n}", f"{n}", 0, "9") for n in range(2))
    assert "| core | 2 | 100 % | 50 % | 0 |" in table({one: True, other: True}, {one: True, other: False})


def test_the_files_of_a_run_are_ignored_by_git() -> None:
    assert f"{FOLDER.name}/" in Path(ROOT, ".gitignore").read_text().split()
