"""Formulas and names that depend on the run: on the input, and on the order of the steps."""

from ..core.program import Tensor
from ..frameworks.last_states import part_of
from ..translations.phrases import phrase, plural
from ..url_state.input_kinds import INPUTS
from ..url_state.url_state import UrlState

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


def name(url_state: UrlState, t: Tensor) -> str:
    """The name of a tensor in this run."""
    if t.id == "h" and url_state.layer + 1 < url_state.num_layers:
        return phrase("hidden state, also the input of layer {n}", n=url_state.layer + 1)
    if t.id == "h":
        return _of_top_state(url_state, t.name)
    return REVERSED_NAMES.get(t.id, t.name) if url_state.is_reversed else t.name


def _of_top_state(url_state: UrlState, usual: str) -> str:
    """The name of h in the top layer, which is the output only if the framework returns it at every step, and not
    merged with that of the other direction."""
    model, place = url_state.shown_model, url_state.place
    given = [array for array in model.outputs if array.tensor in ("Y", "h_T") and place in array.places]
    if any(part_of(array, place, model.sizes) is None for array in given):
        return phrase("hidden state")
    if not any(array.tensor == "Y" for array in given):
        return phrase("hidden state; the last one is also the output")
    return usual


def formula(url_state: UrlState, t: Tensor) -> str:
    """The equation of a tensor, in symbols and words."""
    if t.id == "X" and not url_state.layer and (given := INPUTS[url_state.data].formula):
        return phrase("{symbol} = {right}", symbol=t.symbol, right=given)
    if url_state.is_reversed and t.op in REVERSED_FORMULAS:
        state = url_state.program.by_id[t.inputs[0]].symbol.removesuffix("ₜ")
        return phrase("{symbol} = {right}", symbol=t.symbol, right=phrase(REVERSED_FORMULAS[t.op], bare=state))
    if url_state.trained and t.op == "given" and t.id in url_state.program.cell.weights:
        trained = plural("trained for {n:,} epoch", "trained for {n:,} epochs", url_state.epochs)
        return phrase("{symbol} = {right}", symbol=t.symbol, right=trained)
    return url_state.program.formula(t)


def in_time(url_state: UrlState, text: str) -> str:
    """A formula with the steps in time order: in a reversed direction, states come from step t + 1."""
    return text.replace("ₜ₋₁", "ₜ₊₁") if url_state.is_reversed else text
