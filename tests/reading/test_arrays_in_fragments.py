"""Messages with a few lines of code, without a traceback: the line that a cause corrects has the names of the text."""

import pytest

from app.reading.errors.explanation import explain


def lines_of(text: str) -> dict[str, dict[str, str]]:
    """Each cause that corrects a line of the text -> the line before and after."""
    return {one.id: dict(one.lines) for one in explain(text).mismatch.causes if one.is_own}


# -- a step of all samples ---------------------------------------------------------------------------------------------

LOOP = """RuntimeError: Input batch size 31 doesn't match hidden0 batch size 14

step = nn.GRUCell(9, 33)
state = torch.zeros(14, 33)
for k in range({steps}):  # 14 clips
    state = step(clips[k], state)
"""


def test_a_loop_over_the_second_axis_takes_a_step_of_all_samples() -> None:
    line = "state = step(clips[k], state)"
    assert lines_of(LOOP.format(steps="clips.shape[1]"))["step_axis"] == {line: "state = step(clips[:, k], state)"}


def test_a_loop_over_the_first_axis_has_time_first() -> None:
    assert "step_axis" not in lines_of(LOOP.format(steps="clips.shape[0]"))


# -- an output in a product --------------------------------------------------------------------------------------------

CONTEXT = """RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [8, 21] but got: [21, 8].

heard, last = nn.LSTM(6, 30{order})(song)
focus = torch.rand(8, 1, 21)
context = torch.bmm(focus, heard)
"""


def test_an_output_with_time_first_is_exchanged_in_its_product() -> None:
    fix = "context = torch.bmm(focus, heard.transpose(0, 1))"
    assert lines_of(CONTEXT.format(order=""))["time_first"] == {"context = torch.bmm(focus, heard)": fix}


# -- layers and weights ------------------------------------------------------------------------------------------------

CHECKPOINT = """RuntimeError: Error(s) in loading state_dict for Tagger:
\tsize mismatch for rnn.weight_hh_l0: copying a param with shape torch.Size([{old}, {units}]) from checkpoint, the shape in current model is torch.Size([{new}, 48]).

self.rnn = nn.{name}(17, {size})
tagger.load_state_dict(stored)
"""  # noqa: E501


@pytest.mark.parametrize(("name", "gates"), [("LSTM", 4), ("GRU", 3)])
def test_a_layer_gets_the_units_of_its_checkpoint(name: str, gates: int) -> None:
    sizes = {"old": 80 * gates, "units": 80, "new": 48 * gates, "name": name}
    lines = lines_of(CHECKPOINT.format(size="48", **sizes))
    assert lines["other_size"] == {f"self.rnn = nn.{name}(17, 48)": f"self.rnn = nn.{name}(17, 80)"}
    assert "other_size" not in lines_of(CHECKPOINT.format(size="width", **sizes))


COPIED = """ValueError: Layer gru weight shape (7, 90) is not compatible with provided weight shape (90, 7).

gru = GRU(30)
gru.build((None, 11, 7))
gru.set_weights([of_x, of_h{bias}])
"""


@pytest.mark.parametrize("bias", ["", ", of_bias"])
def test_both_kernels_that_a_layer_of_keras_gets_are_transposed(bias: str) -> None:
    line = f"gru.set_weights([of_x, of_h{bias}])"
    assert lines_of(COPIED.format(bias=bias))["transposed"] == {line: f"gru.set_weights([of_x.T, of_h.T{bias}])"}


# -- what is fed -------------------------------------------------------------------------------------------------------

PLACEHOLDER = """Cannot feed value of shape (6, 44, 9) for Tensor 'speech:0', which has shape '(?, {steps}, 9)'

speech = tf.placeholder(tf.float32, [None, 38, 9], name="speech")
heard, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(50), speech, dtype=tf.float32)
sess.run(heard, feed_dict={{speech: sounds}})
"""


def test_a_placeholder_gets_any_number_of_steps() -> None:
    line = 'speech = tf.placeholder(tf.float32, [None, 38, 9], name="speech")'
    assert lines_of(PLACEHOLDER.format(steps=38))["other_steps"] == {line: line.replace("38", "None")}
    assert "other_steps" not in lines_of(PLACEHOLDER.format(steps=40))


def test_a_graph_of_version_1_gets_a_placeholder_and_no_input_of_keras() -> None:
    text = PLACEHOLDER.format(steps=38).replace("speech = tf.placeholder", "speech = placeholder_of")
    (likely,) = explain(text.replace("speech:0", "x:0")).mismatch.causes
    assert likely.fix == "x = tf.placeholder(tf.float32, [None, None, 9])"


FED = """[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running GRU node. Name:'' Status Message: Input initial_h must have shape {{1,12,20}}. Actual:{{1,5,20}}

h0 = np.zeros((1, {batch}, 20), dtype=np.float32)
sess.run(None, {{"x": x_notes, "h0": h0}})
"""  # noqa: E501


def test_a_state_that_is_fed_gets_the_samples_of_x() -> None:
    line = "h0 = np.zeros((1, 5, 20), dtype=np.float32)"
    assert lines_of(FED.format(batch=5))["other_batch"] == {line: line.replace("5", "12")}
    assert "other_batch" not in lines_of(FED.format(batch="batch"))


# -- products in layers of Keras ---------------------------------------------------------------------------------------

PRODUCT = "InvalidArgumentError: Matrix size-incompatible: In[0]: [{}], In[1]: [{}] [Op:MatMul]\n\n"

HELD_OUT = """model = Sequential([Input((32, 5)), {layer}, Dense(2)])
# {name}.shape -> (24, {axes})
{call}({name})
"""


@pytest.mark.parametrize("layer", ["LSTM(18)", "Bidirectional(LSTM(18))"])
@pytest.mark.parametrize("call", ["model", "model.predict"])
def test_data_apart_from_training_is_transposed_and_not_the_model(layer: str, call: str) -> None:
    code = HELD_OUT.format(layer=layer, name="x_val", axes="5, 32", call=call)
    explanation = explain(PRODUCT.format("24,32", "5,72") + code)
    mismatch, network = explanation.mismatch, explanation.configuration

    assert (explanation.framework, mismatch.tensor, mismatch.axis) == ("keras", "x", "order")
    assert (mismatch.expected, mismatch.got) == ((24, 32, 5), (24, 5, 32))
    assert mismatch.causes[0].lines == ((f"{call}(x_val)", f"{call}(x_val.transpose(0, 2, 1))"),)
    assert network and (network.time_step, network.features, network.num_units) == (32, 5, 18)


@pytest.mark.parametrize(("name", "axes"), [("x_train", "5, 32"), ("x_val", "8, 32")])
def test_other_data_is_not_known_to_be_transposed(name: str, axes: str) -> None:
    code = HELD_OUT.format(layer="Bidirectional(LSTM(18))", name=name, axes=axes, call="model")
    mismatch = explain(PRODUCT.format("24,32", "5,72") + code).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("x", "features")


def test_a_wrapper_of_another_library_is_not_of_keras() -> None:
    code = HELD_OUT.format(layer="Bidirectional(LSTM(18))", name="x_val", axes="5, 32", call="model")
    text = PRODUCT.format("24,32", "5,72") + code
    assert explain(text).framework == "keras"
    assert explain(f"import torch\n{text}").framework != "keras"


DECODER = """both, ahead, back = Bidirectional(GRU({encoder}, return_state=True))(words)
state = tf.concat([ahead, back], -1)
spoken = GRU(28, return_sequences=True)(letters, initial_state={state})
"""


def test_a_decoder_gets_the_units_of_both_joined_states() -> None:
    code = DECODER.format(encoder=28, state="state")
    mismatch = explain(PRODUCT.format("8,56", "28,84") + code).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("h_0", "num_units")
    assert (mismatch.expected, mismatch.got) == ((28,), (56,))
    assert mismatch.causes[0].fix == "spoken = GRU(56, return_sequences=True)(letters, initial_state=state)"


def test_a_kernel_of_h_without_such_a_state_may_be_that_of_x() -> None:
    code = DECODER.format(encoder=28, state="ahead")
    assert explain(PRODUCT.format("8,56", "28,84") + code).mismatch.tensor is None


# -- what words and comments say ---------------------------------------------------------------------------------------

STEP = """ValueError: shapes (80,31) and (12,1) not aligned: 31 (dim 1) != 12 (dim 0) in my RNN. {words}

{made}h = np.tanh(np.dot(Wxh, x) + np.dot(Whh, h) + bh)
"""


def test_a_step_that_a_sentence_makes_of_the_number_of_steps_gets_features() -> None:
    words = "I made x with np.zeros(({size}, 1)), {size} = 12."
    (likely,) = explain(STEP.format(made="", words=words.format(size="seq_len"))).mismatch.causes

    assert likely.lines == (("", "x = np.zeros((31, 1))"),)
    for size in ("vocab_size", "num_inputs"):
        (likely,) = explain(STEP.format(made="", words=words.format(size=size))).mismatch.causes
        assert "x =" not in likely.fix


def test_a_line_that_makes_a_step_of_the_number_of_steps_gets_features() -> None:
    made = "seq_len = 12\nWxh = np.random.randn(80, 31)\nx = np.zeros((seq_len, 1))\n"
    assert lines_of(STEP.format(made=made, words=""))["other_features"] == {
        "x = np.zeros((seq_len, 1))": "x = np.zeros((31, 1))"
    }


EXPORTED = """My GRU fails: INVALID_ARGUMENT : Got invalid dimensions for input: notes for the following indices
 index: 0 Got: 9 Expected: 40

session = ort.InferenceSession({path})  # from torch.onnx.export(gru, {example}, ...)
session.run(None, {{"notes": notes}})
"""


@pytest.mark.parametrize("example", ["torch.zeros(40, 2, 6)", "melody"])
@pytest.mark.parametrize("path", ['"gru.onnx"', "path_of_model"])
def test_the_export_of_a_comment_gets_axes_of_any_size(example: str, path: str) -> None:
    (likely,) = explain(EXPORTED.format(example=example, path=path)).mismatch.causes
    options = "input_names=['notes'], dynamic_axes={'notes': [0]}"

    assert likely.lines == (("", f"torch.onnx.export(gru, {example}, {path}, {options})"),)


SAID = """
# x_notes is ({steps}, {batch}, 6): time, batch, features
"""


def test_an_x_with_time_first_beside_a_state_is_not_exchanged() -> None:
    explanation = explain(FED.format(batch=5) + SAID.format(steps=40, batch=12))
    network = explanation.configuration

    assert [one.id for one in explanation.mismatch.causes] == ["other_batch"]
    assert network and (network.batch_size, network.time_step, network.features) == (12, 40, 6)
    others = explain(FED.format(batch=5) + SAID.format(steps=12, batch=5)).mismatch.causes
    assert [one.id for one in others] == ["other_batch", "exchanged_axes"]
