"""Messages of Keras on Theano and of TensorFlow 1, and what their sizes tell."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.facts_about_sizes import common_sizes


def told(explanation: Explanation) -> tuple[object, ...]:
    said = explanation.mismatch
    return said.tensor, said.axis, said.expected, said.got


ORDER = "ValueError: new_order[{0}] is {0}, but the input only has 2 axes."


def test_theano_finds_no_third_axis_of_an_x_that_lacks_one() -> None:
    assert told(explain("My GRU:\n" + ORDER.format(2))) == ("x", "rank", 3, 2)
    for text in (ORDER.format(2), "My GRU:\n" + ORDER.format(3)):
        with pytest.raises(NotFoundError):
            explain(text)


def test_the_first_argument_of_a_layer_of_keras_0_is_no_number_of_units() -> None:
    program = "model.add(Dense(800, width, init='normal'))\nmodel.add(LSTM(width, 30))\n"
    sizes = common_sizes(explain(program + ORDER.format(2)).configurations)

    assert (sizes.features, sizes.num_units) == (None, None)


@pytest.mark.parametrize(
    ("between", "cause"),
    [
        ("model.add(Dense(70))\nmodel.add(Activation('relu'))\n", "flattened_steps"),
        ("", "flattened_steps"),
        ("model.add(Reshape((7, 10)))\n", "missing_axis"),
    ],
)
def test_layers_between_a_vector_and_a_recurrent_layer_give_it_no_steps(between: str, cause: str) -> None:
    program = f"model.add(Flatten())\n\n{between}\nmodel.add(GRU(20))\n"

    assert explain(program + ORDER.format(2)).mismatch.first_cause == cause


ARGUMENT = (
    'I train an LSTM.\n\nTypeError: (\'Bad input argument to theano function with name "keras/models.py:140"  at index'
    " {}(0-based)', \n'Wrong number of dimensions: expected {}, got {} with shape ({}).')"
)


@pytest.mark.parametrize(
    ("index", "expected", "got", "shape", "tensor", "cause"),
    [
        (0, 3, 2, "50, 6", "x", "missing_axis"),
        (0, 3, 4, "50, 6, 2, 1", "x", "extra_axis"),
        (1, 3, 2, "50, 1", "target", "not_return_sequences"),
        (1, 2, 3, "50, 6, 1", "target", "return_sequences"),
    ],
)
def test_the_index_of_an_argument_tells_whether_it_is_x_or_the_target(
    index: int, expected: int, got: int, shape: str, tensor: str, cause: str
) -> None:
    explanation = explain(ARGUMENT.format(index, expected, got, shape))

    assert told(explanation) == (tensor, "rank", expected, got)
    assert explanation.mismatch.first_cause == cause


def test_weights_of_samples_and_arguments_of_own_functions_are_neither() -> None:
    with pytest.raises(NotFoundError):
        explain(ARGUMENT.format(2, 1, 2, "50, 1"))
    with pytest.raises(NotFoundError):
        explain(ARGUMENT.format(1, 3, 2, "50, 1").replace("keras/models.py:140", "my_function"))


STATEFUL = "# ValueError: In a stateful network, you should only pass inputs with a number of samples"


@pytest.mark.parametrize("end", ["...", " that can be divi…", ""])
def test_the_batch_of_a_message_that_a_title_cuts_is_the_one_that_the_text_says(end: str) -> None:
    explanation = explain(f"{STATEFUL}{end}\n\nI have 9000 samples, and my batch size is 64.\n")

    assert explanation.mismatch.causes[0].fix == "x = x[: len(x) // 64 * 64]"
    assert common_sizes(explanation.configurations).batch_size == 64
    assert "{" not in str(explanation.mismatch.sentence) and "0" not in str(explanation.mismatch.sentence)


LOGITS = (
    "# My GRU\n\nInvalidArgumentError: logits and labels must be same size: logits_size=[{},3] labels_size=[30,3]\n"
    "\t[[Node: cost/Softmax = SoftmaxCrossEntropyWithLogits[T=DT_FLOAT](cost/Reshape, cost/Reshape_1)]]"
)


def test_rows_of_every_step_reach_the_loss_if_their_number_is_a_multiple() -> None:
    assert explain(LOGITS.format(1230)).mismatch.first_cause == "every_step"
    assert explain(LOGITS.format(1231)).mismatch.first_cause == "target_shape"


SEQUENCES = (
    "An LSTM language model\nInvalidArgumentError: logits and labels must have the same first dimension, got logits"
    " shape [{},500] and labels shape [{}]\n\t[[Node: Model/{}/SparseSoftmaxCrossEntropyWithLogits = ...]]"
)


@pytest.mark.parametrize(
    ("rows", "loss", "cause"),
    [
        ((360, 372), "sequence_loss_by_example", "target_steps"),
        ((372, 360), "sequence_loss", "target_steps"),
        ((360, 372), "loss", "target_shape"),
        ((360, 371), "sequence_loss", "target_shape"),
    ],
)
def test_the_rows_of_a_loss_of_sequences_may_differ_by_one_step_of_each_sample(
    rows: tuple[int, int], loss: str, cause: str
) -> None:
    said = explain(SEQUENCES.format(*rows, loss)).mismatch

    assert said.first_cause == cause
    assert (said.axis is None) == (cause == "target_steps")


WEIGHTS = """ValueError: Shapes (4, 60, 25) and () are incompatible

Traceback (most recent call last):
  File "/env/lib/python2.7/site-packages/keras/layers/recurrent.py", line 710, in {}
    self.W = K.concatenate([self.W_i, self.W_f, self.W_c, self.W_o])
"""


def test_weights_that_a_layer_makes_are_no_target() -> None:
    assert explain(WEIGHTS.format("build")).mismatch.tensor is None
    assert explain("An LSTM.\n" + WEIGHTS.format("loss")).mismatch.tensor == "target"


PRODUCT = "ValueError: dimension mismatch in args to gemm ({a},{c})x({d},{e})->({a},{e})"


@pytest.mark.parametrize(
    ("text", "sizes", "is_known"),
    [
        ("My bgru fails.", (24, 45, 90, 1), True),
        ("My Bidirectional(GRU(45)), batch_size=24, fails.", (24, 45, 90, 7), True),
        ("My Bidirectional(GRU(45)) fails.", (24, 45, 90, 7), False),
        ("My GRU fails.", (24, 45, 90, 1), False),
        ("My bgru fails.", (24, 45, 80, 1), False),
        ("My bgru fails in theano/scan_module/scan_op.py.", (24, 45, 90, 1), False),
    ],
)
def test_a_dense_layer_of_theano_may_be_made_for_both_directions(
    text: str, sizes: tuple[int, ...], is_known: bool
) -> None:
    said = explain(f"{text} The GRU is from Keras.\n\n{PRODUCT.format(**dict(zip('acde', sizes, strict=True)))}")
    a, c, d, _ = sizes

    expected = ("dense_input", "features", (a, d), (a, c)) if is_known else (None, None, None, None)
    assert told(said) == expected
