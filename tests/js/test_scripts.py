"""Run the tests of scripts that need no page, *.test.js in this folder, by the test runner of Node."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random
from urllib.parse import parse_qsl

import pytest
from app_client import TestClient

from app.main import create_app
from app.url_state.fields import FIELDS
from app.url_state.parsing import parse
from app.web.pages.script_data import field_table

HERE = Path(__file__).parent
SCRIPTS = HERE.parents[1] / "static/js"
NODE = Path(sys.executable).with_name("node")

SIZES = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192}
CHOICES = {
    "labels": ("numbers", "names", "both"),
    "theme": ("light", "dark"),
    "tensor": ("", "h", "c_prev", "kernel"),
    "view": ("unrolled", "batch", "units"),
    "seed": (0, 1, 999_999_999),
    "title": ("", "it's (a) test", "é*!~"),
}


def cases(random: Random) -> list[tuple[str, dict[str, str | int], str]]:
    """Queries, changes, and the resulting queries by the server's code."""
    found = []
    for _ in range(500):
        state: dict[str, str | int] = {
            name: random.choice((1, 2, 7, random.randint(1, most)))
            for name, most in SIZES.items()
            if random.random() < 0.5
        }
        state |= {name: random.choice(some) for name, some in CHOICES.items() if random.random() < 0.3}
        last = int(state.get("time_step", 4)) - 1
        if random.random() < 0.5:
            state["t"] = random.randint(0, last)
        state = {name: value for name, value in state.items() if value != ""}
        url_state = parse([(name, str(value)) for name, value in state.items()], strict=True)
        changed = random.choice([*SIZES, *CHOICES])
        value = random.choice(CHOICES[changed]) if changed in CHOICES else random.randint(1, SIZES[changed])
        search = url_state.query()
        assert parse(parse_qsl(search.removeprefix("?"), keep_blank_values=True), strict=True) == url_state
        found.append((search, {changed: value}, url_state.query(**{changed: value})))
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with data of the server for the tests: the table of fields, and cases for queries."""
    assert len(FIELDS) == len(field_table())
    file = tmp_path_factory.mktemp("scripts") / "data.json"
    file.write_text(json.dumps({"fields": field_table(), "cases": cases(Random(3))}))
    return file


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.js")), ids=lambda file: file.name.partition(".")[0])
def test_the_tests_of_a_script_pass(file: Path, data: Path) -> None:
    """Without --test, Node runs a file in its own process instead of one more."""
    run = subprocess.run(
        [NODE, file], env=os.environ | {"CASES": str(data)}, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "fail 0" in run.stdout


def phrases_used() -> list[tuple[str, set[str]]]:
    """The phrases that scripts show: for each call, the name with the names of the values that it gives."""
    used: list[tuple[str, set[str]]] = []
    for script in SCRIPTS.rglob("*.js"):
        for named, values in re.findall(r"(?<!function )\bphrase\(([^()]*?)(?:, \{(.*?)\})?\)", script.read_text()):
            given = set(re.findall(r"(?:^|, ) ?(\w+)(?=:|,| $)", values))
            used += [(name, given) for name in re.findall(r'"(\w+)"', named)]
        for name, values in re.findall(r'new Refusal\("(\w+)"(?:, \{(.*?)\})?\)', script.read_text()):
            used.append((name, set(re.findall(r"(\w+)(?=:|,| \})", values + " }"))))
        for named, nodes in re.findall(r"phraseWith\(([^{]*), \{(.*)\}\)", script.read_text()):
            used += [(name, set(re.findall(r"(\w+): ", nodes))) for name in re.findall(r'"(\w+)"', named)]
    return used


def test_pages_have_exactly_the_phrases_that_their_scripts_show() -> None:
    client = TestClient(create_app())
    script, of_files = (client.get(f"/static/any/data/{name}.js").text for name in ("en", "files/en"))
    phrases = json.loads(script.partition(" = ")[2].rstrip(";\n"))["phrases"]
    file_phrases = json.loads(of_files.partition(", ")[2].rstrip(");\n"))

    used = phrases_used()

    assert {name for name, _ in used} == phrases.keys() | file_phrases.keys()
    assert not any(name.startswith("file") for name in phrases)  # most pages open no files
    phrases |= file_phrases
    assert [
        (name, given) for name, given in used if not given.issuperset(re.findall(r"\{(\w+)\}", phrases[name]))
    ] == []
