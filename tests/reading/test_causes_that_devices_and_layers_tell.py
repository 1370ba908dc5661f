"""Causes in the batch of a state: devices that share it, several layers, and lengths; and sentences that must not say
more than the text."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.facts_about_sizes import common_sizes

STEP = (
    'Traceback (most recent call last):\n  File "site-packages/torch/nn/parallel/{file}", line 60, in _worker\n'
    '  File "model/gru_cell.py", line 44, in step\n    z = torch.sigmoid(self.u_z(h_) + x_z)\n'
    "RuntimeError: The size of tensor a ({h}) must match the size of tensor b ({x}) at non-singleton dimension 0"
)


@pytest.mark.parametrize(
    ("file", "h", "x", "cause"),
    [
        ("parallel_apply.py", 6, 24, "undivided_x"),
        ("parallel_apply.py", 24, 6, "divided_batch"),
        ("parallel_apply.py", 10, 24, "other_batch"),
        ("worker.py", 6, 24, "other_batch"),
    ],
)
def test_a_batch_that_devices_share_is_divided_along_the_first_axis(file: str, h: int, x: int, cause: str) -> None:
    said = explain(STEP.format(file=file, h=h, x=x)).mismatch

    assert (said.tensor, said.axis, said.first_cause in (cause, "last_batch")) == ("h_0", "batch_size", True)
    assert (said.first_cause == "last_batch") <= (cause == "other_batch")


@pytest.mark.parametrize(
    ("words", "batch", "got", "is_of_layers"),
    [
        ("The decoder fails with more than one layer.", 50, 100, True),
        ("I set num_layers = 3.", 50, 150, True),
        ("The decoder fails with more than one layer.", 50, 120, False),
        ("The decoder fails.", 50, 100, False),
        ("I set num_layers = 3.", 50, 100, False),
    ],
)
def test_a_state_with_the_rows_of_several_layers_is_that_of_all(
    words: str, batch: int, got: int, is_of_layers: bool
) -> None:
    said = explain(f"{words}\nRuntimeError: Input batch size {batch} doesn't match hidden[0] batch size {got}").mismatch

    assert (said.first_cause == "states_of_all_layers") == is_of_layers


@pytest.mark.parametrize(("words", "batch"), [("Batch of size 40", None), ("batch_size = 40", None), ("", 17)])
def test_lengths_of_the_batch_that_a_text_says_leave_the_axis_of_x_open(words: str, batch: int | None) -> None:
    said = explain(
        f"{words}\nRuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 40 (batch_size=17)"
    )

    assert common_sizes(said.configurations).batch_size == batch


def test_joined_arrays_that_differ_in_the_last_axis_are_both_named() -> None:
    message = (
        "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concat axis. Got inputs"
        " shapes: [(None, 60, 4), (None, 60, 2)]"
    )
    said = explain(f"y = Bidirectional(LSTM(9, return_sequences=True))(x)\n{message}").mismatch

    assert (said.axis, said.expected, said.got) == (None, (None, 60, 4), (None, 60, 2))


DENSE = "ValueError: The last dimension of the inputs to `Dense` should be defined. Found `None`."


@pytest.mark.parametrize(
    ("lines", "causes"),
    [
        ("y = GRU(6, return_sequences=True)(x)\nz = Dense(3)(y)\n", []),
        ("y = GRU(6, return_sequences=True)(x)\nz = Dense(3)(Flatten()(y))\n", ["flattened_unknown"]),
    ],
)
def test_a_program_without_flatten_has_no_flattened_steps(lines: str, causes: list[str]) -> None:
    assert [one.id for one in explain(lines + DENSE).mismatch.causes] == causes


def test_a_dense_layer_of_keras_0_reads_one_vector_of_the_cell_of_the_program() -> None:
    text = (
        "model.add(GRU(output_dim=35, return_sequences=True))\nmodel.add(Dense(5))\nAssertionError: Incompatible"
        " shapes: layer expected input with ndim=2 but previous layer has output_shape (None, 12, 35)"
    )
    (cause,) = explain(text).mismatch.causes

    assert "target" not in str(cause.sentence)
    assert "GRU(" in cause.fix


@pytest.mark.parametrize(("values", "is_line"), [(600, True), (3_000_000, False)])
def test_no_dense_layer_has_a_value_for_each_step_of_a_long_series(values: int, is_line: bool) -> None:
    text = (
        "model = Sequential()\nmodel.add(LSTM(20, input_shape=(30, 4)))\nmodel.add(Dense(3))\nmodel.compile('adam')\n"
        f"ValueError: Error when checking target: expected dense_1 to have shape (None, 3) but got array with shape (6,"
        f" {values})"
    )

    assert any(f"Dense({values})" in one.fix for one in explain(text).mismatch.causes) == is_line


PAIR = "ValueError: Linear is expecting 2D arguments: {}"


@pytest.mark.parametrize(
    ("shapes", "tensor", "cause"),
    [
        ("[[2, None, 45]]", "h_0", "pair_for_state"),
        ("[2, None, 45]", "h_0", "pair_for_state"),
        ("[[2, None, 45], [None, 45]]", "x", "one_step"),
        ("[[None, 20, 45]]", "x", "one_step"),
    ],
)
def test_an_array_of_two_states_is_a_pair(shapes: str, tensor: str, cause: str) -> None:
    said = explain(f"BasicLSTMCell\n{PAIR.format(shapes)}").mismatch

    assert (said.tensor, said.axis, said.first_cause) == (tensor, "rank", cause)


@pytest.mark.parametrize("name", ["InputData/X:0", "'InputData_1/X:0'", "x:0"])
def test_the_input_of_tflearn_is_x(name: str) -> None:
    message = f"ValueError: Cannot feed value of shape (9, 12) for Tensor {name}, which has shape (?, 1, 12)"
    said = explain(f"net = tflearn.lstm(net, 70)\n{message}").mismatch

    assert (said.tensor, said.axis) == ("x", "rank")
