"""Differential equations, dv/dt = f(v, x), as the steps that programs compute: v_t = v_{t-1} + dt f(v_{t-1}, x_t)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ....translations.phrases import phrase
from ...limits import MOST_TOKENS_OF_NAME
from ..parsing.paper_syntax import Binary, Equation, Minus, Symbol, Term, Text, within
from ..parsing.terms import factors_of, rewritten, symbols_of
from ..parsing.token import Token
from .indices import inputs_without_steps

DOT = "_dot"
"""The end of the name of a derivative."""

MARK = "_prime"
"""The end of the name of a derivative that is written with a mark."""


ORDERS = ("dot", "ddot")
"""The marks of a first and a second derivative."""


def with_dots(tokens: list[Token]) -> list[Token]:
    """Tokens with a name below one or two dots for each quotient of derivatives: \\frac{dv}{dt}, dv/dt, d²v/dt²."""
    found: list[Token] = []
    n = 0
    while n < len(tokens):
        if tokens[n].text[:1] in ("d", "f") and (quotient := _quotient(tokens, n)):
            order, name, end = quotient
            place = tokens[n].place.to(tokens[end - 1].place)
            marked = (Token("sign", "{", place), *name, Token("sign", "}", place)) if name else ()
            found += [Token("above", ORDERS[order - 1], place), *marked]
            n = end
        else:
            found.append(tokens[n])
            n += 1
    return found


def _quotient(tokens: list[Token], n: int) -> tuple[int, list[Token], int] | None:
    """The order of a derivative that begins at a token, the tokens of its name, and where it ends; None if there is
    none. Without a name, d/dt, the derivative is that of what follows."""
    texts = [token.text for token in tokens[n : n + 2 * MOST_TOKENS_OF_NAME]]
    is_fraction = tokens[n].kind == "command" and texts[:2] == ["frac", "{"]
    at = 2 if is_fraction else 0
    if at >= len(texts) or tokens[n + at].kind != "word" or texts[at][:1] != "d" or texts[at] == "dt":
        return None
    above, letter = texts[at][1:], n + at
    order, at = (1, at + 1) if above else _order(texts, at + 1)
    begin, depth = at, 0
    while at < min(len(texts), begin + MOST_TOKENS_OF_NAME) and (
        depth or texts[at] not in ("}" if is_fraction else "/")
    ):
        if not texts[at] or texts[at] in "=+⊙∗·,;":
            return None
        depth += (texts[at] in "({") - (texts[at] in ")}")
        at += 1
    name = tokens[n + begin : n + at]
    if above:
        name = [replace(tokens[letter], text=above), *name]
    if not is_fraction and not name:
        return None
    at += 1
    if is_fraction and texts[at : at + 1] != ["{"]:
        return None
    at += is_fraction
    if texts[at : at + 1] == ["dt"]:
        at += 1
    elif texts[at : at + 2] == ["d", "t"]:
        at += 2
    else:
        return None
    below, at = _order(texts, at)
    if below != order or order > len(ORDERS) or (is_fraction and texts[at : at + 1] != ["}"]):
        return None
    return order, name, n + at + is_fraction


def _order(texts: list[str], at: int) -> tuple[int, int]:
    """The exponent behind a d or dt, 1 if there is none, and where it ends."""
    if texts[at : at + 1] == ["^"]:
        inside = texts[at + 1 : at + 4]
        if inside[:1] == ["{"] and inside[2:] == ["}"] and inside[1].isdigit():
            return int(inside[1]), at + 4
        if inside and inside[0].isdigit():
            return int(inside[0]), at + 2
    return 1, at


def derivative_of(left: Term) -> tuple[Symbol, Term | None, list[tuple[str, Term]]] | None:
    """The name of the highest derivative in a sum, its factor, and the other terms with their signs; None if there is
    none, or its factor cannot divide the other side."""
    parts = [*_signed(left, "+")]
    for mark in ORDERS[::-1]:
        for n, (sign, part) in enumerate(parts):
            *factors, name = factors_of(part) if sign == "+" else [part]
            if isinstance(part, Binary) and part.sign in "·⊙":
                factors, name = [part.left], part.right
            if not (isinstance(name, Symbol) and mark in name.id.split("_")[1:] and sign == "+"):
                continue
            factor = factors[0] if factors else None
            for other in factors[1:]:
                factor = Binary(" ", factor or other, other, part.place)
            return replace(name, step=0), factor, [*parts[:n], *parts[n + 1 :]]
    return None


def _signed(e: Term, sign: str) -> Iterator[tuple[str, Term]]:
    """The terms of a sum, each with its sign."""
    turned = {"+": "-", "-": "+"}
    match e:
        case Binary("+" | "-" as own, left, right):
            yield from _signed(left, sign)
            yield from _signed(right, sign if own == "+" else turned[sign])
        case Minus(of):
            yield from _signed(of, turned[sign])
        case _:
            yield sign, e


def _with_mark_last(id: str) -> str:
    """x_i_dot, for x_dot_i."""
    for mark in (f"_{order}" for order in ORDERS):
        id = f"{id.replace(f'{mark}_', '_')}{mark}" if f"{mark}_" in id else id
    return id


def _with_first_order(text: Text) -> list[Equation]:
    """The equations, with two of first order for one with marks, v'' = f(v, v'), or dots, whose v and v' no line
    computes."""
    computed = {name.id for own in text.equations for name in own.names}
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    found: list[Equation] = []
    speeds: dict[str, str] = {}
    for own in text.equations:
        name = own.names[0]
        end = next((end for end in (2 * MARK, f"_{ORDERS[1]}") if name.id.endswith(end)), "")
        id = name.id.removesuffix(end)
        speed = f"{id}{MARK}" if end == 2 * MARK else f"{id}{DOT}"
        if not end or len(own.names) > 1 or id not in used or {id, speed} & computed or name.id in used:
            found.append(own)
            continue
        sentence = phrase("{v}'' is read as the second derivative, so {v} and {v}' are two states.", v=id)
        text.notes.append((name.place.line, sentence))
        speeds[speed] = f"{id}{MARK}"
        change = Symbol(speeds[speed], next((e.step for e in symbols_of([own]) if e.id == id), None), name.place)
        found.append(Equation((replace(name, id=f"{id}{DOT}", step=0),), change, own.place))
        found.append(replace(own, names=(replace(name, id=f"{id}{MARK}{DOT}", step=0),)))
    if speeds:  # the new lines have the names of derivatives at their left
        found = [replace(rewritten([own], lambda e: replace(e, id=speeds.get(e.id, e.id)))[0], names=own.names)
                 for own in found]  # fmt: skip
    return found


def _constants(by_name: Mapping[str, Equation], tensors: set[str]) -> set[str]:
    """The names without a step that lines compute from weights alone."""
    found = {id for id, own in by_name.items() if own.names[0].step is None} - tensors
    while True:
        kept = {id for id in found if not any(
            isinstance(e, Symbol) and (e.step is not None or e.id in tensors or e.id in by_name.keys() - found)
            for e in within(by_name[id].value)
        )}  # fmt: skip
        if kept == found:
            return found
        found = kept


def _needed(lines: list[Equation], by_name: Mapping[str, Equation]) -> set[str]:
    """The names of lines and of those that they are computed from."""
    found, left = {own.names[0].id for own in lines}, [*lines]
    while left:
        new = {e.id for e in within(left.pop().value) if isinstance(e, Symbol)} & by_name.keys() - found
        found |= new
        left += [by_name[id] for id in new]
    return found


def with_euler_steps(text: Text) -> list[Equation]:
    """The equations, with a step of Euler's method for each that computes a derivative, which no other line uses."""
    text.equations = rewritten(text.equations, lambda e: replace(e, id=_with_mark_last(e.id)))
    text.equations = _with_first_order(text)
    if not any(DOT in own.names[0].id for own in text.equations):
        return text.equations
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    names = {own.names[0].id for own in text.equations if len(own.names) == 1}
    states = {id.removesuffix(DOT) for id in names - used if id.endswith(DOT)} & used - names
    if not states:
        return text.equations
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names} - text.own_names
    has_steps = any(e.step is not None and not e.id.endswith(DOT) for e in symbols)
    said = {*text.said_inputs} & {e.id for e in symbols} - computed - states
    inputs = said or inputs_without_steps(text.equations, computed | states)
    inputs = set() if has_steps else inputs

    by_name = {name.id: own for own in text.equations for name in own.names}
    constants = _constants(by_name, states | inputs | {"x"})
    needed = _needed([own for own in text.equations if own.names[0].id.removesuffix(DOT) in states], by_name)

    def stepped(e: Symbol, is_needed: bool) -> Symbol:
        if e.id in states:  # an output has the new value
            return replace(e, step=-1 if is_needed else 0) if e.step in (0, None) else e
        is_tensor = e.step is None and e.id in (inputs | {"x"} if has_steps else inputs | computed - constants)
        return replace(e, step=0) if is_tensor else e

    found: list[Equation] = []
    for own in text.equations:
        is_needed = own.names[0].id in needed
        new = rewritten([own], lambda e, is_needed=is_needed: stepped(e, is_needed))[0]  # type: ignore[misc]
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
