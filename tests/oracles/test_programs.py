"""The chains of programs in the manner of public code, as the real frameworks run them.

TensorFlow 1 cannot be installed beside today's Python: its programs run in tf.compat.v1 of TensorFlow 2, whose cells
are those of tf_keras. What they import from tf.contrib is the function or class of the same name.
"""

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from chains_of import chain_of
from programs_of import RECORDED, names, recorded, runnable
from real import REAL

FRAMEWORKS = ("pytorch", "keras", "tf1")


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The chains, which ``--record`` writes into programs.json at the end; those of other environments stay."""
    records: dict[str, Any] = {}
    yield records
    if request.config.getoption("--record") and not request.config.option.keyword:
        stored = json.loads(RECORDED.read_text(encoding="utf-8"))
        frameworks = {name.partition("-")[0] for name in records}
        stored["versions"] |= {p: version(p) for framework in frameworks for p in REAL[framework].packages}
        chains = {name: chain for name, chain in (stored["chains"] | records).items() if name in names()}
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(chains[name])}" for name in sorted(chains))
        text = f'{{\n "versions": {json.dumps(stored["versions"], sort_keys=True)},\n "chains": {{\n{lines}\n }}\n}}\n'
        RECORDED.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", [name for framework in FRAMEWORKS for name in names(framework)])
def test_the_recorded_chain_is_that_of_the_real_framework(
    request: pytest.FixtureRequest, records: dict[str, Any], name: str
) -> None:
    framework = name.partition("-")[0]
    if framework not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{framework} is in another environment")
    records[name] = chain_of(framework, runnable(name))

    assert records[name]
    if not request.config.getoption("--record"):
        assert records[name] == recorded()[name]
