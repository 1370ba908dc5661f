"""A whole program says which axes were exchanged, or which one is missing, and what else was given two shapes.

The frameworks raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import ids, pasted

from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.mismatch import Mismatch


def said(source: str, frames: list[str], message: str) -> Mismatch:
    return explain(pasted(source, frames, message)).mismatch


BACKWARD = """import numpy as np
X, Wx, Wh = np.ones((20, 12, 6)), np.ones((6, 18)), np.ones((18, 18))
h = np.zeros((20, 18))
hs = [h]
for t in range(12):
    h = np.tanh(X[:, t] @ Wx + h @ Wh)
    hs.append(h)
dWx, dh = np.zeros_like(Wx), np.ones((20, 18))
for t in reversed(range(12)):
    da = dh * (1 - hs[t + 1] ** 2)
    {line}
    dh = da @ Wh.T
"""
OF_GRADIENT = "ValueError: operands could not be broadcast together with shapes (6,18) (18,6) (6,18)"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("dWx += da.T @ X[:, t]", "dWx += X[:, t].T @ da"),
        ("dWx -= np.dot(da.T, X[:, t])", "dWx -= X[:, t].T @ da"),
    ],
)
def test_a_gradient_with_the_shape_of_transposed_weights_is_their_product_in_the_other_order(
    line: str, fix: str
) -> None:
    mismatch = said(BACKWARD.format(line=line), [line], OF_GRADIENT)

    assert [(one.id, one.lines) for one in mismatch.causes] == [("gradient_order", ((line, fix),))]
    assert mismatch.sentence.values["expected"] == "(6, 18)"


@pytest.mark.parametrize("name", ["np.outer", "numpy.outer"])
def test_an_outer_product_with_exchanged_vectors_is_a_transposed_gradient(name: str) -> None:
    line, fix = f"dWx += {name}(da[0], X[0, t])", f"dWx += {name}(X[0, t], da[0])"
    mismatch = said(BACKWARD.format(line=line), [line], OF_GRADIENT)

    assert [(one.id, one.lines) for one in mismatch.causes] == [("outer_order", ((line, fix),))]


def test_a_numpy_program_gets_no_layer_of_keras_for_the_sum_of_x_and_an_output() -> None:
    line = "dWx = out + f(X[:, t])"
    try:
        causes = said(BACKWARD.format(line=line), [line], OF_GRADIENT).causes
    except NotFoundError:
        causes = ()

    assert not [one for one in causes if "keras" in one.fix]


def test_gates_are_split_along_the_batch_only_where_a_program_splits_something() -> None:
    assert ids(said(BACKWARD.format(line="dWx += gate * X"), ["dWx += gate * X"], OF_GRADIENT)) != ["split_axis"]


DIRECTIONS = """import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
inputs = keras.Input((30, 6))
ahead = layers.GRU(32, return_sequences=True)
behind = layers.GRU({units}, return_sequences=True, go_backwards=True)
both = layers.Bidirectional(ahead, backward_layer=behind, merge_mode="{mode}")
model = keras.Model(inputs, layers.Dense(3)(both(inputs)))
model(np.zeros((16, 30, 6), "float32"))
"""
OF_TENSORFLOW = (
    "ValueError: Exception encountered when calling Bidirectional.call().\n\nDimensions must be equal, but are 32 and"
    " 24 for '{{node functional_1/bidirectional_1/add}} = AddV2[T=DT_FLOAT](functional_1/forward_gru/transpose_2,"
    " functional_1/bidirectional_1/ReverseV2)' with input shapes: [16,30,32], [16,30,24]."
)
OF_PYTORCH = (
    "RuntimeError: Exception encountered when calling Bidirectional.call().\n\nThe size of tensor a (32) must match the"
    " size of tensor b (24) at non-singleton dimension 2"
)


@pytest.mark.parametrize(("message", "mode"), [(OF_TENSORFLOW, "sum"), (OF_PYTORCH, "mul")])
def test_both_directions_that_are_merged_by_value_need_as_many_units(message: str, mode: str) -> None:
    alone = explain(message).mismatch
    mismatch = said(DIRECTIONS.format(units=24, mode=mode), ["model(np.zeros((16, 30, 6), 'float32'))"], message)

    assert alone.sentence == mismatch.sentence
    assert {"forward": 32, "backward": 24}.items() <= mismatch.sentence.values.items()
    assert [one.wrong.replace("24", "32") for one in mismatch.causes] == [one.fix for one in mismatch.causes]
    assert mismatch.causes[0].wrong in DIRECTIONS.format(units=24, mode=mode)


SAMPLES = """import numpy as np
import keras
from keras import layers
STEPS, CHANNELS = 128, 9
x = np.zeros((30, STEPS, CHANNELS), "float32")
model = keras.Sequential()
model.add(layers.Input(shape=({shape})))
model.add(layers.LSTM(40))
model.fit(x, np.zeros((30, 40)))
"""
OF_SAMPLES = (
    "ValueError: Exception encountered when calling LSTMCell.call().\n\nDimensions must be equal, but are 9 and {n} for"
    " '{{{{node har_1/lstm_1/lstm_cell_1/MatMul}}}} = MatMul[T=DT_FLOAT, transpose_a=false, transpose_b=false]"
    "(har_1/lstm_1/strided_slice_1, har_1/lstm_1/lstm_cell_1/ReadVariableOp)' with input shapes: [30,9], [{n},160]."
)


@pytest.mark.parametrize(
    ("shape", "n", "fix"),
    [
        ("CHANNELS, STEPS", 128, "model.add(layers.Input(shape=(STEPS, CHANNELS)))"),
        ("STEPS, 7", 7, "model.add(layers.Input(shape=(STEPS, 9)))"),  # no axes are exchanged
    ],
)
def test_an_input_that_has_the_features_of_x_for_its_steps_has_its_axes_exchanged(shape: str, n: int, fix: str) -> None:
    mismatch = said(SAMPLES.format(shape=shape), ["model.fit(x, np.zeros((30, 40)))"], OF_SAMPLES.format(n=n))

    assert [one.fix for one in mismatch.causes] == [fix]


STACKED = """import keras
from keras import layers
past, hints = keras.Input((16, 4)), keras.Input((5, 2))
encoded, *states = layers.RNN([layers.LSTMCell(u) for u in (48, 24)], return_state=True)(past)
cells = {cells}
decoder = layers.RNN(cells, return_sequences=True)
seq = decoder(hints, initial_state={state})
"""
OF_STACKED = """RuntimeError: Exception encountered when calling LSTMCell.call().

list index out of range

Arguments received by LSTMCell.call():
  • inputs=torch.Tensor(shape=torch.Size([10, 2]), dtype=float32)
  • states=['torch.Tensor(shape=torch.Size([10, 24]), dtype=float32)']
  • training=False"""


@pytest.mark.parametrize(
    ("cells", "state", "causes"),
    [
        ("[layers.LSTMCell(u) for u in (48, 24)]", "states[-1]", ["state_of_each_cell"]),
        ("layers.LSTMCell(24)", "states[-1]", ["h_for_h_c", "state_of_each_cell"]),
        ("[layers.LSTMCell(u) for u in (48, 24)]", "[encoded]", ["h_for_h_c", "state_of_each_cell"]),
    ],
)
def test_stacked_cells_get_the_states_of_all_of_them(cells: str, state: str, causes: list[str]) -> None:
    line = f"seq = decoder(hints, initial_state={state})"
    mismatch = said(STACKED.format(cells=cells, state=state), [line], OF_STACKED)

    assert ids(mismatch) == causes
    assert (mismatch.causes[0].fix == "seq = decoder(hints, initial_state=states)") == (len(causes) == 1)


EXCHANGED = """import numpy as np
def step(x, h, c, W, U):
    gates = x @ W + h @ U
    i, f, o, g = np.split(gates, 4, axis=1)
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c
def run(batch, units=24):
    n, steps, _ = batch.shape
    h = np.zeros((units, n))
    c = {c}
    for t in range(steps):
        h, c = step(batch[:, t], h, c, np.ones((7, 96)), np.ones((24, 96)))
    return h
run(np.ones((15, 50, 7)))
"""
OF_EXCHANGED = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 24 is different from 15)"
)


@pytest.mark.parametrize(
    ("c", "lines"),
    [
        ("np.zeros((units, n))", ["h = np.zeros((n, units))", "c = np.zeros((n, units))"]),
        ("np.zeros((n, units))", ["h = np.zeros((n, units))"]),
    ],
)
def test_both_states_of_an_lstm_that_are_made_alike_are_corrected(c: str, lines: list[str]) -> None:
    frames = ["run(np.ones((15, 50, 7)))", "h, c = step(batch[:, t], h, c, np.ones((7, 96)), np.ones((24, 96)))"]
    mismatch = said(EXCHANGED.format(c=c), [*frames, "gates = x @ W + h @ U"], OF_EXCHANGED)

    assert ids(mismatch) == ["state_axes"]
    assert [fix for _, fix in mismatch.causes[0].lines] == lines


SERIES = """import numpy as np
from flax import nnx
class Pulse(nnx.Module):
    def __init__(self, rngs):
        self.rnn = nnx.RNN(nnx.LSTMCell({features}, 20, rngs=rngs))
    def __call__(self, x):
        y = self.rnn(x)
        return y[:, -1]
x = np.stack([np.zeros(60) for _ in range(38)])
Pulse(nnx.Rngs(0))(x)
"""
OF_SERIES = """  File "/lib/python3.11/site-packages/flax/nnx/nn/recurrent.py", line 213, in __call__
    i = self.gate_fn(self.ii(inputs) + self.hi(h))
                     ^^^^^^^^^^^^^^^
  File "/lib/python3.11/site-packages/flax/nnx/nn/linear.py", line 422, in __call__
    y = self.dot_general(
        ^^^^^^^^^^^^^^^^^
TypeError: dot_general requires contracting dimensions to have the same shape, got (60,) and ({n},)."""


@pytest.mark.parametrize(
    ("features", "causes", "fix"),
    [
        (1, ["missing_features_axis", "other_features"], "y = self.rnn(x[..., None])"),
        (7, ["other_features"], "self.rnn = nnx.RNN(nnx.LSTMCell(60, 20, rngs=rngs))"),
    ],
)
def test_a_cell_of_flax_for_single_numbers_gets_a_series_without_an_axis_of_features(
    features: int, causes: list[str], fix: str
) -> None:
    source, frames = SERIES.format(features=features), ["Pulse(nnx.Rngs(0))(x)", "y = self.rnn(x)"]
    mismatch = said(source, frames, OF_SERIES.format(n=features))

    assert (ids(mismatch), mismatch.causes[0].fix) == (causes, fix)


SCANNED = """import jax, jax.numpy as jnp
from jax import lax
def gru_step(p, h, x):
    zx, nx = jnp.split(x @ p["W"], 2, axis=-1)
    zh, nh = jnp.split(h @ p["U"], 2, axis=-1)
    z = jax.nn.sigmoid(zx + zh)
    h = (1 - z) * jnp.tanh(nx + nh) + z * h
    return h, h
def forward(p, xs):
    h0 = jnp.zeros(({batch}, 22))
    last, hs = lax.scan(lambda h, x: gru_step(p, h, x), h0, xs)
    return last
forward(dict(W=jnp.ones((5, 44)), U=jnp.ones((22, 44))), jnp.ones((16, 35, 5)))
"""
OF_SCANNED = "TypeError: add got incompatible shapes for broadcasting: (35, 22), ({}, 22)."


@pytest.mark.parametrize(("batch", "causes"), [(16, ["scan_axis"]), (8, [])])
def test_a_scan_over_the_samples_is_found_from_the_parts_of_products(batch: int, causes: list[str]) -> None:
    line = "last, hs = lax.scan(lambda h, x: gru_step(p, h, x), h0, xs)"
    source, frames = SCANNED.format(batch=batch), [line, "z = jax.nn.sigmoid(zx + zh)"]
    mismatch = said(source, frames, OF_SCANNED.format(batch))

    assert ids(mismatch) == causes
    assert [one.fix for one in mismatch.causes] == [line.replace("xs)", "xs.swapaxes(0, 1))") for _ in causes]


VECTORS = """import numpy as np
V, H = 41, 32
Wxh, Whh = np.ones((H, V)), np.ones((H, H))
def one_hot(i):
    v = np.zeros({size})
    v[i] = 1
    return v
def loss_of_rnn(inputs, h):
    xs, dWxh = dict(), np.zeros_like(Wxh)
    for t, i in enumerate(inputs):
        xs[t] = one_hot(i)
        h = np.tanh(Wxh @ xs[t] + Whh @ h)
    draw = np.zeros((H, 1))
    dWxh += draw @ xs[t].T
    return dWxh
loss_of_rnn([3, 4], np.zeros((H, 1)))
"""
OF_VECTORS = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 41 is different from 32)"
)


@pytest.mark.parametrize(("size", "lines"), [("V", [("v = np.zeros(V)", "v = np.zeros((V, 1))")]), ("(V, 1)", [])])
def test_a_vector_with_one_axis_becomes_a_column_where_vectors_are_columns(
    size: str, lines: list[tuple[str, str]]
) -> None:
    frames = ["loss_of_rnn([3, 4], np.zeros((H, 1)))", "dWxh += draw @ xs[t].T"]
    mismatch = said(VECTORS.format(size=size), frames, OF_VECTORS)

    assert [one.lines for one in mismatch.causes if one.id == "vector_column"] == [(one,) for one in lines]


JOINED = """import jax, jax.numpy as jnp
def rnn_step(w, h, x):
    xh = jnp.concatenate([x, h], axis=-1)
    return jnp.tanh(xh @ w)
def encode(w, seqs):
    h = jnp.zeros((seqs.shape[0], w.shape[1]))
    body = lambda h, x_t: (rnn_step(w, h, x_t), None)
    h, _ = jax.lax.scan(body, h, seqs)
    return h
encode(jnp.ones((32, 21)), jax.random.normal(jax.random.key(0), (14, 50, 11)))
"""
OF_JOINED = (
    "TypeError: Cannot concatenate arrays with shapes that differ in dimensions other than the one being concatenated:"
    " concatenating along dimension 1 for shapes (50, 11), (14, 21)."
)


def test_a_scan_over_the_samples_is_found_from_the_join_of_x_and_h() -> None:
    line = "h, _ = jax.lax.scan(body, h, seqs)"
    explanation = explain(pasted(JOINED, [line, "xh = jnp.concatenate([x, h], axis=-1)"], OF_JOINED))
    network = explanation.configuration

    assert [one.lines for one in explanation.mismatch.causes] == [
        ((line, "h, _ = jax.lax.scan(body, h, seqs.swapaxes(0, 1))"),)
    ]
    assert network
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (14, 50, 11, 21)


DOT = """from tensorflow import keras
from tensorflow.keras import layers
words = keras.Input((17,))
states = layers.GRU(48, return_sequences=True)(layers.Embedding(300, 24)(words))
query = layers.GRU(48, return_sequences=True)(keras.Input((9, 5)))
{line}
"""
OF_DOT = (
    "ValueError: Incompatible input shapes: axis values {} (at axis {}) != {} (at axis {}). Full input shapes:"
    " (None, 9, {}), (None, 17, 48)"
)


@pytest.mark.parametrize(
    ("line", "sizes", "fix"),
    [
        ("scores = layers.Dot(axes=[2, 1])([query, states])", (48, 2, 17, 1, 48), "[2, 2]"),
        ("scores = layers.dot([query, states], axes=1)", (9, 1, 17, 1, 48), "[2, 2]"),
        ("context = layers.Dot((1, 1))([scores, states])", (9, 1, 17, 1, 17), "[2, 1]"),
    ],
)
def test_a_product_in_keras_sums_over_the_axes_of_equal_sizes(line: str, sizes: tuple[int, ...], fix: str) -> None:
    mismatch = said(DOT.format(line=line), [line], OF_DOT.format(*sizes))
    given = next(one for one in ("axes=[2, 1]", "axes=1", "(1, 1)") if one in line).removeprefix("axes=")

    assert [(one.id, one.lines) for one in mismatch.causes] == [
        ("axes_of_product", ((line, line.replace(given, fix)),))
    ]
    assert (mismatch.expected, mismatch.got) == (None, None)
    assert {*mismatch.sentence.values.values()} == {*sizes[:4]}


SKIP = """import keras
from keras import layers
def block(x, units):
    y = layers.Bidirectional(layers.LSTM({units}, return_sequences=True), name="both")(x)
    return layers.Add()([x, y])
rolls = keras.Input((None, 40))
outputs = block(layers.Dense(56)(rolls), 56)
"""
OF_SKIP = "ValueError: Inputs have incompatible shapes. Received shapes (None, 56) and (None, 112)"


@pytest.mark.parametrize(
    ("units", "causes"), [("units", ["merge_directions"]), ("size", ["merge_directions", "residual"])]
)
def test_x_has_as_many_features_as_a_layer_of_two_directions_that_the_program_makes_has_units(
    units: str, causes: list[str]
) -> None:
    frames = ["outputs = block(layers.Dense(56)(rolls), 56)", "return layers.Add()([x, y])"]
    explanation = explain(pasted(SKIP.format(units=units), frames, OF_SKIP))
    mismatch, network = explanation.mismatch, explanation.configuration
    line = f'y = layers.Bidirectional(layers.LSTM({units}, return_sequences=True), name="both")(x)'

    assert ids(mismatch) == causes
    assert network and network.features == 56
    assert mismatch.causes[0].lines == ((line, line.replace('"both")', "\"both\", merge_mode='sum')")),)


GATES_OF_X = """import numpy as np
def cell(p, x, h):
    z = np.vstack((h, x))
    u = 1 / (1 + np.exp(-np.dot(p["Wu"], z)))
    r = 1 / (1 + np.exp(-np.dot(p["Wr"], z)))
    zr = np.vstack((r * h, x))
    n = np.tanh(np.dot(p["Wn"], zr))
    return (1 - u) * n + u * h
size, units = 9, 14
p = {}
p["Wu"] = np.random.randn(units, size)
p["Wr"] = np.random.randn(units, size)
p["Wn"] = np.random.randn(units, size)
p["Wy"] = np.random.randn(4, units)
h = np.zeros((units, 1))
for _ in range(5):
    h = cell(p, np.ones((size, 1)), h)
print(np.dot(p["Wy"], h))
"""
OF_GATES_OF_X = "ValueError: shapes (14,9) and (23,1) not aligned: 9 (dim 1) != 23 (dim 0)"


def test_the_weights_of_all_gates_that_read_x_and_h_get_the_rows_of_both() -> None:
    frames = [
        "h = cell(p, np.ones((size, 1)), h)",
        'u = 1 / (1 + np.exp(-np.dot(p["Wu"], z)))',
    ]
    mismatch = said(GATES_OF_X, frames, OF_GATES_OF_X)
    lines = [f'p["W{gate}"] = np.random.randn(units, size)' for gate in "urn"]

    assert ids(mismatch) == ["joined_weights"]
    assert mismatch.causes[0].lines == tuple((one, one.replace("size)", "size + units)")) for one in lines)


CAPTIONS = """import keras, numpy as np
from keras import layers
class Captions(keras.Model):
    def __init__(self, words, units):
        super().__init__()
        self.embed = layers.Embedding(words, 36)
        self.project = layers.Dense(units)
        self.rnn = layers.GRU(units, return_sequences=True)
        self.out = layers.Dense(words)

    def call(self, inputs):
        image, words = inputs
        seen = self.project(image)
        read = self.embed(words)
        both = keras.ops.concatenate([{joined}], axis=-1)
        return self.out(self.rnn(both))

model = Captions(200, 56)
model.compile("adam", "sparse_categorical_crossentropy")
model.fit([np.ones((60, 90)), np.ones((60, 11), int)], np.ones((60, 11), int), batch_size=12)
"""
OF_CAPTIONS = (
    "RuntimeError: Exception encountered when calling Captions.call().\n\n"
    "Tensors must have same number of dimensions: got {} and {}"
)


@pytest.mark.parametrize(
    ("joined", "ranks", "causes"),
    [
        ("seen, read", (2, 3), ["vector_of_sample"]),
        ("read, seen", (3, 2), ["vector_of_sample"]),
        ("read, seen", (2, 4), []),
    ],
)
def test_a_vector_that_a_model_of_keras_joins_with_words_is_repeated_for_each_of_them(
    joined: str, ranks: tuple[int, int], causes: list[str]
) -> None:
    source = CAPTIONS.format(joined=joined)
    mismatch = said(source, [source.strip().split("\n")[-1]], OF_CAPTIONS.format(*ranks))
    line = f"both = keras.ops.concatenate([{joined}], axis=-1)"
    repeated = line.replace("seen", "keras.ops.repeat(seen[:, None], read.shape[1], axis=1)")

    assert [(one.id, one.lines) for one in mismatch.causes] == [(id, ((line, repeated),)) for id in causes]
    assert not causes or (mismatch.tensor, mismatch.axis) == ("x", "rank")


@pytest.mark.parametrize(("xs", "batch"), [("batch.swapaxes(0, 1)", "batch.shape[0]"), ("batch", "batch.shape[1]")])
def test_the_first_state_of_a_scan_gets_the_batch_of_the_array_in_the_line_that_failed(xs: str, batch: str) -> None:
    frames = [f"last, _ = lax.scan(step, h0, {xs})"]
    message = (
        "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\n"
        "The input carry h has type float32[33] but the corresponding output carry component has type float32[6,33],"
        " so the shapes do not match."
    )

    assert [one.fix for one in said("", frames, message).causes] == [f"h0 = jnp.zeros(({batch}, 33))"]


ONE_HOT = """import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
codes = np.random.randint(0, 18, (40, 25))
data = {encoded}
inputs = layers.Input(shape=(25, 18))
words = layers.Embedding(18, 12)(inputs)
last = layers.GRU(34)(words)
model = keras.Model(inputs, layers.Dense(2)(last))
"""
OF_ONE_HOT = (
    "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found ndim=4."
    " Full shape received: (None, 25, 18, 12)"
)


@pytest.mark.parametrize(
    ("encoded", "id", "fix"),
    [
        ("keras.utils.to_categorical(codes, 18)", "one_hot_embedding", "last = layers.GRU(34)(inputs)"),
        ("codes / 18", "extra_axis", "last = layers.GRU(34)(layers.Reshape((25, -1))(words))"),
    ],
)
def test_a_layer_gets_one_hot_vectors_without_an_embedding(encoded: str, id: str, fix: str) -> None:
    line = "last = layers.GRU(34)(words)"

    assert [(one.id, one.lines) for one in said(ONE_HOT.format(encoded=encoded), [line], OF_ONE_HOT).causes] == [
        (id, ((line, fix),))
    ]


FORECAST = """import numpy as np
import tensorflow as tf
load = np.zeros(400, "float32")
X = np.stack([load[i:i + 24] for i in range(376)])[..., None]
class Forecast(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.memory = tf.keras.layers.LSTM(30)

    def call(self, window):
        return self.memory(window)

model = Forecast()
model.compile("adam", "mse")
model.fit(X, load[24:])
latest = {latest}
{call}
"""
OF_LATEST = (
    "ValueError: Exception encountered when calling Forecast.call().\n\nInput 0 with name 'None' of layer 'lstm' is"
    " incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (24, 1)"
)


@pytest.mark.parametrize(
    ("latest", "call", "fix"),
    [
        ("X[-1]", "y = model(latest).numpy()", "y = model(latest[None]).numpy()"),
        ("0", "y = model(X[5])", "y = model(X[5][None])"),
    ],
)
def test_one_of_the_samples_that_train_a_model_lacks_the_batch(latest: str, call: str, fix: str) -> None:
    explanation = explain(pasted(FORECAST.format(latest=latest, call=call), [call, MEMORY], OF_LATEST))
    configuration = explanation.configuration

    assert [(one.id, one.lines) for one in explanation.mismatch.causes] == [("missing_batch", ((call, fix),))]
    assert configuration
    assert (configuration.batch_size, configuration.time_step, configuration.features) == (None, 24, 1)


MEMORY = "return self.memory(window)"


def test_a_part_of_the_samples_has_a_batch() -> None:
    call = "y = model(latest)"

    assert "missing_batch" not in ids(said(FORECAST.format(latest="X[-24:, 0]", call=call), [call, MEMORY], OF_LATEST))


OF_ORDER = (
    "ValueError: Input 0 with name 'input_layer' of layer 'functional' is incompatible with the layer: expected"
    " shape=(None, {}), found shape=(16, {})"
)


@pytest.mark.parametrize(
    ("shape", "got", "expected_ids"),
    [
        ("6, 100", "100, 6", ["exchanged_shape", "features_first"]),
        ("100, 6", "6, 100", ["features_first", "exchanged_shape"]),
    ],
)
def test_either_x_or_the_shape_of_the_input_may_have_its_axes_exchanged(
    shape: str, got: str, expected_ids: list[str]
) -> None:
    program = f"""import keras
from keras import layers
x, y = load()
inp = keras.Input(shape=({shape}))
z = layers.LSTM(32)(inp)
model = keras.Model(inp, layers.Dense(4)(z))
model.fit(x, y)
"""
    mismatch = said(program, ["model.fit(x, y)"], OF_ORDER.format(shape, got))
    lines = {one.id: one.lines for one in mismatch.causes}

    assert [*lines] == expected_ids
    assert lines["exchanged_shape"] == ((f"inp = keras.Input(shape=({shape}))", f"inp = keras.Input(shape=({got}))"),)
