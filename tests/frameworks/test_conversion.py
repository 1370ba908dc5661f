"""The generated functions that carry weights from one framework to another: executed, not only read."""

from itertools import product

import numpy as np
import pytest
from configurations import Configuration, executed, packed, ran, stacks, usual

from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert
from app.frameworks.weight_files import blocks_of, stored
from app.frameworks.weight_layout import heights


@pytest.mark.parametrize("source, target", [*product(FRAMEWORKS, FRAMEWORKS)])
def test_converted_weights_are_those_that_the_other_framework_would_have_been_given(source: str, target: str) -> None:
    a, b = FRAMEWORKS[source], FRAMEWORKS[target]
    for stack in stacks():
        old, new = Configuration(a, stack, usual(a)), Configuration(b, stack, usual(b))
        if old.there_is and new.there_is:
            weights = ran(old, np.float64).weights
            function = executed(convert(a, b, stack, old.settings, new.settings))["convert"]
            converted = function(stored(*old, weights))
            layout = a.layout(stack, old.settings)
            # Two biases that are one in between stay one.
            seen = {
                place: layout.unpack(packed(layout, blocks), heights(stack, place))
                for place, blocks in blocks_of(stack, weights).items()
            }
            expected = {array.name: array.pack(seen) for array in b.stored(stack, new.settings)}
            assert list(converted) == list(expected)
            for name, array in expected.items():
                np.testing.assert_allclose(
                    converted[name], array, rtol=0, atol=1e-15, err_msg=f"{old} -> {new}: {name}"
                )
