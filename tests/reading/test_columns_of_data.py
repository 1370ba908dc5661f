"""What a program says about the columns of its data: one is that of the target, or a layer was made for some of them.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import ids, pasted, said

from app.reading.errors.explanation import explain

COLUMNS = """import keras
import numpy as np

N = 6
table = np.random.rand(300, {columns})
x = np.stack([table[i : i + 20] for i in range(280)])
y = table[20:, {target}]
model = keras.Sequential([keras.Input((20, N)), keras.layers.LSTM(16), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
"""


OF_COLUMNS = (
    "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected axis -1 of input shape to have value"
    " 6, but received input with shape (32, 20, {})"
)


@pytest.mark.parametrize(
    ("columns", "got", "target", "causes"),
    [
        ("7", 7, "-1", ["target_column", "other_features"]),
        ("7", 7, "6", ["target_column", "other_features"]),
        ("7", 7, "0", ["other_features"]),  # the first column
        ("9", 9, "-1", ["other_features"]),  # two columns more besides
    ],
)
def test_only_one_more_column_that_is_the_target_is_left_out(
    columns: str, got: int, target: str, causes: list[str]
) -> None:
    source = COLUMNS.format(columns=columns, target=target)

    assert ids(said(pasted(source, ["model.fit(x, y)"], OF_COLUMNS.format(got)))) == causes


@pytest.mark.parametrize(
    ("columns", "wrong", "fix"),
    [
        ("9", "N = 6", "N = 9"),
        ("N + 3", "keras.Input((20, N))", "keras.Input((20, 9))"),
    ],
)
def test_a_number_that_also_makes_the_data_stays(columns: str, wrong: str, fix: str) -> None:
    source = COLUMNS.format(columns=columns, target="-1")
    first = said(pasted(source, ["model.fit(x, y)"], OF_COLUMNS.format(9))).causes[0]

    assert wrong in first.wrong
    assert first.fix == first.wrong.replace(wrong, fix)


OF_WINDOWS = """import keras, numpy as np
def windows(table, names, steps=8):
    rows = np.stack([table[one] for one in names], axis=-1)
    return np.stack([rows[i : i + steps] for i in range(len(rows) - steps)])
def load(n):
    return {{name: np.ones(n) for name in ("heat", "flow", "load", "broken")}}
old, new = load(90), load(30)
columns = ["heat", "flow", "load"]
model = keras.Sequential([keras.Input((8, 3)), keras.layers.GRU(20), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(windows(old, columns), np.ones(82))
latest = windows(new, {names})
print(model.predict(latest))
"""


OF_OTHER_COLUMNS = (
    "RuntimeError: Exception encountered when calling GRUCell.call().\n\n"
    "mat1 and mat2 shapes cannot be multiplied (22x4 and 3x60)"
)


@pytest.mark.parametrize(("names", "is_own"), [("list(new)", True), ("columns", False)])
def test_a_prediction_gets_the_columns_of_the_training(names: str, is_own: bool) -> None:
    source = OF_WINDOWS.format(names=names)
    likely = explain(pasted(source, ["print(model.predict(latest))"], OF_OTHER_COLUMNS)).mismatch.causes[0]
    line = f"latest = windows(new, {names})"

    assert (likely.id, likely.is_own) == ("other_columns", is_own)
    assert not is_own or likely.lines == ((line, line.replace(names, "columns")),)


OF_SWITCH = """import jax, jax.numpy as jnp
import flax.linen as nn
class Net(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(2)(nn.RNN(nn.GRUCell(18))(x)[:, -1])
def table(counts, with_rain):
    columns = [counts, counts**2] + ([counts > 0] if with_rain else [])
    return jnp.stack(columns, -1)
counts, key = jnp.ones((6, 20)), jax.random.key(0)
net = Net()
params = net.init(key, table(counts, True))
fitted = net.apply(params, table(counts, True))
later = table(counts[:2], {switch})
print(net.apply(params, later))
"""


OF_PARAMETER = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/RNN_0/GRUCell_0/ir", the given initializer is'
    " expected to generate shape (2, 18), but the existing parameter it received has shape (3, 18)."
)


def test_a_network_of_flax_gets_the_data_that_the_switch_of_its_training_makes() -> None:
    frames = ["print(net.apply(params, later))", "return nn.Dense(2)(nn.RNN(nn.GRUCell(18))(x)[:, -1])"]
    mismatch = explain(pasted(OF_SWITCH.format(switch=False), frames, OF_PARAMETER)).mismatch
    alone = explain(pasted("", frames, OF_PARAMETER)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (3,), (2,))
    assert [(one.id, one.lines) for one in mismatch.causes] == [
        ("other_columns", (("later = table(counts[:2], False)", "later = table(counts[:2], True)"),))
    ]
    assert [one.id for one in alone.causes] == ["init_features", "other_columns"]


WITHOUT_TARGET = """import numpy as np
import keras
from keras import layers
table = np.zeros((400, 5))

def windows(data):
    return np.stack([data[i : i + 14] for i in range(len(data) - 14)])

model = keras.Sequential([keras.Input((14, 5)), layers.GRU(24), layers.Dense(1)])
model.compile(loss="mse")
model.fit(windows(table), table[14:, 4])
new = np.zeros((60, 5))
{line}
model.predict({x})
"""


@pytest.mark.parametrize(
    ("line", "x", "fix"),
    [("new = new[:, :4]", "windows(new)", ""), ("cut = new[:, :4]", "windows(cut)", "cut = new")],
)
def test_a_line_that_only_leaves_out_columns_is_left_out_itself(line: str, x: str, fix: str) -> None:
    error = (
        "ValueError: Exception encountered when calling GRUCell.call().\n\nDimensions must be equal, but are 4 and 5"
        " for '{{node sequential_1/gru_1/gru_cell_1/MatMul}} = MatMul[T=DT_FLOAT, transpose_a=false,"
        " transpose_b=false](x, y)' with input shapes: [?,4], [5,72]."
    )
    likely = said(pasted(WITHOUT_TARGET.format(line=line, x=x), [f"model.predict({x})"], error)).causes[0]

    assert (likely.id, likely.wrong, likely.fix, likely.is_own) == ("other_columns", line, fix, True)
