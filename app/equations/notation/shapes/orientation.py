"""Whether the vectors of a text are columns or rows: what says it, and products that depend on it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ..names.inputs_states_and_weights import _functions_of
from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Equation,
    Joined,
    Number,
    Symbol,
    Term,
    Transposed,
    rebuilt,
    within,
)
from ..parsing.terms import (
    factors_of,
    is_capital,
    is_turned_vector,
    summands_of,
)

SCALAR, COLUMN, ROW, MATRIX = "s", "c", "r", "m"
"""The kinds of tensors; a vector is a column or a row."""


def said_vectors(v: NamesOfText) -> set[str]:
    """Whether the domains of a text have columns, k ∈ ℝ^{d × 1}, or rows, k ∈ ℝ^{1 × d}."""
    return {vector for name, vector in _said_vectors(v) if not (v.is_weight(name) and is_capital(name.id))}


def _said_vectors(v: NamesOfText) -> Iterator[tuple[Symbol, str]]:
    """The names of ℝ^{d × 1} or ℝ^{1 × d}, and whether they are columns or rows."""
    for domain in v.text.domains:
        ones = [isinstance(n, Number) and n.value == 1 for n in domain.sizes]
        if len(ones) == 2 and ones[0] != ones[1]:
            yield from ((name, ROW if ones[0] else COLUMN) for name in domain.names)


def matrices_of_one(v: NamesOfText, vector: str) -> dict[str, Symbol]:
    """The weights whose only row or column stands where a matrix is multiplied with a vector: B ∈ ℝ^{N × 1} before the
    input, which is one number there, and C ∈ ℝ^{1 × N} before what has N."""
    said = {name.id: name for name, _ in _said_vectors(v) if v.is_weight(name)}
    turned = {name.id for name, one in _said_vectors(v) if one != vector}
    outputs = _weights_of_outputs(v) if turned else set[str]()
    found = {}
    for e in (e for equation in v.computed.values() for e in within(equation.value)) if said else ():
        for pair in pairwise(factors_of(e)):
            weight, other = pair if vector == COLUMN else pair[::-1]
            if not (isinstance(weight, Symbol) and isinstance(other, Symbol) and weight.id in said):
                continue
            is_of_input = other.id == v.input and is_capital(weight.id) and weight.id not in turned
            if other.step is not None and ((weight.id in turned and weight.id in outputs) or is_of_input):
                found[weight.id] = said[weight.id]
    return found


def _weights_of_outputs(v: NamesOfText) -> set[str]:
    """The weights in lines whose result no other line uses, as in y = C h. Elsewhere a product with one row is a
    number, such as a gate."""
    lines = [*dict.fromkeys(v.computed.values())]
    used = {e.id for own in lines for e in within(own.value) if isinstance(e, Symbol)}
    outputs = (own for own in lines if not {name.id for name in own.names} & used)
    return {e.id for own in outputs for e in within(own.value) if isinstance(e, Symbol)}


def rows_of_weights(v: NamesOfText) -> dict[str, str]:
    """The capitals of weights that are a row or a column, W_f ∈ ℝ^{1 × d}, and which of the two."""
    return {name.id: vector for name, vector in _said_vectors(v) if v.is_weight(name) and is_capital(name.id)}


def usual_vectors(v: NamesOfText) -> str:
    """Whether most products with matrices are x W, of rows, or W x, of columns."""
    rows = 0
    for e in (e for equation in v.computed.values() for e in within(equation.value)):
        match e:
            case Binary(" ", Symbol() as left, Symbol() as right):
                rows += _is_tensor(left) and v.is_weight(right) and is_capital(right.id)
                rows -= _is_tensor(right) and v.is_weight(left) and is_capital(left.id)
    return ROW if rows > 0 else COLUMN


def _is_tensor(e: Term) -> bool:
    """Whether a term is a small letter with a step, which a transposition turns."""
    return isinstance(e, Symbol) and e.step is not None and not is_capital(e.id)


def _is_vector(e: Term) -> bool:
    """Whether a term is such a letter, its product with a matrix of weights, x W, or a function of one of these."""
    match e:
        case Symbol():
            return _is_tensor(e)
        case Apply(_, _, (of,)):
            return _is_vector(of)
        case Binary("+" | "-", left, right):
            return _is_vector(left) or _is_vector(right)
        case Binary(" " | "⊙", Symbol() as left, Symbol() as right) if _is_tensor(left) and _is_tensor(right):
            return True  # β_t k_t
        case Binary(" ", Symbol() as left, Symbol() as right):
            return any(_is_tensor(a) and is_capital(b.id) and b.step is None for a, b in ((left, right), (right, left)))
    return False


def _turned_pairs(e: Term) -> Iterator[tuple[Term, Term]]:
    """The neighbours of a product of which one is transposed: kᵀ v or v kᵀ."""
    return _turned_neighbours(factors_of(e))


def _turned_neighbours(factors: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    for left, right in pairwise(factors):
        bare = [one.of if isinstance(one, Transposed) else one for one in (left, right)]
        if isinstance(left, Transposed) != isinstance(right, Transposed) and all(map(_is_vector, bare)):
            yield left, right


def is_outer(e: Term, vector: str) -> bool:
    """Whether a term is an outer product of two tensors of a step, with factors before it: v kᵀ of columns, kᵀ v of
    rows."""
    return has_outer(factors_of(e), vector)


def has_outer(factors: Sequence[Term], vector: str) -> bool:
    """Whether two neighbours of some factors are such a product."""
    return any(isinstance(left, Transposed) == (vector == ROW) for left, right in _turned_neighbours(factors))


def _is_tensor_product(e: Term) -> bool:
    """Whether a term is k ⊗ v."""
    return isinstance(e, Binary) and e.sign == "⊗" and _is_tensor(e.left) and _is_tensor(e.right)


def _is_product_of_tensors(e: Term) -> bool:
    """Whether a term is k ⊗ v, or has factors of which one is transposed."""
    return _is_tensor_product(e) or any(isinstance(factor, Transposed) for factor in factors_of(e))


def _recurrent(v: NamesOfText) -> Iterator[tuple[Equation, list[Term]]]:
    """The lines that compute a state from what it was, with their summands."""
    for equation in dict.fromkeys(v.computed.values()):
        own, parts = equation.names[0].id, [*summands_of(equation.value)]
        is_candidate = len(parts) > 1 and any(map(_is_product_of_tensors, parts))
        if is_candidate and any(isinstance(e, Symbol) and (e.id, e.step) == (own, -1) for e in within(equation.value)):
            yield equation, parts


def added_dots(v: NamesOfText, vector: str) -> list[tuple[Symbol, Term]]:
    """The dot products of two tensors of a step that are added in the line of a state, with what is turned: kᵀ v of
    columns, v kᵀ of rows. Each is one number, which is seldom meant there."""
    found = []
    for part in (part for _, parts in _recurrent(v) for part in parts):
        for left, right in _turned_pairs(part):
            turned = left if isinstance(left, Transposed) else right
            is_dot = isinstance(left, Transposed) == (vector == COLUMN)
            names = (e for e in within(turned) if isinstance(e, Symbol) and _is_tensor(e))
            if is_dot and (name := next(names, None)):
                found.append((name, part))
    return found


def scaled_states(v: NamesOfText, vector: str) -> list[Binary]:
    """The products a S_{t-1} of a vector and a state that is a matrix, as an outer product is added to it: each row of
    S is multiplied with its number, diag(a) S."""
    matrices = {
        _whole(equation)
        for equation, parts in _recurrent(v)
        if any(is_outer(part, vector) or _is_tensor_product(part) for part in parts)
    }
    found = []
    for equation in dict.fromkeys(v.computed.values()) if matrices else ():
        own = _whole(equation)
        for part in summands_of(equation.value) if own in matrices else ():
            match part:
                case Binary(" ", Symbol() as a, Symbol(id, -1)) if id in (own, *v.computed) and _is_tensor(a):
                    if id.removesuffix("_re").removesuffix("_im") == own:
                        found.append(part)
    return found


def _whole(equation: Equation) -> str:
    """The name of a state, also of one whose real and imaginary parts have lines."""
    return equation.names[0].id.removesuffix("_re").removesuffix("_im")


def with_columns(v: NamesOfText) -> NamesOfText:
    """The same names with Wᵀ x for x W, for texts that have rows before matrices of weights and columns elsewhere, as
    v kᵀ shows."""
    terms = (e for equation in v.computed.values() for e in within(equation.value))
    if not any(isinstance(e, Binary) and e.sign == " " and _is_turned(e.right) for e in terms):
        return v
    is_turned = False

    def written(e: Term) -> Term:
        nonlocal is_turned
        match e:
            case Binary(" ", left, Symbol(id=id) as weight, place) if v.is_weight(weight) and is_capital(id):
                if isinstance(left, Joined) or (isinstance(left, Symbol) and left.step is not None):
                    is_turned = True
                    return Binary(" ", Transposed(weight, weight.place), written(left), place)
        return rebuilt(e, written)

    turned = _with_terms(v, written)
    turned.is_turned = is_turned
    return turned


def _is_turned(e: Term) -> bool:
    """Whether a term is a transposed vector: vᵀ, or (x W)ᵀ."""
    is_product = isinstance(e, Transposed) and isinstance(e.of, Binary | Apply)
    return is_turned_vector(e) or (is_product and any(isinstance(p, Symbol) and p.step is not None for p in within(e)))


def with_rows(v: NamesOfText) -> NamesOfText:
    """The same names with x W for W x in linear layers, for texts whose vectors are rows, and in all products with a
    matrix of weights if the text says that they are, k ∈ ℝ^{1 × d}."""
    matrices = {id for id in v.weights if is_capital(id)} if said_vectors(v) == {ROW} else set[str]()
    if not matrices | v.text.linear:
        return v

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Symbol(id=id) as weight, right, place) if id in matrices | v.text.linear:
                return Binary(" ", written(right), weight, place)
        return rebuilt(e, written)

    return _with_terms(v, written)


def _with_terms(v: NamesOfText, written: Callable[[Term], Term]) -> NamesOfText:
    """The same names with each value written anew."""
    equations = {id(one): replace(one, value=written(one.value)) for one in v.computed.values()}
    computed = {name: equations[id(one)] for name, one in v.computed.items()}
    found = replace(v, computed=computed, functions={})
    found.functions = {key: e for key, e in _functions_of(found).items() if key in v.functions}
    return found
