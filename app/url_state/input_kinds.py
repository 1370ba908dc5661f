"""The kinds of input, one record for each: the choices of the field ``data``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.input_data import SIDE, digit, make_input, one_hot, wave
from ..core.ops import Array
from ..translations.phrases import phrase
from .field_types import Values
from .tokenizer import units, vocabulary

if TYPE_CHECKING:
    from .url_state import UrlState


@dataclass(frozen=True)
class InputKind:
    """A kind of input. ``title``: its name on the page. ``formula``: that of X; none for random numbers. ``make``: X of
    a UrlState, batch_size × time_step × features. ``sizes``: those that it implies; all but random numbers imply
    ``features``."""

    id: str
    title: str
    formula: str
    make: Callable[["UrlState"], Array]
    sizes: Callable[[Values], dict[str, int]]


def indices(state: "UrlState") -> list[list[int]]:
    """The index of each character or word in the vocabulary, batch_size × time_step."""
    index = {unit: k for k, unit in enumerate(vocabulary(state.text, state.cut))}
    text = [index[unit] for unit in units(state.text, state.cut)]
    n, steps = len(text), state.time_step
    return [[text[(b * steps + t) % n] for t in range(steps)] for b in range(state.batch_size)]


def _sizes_of_text(values: Values) -> dict[str, int]:
    words = vocabulary(values["text"], values["cut"])
    return {"features": len(words)} if words else {}


RANDOM = InputKind(
    id="random",
    title=phrase("Random"),
    formula="",
    make=lambda state: make_input(state.sizes, state.seed),
    sizes=lambda values: {},
)

TEXT = InputKind(
    id="text",
    title=phrase("Text"),
    formula=phrase("the text, one-hot"),
    make=lambda state: one_hot(indices(state), state.features),
    sizes=_sizes_of_text,
)

WAVE = InputKind(
    id="wave",
    title=phrase("Sine wave"),
    formula=phrase("sine wave, in windows"),
    make=lambda state: wave(state.sizes),
    sizes=lambda values: {"features": 1},
)

DIGIT = InputKind(
    id="digit",
    title=phrase("Digit"),
    formula=phrase("digit, row by row"),
    make=lambda state: digit(state.sizes),
    sizes=lambda values: {"time_step": SIDE, "features": SIDE},
)

INPUTS = {kind.id: kind for kind in (RANDOM, TEXT, WAVE, DIGIT)}

INPUTS_HELP = phrase("input data: random numbers, a text, a sine wave or a digit")
"""The kinds of input, for the table of fields."""
