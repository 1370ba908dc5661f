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
    from .view import View


@dataclass(frozen=True)
class InputKind:
    """A kind of input. ``title``: its name on the page. ``formula``: that of X; none for random numbers. ``make``: X of
    a View, batch_size × time_step × features. ``sizes``: those that it implies; all but random numbers imply
    ``features``."""

    id: str
    title: str
    formula: str
    make: Callable[["View"], Array]
    sizes: Callable[[Values], dict[str, int]]


def indices(view: "View") -> list[list[int]]:
    """The index of each character or word in the vocabulary, batch_size × time_step."""
    index = {unit: k for k, unit in enumerate(vocabulary(view.text, view.cut))}
    text = [index[unit] for unit in units(view.text, view.cut)]
    n, steps = len(text), view.time_step
    return [[text[(b * steps + t) % n] for t in range(steps)] for b in range(view.batch_size)]


def _sizes_of_text(values: Values) -> dict[str, int]:
    words = vocabulary(values["text"], values["cut"])
    return {"features": len(words)} if words else {}


RANDOM = InputKind(
    id="random",
    title=phrase("Random"),
    formula="",
    make=lambda view: make_input(view.sizes, view.seed),
    sizes=lambda values: {},
)

TEXT = InputKind(
    id="text",
    title=phrase("Text"),
    formula=phrase("the text, one-hot"),
    make=lambda view: one_hot(indices(view), view.features),
    sizes=_sizes_of_text,
)

WAVE = InputKind(
    id="wave",
    title=phrase("Sine wave"),
    formula=phrase("sine wave, in windows"),
    make=lambda view: wave(view.sizes),
    sizes=lambda values: {"features": 1},
)

DIGIT = InputKind(
    id="digit",
    title=phrase("Digit"),
    formula=phrase("digit, row by row"),
    make=lambda view: digit(view.sizes),
    sizes=lambda values: {"time_step": SIDE, "features": SIDE},
)

INPUTS = {kind.id: kind for kind in (RANDOM, TEXT, WAVE, DIGIT)}

INPUTS_HELP = phrase("input data: random numbers, a text, a sine wave or a digit")
"""The kinds of input, for the table of fields."""
