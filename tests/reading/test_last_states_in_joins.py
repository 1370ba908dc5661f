"""A last state has the axes of layers, batch and units, and no steps; a vector of each sample has its units second; and
arrays that a text lacks may be those of anything.

PyTorch 2.13 and Keras 3.15 raised the messages for such programs.
"""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

JOIN = """import torch
from torch import nn
rnn = nn.GRU(6, 11)
steps, last = rnn(torch.randn(9, 3, 6))
extra = torch.zeros({shape})
z = torch.cat((extra, last), dim=2)

Traceback (most recent call last):
  File "/home/me/join.py", line 6, in <module>
    z = torch.cat((extra, last), dim=2)
RuntimeError: Sizes of tensors must match except in dimension 2. Expected size {first} but got size {second} for\
 tensor number 1 in the list.
"""

NORM = """import torch
from torch import nn
rnn = nn.GRU(6, 11, batch_first=True)
norm = nn.BatchNorm1d(8)
steps, last = rnn(torch.randn(9, 3, 6))
z = norm({given})

Traceback (most recent call last):
  File "/home/me/norm.py", line 6, in <module>
    z = norm({given})
RuntimeError: running_mean should contain {got} elements not 8
"""


@pytest.mark.parametrize(
    ("shape", "first", "second", "axis"),
    [("1, 8, 4", 8, 3, "batch_size"), ("5, 3, 4", 5, 1, "num_layers*directions")],
)
def test_a_joined_last_state_differs_in_its_batch_or_its_layers(shape: str, first: int, second: int, axis: str) -> None:
    mismatch = explain(JOIN.format(shape=shape, first=first, second=second)).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("h_0", axis)
    assert {"size": second, "other": first}.items() <= mismatch.sentence.values.items()
    assert not mismatch.causes


def test_a_joined_output_is_no_last_state() -> None:
    joined = JOIN.replace("(extra, last)", "(extra, steps)").format(shape="7, 3, 4", first=7, second=9)

    assert explain(joined).mismatch.tensor == "output"


@pytest.mark.parametrize(
    ("given", "got", "ids"),
    [
        ("steps[:, -1]", 11, ["norm_features"]),
        ("last[-1]", 11, ["norm_features"]),
        ("steps", 3, ["channels_second", "norm_features"]),
    ],
)
def test_a_vector_of_each_sample_has_its_units_where_a_normalization_reads_them(
    given: str, got: int, ids: list[str]
) -> None:
    causes = explain(NORM.format(given=given, got=got)).mismatch.causes

    assert [one.id for one in causes] == ids


LINES = {
    "import keras\nnet = keras.Sequential([keras.Input((5, 3)), keras.layers.GRU(7), keras.layers.Dense(2)])": (
        "keras.layers.Concatenate()([{a}, {b}])",
        "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis."
        " Received: input_shape=[(None, 5, 3), (None, 4, 3)]",
    ),
    "import torch\nfrom torch import nn\nspeech = nn.GRU(9, 21, batch_first=True)": (
        "torch.cat(({a}, {b}), dim=2)",
        "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 5 but got size 4 for tensor"
        " number 1 in the list.",
    ),
}


@pytest.mark.parametrize("program", LINES)
def test_nothing_is_said_of_arrays_that_the_text_lacks_and_whose_names_say_nothing(program: str) -> None:
    line, message = LINES[program]

    def pasted(a: str, b: str) -> str:
        frame = (
            f'Traceback (most recent call last):\n  File "a.py", line 30, in <module>\n    {line.format(a=a, b=b)}\n'
        )
        return f"{program}\n\n{frame}{message}\n"

    with pytest.raises(NotFoundError):
        explain(pasted("a", "b"))
    assert explain(pasted("output", "context")).mismatch.tensor == "output"
