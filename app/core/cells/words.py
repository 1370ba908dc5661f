"""The symbol and the name of what several cells have, in one home; a cell adds its own."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]
"""Tensor id -> its symbol, and what people call it."""

RUN: Words = {
    "X": ("X", "input of the whole run"),
    "x": ("xₜ", "input of the step"),
    "h_prev": ("hₜ₋₁", "hidden state of the step before"),
    "h": ("hₜ", "hidden state, which is also the output"),
    "Y": ("Y", "output of every step"),
    "h_T": ("h_T", "last hidden state"),
}
"""What every cell has: x goes in, h is carried and handed out."""

SIDE_BY_SIDE: Words = {"concat": ("[hₜ₋₁, xₜ]", "hidden state and input side by side")}

CELL_STATE: Words = {
    "c_prev": ("cₜ₋₁", "cell state of the step before"),
    "kept": ("fₜ ∗ cₜ₋₁", "what is kept of the old cell state"),
    "added": ("iₜ ∗ gₜ", "what is added to the cell state"),
    "c": ("cₜ", "cell state"),
    "tanh_c": ("tanh(cₜ)", "cell state, squashed"),
    "c_T": ("c_T", "last cell state"),
}
"""What every LSTM has besides."""

GATES = {
    "f": "forget gate",
    "i": "input gate",
    "g": "candidate",
    "o": "output gate",
    "r": "reset gate",
    "z": "update gate",
}


def gates(letters: str) -> Words:
    """Each of these gates and, where it is computed from one, its pre-activation."""
    pre = {f"a_{g}": (f"a_{g}", f"pre-activation of the {GATES[g]}") for g in letters}
    return {**pre, **{g: (f"{g}ₜ", GATES[g]) for g in letters}}


def kernel(of: str) -> Words:
    """The one kernel of a cell, its bias and what they make."""
    return {
        "kernel": ("W", f"kernel: the weights of {of}"),
        "bias": ("b", f"bias of {of}"),
        "a": ("aₜ", f"pre-activations of {of}"),
    }
