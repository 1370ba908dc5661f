"""Programs with mistakes in arguments and data, in several frameworks."""

from collections.abc import Iterator
from typing import Any

from mistake import Mistake, of


def arguments_and_data() -> Iterator[Mistake]:
    """Mistakes in the arguments of Keras, in losses, in cells of one's own and in data."""

    def new(framework: str, name: str, program: str, *values: Any, other_fix: str = "", **more: bool) -> Mistake:
        other = other_fix or ("" if "#!" in program else "not declared")
        return of(framework, "", f"third-{name}", program, *values, other_fix=other, **more)

    for framework in ("keras", "keras2"):
        yield new(
            *(framework, "other-number-of-samples"),
            "model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(3), layers.Dense(1)])\n"
            "model.compile(loss='mse')\nx, y = np.zeros((8, 5, 2)), np.zeros((6, 1))\n"
            "pass  #! {fix}\nmodel.fit(x, y, verbose=0)\n",
            *("target", "batch_size", (8,), (6,), "other_samples"),
            with_code=True,
        )
        yield new(
            *(framework, "joined-outputs-of-other-steps"),
            "a, b = keras.Input((9, 2)), keras.Input((7, 2))\n"
            "layers.Concatenate()([layers.GRU(4, return_sequences=True)(one) for one in (a, b)])\n",
            *("output", "time_step", (None, 9, 4), (None, 7, 4), "other_steps"),
        )
        yield new(
            *(framework, "every-step-is-repeated"),
            "layers.RepeatVector(4)(layers.GRU(3, return_sequences=True)(keras.Input((9, 2))))\n",
            *("output", "rank", 2, 3, "repeated_every_step"),
        )
    yield new(
        *("keras", "cell-of-a-sequence"),
        "cell = layers.LSTMCell(7)\nx = np.zeros((2, 5, 3), 'float32')\n"
        "cell(x, [np.zeros((2, 7), 'float32')] * 2)  #! {fix}\n",
        *("x", "rank", 2, 3, "one_step"),
    )
    yield new(
        *("keras", "layer-of-a-cell-without-time"),
        "layer = layers.RNN(layers.GRUCell(12))\nx = np.zeros((16, 24), 'float32')\npass  #! {fix}\nlayer(x)\n",
        *("x", "rank", 3, 2, "missing_axis"),
    )
    yield new(
        *("keras", "state-of-a-layer-of-pytorch"),
        "layers.GRU(6)(np.zeros((2, 3, 4), 'float32'), initial_state=np.zeros((1, 2, 6), 'float32'))\n",
        *("h_0", "rank", 2, 3, "squeeze"),
    )
    yield new(
        *("keras", "one-state-of-an-lstm"),
        "layers.LSTM(6)(np.zeros((2, 3, 4), 'float32'), initial_state=np.zeros((2, 6), 'float32'))\n",
        *("c_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield new(
        *("keras", "weights-without-bias"),
        "one, other = layers.LSTM(5, use_bias=False), layers.LSTM(5)\none.build((None, 3, 2))\n"
        "other.build((None, 3, 2))\nother.set_weights(one.get_weights())\n",
        *("bias", None, (3,), (2,), "use_bias"),
    )
    yield new(
        *("keras", "target-in-mean-squared-error"),
        "model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(3), layers.Dense(2)])\n"
        "model.compile(loss='mse')\nmodel.fit(np.zeros((8, 5, 2)), np.zeros((8, 3)), verbose=0)\n",
        *("target", None, (2,), (3,), "target_shape"),
        with_code=True,
    )
    train = "model = keras.Sequential([layers.LSTM({layer}, input_shape=(7, 3)), layers.Dense({units})])\n"
    train += "model.compile(loss='{loss}')\nmodel.fit(np.zeros((8, 7, 3)), np.zeros({target}), verbose=0)\n"
    every = "4, return_sequences=True"
    for name, layer, units, loss, target, sizes in (
        ("classes-of-each-step", "4", 5, "sparse_categorical_crossentropy", (8, 7), ("batch_size", (8,), (56,))),
        (
            "one-class",
            "4, return_sequences=True",
            5,
            "sparse_categorical_crossentropy",
            (8,),
            ("batch_size", (56,), (8,)),
        ),
        ("logits", "4", "1, activation='sigmoid'", "binary_crossentropy", (8, 3), (None, (None, 1), (None, 3))),
        ("every-step-in-a-loss", every, 5, "mse", (8, 3), ("rank", 3, 2)),
        ("every-class-in-a-loss", "4", 5, "categorical_crossentropy", (8, 7, 5), ("rank", 3, 2)),
        ("units-in-a-loss", "4", 5, "mae", (8, 3), (None, (None, 5), (None, 3))),
    ):
        id = "target_shape"
        if sizes[0] is not None:
            id = "not_return_sequences" if "return" in layer else "return_sequences"
        yield new(
            *("keras2", name),
            train.format(layer=layer, units=units, loss=loss, target=target),
            *("output" if name == "every-class-in-a-loss" else "target", *sizes, id),
            with_code=True,
        )
    yield new(
        *("keras2", "kept-states-in-a-graph"),
        "model = keras.Sequential([layers.LSTM(4, batch_input_shape=(16, 6, 1), stateful=True)])\n"
        "model.compile(loss='mse')\nmodel.predict(np.zeros((10, 6, 1)), batch_size=16, verbose=0)\n",
        *("h_0", "batch_size", (10,), (16,), "last_batch"),
    )
    yield new(
        *("keras2", "states-of-a-call"),
        "import tensorflow as tf\nstates = [tf.zeros((4, 3))] * 2\n"
        "layers.LSTM(3)(np.zeros((2, 5, 4), 'float32'), initial_state=states)\n",
        *("h_0", "batch_size", (2,), (4,), "last_batch"),
    )
    yield new(
        *("keras2", "states-of-two-directions"),
        "import tensorflow as tf\nlayer = layers.Bidirectional(layers.LSTM(3))\n"
        "layer(np.zeros((2, 3, 4), 'float32'), initial_state=[tf.zeros((2, 3))] * 3)\n",
        *("h_0", None, None, None, "number_of_states"),
    )
    rnn = "from tf_keras.layers import GRUCell, LSTMCell\n"
    yield new(
        *("tf1", "lengths-of-a-graph"),
        rnn + "tf.nn.dynamic_rnn(GRUCell(4), tf.zeros((4, 6, 3)), sequence_length=[6, 5, 2], dtype=tf.float32)\n",
        *("lengths", "batch_size", (4,), (3,), "lengths"),
    )
    yield new(
        *("tf1", "lengths-of-a-run"),
        rnn + "lengths = tf.placeholder(tf.int32, [None])\n"
        "y, _ = tf.nn.dynamic_rnn(GRUCell(4), tf.zeros((4, 6, 3)), sequence_length=lengths, dtype=tf.float32)\n"
        "session = tf.Session()\nsession.run(tf.global_variables_initializer())\n"
        "session.run(y, {lengths: [6, 5, 2]})\n",
        *("lengths", "batch_size", (4,), (3,), "lengths"),
    )
    yield new(
        *("tf1", "array-for-a-list-of-steps"),
        rnn + "x = tf.zeros((4, 6, 3))\npass  #! {fix}\ntf.nn.static_rnn(GRUCell(4), x, dtype=tf.float32)\n",
        *("x", None, None, None, "list_of_steps"),
    )
    yield new(
        *("tf1", "state-of-another-batch"),
        rnn + "state = [tf.zeros((32, 8)), tf.zeros((32, 8))]\n"
        "tf.nn.dynamic_rnn(LSTMCell(8), tf.zeros((20, 5, 3)), initial_state=state)\n",
        *("h_0", "batch_size", (20,), (32,), "last_batch"),
    )
    yield new(
        *("tf1", "state-of-other-units"),
        rnn + "tf.nn.dynamic_rnn(GRUCell(4), tf.zeros((2, 6, 3)), initial_state=tf.zeros((2, 9)))\n",
        *("h_0", "num_units", (4,), (9,), "other_units"),
    )
    yield new(
        *("tf1", "one-state"),
        rnn + "tf.nn.dynamic_rnn(LSTMCell(4), tf.zeros((4, 6, 3)), initial_state=tf.zeros((4, 4)))\n",
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    )
    yield new(
        *("tf1", "every-step-to-a-dense-layer"),
        "from tensorflow.python.ops import gen_math_ops\n"
        + rnn
        + "outputs, _ = tf.nn.dynamic_rnn(GRUCell(7), tf.zeros((3, 5, 2)), dtype=tf.float32)\n"
        "pass  #! {fix}\ngen_math_ops.mat_mul(outputs, tf.zeros((7, 4)))\n",
        *("dense_input", "rank", 2, 3, "every_step"),
        with_code=True,
    )
    for name, shape, id, shapes in (
        ("all-steps", 200, "dense_all_steps", ((4, 200), (4, 20))),
        ("both-directions", 40, "dense_one_direction", ((4, 40), (4, 20))),
    ):
        bidirectional = ", bidirectional=True" if shape == 40 else ""
        yield new(
            *("pytorch", f"dense-of-{name}"),
            f"gru, fc = nn.GRU(7, 20{bidirectional}), nn.Linear({shape}, 3)\n"
            "y, h = gru(torch.zeros(9, 4, 7))\nfc(h[-1])\n",
            *("dense_input", "features", *shapes, id),
            with_code=True,
        )
    yield new(
        *("pytorch", "layer-above-two-directions"),
        "low, high = nn.LSTM(7, 20, bidirectional=True), nn.LSTM(20, 6)\nhigh(low(torch.zeros(9, 4, 7))[0])\n",
        *("x", "features", (20,), (40,), "directions_below"),
        with_code=True,
        is_new=True,
    )
    yield new(
        *("pytorch", "c-as-short-as-a-projected-h"),
        "lstm = nn.LSTM(10, 20, proj_size=5)\nh = torch.zeros(1, 4, 5)\nlstm(torch.zeros(9, 4, 10), (h, h))\n",
        *("c_0", "num_units", (1, 4, 20), (1, 4, 5), "projected_state"),
    )
    yield new(
        *("pytorch", "logits"),
        "lstm = nn.LSTM(7, 20)\noutput = lstm(torch.zeros(9, 4, 7))[0][-1, :, :1]\ntarget = torch.ones(4)\n"
        "criterion = nn.BCEWithLogitsLoss()\nloss = criterion(output, target)  #! {fix}\n",
        *("output", "rank", 1, 2, "target_axis"),
        with_code=True,
    )
    yield new(
        *("pytorch", "target-with-two-axes"),
        "lstm = nn.LSTM(7, 20)\ny, _ = lstm(torch.zeros(9, 4, 7))\n"
        "nn.CrossEntropyLoss()(y[-1], torch.ones(4, 1).long())\n",
        *("target", "rank", 1, None, "target_shape"),
        with_code=True,
    )
    yield new(
        *("pytorch", "sequences-of-other-lengths"),
        "sequences = [torch.zeros(5, 3), torch.zeros(7, 3)]\nlstm = nn.LSTM(3, 6, batch_first=True)\n"
        "x = next(iter(torch.utils.data.DataLoader(sequences, batch_size=2)))  #! {fix}\nlstm(x)\n",
        *("x", "time_step", (5,), (7,), "collate"),
        with_code=True,
        other_fix="the corrected line replaces a part of another line",
    )
    yield new(
        *("pytorch", "lists-of-other-lengths"),
        "lstm = nn.LSTM(1, 6)\nlstm(torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0]]))\n",
        *("x", "time_step", (3,), (2,), "unequal_lengths"),
    )
    ctc = (
        "lstm = nn.LSTM(7, 20, batch_first=True)\nlog_probs = lstm(torch.zeros(4, 50, 7))[0].log_softmax(2)\n"
        "ctc_loss, targets = nn.CTCLoss(), torch.ones(4, 10).long()\n"
        "input_lengths, target_lengths = torch.full((4,), 50), torch.full((4,), 10)\n"
    )
    yield new(
        *("pytorch", "time-in-ctc"),
        ctc + "ctc_loss(log_probs, targets, input_lengths, target_lengths)  #! {fix}\n",
        *("lengths", "batch_size", None, None, "ctc_axes"),
        with_code=True,
    )
    yield new(
        *("pytorch", "lengths-in-ctc"),
        ctc + "ctc_loss(log_probs.transpose(0, 1), targets, input_lengths + 9, target_lengths)  #! {fix}\n",
        *("lengths", "time_step", (50,), (59,), "ctc_axes"),
        with_code=True,
    )
    yield new(
        *("flax", "h-for-h-and-c"),
        "cell = nn.LSTMCell(16)\nx, key = jnp.zeros((3, 7)), jax.random.PRNGKey(0)\n"
        "carry = jnp.zeros((3, 16))  #! h = jnp.zeros((3, 16)); {fix}\ncell.init(key, carry, x)\n",
        *("h_0", None, (2,), (1,), "h_for_h_c"),
    )
    step = (
        "def gru_step(h, x):\n    z = x @ Wx + h @ Wh\n    return z, z\n"
        "Wx, Wh = jnp.zeros((6, 20)), jnp.zeros((20, 20))\n"
    )
    for name, state, xs, said in (
        ("carry-of-one-sample", "(1, 20)", "jnp.zeros((10, 3, 6))", ("h_0", "batch_size", (3, 20), (1, 20), "carry")),
        ("state-of-other-units", "(3, 8)", "jnp.zeros((10, 3, 6))", ("h_0", "num_units", (20,), (8,), "other_units")),
        ("state-of-other-samples", "(4, 20)", "jnp.zeros((10, 3, 6))", ("h_0", "batch_size", (3,), (4,), "last_batch")),
    ):
        yield new("jax", name, step + f"jax.lax.scan(gru_step, jnp.zeros({state}), {xs})\n", *said)
    yield new(
        *("jax", "scan-of-other-steps"),
        step
        + "jax.lax.scan(lambda h, xy: gru_step(h, xy[0]), jnp.zeros((3, 20)), (jnp.zeros((10, 3, 6)), jnp.zeros(9)))\n",
        *("x", "time_step", (10,), (9,), "scan_steps"),
    )
    columns = "def rnn_step(W, U, x, h_prev):\n    return np.tanh(np.dot(W, x) + U @ h_prev)\n"
    for name, x, h, told in (
        ("columns-of-x", (6, 1), (8, 1), ("x", "features", (5,), (6,), "other_features")),
        ("columns-of-h", (5, 1), (7, 1), ("h_0", "num_units", (8,), (7,), "other_units")),
        ("samples-of-h", (5, 2), (8, 3), ("h_0", "batch_size", (2,), (3,), "last_batch")),
    ):
        call = f"rnn_step(np.zeros((8, 5)), np.zeros((8, 8)), np.zeros({x}), np.zeros({h}))\n"
        yield new("numpy", name, columns + call, *told)
    yield new(
        *("numpy", "samples-of-c"),
        "def lstm_step(f, i, g, c):\n    return f * c + i * g\n"
        "lstm_step(np.ones((4, 6)), np.ones((4, 6)), np.ones((4, 6)), np.ones((3, 6)))\n",
        *("c_0", "batch_size", (4,), (3,), "other_batch"),
    )
