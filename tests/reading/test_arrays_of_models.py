"""What a program of Keras, TensorFlow or JAX says about the arrays that a model gets, a join of states, the sizes of
handwritten weights, and a loss.

Keras 3.15, TensorFlow 2.21 and JAX 0.10 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted, said

from app.reading.errors.mismatch import Cause

KERAS = "import numpy as np\nimport keras\nfrom keras import layers\n"

SAMPLES = (
    "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.'x' sizes: "
)

BOTH = f"""{KERAS}
words, tags = keras.Input((None,)), keras.Input((None,))
read = layers.LSTM(8)(layers.Embedding(90, 4)(words))
other = layers.GlobalMaxPooling1D()(layers.Embedding(9, 2)(tags))
model = keras.Model([words, tags], layers.Concatenate()([read, other]))
model.compile("adam", "mse")
a = {{}}
b = np.random.randint(0, 9, (40, 7))
model.fit([a, b], np.random.rand(40, 10))
"""

SERIES = f"""{KERAS}
model = keras.Sequential([keras.Input((None, 3)), layers.GRU(8), layers.Dense(1)])
model.compile("adam", "mse")
x = {{}}
y = {{}}
model.fit(x, y)
"""

DECODER = f"""{KERAS}
source, target = keras.Input((None, 6)), keras.Input((None, 6))
_, fh, fc, bh, bc = layers.Bidirectional(layers.LSTM(8, return_state=True))(source)
state_h = layers.Concatenate()({{h}})
state_c = layers.Concatenate()({{c}})
y = layers.LSTM(16, return_sequences=True)(target, initial_state={{states}})
model = keras.Model([source, target], y)
model.fit([np.zeros((4, 9, 6)), np.zeros((4, 5, 6))], np.zeros((4, 5, 16)))
"""

ONE_ARRAY = (
    "ValueError: A `Concatenate` layer should be called on a list of at least 1 input. Received: input_shape=(None, 8)"
)

ONE_STATE = """IndexError: Exception encountered when calling LSTM.call().

list index out of range

Arguments received by LSTM.call():
  • sequences=tf.Tensor(shape=(4, 5, 6), dtype=float32)
  • initial_state=tf.Tensor(shape=(4, 16), dtype=float32)
  • mask=None
  • training=True"""

OTHER_ORDER = (
    "ValueError: Input 0 with name 'input_layer' of layer 'functional' is incompatible with the layer: expected"
    " shape=(None, {}, {}), found shape=(None, {}, {})"
)

GATES = """import tensorflow as tf
class HandGRU(tf.Module):
    def __init__(self, n_in, n_units):
        init = tf.random_normal_initializer()
        self.W = tf.Variable(init((n_in, {W})))
        self.U = tf.Variable(init((n_units, {U})))
        self.b = tf.Variable(tf.zeros({b}))

    def step(self, h, x):
        xz, xr, xn = tf.split(tf.matmul(x, self.W) + self.b, 3, axis=-1)
        hz, hr, hn = tf.split(tf.matmul(h, self.U), 3, axis=-1)
        z = tf.sigmoid(xz + hz)
        return (1 - z) * tf.tanh(xn + tf.sigmoid(xr + hr) * hn) + z * h

cell = HandGRU(n_in=7, n_units=18)
h = cell.step(tf.zeros((16, 18)), tf.zeros((16, 7)))
"""

SUM = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: {{{{function_node __wrapped__AddV2_device_/job:"
    "localhost/replica:0/task:0/device:CPU:0}}}} Incompatible shapes: {} vs. {} [Op:AddV2] name: "
)

LOSS = """import jax
import jax.numpy as jnp

def rnn(p, xs):
    def step(h, x_t):
        h = jnp.tanh(x_t @ p["W"] + h @ p["U"])
        return h, h
    return jax.lax.scan(step, jnp.zeros((16, 8)), xs.swapaxes(0, 1))[0]

{}
"""

GRADIENT = "TypeError: Gradient only defined for scalar-output functions. Output had shape: (16, 8)."


def first(text: str) -> Cause:
    return said(text).causes[0]


@pytest.mark.parametrize(
    ("made", "samples", "cause", "fixed"),
    [
        ("np.random.randint(0, 90, (12, 40))", 12, "exchanged_samples", "np.random.randint(0, 90, (40, 12))"),
        ("np.random.randint(0, 90, (30, 12))", 30, "samples_of_inputs", "np.random.randint(0, 90, (40, 12))"),
    ],
)
def test_the_input_with_other_samples_than_the_others_is_corrected(
    made: str, samples: int, cause: str, fixed: str
) -> None:
    text = pasted(
        BOTH.format(made), ["model.fit([a, b], np.random.rand(40, 10))"], f"{SAMPLES}{samples}, 40\n'y' sizes: 40"
    )
    mismatch = said(text)

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "batch_size", (40,), (samples,))
    assert mismatch.first_cause == cause
    assert list(mismatch.causes[0].lines) == [(f"a = {made}", f"a = {fixed}")]


def test_a_list_in_which_no_array_has_the_samples_of_the_target_is_one_of_samples() -> None:
    assert first(f"model.fit(x, y)\n{SAMPLES}9, 9, 9\n'y' sizes: 2\nLSTM(4)").id == "list_of_samples"


@pytest.mark.parametrize(
    ("x", "y", "sizes", "wrong", "fixed"),
    [
        ("np.zeros((9, 30, 3))", "np.zeros((30, 1))", (9, 30), "x = np.zeros((9, 30, 3))", "x = np.zeros((30, 9, 3))"),
        ("np.zeros((30, 9, 3))", "np.zeros((1, 30))", (30, 1), "y = np.zeros((1, 30))", "y = np.zeros((30, 1))"),
        ("np.zeros((30, 9, 3))", "np.zeros((20, 1))", (30, 20), "y = np.zeros((20, 1))", "y = np.zeros((30, 1))"),
        (
            "np.zeros((20, 30, 3))",
            "np.zeros((30, 20))",
            (20, 30),
            "x = np.zeros((20, 30, 3))",
            "x = np.zeros((30, 20, 3))",
        ),
    ],
)
def test_the_array_with_fewer_samples_gets_as_many_as_the_other_one(
    x: str, y: str, sizes: tuple[int, int], wrong: str, fixed: str
) -> None:
    text = pasted(SERIES.format(x, y), ["model.fit(x, y)"], f"{SAMPLES}{sizes[0]}\n'y' sizes: {sizes[1]}")

    assert list(first(text).lines) == [(wrong, fixed)]


def test_a_dataset_gets_arrays_with_the_same_number_of_samples() -> None:
    source = (
        "import numpy as np\nimport tensorflow as tf\nx = np.zeros((200, 15, 4))\ny = np.zeros((100, 1))\n"
        "data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)\nmodel = tf.keras.layers.GRU(8)\n"
    )
    line = "data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)"
    mismatch = said(pasted(source, [line], "ValueError: Dimensions 200 and 100 are not compatible"))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("target", "batch_size", (200,), (100,))
    assert list(mismatch.causes[0].lines) == [("y = np.zeros((100, 1))", "y = np.zeros((200, 1))")]


@pytest.mark.parametrize(
    ("h", "c", "wrong", "fixed"),
    [
        ("[fh, bh]", "fc", "state_c = layers.Concatenate()(fc)", "state_c = layers.Concatenate()([fc, bc])"),
        ("fh", "[fc, bc]", "state_h = layers.Concatenate()(fh)", "state_h = layers.Concatenate()([fh, bh])"),
    ],
)
def test_a_state_is_joined_as_the_other_one(h: str, c: str, wrong: str, fixed: str) -> None:
    cause = first(pasted(DECODER.format(h=h, c=c, states="[state_h, state_c]"), [wrong], ONE_ARRAY))

    assert cause.id == "list_to_join"
    assert list(cause.lines) == [(wrong, fixed)]


def test_an_lstm_with_h_alone_gets_the_c_of_the_program() -> None:
    source = DECODER.format(h="[fh, bh]", c="[fc, bc]", states="state_h")
    mismatch = said(
        pasted(source, ["model.fit([np.zeros((4, 9, 6)), np.zeros((4, 5, 6))], np.zeros((4, 5, 16)))"], ONE_STATE)
    )
    wrong = "y = layers.LSTM(16, return_sequences=True)(target, initial_state=state_h)"

    assert (mismatch.expected, mismatch.got) == ((2,), (1,))
    assert mismatch.first_cause == "h_for_h_c"
    assert list(mismatch.causes[0].lines) == [(wrong, wrong.replace("state_h", "[state_h, state_c]"))]


def test_a_sample_whose_shape_is_known_in_part_has_its_axes_exchanged() -> None:
    source = (
        f"{KERAS}x = np.array(parts)\nmodel = keras.Sequential([keras.Input((x.shape[2], 30)), layers.LSTM(8)])\n"
        "model.fit(x, y)\n"
    )
    cause = first(pasted(source, ["model.fit(x, y)"], OTHER_ORDER.format(5, 30, 30, 5)))

    assert cause.id == "exchanged_shape"
    assert cause.fix == "model = keras.Sequential([keras.Input((30, x.shape[2])), layers.LSTM(8)])"


def test_data_with_the_features_first_are_made_with_the_steps_first() -> None:
    source = SERIES.replace("(None, 3)", "(48, 3)").format("np.zeros((20, 3, 48))", "np.zeros((20, 1))")
    cause = first(pasted(source, ["model.fit(x, y)"], OTHER_ORDER.format(48, 3, 3, 48)))

    assert list(cause.lines) == [("x = np.zeros((20, 3, 48))", "x = np.zeros((20, 48, 3))")]


@pytest.mark.parametrize(
    ("one_gate", "tensor", "line", "shapes"),
    [
        ("W", "kernel", 0, ("[16,18]", "[54]")),
        ("b", "bias", 0, ("[16,54]", "[18]")),
        ("U", "recurrent_kernel", 2, ("[16,18]", "[16,6]")),
    ],
)
def test_weights_of_one_gate_in_a_sum_get_the_columns_of_all(
    one_gate: str, tensor: str, line: int, shapes: tuple[str, str]
) -> None:
    source = GATES.format(**{name: "n_units" if name == one_gate else "3 * n_units" for name in "WUb"})
    step = [one.strip() for one in source.split("\n")][9 + line]
    mismatch = said(pasted(source, [step], SUM.format(*shapes)))

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == (tensor, (54,), (18,))
    ((wrong, fixed),) = mismatch.causes[0].lines
    assert wrong.startswith(f"self.{one_gate} = ")
    assert fixed == wrong.replace("n_units)", "3 * n_units)")


@pytest.mark.parametrize(
    ("wrong", "fixed"),
    [
        ("    return (rnn(p, xs) - ys) ** 2", "return jnp.mean((rnn(p, xs) - ys) ** 2)"),
        ("    return (rnn(p, xs) - ys) ** 2, xs", "return jnp.mean((rnn(p, xs) - ys) ** 2), xs"),
    ],
)
def test_a_loss_whose_gradient_is_wanted_is_the_mean_of_its_values(wrong: str, fixed: str) -> None:
    source = LOSS.format(f"def loss(p, xs, ys):\n{wrong}\n\ngrads = jax.grad(loss)(p, xs, ys)")
    cause = first(pasted(source, ["grads = jax.grad(loss)(p, xs, ys)"], GRADIENT))

    assert cause.id == "loss_of_values"
    assert list(cause.lines) == [(wrong.strip(), fixed)]


def test_a_compiled_lambda_is_a_loss_as_well() -> None:
    source = LOSS.format("loss = jax.jit(lambda p: rnn(p, xs) ** 2)\ngrads = jax.grad(loss)(p)")

    assert first(pasted(source, ["grads = jax.grad(loss)(p)"], GRADIENT)).fix == (
        "loss = jax.jit(lambda p: jnp.mean(rnn(p, xs) ** 2))"
    )


def test_weights_that_cannot_be_those_of_the_state_are_not_exchanged_with_them() -> None:
    source = (
        "import tensorflow as tf\nclass RNN(tf.Module):\n    def __init__(self, n_in, n_rec):\n"
        "        self.U = tf.Variable(tf.zeros((n_in, n_rec)))\n"
        "        self.W = tf.Variable(tf.zeros((n_rec, n_rec)))\n"
        "    def step(self, h, x):\n        return tf.tanh(tf.matmul(x, self.U) + tf.matmul(h, self.W))\n\n"
        "h = RNN(25, 6).step(tf.zeros((20, 6)), tf.zeros((20, 6)))\n"
    )
    error = SUM.replace("AddV2", "MatMul").replace(
        "Incompatible shapes: {} vs. {}", "Matrix size-incompatible: In[0]: {}, In[1]: {}"
    )
    text = pasted(
        source, ["return tf.tanh(tf.matmul(x, self.U) + tf.matmul(h, self.W))"], error.format("[20,6]", "[25,6]")
    )

    assert "exchanged_weights" not in [one.id for one in said(text).causes]


SPLIT = """import jax
import jax.numpy as jnp

def init(key, d, n):
    return {{"W": jax.random.normal(key, (d, 3 * n)), "U": jax.random.normal(key, (n, {columns}))}}

def gru(p, h, x):
    rx, ux, nx = jnp.split(x @ p["W"], 3, axis=-1)
    rh, uh, nh = jnp.split(h @ p["U"], 3{axis})
    u = jax.nn.sigmoid(ux + uh)
    return (1 - u) * jnp.tanh(nx + jax.nn.sigmoid(rx + rh) * nh) + u * h

p = init(jax.random.PRNGKey(0), 9, 22)
h = gru(p, jnp.zeros((6, 22)), jnp.zeros((6, 9)))
"""


def split(axis: str, error: str, columns: str = "3 * n") -> Cause:
    line = f'rh, uh, nh = jnp.split(h @ p["U"], 3{axis})'
    return first(pasted(SPLIT.format(axis=axis, columns=columns), [line], error))


@pytest.mark.parametrize(
    ("axis", "error"),
    [
        ("", "TypeError: add got incompatible shapes for broadcasting: (6, 22), (2, 66)."),
        (
            ", axis=2",
            '  File "/usr/lib/python3.11/site-packages/jax/_src/numpy/lax_numpy.py", line 3128, in _split\n'
            "    size = ary.shape[axis]\nIndexError: tuple index out of range",
        ),
    ],
)
def test_only_the_split_along_another_axis_is_corrected(axis: str, error: str) -> None:
    assert list(split(axis, error).lines) == [
        (f'rh, uh, nh = jnp.split(h @ p["U"], 3{axis})', 'rh, uh, nh = jnp.split(h @ p["U"], 3, axis=1)')
    ]


def test_weights_whose_columns_cannot_be_split_get_those_of_all_gates() -> None:
    error = "ValueError: array split does not result in an equal division: rest is 1"

    assert split(", axis=-1", error, columns="n").fix.endswith('"U": jax.random.normal(key, (n, 3 * n))}')


TWO_AXES = (
    "ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: ({}, {})"
)

STACKED = f"""{KERAS}
model = keras.Sequential()
model.add(layers.GRU(32))
model.add(layers.GRU(16))
model.add(layers.Dense(1))
model.fit(x[..., None], y)
"""


def test_the_layer_below_a_numbered_layer_returns_every_step() -> None:
    mismatch = said(pasted(STACKED, ["model.fit(x[..., None], y)"], TWO_AXES.format("gru_1", 32, 32)))

    assert [one.id for one in mismatch.causes] == ["return_sequences"]
    assert list(mismatch.causes[0].lines) == [
        ("model.add(layers.GRU(32))", "model.add(layers.GRU(32, return_sequences=True))")
    ]


@pytest.mark.parametrize(("layer", "width"), [("gru", 32), ("gru_1", 28), ("gru_2", 32)])
def test_the_first_layer_and_one_of_another_width_get_the_data(layer: str, width: int) -> None:
    mismatch = said(pasted(STACKED, ["model.fit(x[..., None], y)"], TWO_AXES.format(layer, 32, width)))

    assert [one.id for one in mismatch.causes] != ["return_sequences"]


READER = f"""{KERAS}
source, target = keras.Input((None,)), keras.Input((None,))
x = {{x}}
_, h = {{layer}}(x)
y = layers.GRU(8, return_sequences=True)(layers.Embedding(90, 4)(target), initial_state=h)
model = keras.Model([source, target], y)
model.fit([np.random.randint(0, 70, (40, 7)), np.random.randint(0, 90, (40, 9))], np.zeros((40, 9, 8)))
"""


def test_numbers_of_words_get_an_embedding_with_their_number() -> None:
    layer = "layers.GRU(8, return_state=True)"
    source = READER.format(x="source", layer=layer)
    cause = first(pasted(source, [f"_, h = {layer}(x)"], TWO_AXES.format("gru", None, None)))

    assert cause.id == "missing_embedding"
    assert list(cause.lines) == [(f"_, h = {layer}(x)", f"_, h = {layer}(layers.Embedding(70, 4)(x))")]


RECURRENCE = """import jax
import jax.numpy as jnp

W, U = jnp.zeros((6, 33)), jnp.zeros((33, 33))

def rnn(xs):
    def step(h, x):
        h = jnp.tanh(x @ W + h @ U)
        return h, h
    return jax.lax.scan(step, jnp.zeros((16, 33)), xs.swapaxes(0, 1))

xs = jax.random.normal(jax.random.PRNGKey(0), {})
last, states = rnn(xs)
"""

PRODUCT = "TypeError: dot_general requires contracting dimensions to have the same shape, got (45,) and (6,)."


@pytest.mark.parametrize(
    ("shape", "fixed"), [("(16, 6, 45)", "(16, 45, 6)"), ("(6, 16, 45)", "(45, 16, 6)"), ("(16, 9, 45)", "")]
)
def test_features_in_another_axis_of_x_are_put_last(shape: str, fixed: str) -> None:
    text = pasted(RECURRENCE.format(shape), ["last, states = rnn(xs)", "h = jnp.tanh(x @ W + h @ U)"], PRODUCT)
    line = "xs = jax.random.normal(jax.random.PRNGKey(0), {})"
    fixes = [one.lines for one in said(text).causes if one.id == "features_elsewhere"]

    assert fixes == ([((line.format(shape), line.format(fixed)),)] if fixed else [])


def test_a_state_of_zeros_is_not_that_of_an_encoder() -> None:
    source = (
        "import tensorflow as tf\nclass Writer(tf.keras.Model):\n    def __init__(self, units):\n"
        "        super().__init__()\n        self.gru = tf.keras.layers.GRU(units, return_sequences=True)\n\n"
        "    def call(self, x):\n        states = tf.zeros((tf.shape(x)[0], 192))\n"
        "        return self.gru(x, initial_state=states)\n\ny = Writer(96)(tf.zeros((8, 30, 48)))\n"
    )
    error = (
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
        " GRUCell.call().\n\n{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0}} Matrix"
        " size-incompatible: In[0]: [8,192], In[1]: [96,288] [Op:MatMul] name: "
        "\n\nArguments received by GRUCell.call():\n  • inputs=tf.Tensor(shape=(8, 48), dtype=float32)"
        "\n  • states=('tf.Tensor(shape=(8, 192), dtype=float32)',)\n  • training=False"
    )
    mismatch = said(pasted(source, ["return self.gru(x, initial_state=states)"], error))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected) == ("h_0", "num_units", (96,))
    assert [one.id for one in mismatch.causes] == ["other_units"]
    assert mismatch.causes[0].fix == "states = tf.zeros((tf.shape(x)[0], 96))"
