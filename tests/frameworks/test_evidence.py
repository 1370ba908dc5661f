"""Nothing is left without evidence or a stated no, and docs/frameworks.md says what was seen."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from configurations import SIZES, THERE, Configuration, settings_of, stacks
from evidence_page import MORE, PAGE, page

from app.core.cells import CELLS
from app.frameworks import FRAMEWORKS
from app.frameworks.evidence import EVIDENCE
from app.frameworks.framework import Framework


def test_every_framework_has_evidence_of_every_cell_that_it_has_and_of_no_other() -> None:
    seen = {(id, kind) for id, proof in EVIDENCE.items() for kind in proof.kinds}
    assert seen == {*THERE, *product(FRAMEWORKS, MORE)}


def test_every_evidence_has_something_of_everything() -> None:
    for id, proof in EVIDENCE.items():
        assert proof.versions
        for kind, seen in proof.kinds.items():
            counts = seen.runs, seen.shapes, seen.programs, seen.weights
            assert all(counts), f"{id} {kind}"
            assert 0 < seen.float32 <= 1e-6, f"{id} {kind}"
            # ONNX Runtime has no float64, see test_generated_programs.py.
            assert (seen.float64 is None) if id == "onnx" else 0 < (seen.float64 or 0) <= 1e-12, f"{id} {kind}"


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_what_is_called_the_nearest_is_there(framework: Framework) -> None:
    for stack in (stack for sizes in SIZES for stack in stacks(sizes)):
        for settings in settings_of(framework, stack):
            if unsupported := framework.model(stack, settings).unsupported:
                fields: dict[str, Any] = {
                    name: value for name, value in unsupported.nearest.items() if name not in settings
                }
                if "cell" in fields:
                    fields["cell"] = CELLS[fields["cell"]]
                nearest = replace(stack, **fields), {**settings, **unsupported.nearest}
                assert Configuration(framework, *nearest).there_is, str(Configuration(framework, stack, settings))


@pytest.mark.golden
def test_the_page_of_frameworks_is_what_was_seen(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--golden"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "make golden writes it anew"
