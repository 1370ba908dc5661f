"""Parametric ReLUs, whose slope below 0 is a weight: max(0, z) + α min(0, z)."""

from ..parsing.paper_syntax import Apply, Binary, Definition, Equation, Number, Symbol, Text, within
from ..parsing.terms import symbols_of
from ..vocabulary.function_words import PARAMETRIC, function_of

USUAL = "alpha"
"""The letter of a slope."""


def with_learned_slopes(text: Text) -> list[Equation]:
    """The equations, without those that only call a function a parametric ReLU. Such functions are among the
    definitions, and their slopes among the weights."""
    names = {name: place for name, (function, place) in text.said_functions.items() if function == PARAMETRIC}
    kept = list[Equation]()
    for own in text.equations:
        if isinstance(own.value, Symbol) and own.names[0].step is None and function_of(own.value.id) == PARAMETRIC:
            names[own.names[0].id] = own.place
        else:
            kept.append(own)
    calls = [e for own in kept for e in within(own.value) if isinstance(e, Apply)]
    names |= {e.function: e.place for e in calls if e.function == PARAMETRIC}
    called = {id for e in calls for id in (e.function, "_".join((e.function, *e.index)))}
    taken = {e.id for e in symbols_of(kept)}
    for name, place in names.items():
        text.said_functions.pop(name, None)
        if name not in called or name in text.definitions:
            continue
        free = USUAL if USUAL not in taken else f"{USUAL}_{name}"
        taken.add(free)
        z, slope, zero = Symbol("z", None, place), Symbol(free, None, place), Number(0.0, place)
        below = Binary("·", slope, Apply("minimum", (), (zero, z), place), place)
        value = Binary("+", Apply("maximum", (), (zero, z), place), below, place)
        text.definitions[name] = Definition(Symbol(name, None, place), ("z",), value)
        text.trained.add(free)
        text.slopes[free] = name, place
    return kept
