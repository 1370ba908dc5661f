"""Dot products of a vector of weights and a tensor: w · x_t, and w_g x_t + u_g h_{t-1} of what sentences call vectors
of weights."""

from collections.abc import Iterator

from ..parsing.paper_syntax import Apply, Binary, Equation, Joined, Minus, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import is_capital, is_greek, summands_of, with_values
from ..vocabulary.usual_letters import INPUTS, SIZES

_LETTERS = "wuv"
"""The letters of vectors of weights that stand before a tensor."""


def with_dots_of_weights(text: Text) -> list[Equation]:
    """The equations, with the dot product for w x_t of what sentences call a vector of weights, and for w · x_t. As a
    sum has numbers or vectors, so are all other products of weights in it, and each weight is read in one way in all
    lines, also in those of other layers. In a text with W x_t, a small letter before the input is such a vector."""
    terms = [e for own in text.equations for e in within(own.value)]
    pointwise = [e for e in terms if isinstance(e, Binary) and e.sign == "⊙"]
    factors = {getattr(side, "id", "") for e in pointwise for side in (e.left, e.right)} | text.matrices
    said = text.said_rows - factors
    products = [e for e in terms if isinstance(e, Binary) and e.sign in " ·" and _weight_of(e, text, said)]
    if not products:
        return text.equations
    symbols = [e for e in terms if isinstance(e, Symbol)]
    is_of_numbers = any(e.id in SIZES for e in symbols)  # of a state space, in which x is one number
    has_capital = not is_of_numbers and any(map(_is_matrix_with_input, terms))
    sums = [[*_products_of(e, text, said)] for e in _whole_sums(text.equations)]
    found = {
        id
        for e in products
        if (id := _weight_of(e, text, said))
        and (
            (id in said and (pointwise or _is_with_input(e))) or ((e.sign == "·" or has_capital) and _is_with_input(e))
        )
    } - factors
    before = -1
    while found and len(found) > before:
        before = len(found)
        families = {_family(id, text) for id in found}
        found |= {id for e in products if (id := _weight_of(e, text, said)) and _family(id, text) in families}
        for own in sums:
            if any(id in found for id in own):
                found |= {id for id in own if id}
        found -= factors
    text.vectors |= found
    is_said = bool(said) or any(e.sign == "·" and _weight_of(e, text, said) in found for e in products)
    for e in products if not is_said else ():
        if (id := _weight_of(e, text, said)) in found:
            text.guessed_vectors.setdefault(id, (e.place, _is_with_input(e)))

    def written(e: Term) -> Term:
        if isinstance(e, Binary) and e.sign in " ·" and _weight_of(e, text, said) in found:
            return Apply("dot", (), (written(e.left), written(e.right)), e.place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def _family(id: str, text: Text) -> str:
    """The name of a weight without the numbers of layers: w_g for w_g11 and w_g12."""
    return id.rstrip("0123456789") if text.layer_of else id


def _weight_of(e: Term, text: Text, said: set[str]) -> str:
    """The name of the small letter of weights of a product with a tensor of a step, w x_t or x_t w; else nothing."""
    match e:
        case Binary(" " | "·", Symbol(id, None), other) | Binary(" " | "·", other, Symbol(id, None)) if _is_tensor(
            other
        ):
            is_weight = id in said or (id[0] in _LETTERS and not is_greek(id) and id not in text.own_names)
            return id if is_weight and not is_capital(id) else ""
    return ""


def _is_tensor(e: Term) -> bool:
    """Whether a term is a tensor of a step, several one after another, or a product of some element by element."""
    match e:
        case Symbol(id, step):
            return step is not None and not is_capital(id)
        case Joined(parts):
            return all(map(_is_tensor, parts))
        case Binary("⊙", left, right):
            return _is_tensor(left) and _is_tensor(right)
    return False


def _is_matrix_with_input(e: Term) -> bool:
    """Whether a term is a product of a capital of weights with the input, W x_t."""
    sides = (e.left, e.right) if isinstance(e, Binary) and e.sign in " ·" else ()
    return _is_with_input(e) and any(
        isinstance(side, Symbol) and is_capital(side.id) and side.step is None for side in sides
    )


def _is_with_input(e: Term) -> bool:
    """Whether a product is one with the input."""
    sides = (e.left, e.right) if isinstance(e, Binary) else ()
    parts = [part for side in sides for part in (side.parts if isinstance(side, Joined) else (side,))]
    return any(isinstance(part, Symbol) and part.id in INPUTS and part.step == 0 for part in parts)


def _products_of(e: Term, text: Text, said: set[str]) -> Iterator[str]:
    """The weights in the products that are added, if none of these has a matrix."""
    parts = [*summands_of(e)]
    if not any(isinstance(one, Symbol) and is_capital(one.id) for part in parts for one in within(part)):
        yield from (_weight_of(part, text, said) for part in parts)


def _whole_sums(equations: list[Equation]) -> Iterator[Term]:
    """The sums of equations that are no parts of other sums."""
    left: list[tuple[Term, bool]] = [(own.value, False) for own in equations]
    while left:
        e, is_inside = left.pop()
        is_sum = isinstance(e, Minus) or (isinstance(e, Binary) and e.sign in "+-")
        if is_sum and not is_inside:
            yield e
        parts = [e.of] if isinstance(e, Minus) else []
        match e:
            case Binary(_, a, b):
                parts = [a, b]
            case Apply(_, _, arguments):
                parts = [*arguments]
        left += [(part, is_sum) for part in parts]
