"""Targets with one value for each sample or each step, beside outputs of states, flattened steps and convolutions."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.facts_about_sizes import common_sizes

SAMPLES = "ValueError: Expected input batch_size ({}) to match target batch_size (24)."
STATES = "# Which bidirectional LSTM?\n\nself.rnn = nn.LSTM(width, units, bidirectional={})\n{}\n{}"


@pytest.mark.parametrize(
    ("said", "line", "samples", "cause"),
    [
        ("both", "state = last_hidden.squeeze(0)", 48, "states_in_batch"),
        ("both", "state = h_n.squeeze(dim=0)", 48, "states_in_batch"),
        ("both", "state = h_n.squeeze(1)", 48, "not_return_sequences"),
        ("both", "state = last_hidden.squeeze(0)", 72, "not_return_sequences"),
        ("False", "state = last_hidden.squeeze(0)", 48, "not_return_sequences"),
    ],
)
def test_squeeze_keeps_the_axis_of_two_directions(said: str, line: str, samples: int, cause: str) -> None:
    likely = explain(STATES.format(said, line, SAMPLES.format(samples))).mismatch.causes[0]

    assert likely.id == cause
    assert cause != "states_in_batch" or (likely.wrong, "torch.cat" in likely.fix) == ("h = h_n.squeeze(0)", True)


CHECKED = (
    "ValueError: Error when checking target: expected activation_3 to have 4 dimensions, but got array with shape"
    " (6, 7, 30, 30, 2)"
)
LAYER = "model.add(ConvLSTM2D(12, 5, input_shape=(7, 30, 30, 2){}))\n{}"


def test_a_layer_of_convolutions_that_returns_its_last_step_is_no_lstm() -> None:
    explanation = explain(LAYER.format(", return_sequences=False", CHECKED))
    likely, _ = explanation.mismatch.causes

    assert explanation.configurations == ()  # there is no picture of it
    assert likely.fix == "keras.layers.ConvLSTM2D(filters, kernel_size, return_sequences=True)"
    assert "missing" not in likely.sentence


def test_a_flag_that_no_line_says_is_missing() -> None:
    (likely, _) = explain(LAYER.format("", CHECKED)).mismatch.causes
    of_lstm = explain(LAYER.format("", f"model.add(LSTM(12))\n{CHECKED}"))

    assert "missing" in likely.sentence
    assert of_lstm.configurations and "LSTM(num_units" in of_lstm.mismatch.causes[0].fix


NETWORK = """import torch
from torch import nn

class Next(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 16{})
        self.head = nn.Linear(16, 3)
        self.flat = nn.Flatten(1, 2)

    def forward(self, x):
        y, _ = self.gru(x)
        y = self.head(y)
        return {}

"""
WARNING = (
    "UserWarning: Using a target size (torch.Size([4])) that is different to the input size (torch.Size([4, 21])). This"
    " will likely lead to incorrect results due to broadcasting. Please ensure they have the same size."
)


@pytest.mark.parametrize(("first", "steps"), [(", batch_first=True", (4, 7)), ("", (7, 4))])
def test_an_output_of_flattened_steps_says_batch_and_steps(first: str, steps: tuple[int, int]) -> None:
    explanation = explain(NETWORK.format(first, "self.flat(y)") + WARNING)
    sizes = common_sizes(explanation.configurations)

    assert (sizes.batch_size, sizes.time_step, sizes.features) == (*steps, 5)
    assert "not output.flatten(1)" in explanation.mismatch.causes[0].fix


def test_an_output_that_is_not_flat_says_no_steps() -> None:
    explanation = explain(NETWORK.format("", "y") + WARNING)

    assert common_sizes(explanation.configurations).time_step is None
    assert "flatten" not in explanation.mismatch.causes[0].fix
