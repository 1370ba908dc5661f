"""What each line of an error about a checkpoint says, and what it leaves open."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.facts_about_sizes import common_sizes

BEGINNING = "RuntimeError: Error(s) in loading state_dict for Tagger:\n"
LINE = (
    "\tsize mismatch for {}: copying a param with shape torch.Size({}) from checkpoint, the shape in current model is"
    " torch.Size({}).\n"
)


def listed(*lines: tuple[str, list[int], list[int]]) -> str:
    return BEGINNING + "".join(LINE.format(*line) for line in lines)


def first_fix(explanation: Explanation) -> str:
    return explanation.mismatch.causes[0].fix


def test_the_sizes_of_a_layer_do_not_come_from_another_one() -> None:
    text = listed(
        ("head.rnns.0.weight_ih_l0", [180, 33], [180, 90]),
        ("tail.rnns.0.weight_ih_l0", [180, 91], [180, 90]),
    )

    assert first_fix(explain(text)) == "self.rnns[0] = nn.LSTM(33, 45)"


def test_units_are_open_unless_a_name_tells_the_cell() -> None:
    lines = ("reader.weight_ih_l0", [96, 7], [96, 5])

    assert common_sizes(explain(listed(lines)).configurations).num_units is None
    for name, units in (("word_GRU", 32), ("lstm_up.lstm", 24)):
        explanation = explain(listed((f"{name}.{lines[0]}", *lines[1:])))
        assert common_sizes(explanation.configurations).num_units == units


@pytest.mark.parametrize("level", [1, 2])
def test_an_upper_layer_does_not_tell_the_features(level: int) -> None:
    text = listed(
        (f"net.lstm.weight_ih_l{level}", [224, 56], [160, 40]),
        (f"net.lstm.weight_hh_l{level}", [224, 56], [160, 40]),
    )

    assert first_fix(explain(text)) == f"self.lstm = nn.LSTM(input_size, 56, num_layers={level + 1})"


def test_a_layer_with_a_bias_is_no_embedding() -> None:
    weights, bias = ("rnn.2.embedding.weight", [61, 48], [77, 48]), ("rnn.2.embedding.bias", [61], [77])

    said = explain(listed(weights, bias)).mismatch
    assert (said.tensor, said.expected, said.got) == ("dense_kernel", (77, 48), (61, 48))
    assert said.first_cause == "checkpoint_outputs"
    assert explain(listed(weights)).mismatch.causes[-1].id == "checkpoint_words"


ASSIGNED = (
    "ValueError: Cannot assign value to variable ' tagger/bidirectional/backward_lstm/lstm_cell_3/bias:0': Shape"
    " mismatch.The variable shape (48,), and the assigned value shape (96,) are incompatible."
)


def test_a_variable_that_is_named_may_get_the_two_biases_of_cudnn() -> None:
    explanation = explain(f"I trained with CuDNNLSTM on the server.\n\n{ASSIGNED}")

    assert explanation.mismatch.first_cause == "cudnn_biases" and explanation.mismatch.note is None
    assert common_sizes(explanation.configurations).num_units == 12
    assert explain(ASSIGNED).mismatch.first_cause == "other_size"


RESTORED = (
    "InvalidArgumentError: Assign requires shapes of both tensors to match. lhs shape= [72,905] rhs shape= [40,905]\n"
    "\t [[Node: save/Assign_2 = Assign[T=DT_FLOAT](chat/rnn_decoder/{}, save/RestoreV2:2)]]"
)


@pytest.mark.parametrize("name", ["output_projection_wrapper/kernel", "OutputProjectionWrapper/Linear/Matrix"])
def test_the_weights_of_the_outputs_of_a_cell_have_a_row_for_each_unit(name: str) -> None:
    explanation = explain(RESTORED.format(name))

    said = explanation.mismatch
    assert (said.tensor, said.axis, said.expected, said.got) == ("dense_kernel", "num_units", (72, 905), (40, 905))
    assert common_sizes(explanation.configurations).num_units == 72


def test_other_weights_of_a_network_of_tensorflow_are_not_explained() -> None:
    with pytest.raises(NotFoundError, match="not recurrent"):
        explain(RESTORED.format("output_projection/kernel"))
