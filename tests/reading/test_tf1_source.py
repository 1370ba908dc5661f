"""The chain of layers of programs for TensorFlow 1. `programs` has whole ones, which the oracles run."""

from textwrap import dedent

import pytest
from chains import config, layers, unknown

from app.reading.code.layers_in_order import read
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state.parsing import parse
from app.url_state_to_picture.model.model_url_state import ChainUrlState
from app.url_state_to_picture.model.read_layer import query_of
from app.url_state_to_picture.model.read_model import read_chain

HEAD = "import tensorflow as tf\nx = tf.placeholder(tf.float32, [None, 28, 7])\n"


def test_cells_that_are_alike_are_the_layers_of_one_stack() -> None:
    for cells in ("[cell() for _ in range(3)]", "[cell(), cell(), cell()]", "[one] * 3"):
        source = HEAD + (
            "def cell():\n  return tf.nn.rnn_cell.GRUCell(20)\n"
            f"one = cell()\nstack = tf.nn.rnn_cell.MultiRNNCell({cells})\n"
            "outputs, state = tf.nn.dynamic_rnn(stack, x, dtype=tf.float32)\ny = tf.layers.dense(state[-1], 2)\n"
        )
        assert [line.partition(": ")[2] for line in layers(source)] == ["gru ? 28 7 -> ? 28 20", "dense ? 20 -> ? 2"]
        assert config(source, "features", "num_units", "num_layers", "bidirectional") == [7, 20, 3, False]


def test_cells_of_different_sizes_are_layers_of_their_own() -> None:
    source = HEAD + (
        "from tensorflow.contrib import rnn\n"
        "stack = rnn.MultiRNNCell([rnn.LSTMCell(n, num_proj=n // 4) for n in (64, 32)])\n"
        "outputs, state = tf.nn.dynamic_rnn(stack, x, dtype=tf.float32)\n"
        "c = tf.layers.dense(state[0].c, 2)\nh = tf.layers.dense(state[1].h, 2)\n"
    )
    assert layers(source) == [
        "-: lstm ? 28 7 -> ? 28 16",
        "-: lstm ? 28 16 -> ? 28 8",
        "-: dense ? 64 -> ? 2",
        "-: dense ? 8 -> ? 2",
    ]


def test_a_number_of_layers_that_nobody_gives_is_unknown() -> None:
    for cells in ("[tf.nn.rnn_cell.LSTMCell(9) for _ in range(n)]", "[tf.nn.rnn_cell.LSTMCell(9)] * n"):
        source = HEAD + (
            f"def build(n):\n  stack = tf.nn.rnn_cell.MultiRNNCell({cells})\n"
            "  return tf.nn.dynamic_rnn(stack, x, dtype=tf.float32)[0]\n"
        )
        assert layers(source) == ["-: lstm ? 28 7 -> ? 28 9"]
        assert config(source, "num_units", "num_layers") == [9, None]


def test_steps_in_a_list_are_time_first() -> None:
    source = HEAD + (
        "steps = tf.unstack(x, 28, 1)\n"
        "outputs, _ = tf.nn.static_rnn(tf.nn.rnn_cell.BasicRNNCell(5), steps, dtype=tf.float32)\n"
        "w = tf.Variable(tf.random_normal([5, 3]), name='w')\ny = tf.matmul(outputs[-1], w)\n"
    )
    assert layers(source) == ["-: rnn 28 ? 7 -> 28 ? 5", "w: dense ? 5 -> ? 3"]
    assert config(source, "time_major") == [True]


def test_the_order_of_arguments_before_tensorflow_1_is_read() -> None:
    source = HEAD + (
        "fw = tf.nn.rnn_cell.GRUCell(6)\nbw = tf.nn.rnn_cell.GRUCell(6)\n"
        "both, _ = tf.nn.bidirectional_dynamic_rnn(fw, bw, x, dtype=tf.float32)\n"
        "y = tf.layers.dense(tf.concat(2, both), 4)\n"
    )
    assert layers(source) == ["fw: gru ? 28 7 -> ? 28 6", "-: dense ? 28 12 -> ? 28 4"]


@pytest.mark.parametrize(
    ("cell", "query"),
    [
        ("LSTMCell(20, num_proj=5)", "?time_step=28&features=7&num_units=20&num_proj=5&framework=tf1"),
        ("BasicLSTMCell(20, forget_bias=0.0)", "?time_step=28&features=7&num_units=20&framework=tf1&forget_bias=0"),
        ("LSTMCell(20, use_peepholes=True)", "?cell=lstm_peephole&time_step=28&features=7&num_units=20&framework=tf1"),
        ("GRUCell(20)", "?cell=gru&time_step=28&features=7&num_units=20&framework=tf1"),
        ("BasicRNNCell(20)", "?cell=rnn&time_step=28&features=7&num_units=20&framework=tf1"),
        ("BasicRNNCell(20, activation=tf.nn.relu)", None),
        ("BasicLSTMCell(20, forget_bias=0.5)", None),
        ("GRUCell(size)", None),
    ],
)
def test_a_layer_has_the_link_to_its_picture(cell: str, query: str | None) -> None:
    source = HEAD + f"outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.{cell}, x, dtype=tf.float32)\n"
    layer = read(source).layers[0]

    assert query_of(layer) == query


def test_what_is_not_understood_is_listed() -> None:
    source = HEAD + (
        "cell = tf.nn.rnn_cell.LSTMCell(20)\n"
        "cell = tf.contrib.rnn.AttentionCellWrapper(cell, 5)\n"
        "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n"
        "loss = tf.reduce_mean(tf.square(x))\ntrain = tf.train.AdamOptimizer(0.1).minimize(loss)\n"
    )
    assert layers(source) == []
    assert unknown(source) == [
        "cell = tf.contrib.rnn.AttentionCellWrapper(cell, 5)",
        "outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)",
    ]


def test_a_size_from_another_module_is_unknown_and_listed() -> None:
    source = """
        import tensorflow as tf
        FLAGS = tf.app.flags.FLAGS
        x = tf.placeholder(tf.float32, [20, 35, 4])
        o, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(FLAGS.units), x, dtype=tf.float32)
    """
    assert layers(source) == ["-: gru 20 35 4 -> 20 35 ?"]
    assert unknown(source) == ["o, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(FLAGS.units), x, dtype=tf.float32)"]


def test_a_main_function_that_the_app_runs_is_followed() -> None:
    for run in ("tf.app.run()", "tf.app.run(main=main)", "tf.compat.v1.app.run(main)"):
        source = f"""
            import tensorflow as tf
            def net(x):
                return tf.layers.dense(x, 10)
            def main(_):
                net(tf.placeholder(tf.float32, [None, 39]))
            if __name__ == "__main__":
                {run}
        """
        assert layers(source) == ["-: dense ? 39 -> ? 10"]


@pytest.mark.parametrize(
    ("code", "bias"),
    [
        ("tf.matmul(y, w) + b", True),
        ("b + tf.matmul(y, w)", True),
        ("tf.nn.bias_add(tf.matmul(y, w), b)", True),
        ("tf.nn.xw_plus_b(y, w, b)", True),
        ("tf.matmul(y, w)", None),
        ("tf.matmul(y, w) + y", None),
    ],
)
def test_a_variable_that_is_added_to_a_product_is_its_bias(code: str, bias: bool | None) -> None:
    source = HEAD + (
        f"w, b = tf.get_variable('w', [7, 5]), tf.get_variable('b', [5])\ny = tf.reshape(x, [-1, 7])\nz = {code}\n"
    )
    assert config(source, "features", "num_units", "bias") == [7, 5, bias]


def test_a_variable_that_is_read_twice_is_one_layer() -> None:
    source = HEAD + (
        "w = tf.get_variable('w', [7, 5])\n"
        "a = tf.matmul(tf.reshape(x, [-1, 7]), w)\n"
        "b = tf.matmul(tf.reshape(-x, [-1, 7]), w)\n"
    )
    first, second = read(source).layers

    assert (first.own, second.own) == (None, 0)


DECODER = """
import tensorflow as tf
x = tf.placeholder(tf.float32, [None, 7, 10])
y, s = tf.nn.dynamic_rnn(tf.contrib.rnn.GRUCell(20), x, dtype=tf.float32)
attention = tf.contrib.seq2seq.LuongAttention(20, y)
cell = tf.contrib.seq2seq.AttentionWrapper(tf.contrib.rnn.GRUCell(20), attention)
head = tf.layers.Dense(50)
decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, state, output_layer=head)
loss = tf.contrib.seq2seq.sequence_loss(y, targets, weights)
"""


def test_what_decodes_a_sequence_is_listed_since_it_calls_layers_that_it_is_given() -> None:
    """Its layers are not read, and none of them is said to be never called; a loss calls none."""
    assert [(line.line, line.reason) for line in read(DECODER).unknown] == [
        (line, "what this returns is not known") for line in (5, 6, 8)
    ]


@pytest.mark.parametrize(
    "call", ["tf.layers.dropout(h, 0.3)", "tf.layers.dropout(h, training=True)", "tf.nn.dropout(h, keep_prob=0.5)"]
)
def test_dropout_is_a_layer(call: str) -> None:
    lines = f"h = tf.layers.dense(x, 8)\nh = {call}\ny = tf.layers.dense(h, 2)\n"

    assert layers(f"import tensorflow as tf\nx = tf.placeholder(tf.float32, [None, 5])\n{lines}") == [
        "-: dense ? 5 -> ? 8",
        "-: dropout ? 8 -> ? 8",
        "-: dense ? 8 -> ? 2",
    ]


def test_fused_layers_get_all_steps_with_the_time_first() -> None:
    """Their kernels are those of the cell with peepholes or without: 4·25·(50 + 25) + 100, and 3·8 numbers more."""
    source = """
        import tensorflow as tf
        x = tf.placeholder(tf.float32, [12, 4, 50])
        forward = tf.contrib.rnn.LSTMBlockFusedCell(25)
        backward = tf.contrib.rnn.TimeReversedFusedRNN(tf.contrib.rnn.LSTMBlockFusedCell(25))
        a, (_, h) = forward(x, dtype=tf.float32)
        b, _ = backward(x, dtype=tf.float32)
        y = tf.layers.dropout(tf.concat([a, b], axis=-1), rate=0.3)
        z, (c, _) = tf.contrib.rnn.LSTMBlockFusedCell(8, use_peephole=True)(y, dtype=tf.float32)
        tf.layers.dense(tf.nn.dropout(c, keep_prob=0.9), 3)
    """
    assert layers(source) == [
        "forward: lstm 12 4 50 -> 12 4 25",
        "backward: lstm 12 4 50 -> 12 4 25",
        "-: dropout 12 4 50 -> 12 4 50",
        "-: lstm 12 4 50 -> 12 4 8",
        "-: dropout 4 8 -> 4 8",
        "-: dense 4 8 -> 4 3",
    ]
    read_layers = read(dedent(source)).layers
    assert [layer.config.get("go_backwards") for layer in read_layers[:2]] == [False, True]
    assert [layer.config["dropout"] for layer in read_layers if layer.kind == "dropout"] == [0.3, 0.1]
    pairs = [*read_chain(read_layers, MAX_TEXT_LENGTH).fields.items()]
    shown = ChainUrlState.of(parse(pairs, strict=True), pairs).layers
    assert [one.count.value for one in shown if one.layer.kind == "lstm"] == [7600, 7600, 4 * 8 * (50 + 8 + 1) + 24]
    assert [query_of(layer) is None for layer in read_layers[:2]] == [False, True]
    assert unknown(source) == []


def test_each_graph_is_a_model() -> None:
    bodies = [
        f"  x = tf.placeholder(tf.float32, {shape})\n"
        f"  y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell({units}), x, dtype=tf.float32)\n"
        for shape, units in (("[None, 20, 26]", 128), ("[8, 50, 13]", 17))
    ]
    graphs = (
        "with tf.Graph().as_default():\n{}with tf.Graph().as_default():\n{}",
        "g, h = tf.Graph(), tf.Graph()\nwith g.as_default():\n{}with h.as_default() as h:\n{}",
        "if 1:\n{}tf.reset_default_graph()\nif 1:\n{}",
        "def first():\n  tf.reset_default_graph()\n{}def second():\n  tf.reset_default_graph()\n{}first()\nsecond()",
    )
    for source in graphs:
        models = read("import tensorflow as tf\n" + source.format(*bodies)).models
        assert [[layer.input for layer in model] for model in models] == [[(None, 20, 26)], [(8, 50, 13)]]


def test_the_batch_of_one_graph_is_not_that_of_another() -> None:
    source = (
        "import tensorflow as tf\nwith tf.Graph().as_default():\n  x = tf.placeholder(tf.float32, [None, 20, 26])\n"
        "  y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(128), x, dtype=tf.float32)\n"
        "with tf.Graph().as_default():\n  z = tf.placeholder(tf.float32, [8, 50, 13])\n"
        "  w, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(17), z, dtype=tf.float32)\n"
    )
    assert [read_chain(model, MAX_TEXT_LENGTH).batch_size for model in read(source).models] == [None, 8]


def test_what_is_added_to_a_graph_later_belongs_to_its_model() -> None:
    source = (
        "import tensorflow as tf\ng = tf.Graph()\n"
        "with g.as_default():\n  x = tf.placeholder(tf.float32, [None, 9, 5])\n"
        "  y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x, dtype=tf.float32)\n"
        "with tf.Graph().as_default():\n  z = tf.layers.dense(tf.placeholder(tf.float32, [3, 2]), 6)\n"
        "with g.as_default():\n  out = tf.layers.dense(y[:, -1], 7)\n"
    )
    assert [[layer.kind for layer in model] for model in read(source).models] == [["gru", "dense"], ["dense"]]


def test_a_model_that_a_constructor_makes_has_the_name_of_its_class() -> None:
    source = (
        "import tensorflow as tf\nclass Tagger(object):\n  def __init__(self, config):\n"
        "    x = tf.placeholder(tf.float32, [None, 28, 7])\n"
        "    y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(5), x, dtype=tf.float32)\n"
    )
    assert read(source).names == ["Tagger"]
    assert read(source + "m = Tagger(None)\n").names == ["Tagger"]
