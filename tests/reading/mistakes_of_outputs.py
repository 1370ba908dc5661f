"""Programs with mistakes behind a recurrent layer, in several frameworks."""

from collections.abc import Iterator
from typing import Any

from mistake import HIDDEN, Mistake, of


def reshaped() -> Iterator[Mistake]:
    """Reshapes and normalizations of the output of a recurrent layer."""
    head = "lstm = nn.LSTM(7, 20, batch_first=True{arguments})\noutput, _ = lstm(torch.zeros(4, 9, 7))\n"

    def after_lstm(name: str, lines: str, *values: Any, arguments: str = "") -> Mistake:
        return of("pytorch", "", name, head.format(arguments=arguments) + lines, *values, with_code=True)

    for name, shape, needed, cause in (
        ("view-without-steps", "4, 20", 80, "reshape_steps"),
        ("view-of-another-batch", "5, 9, 20", 900, "reshape_batch"),
        ("view-of-another-length", "-1, 128", 128, "reshape_values"),
    ):
        yield after_lstm(
            name, f"output = output.view({shape})  #! {{fix}}\n", *("output", None, (720,), (needed,), cause)
        )
    yield after_lstm(
        "batch-norm-of-steps",
        "norm = nn.BatchNorm1d(20)\noutput = norm(output)  #! {fix}\n",
        *("output", "order", (None, 20, 9), (None, 9, 20), "channels_second"),
    )
    yield after_lstm(
        "layer-norm-of-one-direction",
        "norm = nn.LayerNorm(20)  #! norm = {fix}\noutput = norm(output)\n",
        *("output", "num_units", (4, 9, 20), (4, 9, 40), "norm_directions"),
        arguments=", bidirectional=True",
    )
    yield of(
        "keras",
        "",
        "reshape",
        """
output = layers.LSTM(20, return_sequences=True)(np.zeros((4, 9, 7), "float32"))
output = layers.Reshape((4, 20))(output)  #! output = {fix}(output)
""",
        *("output", None, (180,), (80,), "reshape_values"),
        with_code=True,
    )
    yield of(
        "numpy",
        "",
        "reshape",
        """
class LSTM:
    def __call__(self, x):
        return np.zeros((4, 9, 20))
output = LSTM()(np.zeros((4, 9, 7)))
output = output.reshape(4, 20)  #! {fix}
""",
        *("output", None, (720,), (80,), "reshape_steps"),
        with_code=True,
    )


def indexed_outputs_and_own_cells() -> Iterator[Mistake]:
    """Outputs that are indexed, added and multiplied, layers that remove the axis of time, and cells of one's own."""

    def new(framework: str, name: str, program: str, *values: Any, **more: bool) -> Mistake:
        other = "" if "#!" in program else "not declared"
        return of(framework, "", f"fourth-{name}", program, *values, other_fix=other, **more)

    yield new(
        *("pytorch", "attention-with-time-first"),
        """
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 6)
    def forward(self, x, output):
        rnn_out, _ = self.gru(x)
        return torch.bmm(rnn_out.transpose(0, 1), output.permute(0, 2, 1))
output, _ = nn.GRU(5, 6)(torch.zeros(7, 4, 5))
pass  #! {fix}
Attention()(torch.zeros(1, 4, 6), output)
""",
        *("output", "batch_size", (4,), (7,), "time_first"),
    )
    last = "output, _ = nn.LSTM(6, 10, batch_first=True)(torch.zeros(8, 7, 6))\n"
    yield new(
        *("pytorch", "last-sample-in-a-sum"),
        last + "pass  #! {fix}\noutput = output[-1] + torch.zeros(8, 10)  #! output + torch.zeros(8, 10)\n",
        *("output", "batch_size", (8,), (7,), "last_sample"),
        with_code=True,
    )
    yield new(
        *("pytorch", "last-sample-in-a-loss"),
        last + "output = output[-1]  #! {fix}\nnn.CrossEntropyLoss()(output, torch.zeros(8).long())\n",
        *("target", "batch_size", (7,), (8,), "last_sample"),
        with_code=True,
    )
    yield new(
        *("keras", "flattened-before-an-lstm"),
        "keras.Sequential([keras.Input((20, 3)), layers.Flatten(), layers.LSTM(6)])"
        "  #! keras.Sequential([keras.Input((20, 3)), {fix}, layers.LSTM(6)])\n",
        *("x", "rank", 3, 2, "flattened_steps"),
    )
    yield new(
        *("keras", "dense-of-one-direction"),
        "x = np.zeros((2, 5, 3), 'float32')\ndense = layers.Dense(1)\ndense(layers.LSTM(16)(x))\n"
        "dense(layers.Bidirectional(layers.LSTM(16))(x))\n",
        *("dense_input", "features", (16,), (32,), "dense_directions"),
    )
    for framework in ("keras", "keras2"):
        yield new(
            *(framework, "sum-of-outputs-of-other-steps"),
            "one, other = keras.Input((10, 2)), keras.Input((12, 2))\n"
            "layers.add([layer(x) for layer, x in (\n"
            "    (layers.LSTM(8, return_sequences=True), one), (layers.LSTM(8, return_sequences=True), other))])\n",
            *("output", "time_step", (None, 10, 8), (None, 12, 8), "other_steps"),
            with_code=True,
        )
    yield new(
        *("keras2", "last-batch-of-a-fixed-one"),
        "model = keras.Sequential([layers.LSTM(8, stateful=True, batch_input_shape=(4, 5, 2))])\n"
        "x = np.zeros((10, 5, 2))\n"
        "model.compile('sgd', 'mse')\nmodel.predict(x, batch_size=4, verbose=0)\n",
        *("h_0", "batch_size", (2,), (4,), "last_batch"),
    )
    yield new(
        *("keras1", "other-fixed-batch"),
        "model = keras.Sequential([layers.LSTM(8, stateful=True, batch_input_shape=(32, 5, 2))])\n"
        "model.compile('sgd', 'mse')\nmodel.predict(np.zeros((10, 5, 2)), batch_size=10, verbose=0)\n",
        *("x", "batch_size", (32,), (10,), "other_batch"),
        with_code=True,
    )
    yield new(
        *("numpy", "units-of-c"),
        "def lstm_step(f, i, g, c):\n    return sigmoid(f) * c + sigmoid(i) * np.tanh(g)\n"
        "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\nlstm_step(np.ones(8), np.ones(8), np.ones(8), np.ones(6))\n",
        *("c_0", "num_units", (8,), (6,), "other_units"),
    )
    yield new(
        *("numpy", "features-of-a-class"),
        """
class GRULayer:
    def __init__(self, n_in, n_hidden):
        self.Wz, self.Uz = np.zeros((n_in, n_hidden)), np.zeros((n_hidden, n_hidden))
    def forward(self, xs):
        h = np.zeros((xs.shape[1], len(self.Uz)))
        for x_t in xs:
            h = np.tanh(x_t @ self.Wz + h @ self.Uz)
        return h
GRULayer(4, 6).forward(np.ones((7, 2, 5)))
""",
        *("x", "features", (4,), (5,), "other_features"),
    )
    yield new(
        *("numpy", "bias-of-fewer-gates"),
        "def lstm_gates(x, h, W, U, b):\n    return x @ W + h @ U + b\n"
        "lstm_gates(np.ones((2, 3)), np.ones((2, 5)), np.ones((3, 20)), np.ones((5, 20)), np.ones(15))\n",
        *("bias", "gates*num_units", (20,), (15,), "bias_size"),
    )
    yield new(
        *("numpy", "x-and-h-in-one-array"),
        "def lstm_cell_forward(xt, a_prev, Wf):\n    concat = np.concatenate((a_prev, xt))\n"
        "    return np.dot(Wf, concat)\nlstm_cell_forward(np.ones((3, 10)), np.ones((5, 10)), np.ones((5, 9)))\n",
        *("x", "features", (4,), (3,), "other_features"),
    )
    yield new(
        *("jax", "bias-of-fewer-units"),
        "def rnn_cell(p, h, x):\n    return jnp.dot(x, p['wx']) + jnp.dot(h, p['wh']) + p['b']\n"
        "p = dict(wx=jnp.zeros((3, 8)), wh=jnp.zeros((8, 8)), b=jnp.zeros(7))\n"
        "rnn_cell(p, jnp.zeros((2, 8)), jnp.zeros((2, 3)))\n",
        *("bias", "gates*num_units", (8,), (7,), "bias_size"),
    )
    own = """
class GRUFromScratch(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.W = nn.Parameter(torch.zeros(n_in, n_hidden))
        self.U = nn.Parameter(torch.zeros(n_hidden, n_hidden))
    def forward(self, x, h):
        return torch.mm(x, self.W) + torch.mm(h, self.U)
GRUFromScratch(4, 8)(torch.zeros{x}, torch.zeros{h})
"""
    yield new(
        *("pytorch", "target-of-other-steps"),
        "output, _ = nn.RNN(1, 4, batch_first=True)(torch.zeros(8, 12, 1))\ntarget = torch.zeros(8, 6, 4)\n"
        "(output - target).abs().mean()\n",
        *("target", "time_step", (12,), (6,), "target_shape"),
        with_code=True,
    )
    for name, x, h, said in (
        ("samples-of-a-cell-of-its-own", (2, 4), (3, 8), ("h_0", "batch_size", (2,), (3,), "last_batch")),
        ("x-of-a-cell-of-its-own", (3, 5), (3, 8), ("x", "features", (4,), (5,), "other_features")),
        ("h-of-a-cell-of-its-own", (3, 4), (3, 6), ("h_0", "num_units", (8,), (6,), "other_units")),
    ):
        yield new("pytorch", name, own.format(x=x, h=h), *said)
    yield new(
        *("pytorch", "decoder-above-two-directions"),
        """
class Stack(nn.Module):
    def __init__(self):
        super().__init__()
        self.below = nn.LSTM(7, 50, bidirectional=True)
        self.above = nn.LSTM(50, 25)  #! self.above = {fix}
    def forward(self, x):
        return self.above(self.below(x)[0])
hidden_size = 25
Stack()(torch.zeros(2, 9, 7))
""",
        *("x", "features", (50,), (100,), "directions_below"),
    )
    yield new(
        *("keras", "two-convolutional-lstms"),
        "x = layers.ConvLSTM2D(8, 3)(keras.Input((20, 16, 16, 3)))\nlayers.ConvLSTM2D(8, 3)(x)\n",
        *("x", "rank", 5, 4, "return_sequences"),
    )
    yield new(
        *("keras", "one-state-of-two-directions"),
        "x, h = np.zeros((5, 10, 4), 'float32'), np.zeros((5, 6), 'float32')\n"
        "layers.Bidirectional(layers.GRU(6))(x, initial_state=[h])\n",
        *("h_0", None, None, None, "number_of_states"),
    )
    yield new(
        *("keras", "products-of-other-units"),
        "query, key = keras.Input((5, 3)), keras.Input((9, 3))\n"
        "query = layers.GRU(16, return_sequences=True)(query)\n"
        "layers.dot([query, layers.GRU(20, return_sequences=True)(key)], (2, 2))\n",
        *("output", "num_units", (16,), (20,), "attention_units"),
    )
    yield new(
        *("tf1", "zero-state-of-another-batch"),
        "x = tf.placeholder(tf.float32, [20, 10, 9])\ncell = tf.nn.rnn_cell.BasicLSTMCell(16)\n"
        "state = cell.zero_state(32, tf.float32)\ntf.nn.dynamic_rnn(cell, x, initial_state=state)\n",
        *("h_0", "batch_size", (20,), (32,), "last_batch"),
    )


def checkpoints_attention_and_masks() -> Iterator[Mistake]:
    """Checkpoints of other layers, attention, joins and masks."""

    def new(framework: str, name: str, program: str, *facts: Any, **more: Any) -> Mistake:
        return of(framework, "", f"fifth-{name}", program, *facts, **{"other_fix": "not declared", **more})

    for name, made, model, sizes, likely in (
        ("fewer-layers", "", "num_layers=3", ((3,), (1,)), "checkpoint_layers"),
        ("more-layers", "num_layers=2, bidirectional=True", "bidirectional=True", ((2,), (4,)), "checkpoint_layers"),
        ("one-direction", "num_layers=2", "num_layers=2, bidirectional=True", ((4,), (2,)), "checkpoint_directions"),
        ("two-directions", "bidirectional=True", "", ((1,), (2,)), "checkpoint_directions"),
    ):
        yield new(
            *("pytorch", f"checkpoint-of-{name}"),
            f"input_size, hidden_size = 10, 20\nold = nn.GRU(10, 20, {made})\n"
            f"new = nn.GRU(10, 20, {model})  #! new = {{fix}}\nnew.load_state_dict(old.state_dict())\n",
            *("kernel", HIDDEN, *sizes, likely),
            other_fix="",
        )
    yield new(
        *("pytorch", "bmm-of-two-directions"),
        "def attend(encoder_outputs, hidden):\n"
        "    return torch.bmm(encoder_outputs, hidden.unsqueeze(2)).squeeze(2)\n"
        "encoder, decoder = nn.LSTM(7, 20, bidirectional=True, batch_first=True), nn.LSTMCell(7, 20)\n"
        "output, _ = encoder(torch.zeros(3, 9, 7))\nattend(output, decoder(torch.zeros(3, 7))[0])\n",
        *("output", "num_units", (40,), (20,), "attention_directions"),
        with_code=True,
    )
    yield new(
        *("pytorch", "einsum-of-other-units"),
        "encoder, decoder = nn.GRU(7, 24, batch_first=True), nn.GRUCell(7, 20)\n"
        "memory, _ = encoder(torch.zeros(3, 9, 7))\n"
        "torch.einsum('bth,bh->bt', memory, decoder(torch.zeros(3, 7)))\n",
        *("output", "num_units", (24,), (20,), "attention_units"),
        with_code=True,
    )
    yield new(
        *("pytorch", "state-without-steps-in-attention"),
        "encoder, W, U = nn.GRU(7, 20, batch_first=True), nn.Linear(20, 8), nn.Linear(20, 8)\n"
        "keys, h_n = encoder(torch.zeros(3, 9, 7))\nquery = h_n[-1]\npass  #! {fix}\n"
        "energy = torch.tanh(W(query) + U(keys))\n",
        *("output", "rank", 3, 2, "attention_axis"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("pytorch", "mask-of-all-steps"),
        "lstm, mask = nn.LSTM(7, 20, batch_first=True), torch.ones(3, 9)\n"
        "packed = pack_padded_sequence(torch.zeros(3, 9, 7), [8, 5, 2], batch_first=True)\n"
        "packed, _ = lstm(packed)\n"
        "output, _ = pad_packed_sequence(packed, batch_first=True)  #! output, _ = {fix}\n"
        "output = output * mask.unsqueeze(-1)\n",
        *("mask", "time_step", (8,), (9,), "packed_steps"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("pytorch", "packed-with-the-batch-second"),
        "packed = pack_padded_sequence(torch.zeros(3, 9, 7), torch.tensor([9, 5, 2]), enforce_sorted=False)\n"
        "nn.LSTM(7, 20)(packed)\n",
        *("lengths", "batch_size", None, None, "packed_axis"),
    )
    yield new(
        *("pytorch", "x-plus-output"),
        "class Block(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.lstm = nn.LSTM(7, 20, batch_first=True)  #! self.lstm = {fix}\n"
        "    def forward(self, x):\n        out, _ = self.lstm(x)\n        return x + out\n"
        "Block()(torch.zeros(3, 9, 7))\n",
        *("output", "num_units", (7,), (20,), "residual"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("pytorch", "x-and-h-of-other-batches"),
        "class RNN(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.i2h = nn.Linear(27, 20)\n"
        "    def forward(self, x, hidden):\n        return self.i2h(torch.cat((x, hidden), 1))\n"
        "RNN()(torch.zeros(3, 7), torch.zeros(1, 20))\n",
        *("h_0", "batch_size", (3,), (1,), "other_batch"),
    )
    yield new(
        *("keras", "weights-of-two-directions"),
        "num_units, both = 20, layers.Bidirectional(layers.GRU(20))\none = layers.GRU(20)  #! one = {fix}\n"
        "one.build((None, 9, 7)); both.build((None, 9, 7))\none.set_weights(both.get_weights())\n",
        *("kernel", HIDDEN, (3,), (6,), "weights_directions"),
        other_fix="",
    )
    yield new(
        *("keras", "output-plus-x"),
        "x = keras.Input((9, 20))\ny = layers.Bidirectional(layers.LSTM(20, return_sequences=True))(x)\n"
        "layers.add([x, y])\n",
        *("output", "num_units", (None, 9, 20), (None, 9, 40), "merge_directions"),
        with_code=True,
    )
    yield new(
        *("keras", "indices-of-classes"),
        "model = keras.Sequential([keras.Input((9, 7)), layers.LSTM(20), layers.Dense(5, activation='softmax')])\n"
        "model.compile('adam', 'categorical_crossentropy')  #! {fix}\n"
        "model.fit(np.zeros((8, 9, 7)), np.zeros((8, 1)), verbose=0)\n",
        *("target", None, (8, 5), (8, 1), "class_indices"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("keras2", "state-without-steps-in-attention"),
        "import tensorflow as tf\n"
        "keys, query = layers.GRU(20, return_sequences=True, return_state=True)(tf.zeros((3, 9, 7)))\npass  #! {fix}\n"
        "energy = tf.nn.tanh(layers.Dense(8)(query) + layers.Dense(8)(keys))\n",
        *("output", "rank", 3, 2, "attention_axis"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("keras2", "product-without-a-transposed-factor"),
        "import tensorflow as tf\n"
        "keys, query = (layers.LSTM(20, return_sequences=True)(tf.zeros((3, n, 7))) for n in (9, 6))\n"
        "scores = tf.matmul(query, keys)  #! {fix}\n",
        *("output", "order", (3, 20, 9), (3, 9, 20), "transpose_keys"),
        with_code=True,
        other_fix="",
    )
    yield new(
        *("jax", "einsum-of-other-units"),
        "def attend(encoder_outputs, decoder_hidden):\n"
        "    return jnp.einsum('bth,bh->bt', encoder_outputs, decoder_hidden)\n"
        "attend(jnp.zeros((3, 9, 40)), jnp.zeros((3, 20)))\n",
        *("output", "num_units", None, None, "attention_directions"),
    )
    yield new(
        *("numpy", "samples-in-rows"),
        "def rnn_cell_forward(xt, a_prev, Wax, Waa):\n    return np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt))\n"
        "x = np.ones((10, 3))\npass  #! {fix}\n"
        "rnn_cell_forward(x, np.ones((5, 10)), np.ones((5, 3)), np.ones((5, 5)))\n",
        *("x", "order", (3, 10), (10, 3), "samples_in_columns"),
        other_fix="",
    )
    yield new(
        *("numpy", "gates-that-are-not-split"),
        "def gru_step(x, h, W, U):\n    gates = x @ W + h @ U\n    return gates * h\n"
        "gru_step(np.ones((3, 7)), np.ones((3, 20)), np.ones((7, 60)), np.ones((20, 60)))\n",
        *(None, None, None, None, "split_gates"),
    )


RETURNING = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {layer}
        self.conv = nn.Conv1d(9, 2, 3)
        self.fc = nn.Linear(40, 2)
    def forward(self, x):
        {first}
        {second}
Net()(torch.zeros(3, 9, 10))
"""
"""A module that uses what its recurrent layer returns."""


def returned_pairs() -> Iterator[Mistake]:
    """What a recurrent layer returns, where one tensor belongs."""
    lstm, both = "self.lstm = nn.LSTM(10, 40, batch_first=True)", "self.rnn = nn.GRU(10, 20, bidirectional=True)"
    named, whole = "out = self.lstm(x)  #! {fix}", ("output", None, None, None, "whole_pair")
    for name, layer, first, second, cause, with_code in (
        ("nested", lstm, "", "return self.fc(self.lstm(x))  #! {fix}", "whole_pair", False),
        ("named", both, "x = self.rnn(x)  #! {fix}", "return self.fc(x)", "whole_pair", True),
        ("viewed", lstm, named, "return out.contiguous().view(-1, 40)", "whole_pair", True),
        ("indexed", lstm, named, "return self.fc(out[:, -1])", "whole_pair", True),
        ("convolved", lstm, named, "return self.conv(out)", "whole_pair", True),
        ("joined", lstm, named, "return torch.cat([out, x], dim=-1)", "whole_pair", True),
        (
            "stacked",
            lstm.replace("10", "40"),
            "out = self.lstm(self.lstm(x.repeat(1, 1, 4)))  #! {fix}",
            "",
            "whole_pair",
            False,
        ),
        ("of-states", lstm, "out, h = self.lstm(x)  #! {fix}", "return self.fc(h.squeeze(0))", "pair_of_states", True),
        ("of-three-names", lstm, "out, h, c = self.lstm(x)  #! {fix}", "", "names_of_pair", False),
        ("of-a-gru", "self.rnn = nn.GRU(10, 20)", "out, (h, c) = self.rnn(x)  #! {fix}", "", "names_of_pair", False),
    ):
        program = RETURNING.replace("{layer}", layer).replace("{first}", first).replace("{second}", second)
        yield of("pytorch", "pair", name, program, *whole[:-1], cause, with_code=with_code)
    program = "model = nn.Sequential(nn.LSTM(10, 20), nn.Linear(20, 2))  #! {fix}\nmodel(torch.zeros(9, 3, 10))\n"
    yield of("pytorch", "pair", "in-sequential", program, *whole[:-1], "pair_passed_on", with_code=True)
    program = (
        "lstm = nn.LSTM(10, 20)\noutput = lstm(torch.zeros(9, 3, 10))  #! {fix}\n"
        "nn.MSELoss()(output, torch.zeros(9, 3, 20))\n"
    )
    yield of("pytorch", "pair", "in-a-loss", program, *whole, with_code=True)
    program = (
        "x = keras.Input((9, 10))\nx = layers.LSTM(20, return_state=True)(x)  #! {fix}\noutputs = layers.Dense(2)(x)\n"
    )
    yield of("keras", "list", "of-states", program, "output", None, None, None, "list_of_states", with_code=True)
