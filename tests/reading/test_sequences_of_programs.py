"""What a program says about its sequences, for how many of them its model was made, and with which data it was trained;
and what a traceback alone does not say.

PyTorch 2.13, Keras 3.15, Flax 0.12 and NumPy 2.4 raised the messages for such programs.
"""

import pytest
from pasted_programs import TORCH, ids, pasted, said

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Cause

KERAS = "import numpy as np\nimport keras\nfrom keras import layers\n"

STATEFUL = (
    "ValueError: If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the"
    " initial state. \n- Expected batch size: 24\n- Received batch size: 1"
)

ATTENTION = f"""{KERAS}
source, target = keras.Input((9, 4)), keras.Input((5, 4))
read, h = layers.GRU(16, return_sequences=True, return_state=True)(source)
write = layers.GRU(16, return_sequences=True)(target, initial_state=h)
context = layers.Attention()([QUERY, VALUES])
merged = layers.Concatenate()([OTHER, context])
"""

JOIN = (
    "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis."
    " Received: input_shape=[(None, {}, 16), (None, {}, 16)]"
)

DATASET = """import tensorflow as tf
data = tf.data.Dataset.from_tensor_slices((x, y)){}
model = tf.keras.Sequential([tf.keras.Input((30, 4)), tf.keras.layers.LSTM(8)])
model.fit(data)
"""

SINGLE = (
    "ValueError: Input 0 with name 'input' of layer 'sequential' is incompatible with the layer: expected"
    " shape=(None, 30, 4), found shape=(30, 4)"
)

SOIL = """import jax
from flax import linen as nn
class Soil(nn.Module):
    @nn.compact
    def __call__(self, probes):
        return nn.Dense(1)(nn.RNN(nn.LSTMCell(17))(probes)[:, -1])
key = jax.random.PRNGKey(4)
fields = jax.random.normal(key, (13, 28, 5))
net = Soil()
params = net.init(key, fields)
{}
garden = jax.random.normal(key, (6, 28, 3))
print(net.apply(params, garden))
"""

PARAMETER = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(LSTMCell_0)/ii", the given initializer is'
    " expected to generate shape (3, 17), but the existing parameter it received has shape (5, 17)."
)


def first(text: str) -> Cause:
    return said(text).causes[0]


@pytest.mark.parametrize(
    ("made", "new"),
    [
        (
            "model = keras.Sequential([keras.Input(batch_shape=(24, 10, 2)), layers.GRU(6, stateful=True)])",
            "keras.Sequential([keras.Input(batch_shape=(1, 10, 2)), layers.GRU(6, stateful=True)])",
        ),
        (
            "def build(batch):\n"
            "    return keras.Sequential([keras.Input(batch_shape=(batch, 10, 2)), layers.GRU(6, stateful=True)])\n"
            "model = build(24)",
            "build(1)",
        ),
    ],
)
def test_a_stateful_model_gets_a_second_one_for_one_sample(made: str, new: str) -> None:
    source = f"{KERAS}{made}\nfor day in range(7):\n    heat = model.predict(last, verbose=0)\n"
    cause = first(pasted(source, ["heat = model.predict(last, verbose=0)"], STATEFUL))

    assert cause.is_own
    assert list(cause.lines) == [
        ("", f"single = {new}  # before: for day in range(7):"),
        ("", "single.set_weights(model.get_weights())  # before: for day in range(7):"),
        ("heat = model.predict(last, verbose=0)", "heat = single.predict(last, verbose=0)"),
    ]


def attention(query: str, values: str, other: str, steps: tuple[int, int]) -> str:
    source = ATTENTION.replace("QUERY", query).replace("VALUES", values).replace("OTHER", other)
    return pasted(source, [f"merged = layers.Concatenate()([{other}, context])"], JOIN.format(*steps))


def test_the_query_is_what_the_context_is_joined_with() -> None:
    text = attention("read", "write", "write", (5, 9))
    mismatch = said(text)

    assert (mismatch.axis, mismatch.expected, mismatch.got) == ("time_step", (None, 5, 16), (None, 9, 16))
    assert list(first(text).lines) == [
        ("context = layers.Attention()([read, write])", "context = layers.Attention()([write, read])")
    ]


def test_the_query_of_a_decoder_is_right_and_the_join_is_wrong() -> None:
    assert "exchanged_query" not in ids(said(attention("write", "read", "read", (9, 5))))


@pytest.mark.parametrize(
    ("more", "cause", "fixed"),
    [
        ("", "unbatched_dataset", ".batch(32)"),
        (".shuffle(9).prefetch(1)", "unbatched_dataset", ".shuffle(9).batch(32).prefetch(1)"),
        (".batch(8).unbatch().repeat()", "unbatched_dataset", ".batch(8).unbatch().batch(32).repeat()"),
        (".batch(8)", "missing_batch", ""),
    ],
)
def test_only_a_dataset_without_batches_gets_them(more: str, cause: str, fixed: str) -> None:
    likeliest = first(pasted(DATASET.format(more), ["model.fit(data)"], SINGLE))

    assert likeliest.id == cause
    start = "data = tf.data.Dataset.from_tensor_slices((x, y))"
    assert list(likeliest.lines) == [(start + more, start + fixed)] if fixed else not likeliest.is_own


def test_data_with_other_columns_than_those_of_training_are_corrected_and_not_the_training() -> None:
    trained = pasted(SOIL.format("print(net.apply(params, fields))"), ["print(net.apply(params, garden))"], PARAMETER)
    mismatch = said(trained)

    network = explain(trained).configuration

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", (5,), (3,))
    assert network and (network.batch_size, network.time_step, network.features) == (6, 28, 5)
    assert list(first(trained).lines) == [
        ("garden = jax.random.normal(key, (6, 28, 3))", "garden = jax.random.normal(key, (6, 28, 5))")
    ]


def test_weights_that_nothing_else_uses_are_made_for_other_features() -> None:
    unused = pasted(SOIL.format(""), ["print(net.apply(params, garden))"], PARAMETER)

    assert ids(said(unused)) == ["init_features"]


def in_line(line: str, message: str, more: str = "") -> str:
    frame = f'Traceback (most recent call last):\n  File "train.py", line 30, in forward\n    {line}\n'
    return f"{frame}{more}{message}\n"


def test_an_array_that_no_name_tells_is_not_called_x() -> None:
    message = "ValueError: shapes (60,60) and (71,1) not aligned: 60 (dim 1) != 71 (dim 0)"
    mismatch = said(in_line("f = sigmoid(np.dot(self.Wf, z) + self.bf)", message).replace("forward", "lstm_step"))

    assert (mismatch.tensor, ids(mismatch)) == (None, ["kernel_rows"])
    assert "self.Wf" in mismatch.sentence and "z" in mismatch.sentence


def test_more_rows_of_x_than_of_h_may_be_steps() -> None:
    message = "ValueError: operands could not be broadcast together with shapes (51,20) (12,20)"
    line = "h = np.tanh(x_t @ params['Wxh'] + h @ params['Whh'])"

    assert ids(said(in_line(line, message))) == ["scan_axis", "other_batch"]


def test_a_sequential_that_is_built_lacks_the_steps_of_the_layer_below() -> None:
    message = (
        "ValueError: Input 0 with name 'None' of layer 'lstm' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (None, 40)"
    )
    built = '  File "/site-packages/keras/src/models/sequential.py", line 76, in __init__\n    self._maybe_rebuild()\n'

    assert ids(said(in_line("model = keras.Sequential([", message, built)))[0] == "return_sequences"


def test_the_units_of_stored_weights_follow_from_their_gates() -> None:
    message = (
        "ValueError: The shape of the target variable and the shape of the target value in `variable.assign(value)`"
        " must match. variable.shape=(9, 120), Received: value.shape=(9, 200). Target variable: <Variable"
        " path=net/lstm/lstm_cell/kernel, shape=(9, 120)>"
    )

    assert "LSTM(50)" in first(in_line("model.load_weights('net.weights.h5')", message)).fix


def test_a_network_without_two_directions_is_not_bidirectional() -> None:
    source = f"""{TORCH}
import jax
import jax.numpy as jnp
def run(w, xs, h):
    def step(h, x):
        h = jnp.tanh(x @ w["x"] + h @ w["h"])
        return h, h
    return jax.lax.scan(step, h, xs)[1]
keys, queries = run(a, xs, jnp.zeros((3, 40))), run(b, ys, jnp.zeros((3, 20)))
scores = jnp.einsum("tbh,sbh->bts", queries, keys)
"""
    message = "ValueError: Size of label 'h' for operand 1 (20) does not match previous terms (40)."
    line = 'scores = jnp.einsum("tbh,sbh->bts", queries, keys)'

    assert ids(said(pasted(source, [line], message))) == ["attention_units"]
    assert "attention_directions" in ids(said(pasted(f"{source}flipped = jnp.flip(xs, 0)\n", [line], message)))


@pytest.mark.parametrize(
    ("cut", "steps"),
    [
        ("X = np.stack([series[i : i + 35] for i in range(100)])", 35),
        ("X = np.stack([series[:, i : i + 35] for i in range(100)])", 35),
        ("X = np.stack([series[:9, i : i + 35] for i in range(100)])", None),
        ("X = np.stack([series[i : i + 35] for i in range(100)] + [series[k : k + 36] for k in range(9)])", None),
        ("for i in range(0, 99, 35):\n    part = series[i : i + 35]", None),
        (
            "def parts(x, n):\n    for i in range(0, 99, n):\n        yield x[i : i + n]\n"
            "for one in parts(series, 35):\n    pass",
            None,
        ),
        ("batches = [series[i : i + batch] for i in range(0, 99, batch)]", None),
        (
            "def parts(x, size):\n    for i in range(0, 90, size):\n        n = min(size, 90 - i)\n"
            "        yield x[:, i : i + n]\nfor one in parts(series, 35):\n    pass",
            None,
        ),
    ],
)
def test_the_windows_of_a_series_say_the_steps(cut: str, steps: int | None) -> None:
    source = f"{TORCH}import numpy as np\nbatch = 16\n{cut}\nlstm = nn.LSTM(6, 10, batch_first=True)\ny, _ = lstm(x)\n"
    message = "RuntimeError: input.size(-1) must be equal to input_size. Expected 6, got 7"
    network = explain(pasted(source, ["y, _ = lstm(x)"], message)).configuration

    assert network and network.time_step == steps


def test_a_reshape_that_exchanges_two_sizes_is_put_in_order() -> None:
    made = "X = X.reshape(X.shape[0], X.shape[2], X.shape[1])"
    source = f"{KERAS}{made}\nmodel = keras.Sequential([keras.Input((50, 7)), layers.LSTM(9)])\nmodel.fit(X, y)\n"
    message = (
        "ValueError: Input 0 of layer lstm is incompatible with the layer: expected axis -1 of input shape to have"
        " value 7 but received input with shape (None, 7, 50)"
    )
    text = pasted(source, ["model.fit(X, y)"], message)

    assert (said(text).axis, ids(said(text))) == ("order", ["features_first"])
    assert list(first(text).lines) == [(made, "X = X.reshape(X.shape[0], X.shape[1], X.shape[2])")]


@pytest.mark.parametrize("is_first", (True, False))
def test_what_was_padded_in_another_order_than_the_layer_has_is_wrong_and_not_the_rest(is_first: bool) -> None:
    right, wrong = (", batch_first=True", "") if is_first else ("", ", batch_first=True")
    made = f"voiced = pad_sequence(flags{wrong})"
    source = f"""{TORCH}
from torch.nn.utils.rnn import pad_sequence
rnn = nn.GRU(4, 8{right})
head = nn.Linear(8, 1)
x, y = pad_sequence(clips{right}), pad_sequence(pitches{right})
{made}
pitch = head(rnn(x)[0]).squeeze(-1)
loss = ((pitch - y).abs() * voiced).mean()
"""
    sizes = (45, 6) if is_first else (6, 45)
    message = (
        "RuntimeError: The size of tensor a ({}) must match the size of tensor b ({}) at non-singleton dimension 1"
    )
    text = pasted(source, ["loss = ((pitch - y).abs() * voiced).mean()"], message.format(*sizes))
    network = explain(text).configuration

    assert (said(text).tensor, said(text).axis) == ("mask", "order")
    assert list(first(text).lines) == [(made, f"voiced = pad_sequence(flags, batch_first={is_first})")]
    assert network and (network.batch_size, network.time_step) == (6, 45)


def test_a_mask_that_is_filled_has_the_first_size_of_the_message() -> None:
    message = (
        "RuntimeError: The size of tensor a (19) must match the size of tensor b (14) at non-singleton dimension 1"
    )
    mismatch = said(f"My GRU decoder fails:\n{in_line('score = score.masked_fill(mask, -1e9)', message)}")

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("mask", (14,), (19,))


STROKES = """import numpy as np
import tensorflow as tf
strokes = np.random.rand(90, 32, 3).astype("float32")
digit = np.random.randint(0, 10, 90)
data = tf.data.Dataset.from_tensor_slices((strokes, digit)).shuffle(90){}
net = tf.keras.Sequential([tf.keras.layers.LSTM(38, name="pen"), tf.keras.layers.Dense(10)])
net.fit(data)
"""


def test_the_sizes_of_an_array_say_that_a_dataset_gives_single_samples() -> None:
    error = (
        "ValueError: Input 0 with name 'None' of layer 'pen' is incompatible with the layer: expected ndim=3, found"
        " ndim=2. Full shape received: (32, 3)"
    )
    mismatch = said(pasted(STROKES.format(""), ["net.fit(data)"], error))
    facts = {one.terms[0][0]: one.value for one in mismatch.facts}

    line = "data = tf.data.Dataset.from_tensor_slices((strokes, digit)).shuffle(90)"
    assert [one.lines for one in mismatch.causes] == [((line, f"{line}.batch(32)"),)]
    assert (facts.get("time_step"), facts.get("features"), "batch_size" in facts) == (32, 3, False)
