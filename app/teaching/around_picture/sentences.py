"""The sentences above the picture, which explain the sizes."""

import re
from functools import lru_cache

from ...core.axes import Sizes
from ...core.stack import Stack
from ...translations.numbers import grouped
from ...translations.phrases import Phrase, phrase, plural
from ...translations.translator import ENGLISH, Translator

Word = tuple[str, str]
"""A part of a sentence, and the axis whose colour it has, or ""."""


def fill_in(words: str, sizes: Sizes, translate: Translator = ENGLISH) -> list[Word]:
    """Fill in the placeholders of a text in the language of ``translate``.

    ``{num_units}`` is the size with a thousands separator, ``{num_units.plain}`` the size without, as in shapes, and
    ``{num_units.name}`` the name. ``[num_units:row|rows]`` depends on the size, see ``Translator.inflect``.
    """
    parts = re.split(r"\{(\w+(?:\.(?:name|plain))?)\}", translate.inflect(words, sizes.__getitem__))
    return [_placeholder(part, sizes, translate) if k % 2 else (part, "") for k, part in enumerate(parts) if part]


def _placeholder(name: str, sizes: Sizes, translate: Translator) -> Word:
    axis, _, form = name.partition(".")
    return {"name": axis, "plain": str(sizes[axis])}.get(form) or translate(grouped(sizes[axis])), axis


@lru_cache(256)
def sentence(stack: Stack, translate: Translator = ENGLISH) -> tuple[Word, ...]:
    """Two short sentences: how often which cells are applied, and what num_units means."""
    return (
        *fill_in(f"{translate(_cells_sentence(stack))} {translate(_state_sentence(stack))}", stack.sizes, translate),
    )


def _cells_sentence(stack: Stack) -> Phrase:
    """The number and kind of the cells, and how often they are applied."""
    cells, kind = len(stack.places), stack.program().cell.family
    if cells == 1:
        if stack.time_step == 1:
            return phrase("One {cell} cell with one set of weights, applied once.", cell=kind)
        return phrase("One {cell} cell with one set of weights, applied {time_step} [time_step:time|times].", cell=kind)
    layers = stack.num_layers
    kinds = phrase("one layer") if layers == 1 else plural("{n} layer", "{n} layers", layers)
    if stack.bidirectional:
        kinds = phrase("{layers} in both directions", layers=kinds)
    if stack.time_step == 1:
        return plural(
            "{n} {cell} cell, each with its own weights ({kinds}), applied once.",
            "{n} {cell} cells, each with its own weights ({kinds}), applied once.",
            cells,
            cell=kind,
            kinds=kinds,
        )
    return plural(
        "{n} {cell} cell, each with its own weights ({kinds}), applied {time_step} [time_step:time|times].",
        "{n} {cell} cells, each with its own weights ({kinds}), applied {time_step} [time_step:time|times].",
        cells,
        cell=kind,
        kinds=kinds,
    )


def _state_sentence(stack: Stack) -> Phrase:
    """The states that each step passes to the next, and their length."""
    subject = phrase("Each step passes on")
    if stack.time_step == 1:
        subject = phrase("It passes on") if len(stack.places) == 1 else phrase("Each passes on")
    state = stack.state.names[0]
    shape = {
        "subject": subject,
        "batch_size": "{batch_size.plain}",
        "state": f"{{{state}.plain}}",
        "name": f"{{{state}.name}}",
    }
    if stack.num_proj:
        return phrase(
            "{subject} a hidden state of {batch_size}\u00a0×\u00a0{state}: {name} = {state} is the length of each row; "
            "the cell state has {units} = {n}.",
            **shape,
            units="{num_units.name}",
            n="{num_units.plain}",
        )
    if len(stack.places) > 1:
        return phrase(
            "{subject} states of {batch_size}\u00a0×\u00a0{state}: {name} = {state} is the length of each row.", **shape
        )
    if "c" in stack.states:
        return phrase(
            "{subject} a hidden and a cell state of {batch_size}\u00a0×\u00a0{state} each: {name} = {state} is the "
            "length of each row.",
            **shape,
        )
    return phrase(
        "{subject} a hidden state of {batch_size}\u00a0×\u00a0{state}: {name} = {state} is the length of each row.",
        **shape,
    )


@lru_cache(256)
def batch_sentence(stack: Stack, translate: Translator = ENGLISH) -> tuple[Word, ...]:
    """Two short sentences for the picture of the batch: what goes through which cells together, and what a row is."""
    cells, state = len(stack.places), stack.state.names[0]
    through = phrase("one {cell} cell", cell=stack.cell.family)
    if cells > 1:
        through = plural("{n} {cell} cell", "{n} {cell} cells", cells, cell=stack.cell.family)
    when = phrase("at each of {n} steps", n="{time_step}")
    if stack.time_step == 1:
        when = phrase("at the only step")
    first = phrase(
        "{batch_size} [batch_size:sequence goes|sequences go] through {cells}[batch_size=1:| in parallel].",
        batch_size="{batch_size}",
        cells=through,
    )
    second = phrase("[batch_size=1:It|Each] is one row of every array, {when}.", when=when)
    if cells == 1:
        second = phrase(
            "[batch_size=1:It|Each] is one row of every array: {x} [features:number|numbers] in and {h} "
            "[{axis}:number|numbers] out, {when}.",
            x="{features}",
            h=f"{{{state}}}",
            axis=state,
            when=when,
        )
    return (*fill_in(f"{translate(first)} {translate(second)}", stack.sizes, translate),)
