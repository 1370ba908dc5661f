"""The program says that the target is still a column of x, or that a decoder gets one vector, and its lines are
corrected where nothing else depends on them.

Keras 3.15 and NumPy 2.4 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch


def said(text: str) -> Mismatch:
    return explain(text).mismatch


def ids(mismatch: Mismatch) -> list[str]:
    return [one.id for one in mismatch.causes]


OF_VECTOR = (
    "ValueError: Input 0 with name 'None' of layer 'gru_1' is incompatible with the layer: expected ndim=3, found"
    " ndim=2. Full shape received: (None, {})"
)
IN_LIST = """from tensorflow import keras
from tensorflow.keras import layers

autoencoder = keras.Sequential([
    keras.Input((48, 2)),
    layers.GRU({below}),
    layers.GRU({above}, return_sequences=True),
    {more}layers.Dense(2),
])
"""
FAILED = ["autoencoder = keras.Sequential(["]


def of_list(below: int, above: int, more: str = "") -> Mismatch:
    return said(pasted(IN_LIST.format(below=below, above=above, more=more), FAILED, OF_VECTOR.format(below)))


def test_a_decoder_in_a_list_gets_its_vector_repeated_before_its_line() -> None:
    mismatch = of_list(12, 30)

    assert ids(mismatch) == ["repeated_vector", "return_sequences"]
    assert mismatch.causes[0].lines == (
        ("", "layers.RepeatVector(48),  # before: layers.GRU(30, return_sequences=True),"),
    )


@pytest.mark.parametrize(
    ("above", "more"),
    [
        (6, ""),  # the encoder goes on: it makes fewer values
        (30, "layers.GRU(8), layers.RepeatVector(48), layers.GRU(8, return_sequences=True), "),
    ],
)
def test_an_encoder_of_several_layers_returns_every_step(above: int, more: str) -> None:
    assert ids(of_list(12, above, more)) == ["return_sequences"]


APART = """from tensorflow import keras
from tensorflow.keras import layers

encoder = keras.Sequential([keras.Input((48, 2)), layers.GRU(12)])
decoder = keras.Sequential([keras.Input((12,)), layers.GRU(30, return_sequences=True), layers.Dense(2)])
"""


def test_a_decoder_with_an_input_of_its_own_gets_no_steps_from_its_encoder() -> None:
    line = "decoder = keras.Sequential([keras.Input((12,)), layers.GRU(30, return_sequences=True), layers.Dense(2)])"
    mismatch = said(pasted(APART, [line], OF_VECTOR.format(12)))

    assert ids(mismatch)[0] == "repeated_vector" and "return_sequences" not in ids(mismatch)
    repeated = "layers.RepeatVector(48), layers.GRU(30, return_sequences=True)"
    assert mismatch.causes[0].lines == ((line, line.replace("layers.GRU(30, return_sequences=True)", repeated)),)


ADDED = """from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, GRU, Input{imported}

steps = 48
net = Sequential()
net.add(Input((steps, 2)))
net.add(GRU(12))
net.add(GRU(12, return_sequences=True))
net.add(Dense(2))
"""


@pytest.mark.parametrize("imported", ["", ", RepeatVector"])
def test_an_import_that_is_not_used_says_what_is_missing(imported: str) -> None:
    source = ADDED.format(imported=imported)
    mismatch = said(pasted(source, ["net.add(GRU(12, return_sequences=True))"], OF_VECTOR.format(12)))

    if not imported:
        assert ids(mismatch) == ["return_sequences"]
        return
    assert mismatch.causes[0].lines == (
        ("", "net.add(RepeatVector(steps))  # before: net.add(GRU(12, return_sequences=True))"),
    )


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


KEPT = """import numpy as np
def encode(x, W, U):
    n, steps, _ = x.shape
    kept = np.zeros(({sizes}))
    h = np.zeros((n, 9))
    for t in range(steps):
        h = np.tanh(x[:, t] @ W + h @ U)
        kept[t] = h
    return kept
encode(np.ones((4, 11, 3)), np.ones((3, 9)), np.ones((9, 9)))
"""
OF_KEPT = "ValueError: could not broadcast input array from shape (4,9) into shape ({})"


@pytest.mark.parametrize(
    ("sizes", "shape", "causes"),
    [
        ("n, steps, 9", "11,9", ["written_step"]),
        ("steps, 11, 9", "11,9", ["kept_array"]),  # time first, for another batch
    ],
)
def test_a_step_is_written_where_the_array_has_its_steps(sizes: str, shape: str, causes: list[str]) -> None:
    frames = ["encode(np.ones((4, 11, 3)), np.ones((3, 9)), np.ones((9, 9)))", "kept[t] = h"]
    mismatch = said(pasted(KEPT.format(sizes=sizes), frames, OF_KEPT.format(shape)))

    assert ids(mismatch)[:1] == causes


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


STATEFUL = """import keras, numpy as np
from keras import layers
BATCH = 16
inputs = keras.Input(batch_shape=(BATCH, 9, 2))
x = layers.GRU(28, stateful=True, return_sequences=True)(inputs)
x = layers.GRU(14, stateful=True)(x)
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile("adam", "mse")
model.fit(np.ones((64, 9, 2)), np.ones(64), batch_size=BATCH)
y = model.predict_on_batch(np.ones((1, 9, 2)))
"""
OF_STATEFUL = (
    "ValueError: Exception encountered when calling GRU.call().\n\nIf an RNN is stateful, the batch size of the input"
    " sequences must be the same as the batch size of the initial state.\n- Expected batch size: 16\n"
    "- Received batch size: 1\n\nArguments received by GRU.call():\n"
    "  • sequences=tf.Tensor(shape=(1, 9, 2), dtype=float32)\n  • initial_state=None"
)


def test_a_stateful_model_gets_a_whole_batch_of_one_sample() -> None:
    line = "y = model.predict_on_batch(np.ones((1, 9, 2)))"
    explanation = explain(pasted(STATEFUL, [line], OF_STATEFUL))
    fix = "y = model.predict_on_batch(np.repeat(np.ones((1, 9, 2)), BATCH, axis=0))[:1]"

    assert explanation.mismatch.causes[0].lines == ((line, fix),)
    assert explanation.configuration and explanation.configuration.num_units == 28


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
