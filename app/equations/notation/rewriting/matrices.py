"""Products of matrices in the order in which they are computed, and matrices of weights that lines compute."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from ....core.axes import NUM_UNITS
from ....translations.phrases import phrase
from ...limits import MAX_EQUATION_TERMS
from ...places_and_errors import Place
from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Domain,
    Equation,
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
    equal_parts,
    factors_of,
    is_alias,
    is_capital,
    is_greek,
    is_of_numbers,
    is_turned_vector,
    rewritten,
    summands_of,
    switch_of,
)
from ..vocabulary.usual_letters import GATES, IDENTITY, NUMBERS


def with_matrices_in_order(v: NamesOfText) -> list[Equation]:
    """The equations, with S (Q x) for (S Q) x, where S is a matrix of the step, Q one of weights, and x a vector."""
    computed = {name.id for own in v.text.equations for name in own.names}
    domains = [(name.id, d) for d in v.text.domains for name in d.names]
    domain_sizes = {id: d.sizes for id, d in domains}
    matrices = {id for id, d in domains if len(d.sizes) == 2} | {id for id, d in v.declared.items() if len(d.axes) == 2}
    v.matrices = {own.names[0].id for own in v.text.equations if _is_sum_of_outer(own)}

    def is_weight(e: Term) -> bool:
        is_one = isinstance(e, Symbol) and e.step is None and e.id not in computed
        return is_one and isinstance(e, Symbol) and (e.id in matrices or (is_capital(e.id) and e.id != IDENTITY))

    def is_diagonal(e: Term) -> bool:
        return isinstance(e, Symbol) and e.id in v.text.said_diagonals

    numbers = {own.names[0].id for own in v.text.equations if is_of_numbers(own.value)}

    def is_number(e: Symbol) -> bool:
        """Whether a name before a product of a matrix is a number: s of s W x."""
        is_letter = e.id[0].islower() and not is_greek(e.id) and len(domain_sizes.get(e.id, ())) == 0
        return is_letter and e.id not in (*v.declared, *NUMBERS) and (e.id not in computed or e.id in numbers)

    def written(e: Term) -> Term:
        factors = factors_of(e)
        match factors:
            case [Symbol(id, int()) as first, *weights, Symbol(last, int())] if (
                id in v.matrices and last not in v.matrices and weights and all(map(is_weight, weights))
            ):
                made = factors[-1]
                for factor in (*weights[::-1], first):
                    made = Binary(" ", factor, made, factor.place.to(made.place))
                return made
            case [*weights, last] if all(map(is_weight, weights)) and any(map(is_diagonal, weights[1:])):  # W (D h)
                made = written(last)
                for factor in weights[::-1]:
                    made = Binary(" ", factor, made, factor.place.to(made.place))
                return made
            case [Symbol(id) as first, Symbol() as weight, last] if is_weight(weight):
                has_step = any(isinstance(part, Symbol) and part.step is not None for part in within(last))
                is_before = first.step == -1 and id.partition("_")[0] in GATES
                is_gate = id in computed and (first.step in (None, 0) or is_before) and id[0].islower()
                if has_step and is_gate and id in switches:
                    numbers_of_sample.setdefault(id, first)
                if has_step and (is_gate or (first.step is None and is_number(first))):
                    if id not in computed | v.text.own_names | v.text.all_domains:
                        v.text.domains.append(Domain((first,), (), 0.0, first.place))
                    made = Binary(" ", weight, written(last), weight.place.to(last.place))
                    return Binary(" ", first, made, e.place)
        return rebuilt(e, written)

    numbers_of_sample: dict[str, Symbol] = {}
    switches = {own.names[0].id: e for own in v.text.equations if (e := switch_of(own)) is not None}
    found = [replace(own, value=written(own.value)) for own in v.text.equations]
    return _with_switches(v, found, {id: (e, switches[id]) for id, e in numbers_of_sample.items()})


def _with_switches(
    v: NamesOfText, equations: list[Equation], switches: dict[str, tuple[Symbol, Symbol]]
) -> list[Equation]:
    """The equations, in which what switches a whole product on and off, z_t W x_t with z_t 1 or 0, is one number of
    each sample, and so is the part of a vector that it is computed from."""
    known = v.text.all_domains | v.text.own_names
    switches = {id: both for id, both in switches.items() if id not in known}
    letters = {id.rstrip("0123456789") for id in switches}
    switches |= {own.names[0].id: (own.names[0], e) for own in equations
                 if own.names[0].id.rstrip("0123456789") in letters and (e := switch_of(own))}  # fmt: skip
    if not switches:
        return equations
    first = next(iter(switches.values()))[0]
    sentence = phrase(
        "{z} is 1 or 0 and stands before a matrix, so it is read as one number of each sample.", z=first.id
    )
    v.text.notes.append((first.place.line, sentence))
    numbers = {e.id: e for both in switches.values() for e in both}
    by_name = {name.id: own for own in equations for name in own.names}
    for id in [*numbers]:
        terms = within(by_name[id].value) if id in by_name else iter(())
        made = (e for e in terms if isinstance(e, Symbol) and e.id in by_name)
        numbers |= {e.id: e for e in made if len(by_name[e.id].names) > 1}
    v.text.domains += [Domain((e,), (), 0.0, e.place) for e in numbers.values()]

    found = list[Equation]()
    for own in equations:
        match own.value:
            case Apply("split", (), (value, Number()), place) if any(name.id in numbers for name in own.names):
                parts = {name.id: replace(name, id=f"{name.id}_part") for name in own.names if name.id in numbers}
                sizes = (Number(1.0, place) if name.id in parts else Symbol(str(NUM_UNITS), None, place)
                         for name in own.names)  # fmt: skip
                names = tuple(parts.get(name.id, name) for name in own.names)
                v.text.notes = [note for note in v.text.notes if note != (place.line, equal_parts(len(names)))]
                found.append(replace(own, names=names, value=Apply("split", (), (value, *sizes), place)))
                v.text.domains += [Domain((part,), (), 0.0, place) for part in parts.values()]
                found += [Equation((name,), Apply("sum", ("one",), (parts[name.id],), place), place)
                          for name in own.names if name.id in parts]  # fmt: skip
            case _:
                found.append(own)
    return found


OF_NUMBERS = ("abs", "relu", "softplus", "sign")
"""The functions of a matrix that are those of its numbers: of |W|, and not of exp(W)."""


def with_lines_of_functions(text: Text) -> list[Equation]:
    """The equations, with a line of its own for a function of a matrix of weights beside a vector: |W| h_{t-1}."""
    computed = {name.id for own in text.equations for name in own.names}
    others = computed | text.own_names | text.said_diagonals.keys() | text.all_domains
    made: dict[str, Equation] = {}

    def is_function(e: Term) -> bool:
        match e:
            case Apply(function, (), (Symbol(id, None),)):
                is_matrix = is_capital(id) and id not in others and not is_greek(id.lower())
                return function in OF_NUMBERS and is_matrix
        return False

    def has_step(e: Term) -> bool:
        return any(isinstance(part, Symbol) and part.step is not None for part in within(e))

    def named(e: Term) -> Term:
        if not (isinstance(e, Apply) and is_function(e)):
            return written(e)
        (weight,) = e.arguments
        assert isinstance(weight, Symbol)
        symbol = replace(weight, id=f"{weight.id}_{e.function}", label=e.function)
        made.setdefault(symbol.id, Equation((symbol,), e, e.place))
        text.matrices.add(weight.id)
        return symbol

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", left, right, place) if has_step(right) or has_step(left):
                first, *others = factors_of(left)
                if others and is_function(first):  # |W| D r is |W| (D r)
                    for factor in others[::-1]:
                        right = Binary(" ", factor, right, factor.place.to(right.place))
                    return Binary(" ", named(first), written(right), place)
                return Binary(" ", named(left), named(right), place)
        return rebuilt(e, written)

    found = [replace(own, value=written(own.value)) for own in text.equations]
    return [*found, *made.values()]


def with_equal_matrices(text: Text) -> list[Equation]:
    """The equations without lines that only give a matrix of weights another name, C̄ = C̃, which it has then."""
    computed = Counter(name.id for own in text.equations for name in own.names)
    others = text.own_names | text.all_domains
    renamed_too = {own.names[0].id for own in text.equations if isinstance(own.value, Symbol)}
    same: dict[str, Symbol] = {}
    for own in text.equations:
        match own.value:
            case Symbol(id, None) as weight if id not in renamed_too and is_capital(id) and len(own.names) == 1:
                name = own.names[0]
                is_free = name.step is None and computed[name.id] == 1 and not {name.id, id} & others
                if is_free and is_capital(name.id) and not is_alias(own):
                    same[name.id] = weight
                    sentence = phrase("{name} is read as {function}.", name=name.id, function=id)
                    text.notes.append((own.place.line, sentence))
    kept = [own for own in text.equations if own.names[0].id not in same]

    def renamed(e: Symbol) -> Symbol:
        return replace(e, id=same[e.id].id, label=same[e.id].label) if e.id in same and e.step is None else e

    return rewritten(kept, renamed) if same else text.equations


def _is_sum_of_outer(equation: Equation) -> bool:
    """Whether a line adds an outer product of columns to what a capital was: S_t = S_{t-1} + v kᵀ."""
    name, parts = equation.names[0], [*summands_of(equation.value)]
    is_recurrent = any(isinstance(e, Symbol) and (e.id, e.step) == (name.id, -1) for e in within(equation.value))
    is_outer = any(
        any(map(is_turned_vector, summands_of(factors[-1]))) and not isinstance(factors[-2], Transposed)
        for factors in map(factors_of, parts)
        if len(factors) > 1
    )
    return is_capital(name.id) and is_recurrent and len(parts) > 1 and is_outer


def with_own_weights(text: Text) -> list[Equation]:
    """The equations, with another name for a matrix of weights in the line of its cases: W_{H_i} is itself or 0. The
    index i of blocks is left out if the other lines use the matrix without it."""
    cases = [
        own
        for own in text.equations
        if isinstance(own.value, Apply) and own.value.function == "where" and len(own.names) == 1
        and is_capital(own.names[0].id) and own.names[0].step is None
        and own.names[0].id in {e.id for e in within(own.value) if isinstance(e, Symbol)}
    ]  # fmt: skip
    found = text.equations
    for own in cases:
        name = own.names[0]
        others = {e.id for one in found if one is not own for e in within(one.value) if isinstance(e, Symbol)}
        whole = name.id if name.id in others else next((id for id in others if id and name.id[:-1] == id), "")
        weight = Symbol(f"{whole}_hat", None, name.place, name.label)
        if not whole or weight.id in others:
            continue

        def written(e: Term, old: str = name.id, weight: Symbol = weight) -> Term:
            return weight if isinstance(e, Symbol) and e.id == old else rebuilt(e, lambda part: written(part))

        sentence = phrase("{name} in its own line is a matrix of weights. Here it is called {new}.", name=name.id,
                          new=weight.id)  # fmt: skip
        text.notes.append((name.place.line, sentence))
        new = Equation((replace(name, id=whole),), written(own.value), own.place)
        found = [new if one is own else one for one in found]
    return found


def inlined(v: NamesOfText) -> list[Equation]:
    """The equations without those of matrices that are sums with I or Mᵀ of weights, A = M − Mᵀ − γ I, or that have
    cases: they are written where their names stand, so that A h is computed without A."""
    equations = v.text.equations
    computed = {name.id for own in equations for name in own.names if not is_of_numbers(own.value)}
    domains = {name.id for domain in v.text.domains for name in domain.names}
    uses = Counter(e.id for own in equations for e in within(own.value) if isinstance(e, Symbol))
    products = [e for own in equations for e in within(own.value) if isinstance(e, Binary) and e.sign in " ·"]
    beside = Counter(e.left.id for e in products if isinstance(e.left, Symbol) and e.left.step == 0)
    vectors: list[Equation] = []
    for own in equations:
        name, parts = own.names[0], [*within(own.value)]
        symbols = [e for e in parts if isinstance(e, Symbol)]
        is_turned = any(isinstance(e, Transposed) for e in parts)
        is_made = is_turned or (v.has_identity and any(e.id == IDENTITY for e in symbols))
        is_sum = isinstance(own.value, Binary | Minus) and (is_made or _is_product_of_weights(own.value, computed))
        is_constant = all(e.step is None and e.id not in (*computed, "x") for e in symbols)
        is_other = name.id in v.declared or name.id in domains or len(own.names) > 1 or name.step is not None
        is_diagonal = isinstance(own.value, Apply) and own.value.function == "diag" and name.id not in v.declared
        if is_diagonal and is_constant and name.step is None and len(own.names) == 1:
            v.inlined[name.id] = own
            if line := _of_diagonal(own, uses):
                vectors.append(line)
                v.inlined[name.id] = replace(own, value=Apply("diag", (), line.names, own.place))
        if is_made and _is_of_step(own, computed) and beside[name.id] == uses[name.id] > 0:
            v.inlined[name.id] = own
        if is_sum and is_constant and not is_other and uses[name.id] * len(parts) <= MAX_EQUATION_TERMS:
            v.inlined[name.id] = own

    in_products = Counter(e.left.id for own in equations for e in within(own.value)
                          if isinstance(e, Binary) and e.sign in " ·" and isinstance(e.left, Symbol))  # fmt: skip
    for own in equations:
        name, symbols = own.names[0], [e for e in within(own.value) if isinstance(e, Symbol)]
        is_matrix = is_capital(name.id) and name.step is None and in_products[name.id] == uses[name.id] > 0
        is_free = name.id not in v.declared and name.id not in domains and all(e.step is None for e in symbols)
        is_inlined = _is_masked(own.value) or (isinstance(own.value, Apply) and own.value.function == "where")
        if is_inlined and is_matrix and is_free:
            v.inlined[name.id] = own

    def product(of: Term, sign: str, right: Term, place: Place) -> Term:
        return of if isinstance(of, Number) and not of.value else Binary(sign, rebuilt(of, written), right, place)

    def written(e: Term) -> Term:
        match e:
            case Binary(" " | "·" as sign, Symbol(id, None), right, place) if id in v.inlined:
                value = v.inlined[id].value
                if isinstance(value, Apply) and value.function == "where":  # (A or 0) h is A h or 0
                    condition, one, other = value.arguments
                    parts = (product(part, sign, written(right), place) for part in (one, other))
                    return Apply("where", (), (rebuilt(condition, written), *parts), place)
        if isinstance(e, Symbol) and e.id in v.inlined and e.step == v.inlined[e.id].names[0].step:
            return diagonal(rebuilt(v.inlined[e.id].value, written))  # new terms, as each has a shape of its own
        return rebuilt(e, written)

    def diagonal(e: Term) -> Term:
        """diag(Σ) for a matrix Σ that the text calls diagonal, among others."""
        if isinstance(e, Symbol) and e.id in v.text.said_diagonals:
            return Apply("diag", (), (e,), e.place)
        return rebuilt(e, diagonal)

    kept = (replace(own, value=written(own.value)) for own in equations if own.names[0].id not in v.inlined)
    return [*vectors, *kept]


def _of_diagonal(own: Equation, uses: Mapping[str, int]) -> Equation | None:
    """The line of a vector, λ of Λ = diag(exp(-exp(ν))), if lines use its formula several times and its name is
    free."""
    name, value = own.names[0], own.value
    vector = f"{name.id[0].lower()}{name.id[1:]}"
    if not isinstance(value, Apply) or isinstance(value.arguments[0], Symbol) or vector == name.id:
        return None
    is_used = uses[name.id] > 1 and not uses[vector]
    return Equation((replace(name, id=vector),), value.arguments[0], own.place) if is_used else None


def _is_of_step(own: Equation, computed: Collection[str]) -> bool:
    """Whether a line computes a matrix of the step from vectors alone, R_t = I - 2 u_t u_tᵀ."""
    name, symbols = own.names[0], [e for e in within(own.value) if isinstance(e, Symbol)]
    is_matrix = is_capital(name.id) and name.step == 0 and len(own.names) == 1
    has_identity = any(e.id == IDENTITY and e.step is None and e.id not in computed for e in symbols)
    return is_matrix and has_identity and all(not is_capital(e.id) or e.id == IDENTITY for e in symbols)


def _is_product_of_weights(e: Term, computed: Collection[str]) -> bool:
    """Whether a term is a product of two or more matrices of weights, U V."""
    factors = factors_of(e)
    names = [one.id for one in factors if isinstance(one, Symbol) and one.step is None and one.id not in computed]
    return len(names) == len(factors) > 1 and all(map(is_capital, names))


def _is_masked(e: Term) -> bool:
    """Whether a term is a product of capitals element by element: W ⊙ M."""
    match e:
        case Binary("⊙", left, right):
            sides = (left, right)
            return all(_is_masked(one) or (isinstance(one, Symbol) and is_capital(one.id)) for one in sides)
    return False


def with_numbers_first(equation: Equation, numbers: Collection[str]) -> Equation:
    """An equation with q (W x) for (q W) x, where q is a number."""

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Binary(" ", Symbol(id) as q, Symbol() as W), x, place) if id in numbers:
                return Binary(" ", q, Binary(" ", W, written(x), place), place)
        return rebuilt(e, written)

    return replace(equation, value=written(equation.value))
