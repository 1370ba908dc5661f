"""Kernels of a program's own cell in Keras which lack gates, in a sum whose message alone says their sizes.

Keras 3.15 raised the messages for these programs with TensorFlow 2.21 and PyTorch 2.13, and ran them with the corrected
lines.
"""

import pytest
from pasted_programs import KERAS_WITH_OPS, first_cause_and_lines, likely, network, pasted

from app.reading.errors.explanation import explain

GATED = f"""{KERAS_WITH_OPS}
class Gated(layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.state_size = size
    def build(self, shape):
        self.of_x = self.add_weight(shape=(shape[-1], X_COLUMNS), name="of_x")
        self.of_h = self.add_weight(shape=(self.size, H_COLUMNS), name="of_h")
    def call(self, inputs, states):
        (h,) = states
        z = ops.matmul(inputs, self.of_x) + ops.matmul(h, self.of_h)
        r, u, n = ops.split(z, 3, axis=-1)
        h = ops.sigmoid(u) * h + ops.tanh(n) * ops.sigmoid(r)
        return h, [h]
def network(steps, channels):
    x = layers.Input((steps, channels))
    y = layers.Dense(2)(layers.RNN(Gated(24))(x))
    model = keras.Model(x, y)
    model.compile("adam", "mse")
    return model
model = network(11, 7)
model.fit(np.zeros((30, 11, 7), "float32"), np.zeros((30, 2), "float32"), batch_size=15)
"""
FIT = 'model.fit(np.zeros((30, 11, 7), "float32"), np.zeros((30, 2), "float32"), batch_size=15)'
SUM = "z = ops.matmul(inputs, self.of_x) + ops.matmul(h, self.of_h)"

IN_TENSORFLOW = """ValueError: Exception encountered when calling Gated.call().

Dimensions must be equal, but are {x} and {h} for '{{{{node functional_1/rnn_1/gated_1/add}}}} = AddV2[T=DT_FLOAT](\
functional_1/rnn_1/gated_1/MatMul, functional_1/rnn_1/gated_1/MatMul_1)' with input shapes: [15,{x}], [15,{h}].

Arguments received by Gated.call():
  • inputs=tf.Tensor(shape=(15, 7), dtype=float32)
  • states=('tf.Tensor(shape=(15, 24), dtype=float32)',)"""

IN_PYTORCH = """RuntimeError: Unable to automatically build the model.
Exception encountered:
'Exception encountered when calling Gated.call().

The size of tensor a ({x}) must match the size of tensor b ({h}) at non-singleton dimension 1

Arguments received by Gated.call():
  • inputs=torch.Tensor(shape=torch.Size([15, 7]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([15, 24]), dtype=float32)',)'"""


def gated(x_columns: str, h_columns: str, frames: list[str], error: str) -> str:
    return pasted(GATED.replace("X_COLUMNS", x_columns).replace("H_COLUMNS", h_columns), frames, error)


@pytest.mark.parametrize(("frames", "message"), [([FIT, SUM], IN_TENSORFLOW), ([FIT], IN_PYTORCH)])
@pytest.mark.parametrize("gates", ["3 * self.size", "self.size * 3"])
@pytest.mark.parametrize("of_x", [True, False])
def test_a_kernel_has_columns_for_all_gates(frames: list[str], message: str, gates: str, of_x: bool) -> None:
    columns = ("self.size", gates) if of_x else (gates, "self.size")
    text = gated(*columns, frames, message.format(x=24 if of_x else 72, h=72 if of_x else 24))
    cause, lines = first_cause_and_lines(text)
    made = 'self.of_{} = self.add_weight(shape=({}, {}), name="of_{}")'
    name, rows = ("x", "shape[-1]") if of_x else ("h", "self.size")

    assert cause == ("kernel" if of_x else "recurrent_kernel", "gates*num_units", "gates_of_weights")
    assert lines == {made.format(name, rows, "self.size", name): made.format(name, rows, "3 * self.size", name)}
    assert network(explain(text)) == (15, 11, 7, 24)
    assert (explain(text).mismatch.expected, explain(text).mismatch.got) == ((72,), (24,))


@pytest.mark.parametrize(("frames", "message"), [([FIT, SUM], IN_TENSORFLOW), ([FIT], IN_PYTORCH)])
@pytest.mark.parametrize("of_x", [True, False])
@pytest.mark.parametrize(("wrong", "gates"), [("2 * self.size", 2), ("self.size * 4", 4)])
def test_a_split_says_how_many_gates_a_kernel_has(
    wrong: str, gates: int, of_x: bool, frames: list[str], message: str
) -> None:
    columns = (wrong, "3 * self.size") if of_x else ("3 * self.size", wrong)
    sizes = {"x": gates * 24 if of_x else 72, "h": 72 if of_x else gates * 24}
    text = gated(*columns, frames, message.format(**sizes))
    cause, lines = first_cause_and_lines(text)
    made = 'self.of_{} = self.add_weight(shape=({}, {}), name="of_{}")'
    name, rows = ("x", "shape[-1]") if of_x else ("h", "self.size")
    right = wrong.replace(str(gates), "3")

    assert cause == ("kernel" if of_x else "recurrent_kernel", "gates*num_units", "gates_of_term")
    assert lines == {made.format(name, rows, wrong, name): made.format(name, rows, right, name)}
    assert (explain(text).mismatch.expected, explain(text).mismatch.got) == ((72,), (gates * 24,))
    assert network(explain(text)) == (15, 11, 7, 24)


@pytest.mark.parametrize("of_bias", ["2 * self.size", "3 * self.size"])
def test_most_terms_of_a_sum_say_how_many_gates_a_kernel_has(of_bias: str) -> None:
    """Without a split, the bias is the third term that says it."""
    program = GATED.replace("X_COLUMNS", "2 * self.size").replace("H_COLUMNS", "3 * self.size")
    program = program.replace("        r, u, n = ops.split(z, 3, axis=-1)\n", "        r, u = z[:, : self.size], z\n")
    program = program.replace("    def call", f"        self.b = self.add_weight(shape=({of_bias},))\n    def call")
    program = program.replace(SUM, f"{SUM} + self.b")
    (likely, *_), lines = first_cause_and_lines(pasted(program, [FIT], IN_PYTORCH.format(x=48, h=72)))
    name, right = ("of_h", "2") if of_bias.startswith("2") else ("of_x", "3")

    assert likely == ("recurrent_kernel" if name == "of_h" else "kernel")
    assert [line for line in lines.values() if f'shape=(self.size, {right} * self.size), name="{name}"' in line] or [
        line for line in lines.values() if f'shape=(shape[-1], {right} * self.size), name="{name}"' in line
    ]


def test_two_numbers_of_gates_without_a_third_leave_it_open_which_one_is_wrong() -> None:
    program = GATED.replace("X_COLUMNS", "2 * self.size").replace("H_COLUMNS", "3 * self.size")
    program = program.replace("        r, u, n = ops.split(z, 3, axis=-1)\n", "        r, u, n = z, z, z\n")

    assert not explain(pasted(program, [FIT], IN_PYTORCH.format(x=48, h=72))).mismatch.causes


@pytest.mark.parametrize("message", [IN_PYTORCH.format(x=48, h=72), IN_TENSORFLOW.format(x=48, h=72)])
def test_the_arguments_of_an_own_cell_say_its_sizes_without_the_program(message: str) -> None:
    text = f'Traceback (most recent call last):\n  File "/home/me/gated.py", line 28, in <module>\n    {FIT}\n{message}'
    of_cell = text.replace("Gated.call", "GatedCell.call")
    known = explain(of_cell).configuration

    assert known and (known.batch_size, known.features, known.num_units) == (15, 7, 24)
    assert explain(of_cell).mismatch.tensor is None


def test_a_program_without_an_encoder_has_no_cause_that_names_one() -> None:
    text = gated("self.size", "self.other", [FIT, SUM], IN_TENSORFLOW.format(x=24, h=48))

    assert "attention_directions" not in likely(text)[0]
