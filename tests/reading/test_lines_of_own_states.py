"""States that a program makes itself, in a method, with a layer that it never calls, or for a loader of batches.

Their own lines are corrected. PyTorch 2.13, TensorFlow 2.21 in graphs of version 1 and Flax 0.12 raised the messages
for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, causes_and_lines, first_cause_and_lines, pasted, said, traceback

KEPT = f"""{TORCH}

class Notes(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.width, self.depth = width, depth
        self.reader = nn.LSTM(7, width, num_layers=depth)

    def first(self, samples):
        some = next(self.parameters())
        h = some.new_zeros(1, samples, self.width)
        return h, h

    def forward(self, x, state):
        return self.reader(x, state)


def cut(states):
    return tuple(one.detach() for one in states)


def learn(net, parts):
    state = net.first(5)
    for part in parts:
        state = cut(state)
        y, state = net(part, state)
    return y.shape


print(learn(Notes(18, 2), torch.randn(3, 11, 5, 7)))
"""
OF_KEPT = ["y, state = net(part, state)", "return self.reader(x, state)"]

BRIDGE = f"""{TORCH}

class Weather(nn.Module):
    def __init__(self, sensors=4, wide=37, narrow=15):
        super().__init__()
        self.past = nn.GRU(sensors, wide)
        self.between = nn.Linear(wide, narrow)
        self.future = nn.GRU(sensors, narrow)

    def forward(self, x):
        LINES
        return self.future(x[-1:], h)[0]


print(Weather()(torch.randn(9, 6, 4)).shape)
"""
OF_BRIDGE = ["print(Weather()(torch.randn(9, 6, 4)).shape)", "return self.future(x[-1:], h)[0]"]

PAIR = f"""{TORCH}

class Titles(nn.Module):
    def __init__(self, image=33, word=8, width=21):
        super().__init__()
        self.start_h = nn.Linear(image, width)
        self.start_c = nn.Linear(image, width)
        self.step = nn.LSTMCell(word, width)

    def forward(self, images, words):
        h = self.start_h(images)
        c = images
        for n in range(words.size(1)):
            h, c = self.step(words[:, n], (h, c))
        return h


print(Titles()(torch.randn(5, 33), torch.randn(5, 4, 8)).shape)
"""
OF_PAIR = [
    "print(Titles()(torch.randn(5, 33), torch.randn(5, 4, 8)).shape)",
    "h, c = self.step(words[:, n], (h, c))",
]

LOADERS = f"""{TORCH}from torch.utils.data import DataLoader, TensorDataset


class Options:
    samples, steps, width = 14, 6, 23


class Prices(nn.Module):
    def __init__(self, options):
        super().__init__()
        self.options = options
        self.gru = nn.GRU(3, options.width, batch_first=True)

    def start(self):
        return torch.zeros(1, self.options.samples, self.options.width)

    def forward(self, x, h):
        return self.gru(x, h)[0]


def loaders(options):
    x = torch.randn(40, options.steps, 3)
    first, second = TensorDataset(x[:30]), TensorDataset(x[30:])
    return (DataLoader(first, options.samples),
            DataLoader(second, options.samples))


def main():
    options = Options()
    train, test = loaders(options)
    net = Prices(options)
    for (x,) in train:
        h = net.start()
        net(x, h)


main()
"""
OF_LOADERS = ["main()", "net(x, h)", "return self.gru(x, h)[0]"]


def test_a_state_is_followed_through_a_function_that_detaches_it() -> None:
    error = "RuntimeError: Expected hidden[0] size (2, 5, 18), got [1, 5, 18]"
    cause, lines = first_cause_and_lines(pasted(KEPT, OF_KEPT, error))

    assert cause == ("h_0", "num_layers*directions", "layers")
    assert lines == {
        "h = some.new_zeros(1, samples, self.width)": "h = some.new_zeros(self.depth, samples, self.width)"
    }


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("_, h = self.past(x)", {"": "h = self.between(h)  # before: return self.future(x[-1:], h)[0]"}),
        ("h = self.past(x)[1]", {"h = self.past(x)[1]": "h = self.between(self.past(x)[1])"}),
    ],
)
def test_a_layer_that_is_never_called_makes_the_state_of_the_decoder(line: str, lines: dict[str, str]) -> None:
    error = "RuntimeError: Expected hidden size (1, 6, 15), got [1, 6, 37]"
    (tensor, axis, causes), corrected = causes_and_lines(pasted(BRIDGE.replace("LINES", line), OF_BRIDGE, error))

    assert (tensor, axis, causes[0]) == ("h_0", "num_units", "other_units")
    assert corrected == lines


def test_the_line_of_c_is_corrected_where_c_is_wrong() -> None:
    error = "RuntimeError: hidden1 has inconsistent hidden_size: got 33, expected 21"
    (tensor, axis, causes), lines = causes_and_lines(pasted(PAIR, OF_PAIR, error))

    assert (tensor, axis, causes[0]) == ("c_0", "num_units", "other_units")
    assert lines == {"c = images": "c = self.start_c(images)"}


def test_a_general_line_makes_the_state_that_is_wrong() -> None:
    error = "RuntimeError: hidden1 has inconsistent hidden_size: got 33, expected 21"
    (first, *_) = said(traceback(OF_PAIR, error)).causes

    assert (first.wrong, first.fix) == ("c = torch.zeros(x_t.size(0), 33)", "c = torch.zeros(x_t.size(0), 21)")


def test_the_loader_that_a_function_returns_leaves_out_the_last_batch() -> None:
    error = "RuntimeError: Expected hidden size (1, 2, 23), got [1, 14, 23]"
    cause, lines = first_cause_and_lines(pasted(LOADERS, OF_LOADERS, error))

    assert cause == ("h_0", "batch_size", "last_batch")
    assert lines == {
        "return (DataLoader(first, options.samples),": "return (DataLoader(first, options.samples, drop_last=True),"
    }


GRAPH = """import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
hp = {"samples": 12, "width": 17}


def network(x):
    cell = tf.nn.rnn_cell.LSTMCell(hp["width"])
    first = cell.zero_state(hp["samples"], tf.float32)
    return tf.nn.dynamic_rnn(cell, x, initial_state=first)[0]


def main():
    x = tf.placeholder(tf.float32, [BATCH, 9, 5])
    outputs = network(x)
    data = np.zeros((30, 9, 5), "float32")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for n in range(0, 30, 12):
            print(session.run(outputs, {x: data[n:n + 12]}).shape)


main()
"""
OF_GRAPH = ["main()", "print(session.run(outputs, {x: data[n:n + 12]}).shape)"]
OF_LAST = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: ConcatOp : Dimension 0 in both shapes must be equal:"
    " shape[0] = [6,5] vs. shape[1] = [12,17]\n\t [[{{node rnn/while/lstm_cell/concat}}]]"
)


def test_a_graph_makes_its_first_state_for_the_samples_that_it_gets() -> None:
    cause, lines = first_cause_and_lines(pasted(GRAPH.replace("BATCH", "None"), OF_GRAPH, OF_LAST))

    assert cause == ("h_0", "batch_size", "last_batch")
    assert lines == {
        'first = cell.zero_state(hp["samples"], tf.float32)': "first = cell.zero_state(tf.shape(x)[0], tf.float32)"
    }


DUMMY = """import jax
import jax.numpy as jnp
from flax import linen as nn


class Reader(nn.Module):
    width: int = 23

    @nn.compact
    def __call__(self, x):
        return nn.RNN(nn.GRUCell(features=self.width))(x)


def create(model, samples, steps, columns):
    example = jnp.ones((samples, columns, steps))
    return model.init(jax.random.key(0), example)


def main(samples=7, steps=12, columns=5):
    weights = create(Reader(), samples, steps, columns)
    print(Reader().apply(weights, jnp.zeros((samples, steps, columns))).shape)


main()
"""
OF_DUMMY = ["main()", "print(Reader().apply(weights, jnp.zeros((samples, steps, columns))).shape)"]
OF_ROWS = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(GRUCell_0)/ir", the given initializer is'
    " expected to generate shape (5, 23), but the existing parameter it received has shape (12, 23)."
)


def test_an_example_with_exchanged_axes_gets_them_in_their_order() -> None:
    (_, _, causes), lines = causes_and_lines(pasted(DUMMY, OF_DUMMY, OF_ROWS))

    assert causes[0] == "init_features"
    assert lines == {"example = jnp.ones((samples, columns, steps))": "example = jnp.ones((samples, steps, columns))"}


LABELS = """import jax
import jax.numpy as jnp
import optax
from flax import linen as nn


class Words(nn.Module):
    @nn.compact
    def __call__(self, x):
        y = nn.RNN(nn.GRUCell(19))(x)
        y = y[:, -1]
        return nn.Dense(4)(y)


x, labels = jnp.zeros((6, 11, 3)), jnp.zeros((6, 11, 4))
weights = Words().init(jax.random.key(0), x)
logits = Words().apply(weights, x)
losses = optax.softmax_cross_entropy(logits, labels)
print(losses.mean())
"""
OF_LABELS = """  File "/lib/site-packages/optax/losses/_classification.py", line 296, in softmax_cross_entropy
    return -(labels * log_probs).sum(axis, where=where)
             ~~~~~~~^~~~~~~~~~~
  File "/lib/site-packages/jax/_src/numpy/ufuncs.py", line 1280, in multiply
    x, y = promote_args("multiply", x, y)
ValueError: Incompatible shapes for broadcasting: shapes=[(6, 11, 4), (6, 4)]"""


def test_a_line_that_keeps_only_the_last_step_is_left_out() -> None:
    line = "losses = optax.softmax_cross_entropy(logits, labels)"
    (_, _, causes), lines = causes_and_lines(pasted(LABELS, [line], OF_LABELS))

    assert causes[0] == "kept_last_step"
    assert lines == {"y = y[:, -1]": ""}


def test_a_traceback_shows_the_index_of_a_step_in_the_axis_of_the_samples() -> None:
    error = (
        "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
        " dimension 0, the array at index 0 has size 14 and the array at index 1 has size 9"
    )
    frames = ["h, c = self.cell(xs[t], h, c)", "z = np.concatenate([h, x], axis=1) @ self.W + self.b"]
    (tensor, axis, causes), lines = causes_and_lines(traceback(frames, error))

    assert (tensor, axis, causes) == ("h_0", "batch_size", ["step_axis", "last_batch"])
    assert lines == {"h, c = self.cell(xs[t], h, c)": "h, c = self.cell(xs[:, t], h, c)"}
