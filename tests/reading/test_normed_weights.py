"""weight_norm of PyTorch: the lengths that it makes beside the weight. The numbers are those of the real framework."""

import pytest

from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read
from app.reading.code.reading_result import Reading
from app.url_state.fields.input_fields import MAX_TEXT_LENGTH
from app.url_state_to_picture.model.read_model import read_chain

PATHS = ("torch.nn.utils", "torch.nn.utils.parametrizations")


def model(made: str, path: str = PATHS[0]) -> Reading:
    return read(
        f"import torch.nn as nn\nfrom {path} import weight_norm\nclass Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.rnn = nn.GRU(10, 25)\n"
        f"        self.fc = {made}\n"
        "    def forward(self, x):\n        y, _ = self.rnn(x)\n        return self.fc(y[-1])\n"
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("made", "count"),
    [
        ("weight_norm(nn.Linear(25, 3))", 81),
        ("weight_norm(nn.Linear(25, 3), dim=None)", 79),
        ("weight_norm(nn.Linear(25, 3), 'weight', None)", 79),
        ("weight_norm(nn.Linear(25, 3), dim=-1)", 79),
        ("weight_norm(nn.Linear(25, 3), dim=1)", 103),
        ("weight_norm(nn.Linear(25, 3, bias=False), dim=0)", 78),
    ],
)
def test_the_lengths_of_the_rows_of_a_dense_layer_are_counted(made: str, count: int, path: str) -> None:
    reading = model(made, path)
    chain = read_chain(reading.models[0], MAX_TEXT_LENGTH, has_all_parameters=reading.has_all_parameters(0))

    bias = "nobias," if "bias=False" in made else ""
    assert chain_text(chain.chain) == f"gru(10,25).dense(3,{bias}params={count})"
    assert reading.unknown == []


@pytest.mark.parametrize(("dim", "count"), [("", 84), (", dim=None", 79)])
def test_the_lengths_of_a_convolution_are_counted(dim: str, count: int) -> None:
    reading = model(f"weight_norm(nn.Conv1d(4, 6, 3){dim})")

    assert reading.layers[1].parameters == count


@pytest.mark.parametrize("given", ["dim=n", "name='bias'", "dim=2", "**kw"])
def test_other_lengths_are_not_known(given: str) -> None:
    reading = model(f"weight_norm(nn.Linear(25, 3), {given})")

    assert [line.reason for line in reading.unknown] == ["weights that no layer has"]
    assert reading.layers[1].own is None
