"""Of two arrays that must be equal, the one is red that the only cause corrects, as the array has its axes.

PyTorch 2.13, NumPy 2 and Keras 3 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from error_pictures import drawn, texts
from pasted_programs import TORCH, causes_and_lines, ids, pasted, said

from app.diagram.elements import Box, Funnel
from app.diagram.transforms.wrong_tensor import ERROR
from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

OWN_LSTM = f"""{TORCH}
class OwnLSTM(nn.Module):
    def __init__(self, features, units):
        super().__init__()
        self.w = nn.Parameter(torch.randn(features, 4 * units))
        self.u = nn.Parameter(torch.randn(units, 2 * units))

    def forward(self, x, h, c):
        z = x @ self.w + h @ self.u
        i, f, g, o = z.chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

cell = OwnLSTM(6, 17)
h = c = torch.zeros(5, 17)
for x in torch.randn(9, 5, 6):
    h, c = cell(x, h, c)
"""
OTHER_GATES = (
    "RuntimeError: The size of tensor a (68) must match the size of tensor b (34) at non-singleton dimension 1"
)

TAGGER = f"""{TORCH}
class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(7, 15, bidirectional={{both}}, batch_first=True)

    def forward(self, x):
        steps, (last, _) = self.lstm(x)
        return {{line}}

print(Tagger()(torch.zeros(4, 9, 7)).shape)
"""
OF_TAGGER = "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"


def test_weights_of_other_gates_of_an_own_cell_are_red_with_their_axes_in_order() -> None:
    text = pasted(OWN_LSTM, ["h, c = cell(x, h, c)", "z = x @ self.w + h @ self.u"], OTHER_GATES)
    shapes = comparison(explain(text))

    assert shapes and (shapes.expected, shapes.got) == ((None, 68), (None, 34))
    assert shapes.axes == ("num_units", "gates*num_units")
    picture = drawn(text)
    assert (picture.subject, picture.red) == ("gates", "recurrent_kernel")
    assert [s for s in picture.wide.shapes if isinstance(s, Box | Funnel) and s.role == "wrong"]


@pytest.mark.parametrize(
    ("line", "right", "sizes"),
    [
        ("last[-1] + steps.mean(dim=1)", "torch.cat((last[-2], last[-1]), dim=-1) + steps.mean(dim=1)", (15, 30)),
        ("steps[:, 0] * last[-1]", "steps[:, 0] * torch.cat((last[-2], last[-1]), dim=-1)", (30, 15)),
    ],
)
def test_a_state_of_one_direction_beside_an_output_of_both_is_red_without_steps(
    line: str, right: str, sizes: tuple[int, int]
) -> None:
    source = TAGGER.format(both=True, line=line)
    frames = ["print(Tagger()(torch.zeros(4, 9, 7)).shape)", f"return {line}"]
    text = pasted(source, frames, OF_TAGGER.format(*sizes))

    assert causes_and_lines(text) == (
        ("output", "num_units", ["state_of_one_direction"]),
        {f"return {line}": f"return {right}"},
    )
    shapes = comparison(explain(text))
    assert shapes and (shapes.axes, shapes.got) == (("batch_size", "num_units"), (None, 15))
    assert "15" in texts(drawn(text).wide, ERROR)


def test_a_state_beside_the_output_of_one_direction_is_not_joined() -> None:
    line = "last[-1] + steps.mean(dim=1)"
    source = TAGGER.format(both=False, line=line)

    assert "state_of_one_direction" not in ids(said(pasted(source, [f"return {line}"], OF_TAGGER.format(15, 30))))


RESET = """Traceback (most recent call last):
  File "gru.py", line 13, in <module>
    step(x, h, w)
  File "gru.py", line 7, in step
    n = np.tanh({line})
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature\
 (n?,k),(k,m?)->(n?,m?) (size 13 is different from 17)
"""


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ('np.concatenate([x, r * h], axis=1) @ w["n"]', None),
        ('np.concatenate([x, h * reset], axis=1) @ w["n"]', None),
        ('np.concatenate([x, h], axis=1) @ w["n"]', "rnn"),
        ('np.concatenate([x, 0.5 * h], axis=1) @ w["n"]', "rnn"),
    ],
)
def test_a_tanh_of_a_state_that_a_gate_has_multiplied_is_not_that_of_a_simple_rnn(line: str, cell: str | None) -> None:
    configuration = explain(RESET.format(line=line)).configuration

    assert configuration and configuration.cell == cell


def test_the_weights_of_a_step_are_compared_where_they_are_the_only_cause() -> None:
    shapes = comparison(explain(RESET.format(line='np.concatenate([x, r * h], axis=1) @ w["n"]')))

    assert shapes and [size for size in shapes.expected + shapes.got if size] == [17, 13]


GATED = '''"""A gated cell for keras.layers.RNN."""
import keras
import numpy as np
from keras import layers, ops

class GatedCell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.state_size = units

    def build(self, shape):
        n = shape[-1]
        self.kernel = self.add_weight(shape=(n, self.units))
        self.recurrent_kernel = self.add_weight(shape=(n, self.units))

    def call(self, x, states):
        h = states[0]
        f = ops.sigmoid(ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel))
        h = f * h + (1 - f) * ops.tanh(ops.matmul(x, self.kernel))
        return h, [h]

inputs = keras.Input((8, 5))
model = keras.Model(inputs, keras.layers.RNN(GatedCell(11))(inputs))
model.compile("sgd", "mse")
model.fit(np.zeros((3, 8, 5)), np.zeros((3, 11)), verbose=0)
'''
OF_GATED = """RuntimeError: Exception encountered when calling GatedCell.call().

mat1 and mat2 shapes cannot be multiplied (3x11 and 5x11)

Arguments received by GatedCell.call():
  • x=torch.Tensor(shape=torch.Size([3, 5]), dtype=float32)
  • states=('torch.Tensor(shape=torch.Size([3, 11]), dtype=float32)',)
"""


def test_an_own_cell_with_a_gate_is_a_simple_rnn_only_as_what_the_text_does_not_say() -> None:
    text = pasted(GATED, ["model.fit(np.zeros((3, 8, 5)), np.zeros((3, 11)), verbose=0)"], OF_GATED)
    answer = answer_to(explain(text), {}, parse([], strict=True), translator("en"))

    assert answer.link and "cell=rnn" in answer.link
    assert "cell" in [one.role for one in answer.chosen]


SEVERAL_STEPS = """import numpy as np
import tf_keras as keras
model = keras.Sequential([
    keras.layers.GRU(12, return_sequences=True, input_shape=(6, 2)),
    keras.layers.Dense(3, activation="softmax"),
])
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((14, 6, 2)), np.zeros((14, 3)), batch_size=14, verbose=0)
"""


def test_an_output_of_every_step_is_red_in_its_steps() -> None:
    frame = "model.fit(np.zeros((14, 6, 2)), np.zeros((14, 3)), batch_size=14, verbose=0)"
    found = drawn(pasted(SEVERAL_STEPS, [frame], "ValueError: Shapes (14, 3) and (14, 6, 3) are incompatible"))

    assert found.subject == "chain"
    for picture in (found.wide, found.narrow):
        assert [one for one in texts(picture, ERROR) if one.isdecimal()] == ["6"]


OTHER_FEATURES = """import jax
import jax.numpy as jnp
from flax import linen as nn
rnn = nn.RNN(nn.GRUCell(features=9))
params = rnn.init(jax.random.key(0), jnp.zeros((2, 8, 5)))
print(rnn.apply(params, jnp.zeros((2, 8, 7))).shape)
"""


def test_the_kernels_of_all_gates_that_init_made_for_other_features_are_red() -> None:
    error = (
        'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(cell)/ir", the given initializer is'
        " expected to generate shape (7, 9), but the existing parameter it received has shape (5, 9)."
    )
    found = drawn(pasted(OTHER_FEATURES, ["print(rnn.apply(params, jnp.zeros((2, 8, 7))).shape)"], error))

    assert texts(found.wide, ERROR) == ["5"] * 3


NOT_TRANSPOSED = """Traceback (most recent call last):
  File "rnn.py", line 4, in <module>
    step(x, h, Wx, Wh)
  File "rnn.py", line 3, in step
    return np.tanh(x @ Wx + h @ Wh)
                   ~~^~~~
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature\
 (n?,k),(k,m?)->(n?,m?) (size {rows} is different from {features})
"""


@pytest.mark.parametrize(
    ("rows", "tensor", "axis", "shapes"),
    [(40, "kernel", "order", ((3, None), (40, None))), (4, "x", "features", ((4,), (3,)))],
)
def test_the_tensor_of_a_product_is_that_of_the_first_cause(
    rows: int, tensor: str, axis: str, shapes: tuple[object, object]
) -> None:
    mismatch = said(NOT_TRANSPOSED.format(rows=rows, features=3))

    assert (mismatch.tensor, mismatch.axis) == (tensor, axis)
    assert (mismatch.expected, mismatch.got) == shapes
    assert (mismatch.first_cause == "kernel_order") == (tensor == "kernel")


@pytest.mark.parametrize(
    ("error", "is_open"),
    [
        ("Expected hidden[0] size (2, 4, 9), got [2, 4, 30]", True),
        ("Expected hidden[0] size (2, 4, 30), got [2, 4, 9]", False),
        ("GRU: Expected hidden size (2, 4, 9), got [2, 4, 30]", False),
    ],
)
def test_the_units_of_a_state_that_may_be_projected_are_not_said_for_certain(error: str, is_open: bool) -> None:
    explanation = explain(f"RuntimeError: {error}")
    answer = answer_to(explanation, {}, parse([], strict=True), translator("en"))

    assert ("num_units" in [one.role for one in answer.chosen]) == is_open
    assert ("num_units" in [one.name for one in answer.facts]) != is_open


def test_a_layer_with_one_state_is_no_lstm() -> None:
    cells = [
        one.cell for one in explain("ValueError: Layer has 1 states but was passed 2 initial states.").configurations
    ]

    assert cells == ["gru", "rnn"]
