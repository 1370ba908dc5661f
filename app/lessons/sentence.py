"""The sentence above the picture: what the numbers mean right now; and the line on what ran."""

import re
from functools import lru_cache

from ..core.axes import Sizes
from ..core.stack import Stack
from ..core.trace import StackTrace
from ..translations.numbers import grouped
from ..translations.phrases import CommaSeparated, Phrase, phrase, plural
from ..translations.translator import ENGLISH, Translator

Word = tuple[str, str]
"""A piece of a sentence and the axis whose colour it has ("" for none)."""


def spelled(words: str, sizes: Sizes, translate: Translator = ENGLISH) -> list[Word]:
    """Words in the language of ``translate``, with the axis that colours each.

    Names in braces are filled in: ``{num_units}`` is the size, ``{num_units.plain}`` the same as shapes have it,
    ``{num_units.name}`` the name itself. ``[num_units:row|rows]`` depends on the size: see ``Translator.inflect``.
    """
    pieces = re.split(r"\{(\w+(?:\.(?:name|plain))?)\}", translate.inflect(words, sizes.__getitem__))
    return [_set(piece, sizes, translate) if k % 2 else (piece, "") for k, piece in enumerate(pieces) if piece]


def _set(name: str, sizes: Sizes, translate: Translator) -> Word:
    axis, _, what = name.partition(".")
    return {"name": axis, "plain": str(sizes[axis])}.get(what) or translate(grouped(sizes[axis])), axis


@lru_cache(256)
def sentence(stack: Stack, translate: Translator = ENGLISH) -> tuple[Word, ...]:
    """Two short sentences that say what applying a cell time_step times means, and what num_units is."""
    return (*spelled(f"{translate(_applied(stack))} {translate(_handed(stack))}", stack.sizes, translate),)


def _applied(stack: Stack) -> Phrase:
    """Which cells there are, and how often they are applied."""
    cells = len(stack.places)
    if cells == 1:
        if stack.time_step == 1:
            return phrase("One cell with one set of weights, applied once.")
        return phrase("One cell with one set of weights, applied {time_step} [time_step:time|times].")
    layers = stack.num_layers
    kinds = phrase("one layer") if layers == 1 else plural("{n} layer", "{n} layers", layers)
    if stack.bidirectional:
        kinds = phrase("{layers} in both directions", layers=kinds)
    if stack.time_step == 1:
        return plural(
            "{n} cell, each with its own weights ({kinds}), applied once.",
            "{n} cells, each with its own weights ({kinds}), applied once.",
            cells,
            kinds=kinds,
        )
    return plural(
        "{n} cell, each with its own weights ({kinds}), applied {time_step} [time_step:time|times].",
        "{n} cells, each with its own weights ({kinds}), applied {time_step} [time_step:time|times].",
        cells,
        kinds=kinds,
    )


def _handed(stack: Stack) -> Phrase:
    """What the cell hands on, and how long that is."""
    hands = phrase("Each step hands the next")
    if stack.time_step == 1:
        hands = phrase("It hands on") if len(stack.places) == 1 else phrase("Each hands on")
    length = phrase("is the length of each row, nothing else.")
    if stack.num_proj:
        length = phrase(
            "is the length of each row, {units} = {n} that of the cell state.",
            units="{num_units.name}",
            n="{num_units.plain}",
        )
    state = stack.state.names[0]
    return phrase(
        "{hands} a hidden state of {batch_size}\u00a0×\u00a0{state}: {name} = {state} {length}",
        hands=hands,
        batch_size="{batch_size.plain}",
        state=f"{{{state}.plain}}",
        name=f"{{{state}.name}}",
        length=length,
    )


def coincidences(sizes: Sizes, translate: Translator = ENGLISH) -> list[list[Word]]:
    """For each number that several axes share, a warning that they are not the same axis."""
    sharing = {n: [f"{{{name}.name}}" for name in sizes if sizes[name] == n] for n in sizes.values()}
    return [spelled(translate(_warning(n, names)), sizes, translate) for n, names in sharing.items() if len(names) > 1]


def _warning(n: int, names: list[str]) -> Phrase:
    *others, last = names
    if len(names) == 2:
        return phrase(
            "{first} and {last} are both {n:,} here: the same number, but different axes.",
            first=others[0],
            last=last,
            n=n,
        )
    return phrase(
        "{others} and {last} are all {n:,} here: the same number, but different axes.",
        others=CommaSeparated(others),
        last=last,
        n=n,
    )


def run_summary(trace: StackTrace | None) -> str:
    """What ran: how many tensors were recorded, how many shapes were confirmed, how long it took; nothing without a
    run."""
    if trace is None:
        return ""
    milliseconds = f"{1000 * trace.seconds:.1f}" if trace.seconds < 0.1 else f"{1000 * trace.seconds:.0f}"
    return phrase(
        "{tensors}, {shapes}, {ms} ms",
        tensors=plural("{n:,} tensor recorded", "{n:,} tensors recorded", trace.recorded),
        shapes=plural("{n:,} shape confirmed", "{n:,} shapes confirmed", trace.confirmed),
        ms=milliseconds,
    )
