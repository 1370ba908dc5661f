"""Frameworks whose messages are not read, by what only a text about them has."""

import re

from .named_framework import named_framework

TORCH_OF_LUA = "Torch for Lua"

NAMES = {
    TORCH_OF_LUA: re.compile(r"\w\.lua:\d|torch[\\/]install[\\/]|\bnngraph\b"),
    "DyNet": re.compile(r"\b_?dynet\b|\bdy\.(?:LSTM|GRU|SimpleRNN|VanillaLSTM|CoupledLSTM)Builder\b", re.IGNORECASE),
    "MXNet": re.compile(r"\bmxnet\b", re.IGNORECASE),
    "Chainer": re.compile(r"\bchainer\b", re.IGNORECASE),
    "PaddlePaddle": re.compile(r"\bpaddlepaddle\b|\bpaddle\.(?:nn|fluid|layer)\b", re.IGNORECASE),
    "CNTK": re.compile(r"\bcntk\b", re.IGNORECASE),
}


def unknown_framework(text: str) -> str:
    """The name of the framework of a text that names none of those whose messages are read; "" for another text. The
    files of Torch for Lua have names like those of PyTorch."""
    found = next((name for name, words in NAMES.items() if words.search(text)), "")
    return found if found == TORCH_OF_LUA or not named_framework(text) else ""
