"""Programs that compute their own cell raise the recorded errors, and run with the right lines."""

import json
from collections.abc import Iterator

import pytest
from own_cells import OWN_CELLS, RECORDED, framework, recorded, right, wrong
from provoked import ENVIRONMENTS
from raising import raised, run
from test_provoked import last_letters, skip_other_environments


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The texts, which ``--record`` writes into own_cells.json at the end; those of other environments stay."""
    texts: dict[str, str] = {}
    yield texts
    if request.config.getoption("--record"):
        every = json.loads(RECORDED.read_text(encoding="utf-8")) | texts
        kept = {name: every[name] for name in sorted(every) if name in OWN_CELLS}
        RECORDED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.mark.parametrize("name", OWN_CELLS)
def test_a_mistake_is_raised_and_the_right_lines_run(
    request: pytest.FixtureRequest, records: dict[str, str], name: str
) -> None:
    skip_other_environments(request, ENVIRONMENTS[framework(name)])
    records[name] = raised(framework(name), wrong(name))

    if not request.config.getoption("--record"):
        assert last_letters(records[name]) == last_letters(recorded()[name])
    run(framework(name), right(name))
