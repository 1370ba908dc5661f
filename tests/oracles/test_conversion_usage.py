"""The lines that use a conversion function, after the programs of two real frameworks: both compute the same."""

from itertools import permutations

import numpy as np
import pytest
from configurations import Configuration, execute
from real import REAL
from test_real_frameworks import FLOAT32, pytestmark

from app.core.cells import CELLS
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert, usage

__all__ = ["pytestmark"]

STACK = Stack(CELLS["lstm"], 3, 4, 2, 5)

PAIRS = [*permutations(("colah", "pytorch", "keras", "onnx"), 2)]
"""Frameworks that one environment has. The programs of TensorFlow 1 and Flax are compared by their own tests."""


@pytest.mark.parametrize("source, target", PAIRS)
def test_the_lines_of_use_load_the_weights_into_the_other_model(
    source: str, target: str, request: pytest.FixtureRequest
) -> None:
    installed = request.config.getoption("--frameworks").split(",")
    if not {source, target} <= {*installed}:
        pytest.skip("another environment has these frameworks")
    models = [Configuration(FRAMEWORKS[id], STACK, FRAMEWORKS[id].defaults).model for id in (source, target)]
    REAL[source].reset()
    first, then = usage(*models).split("\n\n")
    converted = execute(f"{models[0].code()}\n{convert(*models)}\n{first}")["converted"]
    REAL[target].reset()
    new = execute(models[1].code()) | {"converted": converted}
    exec(then, new)
    loaded = eval(str(models[1].stored_arrays), new)
    assert {name for name in loaded if name != "wide"} == {*converted}
    for name, array in converted.items():
        np.testing.assert_allclose(loaded[name], array, rtol=0, atol=FLOAT32, err_msg=f"{source} to {target}: {name}")
