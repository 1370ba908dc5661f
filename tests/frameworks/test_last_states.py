"""Where the last states are in what a framework returns, compared with a loop over the steps as in a textbook."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pytest
from configurations import Configuration, run_ours, with_all_switches
from pairing import covering

from app.core.cells import CELLS
from app.core.ops import Array
from app.core.stack import Place, Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.framework_types import Settings
from app.frameworks.last_states import last_states, output_parts, state_entries


def textbook(
    configuration: Configuration, weights: Mapping[Place, Mapping[str, Array]], X: Array
) -> dict[Place, Array]:
    """The last h of each cell of a simple RNN, whose rows of h are above those of x."""
    stack, last, sequence = configuration.stack, {}, list(X.swapaxes(0, 1))
    for layer in range(stack.num_layers):
        if configuration.model.goes_backwards:
            sequence.reverse()
        both = []
        for direction in stack.directions:
            kernel, bias = weights[layer, direction]["kernel"], weights[layer, direction]["bias"]
            h, made = np.zeros((stack.batch_size, stack.num_units), X.dtype), []
            for x in sequence[::-1] if direction == "backward" else sequence:
                h = np.tanh(np.concatenate([h, x], axis=1) @ kernel + bias)
                made.append(h)
            last[layer, direction] = h
            both.append(made[::-1] if direction == "backward" else made)
        sequence = [np.concatenate(step, axis=1) for step in zip(*both, strict=True)]
    return last


def of_rnns() -> Iterator[Configuration]:
    for framework in FRAMEWORKS.values():
        own = [c for c in with_all_switches(framework) if c.stack.cell is CELLS["rnn"]]
        yield from covering(own, Configuration.values)


@pytest.mark.parametrize("configuration", [*of_rnns()], ids=str)
def test_the_last_states_are_those_of_a_loop_over_the_steps(configuration: Configuration) -> None:
    model, ours = configuration.model, run_ours(configuration, np.float64)
    expected = textbook(configuration, ours.weights, ours.X)
    returned = {array.name: array.array(ours.trace) for array in model.outputs}
    for place in configuration.stack.places:
        for expression in last_states(model, place):
            name = max((name for name in returned if expression.startswith(name)), key=len)
            found = eval("array" + expression.removeprefix(name), {"array": returned[name]})
            np.testing.assert_allclose(found, expected[place], rtol=0, atol=1e-12, err_msg=expression)


@pytest.mark.parametrize("merge_mode, merge", [("sum", np.sum), ("mul", np.prod), ("ave", np.mean)])
def test_keras_merges_the_separate_outputs_of_both_directions(merge_mode: str, merge: Callable[..., Array]) -> None:
    stack = Stack(CELLS["rnn"], 3, 4, 2, 5, bidirectional=True)
    separate, merged = (
        Configuration(FRAMEWORKS["keras"], stack, {"merge_mode": mode}) for mode in ("none", merge_mode)
    )
    trace = run_ours(merged, np.float64).trace
    both = [array.array(trace) for array in separate.model.outputs]
    (output,) = merged.model.outputs

    np.testing.assert_allclose(output.array(trace), merge(both, axis=0), rtol=1e-15)


BOTH = Stack(CELLS["lstm"], 3, 5, 10, 20, num_layers=2, bidirectional=True)


@pytest.mark.parametrize(
    ("framework", "settings", "forward", "backward"),
    [
        ("pytorch", {}, ["h_n[2]", "output[-1, :, :20]"], ["h_n[3]", "output[0, :, 20:]"]),
        ("pytorch", {"batch_first": True}, ["h_n[2]", "output[:, -1, :20]"], ["h_n[3]", "output[:, 0, 20:]"]),
        ("keras", {}, ["output[:, :20]"], ["output[:, 20:]"]),
        ("keras", {"return_sequences": True}, ["output[:, -1, :20]"], ["output[:, 0, 20:]"]),
        ("keras", {"return_state": True}, ["forward_h", "output[:, :20]"], ["backward_h", "output[:, 20:]"]),
        ("keras", {"merge_mode": "sum"}, [], []),
        ("tf1", {}, ["state_fw[1].h", "output_fw[:, -1]"], ["state_bw[1].h", "output_bw[:, 0]"]),
        ("onnx", {}, ["Y_h_1[0]", "Y[-1, 0]"], ["Y_h_1[1]", "Y[0, 1]"]),
        ("onnx", {"layout": 1}, ["Y_h_1[:, 0]", "Y[:, -1, 0]"], ["Y_h_1[:, 1]", "Y[:, 0, 1]"]),
        ("flax", {"return_carry": True}, ["forward_h", "outputs[:, -1, :20]"], ["backward_h", "outputs[:, 0, 20:]"]),
    ],
)
def test_each_framework_has_its_own_words(
    framework: str, settings: Settings, forward: list[str], backward: list[str]
) -> None:
    chosen = FRAMEWORKS[framework]
    model = chosen.model(BOTH, {**chosen.defaults, **settings})
    assert [last_states(model, (1, direction)) for direction in BOTH.directions] == [forward, backward]


def test_one_direction_is_the_last_step_of_the_output() -> None:
    model = FRAMEWORKS["pytorch"].model(Stack(CELLS["lstm"], 3, 5, 10, 20, num_layers=2))
    assert last_states(model, (1, "forward")) == ["h_n[1]", "output[-1]"]
    assert last_states(model, (0, "forward")) == ["h_n[0]"]
    assert state_entries(model, (0, "forward"), "c") == ["c_n[0]"]


def test_at_the_other_end_of_time_a_direction_has_read_one_step() -> None:
    configuration = Configuration(FRAMEWORKS["pytorch"], BOTH, FRAMEWORKS["pytorch"].defaults)
    (expression,) = output_parts(configuration.model, (1, "backward"), is_other_end=True)
    assert expression == "output[-1, :, 20:]"
    trace = run_ours(configuration).trace
    output = configuration.model.outputs[0].array(trace)
    np.testing.assert_array_equal(eval(expression, {"output": output}), trace.array("h", (1, "backward"), 4))
