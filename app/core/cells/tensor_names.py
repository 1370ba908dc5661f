"""Symbols and names of the tensors that several cells share. Each cell adds its own."""

from collections.abc import Mapping

from ...translations.phrases import phrase

Words = Mapping[str, tuple[str, str]]
"""Tensor id -> its symbol and its name in English."""

RUN: Words = {
    "X": ("X", phrase("inputs of all steps")),
    "x": ("xₜ", phrase("input at this step")),
    "h_prev": ("hₜ₋₁", phrase("previous hidden state")),
    "h": ("hₜ", phrase("hidden state, also the output")),
    "Y": ("Y", phrase("outputs of all steps")),
    "h_T": ("h_T", phrase("last hidden state")),
}
"""The tensors of every cell: x is the input, h the state and the output."""

CONCATENATION: Words = {"concat": ("[hₜ₋₁, xₜ]", phrase("concatenation of hidden state and input"))}

CELL_STATE: Words = {
    "c_prev": ("cₜ₋₁", phrase("previous cell state")),
    "kept": ("fₜ ∗ cₜ₋₁", phrase("kept part of the previous cell state")),
    "added": ("iₜ ∗ gₜ", phrase("part added to the cell state")),
    "c": ("cₜ", phrase("cell state")),
    "tanh_c": ("tanh(cₜ)", phrase("tanh of the cell state")),
    "c_T": ("c_T", phrase("last cell state")),
}
"""The other tensors of every LSTM."""

GATES = {
    "f": phrase("forget gate"),
    "i": phrase("input gate"),
    "g": phrase("candidate"),
    "o": phrase("output gate"),
    "r": phrase("reset gate"),
    "z": phrase("update gate"),
}


def gates(letters: str) -> Words:
    """The gates with these letters and their pre-activations."""
    pre = {f"a_{g}": (f"a_{g}", phrase("pre-activation of the {gate}", gate=GATES[g])) for g in letters}
    return {**pre, **{g: (f"{g}ₜ", GATES[g]) for g in letters}}


def kernel(owners: str) -> Words:
    """The only kernel of a cell, its bias, and their product with the input. ``owners`` names the gates."""
    return {
        "kernel": ("W", phrase("kernel: the weights of {gates}", gates=owners)),
        "bias": ("b", phrase("bias of {gates}", gates=owners)),
        "a": ("aₜ", phrase("pre-activations of {gates}", gates=owners)),
    }
