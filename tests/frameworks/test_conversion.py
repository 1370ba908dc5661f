"""The generated functions that convert weights from one framework to another, executed."""

from itertools import product

import numpy as np
import pytest
from configurations import execute, packed, stacks

from app.core.initializers import stack_weights
from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert
from app.frameworks.exported_weights import blocks_of, stored_weights
from app.frameworks.weight_layout import heights


@pytest.mark.parametrize("source, target", [*product(FRAMEWORKS, FRAMEWORKS)])
def test_converted_weights_equal_those_stored_for_the_other_framework(source: str, target: str) -> None:
    a, b = FRAMEWORKS[source], FRAMEWORKS[target]
    for stack in stacks():
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
