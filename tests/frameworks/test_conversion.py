"""The generated functions that convert weights from one framework to another, executed."""

from itertools import product

import numpy as np
import pytest
from configurations import execute, packed, some_stacks

from app.core.cells import CELLS
from app.core.ops import Array
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert, usage
from app.frameworks.framework_types import Framework
from app.frameworks.stack_in_framework import Model
from app.frameworks.stored_weights import blocks_of, stored_weights
from app.frameworks.weight_layout import heights


@pytest.mark.parametrize("source, target", [*product(FRAMEWORKS, FRAMEWORKS)])
def test_converted_weights_equal_those_stored_for_the_other_framework(source: str, target: str) -> None:
    a, b = FRAMEWORKS[source], FRAMEWORKS[target]
    for stack in some_stacks():
        old, new = a.model(stack), b.model(stack)
        if not old.unsupported and not new.unsupported:
            weights = stack_weights(stack, 5, np.float64)
            function = execute(convert(old, new))["convert"]
            converted = function(stored_weights(old, weights))
            layout = old.layout
            # If either framework has one bias, two biases become one.
            through_old = {
                place: layout.unpack(packed(layout, blocks), heights(stack, place))
                for place, blocks in blocks_of(stack, weights).items()
            }
            expected = {array.name: array.pack(through_old) for array in new.weights}
            assert list(converted) == list(expected)
            for name, array in expected.items():
                np.testing.assert_allclose(
                    converted[name], array, rtol=0, atol=1e-15, err_msg=f"{stack}, {source} -> {target}: {name}"
                )


def use(source: Model, target: Model) -> tuple[dict[str, Array], dict[str, Array]]:
    """Execute the lines of use after the programs of two models. Returns the converted weights, and those of the second
    model."""
    first, then = usage(source, target).split("\n\n")
    old = execute(f"{source.code()}\n{convert(source, target)}\n{first}")
    new = execute(target.code()) | {"converted": old["converted"]}
    exec(then, new)
    return old["converted"], eval(str(target.stored_arrays), new)


@pytest.mark.parametrize("source, target", [("colah", "onnx"), ("onnx", "colah")])
@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_lines_of_use_load_the_converted_weights(source: str, target: str, num_layers: int) -> None:
    """tests/oracles executes those of the other frameworks."""
    stack = Stack(CELLS["lstm"], 3, 4, 2, 5, num_layers=num_layers)
    converted, loaded = use(FRAMEWORKS[source].model(stack), FRAMEWORKS[target].model(stack))
    for name, array in converted.items():
        np.testing.assert_array_equal(loaded[name], array, err_msg=name)


@pytest.mark.parametrize("source", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_the_lines_of_use_are_valid_python(source: Framework) -> None:
    stack = Stack(CELLS["lstm"], 3, 4, 2, 5)
    for target in FRAMEWORKS.values():
        lines = usage(source.model(stack), target.model(stack))
        compile(lines, "usage", "exec")
        assert all(len(line) <= 100 for line in lines.splitlines())
