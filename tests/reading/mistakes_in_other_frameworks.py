"""Programs with mistakes in ONNX Runtime, TensorFlow 1, Flax, NumPy and JAX."""

from collections.abc import Iterator

from mistake import GATES, HIDDEN, Mistake, of


def of_onnx() -> Iterator[Mistake]:
    body = """
node = helper.make_node("LSTM", ["X", "W", "R", "B", "", "initial_h", "initial_c"], ["Y"], hidden_size=5)
names = ["X", "W", "R", "B", "initial_h", "initial_c"]
X = np.zeros((4, 3, 2), np.float32)
W = np.zeros((1, 20, 2), np.float32)
R = np.zeros((1, 20, 5), np.float32)
B = np.zeros((1, 40), np.float32)
initial_h = np.zeros((1, 3, 5), np.float32)
initial_c = np.zeros((1, 3, 5), np.float32)
{line}
arrays = dict(X=X, W=W, R=R, B=B, initial_h=initial_h, initial_c=initial_c)
inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * arrays[name].ndim) for name in names]
graph = helper.make_graph([node], "g", inputs, [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None] * 4)])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
options = onnxruntime.SessionOptions()
options.log_severity_level = 4
session = onnxruntime.InferenceSession(model.SerializeToString(), options)
session.run(None, arrays)
"""
    for name, line, values in (
        (
            "kernel-features",
            "W = np.zeros((1, 20, 7), np.float32)",
            ("kernel", "features", (1, 20, 2), (1, 20, 7), "other_features"),
        ),
        (
            "kernel-gates",
            "W = np.zeros((1, 15, 2), np.float32)",
            ("kernel", GATES, (1, 20, 2), (1, 15, 2), "other_cell"),
        ),
        (
            "kernel-order",
            "W = np.zeros((1, 2, 20), np.float32)  #! W = np.zeros((1, 2, 20), np.float32); {fix}",
            ("kernel", "order", (1, 20, 2), (1, 2, 20), "transposed"),
        ),
        (
            "recurrent-gates",
            "R = np.zeros((1, 15, 5), np.float32)",
            ("recurrent_kernel", GATES, (1, 20, 5), (1, 15, 5), "other_cell"),
        ),
        (
            "bias",
            "B = np.zeros((1, 20), np.float32)  #! B = np.zeros((1, 20), np.float32); {fix}",
            ("bias", GATES, (1, 40), (1, 20), "one_bias"),
        ),
        (
            "state-batch",
            "initial_h = np.zeros((1, 7, 5), np.float32)  #! {fix}",
            ("h_0", "batch_size", (1, 3, 5), (1, 7, 5), "last_batch"),
        ),
        (
            "state-directions",
            "initial_c = np.zeros((2, 3, 5), np.float32)  #! {fix}",
            ("c_0", HIDDEN, (1, 3, 5), (2, 3, 5), "one_direction"),
        ),
        (
            "state-units",
            "initial_h = np.zeros((1, 3, 6), np.float32)  #! {fix}",
            ("h_0", "num_units", (1, 3, 5), (1, 3, 6), "other_units"),
        ),
        (
            "state-order",
            "initial_h = np.zeros((3, 1, 5), np.float32)  #! initial_h = np.zeros((3, 1, 5), np.float32); {fix}",
            ("h_0", "order", (1, 3, 5), (3, 1, 5), "state_order"),
        ),
        (
            "two-axes",
            "X = np.zeros((4, 2), np.float32)  #! X = np.zeros((4, 2), np.float32); {fix};"
            " initial_h = initial_c = initial_h[:, :1]",
            ("x", "rank", 3, None, "missing_axis"),
        ),
    ):
        is_line = "#!" not in line
        other = "the corrected line makes another model" if is_line else ""
        yield Mistake(f"onnx-{name}", "onnx", body.format(line=line), *values, other_fix=other)  # type: ignore


def of_tf1() -> Iterator[Mistake]:

    run = "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
    yield of(
        "tf1",
        "",
        "two-axes",
        "x = tf.placeholder(tf.float32, [None, 7])\npass  #! {fix}\ncell = tf.nn.rnn_cell.LSTMCell(20)\n" + run,
        *("x", "rank", 3, 2, "missing_axis"),
    )
    for cell in ("BasicLSTMCell", "LSTMCell", "GRUCell", "BasicRNNCell"):
        yield of(
            "tf1",
            "",
            f"same-cell-{cell.lower()}",
            f"""
num_layers = 2
x = tf.placeholder(tf.float32, [None, 9, 7])
cell = tf.nn.rnn_cell.{cell}(20)
cell = tf.nn.rnn_cell.MultiRNNCell([cell] * 2)  #! cell = {{fix}}
"""
            + run,
            *("x", "features", (7,), (20,), "same_cell"),
            is_new=True,
        )
    yield of(
        "tf1",
        "",
        "dense",
        """
x = tf.placeholder(tf.float32, [None, 9, 7])
cell = tf.nn.rnn_cell.BasicLSTMCell(20)
outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
weights = tf.get_variable("w", [32, 3])  #! {fix}
logits = tf.matmul(outputs[:, -1], weights)
""",
        *("dense_input", "features", (None, 32), (None, 20), "dense_features"),
        with_code=True,
    )
    yield of(
        "tf1",
        "",
        "unknown-features",
        "features = 7\ninputs = tf.placeholder(tf.float32, [None, 9, None])\npass  #! {fix}\n"
        "cell = tf.nn.rnn_cell.GRUCell(20)\noutputs, state = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)\n",
        *("x", "features", None, None, "static_features"),
    )


def of_flax() -> Iterator[Mistake]:

    for cell in ("OptimizedLSTMCell", "GRUCell", "SimpleCell"):
        yield of(
            "flax",
            "",
            f"features-{cell.lower()}",
            f"""
model = nn.RNN(nn.{cell}(20))
key = jax.random.PRNGKey(0)
x = jnp.zeros((4, 9, 7))
variables = model.init(key, x)
x = jnp.zeros((4, 9, 8))
pass  #! {{fix}}
model.apply(variables, x)
""",
            *("kernel", "features", (8, 20), (7, 20), "init_features"),
        )


def of_numpy() -> Iterator[Mistake]:
    yield Mistake(
        "numpy-lstm-product",
        "numpy",
        """
def lstm_step(x, h, W, U, b):
    gates = x @ W + h @ U + b
    return gates
lstm_step(np.zeros((4, 8)), np.zeros((4, 20)), np.zeros((7, 80)), np.zeros((20, 80)), np.zeros(80))
""",
        *("x", "features", (7,), (8,), "other_features"),
        other_fix="the kernel has another name",
    )
    yield Mistake(
        "jax-lstm-product",
        "jax",
        """
def lstm_step(x, h, W, U, b):
    return jnp.dot(x, W) + jnp.dot(h, U) + b
lstm_step(jnp.zeros((4, 8)), jnp.zeros((4, 20)), jnp.zeros((7, 80)), jnp.zeros((20, 80)), jnp.zeros(80))
""",
        *("x", "features", (7,), (8,), "other_features"),
        other_fix="the kernel has another name",
    )
