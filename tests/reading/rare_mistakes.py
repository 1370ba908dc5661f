"""Programs with rare mistakes, in several frameworks."""

from collections.abc import Iterator
from typing import Any

from mistake import GATES, HIDDEN, Mistake, of


def rare() -> Iterator[Mistake]:
    """Mistakes of other kinds."""
    yield of(
        *("pytorch", "packing", "nothing"),
        "x, lengths = torch.zeros(9, 0, 7), torch.tensor([], dtype=torch.long)\npack_padded_sequence(x, lengths)\n",
        *("x", None, None, None, "empty_batch"),
        other_fix="the corrected line is about the data",
    )
    yield of(
        *("pytorch", "lstm", "checkpoint-projection"),
        "input_size, old = 10, nn.LSTM(10, 20, proj_size=6)\nnew = nn.LSTM(10, 20, proj_size=5)  #! new = {fix}\n"
        "new.load_state_dict(old.state_dict())\n",
        *("projection", "num_proj", (5, 20), (6, 20), "other_projection"),
    )
    yield of(
        *("keras1", "", "one-state"),
        """
x, h, c = keras.Input((9, 7)), keras.Input((20,)), keras.Input((20,))
layer = layers.LSTM(20)
layer(x, initial_state=[h])  #! {fix}
""",
        *("c_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield of(
        *("keras", "", "convlstm"),
        "layers.ConvLSTM2D(8, 3)(keras.Input((5, None, None, 3)))\n",
        *("x", None, None, None, "static_images"),
        other_fix="the line has names instead of sizes",
    )
    yield of(
        *("tf1", "", "dense-while-running"),
        """
import numpy as np
x = tf.placeholder(tf.float32, [None, 9, 7])
outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(20), x, dtype=tf.float32)
last = tf.placeholder_with_default(outputs[:, -1], [None, None])
logits = tf.matmul(last, tf.get_variable("w", [32, 3]))
session = tf.Session()
session.run(tf.global_variables_initializer())
session.run(logits, {x: np.zeros((4, 9, 7))})
""",
        *("dense_input", "features", (4, 32), (4, 20), "dense_features"),
        with_code=True,
        other_fix="no corrected line is declared",
        is_new=True,
    )


def unforeseen() -> Iterator[Mistake]:
    """More mistakes for which the explanation was not written."""

    def new(framework: str, name: str, program: str, *values: Any, with_code: bool = False) -> Mistake:
        other = "" if "#!" in program else "not declared"
        return of(framework, "", f"new-{name}", program, *values, is_new=True, with_code=with_code, other_fix=other)

    yield new(
        *("pytorch", "decoder-of-two-directions"),
        """
class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(8, 16, num_layers=2, bidirectional=True)
        self.decoder = nn.LSTM(8, 16, num_layers=2)
    def forward(self, source, target):
        _, state = self.encoder(source)
        out, _ = self.decoder(target, state)
        return out
Seq2Seq()(torch.zeros(7, 3, 8), torch.zeros(6, 3, 8))
""",
        *("h_0", HIDDEN, (2, 3, 16), (4, 3, 16), "encoder_directions"),
    )
    yield new(
        *("pytorch", "cell-of-another-batch"),
        "cell = nn.LSTMCell(6, 9)\nx = torch.zeros(4, 6)\ncell(x, (torch.zeros(4, 9), torch.zeros(3, 9)))\n",
        *("c_0", "batch_size", (4,), (3,), "other_batch"),
    )
    yield new(
        *("pytorch", "packed-with-state"),
        "gru = nn.GRU(7, 20, batch_first=True)\nx = torch.zeros(4, 9, 7)\n"
        "packed = pack_padded_sequence(x, [9, 8, 3, 1], batch_first=True)\nh = torch.zeros(1, 9, 20)\ngru(packed, h)\n",
        *("h_0", "batch_size", (1, 4, 20), (1, 9, 20), "last_batch"),
    )
    yield new(
        *("pytorch", "target-of-sequence"),
        "lstm, criterion = nn.LSTM(7, 5, batch_first=True), nn.CrossEntropyLoss()\n"
        "output, _ = lstm(torch.zeros(4, 9, 7))\ntarget = torch.zeros(4, 9, dtype=torch.long)\n"
        "loss = criterion(output, target)  #! {fix}\n",
        *("output", "order", (4, 5, 9), (4, 9, 5), "classes_second"),
        with_code=True,
    )
    yield new(
        *("pytorch", "dense-of-all-states"),
        "lstm, fc = nn.LSTM(7, 20, 2), nn.Linear(20, 3)\nout, (h, c) = lstm(torch.zeros(9, 4, 7))\n"
        "fc(h.permute(1, 0, 2).reshape(4, -1))\n",
        *("dense_input", "features", (4, 20), (4, 40), "dense_directions"),
        with_code=True,
    )
    yield new(
        *("pytorch", "embedding-of-vectors"),
        "embed, gru = nn.Embedding(50, 8), nn.GRU(8, 20)\ngru(embed(torch.zeros(9, 4, 3, dtype=torch.long)))\n",
        *("x", "rank", 3, 4, "extra_axis"),
    )
    yield new(
        *("keras", "dense-input-of-lstm"),
        "layers.LSTM(16)(layers.Flatten()(keras.Input((9, 7))))\n",
        *("x", "rank", 3, 2, "flattened_steps"),
    )
    yield new(
        *("keras", "images"),
        "keras.Sequential([keras.Input((28, 28, 1)), layers.GRU(16)])\n",
        *("x", "rank", 3, 4, "extra_axis"),
    )
    yield new(
        *("keras", "transposed-recurrent-kernel"),
        "layer = layers.GRU(16)\nlayer.build((None, 9, 7))\nkernel, recurrent, bias = layer.get_weights()\n"
        "layer.set_weights([kernel, recurrent.T, bias])\n",
        *("recurrent_kernel", "order", (16, 48), (48, 16), "transposed"),
    )
    yield new(
        *("keras", "one-bias"),
        "layer = layers.GRU(16)\nlayer.build((None, 9, 7))\nkernel, recurrent, bias = layer.get_weights()\n"
        "layer.set_weights([kernel, recurrent, bias.sum(0)])\n",
        *("bias", "rank", 2, 1, "reset_after"),
    )
    yield new(
        *("keras", "lstm-weights-of-gru"),
        "lstm, gru = layers.LSTM(16), layers.GRU(16)\nlstm.build((None, 9, 7))\ngru.build((None, 9, 7))\n"
        "lstm.set_weights(gru.get_weights())\n",
        *("kernel", GATES, (7, 64), (7, 48), "other_cell"),
    )
    yield new(
        *("keras", "states-of-encoder"),
        """
x = np.zeros((4, 9, 7), "float32")
encoded, *states = layers.Bidirectional(layers.LSTM(10, return_state=True))(x)
layers.LSTM(20, return_sequences=True)(x, initial_state=states[:2])
""",
        *("h_0", "num_units", (20,), (10,), "other_units"),
    )
    yield new(
        *("keras2", "images"),
        "keras.Sequential([keras.Input((28, 28, 1)), layers.LSTM(16)])\n",
        *("x", "rank", 3, 4, "extra_axis"),
    )
    yield new(
        *("tf1", "state-of-another-batch"),
        """
import numpy as np
x = tf.placeholder(tf.float32, [None, 9, 7])
cell = tf.nn.rnn_cell.GRUCell(20)
initial_state = cell.zero_state(32, tf.float32)  #! {fix}
outputs, state = tf.nn.dynamic_rnn(cell, x, initial_state=initial_state)
session = tf.Session()
session.run(tf.global_variables_initializer())
session.run(outputs, {x: np.zeros((5, 9, 7))})
""",
        *("h_0", "batch_size", (5,), (32,), "last_batch"),
    )
    yield new(
        *("numpy", "dot"),
        "def rnn_step(x, h, W, U):\n    return np.tanh(np.dot(x, W) + np.dot(h, U))\n"
        "rnn_step(np.zeros((4, 8)), np.zeros((4, 20)), np.zeros((7, 20)), np.zeros((20, 20)))\n",
        *("x", "features", (7,), (8,), "other_features"),
    )
    yield new(
        *("flax", "carry-of-another-batch"),
        "cell = nn.GRUCell(20)\nkey = jax.random.PRNGKey(0)\nx = jnp.zeros((4, 7))\n"
        "variables = cell.init(key, jnp.zeros((4, 20)), x)\n"
        "carry = jnp.zeros((3, 20))  #! x_t = x; {fix}\ncell.apply(variables, carry, x)\n",
        *("h_0", "batch_size", (4,), (3,), "other_batch"),
    )
    yield new(
        *("pytorch", "packed-features"),
        "hidden_size = 6\nlstm = nn.LSTM(5, 6)  #! lstm = {fix}\n"
        "lstm(nn.utils.rnn.pack_sequence([torch.zeros(4, 3), torch.zeros(2, 3)]))\n",
        *("x", "features", (5,), (3,), "other_features"),
    )
    yield new(
        *("pytorch", "packed-with-states-of-another-batch"),
        "num_layers, hidden_size = 1, 6\nlstm = nn.LSTM(5, hidden_size, batch_first=True)\nx = torch.zeros(3, 8, 5)\n"
        "packed = pack_padded_sequence(x, [8, 5, 1], batch_first=True)\n"
        "h_0 = torch.zeros(num_layers, x.size(1), hidden_size)  #! {fix}\nlstm(packed, (h_0, h_0))\n",
        *("h_0", "batch_size", (3,), (8,), "last_batch"),
    )
    yield new(
        *("pytorch", "h-to-a-cell"),
        "lstm = nn.LSTMCell(8, 16)\nx, h_0, c_0 = torch.zeros(4, 8), torch.zeros(4, 16), torch.zeros(4, 16)\n"
        "lstm(x, h_0)  #! {fix}\n",
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield new(
        *("pytorch", "pair-to-a-gru"),
        "layer = nn.GRU(5, 6)\nx, h_0 = torch.zeros(2, 3, 5), torch.zeros(1, 3, 6)\nlayer(x, (h_0, h_0))  #! {fix}\n",
        *("h_0", None, (1,), (2,), "number_of_states"),
    )
    yield new(
        *("pytorch", "h-to-a-decoder"),
        "decoder = nn.LSTM(5, 6, 2)\nx, h = torch.zeros(7, 3, 5), torch.zeros(2, 3, 6)\ndecoder(x, h)\n",
        *("h_0", "rank", 3, 2, "h_for_h_c"),
    )
    yield new(
        *("pytorch", "series-without-axis"),
        "lstm = nn.LSTM(1, 6, batch_first=True)\nx = torch.zeros(3, 10)\npass  #! {fix}\nlstm(x)\n",
        *("x", "features", (1,), (10,), "missing_features_axis"),
    )
    yield new(
        *("pytorch", "decoder-without-batch-first"),
        "encoder = nn.LSTM(8, 32, batch_first=True)\ndecoder = nn.LSTM(8, 32)\n"
        "_, state = encoder(torch.zeros(16, 10, 8))\ndecoder(torch.zeros(16, 12, 8), state)\n",
        *("h_0", "batch_size", (1, 12, 32), (1, 16, 32), "batch_first"),
        with_code=True,
    )
    yield new(
        *("pytorch", "target-of-mean-squared-error"),
        "lstm = nn.LSTM(7, 20, batch_first=True)\noutput, _ = lstm(torch.zeros(4, 9, 7))\n"
        "target = torch.zeros(4, 5)\nnn.functional.mse_loss(output[:, -1], target)\n",
        *("target", None, (20,), (5,), "target_shape"),
        with_code=True,
    )
    yield new(
        *("keras", "mask-of-other-steps"),
        "layers.LSTM(4)(np.zeros((2, 5, 3), 'float32'), mask=np.ones((2, 4), bool))\n",
        *("mask", "time_step", (2, 5), (2, 4), "short_mask"),
    )
    yield new(
        *("keras", "target-of-classes"),
        "model = keras.Sequential([keras.Input((10, 3)), layers.LSTM(8), layers.Dense(5)])\n"
        "model.compile(loss='sparse_categorical_crossentropy')\n"
        "model.fit(np.zeros((20, 10, 3)), np.zeros((20, 10)), verbose=0)\n",
        *("output", "rank", 3, 2, "return_sequences"),
        with_code=True,
    )
    yield new(
        *("keras", "weights-of-another-file"),
        """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "saved.weights.h5")
def model(units):
    return keras.Sequential([keras.Input((10, 3)), layers.LSTM(units, kernel_initializer="zeros")])
model(1).save_weights(path)
model(2).load_weights(path)
""",
        *("kernel", GATES, (3, 8), (3, 4), "other_size"),
    )


def in_sources() -> Iterator[Mistake]:
    """Mistakes whose messages stand in the sources of the frameworks, and that few programs make."""
    values: tuple[Any, ...]
    yield of(
        *("pytorch", "", "three-states"),
        """
lstm = nn.LSTM(7, 20)
x, h_0, c_0 = torch.zeros(9, 3, 7), torch.zeros(1, 3, 20), torch.zeros(1, 3, 20)
lstm(x, (h_0, c_0, c_0))  #! {fix}
""",
        *("h_0", None, None, None, "two_states"),
    )
    yield of(
        *("pytorch", "", "no-steps"),
        "gru = nn.GRU(7, 20)\ngru(torch.zeros(0, 3, 7))\n",
        *("x", "time_step", None, None, None),
        other_fix="the explanation has no corrected line",
    )
    yield of(
        *("pytorch", "", "array-of-objects"),
        """
import numpy as np
sequences = [torch.zeros(5, 7), torch.zeros(9, 7)]
x = torch.from_numpy(np.array([one.numpy() for one in sequences], dtype=object))  #! {fix}
output, h_n = nn.GRU(7, 20, batch_first=True)(x)
""",
        *("x", "time_step", None, None, "unequal_lengths"),
        with_code=True,
    )
    model = """
time_step, features, num_units = 9, 7, 20
model = keras.Sequential([
    {input}
    layers.LSTM(20, return_sequences=True),
    layers.Flatten(),
    layers.Dense(3),
])
"""
    yield of(
        *("keras", "", "unknown-features"),
        model.replace("{input}", "keras.Input((time_step, None)),  #! {fix},"),
        *("x", "features", None, None, "static_features"),
    )
    for framework in ("keras", "keras2"):
        yield of(
            *(framework, "", "flattened-unknown"),
            model.replace("{input}", "keras.Input((None, features)),  #! {fix},"),
            *("dense_input", "features", None, None, "flattened_unknown"),
            with_code=True,
        )
        yield of(
            *(framework, "", "list-for-array"),
            """
sequences = [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]]
x = sequences  #! {fix}
model = keras.Sequential([layers.LSTM(20), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
""",
            *("x", "time_step", None, None, "unequal_lengths"),
            with_code=True,
        )
        yield of(
            *(framework, "", "array-of-objects"),
            """
sequences = [np.zeros((5, 7)), np.zeros((9, 7))]
x = np.array(sequences, dtype=object)  #! {fix}
model = keras.Sequential([layers.LSTM(20), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
""",
            *("x", "time_step", None, None, "unequal_lengths"),
            with_code=True,
        )
        yield of(
            *(framework, "", "list-of-samples"),
            """
x = [np.zeros((9, 7)), np.zeros((8, 7))]
model = keras.Sequential([layers.LSTM(20), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
""",
            *("x", None, None, None, "list_of_samples"),
            with_code=True,
            other_fix="the samples have different numbers of steps",
        )
    yield of(
        *("keras2", "", "states-in-sequential"),
        """
num_units = 20
model = keras.Sequential([
    keras.Input((9, 7)),
    layers.LSTM(num_units, return_state=True),  #! {fix},
    layers.Dense(3),
])
""",
        *("output", None, None, None, "returned_states"),
        with_code=True,
    )
    kept = """
num_units = 4
layer = layers.LSTM(num_units, stateful=True)
model = keras.Sequential([keras.Input(batch_shape=(2, 9, 7)), layer])
h = np.zeros((3, 4), "float32")  #! {fix}
c = np.zeros((2, 4), "float32")
layer.reset_states([h, c])
"""
    yield of(*("keras2", "", "kept-state"), kept, *("h_0", "batch_size", (2,), (3,), "last_batch"))
    saved = """
import os, tempfile
num_units, path = 20, os.path.join(tempfile.mkdtemp(), "weights.h5")
keras.Sequential([keras.Input((9, 7)), {saved}]).save_weights(path)
layer = {layer}  #! layer = {fix}
keras.Sequential([keras.Input((9, 7)), layer]).load_weights(path)
"""
    for name, one, other, values in (
        ("units", "layers.LSTM(20)", "layers.LSTM(32)", ("kernel", GATES, (7, 128), (7, 80), "other_size")),
        (
            "directions",
            "layers.Bidirectional(layers.LSTM(20))",
            "layers.LSTM(20)",
            ("kernel", HIDDEN, (3,), (6,), "weights_directions"),
        ),
        (
            "reset-after",
            "layers.GRU(20, reset_after=False)",
            "layers.GRU(20)",
            ("bias", None, (2,), (1,), "reset_after"),
        ),
    ):
        program = saved.replace("{saved}", one).replace("{layer}", other)
        yield of("keras2", "saved", name, program, *values)
    lite = """
layer = layers.LSTM(4)
network = keras.Sequential([keras.Input((9, 7)), layer])
import tensorflow as tf
function = tf.function(network).get_concrete_function(tf.TensorSpec((1, 9, 7)))
model = tf.lite.TFLiteConverter.from_concrete_functions([function], network).convert()
interpreter = tf.lite.Interpreter(model_content=model)
interpreter.allocate_tensors()
index, x = interpreter.get_input_details()[0]["index"], np.zeros({shape}, np.float32)
"""
    yield of(
        *("keras2", "lite", "steps"),
        lite.replace("{shape}", "(1, 8, 7)")
        + "pass  #! {fix}; interpreter.allocate_tensors()\ninterpreter.set_tensor(index, x)\ninterpreter.invoke()\n",
        *("x", "time_step", (9,), (8,), "resized_input"),
        with_code=True,
    )
    yield of(
        *("keras2", "lite", "batch"),
        lite.replace("{shape}", "(2, 9, 7)") + "interpreter.set_tensor(index, x)  #! {fix}\ninterpreter.invoke()\n",
        *("x", "batch_size", (1,), (2,), "fixed_batch"),
        with_code=True,
    )
    yield of(
        *("keras2", "lite", "resized-batch"),
        lite.replace("{shape}", "(2, 9, 7)")
        + "interpreter.resize_tensor_input(index, x.shape)  #! pass\ninterpreter.allocate_tensors()\n"
        "interpreter.set_tensor(index, x[:1])  #! {fix}\n",
        *("x", "batch_size", (1,), (2,), "fixed_batch"),
    )
    x = "x = tf.placeholder(tf.float32, [5, 9, 7])\n"
    for name, lines, values in (
        (
            "stacked-state",
            "cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(20) for _ in range(2)])\n"
            "initial_state = tf.zeros([5, 40])  #! {fix}\n"
            "tf.nn.dynamic_rnn(cell, x, initial_state=initial_state)\n",
            ("h_0", None, (2,), (1,), "state_of_each_cell"),
        ),
        (
            "state-is-tuple",
            "cells = [tf.nn.rnn_cell.LSTMCell(20) for _ in range(2)]\n"
            "cell = tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=False)  #! cell = {fix}\n"
            "tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n",
            ("h_0", None, None, None, "state_is_tuple"),
        ),
        (
            "one-state",
            "cell, c, h = tf.nn.rnn_cell.LSTMCell(20), tf.zeros([5, 20]), tf.zeros([5, 20])\n"
            "initial_state = h  #! {fix}\n"
            "tf.nn.dynamic_rnn(cell, x, initial_state=initial_state)\n",
            ("h_0", None, (2,), (1,), "h_for_h_c"),
        ),
    ):
        yield of("tf1", "", name, x + lines, *values)
    scan = """
def step(carry, x_t):
    h, c = carry
    c = c + x_t @ jnp.zeros((7, 20)) + h @ jnp.zeros((20, 20))
    h = jnp.tanh(c)
    {returned}
h = c = jnp.zeros((3, 20))
xs = jnp.zeros({shape})
jax.lax.scan(step, (h, c), xs{length}
"""
    right = {"returned": "return (h, c), h", "shape": "(9, 3, 7)", "length": ")"}
    for name, changed, values in (
        ("carry-structure", {"returned": "return h, h  #! {fix}"}, ("h_0", None, None, None, "carry_structure")),
        (
            "scan-length",
            {"shape": "(3, 9, 7)", "length": ", length=9)  #! {fix}"},
            ("x", "time_step", (9,), (3,), "scan_axis"),
        ),
    ):
        program = scan
        for part, text in (right | changed).items():
            program = program.replace(f"{{{part}}}", text)
        yield of("jax", "", name, program, *values)
