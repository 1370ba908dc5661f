"""States, layers and arrays in a message with a few lines of code, without a traceback."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

# -- PyTorch -----------------------------------------------------------------------------------------------------------

ONCE = """RuntimeError: Expected hidden[0] size (1, 7, 30), got [1, 50, 30]

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 30{first})
    def start(self, n):
        return torch.zeros(1, n, 30)
    def forward(self, x, state):
        return self.rnn(x, state)

tagger = Tagger()
state = tagger.start(50)
for words, tags in batches:
    out, state = tagger(words, state)
"""


@pytest.mark.parametrize("first, axis", [("", 1), (", batch_first=True", 0)])
def test_a_state_that_is_made_once_is_made_for_each_batch(first: str, axis: int) -> None:
    likely = explain(ONCE.format(first=first)).mismatch.causes[0]

    assert (likely.id, likely.is_own) == ("last_batch", True)
    assert likely.fix == f"state = tagger.start(words.size({axis}))  # before: out, state = tagger(words, state)"


NO_ENTRY = "IndexError: index 1 is out of bounds for dimension 0 with size 1\n\n"


def test_one_state_for_an_lstm_is_taken_for_the_pair() -> None:
    code = "dec = nn.LSTM(9, 21)\ns0 = torch.zeros(1, 6, 21)\ny, s = dec(z, s0)\n"
    mismatch = explain(f"{NO_ENTRY}{code}").mismatch

    assert (mismatch.tensor, mismatch.causes[0].id) == ("h_0", "h_for_h_c")
    assert mismatch.causes[0].fix == "y, s = dec(z, (s0, torch.zeros_like(s0)))"
    with pytest.raises(NotFoundError):  # the index of another array
        explain(f"{NO_ENTRY}{code}best = scores[1]\n")


def test_states_of_two_directions_are_read_of_a_layer_that_has_one() -> None:
    code = "enc = nn.GRU(5, 12)\nout, h_n = enc(x)\ny = head(torch.cat([h_n[0], h_n[1]], dim=-1))\n"
    causes = explain(f"{NO_ENTRY}{code}").mismatch.causes

    assert [(one.id, one.fix) for one in causes] == [
        ("one_direction", "enc = nn.GRU(5, 12, bidirectional=True)"),
        ("layers", "y = head(h_n[-1])"),
    ]


def test_the_layer_of_a_residual_sum_gets_the_features() -> None:
    message = "The size of tensor a (20) must match the size of tensor b (14) at non-singleton dimension 2"
    code = "block = nn.GRU(14, 20)\ny, _ = block(x)\ny = y + x\n"
    likely = explain(f"RuntimeError: {message}\n\n{code}").mismatch.causes[0]

    assert (likely.id, likely.fix) == ("residual", "block = nn.GRU(14, 14)")


# -- handwritten cells -------------------------------------------------------------------------------------------------

CELL = """TypeError: dot_general requires contracting dimensions to have the same shape, got ({h},) and ({rows},).

def lstm_step(p, state, x):
    h, c = state
    z = x @ p['K'] + h @ p['R'] + p['b']
    i, f, g, o = jnp.split(z, 4, axis=-1)

h_init = jnp.zeros((8, {h}))
p['R'] = jax.random.normal(key, ({rows}, {columns}))
"""


def test_the_only_weights_that_are_shown_tell_which_product_failed() -> None:
    explanation = explain(CELL.format(h=24, rows=40, columns=160))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis) == ("h_0", "num_units")
    assert mismatch.causes[0].fix == "h_init = jnp.zeros((8, 40))"
    assert network and network.num_units == 40


# -- arrays that lack an axis ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape, sizes", [((15, 1), (15, 1)), ((1, 15), (1, 15))])
def test_the_declared_sample_says_what_the_values_of_a_row_are(shape: tuple[int, int], sizes: tuple[int, int]) -> None:
    explanation = explain(
        "ValueError: Error when checking input: expected gru_2_input to have 3 dimensions, but got array with shape"
        f" (640, 15)\nmodel.add(GRU(10, input_shape={shape}))\n"
    )
    network = explanation.configuration

    assert network and (network.time_step, network.features) == sizes
    assert explanation.mismatch.note is None


def test_the_array_that_is_fed_to_a_model_of_onnx_gets_the_axis() -> None:
    message = (
        "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT :"
        " Invalid rank for input: frames Got: 2 Expected: 3 Please fix either the inputs/outputs or the model.\n\n"
    )
    mismatch = explain(f"{message}the exported nn.GRU\ny = session.run(None, {{'frames': clip}})\n").mismatch

    assert mismatch.causes[0].fix == "y = session.run(None, {'frames': clip[:, None]})"


SYMBOLIC = """ValueError: Input 0 is incompatible with layer gru_1: expected ndim=3, found ndim=2

seq = Input(shape=(33,), name='seq')
out = GRU(12, input_shape={sample})(seq)
"""


@pytest.mark.parametrize("sample, id", [((1, 33), "missing_axis"), ((33, 1), "missing_features_axis")])
def test_the_input_of_a_model_gets_the_shape_that_its_layer_declares(sample: tuple[int, int], id: str) -> None:
    explanation = explain(SYMBOLIC.format(sample=sample))
    network = explanation.configuration

    assert [(one.id, one.fix) for one in explanation.mismatch.causes] == [
        (id, f"seq = Input(shape={sample}, name='seq')")
    ]
    assert network and (network.time_step, network.features) == sample


def test_steps_and_features_in_words_say_the_shape_of_a_sample() -> None:
    message = "ValueError: Error when checking input: expected gru_input to have 3 dimensions, but got array with shape"
    likely = explain(f"{message} (900, 42)\n\nEach row has 14 time steps of 3 features.\n").mismatch.causes[0]

    assert (likely.id, likely.fix) == ("flat_samples", "x = x.reshape(-1, 14, 3)")
    other = explain(f"{message} (900, 42)\n\nEach row has 10 time steps of 3 features.\n").mismatch
    assert other.causes[0].id != "flat_samples"


# -- outputs and targets -----------------------------------------------------------------------------------------------

CLASSES = """RuntimeError: Expected target size [12, 500], got [12, 30]

out, (s, m) = net(words, (s, m))
loss = crit({output}, words_after)
"""


def test_the_classes_of_an_output_whose_shape_is_said_are_not_its_steps() -> None:
    said = "My output has shape (12, 30, 500).\n"
    right = explain(CLASSES.format(output="out.transpose(1, 2)") + said).mismatch

    assert (right.tensor, right.axis, right.got) == ("output", "order", (12, 30, 500))
    assert right.causes[0].id == "classes_second"
    assert ".transpose(1, 2).transpose" not in "".join(one.fix for one in right.causes)
    assert explain(CLASSES.format(output="out") + said).mismatch.axis == "order"


def test_a_target_of_one_value_is_for_a_layer_that_does_not_return_every_step() -> None:
    message = "ValueError: Error when checking target: expected time_distributed_3 to have 3 dimensions, but got array"
    ids = [one.id for one in explain(f"{message} with shape (77, 1)\nafter an LSTM").mismatch.causes]

    assert ids[0] == "not_return_sequences"
    assert "not_return_sequences" not in [
        one.id for one in explain(f"{message} with shape (77, 9)\nafter an LSTM").mismatch.causes
    ]


def test_the_last_sample_of_a_state_is_not_its_last_layer() -> None:
    code = "enc = nn.GRU(4, 10, batch_first=True)\ny, h_n = enc(x)\nz = head(h_n[:, -1, :].view(6, 10))\n"
    likely = explain(f"RuntimeError: shape '[6, 10]' is invalid for input of size 10\n\n{code}").mismatch.causes[0]

    assert (likely.id, likely.fix) == ("layers", "z = head(h_n[-1].view(6, 10))")


def test_the_class_of_a_network_names_its_layer() -> None:
    message = "TypeError: dropout(): argument 'input' (position 1) must be Tensor, not tuple"

    assert explain(f"GRU_TinyNet raises this\n{message}").mismatch.causes[0].id == "whole_pair"
    for other in ("GRU_TINY", "TinyNet"):  # a constant, and another network
        with pytest.raises(NotFoundError):
            explain(f"{other} raises this\n{message}")


def test_a_scope_with_the_name_of_a_cell_names_a_layer() -> None:
    message = "InvalidArgumentError: Incompatible shapes: [16,40] vs. [11,40]\n\t [[node gradients/decoder/mul_grad]]"

    assert explain(f"{message}\n\t [[node decoder/RNN/Reshape_3]]").mismatch.sentence
    with pytest.raises(NotFoundError):
        explain(f"{message}\n\t [[node decoder/mlp/Reshape_3]]")


# -- checkpoints and stacks --------------------------------------------------------------------------------------------

KEPT = (
    "size mismatch for {}: copying a param with shape torch.Size([{}]) from checkpoint, the shape in current model is "
)


def test_backward_weights_say_two_directions_although_the_list_is_cut() -> None:
    names = ("top.0.rnn.weight_ih_l0_reverse", "top.0.rnn.weight_hh_l0_reverse", "top.1.rnn.weight_ih_l0")
    lines = "\n\t".join(KEPT.format(one, "480, 120") + "torch.Size([240, 60])." for one in names)
    network = explain(f"RuntimeError: Error(s) in loading state_dict for Model:\n\t{lines}\n").configuration

    assert network and network.bidirectional


def test_the_pair_of_the_last_of_several_layers_is_taken_out_of_the_stack() -> None:
    message = "ValueError: Linear is expecting 2D arguments: [[2, None, 48]]"
    fixes = {n: explain(f"{message}\nfor an LSTM with num_layers={n}").mismatch.causes[0].fix for n in (1, 3)}

    assert fixes == {1: "state = state.h", 3: "state = state[-1].h"}


# -- states and arrays of other frameworks -----------------------------------------------------------------------------

BAD_INPUT = (
    "onnxruntime.capi.onnxruntime_pybind11_state.InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Got"
)


@pytest.mark.parametrize(
    "text, fix",
    [
        (
            BAD_INPUT + " invalid dimensions for input: h0 for the following indices\n index: 2 Got: 14 Expected: 18\n"
            " Please fix either the inputs/outputs or the model.\n\nstate0 = np.zeros((1, 5, 14), np.float32)\n"
            "net.run(None, {'x': wave, 'h0': state0, 'c0': state0})\n",
            "state0 = np.zeros((1, 5, 18), np.float32)",
        ),
        (
            "InvalidArgumentError: ConcatOp : Dimension 0 in both shapes must be equal:"
            " shape[0] = [24,7] vs. shape[1] = [10,33]\n\t [[{{node gru_cell/concat}}]]\n\n"
            "begin = tf.zeros((10, 33))\nouts, _ = tf.nn.dynamic_rnn(cell, x, initial_state=begin)\n",
            "begin = tf.zeros((24, 33))",
        ),
        (
            'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/ir", the given initializer is expected to'
            " generate shape (6, 9), but the existing parameter it received has shape (6, 13).\n\n"
            "unit = nn.GRUCell(13)\ncarry0 = jnp.zeros((4, 9))\ncarry0, y = unit.apply(params, carry0, obs)\n",
            "carry0 = jnp.zeros((4, 13))",
        ),
        (
            "ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along"
            " dimension 0, the array at index 0 has size 20 and the array at index 1 has size 6\n\n"
            "h_prev = np.zeros((6, 11))\nz = np.concatenate([x_t, h_prev], axis=1)\n"
            "i = sigmoid(z @ Wi)\nf = sigmoid(z @ Wf)\n",
            "h_prev = np.zeros((20, 11))",
        ),
    ],
)
def test_the_line_that_makes_a_state_gets_the_size_of_the_message(text: str, fix: str) -> None:
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.causes[0].fix) == ("h_0", fix)


def test_the_array_that_is_fed_or_scanned_gets_its_axes_exchanged() -> None:
    feed = (
        "ValueError: Cannot feed value of shape (20, 5, 11) for Tensor Placeholder:0, which has shape (None, 11, 5)\n\n"
        "inp = tf.placeholder(tf.float32, [None, 11, 5])\n"
        "y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(9), inp, dtype=tf.float32)\nsess.run(y, {inp: trace})\n"
    )
    scan = (
        "TypeError: add got incompatible shapes for broadcasting: (40, 8), (7, 8).\n\ndef step(h, x_t):\n"
        "    h = jnp.tanh(x_t @ Wx + h @ Wh)\n    return h, h\n\nh0 = jnp.zeros((7, 8))\n"
        "_, ys = lax.scan(step, h0, trace)   # trace is (7, 40, 3)\n"
    )

    assert explain(feed).mismatch.causes[0].fix == "sess.run(y, {inp: trace.swapaxes(1, 2)})"
    assert explain(scan).mismatch.causes[0].fix == "_, ys = lax.scan(step, h0, trace.swapaxes(0, 1))"


def test_a_second_factor_that_tensorflow_transposes_has_its_units_last() -> None:
    message = "Matrix size-incompatible: In[0]: [5,1,12], In[1]: [5,30,44] [Op:BatchMatMulV2] name: "
    code = "keys = LSTM(44, return_sequences=True)(src)\nscores = tf.matmul(query, keys, transpose_b=True)\n"
    mismatch = explain(f"InvalidArgumentError: {message}\n\n{code}").mismatch

    assert (mismatch.axis, mismatch.expected, mismatch.got) == ("num_units", (12,), (44,))


def test_the_units_of_a_given_state_tell_it_from_x() -> None:
    message = (
        "RuntimeError: Exception encountered when calling LSTM.call().\n\n"
        "mat1 and mat2 shapes cannot be multiplied (3x14 and 20x80)"
    )
    code = "e, h, c = layers.LSTM(14, return_state=True)(src)\nd = layers.LSTM(20)(tgt, initial_state=[h, c])\n"
    mismatch = explain(f"{message}\n\n{code}").mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.got) == ("h_0", "num_units", (14,))


def test_a_reshape_of_tensorflow_with_other_values_is_explained() -> None:
    message = "Input to reshape is a tensor with 840 values, but the requested shape has 105 [Op:Reshape]"
    code = "y = tf.keras.layers.GRU(15, return_sequences=True)(x)\nflat = tf.reshape(y, (7, 15))\n"

    assert explain(f"InvalidArgumentError: {message}\n\n{code}").mismatch.causes[0].id == "reshape_values"


@pytest.mark.parametrize("order", ["y + f", "f + y"])
def test_the_output_that_is_added_to_x_gets_the_units_of_its_features(order: str) -> None:
    shapes = ("[5,11,16]", "[5,11,9]")
    left, right = shapes if order == "y + f" else shapes[::-1]
    code = f"y = layers.LSTM(16, return_sequences=True)(f)\nz = {order}\n"
    explanation = explain(f"InvalidArgumentError: Incompatible shapes: {left} vs. {right} [Op:AddV2] name: \n\n{code}")
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis, mismatch.got) == ("output", "num_units", (5, 11, 16))
    assert mismatch.causes[0].fix == "y = layers.LSTM(9, return_sequences=True)(f)"
    assert network and (network.features, network.num_units) == (9, 16)


COLUMNS = """numpy gru. ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along dimension 1, the array at index 0 has size 1 and the array at index 1 has size 7

{made}def step(x_t, h_prev):  # x_t is {x}, h_prev is 50 x 1
    xh = np.concatenate((h_prev, x_t), axis={axis})
    r = sigmoid(Wr @ xh + br)
"""  # noqa: E501


def test_samples_in_columns_give_the_first_state_columns() -> None:
    explanation = explain(COLUMNS.format(made="", x="12 x 7", axis=0))
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("h_0", "batch_size", (7,), (1,))
    assert [one.fix for one in mismatch.causes] == ["h_prev = np.zeros((50, 7))"]
    assert network and (network.batch_size, network.features, network.num_units) == (7, 12, 50)


def test_the_line_that_makes_a_state_of_columns_is_corrected() -> None:
    (likely,) = explain(COLUMNS.format(made="h_prev = np.zeros((units, 1))\n", x="12 x 7", axis=0)).mismatch.causes
    assert likely.lines == (("h_prev = np.zeros((units, 1))", "h_prev = np.zeros((units, 7))"),)


def test_a_shape_that_does_not_fit_the_message_says_no_sizes() -> None:
    network = explain(COLUMNS.format(made="", x="7 x 12", axis=0)).configuration
    assert not network or network.features is None
