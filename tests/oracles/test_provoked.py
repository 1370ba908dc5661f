"""What real frameworks raise for programs with a mistake is what was recorded, is explained, and the corrected line of
the explanation makes the program run."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import version

import other_programs
import pytest
from mistake import Mistake
from provoked import ENVIRONMENTS, MISTAKES, RECORDED, recorded
from raising import raised, run
from real import REAL

from app.reading.errors.explanation import explain

OTHERS = dict(other_programs.programs())

IN_ORDER = sorted(MISTAKES, key=lambda mistake: mistake.framework in ("tf1", "keras1"))
"""Those for TensorFlow 1 at the end: they change what Keras 2 raises after them in a process."""


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, str]]]:
    """The texts, which ``--record`` writes into provoked.json at the end; those of other environments stay."""
    records: dict[str, dict[str, str]] = {"texts": {}, "others": {}}
    yield records
    if request.config.getoption("--record") and not request.config.option.keyword:
        stored = json.loads(RECORDED.read_text(encoding="utf-8"))
        names = {"texts": {mistake.name for mistake in MISTAKES}, "others": {*OTHERS}}
        for kind, texts in records.items():
            every = stored[kind] | texts
            stored[kind] = {name: every[name] for name in sorted(every) if name in names[kind]}
        for framework in request.config.getoption("--frameworks").split(","):
            stored["versions"] |= {package: version(package) for package in REAL[framework].packages}
        RECORDED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def skip_other_environments(request: pytest.FixtureRequest, framework: str) -> None:
    if framework not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{framework} is in another environment")


@pytest.mark.parametrize("mistake", IN_ORDER, ids=lambda mistake: mistake.name)
def test_a_mistake_is_raised_and_its_correction_runs(
    request: pytest.FixtureRequest, records: dict[str, dict[str, str]], mistake: Mistake
) -> None:
    skip_other_environments(request, ENVIRONMENTS[mistake.framework])
    text = raised(mistake.framework, mistake.wrong)
    records["texts"][mistake.name] = text

    if not request.config.getoption("--record"):  # names of layers have numbers that depend on the tests before
        assert last_letters(text) == last_letters(recorded()[mistake.name])
    if not mistake.other_fix:
        causes = explain(mistake.pasted(text)).mismatch.causes
        run(mistake.framework, mistake.right(next(cause.fix for cause in causes if cause.id == mistake.cause)))


def last_letters(text: str) -> str:
    """The letters at the end of the message."""
    return re.sub(r"\d[\d.]*(e[+-]\d+)?|[^A-Za-z]", "", text.rsplit("\nArguments received", 1)[0])[-200:]


@pytest.mark.parametrize("name", OTHERS)
def test_another_program_raises_something_else(
    request: pytest.FixtureRequest, records: dict[str, dict[str, str]], name: str
) -> None:
    skip_other_environments(request, "keras" if name.startswith("keras") else "pytorch")
    records["others"][name] = raised("pytorch", OTHERS[name])
