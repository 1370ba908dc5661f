"""Formulas and names that depend on the run: on the input, and on the order of the steps."""

from ..core.program import Tensor
from ..translations.phrases import phrase, plural
from .input_kinds import INPUTS
from .view import View

REVERSED_FORMULAS = {
    "carry": phrase("{bare} of the next step, zeros at the end"),
    "last": phrase("{bare} of step 0"),
}
"""The formulas of operations in a reversed direction."""

REVERSED_NAMES = {
    "h_prev": phrase("hidden state of the next step"),
    "c_prev": phrase("cell state of the next step"),
}
"""The names of tensors in a reversed direction."""


def name(view: View, t: Tensor) -> str:
    """The name of a tensor in this run."""
    if t.id == "h" and view.layer + 1 < view.num_layers:
        return phrase("hidden state, also the input of layer {n}", n=view.layer + 1)
    return REVERSED_NAMES.get(t.id, t.name) if view.is_reversed else t.name


def formula(view: View, t: Tensor) -> str:
    """The equation of a tensor, in symbols and words."""
    if t.id == "X" and not view.layer and (given := INPUTS[view.data].formula):
        return phrase("{symbol} = {right}", symbol=t.symbol, right=given)
    if view.is_reversed and t.op in REVERSED_FORMULAS:
        state = view.program.by_id[t.inputs[0]].symbol.removesuffix("ₜ")
        return phrase("{symbol} = {right}", symbol=t.symbol, right=phrase(REVERSED_FORMULAS[t.op], bare=state))
    if view.trained and t.op == "given" and t.id in view.program.cell.weights:
        trained = plural("trained for {n:,} epoch", "trained for {n:,} epochs", view.epochs)
        return phrase("{symbol} = {right}", symbol=t.symbol, right=trained)
    return view.program.formula(t)


def in_time(view: View, text: str) -> str:
    """A formula with the steps in time order: in a reversed direction, states come from step t + 1."""
    return text.replace("ₜ₋₁", "ₜ₊₁") if view.is_reversed else text
