"""Rows of data that a reshape makes into windows must be a multiple of the steps of one.

NumPy and PyTorch raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.explanation import NotFoundError, explain

KERAS = """import keras
import numpy as np
from keras import layers

STEPS = 30
log = np.random.rand(1000, 6)
{usable}
{line}

net = keras.Sequential([layers.Input((STEPS, 6)), layers.{layer}])
net.compile(loss="mse")
net.predict(windows)
"""
LINE = "windows = log.reshape(-1, STEPS, log.shape[1])"
ERROR = "ValueError: cannot reshape array of size 6000 into shape (30,6)"
COUNT = "len(log) // STEPS * STEPS"


def of_keras(line: str = LINE, usable: str = "", layer: str = "LSTM(24)") -> str:
    return pasted(KERAS.format(line=line, usable=usable, layer=layer), [line], ERROR)


@pytest.mark.parametrize(
    ("line", "usable", "rows"),
    [
        (LINE, f"usable = {COUNT}", "log[:usable]"),
        (LINE, "", f"log[:{COUNT}]"),
        (LINE, "half = len(log) // 2 * 2", f"log[:{COUNT}]"),
        ("windows = np.reshape(log, (-1, STEPS, 6))", "", f"log[:{COUNT}]"),
    ],
)
def test_rows_that_fill_no_window_are_left_out(line: str, usable: str, rows: str) -> None:
    text = of_keras(line, usable)
    mismatch = explain(text).mismatch
    corrected = line.replace("log.reshape", f"{rows}.reshape").replace("(log,", f"({rows},")

    assert (mismatch.tensor, mismatch.expected, mismatch.got) == ("x", (6000,), (180,))
    assert "needs a multiple of 180" in str(mismatch.sentence)
    assert likely(text) == (["whole_rows"], {line: corrected})


def test_the_order_of_program_and_traceback_does_not_matter() -> None:
    trace, _, program = of_keras().partition("\n\n")
    assert likely(f"{program}\n{trace}") == likely(f"{trace}\n\n{program}")


def test_rows_of_pytorch_are_those_of_data_too() -> None:
    line = "x = log.view(-1, 30, 6)"
    program = f"{TORCH_WITH_PACKING}\nlog = torch.rand(1000, 6)\n{line}\nout, _ = nn.GRU(6, 8, batch_first=True)(x)\n"
    text = pasted(program, [line], "RuntimeError: shape '[-1, 30, 6]' is invalid for input of size 6000")
    assert likely(text) == (["whole_rows"], {line: "x = log[:len(log) // 30 * 30].view(-1, 30, 6)"})


def test_the_same_rows_are_declined_in_a_program_without_a_recurrent_layer() -> None:
    with pytest.raises(NotFoundError, match="has no recurrent layer"):
        explain(of_keras(layer="Conv1D(24, 3)"))


def test_a_program_with_a_recurrent_layer_is_not_said_to_have_none() -> None:
    line = "windows = log.reshape(7)"
    error = "ValueError: cannot reshape array of size 6000 into shape (7,)"
    program = KERAS.format(line=line, usable="", layer="LSTM(24)")
    with pytest.raises(NotFoundError, match="nothing says that the line that failed is about a recurrent layer"):
        explain(f"{program}\n{pasted('', [line], error)}")


GIVEN = """import keras
import numpy as np
from keras import layers

def whole(log):
    windows = log.reshape(-1, 30, 6)
    return windows

def train(data):
    net.fit(data, data[:, 0])

net = keras.Sequential([layers.LSTM(24), layers.Dense(6)])
{}
"""


@pytest.mark.parametrize(
    ("uses", "is_given"),
    [
        ("net.predict(whole(log))", True),
        ("data = whole(log) / 100\ntrain(data)", True),
        ("first, last = np.split(whole(log), 2)\nfor batch in (first, last):\n    net(batch)", True),
        ("data = whole(log)\nprint(data.mean())", False),
        ("print(whole(log))\ntrain(np.ones((4, 30, 6)))", False),
    ],
)
def test_rows_are_data_of_a_network_only_if_it_gets_them(uses: str, is_given: bool) -> None:
    line = "windows = log.reshape(-1, 30, 6)"
    text = pasted(GIVEN.format(uses), [line], ERROR)

    if is_given:
        assert likely(text)[0] == ["whole_rows"]
    else:
        with pytest.raises(NotFoundError, match="raise this error"):
            explain(text)
