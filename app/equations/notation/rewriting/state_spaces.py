"""State spaces whose input is one number, and features of the input that have an index: all is computed for each
feature of x."""

from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import (
    NUMBER,
    OF_SLOT,
    PRODUCT,
    SUMS,
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
from ..parsing.terms import factors_of, is_capital, is_one, rewritten, symbols_of, with_values
from ..vocabulary.usual_letters import DIAGONAL, IDENTITY, INPUTS, SIZE, SIZES


def with_features_as_slots(text: Text) -> list[Equation]:
    """The equations of a selective state space, B_t x_t with y_t = C_t h_t, whose input is one number: they are
    computed for each feature of x."""
    states = {e.id for e in symbols_of(text.equations) if e.step == -1}
    domains = [(name.id, d.sizes) for d in (*text.domains, *text.said_domains) for name in d.names]
    sizes = {id: sum(not is_one(size) for size in own) for id, own in domains}
    rows = {id for id, own in domains if len(own) == 2 and is_one(own[0])}  # C ∈ ℝ^{1 × N}
    same = {own.names[0].id: own.value.id for own in text.equations if isinstance(own.value, Symbol)}
    inputs = {id for id in INPUTS if sizes.get(id, 1) == 0}
    taken_rows: set[str] = set()

    def is_output(e: Term) -> bool:
        """C_t h_t of a state that is a vector."""
        match e:
            case Binary(" ", Symbol(id, 0 | None) | Transposed(Symbol(id, 0 | None)), Symbol(state, 0)):
                is_vector = sizes.get(state, 1) < 2 and sizes.get(id, 1) < 2
                return id.partition("_")[0] == "C" and id not in states and state in states and is_vector
        return False

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Symbol() as C, Symbol() as right, place) if is_output(e):
                taken_rows.add(same.get(C.id, C.id))
                sentence = phrase("{C} is a vector, so its product with {h} is one number.", C=C.id, h=right.id)
                text.notes.append((place.line, sentence))
                text.vectors |= {C.id} if C.step is None else set()
                return Binary(" ", Transposed(C, C.place), right, place)
        return rebuilt(e, written)

    lines = [own for own in text.equations if own.names[0].id not in states]
    outputs = [own for own in lines if any(map(is_output, within(own.value)))]
    terms = [e for own in text.equations for e in within(own.value)]
    exponents = (e for e in terms if _is_exponential(e) or (rows and _is_inverse(e)))
    is_discrete = any(isinstance(e, Symbol) and is_capital(e.id) for one in exponents for e in within(one))
    computed = {own.names[0].id for own in text.equations} if is_discrete else set[str]()
    products = [e for own in text.equations for e in within(own.value) if _is_input_matrix(e, computed)]
    given = {e.right.id: e for e in products if isinstance(e, Binary) and isinstance(e.right, Symbol)}
    lines_of = {own.names[0].id for own in text.equations}
    used = {id for id in given if outputs or id in inputs} - {id for id, n in sizes.items() if n} - lines_of
    if used:
        sentence = phrase("The input of the text is one number. Here it has features, and the cell is computed for "
                          "each of them.")  # fmt: skip
        text.notes.append((given[min(used)].place.line, sentence))
        text.equations = [replace(own, value=written(own.value)) if own in outputs else own for own in text.equations]
        _drop_ones(text, taken_rows & rows)
        text.equations = _with_numbers_of_features(text, used)
    return _with_slots_of_input(text, used)


def _is_exponential(e: Term) -> bool:
    return isinstance(e, Apply) and e.function == "exp"


def _is_inverse(e: Term) -> bool:
    """(I - Δ A / 2)^{-1}, of which the matrices of each step may be made."""
    match e:
        case Binary("^", _, Minus(Number(1.0))):
            return True
    return False


def _drop_ones(text: Text, rows: set[str]) -> None:
    """Read the rows C ∈ ℝ^{1 × N}, whose product with a state is one number of each feature, as vectors of N."""
    for domains in (text.domains, text.said_domains):
        others = (replace(d, names=tuple(name for name in d.names if name.id not in rows)) for d in domains)
        vectors = (replace(d, names=names, sizes=d.sizes[1:]) for d in domains
                   if (names := tuple(name for name in d.names if name.id in rows)))  # fmt: skip
        domains[:] = [*(d for d in others if d.names), *vectors]


def _with_numbers_of_features(text: Text, inputs: set[str]) -> list[Equation]:
    """The equations, with x_slot for x where a capital of the step multiplies it. The step size Δ_t is one number of
    each feature, too."""
    made = {own.names[0].id for own in text.equations if own.names[0].step is None}  # Ā ∈ ℝ^{N × N}
    for domains in (text.domains, text.said_domains):
        kept = (replace(d, names=tuple(name for name in d.names if name.id not in inputs | made)) for d in domains)
        domains[:] = [d for d in kept if d.names]
    sizes = {e.id: e for e in symbols_of(text.equations) if e.id in SIZES and e.step == 0}
    sizes = {id: e for id, e in sizes.items() if id not in text.all_domains}
    computed = {name.id for own in text.equations for name in own.names}
    known = computed | text.all_domains | text.own_names | {*text.said_diagonals}
    for A in {e.id: e for e in reversed(symbols_of(text.equations)) if e.id in DIAGONAL}.values():
        if A.id not in known:
            text.vectors.add(A.id)
            text.notes.append((A.place.line, phrase("{name} is read as diagonal, one value per unit.", name=A.id)))
    text.slots |= dict.fromkeys(sizes, NUMBER)
    text.domains += [Domain((e,), (), 0.0, e.place) for e in sizes.values()]
    for own in text.equations:
        name = own.names[0]
        if name.id in sizes:
            weights = {e.id for e in within(own.value) if isinstance(e, Symbol) and e.step is None}
            if any(isinstance(e, Apply) and e.function == "linear" for e in within(own.value)):
                weights |= {f"W_{name.id}", f"b_{name.id}"}
            text.slots |= {id: PRODUCT if is_capital(id) else NUMBER for id in weights}

    def written(e: Term) -> Term:
        match e:
            case Binary(" " | "·" | "⊙" as sign, Symbol(id, None) as w, Symbol() as x, place) if id in text.slots:
                if x.id in inputs and not is_capital(id):
                    text.slots[x.id] = NUMBER
                    return Binary(sign, w, replace(x, id=f"{x.id}{OF_SLOT}"), place)
            case Binary(sign, left, Symbol(id) as x, place) if _is_input_matrix(e, computed) and id in inputs:
                text.slots[x.id] = NUMBER
                return Binary(sign, left, replace(x, id=f"{id}{OF_SLOT}"), place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def _with_slots_of_input(text: Text, numbers: set[str]) -> list[Equation]:
    """The equations, with x_slot for a feature x_{t,j} of an input that no line computes."""
    computed = {name.id for own in text.equations for name in own.names}
    found = {id for id in text.slots if id in INPUTS and id not in computed}
    text.slots = {f"{id}{OF_SLOT}" if id in found else id: kind for id, kind in text.slots.items()}
    others = found - numbers
    return rewritten(text.equations, lambda e: replace(e, id=f"{e.id}{OF_SLOT}") if e.id in others else e)


def with_ones_of_diagonals(text: Text) -> list[Equation]:
    """The equations, with 1 for I in exp(Δ A) - I, or in A_bar - I with a line A_bar = exp(Δ A), where A is diagonal,
    so that all are vectors."""
    diagonal = {*text.said_diagonals} | text.vectors
    is_of_features = any(id.endswith(OF_SLOT) for id in text.slots)

    def is_diagonal(e: Term) -> bool:
        names = {part.id for part in within(e) if isinstance(part, Symbol) and is_capital(part.id)} - {SIZE}
        if isinstance(e, Apply) and e.function == "exp":
            return bool(diagonal & names)
        if isinstance(e, Binary) and e.sign in SUMS and isinstance(e.right, Number):  # exp(Δ A) - I
            return is_diagonal(e.left)
        if isinstance(e, Binary) and e.sign == "⊙":
            return is_diagonal(e.left) and is_diagonal(e.right)
        is_sum = not any(isinstance(part, Apply | Joined) for part in within(e))
        return is_sum and bool(names) and names <= diagonal

    for own in text.equations:
        if own.names[0].step is None and len(own.names) == 1 and is_diagonal(own.value):
            diagonal.add(own.names[0].id)

    def of_rows(e: Term) -> Term:
        """A product of diagonals and a matrix, A^{-1} (A_bar - I) B, number by number."""
        first, *others = factors_of(e)
        last = others[-1] if others else first
        if not (isinstance(last, Symbol) and last.step is None and is_capital(last.id)):
            return e
        if last.id in diagonal | {SIZE}:
            return e
        is_size = isinstance(others[-2], Symbol) and others[-2].id == SIZE if len(others) > 1 else False
        if not (others and all(map(is_diagonal, (first, *others[: -1 - is_size])))):
            return e
        (text.vectors if is_of_features else text.matrices).add(last.id)
        for other in others:
            first = Binary("⊙", first, other, e.place)
        return first

    def written(e: Term) -> Term:
        match e:
            case Binary("+" | "-" as sign, left, Symbol("I", None, place)) if is_diagonal(left):
                return Binary(sign, written(left), Number(1.0, place), e.place)
            case Binary("+" | "-" as sign, Symbol("I", None, place), right) if is_diagonal(right):
                return Binary(sign, Number(1.0, place), written(right), e.place)
            case Binary(" ") if any(isinstance(part, Symbol) and part.id == IDENTITY for part in within(e)):
                made = rebuilt(e, written)
                if isinstance(made, Binary) and is_diagonal(made.left) and is_diagonal(made.right):
                    return replace(made, sign="⊙")  # (I - A)^{-1} (I + A)
                return of_rows(made)
        return rebuilt(e, written)

    return with_values(text.equations, written) if diagonal else text.equations


def _is_input_matrix(e: Term, computed: set[str]) -> bool:
    """B_t x_t of a capital of the step, or B x_t of one that a line computes."""
    match e:
        case Binary(" " | "·" | "⊙", Symbol(id, None), Symbol(input, 0)):
            return is_capital(id) and input in INPUTS and id in computed
        case Binary(" " | "·" | "⊙", Symbol(id, int(step)), Symbol(input, other)):
            return is_capital(id) and input in INPUTS and step == other
    return False
