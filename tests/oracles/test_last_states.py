"""Where we say that the last states are, in what the real frameworks return."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from configurations import Configuration, execute_with_weights, run_ours, with_all_switches
from real import REAL
from test_real_frameworks import FLOAT32, pytestmark

from app.frameworks.framework import Framework
from app.frameworks.last_states import last_states

__all__ = ["pytestmark"]


def of_several_cells(framework: Framework) -> Iterator[Configuration]:
    for configuration in with_all_switches(framework):
        if len(configuration.stack.places) > 1:
            yield configuration


@pytest.mark.each(of=of_several_cells)
def test_the_last_states_are_where_we_say(configuration: Configuration, tmp_path: Path) -> None:
    REAL[configuration.framework.id].reset()
    ours = run_ours(configuration)
    names = execute_with_weights(configuration, ours, tmp_path)
    for place in configuration.stack.places:
        for expression in last_states(configuration.model, place):
            found = eval(expression, names)
            theirs = np.asarray(found.detach() if hasattr(found, "detach") else found)
            np.testing.assert_allclose(theirs, ours.trace.last("h", place), rtol=0, atol=FLOAT32, err_msg=expression)
