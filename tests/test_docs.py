"""Statements in the documentation are true."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from app_client import TestClient
from notebook_examples import examples

from app.core.cells import CELLS
from app.core.work_limits import Budget
from app.main import create_app
from app.training.default_schedule import Schedule
from app.training.overfitting import GAP, KNOWN
from app.training.tasks import TASKS
from app.training.trainer import Trainer
from app.training.training_and_result import Training
from app.url_state.fields import FIELDS
from app.url_state.fields.assignment_fields import HIDEABLE, LOCKABLE
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.training.affordable import refusal
from app.web.requests_and_responses.routing import Routes
from app.web.routes import ROUTES

ROOT = Path(__file__).parents[1]
TEACHING = (ROOT / "docs/teaching.md").read_text()
LINKS = re.findall(r"\]\((/[^)]*)\)", TEACHING)
CURVES = json.loads((ROOT / "app/training/curves.json").read_text())
API = (ROOT / "docs/api.md").read_text()
TREE = (ROOT / "docs/architecture.md").read_text().split("```")[1]

FOLDERS = ("app", "static/js", "static/css", "templates", "scripts", "types")


FILES = sorted(
    path.relative_to(ROOT)
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.*")
    if path.name != "__init__.py" and "__pycache__" not in path.parts
)


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without backticks."""
    lines = API.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines()
    rows = [line.strip("|").replace("`", "").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_the_documented_table_of_fields_is_that_of_the_app() -> None:
    assert table("Fields") == [[name, f.default_text, f.limits, f.help] for name, f in FIELDS.items()]


def test_the_documented_table_of_paths_is_complete() -> None:
    named = {path for row in table("Paths") for path in row[0].split(", ")}

    assert named == {route.path for route in Routes(ROUTES).documented} | {"/openapi.json", "/robots.txt"}


def is_in_tree(file: Path) -> bool:
    """Whether the tree lists a file, or its folder with the words "one file for each"."""
    folder = re.search(rf"^ *{file.parent.name}/ .*one file for each", TREE, re.MULTILINE)

    return bool(re.search(rf"(?<![\w.]){re.escape(file.name)}(?!\w)", TREE) or folder)


def test_the_tree_in_the_architecture_lists_every_file() -> None:
    assert len(FILES) > 100
    assert [str(file) for file in FILES if not is_in_tree(file)] == []


def test_the_tree_in_the_architecture_lists_only_existing_files() -> None:
    named = re.findall(r"[\w.]+\.(?:py|js|css|html|d\.ts)\b", TREE)

    assert set(named) - {"Plotly.js"} <= {file.name for file in FILES}


def test_the_documented_defaults_of_the_budget_are_right() -> None:
    documented = re.findall(r"`UNROLLED_MAX_(\w+)` \| (\d+)", (ROOT / "docs/deploy.md").read_text())

    assert {name.lower(): int(value) for name, value in documented} == asdict(Budget())


def test_the_links_for_teachers_show_their_lessons_and_questions() -> None:
    app = create_app()
    client = TestClient(app)
    pages = {link: client.get(link.replace("&trained=true", "")) for link in LINKS}  # a training would take seconds
    app.state.runner.trainings.close()

    assert len(pages) > 5
    assert [link for link, page in pages.items() if page.status_code != 200] == []
    assert [link for link, page in pages.items() if "What is shown now is not what" in page.text] == []
    changed = [link for link, page in pages.items() if ">Reset picture<" in page.text]
    assert changed == [], "a lesson or question shows another picture than its own"


def test_the_accuracies_for_teachers_are_those_of_the_curve() -> None:
    section = TEACHING.partition("## 30 minutes: why 128?\n")[2].partition("\n## ")[0]
    words = re.sub(r"\]\([^)]*\)", "", section)
    lstm = {run["num_units"]: run for run in CURVES["curves"]["lstm"]}
    many, few, fewest, plenty = (memorised(*run) for run in ((100, 128), (100, 8), (100, 2), (1400, 128)))
    shares = [
        *(fmean(lstm[n]["test"]) for n in (2, 8, 16, 128)),
        *(fmean(many["train"]), many["test"][0], fmean(many["test"])),
        *(fmean(run[of]) for of in ("train", "test") for run in (few, fewest)),
        fmean(plenty["test"]),
        KNOWN,
        fmean(lstm[1]["test"]),
        lstm[1]["test"][CURVES["seeds"].index(0)],
    ]

    said = [float(number) for number in re.findall(r"([\d.]+)%", words)]
    assert said == [90, *(round(100 * share, 1) for share in shares)]
    parameters = re.findall(r"[\d,]+", words.partition(", with ")[2].partition("parameters")[0].replace(", ", " "))
    assert parameters == [f"{lstm[n]['parameters']:,}" for n in (2, 8, 16, 128)]
    assert f"at least {100 * GAP:.0f} points less" in words
    assert f"from {('one', 'two', 'three')[len(CURVES['seeds']) - 1]} seeds" in words


def test_the_trainings_of_the_readme_and_the_api_have_these_results() -> None:
    lstm = {run["num_units"]: run for run in CURVES["curves"]["lstm"]}
    few, many = (round(100 * fmean(lstm[n]["test"])) for n in (8, 128))
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert f"8 units read {few} of 100 digits that they have never seen, 128 read {many}]" in readme
    assert "view=training), in the mean of three seeds." in readme

    (example,) = re.findall(r'"epochs": \[({"epoch": 1, .*?})\]', API)
    first = next(iter(Trainer(Training(TASKS["digits"].stack(CELLS["lstm"], 8), "digits", Schedule(1400, 1, 0.01), 0))))
    assert json.loads(example) == pytest.approx(first._asdict(), abs=0.01)  # other machines may round otherwise


def test_the_trainings_for_teachers_are_those_of_the_curve_and_small_enough() -> None:
    links = [link for link in LINKS if link.startswith("/?") and "view=training" in link]
    *plain, many, inside, text, longer = (parse(parse_qsl(urlsplit(link).query), strict=True) for link in links)
    config = {"task": "digits", **{name: CURVES["schedule"][name] for name in ("epochs", "examples")}}

    def config_of(state: UrlState) -> dict[str, Any]:
        return {name: state[name] for name in config}

    assert [state.num_units for state in (*plain, many, inside)] == [2, 8, 128, 128, 8]
    assert [config_of(state) for state in (*plain, inside)] == [config] * 4
    assert config_of(many) == config | {"examples": 100, "epochs": memorised(100, 128)["epochs"]}
    assert [refusal(state, Budget()) for state in (*plain, many, inside, text, longer)] == [None] * 7
    assert longer == parse(parse_qsl(text.query(epochs=100)[1:]), strict=True)


def memorised(examples: int, num_units: int) -> dict[str, Any]:
    """The training on some of the digits, with a number of units."""
    runs: list[dict[str, Any]] = CURVES["memorised"]
    (found,) = (run for run in runs if (run["examples"], run["num_units"]) == (examples, num_units))
    return found


def test_everything_that_an_assignment_can_lock_and_hide_is_documented() -> None:
    rows = TEACHING.splitlines()
    (locks,), (hides,) = ([row for row in rows if row.startswith(f"| `{name}`")] for name in ("lock", "hide"))

    assert all(f"`{part}`" in hides for part in HIDEABLE)
    assert all(f"`{name}`" in locks or name in SIZES for name in LOCKABLE)


SIZES = ("batch_size", "time_step", "features", "num_units", "num_proj", "num_layers")


def test_the_examples_for_notebooks_that_need_no_framework_run() -> None:
    programs = examples()
    assert programs

    for code, _ in programs:
        exec(compile(code, "example", "exec"), {})
