"""The sizes of the picture that the literals of a program say: through loaders, functions, and parts of arrays.

PyTorch 2.13, Keras 3.15, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain
from app.reading.facts_about_sizes import Configuration

LOADER = "from torch.utils.data import DataLoader, TensorDataset\n"


def network(text: str) -> Configuration:
    found = explain(text).configuration
    assert found
    return found


WEAR = f"""{TORCH}{LOADER}
class Wear(nn.Module):
    def __init__(self, channels, units):
        super().__init__()
        self.units = units
        self.rnn = nn.GRU(channels, units, batch_first=True)

    def forward(self, x):
        return self.rnn(x, torch.zeros(x.size(0), self.units))[0]

sensors, life = torch.randn(90, 26, 5), torch.rand(90, 1)
data = DataLoader(TensorDataset(sensors, life), batch_size=15)
wear = Wear(5, 31)
{{}}
    loss = nn.functional.l1_loss(wear({{}}), y)
"""
WEAR_ERROR = "RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor"


@pytest.mark.parametrize(
    ("loop", "x", "steps"),
    [
        ("for x, y in data:", "x", 26),
        ("for n, (x, y) in enumerate(data):", "x", 26),
        ("for x, y in data:", "x[:, :-2]", 24),
        ("for x, y in data:", "x[:, -7:]", 7),
        ("for y, x in data:", "x", None),
        ("for x, y in data:", "x[:, n:]", None),
        ("for x, y in other:", "x", None),
    ],
)
def test_the_steps_are_those_of_the_data_of_a_loader(loop: str, x: str, steps: int | None) -> None:
    frames = [
        f"loss = nn.functional.l1_loss(wear({x}), y)",
        "return self.rnn(x, torch.zeros(x.size(0), self.units))[0]",
    ]

    assert network(pasted(WEAR.format(loop, x), frames, WEAR_ERROR)) == Configuration(
        "gru", 15, steps, 5, 31, num_layers=1, bidirectional=False
    )


def test_the_steps_of_numbers_of_words_pass_an_embedding_and_no_unknown_function() -> None:
    program = f"""{TORCH}{LOADER}
class Scorer(nn.Module):
    def __init__(self, units=28):
        super().__init__()
        self.emb = nn.Embedding(400, 12)
        self.lstm = nn.LSTM(12, units, batch_first=True)
        self.fc = nn.Linear(units, 1)

    def forward(self, tokens):
        _, (h, _) = self.lstm(MADE)
        return torch.sigmoid(self.fc(h[-1]))

reviews, labels = torch.randint(1, 400, (96, 40)), torch.zeros(96)
model, bce = Scorer(), nn.BCELoss()
for tokens, label in DataLoader(TensorDataset(reviews, labels), batch_size=24):
    prob = model(tokens)
    loss = bce(prob, label)
"""
    message = (
        "ValueError: Using a target size (torch.Size([24])) that is different to the input size (torch.Size([24, 1]))"
        " is deprecated. Please ensure they have the same size."
    )

    def steps(made: str) -> int | None:
        return network(pasted(program.replace("MADE", made), ["loss = bce(prob, label)"], message)).time_step

    assert steps("self.emb(tokens)") == 40
    assert steps("shortened(self.emb(tokens))") is None


def test_the_call_that_failed_says_the_steps_and_no_later_one() -> None:
    program = f"""{TORCH}
class Chars(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(9, 14, batch_first=True)

    def forward(self, x, state):
        return self.lstm(x, state)

net, state = Chars(), (torch.zeros(1, 6, 14), torch.zeros(1, 6, 14))
y, _ = net(torch.randn(4, 30, 9), state)
y, _ = net(torch.randn(4, 1, 9), state)
"""
    message = "RuntimeError: Expected hidden[0] size (1, 4, 14), got [1, 6, 14]"
    frames = ["y, _ = net(torch.randn(4, {}, 9), state)", "return self.lstm(x, state)"]

    for steps in (30, 1):
        text = pasted(program, [one.format(steps) for one in frames], message)
        assert network(text).time_step == steps


def test_a_dataset_says_the_samples_of_a_batch() -> None:
    program = """import keras
import tensorflow as tf
from keras import layers
train = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(100).batch(20)
model = keras.Sequential([layers.Input((64, 9)), layers.LSTM(25), layers.Dense(6, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(train)
"""
    message = (
        "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 7),"
        " output.shape=(None, 6)"
    )
    text = pasted(program, ["model.fit(train)"], message)

    assert network(text).batch_size == 20
    assert network(text.replace(".batch(20)", "")).batch_size is None


GATES = """import numpy as np

class Cell:
    def __init__(self, n_in, n_out):
        self.n_out = n_out
        self.W = {g: np.random.randn(n_in, n_out) for g in "ifog"}

    def step(self, x, h):
        z = np.concatenate([h, x], axis=1)
        return np.tanh(z @ self.W["i"])

    def run(self, seq):
        h = np.zeros((seq.shape[0], self.n_out))
        for t in range(seq.shape[1]):
            h = self.step(seq[:, t], h)
        return h

print(Cell(11, 26).run(np.random.rand(9, 30, 11)).shape)
"""


def test_the_sizes_of_a_handwritten_cell_are_those_of_what_it_joins() -> None:
    message = (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        " (n?,k),(k,m?)->(n?,m?) (size 11 is different from 37)"
    )
    found = network(pasted(GATES, ['return np.tanh(z @ self.W["i"])'], message))

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (9, 30, 11, 26)


COLUMNS = """import numpy as np
rng = np.random.default_rng(0)

class Vanilla:
    def __init__(self, n_x, n_h):
        self.Wxh = rng.normal(0, 0.1, (n_h, n_x))
        self.Whh = rng.normal(0, 0.1, (n_h, n_h))
        self.bh = np.zeros(n_h)

    def forward(self, xs):
        h = np.zeros((self.Whh.shape[0], xs[0].shape[1]))
        for x in xs:
            h = np.tanh(self.Wxh @ x + self.Whh @ h + self.bh)
        return h

series = rng.normal(size=(12, 6, 20))
last = Vanilla(6, 15).forward(series)
"""


def test_samples_may_be_the_columns_of_a_handwritten_cell() -> None:
    line = "h = np.tanh(self.Wxh @ x + self.Whh @ h + self.bh)\n                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~^~~~~~~~~"
    frames = ["last = Vanilla(6, 15).forward(series)", line]
    message = "ValueError: operands could not be broadcast together with shapes (15,20) (15,)"
    whole, alone = (network(pasted(one, frames, message)) for one in (COLUMNS, ""))

    assert (whole.time_step, whole.features, whole.batch_size, whole.num_units) == (12, 6, 20, 15)
    assert (alone.time_step, alone.features, alone.batch_size, alone.num_units) == (None, None, 20, 15)


SCAN = """import jax
import jax.numpy as jnp

def rollout(p, xs):
    def step(h, x):
        h = jnp.tanh(x @ p["wx"] + h @ p["wh"])
        return h, h

    h0 = jnp.zeros(p["wh"].shape[0])
    return jax.lax.scan(step, h0, {})[1]

p = {{"wx": jax.random.normal(key, (4, 21)), "wh": jax.random.normal(key, (21, 21))}}
xs = jax.random.normal(key, {})
print(jnp.mean(rollout(p, xs)))
"""


@pytest.mark.parametrize(("scanned", "shape"), [("xs", "(35, 10, 4)"), ("jnp.swapaxes(xs, 0, 1)", "(10, 35, 4)")])
def test_the_sizes_of_what_a_loop_of_jax_reads_are_those_of_its_x(scanned: str, shape: str) -> None:
    frames = ["print(jnp.mean(rollout(p, xs)))", f"return jax.lax.scan(step, h0, {scanned})[1]"]
    message = (
        "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\nThe"
        " input carry h has type float32[21] but the corresponding output carry component has type float32[10,21], so"
        " the shapes do not match."
    )
    found = network(pasted(SCAN.format(scanned, shape), frames, message))

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (10, 35, 4, 21)


OF_PRODUCT = "TypeError: dot_general requires contracting dimensions to have the same shape, got (21,) and (3,)."


@pytest.mark.parametrize(("again", "units"), [("", 21), ("other = rollout(q, longer)\n", None)])
def test_a_loop_of_jax_that_has_run_says_its_units_unless_another_call_may_have_others(
    again: str, units: int | None
) -> None:
    source = SCAN.format("xs", "(35, 10, 4)").replace("print(jnp.mean(rollout(p, xs)))\n", "") + again
    line = 'print(jnp.dot(rollout(p, xs)[-1], p["wo"]))'
    found = network(pasted(f"{source}{line}\n", [line], OF_PRODUCT))

    assert found.num_units == units
    assert again or (found.batch_size, found.time_step, found.features) == (10, 35, 4)


def test_a_network_of_flax_gets_its_words_after_the_weights_of_init() -> None:
    source = """import jax
import jax.numpy as jnp
import flax.linen as nn

class Scorer(nn.Module):
    @nn.compact
    def __call__(self, words, w):
        x = nn.Embed(50, 6)(words)
        return jnp.dot(nn.RNN(nn.LSTMCell(21))(x)[:, -1], w)

w = jnp.ones((3, 7))
words = jnp.ones((4, 15), dtype=int)
params = Scorer().init(jax.random.key(0), words, w)
"""
    frames = [
        "params = Scorer().init(jax.random.key(0), words, w)",
        "return jnp.dot(nn.RNN(nn.LSTMCell(21))(x)[:, -1], w)",
    ]
    found = network(pasted(source, frames, OF_PRODUCT))

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (4, 15, 6, 21)


@pytest.mark.parametrize(
    ("joined", "steps"),
    [
        ("torch.cat([x, x], dim=-1)", 26),
        ("torch.cat((x, x), 2)", 26),
        ("torch.cat([x, x], dim=1)", 52),
        ("torch.cat(parts, dim=-1)", None),
    ],
)
def test_arrays_joined_along_their_last_axis_keep_the_steps_of_the_data(joined: str, steps: int | None) -> None:
    program = WEAR.replace("Wear(5", "Wear(10").replace("self.rnn(x,", f"self.rnn({joined},")
    frames = [
        "loss = nn.functional.l1_loss(wear(x), y)",
        f"return self.rnn({joined}, torch.zeros(x.size(0), self.units))[0]",
    ]

    found = network(pasted(program.format("for x, y in data:", "x"), frames, WEAR_ERROR))
    assert (found.batch_size, found.time_step, found.features) == (15, steps, 10)


def test_the_words_that_a_loop_gives_flax_are_a_batch_of_all() -> None:
    source = """import jax
import flax.linen as nn

class Mood(nn.Module):
    @nn.compact
    def __call__(self, tokens):
        x = nn.Embed(400, 24)(tokens)
        cell = nn.LSTMCell(32)
        carry = cell.initialize_carry(jax.random.key(0), (4, 24))
        x = nn.RNN(cell)(x, initial_carry=carry)
        return nn.Dense(2)(x[:, -1])

tokens = jax.random.randint(jax.random.key(1), (64, 18), 1, 400)
model = Mood()
params = model.init(jax.random.key(2), tokens[:4])
for i in range(0, 64, 16):
    scores = model.apply(params, tokens[i:i + 16])
"""
    frames = ["scores = model.apply(params, tokens[i:i + 16])", "x = nn.RNN(cell)(x, initial_carry=carry)"]
    found = network(
        pasted(source, frames, "TypeError: add got incompatible shapes for broadcasting: (16, 32), (4, 32).")
    )

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (16, 18, 24, 32)


def test_the_cells_of_both_directions_have_names_and_sizes_that_the_call_of_the_network_gives() -> None:
    source = """import jax
from flax import nnx

class Tagger(nnx.Module):
    def __init__(self, dim, hidden, rngs):
        there = nnx.RNN(nnx.GRUCell(dim, hidden, rngs=rngs))
        back = nnx.RNN(nnx.GRUCell(dim, hidden, rngs=rngs))
        self.both = nnx.Bidirectional(there, back)
        self.out = nnx.Linear(hidden, 7, rngs=rngs)

    def __call__(self, x):
        return self.out(self.both(x))

model = Tagger(20, 28, nnx.Rngs(0))
print(model(x))
"""
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (56,) and (28,)."
    found = network(pasted(source, ["print(model(x))", "return self.out(self.both(x))"], error))

    assert (found.features, found.num_units, found.bidirectional) == (20, 28, True)


# -- sizes that are certain, though others are not ---------------------------------------------------------------------

OF_SIGNALS = """import jax
import jax.numpy as jnp
from flax import nnx

class Glucose(nnx.Module):
    def __init__(self, signals, hidden, rngs):
        self.rnn = nnx.RNN(nnx.LSTMCell(signals, hidden, rngs=rngs))

    def __call__(self, x):
        y = self.rnn(x)
        return y[:, -1]

def make_data(key, n=40, steps=72):
    cgm = jax.random.normal(key, (n, steps, 3))
    meals = jax.random.bernoulli(key, 0.05, (n, steps, 1)).astype(jnp.float32)
    return jnp.concatenate([cgm, meals, meals], axis=-1)

model = Glucose(signals=4, hidden=32, rngs=nnx.Rngs(0))
x = make_data(jax.random.key(1))
print(model(x).shape)
"""


def test_the_batch_and_the_steps_of_x_are_known_without_its_features() -> None:
    error = (
        '  File "/site-packages/flax/nnx/nn/recurrent.py", line 190, in __call__\n    y = self.dense_i(inputs)\n'
        "TypeError: dot_general requires contracting dimensions to have the same shape, got (5,) and (4,)."
    )
    configuration = explain(pasted(OF_SIGNALS, ["print(model(x).shape)", "y = self.rnn(x)"], error)).configuration
    assert configuration is not None
    assert (configuration.batch_size, configuration.time_step, configuration.features) == (40, 72, 4)


OF_COLUMNS = """import numpy as np

V, H = 26, 40
Wxh, Whh = np.random.randn(H, V), np.random.randn(H, H)

def forward(ids):
    hs, xs = {-1: np.zeros((H, 1))}, {}
    for t, i in enumerate(ids):
        xs[t] = np.zeros((V, 1))
        xs[t][i] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1])
    return hs

def backward(hs):
    dWhh, dh = np.zeros_like(Whh), np.zeros((H, 1))
    for t in reversed(range(3)):
        draw = (1 - hs[t] ** 2) * dh
        dWhh += np.dot(draw, hs[t - 1])

backward(forward([1, 2, 3]))
"""


def test_the_weights_of_an_equation_say_the_features_of_its_x() -> None:
    error = "ValueError: shapes (40,1) and (40,1) not aligned: 1 (dim 1) != 40 (dim 0)"
    frames = ["backward(forward([1, 2, 3]))", "dWhh += np.dot(draw, hs[t - 1])"]
    configuration = explain(pasted(OF_COLUMNS, frames, error)).configuration
    assert configuration is not None
    assert (configuration.features, configuration.num_units) == (26, 40)


OF_SLICES = f"""{TORCH}
class Arrhythmia(nn.Module):
    def __init__(self, leads, hidden):
        super().__init__()
        self.hidden = hidden
        self.gru = nn.GRUCell(leads, hidden)

    def forward(self, ecg):
        state = ecg.new_zeros({{first}}, self.hidden)
        for step in range(ecg.size(1)):
            state = self.gru(ecg, state)
        return state

x = load()
net = Arrhythmia(leads=3, hidden=20)
for i in range(0, len(x), 20):
    print(net(x[i:i + 20]))
"""


@pytest.mark.parametrize(("first", "batch"), [("ecg.size(0)", 20), ("ecg.shape[0]", 20), ("ecg.size(1)", None)])
def test_slices_of_samples_are_the_batch_if_the_state_is_made_for_them(first: str, batch: int | None) -> None:
    error = "ValueError: GRUCell: Expected input to be 1D or 2D, got 3D instead"
    frames = ["print(net(x[i:i + 20]))", "state = self.gru(ecg, state)"]
    assert network(pasted(OF_SLICES.format(first=first), frames, error)).batch_size == batch


TWO_LAYERS = f"""{TORCH}
class Rooms(nn.Module):
    def __init__(self, sensors, units):
        super().__init__()
        self.first = nn.LSTM(input_size=3 * sensors, hidden_size=units)
        self.second = nn.GRU(units, units // 2, bidirectional=False)
        self.head = nn.Linear(units, 4)

    def forward(self, x):
        x, _ = self.first(x)
        last, _ = self.{{called}}(x)
        return self.head(last[-1])

print(Rooms(5, 44)(torch.zeros(31, 9, 15)).shape)
"""


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("second", Configuration("gru", 9, 31, 44, 22, num_layers=1, bidirectional=False)),
        ("head", Configuration("lstm", 9, 31, 15, 44, num_layers=1, bidirectional=False)),
    ],
)
def test_of_two_layers_the_one_before_the_line_that_failed_is_in_the_picture(
    called: str, expected: Configuration
) -> None:
    error = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (9x22 and 44x4)"
    program = TWO_LAYERS.format(called=called).replace("last, _ = self.head(x)", "last = x")
    frames = ["print(Rooms(5, 44)(torch.zeros(31, 9, 15)).shape)", "return self.head(last[-1])"]
    assert network(pasted(program, frames, error)) == expected


def test_a_number_that_begins_a_product_is_no_argument() -> None:
    line = "self.rnn = nn.LSTM(input_size=8 * width, hidden_size=20, num_layers=2 if deep else 1)"
    error = "RuntimeError: Expected hidden[0] size (1, 6, 20), got [1, 9, 20]"
    configuration = network(f"{error}\n{line}")
    assert (configuration.features, configuration.num_units) == (None, 20)


TWO_INPUTS = """import keras
import numpy as np
from keras import layers

query, page = keras.Input((8, 20)), keras.Input((30, 12))
a, b = layers.GRU(26)(query), layers.LSTM(44)(page)
model = keras.Model([query, page], layers.Dense(1)(layers.Concatenate()([a, b])))
print(model([np.zeros((5, 8, 20)), np.zeros((5, 28, 12))]))
"""


def test_an_input_of_a_model_is_that_of_the_layer_that_reads_it() -> None:
    error = (
        "ValueError: Input 1 with name 'input_layer_1' of layer 'functional' is incompatible with the layer:"
        " expected shape=(None, 30, 12), found shape=(5, 28, 12)"
    )
    frames = ["print(model([np.zeros((5, 8, 20)), np.zeros((5, 28, 12))]))"]
    configuration = network(pasted(TWO_INPUTS, frames, error))
    assert (configuration.cell, configuration.features, configuration.num_units) == ("lstm", 12, 44)


def test_the_steps_of_the_scores_of_a_mask_are_those_of_the_layer() -> None:
    program = f"""{TORCH}
class Bird(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(16, 24, batch_first=True)
        self.score = nn.Linear(24, 1)

    def forward(self, song, mask):
        states, _ = self.gru(song)
        scores = self.score(states).squeeze(-1)
        scores = scores.masked_fill(~mask, -1e9)
        return torch.softmax(scores, dim=1)

Bird()(*load())
"""
    error = "RuntimeError: The size of tensor a (40) must match the size of tensor b (50) at non-singleton dimension 1"
    found = explain(pasted(program, ["Bird()(*load())", "scores = scores.masked_fill(~mask, -1e9)"], error))
    assert (found.mismatch.tensor, found.mismatch.axis, found.mismatch.expected) == ("mask", "time_step", (50,))
    assert found.configuration and found.configuration.time_step == 50


ROWS_OF_GATES = """import numpy as np

class Cell:
    def __init__(self, n_in, n_out):
        self.n_out = n_out
        self.W = np.ones((43, 2 * n_out))

    def step(self, x, h):
        W_x, W_h = self.W[:20], self.W[20:]
        gates = 1 / (1 + np.exp(-(x @ W_x + h @ W_h)))
        return gates[:, : self.n_out] * h

def main(samples=6, n_in=23, n_out=17):
    cell, h = Cell(n_in, n_out), np.zeros((samples, n_out))
    for x in np.zeros((8, samples, n_in)):
        h = cell.step(x, h)

main()
"""


@pytest.mark.parametrize(
    ("library", "message"),
    [
        (
            "numpy",
            "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
            " (n?,k),(k,m?)->(n?,m?) (size 20 is different from 23)",
        ),
        (
            "jax.numpy",
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (23,) and (20,).",
        ),
    ],
)
def test_the_units_are_those_of_the_state_beside_a_kernel_with_other_rows(library: str, message: str) -> None:
    program = ROWS_OF_GATES.replace("import numpy", f"import {library}")
    frames = ["main()", "h = cell.step(x, h)", "gates = 1 / (1 + np.exp(-(x @ W_x + h @ W_h)))"]

    assert network(pasted(program, frames, message)).num_units == 17


EXTRA_AXIS = (
    "ValueError: Input 0 with name 'None' of layer 'gru' is incompatible with the layer: expected ndim=3, found ndim=4."
    " Full shape received: (None, 28, 1, 30)"
)
OF_IDS = """
import keras
from keras import layers

ids = keras.Input((28, 1))
x = layers.Embedding(90, 30)(ids)
x = layers.GRU(22)(x)
"""


def test_an_x_of_keras_with_an_axis_too_many_has_its_steps_in_the_second_one() -> None:
    found = network(pasted(OF_IDS, ["x = layers.GRU(22)(x)"], EXTRA_AXIS))

    assert (found.time_step, found.num_units) == (28, 22)


SCANNED = """
import jax
import jax.numpy as jnp

def gru_step(w, h, x):
    of_x = x @ w["x"] + w["bias"]
    xr, xz, xn = jnp.split(of_x, 3, axis=-1)
    hr, hz, hn = jnp.split(h @ w["h"], 3, axis=-1)
    r, z = jax.nn.sigmoid(xr + hr), jax.nn.sigmoid(xz + hz)
    h = (1 - z) * jnp.tanh(xn + r * hn) + z * h
    return h, h

def run(w, xs):
    def body(h, x):
        return gru_step(w, h, x)

    return jax.lax.scan(body, jnp.zeros((xs.shape[1], 18)), xs)

w = {"x": jnp.ones((7, 54)), "h": jnp.ones((18, 54)), "bias": jnp.zeros(36)}
run(w, jnp.ones((25, 9, 7)))
"""
SCANNED_FRAMES = [
    "run(w, jnp.ones((25, 9, 7)))",
    "return jax.lax.scan(body, jnp.zeros((xs.shape[1], 18)), xs)",
    "return gru_step(w, h, x)",
    'of_x = x @ w["x"] + w["bias"]',
]


def test_a_bias_in_a_scan_is_added_to_a_row_of_each_sample() -> None:
    error = "ValueError: Incompatible shapes for broadcasting: shapes=[(9, 54), (36,)]"
    found = network(pasted(SCANNED, SCANNED_FRAMES, error))
    alone = network(pasted("", SCANNED_FRAMES, error))

    assert (found.batch_size, found.time_step, found.features, found.num_units) == (9, 25, 7, 18)
    assert alone.batch_size == 9


TRANSLATION = """
import flax.linen as nn
import optax

class Reader(nn.Module):
    width: int

    @nn.compact
    def __call__(self, x):
        return nn.RNN(nn.GRUCell(self.width), return_carry=True)(x)[0]

class Writer(nn.Module):
    words: int = 80
    width: int = 34

    @nn.compact
    def __call__(self, x, y):
        y = nn.RNN(nn.GRUCell(self.width))(y, initial_carry=Reader(self.width)(x))
        return nn.Dense(self.words)(y)

def loss(scores, y):
    return optax.softmax_cross_entropy_with_integer_labels(scores, y[:, 1:]).mean()
"""


def test_cells_of_two_networks_of_flax_have_the_units_that_both_get() -> None:
    frames = ["return optax.softmax_cross_entropy_with_integer_labels(scores, y[:, 1:]).mean()"]
    error = "ValueError: Incompatible shapes for broadcasting: shapes=[(6, 12, 1), (6, 13, 1)]"

    assert network(pasted(TRANSLATION, frames, error)).num_units == 34
