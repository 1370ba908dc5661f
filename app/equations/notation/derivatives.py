"""Differential equations, dv/dt = f(v, x), as the steps that programs compute: v_t = v_{t-1} + dt f(v_{t-1}, x_t)."""

from dataclasses import replace

from ...translations.phrases import phrase
from .indices import inputs_without_steps, rewritten, symbols_of
from .paper_syntax import Binary, Equation, Symbol, Text, within

DOT = "_dot"
"""The end of the name of a derivative."""

MARK = "_prime"
"""The end of the name of a derivative that is written with a mark."""


def _with_mark_last(id: str) -> str:
    """x_i_dot, for x_dot_i."""
    return f"{id.replace(f'{DOT}_', '_')}{DOT}" if f"{DOT}_" in id else id


def _with_first_order(text: Text) -> list[Equation]:
    """The equations, with two of first order for one with marks, v'' = f(v, v'), whose v and v' no line computes."""
    computed = {name.id for own in text.equations for name in own.names}
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    found: list[Equation] = []
    for own in text.equations:
        name = own.names[0]
        id = name.id.removesuffix(2 * MARK)
        if id == name.id or len(own.names) > 1 or id not in used or {id, f"{id}{MARK}"} & computed:
            found.append(own)
            continue
        sentence = phrase("{v}'' is read as the second derivative, so {v} and {v}' are two states.", v=id)
        text.notes.append((name.place.line, sentence))
        speed = Symbol(f"{id}{MARK}", None, name.place)
        found.append(Equation((replace(name, id=f"{id}{DOT}"),), speed, own.place))
        found.append(replace(own, names=(replace(name, id=f"{id}{MARK}{DOT}"),)))
    return found


def with_euler_steps(text: Text) -> list[Equation]:
    """The equations, with a step of Euler's method for each that computes a derivative, which no other line uses."""
    text.equations = _with_first_order(text)
    if not any(DOT in own.names[0].id for own in text.equations):
        return text.equations
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    names = {own.names[0].id for own in text.equations if len(own.names) == 1}
    text.equations = rewritten(text.equations, lambda e: replace(e, id=_with_mark_last(e.id)) if e.id in names else e)
    names = {*map(_with_mark_last, names)}
    states = {id.removesuffix(DOT) for id in names - used if id.endswith(DOT)} & used - names
    if not states:
        return text.equations
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names} - text.own_names
    has_steps = any(e.step is not None and not e.id.endswith(DOT) for e in symbols)
    inputs = set[str]() if has_steps else inputs_without_steps(text.equations, computed | states)

    def stepped(e: Symbol) -> Symbol:
        if e.id in states:
            return replace(e, step=-1 if e.step in (0, None) else e.step)
        is_tensor = e.step is None and e.id in (inputs | {"x"} if has_steps else inputs | computed)
        return replace(e, step=0) if is_tensor else e

    found: list[Equation] = []
    for own, new in zip(text.equations, rewritten(text.equations, stepped), strict=True):
        id = own.names[0].id.removesuffix(DOT)
        if own.names[0].id == f"{id}{DOT}" and id in states:
            place = own.place
            sentence = phrase("A derivative is read as a step of Euler's method: {example}.",
                              example=f"{id}_t = {id}_{{t-1}} + dt · …")  # fmt: skip
            text.notes.append((place.line, sentence))
            change = Binary(" ", Symbol("dt", None, place), new.value, place)
            if isinstance(new.value, Binary) and new.value.sign == "/":  # what stands before the derivative
                factor = Binary("/", Symbol("dt", None, place), new.value.right, place)
                change = Binary(" ", factor, new.value.left, place)
            new = Equation(
                (replace(own.names[0], id=id, step=0),), Binary("+", Symbol(id, -1, place), change, place), place
            )
        found.append(new)
    return found
