"""`make mutants`: its places are found in the program as it is now, and each makes another program."""

import ast
from pathlib import Path

import pytest

from scripts.mutants import FOLDER, PLACES, ROOT, SCRIPTS, SHARES, Place, changed, found_again, read, table


def test_most_places_are_still_there_and_changed_the_program_is_another_one() -> None:
    places = [*read()]
    there = [(place, *at) for place in places if (at := found_again(place))]

    assert len(places) >= 300 and {place.folder for place in places} == SHARES.keys()
    assert len(there) > 0.9 * len(places), f"draw new places for {PLACES.name}: too many lines have gone"
    for place, path, number in there:
        text = path.read_text()
        assert changed(text, number, place) != text
        if path.suffix == ".py":
            ast.parse(changed(text, number, place))


@pytest.mark.parametrize(("nth", "line"), [(0, "a = 2 + 1"), (1, "a = 1 + 2")])
def test_one_occurrence_is_changed_and_no_other(nth: int, line: str) -> None:
    place = Place("core", "app/x.py", "a = 1 + 1", "1", nth, "2")
    assert changed("b = 1\n    a = 1 + 1\nc = 1\n", 1, place) == f"b = 1\n    {line}\nc = 1\n"


def test_every_script_names_its_tests() -> None:
    assert SCRIPTS.keys() == {path.stem for path in (ROOT / "static/js").rglob("*.js")}
    assert all((ROOT / f"tests/browser/test_{name}.py").exists() for names in SCRIPTS.values() for name in names)


def test_the_table_compares_with_what_was_noticed_before() -> None:
    one, other = (Place("core", "app/x.py", f"a = {n}", f"{n}", 0, "9") for n in range(2))
    assert "| core | 2 | 100 % | 50 % | 0 |" in table({one: True, other: True}, {one: True, other: False})


def test_what_a_run_leaves_behind_stays_out_of_the_repository() -> None:
    assert f"{FOLDER.name}/" in Path(ROOT, ".gitignore").read_text().split()
