"""Formulas and names that depend on the run: on the input, and on the order of the steps."""

from ..core.program import Tensor
from ..translations.phrases import phrase
from .view import View

READ = {
    "text": phrase("the text, one-hot"),
    "wave": phrase("sine wave, in windows"),
    "digit": phrase("digit, row by row"),
}
"""What X is, by ``data``, where it is not random."""

FROM_THE_END = {
    "carry": phrase("{bare} of the step after, zeros at the last"),
    "last": phrase("{bare} of step 0"),
}
"""By operation, in a direction that is reversed."""

OF_THE_STEP_AFTER = {
    "h_prev": phrase("hidden state of the step after"),
    "c_prev": phrase("cell state of the step after"),
}
"""The names of tensors in a direction that is reversed."""


def name(view: View, t: Tensor) -> str:
    """The name of a tensor."""
    return OF_THE_STEP_AFTER.get(t.id, t.name) if view.is_reversed else t.name


def formula(view: View, t: Tensor) -> str:
    """The equation of a tensor, in symbols and words."""
    if t.id == "X" and not view.layer and view.data in READ:
        return phrase("{symbol} = {right}", symbol=t.symbol, right=READ[view.data])
    if view.is_reversed and t.op in FROM_THE_END:
        state = view.program.by_id[t.inputs[0]].symbol.removesuffix("ₜ")
        return phrase("{symbol} = {right}", symbol=t.symbol, right=phrase(FROM_THE_END[t.op], bare=state))
    return view.program.formula(t)


def in_time(view: View, text: str) -> str:
    """A formula with its steps in the order of time: in a direction that is reversed, states come from step t + 1."""
    return text.replace("ₜ₋₁", "ₜ₊₁") if view.is_reversed else text
