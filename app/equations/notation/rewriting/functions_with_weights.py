"""Functions that have a weight: parametric ReLUs, max(0, z) + α min(0, z), and modReLUs, relu(|z| + b) sign(z)."""

from ..parsing.paper_syntax import Apply, Binary, Definition, Equation, Number, Symbol, Term, Text, within
from ..parsing.terms import symbols_of
from ..vocabulary.function_words import MODULUS, PARAMETRIC, WITH_WEIGHTS, function_of

USUAL = {PARAMETRIC: "alpha", MODULUS: "b"}
"""The letters of their weights."""


def with_functions_of_weights(text: Text) -> list[Equation]:
    """The equations, without those that only call a function one with a weight. Such functions are among the
    definitions, and their weights are what these need."""
    names = {name: said for name, said in text.said_functions.items() if said[0] in WITH_WEIGHTS}
    kept = list[Equation]()
    for own in text.equations:
        function = function_of(own.value.id) if isinstance(own.value, Symbol) else ""
        if function in WITH_WEIGHTS and own.names[0].step is None:
            names[own.names[0].id] = function, own.place
        else:
            kept.append(own)
    calls = [e for own in kept for e in within(own.value) if isinstance(e, Apply)]
    names |= {e.function: (e.function, e.place) for e in calls
              if e.function in WITH_WEIGHTS and len(e.arguments) == 1}  # fmt: skip
    with_bias = {e.function: e.place for e in calls if e.function == MODULUS and len(e.arguments) == 2}
    for name, place in with_bias.items():
        of_both = _modulus(Symbol("z", None, place), Symbol("b", None, place))
        text.definitions.setdefault(name, Definition(Symbol(name, None, place), ("z", "b"), of_both))
    called = {id for e in calls for id in (e.function, "_".join((e.function, *e.index)))}
    taken = {e.id for e in symbols_of(kept)} | {name.id for own in kept for name in own.names}
    for name, (function, place) in names.items():
        text.said_functions.pop(name, None)
        if name not in called or name in text.definitions:
            continue
        usual = USUAL[function]
        free = usual if usual not in taken else f"{usual}_{name}"
        taken.add(free)
        z, weight, zero = Symbol("z", None, place), Symbol(free, None, place), Number(0.0, place)
        value: Term
        if function == PARAMETRIC:
            below = Binary("·", weight, Apply("minimum", (), (zero, z), place), place)
            value = Binary("+", Apply("maximum", (), (zero, z), place), below, place)
            text.trained.add(free)
        else:
            value = _modulus(z, weight)
            text.vectors.add(free)
        text.definitions[name] = Definition(Symbol(name, None, place), ("z",), value)
        text.weights_of_functions[free] = name, function, place
    return kept


def _modulus(z: Symbol, b: Symbol) -> Term:
    """The modReLU of a real number, relu(|z| + b) sign(z)."""
    place = z.place
    raised = Binary("+", Apply("abs", (), (z,), place), b, place)
    return Binary("⊙", Apply("relu", (), (raised,), place), Apply("sign", (), (z,), place), place)
