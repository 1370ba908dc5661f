"""Objects with settings whose constructors take any further ones."""

from chains import layers

SOURCE = """
import torch
import torch.nn as nn

class Options:
    def __init__(self, width=9, depth: int = 2, **others):
        self.width = width
        self.depth = depth
        for name, value in others.items():
            setattr(self, name, value)

class Block(nn.Module):
    def __init__(self, options, size):
        super().__init__()
        self.rnn = nn.GRU(size, options.width, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[0]

class Reader(nn.Module):
    def __init__(self, options):
        super().__init__()
        sizes = [5] + [options.width] * (options.depth - 1)
        self.blocks = nn.Sequential(*[Block(options, size) for size in sizes])

    def forward(self, x):
        return self.blocks(x)
"""

CALL = "\nReader(Options({}))(torch.zeros(3, 7, 5))\n"


def test_no_further_setting_changes_none() -> None:
    assert layers(SOURCE + CALL.format("width=6, depth=3")) == [
        "blocks.0.rnn: gru 3 7 5 -> 3 7 6",
        "blocks.1.rnn: gru 3 7 6 -> 3 7 6",
        "blocks.2.rnn: gru 3 7 6 -> 3 7 6",
    ]


def test_settings_that_are_given_are_those_of_the_call_and_others_are_open() -> None:
    given = SOURCE.replace("options.width", "options.wide")
    assert layers(given + CALL.format("depth=1, wide=4")) == ["blocks.0.rnn: gru 3 7 5 -> 3 7 4"]
    assert all("-> 3 7 6" not in layer for layer in layers(SOURCE + CALL.format("width=6, **settings")))


def test_of_what_nobody_calls_further_settings_are_open() -> None:
    source = """
import torch.nn as nn

class Reader(nn.Module):
    def __init__(self, size=5, **others):
        super().__init__()
        self.size = size
        for name, value in others.items():
            setattr(self, name, value)
        self.rnn = nn.GRU(3, self.size)

    def forward(self, x):
        return self.rnn(x)
"""
    assert layers(source) == ["rnn: gru ? ? 3 -> ? ? ?"]
