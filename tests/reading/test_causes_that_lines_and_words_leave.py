"""Causes that a line beside the message excludes, or that the words of a text name, and sizes that other lines of the
message say."""

import pytest

from app.reading.errors.explanation import explain

JOINED = """Traceback (most recent call last):
  File "captions.py", line 88, in forward
    out, hidden = self.rnn(torch.cat([word, image, tags], 1){end}, hidden)
RuntimeError: invalid argument 0: Sizes of tensors must match except in dimension 1. Got 24 and 1 in dimension 0
"""


def test_parts_of_one_step_have_no_axis_of_time() -> None:
    mismatch = explain(JOINED.format(end=".unsqueeze(0)")).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("x", "batch_size")
    assert [one.fix for one in mismatch.causes] == ["part = part.expand(24, -1)"]


def test_parts_of_all_steps_may_have_time_first() -> None:
    assert [one.id for one in explain(JOINED.format(end="")).mismatch.causes] == ["time_first"]


SUMMED = """InvalidArgumentError: Incompatible shapes: [16,5] vs. [16,40,5]

{line}
model.fit(x, y)
"""
RETURNS = "model.add(GRU(24, return_sequences=False))"


def test_an_output_without_steps_in_a_loss_of_keras() -> None:
    mismatch = explain(SUMMED.format(line=f"from keras.layers import GRU\n{RETURNS}")).mismatch

    assert mismatch.causes[0].id == "return_sequences"
    assert {one.terms[0][0]: one.value for one in mismatch.facts} == {"batch_size": 16, "time_step": 40}


def test_attention_may_add_a_state_to_every_step() -> None:
    line = f"from keras.layers import GRU\n{RETURNS}\nscore = self.W1(values) + self.W2(query)  # attention"
    mismatch = explain(SUMMED.format(line=line)).mismatch

    assert mismatch.causes[0].id == "attention_axis"


STRUCTURE = """# Encoder and decoder with {title}

ValueError: The two structures don't have the same number of elements.

First structure (5 elements): (LSTMStateTuple(c=<tf.Tensor 'while/Identity_3:0' shape=(?, 96) dtype=float32>, \
h=<tf.Tensor 'while/Identity_4:0' shape=(?, 96) dtype=float32>), 1, 2, 3)

Second structure (7 elements): ()
"""


def test_a_text_says_that_the_numbers_of_layers_differ() -> None:
    explanation = explain(STRUCTURE.format(title="a different number of layers"))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.axis) == ("h_0", "num_layers*directions")
    assert [one.id for one in mismatch.causes] == ["layers_of_encoder"]
    assert "5 arrays before a step and 7 after it" in str(mismatch.sentence)
    assert explanation.configuration is not None
    assert explanation.configuration.num_units == 96


def test_without_these_words_the_structure_may_be_another_one() -> None:
    assert [one.id for one in explain(STRUCTURE.format(title="GNMT")).mismatch.causes] == ["state_tuple"]


def test_a_batch_for_a_program_in_r() -> None:
    text = """Error in py_call_impl(callable, dots$args, dots$keywords) :
  InvalidArgumentError:  Specified a list with shape [30,4] from a tensor with shape [11,4]
\t [[node sequential_2/gru_5/TensorArrayUnstack/TensorListFromTensor]] [Op:__inference_predict_function_1234]
"""
    (likely,) = explain(text).mismatch.causes

    assert (likely.id, likely.fix) == ("last_batch", "x <- x[seq_len(nrow(x) %/% 30 * 30), , , drop = FALSE]")


@pytest.mark.parametrize(
    "line",
    [
        "data = np.reshape(data, data.shape + (1,))",
        "train = train.reshape(1)\nx = np.reshape(x, (x.shape[0], x.shape[1], 1))",
    ],
)
def test_a_program_that_adds_an_axis_of_features_elsewhere(line: str) -> None:
    message = "expected gru_1_input to have 3 dimensions, but got array with shape (80, 44)"
    text = f"{line}\nmodel.add(GRU(10, input_shape=(44, 1)))\nValueError: Error when checking input: {message}"

    assert [one.id for one in explain(text).mismatch.causes] == ["missing_features_axis"]


@pytest.mark.parametrize("end", ["", ")"])
def test_a_shape_without_its_last_bracket(end: str) -> None:
    message = f"expected lstm_2_input to have 3 dimensions, but got array with shape (120, 35{end}"
    mismatch = explain(f"model.add(LSTM(6))\nValueError: Error when checking model input: {message}").mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "rank", 3, 2)
    assert mismatch.shapes[1] == (120, 35)


FLATTENED = """x = Input(shape=({steps}, 6))
y = LSTM(28, return_sequences=True)(x)
y = Attention()(y)
y = Flatten()(y)
y = Dense(3)(y)

ValueError: The last dimension of the inputs to `Dense` should be defined. Found `None`.
"""


@pytest.mark.parametrize(("steps", "is_fixed"), [("50", True), ("None", False)])
def test_an_input_with_fixed_steps_needs_no_fixed_steps(steps: str, is_fixed: bool) -> None:
    ids = {one.id for one in explain(FLATTENED.format(steps=steps)).mismatch.causes}

    assert ("flattened_unknown" in ids) == (not is_fixed)


CHECKPOINT = """size mismatch for net.rnn.weight_ih: copying a param with shape torch.Size([240, 33]) from checkpoint,\
 the shape in current model is torch.Size([120, 33]).
size mismatch for net.rnn.weight_hh: copying a param with shape torch.Size([240, 60]) from checkpoint,\
 the shape in current model is torch.Size([120, 30]).
"""


def test_the_recurrent_kernel_of_a_cell_tells_its_units() -> None:
    explanation = explain("RuntimeError: Error(s) in loading state_dict for Net:\n" + CHECKPOINT)

    assert {one.num_units for one in explanation.configurations} == {30}
    assert {one.features for one in explanation.configurations} == {33}
