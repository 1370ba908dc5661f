"""The words of papers for functions, and our names of these."""

import re

from ...function_syntax import FUNCTIONS
from .latex_commands import COMMANDS

_MATRIX_NAME = re.compile(r"[A-Z](?:[a-z]|[0-9]+[a-z]?)?", re.ASCII)

LINEAR = "linear"
"""A layer W x + b."""

PARAMETRIC, MODULUS = WITH_WEIGHTS = "prelu", "modrelu"
"""Functions that have a weight: a ReLU whose slope below 0 is learned, and one of the modulus of a number."""

NETWORK = re.compile("RNN|LSTM|GRU|MLP|FFN|NN|Net")
"""What the names of whole networks have, before brackets."""

NORMALISATIONS = ("layer_norm", "batch_norm", "rms_norm", "l2_norm")
"""Functions that may have a scale and a shift as further arguments."""

CAPITALS = {
    "LN": "layer_norm", "Norm": "layer_norm", "LayerNorm": "layer_norm", "BN": "batch_norm", "BatchNorm": "batch_norm",
    "RMSNorm": "rms_norm", "L2Norm": "l2_norm", "Re": "real_part", "Im": "imaginary_part",
    "Var": "variance", "var": "variance", "Dropout": "dropout",
}  # fmt: skip
"""The words of papers for functions that have capitals."""

WORDS_OF_FUNCTIONS = {
    **{name: name for name in (*FUNCTIONS, "split", "cumax", LINEAR, "expectation", "variance", "batch_norm")},
    "sigm": "sigmoid", "logistic": "sigmoid", "sig": "sigmoid", "swish": "silu", "ln": "log", "ln_": "layer_norm",
    "heaviside": "heaviside", "hardsigmoid": "hard_sigmoid", "hard_sigmoid": "hard_sigmoid",
    "hardsigm": "hard_sigmoid", "hard_sigm": "hard_sigmoid", "hardtanh": "hard_tanh",
    "hard_tanh": "hard_tanh", "sgn": "sign", "sign": "sign", "leakyrelu": "leaky_relu", "leaky_relu": "leaky_relu",
    "layernorm": "layer_norm", "groupnorm": "group_norm", "max_": "max", "split_": "split",
    "prelu": PARAMETRIC, "parametric_relu": PARAMETRIC, "modrelu": MODULUS,
    "clip": "clip", "clamp": "clip", "round": "round", "relu6": "relu6",
}  # fmt: skip
"""The words of papers for functions, in small letters, and our names of these."""

LONGEST = max(map(len, (*WORDS_OF_FUNCTIONS, *CAPITALS)))
"""The characters of the longest name of a function. Longer words of LaTeX are products of letters."""


def function_of(word: str) -> str:
    """The function that a word names, or nothing."""
    if word in CAPITALS:
        return CAPITALS[word]
    return WORDS_OF_FUNCTIONS.get(word.lower(), "") if len(word) > 1 else ""


def may_be_function(word: str) -> bool:
    """Whether a name before a bracket is that of a function: act, s1 or ReLU6, but not the letter of a tensor or the
    name of a matrix, such as W1 or Wx."""
    is_letter = len(word) == 1 or word in COMMANDS.values() or word == "dt"
    return not (is_letter or _MATRIX_NAME.fullmatch(word) or (word[0].isupper() and function_of(word[1:])))


PIECEWISE = ("heaviside", "hard_sigmoid", "hard_tanh", "leaky_relu", "sign", "round", "relu6")
"""Functions of papers that are written with several of ours."""
