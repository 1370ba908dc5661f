"""The pair that a recurrent layer returns is explained only if the text shows that it comes from one.

provoked.py has programs that the real frameworks ran.
"""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

NOT_TUPLE = "TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple"
NO_SIZE = "AttributeError: 'tuple' object has no attribute 'size'"
UNPACKED = "ValueError: not enough values to unpack (expected {}, got {})"


def failed(line: str, program: str = "") -> str:
    """A program whose last line failed, and the traceback."""
    return f'{program}{line}\nTraceback (most recent call last):\n  File "train.py", line 9, in forward\n    {line}\n'


@pytest.mark.parametrize(
    "text, cause, fix",
    [
        (failed("h.size()", "cell = nn.LSTMCell(8, 16)\nh = cell(x)\n") + NO_SIZE, "pair_of_states", "h, _ = cell(x)"),
        (
            failed("out, (h, c) = cell(x)", "cell = nn.LSTMCell(8, 16)\n") + UNPACKED.format(2, 1),
            *("names_of_pair", "h, c = cell(x)"),
        ),
        (failed("out, h = c(x)", "c = nn.GRUCell(8, 16)\n") + UNPACKED.format(2, 1), "names_of_pair", "out = c(x)"),
        (failed("out, (h, c) = self.gru(x)") + UNPACKED.format(2, 1), "names_of_pair", "out, h = self.gru(x)"),
        (failed("return self.fc(lstm_out)") + NOT_TUPLE, "whole_pair", "lstm_out, _ = self.lstm(x)"),
        (
            "self.a = nn.GRU(8, 16)\nx = self.emb(x)\ny = self.a(x)\nz = self.fc(y)\n" + NOT_TUPLE,
            *("whole_pair", "y, _ = self.a(x)"),
        ),
        (
            "Cell In[3], line 5, in forward(self, x)\n      4     out = self.lstm(x)\n----> 5     return out.size()\n\n"
            + NO_SIZE,
            *("whole_pair", "out, _ = self.lstm(x)"),
        ),
    ],
)
def test_the_line_is_corrected_in_the_names_of_the_program(text: str, cause: str, fix: str) -> None:
    mismatch = explain(text).mismatch

    assert [(one.id, one.fix) for one in mismatch.causes] == [(cause, fix)]
    assert mismatch.tensor == "output"


def test_the_shapes_are_those_of_the_layer() -> None:
    made = "self.rnn = nn.LSTM(8, hidden_size=16, num_layers=2, bidirectional=True, batch_first=True)\n"
    explanation = explain(failed("return self.fc(self.rnn(x))", made) + NOT_TUPLE)
    network = explanation.configuration

    assert "(batch_size, time_step, 32)" in explanation.mismatch.sentence
    assert "(4, batch_size, 16)" in explanation.mismatch.sentence
    assert network and (network.features, network.num_units, network.num_layers, network.bidirectional) == (
        8,
        16,
        2,
        True,
    )


@pytest.mark.parametrize(
    "text",
    [
        failed("return self.fc(x)") + NOT_TUPLE,
        failed("self.fc(pair)", "self.lstm = nn.LSTM(8, 16)\nout, _ = self.lstm(x)\npair = self.split(out)\n")
        + NOT_TUPLE,
        failed("self.fc(x)", "self.lstm = nn.LSTM(8, 16)\nx = self.lstm(x)[0]\nx = self.conv(x)\n") + NOT_TUPLE,
        failed("self.fc(self.lstm(x))", "class LSTM(nn.Module): ...\nself.lstm = LSTM(8)\n") + NOT_TUPLE,
        failed("self.fc(self.lstm(x))", "self.lstm = Encoder(8)\n") + NOT_TUPLE,
        failed("self.fc(h)", "self.gru = nn.GRUCell(8, 16)\nh = self.gru(x)\n") + NOT_TUPLE,
        "net = nn.Sequential(nn.LSTM(8, 16), First(), nn.Linear(16, 2))\n" + NOT_TUPLE,
        failed("batch, steps, size = output.shape[1:]", "lstm = nn.LSTM(8, 16)\noutput, (h, c) = lstm(x)\n")
        + UNPACKED.format(3, 2),
        failed("pair.append(out)", "lstm = nn.LSTM(8, 16)\nout = lstm(x)\n") + NO_SIZE.replace("size", "append"),
        failed("model(lstm)") + NOT_TUPLE,
    ],
)
def test_a_tuple_of_something_else_is_not_explained(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)
