"""Writes out what papers abbreviate: 1 for the identity, a bias as [1; x], the number of the step."""

from collections.abc import Callable
from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import (
    Apply,
    Binary,
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
from ..parsing.terms import (
    is_capital,
    is_greek,
    is_one,
    is_turned_vector,
    rewritten,
    summands_of,
    symbols_of,
    with_values,
)
from ..vocabulary.usual_letters import GIVEN, IDENTITY, INPUTS
from .biases import with_biases, with_biases_of_step
from .functions_of_text import as_text
from .masks_and_noise import without_noise


def with_usual_forms(text: Text) -> list[Equation]:
    """The equations, with what papers abbreviate written out. One look at all terms tells which changes they need."""
    letter = text.step.strip("_^()")
    needed = set[Callable[[Text], list[Equation]]]([without_noise] if text.noise else [])
    for e in (e for own in text.equations for e in within(own.value)):
        match e:
            case Symbol(id, None):
                if id == letter:
                    needed.add(_with_step_numbers)
                elif id == "N":
                    needed.add(without_noise)
            case Symbol(id, 0) if len(id) == 1 or id.startswith("b_"):
                needed.add(with_biases_of_step)
            case Symbol(id, -1):
                if id == "y":
                    needed.add(_with_output_as_input)
                elif id[0] in GIVEN:
                    needed.add(_with_given_of_both_steps)
            case Binary(" " | "·", left, right):
                if isinstance(left, Symbol):
                    if left.step == 0 and is_capital(left.id):
                        needed.add(_with_weights_of_step)
                elif isinstance(left, Binary) and left.sign in "+-":
                    needed.add(_with_multiples_of_identity)
                if isinstance(right, Binary) and right.sign in "+-":
                    needed.add(_with_multiples_of_identity)
            case Binary("/", _, Binary("·")) | Binary("/", Binary("·"), _) | Binary("/", Binary(" "), Binary(" ")):
                needed.add(_with_dot_products)
            case Joined(parts):
                if any(map(is_one, parts)):
                    needed.add(with_biases)
            case Apply("N"):
                needed.add(without_noise)
            case Apply("cos" | "clip", _, (_, _, *_)):
                needed.add(_with_written_functions)
    for changed in CHANGES if needed else ():
        if changed in needed:
            text.equations = changed(text)
    return text.equations


def _with_step_numbers(text: Text) -> list[Equation]:
    """The equations, with t + 1 for the letter of the step where it stands alone, (1 - 1/k) c_{k-1}, as papers count
    steps from 1. t itself is a number of the cell language."""
    letter = text.step.strip("_^()")
    all_uses = uses = [e for e in symbols_of(text.equations) if e.id == letter and e.step is None]
    if letter == "t":
        parts = [e.right for own in text.equations for e in within(own.value)
                 if isinstance(e, Binary) and e.sign in "/^"]  # fmt: skip
        uses = [e for part in parts for e in within(part) if isinstance(e, Symbol) and (e.id, e.step) == ("t", None)]
    is_known = letter in text.own_names | text.all_domains or any(
        name.id == letter for own in text.equations for name in own.names
    )
    if letter == "t" and len(uses) < len(all_uses) and not is_known:
        sentence = phrase("{t} alone is the number of the step, counted from 0.", t=letter)
        text.notes.append((all_uses[0].place.line, sentence))
    if letter not in ("k", "n", "t") or not uses or is_known:
        return text.equations
    sentence = phrase("{k} alone is the number of the step, counted from 1: t + 1.", k=letter)
    text.notes.append((uses[0].place.line, sentence))

    def written(e: Term) -> Term:
        if e in uses:
            return Binary("+", Symbol("t", None, e.place), Number(1.0, e.place), e.place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def _with_multiples_of_identity(text: Text) -> list[Equation]:
    """The equations, with α I for α in S_{t-1} (α - β k kᵀ), a number that is added to a matrix in a product with
    another matrix or a vector."""
    if IDENTITY in {e.id for e in symbols_of(text.equations)}:
        return text.equations
    numbers = {name.id for d in (*text.domains, *text.said_domains) if not d.sizes for name in d.names}

    def is_number(e: Term) -> bool:
        match e:
            case Number():
                return True
            case Symbol(id=id):
                return (is_greek(id) or id in numbers) and id not in text.own_names
            case Minus(of):
                return is_number(of)
            case Binary(_, left, right):
                return is_number(left) and is_number(right)
        return False

    def with_identity(e: Term) -> Term:
        match e:
            case Binary("+" | "-" as sign, left, right, place):
                return Binary(sign, with_identity(left), with_identity(right), place)
        if not is_number(e):
            return e
        sentence = phrase("A number that is added to a matrix is read as its multiple of the identity: {example}.",
                          example="(1 - A) h = h - A h")  # fmt: skip
        text.notes.append((e.place.line, sentence))
        one = Symbol(IDENTITY, None, e.place)
        return one if is_one(e) else Binary(" ", e, one, e.place)

    def is_sum(e: Term) -> bool:
        parts = [*summands_of(e)]
        return (
            isinstance(e, Binary)
            and e.sign in "+-"
            and any(map(is_number, parts))
            and all(is_number(part) or _is_matrix(part) for part in parts)
            and not all(map(is_number, parts))
        )

    def written(e: Term) -> Term:
        match e:
            case Binary(" " | "·" as sign, left, right, place):
                left, right = (with_identity(side) if is_sum(side) else written(side) for side in (left, right))
                return Binary(sign, left, right, place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def _is_matrix(e: Term) -> bool:
    """Whether a term is a matrix alone: A / k of a weight, or β k kᵀ."""
    match e:
        case Symbol(id=id, step=None):
            return is_capital(id)
        case Minus(of):
            return _is_matrix(of)
        case Binary("/", left, right):
            return _is_matrix(left) and not any(isinstance(p, Transposed | Apply) for p in within(right))
        case Binary(" " | "·", left, right):
            if is_turned_vector(right):
                return not any(isinstance(part, Transposed) for part in within(left))
            is_factor = all(isinstance(p, Binary | Number) or (isinstance(p, Symbol) and is_greek(p.id))
                            for p in within(left))  # fmt: skip
            return _is_matrix(right) and is_factor
    return False


def _with_dot_products(text: Text) -> list[Equation]:
    """The equations, with the dot product for products by · of tensors that something is divided by, φ(q) · z, or that
    the product of their norms divides: each is one number."""

    def is_tensor(e: Term) -> bool:
        return any(isinstance(part, Symbol) and part.step is not None and not is_capital(part.id) for part in within(e))

    def is_of_step(e: Term) -> bool:
        return any(isinstance(part, Symbol) and part.step is not None for part in within(e))

    def written(e: Term) -> Term:
        match e:
            case Binary("/", Binary("·", left, right, place), below) if _norms_of(below) > 1:  # the cosine
                return Binary("/", Apply("dot", (), (written(left), written(right)), place), below, e.place)
            case Binary("/", above, Binary("·", left, right, place)) if is_tensor(left) and is_tensor(right):
                return Binary("/", written(above), Apply("dot", (), (written(left), written(right)), place), e.place)
            case Binary("/", Binary(" ", q, _) as above, Binary(" ", same, z, place)) if as_text(q) == as_text(same):
                if is_of_step(q) and is_of_step(z):  # σ(Q) M / (σ(Q) z)
                    return Binary("/", written(above), Apply("dot", (), (written(same), written(z)), place), e.place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def _with_written_functions(text: Text) -> list[Equation]:
    """The equations, with the cosine of two vectors, cos(k, m), and clip(a, low, high) written out."""

    def written(e: Term) -> Term:
        match e:
            case Apply("cos", _, (a, b), place):
                above = Apply("dot", (), (written(a), written(b)), place)
                norms = Binary(
                    " ", Apply("norm", (), (written(a),), place), Apply("norm", (), (written(b),), place), place
                )
                return Binary("/", above, norms, place)
            case Apply("clip", _, (a, low, high), place):
                return Apply("max", (), (written(low), Apply("min", (), (written(high), written(a)), place)), place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def _norms_of(e: Term) -> int:
    """How many norms are factors of a term."""
    match e:
        case Binary(" " | "·" | "⊙", left, right):
            return _norms_of(left) + _norms_of(right)
        case Apply("norm"):
            return 1
    return 0


def _with_weights_of_step(text: Text) -> list[Equation]:
    """The equations, with a matrix of weights W_t for each capital that no line computes and that stands before x,
    W_t x_t beside W x_t, as some papers call the matrices of a step, or those of a gate t_t."""
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names} | text.own_names
    stepless = {e.id for e in symbols if e.step is None}
    products = [e for own in text.equations for e in within(own.value) if isinstance(e, Binary) and e.sign == " "]
    t = text.step.strip("_^()")
    capitals = {e.id for e in symbols if is_capital(e.id) and (e.id in stepless or t in computed)} - computed
    uses = [e.left for e in products if isinstance(e.left, Symbol) and isinstance(e.right, Symbol)
            and e.left.step == 0 and e.left.id in capitals]  # fmt: skip
    if not uses:
        return text.equations
    new = {e.id: f"{e.id}_{t}" if "_" not in e.id else f"{e.id}{t}" for e in uses}
    for id, name in new.items():
        place = next(e.place for e in uses if e.id == id)
        text.notes.append((place.line, phrase("No line computes {name}, so it is a matrix of weights.", name=name)))
    return rewritten(
        text.equations, lambda e: replace(e, id=new[e.id], step=None) if e.step == 0 and e.id in new else e
    )


def _with_given_of_both_steps(text: Text) -> list[Equation]:
    """The equations, with a line B_t = W_B x_t for each tensor that no line computes, and that others use of this step
    and of that before: a projection of the input that a paper does not print."""
    computed = {name.id for own in text.equations for name in own.names}
    steps: dict[str, set[int]] = {}
    first: dict[str, Symbol] = {}
    for e in symbols_of(text.equations):
        if e.step is not None and e.id not in computed | text.own_names | {*INPUTS}:
            steps.setdefault(e.id, set()).add(e.step)
            first.setdefault(e.id, e)
    found = [*text.equations]
    if "x" not in {e.id for e in symbols_of(text.equations)} - computed:
        return found
    given = [id for id, own in steps.items() if own == {0, -1} and id[0] in GIVEN]
    for id in (id for id in given if not any(name.startswith(f"{id}_") for name in computed)):
        place, weight = first[id].place, f"W_{id}"
        text.linear.add(weight)
        value = Binary(" ", Symbol(weight, None, place, id), Symbol("x", 0, place), place)
        found.append(Equation((Symbol(id, 0, place),), value, place))
        sentence = phrase("No line computes {name}, so it is read as a product of x with weights.", name=id)
        text.notes.append((place.line, sentence))
    return found


def _with_output_as_input(text: Text) -> list[Equation]:
    """The equations of a decoder, with x_t for y_{t-1}, the output before, which is its input, and for its embedding
    e(y_{t-1})."""
    symbols = symbols_of(text.equations)
    steps = {e.step for e in symbols if e.id == "y"}
    is_input = steps == {-1} and not any(e.id in ("x", "u", "y") and e.step == 0 for e in symbols)
    if not is_input or "y" in text.own_names:
        return text.equations
    place = next(e.place for e in symbols if e.id == "y")
    sentence = phrase("{name} of the step before is the input of a decoder. Here it is called x.", name="y")
    text.notes.append((place.line, sentence))
    text.open_functions -= {"e"}

    def written(e: Term) -> Term:
        match e:
            case (
                Binary(" ", Symbol("e", None), Symbol("y", place=place))
                | Apply("e", (), (Symbol("y", place=place),))
                | Symbol("y", place=place)
            ):
                return Symbol("x", 0, place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


CHANGES = (
    _with_written_functions,
    without_noise,
    _with_step_numbers,
    _with_dot_products,
    with_biases,
    with_biases_of_step,
    _with_multiples_of_identity,
    _with_weights_of_step,
    _with_given_of_both_steps,
    _with_output_as_input,
)
"""In the order in which they are made."""
