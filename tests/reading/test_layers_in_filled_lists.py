"""Layers in lists and dictionaries that a loop fills an unknown number of times."""

import pytest
from chains import layers, unknown

from app.reading.code.layers_in_order import read

MODULE = """
import torch.nn as nn

class Readers(nn.Module):
    def __init__(self, names, count):
        super().__init__()
        self.head = nn.Linear(9, 2)
        {made}

    def forward(self, x, name):
        {called}
"""

IN_LOOP = "a layer of a loop that is too long, or whose length is not known"

ONE = "return self.head(self.readers[name](x)[0])"

MADE = {
    "a dictionary": "self.readers = {}\n        for name in names:\n            self.readers[name] = nn.GRU(6, 9)",
    "a ModuleDict": (
        "self.readers = nn.ModuleDict()\n        for name in names:\n            self.readers[name] = nn.GRU(6, 9)"
    ),
    "a dictionary in an expression": "self.readers = nn.ModuleDict({name: nn.GRU(6, 9) for name in names})",
    "a list": "self.readers = nn.ModuleList()\n        for _ in names:\n            self.readers.append(nn.GRU(6, 9))",
    "a list in an expression": "self.readers = nn.ModuleList([nn.GRU(6, 9) for _ in names])",
    "a list of a number": "self.readers = nn.ModuleList([nn.GRU(6, 9) for _ in range(count)])",
}


def source(made: str, called: str = ONE) -> str:
    return MODULE.format(made=made, called=called)


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_a_call_by_a_key_is_one_of_one_layer_and_their_number_is_open(made: str) -> None:
    reading = read(source(made))

    assert [(one.kind, one.input, one.output) for one in reading.layers] == [
        ("gru", (None, None, 6), (None, None, 9)),
        ("dense", (None, None, 9), (None, None, 2)),
    ]
    assert [one.reason for one in reading.unknown] == [IN_LOOP]
    assert reading.has_other_layers


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_calls_in_a_loop_are_of_an_unknown_number(made: str) -> None:
    called = "for name in name:\n            x, _ = self.readers[name](x)\n        return self.head(x)"

    assert [one.split(":")[0] for one in layers(source(made, called))] == ["head"]
    assert "x, _ = self.readers[name](x)" in unknown(source(made, called))


def test_of_different_layers_only_the_common_sizes_are_known() -> None:
    made = (
        "self.readers = nn.ModuleDict({})\n        for name in names:\n            self.readers[name] = nn.GRU(name, 9)"
    )
    assert layers(source(made))[0].endswith("gru ? ? ? -> ? ? 9")


@pytest.mark.parametrize("change", ["self.readers.update(other)", "self.readers[count] = other", "fill(self.readers)"])
def test_nothing_is_known_of_what_something_else_fills(change: str) -> None:
    made = f"{MADE['a ModuleDict']}\n        {change}"

    assert [one.split(":")[0] for one in layers(source(made))] == ["head"]


def test_a_layer_that_a_list_calls_for_each_item_is_not_called_never() -> None:
    made = "self.reader = nn.GRU(6, 9)"
    called = "ys = [self.reader(one)[0] for one in x]\n        return self.head(ys[0])"

    (line,) = read(source(made, called)).unknown
    assert (line.text, line.reason) == ("ys = [self.reader(one)[0] for one in x]", IN_LOOP)
