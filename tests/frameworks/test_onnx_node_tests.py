"""ONNX's own node tests for LSTM, GRU and RNN, with inputs and expected outputs as they ship."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from configurations import packed
from onnx import helper
from onnx.backend.test.case import node as node_tests

from app.core.cells import CELLS
from app.core.ops import Array
from app.core.run import run_stack
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS, OURS
from app.frameworks.weight_layout import heights

ONNX = FRAMEWORKS["onnx"]
OPERATORS = ("LSTM", "GRU", "RNN")


def cases() -> dict[str, Any]:
    """The cases of the three operators. Importing a module of ONNX creates its cases; collecting all would create
    many."""
    for operator in OPERATORS:
        import_module(f"{node_tests.__name__}.{operator.lower()}")
    return {case.name: case for case in node_tests._NodeTestCases if case.model.graph.node[0].op_type in OPERATORS}


CASES = cases()


def test_there_are_cases_of_every_operator() -> None:
    assert {case.model.graph.node[0].op_type for case in CASES.values()} == {*OPERATORS}


@pytest.mark.parametrize("name", CASES)
def test_our_cells_compute_the_expected_outputs_of_onnx(name: str) -> None:
    (node,) = CASES[name].model.graph.node
    ((inputs, outputs),) = CASES[name].data_sets
    arrays = dict(zip((i for i in node.input if i), inputs, strict=True))
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    direction = attributes.get("direction", b"forward").decode()
    settings = {"layout": attributes.get("layout", 0)}

    X = arrays["X"] if settings["layout"] else arrays["X"].swapaxes(0, 1)
    batch_size, time_step, features = X.shape
    stack = Stack(
        CELLS[cell_of(node.op_type, attributes, arrays)],
        *(batch_size, time_step, features, attributes["hidden_size"]),
        bidirectional=direction == "bidirectional",
    )
    assert not any(arrays[state].any() for state in ("initial_h", "initial_c") if state in arrays)
    assert (arrays.get("sequence_lens", np.array([time_step])) == time_step).all()

    model, ours = ONNX.model(stack, settings), OURS.model(stack).layout
    layout = model.layout
    rows = heights(stack, (0, "forward"))
    no_bias = np.zeros((len(stack.directions), 2 * arrays["W"].shape[1]), X.dtype)
    weights = {
        place: packed(ours, layout.unpack({p.name: arrays.get(p.name, no_bias)[k] for p in layout.parameters}, rows))
        for k, place in enumerate(stack.places)
    }
    trace = run_stack(stack, weights, X, go_backwards=direction == "reverse")
    returned = {array.name: array.array(trace) for array in model.outputs}
    if direction == "reverse":  # in Keras the output has the order of computation, in ONNX that of time
        returned["Y"] = np.flip(returned["Y"], axis=settings["layout"])
    for output, expected in zip((o for o in node.output if o), outputs, strict=True):
        np.testing.assert_allclose(returned[output], expected, rtol=0, atol=1e-6, err_msg=output)


def cell_of(operator: str, attributes: dict[str, Any], arrays: dict[str, Array]) -> str:
    """Our cell for a node."""
    if operator == "LSTM":
        return "lstm_peephole" if "P" in arrays else "lstm_coupled" if attributes.get("input_forget") else "lstm"
    if operator == "GRU":
        return "gru_reset_after" if attributes.get("linear_before_reset") else "gru"
    return "rnn"
