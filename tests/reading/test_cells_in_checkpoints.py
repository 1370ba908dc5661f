"""Weights of single cells, of shared cells and of cuDNN, and errors that a sentence quotes."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain
from app.reading.facts_about_sizes import common_sizes

COPIED = (
    "RuntimeError: Error(s) in loading state_dict for Net:\n\tsize mismatch for decoder.{}.weight_ih: copying a param"
    " with shape torch.Size([360, 70]) from checkpoint, the shape in current model is torch.Size([360, 90]).\n{}"
)
RECURRENT = (
    "\tsize mismatch for decoder.step.weight_hh: copying a param with shape torch.Size([360, 120]) from checkpoint, the"
    " shape in current model is torch.Size([360, 100]).\n"
)


@pytest.mark.parametrize(
    ("name", "others", "line"),
    [
        ("step", "", "nn.LSTMCell(70, hidden_size)  # or nn.GRUCell, nn.RNNCell"),
        ("lstm_step", "", "nn.LSTMCell(70, 90)"),
        ("step", RECURRENT, "nn.GRUCell(70, 120)"),
    ],
)
def test_parameters_without_the_number_of_a_layer_are_those_of_a_cell(name: str, others: str, line: str) -> None:
    assert explain(COPIED.format(name, others)).mismatch.causes[0].fix == line


SHARED = (
    "ValueError: Trying to share variable stack_bidirectional_rnn/cell_0/bidirectional_rnn/bw/lstm_cell/kernel, but"
    " specified shape ({}, 200) and found shape (170, 200)."
)


@pytest.mark.parametrize(("rows", "cause"), [(150, "same_cell"), (100, "reused_weights"), (140, "reused_weights")])
def test_a_layer_above_two_directions_has_the_rows_of_both_of_them(rows: int, cause: str) -> None:
    (only,) = explain(SHARED.format(rows)).mismatch.causes

    assert only.id == cause
    assert ("cells_bw" in only.fix) == (cause == "same_cell")


BIAS = "ValueError: Layer weight shape ({},) not compatible with provided weight shape ({},)"


@pytest.mark.parametrize(
    ("sizes", "layer", "units"),
    [((24, 48), "CuDNNLSTM", 6), ((48, 24), "CuDNNLSTM", 6), ((24, 48), "LSTM", None), ((24, 72), "CuDNNLSTM", None)],
)
def test_a_layer_of_cudnn_has_two_biases(sizes: tuple[int, int], layer: str, units: int | None) -> None:
    explanation = explain(f"I load the weights of a {layer}.\n{BIAS.format(*sizes)}")

    assert (explanation.mismatch.first_cause == "cudnn_biases") == (units is not None)
    assert common_sizes(explanation.configurations).num_units == units


FEATURES = (
    "# RuntimeError: input.size(-1) must be equal to input_size. Expected 11, got 12\n\n```\n--> 54     {}\n```\n"
)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("self.advance(*args, **kwargs)", ""),
        ("self.core(x)", "self.core = "),
        ("self.lstm(*args, **kwargs)", "self.lstm = "),
    ],
)
def test_a_method_that_passes_its_arguments_on_is_no_layer(line: str, name: str) -> None:
    assert explain(FEATURES.format(line)).mismatch.causes[0].fix.startswith(f"{name}nn.LSTM(12, hidden_size)")


@pytest.mark.parametrize(
    "text",
    [
        "My LSTM gives `ValueError: Cannot read the file of weights` each time.",
        'It says "ValueError: Cannot read the file of weights".',
        "This gives keras.errors.ValueError: Cannot read the file of weights",
    ],
)
def test_an_error_in_a_sentence_is_read_like_one_in_its_own_line(text: str) -> None:
    with pytest.raises(NotFoundError, match="The last error in the text, ValueError, is no known shape error"):
        explain(text)


@pytest.mark.parametrize(
    "text", ["try:\n    run()\nexcept ValueError: pass\n", "My LSTM has an Error.", "A ValueError."]
)
def test_an_error_without_a_message_is_asked_for(text: str) -> None:
    with pytest.raises(NotFoundError, match="Paste the error message"):
        explain(text)
