"""The first cause corrects a line that is wrong, and none that fits what it gets or that stands in the program already.

PyTorch 2.13, Keras 3, TensorFlow 2.20, and Flax 0.12 on JAX 0.7 raised the messages for such programs, which run with
the corrected lines.
"""

import handwritten_cells
import networks
import pytest
from marked_programs import MarkedPrograms
from pasted_programs import likely, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import NotFoundError, explain

# -- layers of nnx -----------------------------------------------------------------------------------------------------

GAIT = """import jax.numpy as jnp
from flax import nnx
class Gait(nnx.Module):
    def __init__(self, sizes: "Sizes", rngs):
        self.joints = nnx.Linear(sizes.joints, sizes.poses, rngs=rngs)
        self.walk = nnx.RNN(nnx.GRUCell(sizes.joints, sizes.units, rngs=rngs))

    def __call__(self, clip):
        return self.walk({x})

class Sizes:
    joints: int = 31
    poses: int = 12
    units: int = 20

Gait(Sizes(), nnx.Rngs(0))(jnp.zeros((9, 14, 31)))
"""
IN_NNX = (
    '  File "/site-packages/flax/nnx/nn/recurrent.py", line 721, in __call__\n'
    "    x_transformed = self.dense_i(inputs)\n                    ^^^^^^^^^^^^^^^^^^^^\n"
    '  File "/site-packages/flax/nnx/nn/linear.py", line 422, in __call__\n    y = self.dot_general(\n'
    "TypeError: dot_general requires contracting dimensions to have the same shape, got ({},) and ({},)."
)


@pytest.mark.parametrize("before", ["", "        clip = self.joints(clip)\n"])
def test_a_layer_that_fits_its_own_x_keeps_its_sizes(before: str) -> None:
    line = "return self.walk(clip)" if before else "return self.walk(self.joints(clip))"
    source = GAIT.format(x="clip" if before else "self.joints(clip)").replace(
        "        return", f"{before}        return"
    )
    made = "self.walk = nnx.RNN(nnx.GRUCell({}, sizes.units, rngs=rngs))"

    assert likely(pasted(source, [line], IN_NNX.format(12, 31))) == (
        ["other_features"],
        {made.format("sizes.joints"): made.format("sizes.poses")},
    )


# -- loops over samples ------------------------------------------------------------------------------------------------

TIDES = """import jax
import jax.numpy as jnp
def tick(p, h, x_t):
    h = jnp.tanh(x_t @ p["W"] + h @ p["U"])
    return h, h

def heights(p, series):
    {h}
    h, _ = jax.lax.scan(lambda h, x_t: tick(p, h, x_t), h, series)
    return h

def error(p, series):
    return (heights(p, series) ** 2).mean()

p = {{"W": jnp.ones((3, 25)), "U": jnp.ones((25, 25))}}
{call}
"""
OF_SUM = "TypeError: add got incompatible shapes for broadcasting: (11, 25), (16, 25)."
SCANS = "h, _ = jax.lax.scan(lambda h, x_t: tick(p, h, x_t), h, series)"


@pytest.mark.parametrize(
    "call",
    [
        "print(jax.value_and_grad(error)(p, jnp.ones((16, 11, 3))))",
        "gradient = jax.jit(jax.grad(error))\nprint(gradient(p, jnp.ones((16, 11, 3))))",
        "print(jax.value_and_grad(error)(p, load()))",
    ],
)
@pytest.mark.parametrize(
    "h", ["h = jnp.zeros((series.shape[0], 25))", "n, t, _ = series.shape\n    h = jnp.zeros((n, 25))"]
)
def test_a_state_for_the_first_axis_of_x_tells_a_scan_over_samples(call: str, h: str) -> None:
    frames = [call.rpartition("\n")[2], "return (heights(p, series) ** 2).mean()", SCANS]
    frames.append('h = jnp.tanh(x_t @ p["W"] + h @ p["U"])')
    text = pasted(TIDES.format(h=h, call=call), frames, OF_SUM)

    assert explain(text).mismatch.axis == "order"
    assert likely(text) == (["scan_axis"], {SCANS: SCANS.replace("series)", "series.swapaxes(0, 1))")})


# -- arguments of cells ------------------------------------------------------------------------------------------------

OF_LINEN = (
    '  File "/site-packages/flax/linen/recurrent.py", line 588, in __call__\n'
    "    r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))\n"
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/cell/ir", the given initializer is expected to'
    " generate shape (5, 5), but the existing parameter it received has shape (40, 5)."
)
OF_PAIR = (
    '  File "/site-packages/flax/linen/recurrent.py", line 147, in __call__\n    c, h = carry\n    ^^^^\n'
    "ValueError: too many values to unpack (expected 2)"
)
OF_TORCH = "RuntimeError: input has inconsistent input_size: got 40 expected 5"


@pytest.mark.parametrize(
    ("line", "right", "error"),
    [
        ("h, y = self.cell(song[:, t], h)", "h, y = self.cell(h, song[:, t])", OF_LINEN),
        (
            "state, y = self.cell(song[:, n], state)",
            "state, y = self.cell(state, song[:, n])",
            IN_NNX.format(40, 5),
        ),
        ("carry, y = cell(song[:, n], carry)", "carry, y = cell(carry, song[:, n])", OF_PAIR),
        ("h = self.cell(h, x_t)", "h = self.cell(x_t, h)", OF_TORCH),
    ],
)
def test_the_state_that_a_cell_returns_is_no_x(line: str, right: str, error: str) -> None:
    explanation = explain(pasted("", [line], error))
    mismatch, sizes = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis) == ("x", "order")
    assert [(one.id, one.fix) for one in mismatch.causes] == [("exchanged_arguments", right)]
    assert sizes and (sizes.features, sizes.num_units) in ((5, 40), (None, None))


@pytest.mark.parametrize("line", ["h = self.cell(x_t, h)", "x = self.upper(x, h)", "h = self.upper(h, s)"])
def test_other_arguments_keep_their_order(line: str) -> None:
    assert "exchanged_arguments" not in likely(pasted("", [line], OF_TORCH))[0]


# -- objects of loops --------------------------------------------------------------------------------------------------

TORCH = """import torch
from torch import nn
class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.rnn = nn.GRU(n_in, n_out, batch_first=True{both})

    def forward(self, x):
        return self.rnn(x)[0]

class Stack(nn.Module):
    def __init__(self, channels, width, depth):
        super().__init__()
        self.blocks = nn.ModuleList()
        for {n} in range(depth):
            self.blocks.append(Block(channels, width))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

Stack(7, 33, 3)(torch.randn(4, 12, 7))
"""
OF_INPUT = "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got {}"


@pytest.mark.parametrize(("both", "units"), [("", "width"), (", bidirectional=True", "2 * width")])
@pytest.mark.parametrize("n", ["i", "_"])
def test_only_the_first_object_of_a_loop_reads_the_features_of_x(both: str, units: str, n: str) -> None:
    frames = ["x = block(x)", "return self.rnn(x)[0]"]
    text = pasted(TORCH.format(both=both, n=n), frames, OF_INPUT.format(66 if both else 33))
    target = "n" if n == "_" else n
    made = "self.blocks.append(Block({}, width))"
    lines = {made.format("channels"): made.format(f"channels if {target} == 0 else {units}")}
    renamed = {"for _ in range(depth):": "for n in range(depth):"} if n == "_" else {}

    assert likely(text) == (["layer_below"], renamed | lines)


NUMPY = """import numpy as np
class Elman:
    def __init__(self, rows, units):
        self.W, self.U = np.ones((rows, units)), np.ones((units, units))

    def run(self, xs):
        h, hs = np.zeros((len(xs), len(self.U))), []
        for t in range(xs.shape[1]):
            h = np.tanh(xs[:, t] @ self.W + h @ self.U)
            hs.append(h)
        return np.stack(hs, 1)

class Deep:
    def __init__(self, rows, units, depth):
        self.cells = [Elman(rows, units) for _ in range(depth)]

    def run(self, xs):
        for cell in self.cells:
            xs = cell.run(xs)
        return xs

Deep(6, 19, 2).run(np.ones((5, 8, 6)))
"""
OF_MATMUL = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 6 is different from 19)"
)


def test_only_the_first_handwritten_layer_reads_the_features_of_x() -> None:
    frames = ["Deep(6, 19, 2).run(np.ones((5, 8, 6)))", "xs = cell.run(xs)"]
    frames.append("h = np.tanh(xs[:, t] @ self.W + h @ self.U)")
    line = "self.cells = [Elman(rows, units) for _ in range(depth)]"
    text = pasted(NUMPY, frames, OF_MATMUL)
    shapes = comparison(explain(text))

    assert shapes and (shapes.expected, shapes.got) == ((None, None, 6), (None, None, 19))  # x in red
    assert likely(text) == (
        ["layer_below"],
        {line: "self.cells = [Elman(rows if n == 0 else units, units) for n in range(depth)]"},
    )


NNX = """import jax.numpy as jnp
from flax import nnx
class Deep(nnx.Module):
    def __init__(self, rows, units, depth, rngs):
        self.layers = nnx.List([nnx.RNN(nnx.GRUCell(rows, units, rngs=rngs)) for i in range(depth)])

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

Deep(31, 12, 2, nnx.Rngs(0))(jnp.ones((4, 9, 31)))
"""


def test_only_the_first_cell_of_a_list_reads_the_features_of_x() -> None:
    line = "self.layers = nnx.List([nnx.RNN(nnx.GRUCell({}, units, rngs=rngs)) for i in range(depth)])"

    assert likely(pasted(NNX, ["x = layer(x)"], IN_NNX.format(12, 31))) == (
        ["layer_below"],
        {line.format("rows"): line.format("rows if i == 0 else units")},
    )


# -- transposed weights ------------------------------------------------------------------------------------------------

PORT = """import numpy as np
from tensorflow import keras

def port(layer, saved):
    W, U = saved["weight_ih"], {recurrent}
    weights = [W, U, saved["bias"]]
    layer.set_weights({weights})

port(keras.layers.GRU(22), np.load("gru.npz"))
"""
OF_WEIGHTS = "ValueError: Layer {} weight shape (5, 66) is not compatible with provided weight shape (66, 5)."


@pytest.mark.parametrize(
    ("recurrent", "is_turned"),
    [('saved["weight_hh"].T', True), ('np.swapaxes(saved["weight_hh"], 0, 1)', True), ('saved["weight_hh"]', False)],
)
@pytest.mark.parametrize("weights", ["[W, U, saved['bias']]", "weights"])
def test_weights_that_are_transposed_before_stay_so(recurrent: str, is_turned: bool, weights: str) -> None:
    line = f"layer.set_weights({weights})"
    text = pasted(PORT.format(recurrent=recurrent, weights=weights), [line], OF_WEIGHTS.format("gru"))
    ((given, fixed),) = likely(text)[1].items()

    assert given == ('weights = [W, U, saved["bias"]]' if weights == "weights" else line)
    assert fixed == given.replace("W, U", "W.T, U" if is_turned else "W.T, U.T")


def test_a_layer_that_is_called_rnn_may_have_any_cell() -> None:
    said = [str(explain(OF_WEIGHTS.format(name)).mismatch.note) for name in ("rnn", "gru_2", "simple_rnn")]

    assert said[0].endswith("66 columns are those of a GRU with 22 units or of a simple RNN with 66.")
    assert said[1:] == ["None", "None"]


# -- TensorFlow 1 ------------------------------------------------------------------------------------------------------

LOG = """WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1796083994.541317   13061 cudart_stub.cc:31] Could not find cuda drivers on your machine.
m.py:9: UserWarning: `tf.nn.rnn_cell.{cell}` is deprecated. This class is equivalent as `tf.keras.layers.LSTMCell`.
  there = tf.nn.rnn_cell.{cell}(UNITS)
WARNING:tensorflow:From m.py:11: bidirectional_dynamic_rnn (from tensorflow) is deprecated and will be removed.
Instructions for updating:
Please use `keras.layers.Bidirectional(keras.layers.RNN(cell))`, which is equivalent to this API
"""
TF1 = """import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
UNITS = 18
out = {{"w": {made}, "b": tf.Variable(tf.zeros([4]))}}
others = {{"w": tf.Variable(tf.zeros([7, 7]))}}

def network(x, out):
    there = tf.nn.rnn_cell.{cell}(UNITS)
    back = tf.nn.rnn_cell.{cell}(UNITS)
    both, _ = tf.nn.bidirectional_dynamic_rnn(there, back, x, dtype=tf.float32)
    return tf.matmul(tf.concat(both, 2)[:, -1], out["w"]) + out["b"]

x = tf.placeholder(tf.float32, [5, 12, 3])
scores = network(x, out)
"""
OF_GRAPH = (
    "ValueError: Dimensions must be equal, but are 36 and 18 for '{{node MatMul}} = MatMul[T=DT_FLOAT](strided_slice,"
    " Variable/read)' with input shapes: [5,36], [18,4]."
)


@pytest.mark.parametrize(
    ("made", "fixed"),
    [
        ("tf.Variable(tf.random_normal([UNITS, 4]))", "tf.Variable(tf.random_normal([2 * UNITS, 4]))"),
        ('tf.get_variable("w", [UNITS, 4])', 'tf.get_variable("w", [2 * UNITS, 4])'),
    ],
)
@pytest.mark.parametrize(("cell", "kind"), [("BasicRNNCell", "rnn"), ("GRUCell", "gru"), ("LSTMCell", "lstm")])
def test_a_log_of_tensorflow_names_no_framework_and_no_cell(made: str, fixed: str, cell: str, kind: str) -> None:
    frames = ["scores = network(x, out)", 'return tf.matmul(tf.concat(both, 2)[:, -1], out["w"]) + out["b"]']
    text = f"{TF1.format(made=made, cell=cell)}\n{LOG.format(cell=cell)}{pasted('', frames, OF_GRAPH)}"
    explanation = explain(text)
    line = 'out = {{"w": {}, "b": tf.Variable(tf.zeros([4]))}}'

    assert explanation.framework == "tf1"
    assert likely(text) == (["output_directions"], {line.format(made): line.format(fixed)})
    network = explanation.configuration
    assert network and (network.cell, network.bidirectional) == (kind, True)
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (5, 12, 3, 18)


# -- last batches ------------------------------------------------------------------------------------------------------

FLOOD = """import jax
import jax.numpy as jnp
from flax import linen as nn

class Flood(nn.Module):
    @nn.compact
    def __call__(self, x, carry):
        carry, ys = nn.RNN(nn.LSTMCell(28), return_carry=True)(x, initial_carry=carry)
        return nn.Dense(1)(ys[:, -1]), carry

def parts(rain, size):
    for first in range(0, len(rain), size):
        yield rain[first : first + size]

rain = jnp.ones((50, 9, 4))
net, carry = Flood(), (jnp.zeros((16, 28)), jnp.zeros((16, 28)))
params = net.init(jax.random.key(0), rain[:16], carry)
for x in parts(rain, 16):
    y, carry = net.apply(params, x, carry)
"""
OF_CARRY = (
    '  File "/site-packages/flax/linen/recurrent.py", line 588, in __call__\n'
    "    i = self.gate_fn(dense_i(name='ii')(inputs) + dense_h(name='hi')(h))\n"
    "TypeError: add got incompatible shapes for broadcasting: (2, 28), (16, 28)."
)


def test_a_loop_over_slices_leaves_out_a_smaller_last_one() -> None:
    frames = ["y, carry = net.apply(params, x, carry)"]
    frames.append("carry, ys = nn.RNN(nn.LSTMCell(28), return_carry=True)(x, initial_carry=carry)")
    ids, lines = likely(pasted(FLOOD, frames, OF_CARRY))

    assert ids[0] == "last_batch"
    assert lines == {
        "for first in range(0, len(rain), size):": "for first in range(0, len(rain) - size + 1, size):",
    }


# -- texts without a program -------------------------------------------------------------------------------------------

OF_CHECKPOINT = "RuntimeError: Error(s) in loading state_dict for Net:\n"
OF_PARAMETER = (
    "\tsize mismatch for {}: copying a param with shape torch.Size([{}]) from checkpoint, the shape in current model is"
    " torch.Size([{}]).\n"
)


def test_entries_of_a_sequential_and_all_layers_are_those_of_a_checkpoint() -> None:
    sizes = [("rnns.0.weight_ih_l0", "75, 8", "60, 8"), ("rnns.0.weight_hh_l0", "75, 25", "60, 20")]
    sizes += [("rnns.0.weight_ih_l2", "75, 25", "60, 20"), ("rnns.0.weight_hh_l2", "75, 25", "60, 20")]
    sizes += [("Head.0.weight", "25", "20"), ("Head.2.weight", "4, 25", "4, 20")]
    explanation = explain("gru\n" + OF_CHECKPOINT + "".join(OF_PARAMETER.format(*one) for one in sizes))
    (first, *_), network = explanation.mismatch.causes, explanation.configuration

    assert [fix for _, fix in first.lines] == [
        "self.rnns[0] = nn.GRU(8, 25, num_layers=3)",
        "self.Head[0] = nn.LayerNorm(25)",
        "self.Head[2] = nn.Linear(25, 4)",
    ]
    assert network and (network.cell, network.num_units, network.num_layers) == ("gru", 20, 3)


OF_CELL = "ValueError: {}Cell: Expected input to be 1D or 2D, got 3D instead"


@pytest.mark.parametrize(
    ("line", "right", "cell"),
    [
        ("h, c = self.cell(frames[:, n : n + 1], (h, c))", "h, c = self.cell(frames[:, n], (h, c))", "LSTM"),
        ("h = cell(self.embed(words[:, t - 1:t]), h)", "h = cell(self.embed(words[:, t - 1]), h)", "GRU"),
        ("h = cell(x[t:t+1, :], h)", "h = cell(x[t, :], h)", "RNN"),
    ],
)
def test_a_slice_of_one_step_is_the_step_itself(line: str, right: str, cell: str) -> None:
    causes = explain(pasted("", [line], OF_CELL.format(cell))).mismatch.causes

    assert [(one.id, one.wrong, one.fix) for one in causes] == [("axis_of_one_step", line, right)]


def test_a_slice_of_several_steps_is_none() -> None:
    (first, *_) = explain(pasted("", ["h = cell(x[:, t:t + 2], h)"], OF_CELL.format("GRU"))).mismatch.causes

    assert first.id == "one_step"


OF_LAYER = (
    "ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected ndim=3, found ndim=2."
    " Full shape received: (None, 46)"
)


@pytest.mark.parametrize(("name", "units"), [("bidirectional_1", 23), ("bidirectional", 46), ("lstm_1", 46)])
def test_each_direction_below_returns_half_of_the_values(name: str, units: int) -> None:
    frames = ["model.add(layers.Bidirectional(layers.LSTM(units)))"]
    in_keras = '  File "keras/src/models/sequential.py", line 149, in _maybe_rebuild\n    self.build(input_shape)\n'
    explanation = explain(pasted("", frames, in_keras + OF_LAYER.format(name)))
    (first, *_), network = explanation.mismatch.causes, explanation.configuration
    layer = f"keras.layers.LSTM({units}, return_sequences=True)"

    assert first.fix == (f"keras.layers.Bidirectional({layer})" if name == "bidirectional_1" else layer)
    assert network and network.bidirectional == (True if "bidirectional" in name else None)


# -- lines that stand in a program already -----------------------------------------------------------------------------


def lines_of(program: str) -> set[str]:
    return {line.strip() for line in program.split("\n")}


@pytest.mark.parametrize("programs", [networks.PROGRAMS, handwritten_cells.PROGRAMS], ids=["networks", "cells"])
def test_no_first_cause_is_what_the_program_says_already(programs: MarkedPrograms) -> None:
    for name in sorted(programs.stems):
        for program in (programs.wrong(name), programs.right(name)):  # people correct it and paste the old error
            try:
                causes = explain(f"{program}\n\n{programs.recorded[name]}").mismatch.causes
            except NotFoundError:
                continue
            for first in causes[:1]:
                fixes = {fix.partition("  #")[0] for _, fix in first.lines if fix}
                changed = {wrong for wrong, _ in first.lines if wrong} & lines_of(program)
                assert changed or not fixes or not fixes <= lines_of(program), name
