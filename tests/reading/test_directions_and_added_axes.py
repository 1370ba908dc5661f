"""Programs in which one direction is taken for two, and programs that add an axis to an x with all its axes.

PyTorch 2.13 and Keras 3 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, causes_and_lines, ids, pasted, said

ATTENDING = f"""{TORCH}
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(9, 11, bidirectional=True, batch_first=True)

    def attend(self, steps, asked):
        return torch.bmm(steps, asked.unsqueeze(2))

    def forward(self, x):
        steps, last = self.gru(x)
        asked = last[-1]
        return self.attend(steps, asked)

print(Reader()(torch.zeros(5, 6, 9)).shape)
"""
OF_ATTENDING = [
    "print(Reader()(torch.zeros(5, 6, 9)).shape)",
    "return self.attend(steps, asked)",
    "return torch.bmm(steps, asked.unsqueeze(2))",
]
NARROW = "RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [5, 22] but got: [5, 11]."


def test_a_query_of_one_direction_is_joined_with_that_of_the_other() -> None:
    text = pasted(ATTENDING, OF_ATTENDING, NARROW)

    assert causes_and_lines(text) == (
        ("output", "num_units", ["query_of_one_direction"]),
        {"asked = last[-1]": "asked = torch.cat((last[-2], last[-1]), dim=-1)"},
    )
    assert said(text).is_of_equals


def test_a_query_of_another_layer_is_no_state_of_one_direction() -> None:
    other = ATTENDING.replace("asked = last[-1]", "asked = self.ask(x)[1][-1]")
    other = other.replace("\n    def attend", "        self.ask = nn.GRU(9, 11, batch_first=True)\n\n    def attend")

    assert "query_of_one_direction" not in ids(said(pasted(other, OF_ATTENDING, NARROW)))


TURNS = """import keras
from keras import layers

first = keras.Input((7, 5))
second = keras.Input((9, 3))
_, h, c = layers.LSTM(12, return_state=True)(first)
both = {both}
model = keras.Model([first, second], both(second, initial_state=[h, c]))
print(model([keras.ops.zeros((4, 7, 5)), keras.ops.zeros((4, 9, 3))]).shape)
"""
CALL = "print(model([keras.ops.zeros((4, 7, 5)), keras.ops.zeros((4, 9, 3))]).shape)"
NO_C = """IndexError: Exception encountered when calling LSTM.call().

list index out of range

Arguments received by LSTM.call():
  • sequences=torch.Tensor(shape=torch.Size([4, 9, 3]), dtype=float32)
  • initial_state=['torch.Tensor(shape=torch.Size([4, 12]), dtype=float32)']
  • mask=None
  • training=False
"""


def test_both_directions_of_keras_get_states_of_their_own() -> None:
    text = pasted(TURNS.format(both="layers.Bidirectional(layers.LSTM(12))"), [CALL], NO_C)

    assert causes_and_lines(text) == (
        ("h_0", None, ["number_of_states"]),
        {
            "model = keras.Model([first, second], both(second, initial_state=[h, c]))": (
                "model = keras.Model([first, second], both(second, initial_state=[h, c, h, c]))"
            )
        },
    )


def test_a_layer_of_one_direction_still_lacks_its_c() -> None:
    assert ids(said(pasted(TURNS.format(both="layers.LSTM(12)"), [CALL], NO_C)))[0] == "h_for_h_c"


VISITS = f"""{TORCH}
class Visits(nn.Module):
    def __init__(self, units, depth=1, both=False):
        super().__init__()
        self.units, self.depth = units, depth
        self.rnn = nn.RNN(6, units, depth, batch_first=True, bidirectional=both)

    def start(self, n):
        return torch.zeros({{parts}}, n, self.units)

    def forward(self, x):
        return self.rnn(x, self.start(x.size(0)))

print(Visits(units=13)(torch.zeros(4, 8, 6))[0].shape)
"""
OF_VISITS = [
    "print(Visits(units=13)(torch.zeros(4, 8, 6))[0].shape)",
    "return self.rnn(x, self.start(x.size(0)))",
]
TWO_PARTS = "RuntimeError: Expected hidden size (1, 4, 13), got [2, 4, 13]"


@pytest.mark.parametrize("parts", ["2 * self.depth", "self.depth * 2"])
def test_a_state_of_two_directions_is_wrong_for_a_layer_of_one(parts: str) -> None:
    (tensor, axis, causes), lines = causes_and_lines(pasted(VISITS.format(parts=parts), OF_VISITS, TWO_PARTS))

    assert (tensor, axis, causes[0]) == ("h_0", "num_layers*directions", "layers")
    assert lines == {f"return torch.zeros({parts}, n, self.units)": "return torch.zeros(self.depth, n, self.units)"}


def test_a_state_with_another_number_says_nothing_of_directions() -> None:
    assert ids(said(pasted(VISITS.format(parts="self.depth + 1"), OF_VISITS, TWO_PARTS)))[0] == "one_direction"


FORECAST = f"""{TORCH}
class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM({{features}}, 10, batch_first=True)

    def forward(self, series):
        steps, _ = self.lstm(series.unsqueeze(-1))
        return steps[:, -1]

print(Forecast()(torch.zeros(4, 8, 6)).shape)
"""
OF_FORECAST = ["print(Forecast()(torch.zeros(4, 8, 6)).shape)", "steps, _ = self.lstm(series.unsqueeze(-1))"]
FOUR_AXES = "ValueError: LSTM: Expected input to be 2D or 3D, got 4D instead"


def test_an_x_with_all_its_axes_gets_no_axis_more() -> None:
    assert causes_and_lines(pasted(FORECAST.format(features=6), OF_FORECAST, FOUR_AXES)) == (
        ("x", "rank", ["extra_axis"]),
        {"steps, _ = self.lstm(series.unsqueeze(-1))": "steps, _ = self.lstm(series)"},
    )


def test_an_x_with_other_features_than_the_layer_may_need_its_axis() -> None:
    causes = said(pasted(FORECAST.format(features=1), OF_FORECAST, FOUR_AXES)).causes

    assert not any(fix == "steps, _ = self.lstm(series)" for one in causes for _, fix in one.lines)
