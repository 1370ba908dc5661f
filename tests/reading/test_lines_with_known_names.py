"""Lines of a program that a general form would not name: of states that a function or NumPy makes, and of a network
that jit compiles.

PyTorch 2.13, ONNX Runtime 1.24 and Flax 0.12 raised the messages for such programs, and ran them with the corrected
lines.
"""

from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain

CHARS = f"""{TORCH}
class Chars(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(24, 64, 2, batch_first=True)
    def first(self, batch):
        w = next(self.parameters())
        return w.new_zeros(2, batch, 64), RETURNED
    def forward(self, x, hidden):
        out, hidden = self.rnn(x, hidden)
        return out, hidden
model = Chars()
hidden = model.first(8)
for x in data:
    out, hidden = model(x, hidden)
"""

STREAM = """import numpy as np
import onnxruntime as ort
sess = ort.InferenceSession("lstm.onnx")
clips = np.random.randn(4, 50, 6).astype(np.float32)
h = np.zeros((1, 1, 24), np.float32)
c = np.zeros((1, 1, 24), np.float32)
for chunk in np.split(clips.transpose(1, 0, 2), 5):
    h, c = sess.run(["Y_h", "Y_c"], {"X": chunk, "h0": h, "c0": c})
"""

FORECASTS = """import jax
import jax.numpy as jnp
import flax.linen as nn
class Forecaster(nn.Module):
    hidden: int
    @nn.compact
    def __call__(self, x):
        return nn.Dense(6)(nn.RNN(nn.GRUCell(self.hidden))(x)[:, -1])
x = jnp.ones((8, 30, 5))
params = Forecaster(hidden=48).init(jax.random.key(0), x)
model = Forecaster(hidden=32)
pred = jax.jit(model.apply)(params, x)
"""


def lines(program: str, frames: list[str], error: str) -> list[tuple[str, str]]:
    return list(explain(pasted(program, frames, error)).mismatch.causes[0].lines)


def test_a_gru_gets_the_first_of_the_states_that_a_function_makes() -> None:
    frames = ["out, hidden = model(x, hidden)", "out, hidden = self.rnn(x, hidden)"]
    error = """  File "site-packages/torch/nn/modules/rnn.py", line 1415, in forward
    if hx.dim() != 3:
       ^^^^^^
AttributeError: 'tuple' object has no attribute 'dim'"""
    program = CHARS.replace("RETURNED", "w.new_zeros(2, batch, 64)")

    assert lines(program, frames, error) == [("hidden = model.first(8)", "hidden = model.first(8)[0]")]


def test_the_states_of_a_session_have_the_samples_of_x() -> None:
    line = 'h, c = sess.run(["Y_h", "Y_c"], {"X": chunk, "h0": h, "c0": c})'
    error = (
        "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code"
        " returned while running LSTM node. Name:'' Status Message: Input initial_h must have shape {1,4,24}."
        " Actual:{1,1,24}"
    )

    assert lines(STREAM, [line], error) == [
        (f"{name} = np.zeros((1, 1, 24), np.float32)", f"{name} = np.zeros((1, 4, 24), np.float32)") for name in "hc"
    ]


def test_a_network_that_jit_compiles_is_made_with_the_units_of_its_weights() -> None:
    error = (
        'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(GRUCell_0)/ir", the given initializer is'
        " expected to generate shape (5, 32), but the existing parameter it received has shape (5, 48)."
    )

    assert lines(FORECASTS, ["pred = jax.jit(model.apply)(params, x)"], error) == [
        ("model = Forecaster(hidden=32)", "model = Forecaster(hidden=48)")
    ]
