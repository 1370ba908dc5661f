"""ONNX Runtime's LSTM, an independent implementation, with our weights."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from app.core.cells import CELLS
from app.core.input_data import make_input
from app.core.program import capture
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.trace import Trace

LSTM = capture(CELLS["lstm"])
Array = np.ndarray


def onnx_lstm(trace: Trace) -> tuple[Array, Array, Array]:
    """Y, h_T and c_T in our axes. ONNX has time_step first, gates in the order i, o, f, g, h and x kernels apart."""
    U = trace.sizes["num_units"]
    f, i, g, o = np.split(np.vstack([trace.array("kernel"), trace.array("bias")[None]]), 4, axis=1)
    rows = np.hstack([i, o, f, g]).T
    zeros = np.zeros(4 * U, np.float32)
    weights = {
        "W": rows[None, :, U:-1],
        "R": rows[None, :, :U],
        "B": np.concatenate([rows[:, -1], zeros])[None],
    }
    node = helper.make_node("LSTM", ["X", *weights], ["Y", "h", "c"], hidden_size=U)
    graph = helper.make_graph(
        [node],
        "lstm",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, None, trace.sizes["features"]])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("Y", "h", "c")],
        [onnx.numpy_helper.from_array(np.ascontiguousarray(values), id) for id, values in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    Y, h, c = session.run(None, {"X": np.ascontiguousarray(trace.array("X").swapaxes(0, 1))})
    return Y[:, 0].swapaxes(0, 1), h[0], c[0]


@pytest.mark.parametrize(
    "sizes",
    [
        (3, 4, 2, 5),
        (1, 1, 1, 1),
        (1, 30, 64, 67),
        (3, 50, 27, 128),
        (128, 28, 28, 128),
        (7, 13, 11, 17),
        (32, 20, 64, 256),
    ],
    ids=str,
)
def test_onnx_runtime_computes_the_same_outputs(sizes: tuple[int, int, int, int]) -> None:
    named = dict(zip(("batch_size", "time_step", "features", "num_units"), sizes, strict=True))
    trace = run(LSTM, named, make_weights(LSTM, named, 5), make_input(named, 5))
    for id, expected in zip(("Y", "h_T", "c_T"), onnx_lstm(trace), strict=True):
        np.testing.assert_allclose(trace.array(id), expected, rtol=0, atol=1e-6, err_msg=id)
