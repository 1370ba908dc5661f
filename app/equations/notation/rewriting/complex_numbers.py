"""Writes complex tensors as two of real numbers each: h_t = λ h_{t-1} + B x_t as the lines of h_re and h_im."""

from collections.abc import Iterator
from dataclasses import replace

from ....translations.phrases import phrase
from ...limits import MAX_EQUATION_TERMS
from ...places_and_errors import EquationsError
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Equation,
    Minus,
    Number,
    Symbol,
    Term,
    Text,
    Transposed,
    parts_of,
    rebuilt,
    within,
)
from ..parsing.terms import is_capital, symbols_of
from ..vocabulary.usual_letters import IDENTITY, SIZE

UNIT = "imaginary_unit"
"""What i is called where it is no gate."""

PARTS = ("real_part", "imaginary_part")
"""The functions Re and Im."""

ENDS = REAL_END, IMAGINARY_END = "_re", "_im"
"""What the names of the real and imaginary parts end with."""

_PARTS_AS_TENSORS = r"u_t = a u_{t-1} - b v_{t-1} + B x_t, v_t = b u_{t-1} + a v_{t-1} + C x_t"

_REAL = (*PARTS, "abs", "norm")
"""The functions of complex numbers that are real."""

DOT = "dot"
"""The function that is a product of two vectors."""

Parts = tuple[Term | None, Term | None]
"""The real and the imaginary part; None is 0."""


def with_real_parts(text: Text) -> list[Equation]:
    """The equations, with two lines for each that computes a complex tensor. EquationsError for what has no such
    lines, as a function of a complex tensor."""
    text.equations = _with_unit(text.equations)
    names = _complex_names(text)
    if names <= {UNIT}:
        for e in (e for own in text.equations for e in within(own.value)):
            if _is_part(e) or _is_complex(e, names):
                raise unreadable(e)
        return text.equations
    for domains in (text.domains, text.said_domains):
        domains[:] = [replace(d, names=tuple(part for n in d.names for part in _both(n, names))) for d in domains]
    text.vectors |= {f"{id}{end}" for id in names & text.vectors for end in ENDS}
    for id in names & {*text.said_diagonals}:
        symbol, said = text.said_diagonals.pop(id)
        text.said_diagonals |= {f"{id}{end}": (replace(symbol, id=f"{id}{end}"), said) for end in ENDS}
    first = min(
        (e for e in symbols_of(text.equations) if e.id in names - {UNIT}), key=lambda e: (e.place.line, e.place.start)
    )
    sentence = phrase("Complex tensors are written as two, their real and imaginary parts: {example}.",
                      example=", ".join(part.id for part in _both(first, names)))  # fmt: skip
    text.notes.append((first.place.line, sentence))
    _note_real_weights(text, names)
    found: list[Equation] = []
    for own in _with_names_of_factors(text.equations, names):
        name = own.names[0]
        if len(own.names) > 1:
            _check_real(own.value, names)
            found.append(own)
            continue
        real, imaginary = _parts(own.value, names)
        if sum(_size(part, {}) for part in (real, imaginary) if part) > MAX_EQUATION_TERMS:
            raise EquationsError(phrase("too many products of sums; give some of them a name"), own.place)
        zero = Number(0.0, own.place)
        if name.id in names:
            ends = zip(ENDS, (real, imaginary), strict=True)
            found += [Equation((_named(name, end),), part or zero, own.place) for end, part in ends]
        else:
            if imaginary:
                sentence = phrase("{name} is read as the real part of what its line computes.", name=name.id)
                if any(name.id == one.id for d in (*text.domains, *text.said_domains) for one in d.names):
                    sentence = phrase("{name} is real in this text. It is the real part of what its line computes.",
                                      name=name.id)  # fmt: skip
                text.notes.append((name.place.line, sentence))
            found.append(replace(own, value=real or zero))
    return found


def _note_real_weights(text: Text, names: set[str]) -> None:
    """Note which weights beside those that a sentence calls complex are read as real, as no sentence says of them."""
    said = names & text.complex_names - text.all_domains
    computed = {name.id for own in text.equations for name in own.names}
    known = names | computed | text.all_domains | text.own_names | {SIZE, IDENTITY}
    lines = [own for own in text.equations if own.names[0].id in names]
    weights = {e.id: e for e in symbols_of(lines) if e.step is None and is_capital(e.id) and e.id not in known}
    if said and weights:
        sentence = phrase("The text calls {names} complex, and does not say so of {others}, which are read as real.",
                          names=", ".join(sorted(said)), others=", ".join(weights))  # fmt: skip
        text.notes.append((min(e.place.line for e in weights.values()), sentence))


def _with_names_of_factors(equations: list[Equation], names: set[str]) -> list[Equation]:
    """The equations, with a line for each factor of a product that is complex and no name, as the real and imaginary
    parts of products have each factor several times. Their names become complex."""
    found: list[Equation] = []
    for own in equations:
        factors = _factors(own.value)
        long = [e for e in factors if not isinstance(e, Symbol) and _is_complex(e, names)]
        if len(own.names) > 1 or len(factors) < 3 or len(long) < 2:
            found.append(own)
            continue
        value: Term | None = None
        for n, factor in enumerate(factors):
            part = factor
            if any(factor is one for one in long):
                part = replace(own.names[0], id=f"{own.names[0].id}_{n}", place=factor.place)
                names.add(part.id)
                found.append(Equation((part,), factor, factor.place))
            value = Binary("⊙", value, part, own.place) if value else part
        found.append(replace(own, value=value or own.value))
    return found


def _factors(e: Term) -> list[Term]:
    """The factors of a product element by element, however its signs are."""
    if isinstance(e, Binary) and e.sign in " ·⊙":
        return [*_factors(e.left), *_factors(e.right)]
    return [e]


def _named(name: Symbol, end: str) -> Symbol:
    """The name of a part; s_re of x, if x is no input."""
    return replace(name, id=f"{'s' if name.id == 'x' else name.id}{end}")


def _both(name: Symbol, names: set[str]) -> tuple[Symbol, ...]:
    return tuple(_named(name, end) for end in ENDS) if name.id in names else (name,)


def _complex_names(text: Text) -> set[str]:
    """The names of complex tensors: those that the text declares so, those of Re(…), those computed with the imaginary
    unit or with other complex ones, and the weights that these are multiplied with."""
    real = text.all_domains | {name.id for d in text.said_domains for name in d.names}
    real -= text.complex_names
    computed = {name.id: own for own in text.equations for name in own.names}
    real |= {id for id, own in computed.items() if any(map(_is_part, within(own.value)))}
    names = {*text.complex_names, UNIT}
    for own in text.equations:
        for e in within(own.value):
            if _is_part(e):
                inside = [one for one in within(e) if isinstance(one, Symbol)]
                names |= {s.id for s in inside if s.id in computed or (s.step is None and is_capital(s.id))} - real
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    outputs = {id for id, own in computed.items() if id not in used | names and own.names[0].step is not None}
    before = -1
    while len(names) > before:
        before = len(names)
        for id, own in computed.items():
            if id not in real | outputs and _is_complex(own.value, names):
                names.add(id)
        read = names | {id for id in outputs if _is_complex(computed[id].value, names)}
        for id, own in ((id, own) for id, own in computed.items() if id in read):
            is_output = id in outputs
            for e in _outside_functions(own.value):
                match e:
                    case Binary(" " | "·" | "⊙" | "∗", Symbol(id, None), right) if (
                        id not in computed and id not in real and id != SIZE
                    ):
                        is_state = isinstance(right, Symbol) and right.id in names
                        names |= {id} if is_state or (is_capital(id) and not is_output) else set()
                    case Binary(" " | "·", Symbol(id, None), Symbol(id=state)) if state in names and id in computed:
                        match computed[id].value:
                            case Apply("diag", _, (Symbol(weight, None),)) if weight not in computed:
                                names.add(weight)
    for id, own in computed.items():
        others = {e.id for e in within(own.value) if isinstance(e, Symbol)} & names - {id}
        if id in names and own.names[0].step is not None and not others:
            raise unreadable(own.value, id)  # nothing says what is complex in its line
    return names & {UNIT, *(e.id for e in symbols_of(text.equations))} - {"e"}


def _outside_functions(e: Term) -> Iterator[Term]:
    """The terms of a term that are no arguments of functions."""
    yield e
    if not isinstance(e, Apply):
        for part in parts_of(e):
            yield from _outside_functions(part)


def _is_part(e: Term) -> bool:
    return isinstance(e, Apply) and e.function in PARTS


def _is_complex(e: Term, names: set[str]) -> bool:
    """Whether a term has complex tensors whose value counts, which is not so for |z|."""
    if isinstance(e, Symbol):
        return e.id in names
    return not (isinstance(e, Apply) and e.function in _REAL) and any(_is_complex(part, names) for part in parts_of(e))


def _with_unit(equations: list[Equation]) -> list[Equation]:
    """The equations, with i in exponents as the imaginary unit, and elsewhere if no line computes an i."""
    is_gate = any(name.id == "i" for own in equations for name in own.names)

    def marked(e: Term) -> Term:
        if isinstance(e, Symbol) and e.id == "i" and e.step is None:
            return replace(e, id=UNIT)
        return rebuilt(e, marked)

    def written(e: Term) -> Term:
        match e:
            case Apply("exp") | Binary("^", Symbol("e"), _):
                return marked(e)
        return rebuilt(e, written)

    return [replace(own, value=(written if is_gate else marked)(own.value)) for own in equations]


def _check_real(e: Term, names: set[str]) -> None:
    if _is_complex(e, names):
        raise unreadable(e)


def unreadable(e: Term, name: str = UNIT) -> EquationsError:
    """What is wrong with a term of complex numbers, or with a function of one, ``name``."""
    if isinstance(e, Apply) and name != UNIT:
        problem = phrase("{name} is complex here, and {function} of complex numbers is not read; write the real and "
                         "the imaginary parts as two tensors, such as {example}", name=name, function=e.function,
                         example=_PARTS_AS_TENSORS)  # fmt: skip
        return EquationsError(problem, e.place)
    return EquationsError(not_read(), e.place)


def not_read() -> str:
    """What is wrong with complex numbers that have no real parts here, and what could be written."""
    return phrase("complex numbers are not read here; write the real and the imaginary parts as two tensors, such as "
                  "{example}", example=_PARTS_AS_TENSORS)  # fmt: skip


def _parts(e: Term, names: set[str]) -> Parts:
    match e:
        case Symbol(id=id) if id == UNIT:
            return None, Number(1.0, e.place)
        case Symbol(id=id) if id in names:
            return _named(e, ENDS[0]), _named(e, ENDS[1])
        case Apply(function, _, (of,), place) if function in PARTS:
            real, imaginary = _parts(of, names)
            return (real if function == PARTS[0] else imaginary), None
        case Apply("abs", _, (of,), place) if _is_complex(of, names):
            real, imaginary = _parts(of, names)
            first, second = (part and Binary("^", part, Number(2.0, place), place) for part in (real, imaginary))
            square = _sum(first, second, "+")
            return square and Apply("sqrt", (), (square,), place), None
        case Apply("exp", _, (of,)) | Binary("^", Symbol("e"), of) if _is_complex(of, names):
            return _exponential(_parts(of, names))
    if not _is_complex(e, names):
        return rebuilt(e, lambda part: _parts(part, names)[0] or Number(0.0, part.place)), None
    match e:
        case Minus(of, place):
            real, imaginary = _parts(of, names)
            return _minus(real), _minus(imaginary)
        case Transposed(of, place):
            real, imaginary = _parts(of, names)
            return real and Transposed(real, place), imaginary and Transposed(imaginary, place)
        case Apply("diag" as function, index, (of,), place):
            real, imaginary = _parts(of, names)
            real, imaginary = (part and Apply(function, index, (part,), place) for part in (real, imaginary))
            return real, imaginary
        case Binary("+" | "-" as sign, left, right, place):
            pairs = zip(_parts(left, names), _parts(right, names), strict=True)
            real, imaginary = (_sum(one, other, sign) for one, other in pairs)
            return real, imaginary
        case Binary(" " | "·" | "⊙" | "∗" | "⊗" as sign, left, right, place):
            return _product(_parts(left, names), _parts(right, names), sign)
        case Apply(function, _, (left, right)) if function == DOT:
            return _product(_parts(left, names), _parts(right, names), DOT)
        case Binary("/", left, right) if _is_complex(right, names):
            return _quotient(_parts(left, names), _parts(right, names))
        case Binary("^", of, Minus(Number(1.0), place)):
            return _quotient((Number(1.0, place), None), _parts(of, names))
        case Binary("/", left, right, place) if not _is_complex(right, names):
            below = _parts(right, names)[0]
            real, imaginary = (part and below and Binary("/", part, below, place) for part in _parts(left, names))
            return real, imaginary
    name = next((part.id for part in within(e) if isinstance(part, Symbol) and part.id in names), UNIT)
    raise unreadable(e, name)


def _size(e: Term, known: dict[int, int]) -> int:
    """How many terms a term has, in which the same ones may stand in many places."""
    if id(e) not in known:
        known[id(e)] = 1 + sum(_size(part, known) for part in parts_of(e))
    return known[id(e)]


def _exponential(of: Parts) -> Parts:
    """exp(a + b i) = exp(a) (cos(b) + i sin(b))."""
    real, imaginary = of
    if not imaginary:
        return real and Apply("exp", (), (real,), real.place), None
    waves = (Apply(function, (), (imaginary,), imaginary.place) for function in ("cos", "sin"))
    factor = real and Apply("exp", (), (real,), real.place)
    found = [Binary("⊙", factor, wave, wave.place) if factor else wave for wave in waves]
    return found[0], found[1]


def _minus(e: Term | None) -> Term | None:
    return e and Minus(e, e.place)


def _sum(left: Term | None, right: Term | None, sign: str) -> Term | None:
    if left and right:
        return Binary(sign, left, right, left.place.to(right.place))
    return left or (_minus(right) if sign == "-" else right)


def _times(left: Term | None, right: Term | None, sign: str) -> Term | None:
    """A product; of 1 and something, this."""
    if not (left and right):
        return None
    if isinstance(left, Number) and left.value == 1:
        return right
    if isinstance(right, Number) and right.value == 1:
        return left
    place = left.place.to(right.place)
    return Apply(DOT, (), (left, right), place) if sign == DOT else Binary(sign, left, right, place)


def _quotient(above: Parts, below: Parts) -> Parts:
    """(a + b i) / (c + d i) = (a + b i) (c - d i) / (c² + d²)."""
    c, d = below
    first, second = (part and Binary("^", part, Number(2.0, part.place), part.place) for part in (c, d))
    square = _sum(first, second, "+")
    real, imaginary = (
        part and square and Binary("/", part, square, part.place) for part in _product(above, (c, _minus(d)), "⊙")
    )
    return real, imaginary


def _product(left: Parts, right: Parts, sign: str) -> Parts:
    """(a + b i) (c + d i) = (a c - b d) + (a d + b c) i."""
    (a, b), (c, d) = left, right
    real = _sum(_times(a, c, sign), _times(b, d, sign), "-")
    return real, _sum(_times(a, d, sign), _times(b, c, sign), "+")
