"""Programs with a marked mistake raise the recorded errors, and run with the right lines."""

import json
from collections import defaultdict
from collections.abc import Iterator

import handwritten_cells
import networks
import pytest
from marked_programs import MarkedPrograms, framework
from provoked import ENVIRONMENTS, MISTAKES
from raising import raised, run
from test_provoked import last_letters, skip_other_environments

CORPORA = (handwritten_cells.PROGRAMS, networks.PROGRAMS)


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, str]]]:
    """The texts of each folder, which ``--record`` writes into its file at the end; those of other environments
    stay."""
    texts = defaultdict[str, dict[str, str]](dict)
    yield texts
    for corpus in CORPORA if request.config.getoption("--record") else ():
        every = (corpus.recorded if corpus.file.exists() else {}) | texts[corpus.folder.name]
        kept = {name: every[name] for name in sorted(every) if name in corpus.truths}
        corpus.file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("corpus", "name"), [pytest.param(corpus, name, id=name) for corpus in CORPORA for name in corpus.truths]
)
def test_a_mistake_is_raised_and_the_right_lines_run(
    request: pytest.FixtureRequest, records: dict[str, dict[str, str]], corpus: MarkedPrograms, name: str
) -> None:
    skip_other_environments(request, ENVIRONMENTS[framework(name)])
    text = raised(framework(name), corpus.wrong(name))
    records[corpus.folder.name][name] = text

    if not request.config.getoption("--record"):
        assert last_letters(text) == last_letters(corpus.recorded[name])
    run(framework(name), corpus.right(name))


def test_every_environment_is_known_and_used() -> None:
    marked = {framework(name) for corpus in CORPORA for name in corpus.truths}
    assert marked | {mistake.framework for mistake in MISTAKES} == {*ENVIRONMENTS}
