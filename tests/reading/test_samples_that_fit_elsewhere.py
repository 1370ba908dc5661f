"""Sizes that coincide do not say that axes are exchanged, and what is cut to whole batches keeps some samples.

The corrected lines run in Keras 3.15, tf_keras 2.21 and PyTorch 2.13.
"""

import pytest

from app.reading.errors.explanation import Explanation, explain

FRAME = (
    '\nTraceback (most recent call last):\n  File "/home/me/tide.py", line {n}, in <module>\n    {failed}\n{message}\n'
)


def raised(program: str, message: str, failed: str) -> Explanation:
    n = program.split("\n").index(failed) + 1
    return explain(program + FRAME.format(n=n, failed=failed, message=message))


def lines_of(explanation: Explanation) -> list[tuple[str, str]]:
    return [line for one in explanation.mismatch.causes if one.is_own for line in one.lines]


FITTED = """import numpy as np
import keras
tide = keras.Sequential([keras.Input((14, 3)), keras.layers.GRU(6)])
tide.compile("adam", "mse")
tide.fit(np.zeros(({x}, 14, 3)), np.zeros(({y}, {units})))"""


@pytest.mark.parametrize(("x", "y", "units", "id"), [(6, 9, 6, "other_samples"), (7, 6, 7, "exchanged_samples")])
def test_a_target_with_as_many_values_as_units_has_its_axes_in_order(x: int, y: int, units: int, id: str) -> None:
    program = FITTED.format(x=x, y=y, units=units)
    message = (
        "ValueError: Data cardinality is ambiguous. Make sure all arrays contain the same number of samples."
        f"'x' sizes: {x}\n'y' sizes: {y}\n"
    )

    assert [one.id for one in raised(program, message, program.split("\n")[-1]).mismatch.causes] == [id]


def test_the_last_axis_of_two_that_are_joined_is_not_that_of_samples() -> None:
    failed = "tides = torch.cat([torch.zeros(2, 5), torch.zeros(5, 7)])"
    program = f"import torch\nfrom torch import nn\nreader = nn.LSTM(9, 4)\n{failed}\nreader(tides)"
    message = (
        "RuntimeError: Sizes of tensors must match except in dimension 0. Expected size 5 but got size 7 for tensor"
        " number 1 in the list."
    )

    assert lines_of(raised(program, message, failed)) == []


@pytest.mark.parametrize(
    ("shape", "needed", "corrected"), [("7, 2", 14, "-1, 9"), ("7, 9", 63, "-1, 9"), ("5, 2, 4", 40, "-1, 2, 9")]
)
def test_a_new_shape_of_x_has_the_features_of_the_layer_that_gets_it(shape: str, needed: int, corrected: str) -> None:
    failed = f"tides = torch.randn(36).view({shape})"
    program = f"import torch\nfrom torch import nn\nreader = nn.GRU(9, 4)\n{failed}\nreader(tides)"

    lines = lines_of(raised(program, f"RuntimeError: shape '[{shape}]' is invalid for input of size 36", failed))

    assert lines == [(failed, f"tides = torch.randn(36).view({corrected})")]


def test_the_general_line_of_a_reshaped_x_has_no_output() -> None:
    failed = "tides = torch.randn(36).view(8, 5)"
    program = f"import torch\nfrom torch import nn\nreader = nn.GRU(size, 4)\n{failed}\nreader(tides)"
    explanation = raised(program, "RuntimeError: shape '[8, 5]' is invalid for input of size 36", failed)

    assert [one.fix for one in explanation.mismatch.causes] == [
        "x = x.reshape(-1, x.size(-1))",
    ]


WARNED = """import torch
from torch import nn
reader = nn.GRU(4, 13, batch_first=True)
last_layer = nn.Linear(13, 1)
tides, heights = torch.randn(18, 9, 4), torch.randn({target})
states, _ = reader(tides)
guess = last_layer(states[:, -1]){squeezed}
criterion = nn.MSELoss()
error = criterion(guess, heights)
/opt/torch/nn/modules/loss.py:630: UserWarning: Using a target size (torch.Size([{target}])) that is different to the \
input size (torch.Size([{output}])). This will likely lead to incorrect results due to broadcasting. Please ensure \
they have the same size.
  return F.mse_loss(input, target, reduction=self.reduction)"""


@pytest.mark.parametrize(
    ("target", "output", "squeezed", "corrected"),
    [
        ("18, 1", "18", ".squeeze(-1)", "error = criterion(guess, heights.squeeze(-1))"),
        ("18", "18, 1", "", "error = criterion(guess.squeeze(-1), heights)"),
    ],
)
def test_the_longer_array_of_a_loss_that_only_warns_is_squeezed(
    target: str, output: str, squeezed: str, corrected: str
) -> None:
    explanation = explain(WARNED.format(target=target, output=output, squeezed=squeezed))

    assert lines_of(explanation) == [("error = criterion(guess, heights)", corrected)]


def test_a_longer_target_is_squeezed_without_a_program() -> None:
    text = "My GRU warns:\n" + "\n".join(WARNED.format(target="18, 1", output="18", squeezed="").split("\n")[9:])
    first, *_ = explain(text).mismatch.causes

    assert (first.wrong, first.fix) == (
        "loss = criterion(output, target)",
        "loss = criterion(output, target.squeeze(-1))",
    )


def test_an_array_with_fewer_samples_than_a_batch_is_not_cut_to_whole_batches() -> None:
    made = "    keras.layers.GRU(9, stateful=True, batch_input_shape=(12, None, 4)),"
    failed = 'tide.layers[0](np.zeros((5, 14, 4), "float32"))'
    program = f"import numpy as np\nimport tf_keras as keras\ntide = keras.Sequential([\n{made}\n])\n{failed}"
    message = (
        'ValueError: Input 0 of layer "gru" is incompatible with the layer: expected shape=(12, None, 4), found'
        " shape=(5, 14, 4)"
    )

    assert lines_of(raised(program, message, failed)) == [(made.strip(), made.strip().replace("(12,", "(5,"))]
