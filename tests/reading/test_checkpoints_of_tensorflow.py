"""A checkpoint of TensorFlow 1 with a kernel of other rows or columns says which size differs: rows are features and
units of the state, columns those of all gates."""

import pytest
from pasted_programs import first_cause_and_lines

from app.reading.errors.explanation import NotFoundError, explain

GATES = {"basic_lstm_cell/": 4, "lstm_cell/": 4, "basic_rnn_cell/": 1, "gru_cell/gates/": 2, "gru_cell/candidate/": 1}


def restoring(expected: list[int], got: list[int], variable: str) -> str:
    """The message of TensorFlow 1.15, whose node names the variable."""
    return (
        "InvalidArgumentError (see above for traceback): Assign requires shapes of both tensors to match. lhs shape="
        f" {str(expected).replace(' ', '')} rhs shape= {str(got).replace(' ', '')}\n\t [[Node: save/Assign_3 ="
        f' Assign[T=DT_FLOAT, _class=["loc:@{variable}"], use_locking=true, validate_shape=true,'
        f' _device="/job:localhost/replica:0/task:0/device:CPU:0"]({variable}, save/RestoreV2:3)]]'
    )


def program(features: int, units: int) -> str:
    return f"""import tensorflow as tf
width = {features}
frames = tf.placeholder(tf.float32, [None, 11, width])
cell = tf.nn.rnn_cell.BasicLSTMCell({units})
outputs, state = tf.nn.dynamic_rnn(cell, frames, dtype=tf.float32)
saver = tf.train.Saver()
with tf.Session() as session:
    saver.restore(session, "speech.ckpt")
"""


def shape(features: int, units: int, gates: int) -> list[int]:
    return [features + units, gates * units]


@pytest.mark.parametrize(("scope", "gates"), GATES.items())
@pytest.mark.parametrize(("features", "units", "other_features", "other_units"), [(13, 7, 5, 7), (1, 2, 1, 3)])
def test_the_rows_say_the_features_and_the_columns_the_units(
    scope: str, gates: int, features: int, units: int, other_features: int, other_units: int
) -> None:
    text = restoring(
        shape(features, units, gates), shape(other_features, other_units, gates), f"rnn/{scope.rstrip('/')}/kernel"
    )

    said = explain(text)

    axis = "features" if units == other_units else "gates*num_units"
    assert (said.mismatch.tensor, said.mismatch.axis, said.mismatch.first_cause) == ("kernel", axis, "other_size")
    network = said.configuration
    assert network
    assert (network.features, network.num_units) == (features, units)
    assert str(other_features if axis == "features" else other_units) in said.mismatch.causes[0].fix


def test_the_rows_of_an_upper_layer_do_not_say_the_features_of_x() -> None:
    said = explain(restoring([10, 20], [8, 16], "rnn/multi_rnn_cell/cell_1/lstm_cell/kernel"))

    network = said.configuration
    assert network
    assert (network.features, network.num_units) == (None, 5)


def test_a_bias_says_the_units() -> None:
    said = explain(restoring([28], [44], "bidirectional_rnn/fw/lstm_cell/bias")).mismatch

    assert (said.tensor, said.axis, said.causes[0].fix) == (
        "bias",
        "gates*num_units",
        "tf.nn.rnn_cell.LSTMCell(11)",
    )


@pytest.mark.parametrize("variable", ["dense/kernel", "rnn/lstm_cell/projection/kernel", "lstm_cell_logits/kernel"])
def test_variables_of_other_layers_are_none_of_a_cell(variable: str) -> None:
    with pytest.raises(NotFoundError):
        explain(restoring([13, 20], [11, 20], variable))


@pytest.mark.parametrize("named", [True, False])
def test_the_line_of_the_program_gets_the_size_of_the_checkpoint(named: bool) -> None:
    """TensorFlow 2 does not name the variable: that of the only cell is known by its columns."""

    def message(got: list[int]) -> str:
        text = restoring([22, 36], got, "rnn/basic_lstm_cell/kernel")
        return text if named else text.partition("\t")[0] + "\t [[{{node save/Assign_1}}]]"

    text = program(13, 9)

    assert first_cause_and_lines(text + message([16, 36])) == (
        ("kernel", "features", "other_size"),
        {"width = 13": "width = 7"},
    )
    assert first_cause_and_lines(text + message([19, 24])) == (
        ("kernel", "gates*num_units", "other_size"),
        {"cell = tf.nn.rnn_cell.BasicLSTMCell(9)": "cell = tf.nn.rnn_cell.BasicLSTMCell(6)"},
    )


def test_another_matrix_of_the_program_is_not_taken_for_the_kernel_of_its_cell() -> None:
    text = restoring([9, 5], [9, 4], "").replace('_class=["loc:@"], ', "")

    with pytest.raises(NotFoundError):
        explain(program(13, 9) + text)


@pytest.mark.parametrize("line", ["LSTM(7, input_shape=(None, 13))", "LSTM(units=7, input_shape=(None, 13))"])
def test_a_kernel_of_keras_for_other_features_changes_the_input(line: str) -> None:
    message = (
        "ValueError: Layer #0 (named \"lstm\"), weight <tf.Variable 'lstm/kernel:0' shape=(13, 28) dtype=float32> has"
        " shape (13, 28), but the saved weight has shape (5, 28)."
    )

    corrected = line.replace("13", "5")
    assert first_cause_and_lines(f"model.add({line})\n{message}") == (
        ("kernel", "features", "other_size"),
        {f"model.add({line})": f"model.add({corrected})"},
    )
    assert explain(message).mismatch.causes[0].fix == "keras.Input((time_step, 5))"
