"""Arrays without samples, axes without a size, and weights that are used for two inputs."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain
from app.reading.facts_about_sizes import common_sizes

FED = "ValueError: Cannot feed value of shape ({}) for Tensor 'Placeholder:0', which has shape '(?, 40, 12)'"


def told(explanation: Explanation) -> tuple[object, ...]:
    said = explanation.mismatch
    return said.tensor, said.axis, said.expected, said.got, said.first_cause


def test_an_array_without_samples_says_the_sizes_of_the_layer() -> None:
    explanation = explain("I train an LSTM.\n\n" + FED.format("0,"))
    sizes = common_sizes(explanation.configurations)

    assert told(explanation) == ("x", "rank", 3, 1, "empty_data")
    assert (sizes.batch_size, sizes.time_step, sizes.features) == (None, 40, 12)


def test_the_beginning_of_a_message_at_the_end_of_a_traceback_is_no_other_error() -> None:
    title = "# An LSTM: " + FED.format("8, 12")
    trace = 'Traceback (most recent call last):\n  File "fit.py", line 7, in <module>\n    run()\n'

    assert told(explain(f"{title}\n\n{trace}{FED[:40].format('8, 12')}"))[:2] == ("x", "rank")
    with pytest.raises(NotFoundError):
        explain(f"{title}\n\n{trace}ValueError: Cannot open a file")


SHARED = "ValueError: Trying to share variable {0}/kernel, but specified shape {1} and found shape {2}."


@pytest.mark.parametrize(
    ("scope", "columns", "units", "cause"),
    [
        ("match/fw/lstm_cell", 240, 60, "reused_weights"),
        ("encoder/rnn/basic_lstm_cell_1", 240, 60, "reused_weights"),
        ("encoder/gru_cell/gates", 120, 60, "reused_weights"),
        ("encoder/gru_cell/candidate", 60, 60, "reused_weights"),
        ("rnn/multi_rnn_cell/cell_0/gru_cell/gates", 120, 60, "reused_weights"),  # an upper layer gets 60
        ("rnn/basic_rnn_cell", 60, 60, "reused_weights"),
    ],
)
def test_a_kernel_that_is_used_for_two_inputs_has_the_units_of_one_layer(
    scope: str, columns: int, units: int | None, cause: str
) -> None:
    explanation = explain(SHARED.format(scope, (170, columns), (100, columns)))

    assert told(explanation) == ("kernel", "features", (100, columns), (170, columns), cause)
    assert common_sizes(explanation.configurations).num_units == units


@pytest.mark.parametrize(("cell", "columns"), [("gru_cell/gates", 148), ("basic_lstm_cell", 296)])
def test_all_layers_share_a_cell_if_the_second_one_gets_as_many_features_as_the_cell_has_units(
    cell: str, columns: int
) -> None:
    scope = f"rnn/multi_rnn_cell/cell_0/{cell}"

    assert told(explain(SHARED.format(scope, (148, columns), (90, columns))))[4] == "same_cell"
    assert told(explain(SHARED.format(scope, (90, columns), (148, columns))))[4] == "reused_weights"


def test_a_variable_that_no_cell_made_is_of_another_layer() -> None:
    with pytest.raises(NotFoundError):
        explain("My LSTM.\n\n" + SHARED.format("dense", (170, 60), (100, 60)))


NEGATIVE = (
    "My LSTM was exported with a free batch size.\n\n"
    "tensor.cc:52 void onnxruntime::Tensor::Init(...) shape.Size() must >=0\n"
    "Input 0 : num_dims={n}\n{sizes}"
)


@pytest.mark.parametrize(("sizes", "steps"), [((25, -1, 8), 25), ((-1, 25, 8), 25)])
def test_a_free_batch_of_onnx_has_no_size(sizes: tuple[int, ...], steps: int) -> None:
    listed = "\n".join(f"Input 0 : dim {n}={size}" for n, size in enumerate(sizes))
    explanation = explain(NEGATIVE.format(n=3, sizes=listed))
    known = common_sizes(explanation.configurations)

    assert told(explanation) == ("x", "batch_size", None, (-1,), "negative_batch")
    assert (known.time_step, known.features) == (steps, 8)


def test_a_free_axis_of_an_unknown_input_has_no_name() -> None:
    assert told(explain(NEGATIVE.format(n=2, sizes="Input 0 : dim 0=-1\nInput 0 : dim 1=8")))[:2] == (None, None)


STATES = (
    "ValueError: An `initial_state` was passed that is not compatible with `cell.state_size`. Received `state_spec`="
    "ListWrapper([InputSpec(shape=({}), ndim=3)]); however `cell.state_size` is [TensorShape([{}])]"
)


@pytest.mark.parametrize("sizes", ["None, 3, 5", "Dimension(None), Dimension(3), Dimension(5)"])
@pytest.mark.parametrize("given", ["2, 3, 5", "None, 3, 5"])
def test_the_state_size_of_a_cell_has_no_axis_of_the_batch(given: str, sizes: str) -> None:
    assert told(explain(STATES.format(given, sizes))) == ("h_0", "rank", 4, 3, "state_size_with_batch")
    with pytest.raises(NotFoundError):
        explain(STATES.format(given, sizes.replace("5", "6")))
