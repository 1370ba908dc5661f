"""Whether I is the identity, or a matrix of weights."""

from ..parsing.paper_syntax import Binary, Equation, Minus, Symbol, Term, within
from ..parsing.terms import is_alias, is_capital, is_greek, summands_of
from ..vocabulary.usual_letters import IDENTITY
from .names_of_text import NamesOfText


def has_identity(v: NamesOfText) -> bool:
    """Whether I is the identity: it stands before a value of the step before, or in a sum of matrices, alone or behind
    a number, and the text gives it no other meaning."""
    text = v.text
    others = [own for own in text.equations if not _says_identity(own)]
    if len(others) < len(text.equations):
        text.equations = others
        return True
    domains = [d for d in text.domains if any(name.id == IDENTITY for name in d.names)]
    is_square = all(len(d.sizes) == 2 and len({getattr(size, "id", "") for size in d.sizes}) == 1 for d in domains)
    if text.is_identity_said or not is_square or IDENTITY in text.own_names:
        return False
    v.is_identity_open = not domains
    terms = [e for own in text.equations for e in within(own.value)]
    if any(_is_identity_before_state(e) for e in terms):
        return True
    sums = [e for e in terms if isinstance(e, Binary) and e.sign in "+-"]
    is_in_sum = any(
        _is_multiple_of_identity(side) and not any(map(_is_tensor, summands_of(other)))
        for e in sums
        for side, other in ((e.left, e.right), (e.right, e.left))
    )
    v.is_identity_open = v.is_identity_open and not is_in_sum
    return is_in_sum


def _is_tensor(e: Term) -> bool:
    return isinstance(e, Symbol) and e.step is not None and not is_capital(e.id)


def _says_identity(equation: Equation) -> bool:
    """Whether a line says that I is the identity: I = identity."""
    return is_alias(equation) and (equation.names[0].id, getattr(equation.value, "id", "")) == (IDENTITY, "identity")


def _is_identity_before_state(e: Term) -> bool:
    match e:
        case Binary(" ", left, Symbol(step=-1)):
            return _is_multiple_of_identity(left)
    return False


def _is_multiple_of_identity(e: Term) -> bool:
    match e:
        case Symbol(id=id, step=None):
            return id == IDENTITY
        case Minus(of):
            return _is_multiple_of_identity(of)
        case Binary(" " | "·" | "⊙" | "∗", left, right):
            factors = (part for part in within(left) if isinstance(part, Symbol))
            return _is_multiple_of_identity(right) and all(is_greek(f.id) or not is_capital(f.id) for f in factors)
    return False
