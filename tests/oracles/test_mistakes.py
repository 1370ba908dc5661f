"""What the real frameworks say to the mistakes that people make is what the page says that they say."""

import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.metadata import version
from io import StringIO

import pytest
from real import REAL

from app.frameworks.mistakes import HEADS, HEARD, PROGRAMS

EVERY = [(mistake, framework) for mistake, programs in PROGRAMS.items() for framework in programs]

COLOURS = re.compile(r"\x1b\[[0-9;]*m")

Said = dict[str, dict[str, dict[str, str]]]


@pytest.fixture(scope="module")
def record(request: pytest.FixtureRequest) -> Iterator[Said]:
    """What is said, written down at the end where that is asked for."""
    said: Said = {}
    yield said
    if request.config.getoption("--record") and not request.config.option.keyword:
        HEARD.write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def run(framework: str, program: str) -> str:
    """What a program prints, or the error that it ends with, in plain text."""
    printed = StringIO()
    REAL[framework].forget()
    try:
        with redirect_stdout(printed):
            exec(compile(HEADS[framework] + program, "mistake", "exec"), {})
    except Exception as error:
        return f"{type(error).__name__}: {COLOURS.sub('', str(error))}"
    return printed.getvalue().strip()


@pytest.mark.parametrize(("mistake", "framework"), EVERY)
def test_a_framework_says_what_the_page_says(
    request: pytest.FixtureRequest, record: Said, mistake: str, framework: str
) -> None:
    if framework not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{framework} is in another environment")
    said, (own, *others) = run(framework, PROGRAMS[mistake][framework]), REAL[framework].packages
    number = " on ".join([version(own), *(f"{other} {version(other)}" for other in others)])
    record.setdefault(mistake, {})[framework] = {"said": said, "version": number}

    assert said
    if not request.config.getoption("--record"):
        kept = json.loads(HEARD.read_text(encoding="utf-8"))[mistake][framework]
        assert kept == {"said": said, "version": number}
