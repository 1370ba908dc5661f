"""Models of which all layers are called in the branches of a test that the source leaves open."""

import pytest
from chains import axes, layers, unknown

from app.reading.code.layers_in_order import read

MODULE = """
import torch
import torch.nn as nn

class Reader(nn.Module):
    def __init__(self, way, extra):
        super().__init__()
        self.way = way
        self.near = nn.LSTM(6, 11, batch_first=True)
        self.far = nn.GRU(6, 13, batch_first=True)
        self.out = nn.Linear(11, 2)
        if extra:
            self.extra = nn.Linear(11, 11)

    def forward(self, x):
"""

NEAR, FAR = "near: lstm ? ? 6 -> ? ? 11", "far: gru ? ? 6 -> ? ? 13"


def models(source: str) -> list[list[str]]:
    """The layers of each model, in short."""
    return [
        [f"{one.name or '-'}: {one.kind} {axes(one.input)} -> {axes(one.output)}" for one in model]
        for model in read(source).models
    ]


BRANCHES = """
        if self.way == "near":
            y, _ = self.near(x)
        else:
            y, _ = self.far(x)
        return y
"""

OPTION = """
        y = self.near(x) if self.way else self.far(x)
        return y[0]
"""

CASES = """
        match self.way:
            case "near":
                return self.near(x)[0]
            case "far":
                return self.far(x)[0]
        raise ValueError(self.way)
"""

NESTED = """
        if self.way == "near":
            x, _ = self.near(x)
        elif self.way == "far":
            x, _ = self.far(x)
        else:
            raise ValueError(self.way)
        return x
"""


@pytest.mark.parametrize("forward", [BRANCHES, OPTION, CASES, NESTED])
def test_each_branch_is_shown_and_its_lines_are_open(forward: str) -> None:
    reading = read(MODULE + forward)

    assert models(MODULE + forward) == [[NEAR], [FAR]]
    assert reading.names == ["Reader", "Reader"]
    assert reading.one_way == [True, True]
    assert reading.has_other_layers and not reading.has_all_parameters(0)
    calls = {line.strip() for line in forward.splitlines() if "self.near(" in line or "self.far(" in line}
    assert calls <= {*unknown(MODULE + forward)}


def test_a_branch_without_layers_is_not_shown() -> None:
    forward = "        if self.way:\n            x = self.out(self.near(x)[0])\n        return x\n"

    assert models(MODULE + forward) == [[NEAR, "out: dense ? ? 11 -> ? ? 2"]]


def test_nothing_is_known_of_a_layer_that_a_branch_makes() -> None:
    forward = "        if self.way:\n            x = self.out(self.extra(self.near(x)[0]))\n        return x\n"

    assert models(MODULE + forward) == [[NEAR, "-: other ... -> ...", "out: dense ? ? 11 -> ? ? 2"]]


def test_a_layer_that_is_called_whichever_way_leaves_the_model_one() -> None:
    forward = BRANCHES.replace("return y", "return self.out(y)")

    assert models(MODULE + forward) == [["out: dense ? ? 11 -> ? ? 2"]]
    assert read(MODULE + forward).one_way == [False]


def test_layers_in_the_branches_of_two_tests_have_no_order() -> None:
    """The second one may get what the first one returns, or the input of the model."""
    forward = """
        if self.way == 1:
            x, _ = self.near(x)
        if self.way == 2:
            x, _ = self.far(x)
        return x
"""

    assert layers(MODULE + forward) == []


def test_layers_of_keras_that_are_made_before_are_shown_and_others_are_not() -> None:
    source = """
from keras import Input, Model
from keras.layers import GRU, LSTM

def build(way):
    near, x = LSTM(11), Input((5, 6))
    if way:
        y = near(x)
    else:
        y = GRU(13)(x)
    return Model(x, y)
"""

    assert models(source) == [["near: lstm ? 5 6 -> ? 11"]]
    assert unknown(source) == ["y = near(x)", "y = GRU(13)(x)"]
