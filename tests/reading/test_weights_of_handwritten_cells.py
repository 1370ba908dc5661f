"""The weights of a cell that a program computes itself: their order, the gates that they have, and their slices.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, likely, pasted

from app.reading.errors.explanation import explain

BIAS = """import numpy as np
H = 16

class GRU:
    def __init__(self):
        self.W = np.zeros((6, 3 * H))
        self.U = np.zeros((H, 3 * H))
        self.b = np.zeros(3 * H)

    def step(self, x, h):
        gx, gh = x @ self.W, h @ self.U
        r = 1 / (1 + np.exp(-gx[:, :H] - gh[:, :H]))
        return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b)

GRU().step(np.zeros((4, 6)), np.zeros((4, H)))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                BIAS,
                [
                    "return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b)\n"
                    "                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~^~~~~~~~"
                ],
                "ValueError: operands could not be broadcast together with shapes (4,16) (48,) ",
            ),
            ("bias", "num_units", ["whole_bias"]),
            {
                "return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b)": (
                    "return np.tanh(gx[:, 2 * H:] + r * gh[:, 2 * H:] + self.b[2 * H:])"
                )
            },
        ),
    ],
)
def test_the_lines_of_a_whole_program_are_corrected(
    text: str, said: tuple[str, str, list[str]], lines: dict[str, str]
) -> None:
    assert causes_and_lines(text) == (said, lines)


@pytest.mark.parametrize(("gate", "is_after"), [("r * gh[:, 2 * H:]", True), ("(r * h) @ self.U[:, 2 * H:]", False)])
def test_an_own_gru_says_where_it_resets(gate: str, is_after: bool) -> None:
    program = BIAS.replace("r * gh[:, 2 * H:]", gate)
    line = f"return np.tanh(gx[:, 2 * H:] + {gate} + self.b)"
    error = "ValueError: operands could not be broadcast together with shapes (4,16) (48,) "

    assert explain(pasted(program, [f"{line}\n{' ' * 11}{'~' * (len(line) - 8)}^~~"], error)).resets_after is is_after


@pytest.mark.parametrize(
    ("line", "error", "fix"),
    [
        (
            "z = sig(x @ self.Wz + h @ self.Uz + self.bz)",
            "ValueError: operands could not be broadcast together with shapes (3,6) (6,1)",
            "self.bz = np.zeros(6)  # and those of the other gates",
        ),
        (
            "h = np.tanh(x @ self.Wx + h @ self.Wh + self.b)",
            "ValueError: operands could not be broadcast together with shapes (3,6) (6,1)",
            "self.b = np.zeros(6)",
        ),
    ],
)
def test_the_line_of_one_gate_speaks_of_the_others(line: str, error: str, fix: str) -> None:
    assert explain(pasted("", [line], error)).mismatch.causes[0].fix == fix


def test_weights_of_x_and_h_in_one_array_have_the_size_of_both() -> None:
    frames = ["h, c = self.step(X[:, k], h, c)", "g = xh @ self.W + self.b"]
    error = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 3 is different from 13)"
    )
    text = pasted("", ["print(lstm.forward(np.random.randn(4, 7, 3)).shape)", *frames], error)
    likely = explain(text).mismatch.causes[0]

    assert (likely.id, likely.fix) == ("joined_weights", "self.W = 0.1 * np.random.randn(13, gates * num_units)")


OWN = """
import numpy as np

rng = np.random.default_rng(0)


class LSTM:
    def __init__(self, D, H):
        self.W = rng.normal(size=({weights})) * 0.1
        self.U = rng.normal(size=(H, 4 * H)) * 0.1
        self.b = np.zeros(4 * H)
        self.V = rng.normal(size=({outputs})) * 0.1

    def step(self, x, h, c):
        a = x @ self.W + self.b + h @ self.U
        i, f, g, o = np.split(a, 4, axis=1)
        c = f * c + i * np.tanh(g)
        return np.tanh(c), c

    def scores(self, h):
        return h @ self.V

    def gradient(self, d):
        return d @ self.V{transposed}


cell = LSTM(9, 14)
h, c = cell.step(np.zeros((5, 9)), np.zeros((5, 14)), np.zeros((5, 14)))
dh = cell.gradient(cell.scores(h))
"""


RIGHT = {"weights": "D, 4 * H", "outputs": "H, 3", "transposed": ".T"}


OF_SUM = "ValueError: operands could not be broadcast together with shapes {} {}"


OF_FACTORS = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size {} is different from {})"
)


@pytest.mark.parametrize(
    ("wrong", "frames", "error", "id", "corrected"),
    [
        (
            *({"weights": "D, H"}, ["h, c = cell.step(x, h, c)", "a = x @ self.W + self.b + h @ self.U"]),
            *(OF_SUM.format("(5,14)", "(56,)"), "gates_of_weights"),
            ("self.W = rng.normal(size=(D, H)) * 0.1", "self.W = rng.normal(size=(D, 4 * H)) * 0.1"),
        ),
        (
            *({"outputs": "3, H", "transposed": ""}, ["s = cell.scores(h)", "return h @ self.V"]),
            *(OF_FACTORS.format(3, 14), "kernel_order"),
            ("return h @ self.V", "return h @ self.V.T"),
        ),
        (
            *({"transposed": ""}, ["dh = cell.gradient(d)", "return d @ self.V"]),
            *(OF_FACTORS.format(14, 3), "kernel_order"),
            ("return d @ self.V", "return d @ self.V.T"),
        ),
    ],
)
def test_weights_have_all_gates_and_the_order_of_the_product(
    wrong: dict[str, str], frames: list[str], error: str, id: str, corrected: tuple[str, str]
) -> None:
    ids, lines = likely(pasted(OWN.format_map(RIGHT | wrong), frames, error))
    assert (ids[0], lines) == (id, dict([corrected]))


RNN = """
rng = np.random.default_rng(0)
Wx, Wh, b = rng.normal(size=(9, 14)), rng.normal(size=(14, 14)), np.zeros(14)
V = rng.normal(size=(3, 14))
x, h = np.zeros((5, 7, 9)), np.zeros((5, 14))
for t in range(7):
    h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
"""


def test_weights_that_are_used_once_are_made_in_the_other_order() -> None:
    program = f"import numpy as np\n\n{RNN}scores = h @ V\n"
    text = pasted(program, ["scores = h @ V"], OF_FACTORS.format(3, 14))
    assert likely(text) == (["kernel_order"], {"V = rng.normal(size=(3, 14))": "V = rng.normal(size=(14, 3))"})


NODE = """
import numpy as np
import onnxruntime
from onnx import helper, numpy_helper

UNITS, INPUT = 20, 8
rng = np.random.default_rng(0)
W = numpy_helper.from_array(rng.normal(size=(1, {rows}, INPUT)).astype("f"), "W")
R = numpy_helper.from_array(rng.normal(size=(1, 3 * UNITS, UNITS)).astype("f"), "R")
node = helper.make_node("GRU", ["x", "W", "R"], ["y"], hidden_size=UNITS)
y = onnxruntime.InferenceSession(model(node, W, R)).run(None, dict(x=x))
"""


@pytest.mark.parametrize("rows", [20, 40])
def test_weights_of_onnx_with_as_many_rows_as_units_lack_the_other_gates(rows: int) -> None:
    error = "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
    error += " Non-zero status code returned while running GRU node. Name:'' Status Message: Input W must have shape"
    error += f" {{1,60,8}}. Actual:{{1,{rows},8}}"
    program = NODE.format(rows={20: "UNITS", 40: "2 * UNITS"}[rows])
    ids, lines = likely(
        pasted(program, ["y = onnxruntime.InferenceSession(model(node, W, R)).run(None, dict(x=x))"], error)
    )

    assert (ids == ["gates_of_weights"]) == (rows == 20)
    assert rows != 20 or [*lines.values()] == [next(one for one in lines).replace("UNITS", "3 * UNITS")]


SLICED = """
import numpy as np

D, H = 9, 14
rng = np.random.default_rng(0)
W, U = rng.normal(size=(D, 4 * H)), rng.normal(size=(H, 4 * H))


def lstm_step(x, h, c):
    z = x @ W + h @ U
    i, f = np.tanh(z[:, :H]), np.tanh(z[:, {forget}])
    g = np.tanh(z[:, 2 * H : 3 * H])
    o = np.tanh(z[:, {output}])
    c = f * c + i * g
    return o * np.tanh(c), c


h, c = lstm_step(np.zeros((5, D)), np.zeros((5, H)), np.zeros((5, H)))
"""


@pytest.mark.parametrize(
    ("forget", "output", "failed", "shapes", "corrected"),
    [
        ("H : 2 * H", "H:", "return o * np.tanh(c), c", ("(5,42)", "(5,14)"), {"z[:, H:]": "z[:, 3 * H:]"}),
        ("H:H", "3 * H :", "c = f * c + i * g", ("(5,0)", "(5,14)"), {"z[:, H:H]": "z[:, H:2 * H]"}),
        ("H : 3 * H", "3 * H :", "c = f * c + i * g", ("(5,28)", "(5,14)"), {"z[:, H : 3 * H]": "z[:, H:2 * H]"}),
    ],
)
def test_the_slice_of_a_gate_begins_where_the_one_before_it_ends(
    forget: str, output: str, failed: str, shapes: tuple[str, str], corrected: dict[str, str]
) -> None:
    program = SLICED.format(forget=forget, output=output)
    text = pasted(program, ["h, c = lstm_step(x, h, c)", failed], OF_SUM.format(*shapes))
    ids, lines = likely(text)
    ((wrong, right),) = corrected.items()
    said = explain(text).mismatch
    width = next(int(size) for one in shapes if (size := one[3:-1]) != "14")

    assert ids == ["gate_slice"]
    assert (said.axis, said.expected, said.got) == (("num_units", (14,), (width,)) if width else (None, None, None))
    assert {line.replace(wrong, right) for line in lines} == {*lines.values()} != {*lines}


def test_weights_are_the_factor_that_they_are_in_the_other_products() -> None:
    right = "a = x @ self.W + self.b + h @ self.U"
    wrong = right.replace("h @ self.U", "self.U @ h")
    program = OWN.format_map(RIGHT | {"weights": "D, 4 * H"}).replace(right, wrong)
    text = pasted(program, ["h, c = cell.step(x, h, c)", wrong], OF_FACTORS.format(5, 56))
    assert likely(text) == (["factor_order"], {wrong: right})


NNX = """
import jax.numpy as jnp
from flax import nnx


class Encoder(nnx.Module):
    def __init__(self, width, units, rngs):
        self.cell = nnx.GRUCell({sizes}, rngs=rngs)
        self.score = nnx.Linear(units, 1, rngs=rngs)
        self.units = units

    def __call__(self, x):
        h = jnp.zeros((x.shape[0], self.units))
        for t in range(x.shape[1]):
            h, _ = self.cell(h, x[:, t])
        return self.score(h)


encoder = Encoder(width=18, units=72, rngs=nnx.Rngs(0))
scores = encoder(jnp.zeros((10, 6, 18)))
"""


IN_NNX = '\n  File "/site-packages/flax/nnx/nn/recurrent.py", line 721, in __call__\n    x = self.dense_i(inputs)'


def test_the_sizes_of_a_cell_of_nnx_are_exchanged() -> None:
    frames = [NNX.strip().split("\n")[-1], f"h, _ = self.cell(h, x[:, t]){IN_NNX}"]
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (18,) and (72,)."
    ids, lines = likely(pasted(NNX.format(sizes="units, width"), frames, error))
    made = "self.cell = nnx.GRUCell({}, rngs=rngs)"

    assert ids[0] == "exchanged_sizes"
    assert lines == {made.format("units, width"): made.format("width, units")}


SOFTMAX = f"import numpy as np\n{RNN}scores = h @ np.zeros((14, 4))\ne = np.exp(scores - scores.{{}})\n"


def test_a_maximum_keeps_its_axis_to_be_subtracted() -> None:
    line = "e = np.exp(scores - scores.max(1))"
    text = pasted(SOFTMAX.format("max(1)"), [line], OF_SUM.format("(5,4)", "(5,)"))
    assert likely(text) == (["dropped_axis"], {line: line.replace("max(1)", "max(1, keepdims=True)")})
