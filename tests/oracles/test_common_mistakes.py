"""The messages that the page shows for common mistakes are those that the real frameworks give."""

import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.metadata import version
from io import StringIO

import pytest
from real import REAL

from app.frameworks.common_mistakes import HEADS, MESSAGES_FILE, PROGRAMS

EVERY = [(mistake, framework) for mistake, programs in PROGRAMS.items() for framework in programs]

COLOURS = re.compile(r"\x1b\[[0-9;]*m")

Records = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest) -> Iterator[Records]:
    """The messages, which ``--record`` writes into common_mistakes.json at the end."""
    records: Records = {}
    yield records
    if request.config.getoption("--record") and not request.config.option.keyword:
        MESSAGES_FILE.write_text(json.dumps(records, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def run(framework: str, program: str) -> str:
    """What a program prints, or the error that it ends with, in plain text."""
    printed = StringIO()
    REAL[framework].reset()
    try:
        with redirect_stdout(printed):
            exec(compile(HEADS[framework] + program, "mistake", "exec"), {})
    except Exception as error:
        return f"{type(error).__name__}: {COLOURS.sub('', str(error))}"
    return printed.getvalue().strip()


@pytest.mark.parametrize(("mistake", "framework"), EVERY)
def test_a_framework_gives_the_message_that_the_page_shows(
    request: pytest.FixtureRequest, records: Records, mistake: str, framework: str
) -> None:
    if framework not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{framework} is in another environment")
    message, (own, *others) = run(framework, PROGRAMS[mistake][framework]), REAL[framework].packages
    number = " on ".join([version(own), *(f"{other} {version(other)}" for other in others)])
    record = {"message": message, "version": number}
    records.setdefault(mistake, {})[framework] = record

    assert message
    if not request.config.getoption("--record"):
        kept = json.loads(MESSAGES_FILE.read_text(encoding="utf-8"))[mistake][framework]
        assert kept == record
