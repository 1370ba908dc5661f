"""Reads LaTeX that says everything, as ``to_latex`` writes it: all axes are declared, so nothing is inferred.

There x W is ``x @ W``, ⊙ is ``*``, a · b is ``dot(a, b)`` and a ⊗ b is ``outer(a, b)``.
"""

import re
from dataclasses import replace

from ....core.axes import BATCH_SIZE, Axis
from ....translations.phrases import phrase
from ...names import LAST, PREVIOUS
from ...places_and_errors import EquationsError
from ...syntax import ONE_NUMBER, Assignment, Call, Declaration, Equations, Expression, Line, Name, Operation, Statement
from ...syntax import Minus as Negative
from ...syntax import Number as Value
from ..parsing.paper_syntax import (
    OUR_SIGNS,
    Apply,
    Binary,
    Domain,
    Equation,
    Joined,
    Minus,
    Number,
    Symbol,
    Term,
    Text,
    Transposed,
    rebuilt,
    within,
)
from ..vocabulary.usual_letters import NUMBERS


def is_literal(text: Text) -> bool:
    """Whether a text declares a tensor with a batch."""
    names = (e.id for d in text.domains for size in d.sizes for e in within(size) if isinstance(e, Symbol))
    return str(BATCH_SIZE) in names


def literal(text: Text, source: str) -> Equations:
    """The syntax tree of such a text, with its comments."""
    lines = source.split("\n")
    left = {
        name.id for names in (*(d.names for d in text.domains), *(e.names for e in text.equations)) for name in names
    }
    numbers = {id: value for id, value in NUMBERS.items() if id not in left | text.own_names}

    def named(name: Symbol) -> Symbol:
        """C_T_ for C with the index T beside C, as C_T is the last C."""
        return replace(name, id=f"{name.id}_") if name.id.endswith(LAST) and name.id[: -len(LAST)] in left else name

    def known(e: Term) -> Term:
        """A term with our names, and with the numbers of mathematics for theirs."""
        if isinstance(e, Symbol):
            return Number(numbers[e.id], e.place) if e.id in numbers else named(e)
        return rebuilt(e, known)

    equations = [replace(own, names=tuple(map(named, own.names)), value=known(own.value)) for own in text.equations]
    domains = [replace(domain, names=tuple(map(named, domain.names))) for domain in text.domains]
    statements: list[Statement] = [*text.own, *map(_declaration, domains), *map(_assignment, equations)]
    statements.sort(key=lambda s: (s.place.line, s.place.start))

    def comment(statement: Statement) -> str:
        found = re.search(r"(?<!\\)%(.*)", lines[statement.place.line - 1])
        return found[1].strip() if found else ""

    titles = [Line(None, title) for title in text.titles]
    return Equations((*titles, *(Line(statement, comment(statement)) for statement in statements)))


def _declaration(domain: Domain) -> Declaration:
    axes = tuple(Axis(tuple(_terms(size))).collected for size in domain.sizes)
    return Declaration(domain.names[0].id, axes or ONE_NUMBER, domain.start, domain.place)


def _terms(size: Term) -> list[tuple[int, str]]:
    match size:
        case Symbol(id=name):
            return [(1, name)]
        case Number(1):
            return [*ONE_NUMBER[0].terms]
        case Binary(" ", Number(value), Symbol(id=name)) if value.is_integer() and value > 0:
            return [(int(value), name)]
        case Binary("+", left, right):
            return [*_terms(left), *_terms(right)]
    raise EquationsError(phrase("{what} is missing", what=phrase("the name of an axis")), size.place)


def _assignment(equation: Equation) -> Assignment:
    return Assignment(tuple(name.id for name in equation.names), _written(equation.value), equation.place)


def _written(e: Term) -> Expression:
    match e:
        case Number(value, place):
            return Value(value, place)
        case Symbol(id, step, place):
            return Name(f"{id}{PREVIOUS}" if step == -1 else id, place)
        case Minus(of, place):
            return Negative(_written(of), place)
        case Transposed(of, place):
            return Call("transpose", (_written(of),), place)
        case Joined(parts, place):
            return Call("concat", tuple(map(_written, parts)), place)
        case Apply(function, index, arguments, place):
            name = {"sigma": "sigmoid"}.get(function, function)
            return Call(name, (*map(_written, arguments), *(Name(one, place) for one in index)), place)
        case Binary("·", left, right, place):
            return Call("dot", (_written(left), _written(right)), place)
        case Binary("⊗", left, right, place):
            return Call("outer", (_written(left), _written(right)), place)
        case Binary(" ", left, right, place):
            is_multiple = isinstance(left, Number) or isinstance(right, Number)
            return Operation("*" if is_multiple else "@", _written(left), _written(right), place)
    return Operation(OUR_SIGNS.get(e.sign, e.sign), _written(e.left), _written(e.right), e.place)
