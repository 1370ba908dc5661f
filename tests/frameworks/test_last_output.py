"""Where a framework returns the last output, and which initial states it accepts. tests/frameworks/test_last_states.py
evaluates the expressions."""

import pytest
from configurations import Configuration, configurations, run_ours
from pairing import covering

from app.core.axes import shape
from app.core.cells import CELLS
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.framework_types import Framework, Settings
from app.frameworks.last_output import IN_THE_OUTPUT, IS_THE_OUTPUT, LastOutput, last_output

ONE = Stack(CELLS["lstm"], 3, 5, 10, 20, num_layers=2)
BOTH = Stack(CELLS["lstm"], 3, 5, 10, 20, num_layers=2, bidirectional=True)


def last_of(id: str, direction: str = "", settings: Settings | None = None) -> LastOutput | None:
    """The last output of a direction; of a stack in one direction if none is given."""
    return last_output(FRAMEWORKS[id].model(BOTH if direction else ONE, settings), direction or "forward")


@pytest.mark.parametrize(
    ("id", "settings", "code"),
    [
        ("colah", {}, "Y[:, -1]"),
        ("tf1", {}, "outputs[:, -1]"),
        ("pytorch", {}, "output[-1]"),
        ("pytorch", {"batch_first": True}, "output[:, -1]"),
        ("onnx", {}, "Y[-1, 0]"),
        ("onnx", {"layout": 1}, "Y[:, -1, 0]"),
        ("flax", {"return_carry": True}, "outputs[:, -1]"),
        ("keras", {"return_sequences": True, "return_state": True}, "output[:, -1]"),
    ],
)
def test_the_last_output_is_part_of_the_output(id: str, settings: Settings, code: str) -> None:
    assert last_of(id, settings=settings) == LastOutput(IN_THE_OUTPUT, code)


def test_keras_returns_only_the_last_output_unless_it_returns_sequences() -> None:
    assert last_of("keras") == LastOutput(IS_THE_OUTPUT, "output")


def test_the_backward_direction_computes_the_first_step_last() -> None:
    assert last_of("pytorch", "forward") == LastOutput(IN_THE_OUTPUT, "output[-1, :, :20]")
    assert last_of("pytorch", "backward") == LastOutput(IN_THE_OUTPUT, "output[0, :, 20:]")
    assert last_of("pytorch", "backward", {"batch_first": True}) == LastOutput(IN_THE_OUTPUT, "output[:, 0, 20:]")
    assert last_of("keras", "backward") == LastOutput(IS_THE_OUTPUT, "output[:, 20:]")


def test_merged_directions_cannot_be_separated() -> None:
    assert last_of("keras", "backward", {"return_sequences": True, "merge_mode": "sum"}) is None


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_every_cell_has_initial_states_of_the_stated_shape(framework: Framework) -> None:
    for c in covering([*configurations(framework)], Configuration.values):
        model, trace = c.model, run_ours(c).trace
        cells = []
        for array in model.initial_states:
            zeros = array.array(trace)
            assert zeros.shape == shape(array.axes, model.sizes), f"{c}: {array.name}"
            assert not zeros.any()
            cells += [(array.tensor, *cell) for cell in array.covered]
        expected = [(f"{state}_prev", *place, "first") for state in c.stack.states for place in c.stack.places]
        assert sorted(cells) == sorted(expected)
