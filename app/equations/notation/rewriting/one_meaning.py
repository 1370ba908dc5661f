"""Rewrites the equations of a text so that each name and sign has one meaning: text -> equations."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from ....core.axes import Axis, OwnSize
from ....translations.phrases import phrase
from ...axis_lengths import name_of
from ...errors import EquationsError, Place
from ...function_syntax import FUNCTIONS, OVER_AXES
from ...limits import MAX_EQUATION_TERMS, MOST_ELEMENTS
from ...names import STEP_SIZES
from ...syntax import ONE_NUMBER, AxisLine, Declaration, Statement
from ..names.names_of_text import (
    NamesOfText,
    factors_of,
    is_alias,
    is_capital,
    is_greek,
    is_of_numbers,
    is_peephole,
    is_turned_vector,
    summands_of,
)
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Definition,
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
from ..vocabulary.usual_letters import FREE_FUNCTIONS, IDENTITY, INPUTS, NUMBERS
from .indices import symbols_of


def with_declared_tensors(text: Text) -> list[Statement]:
    """The lines of our language, with g for g_t of a line with its axes, g_t: batch_size."""
    symbols = symbols_of(text.equations)
    stepped, others = ({e.id for e in symbols if (e.step is None) == is_other} for is_other in (False, True))

    def named(s: Statement) -> Statement:
        if isinstance(s, Declaration) and s.name not in stepped | others:
            id = s.name.removesuffix(f"_{text.step[1:]}")
            return replace(s, name=id) if id in stepped else s
        return s

    return [*map(named, text.own)]


def with_named_axes(text: Text, lines_of_ours: list[Statement]) -> list[Statement]:
    """The lines of our language, with a name for each axis that is a number: W: 2, num_units."""
    taken = {*text.own_names, *(name.id for own in text.equations for name in own.names)}
    lines: dict[int, AxisLine] = {}

    def named(axis: Axis, place: Place) -> Axis:
        if axis.names != ("",):
            return axis
        n = axis.terms[0][0]
        if n not in lines:
            name = next(new for k in range(999) if (new := f"{name_of({'': n})}{k or ''}") not in taken)
            lines[n] = AxisLine(name, OwnSize(((n, ""),)), place)
        return Axis(((1, lines[n].name),))

    found: list[Statement] = []
    for s in lines_of_ours:
        if isinstance(s, Declaration) and s.axes != ONE_NUMBER:
            place = s.place
            s = replace(s, axes=tuple(named(a, place) for a in s.axes))
        found.append(s)
    return [*lines.values(), *found]


def with_definitions(text: Text) -> list[Equation]:
    """The equations, with the formulas of the functions that the text defines: tanh(W x_t + U h_{t-1}) for f(x_t,
    h_{t-1})."""
    count, used = 0, set[str]()

    def written(e: Term, values: Mapping[str, Term], within_one: tuple[str, ...]) -> Term:
        nonlocal count
        count += 1
        if count > MAX_EQUATION_TERMS * len(text.equations):
            raise EquationsError(phrase("too many products of sums; give some of them a name"), e.place)
        match e:
            case Symbol(id, None) if id in values:
                return values[id]
            case Apply(name, index, arguments, place):
                id = "_".join((name, *index))
                own, made = text.definitions.get(id), tuple(written(a, values, within_one) for a in arguments)
                if own and id not in within_one:
                    if len(made) != len(own.parameters):
                        problem = phrase("{name} has {n} arguments where it is defined", name=id, n=len(own.parameters))
                        raise EquationsError(problem, place)
                    used.add(id)
                    made = tuple(map(named, made, own.parameters, [own] * len(made)))
                    return written(own.value, dict(zip(own.parameters, made, strict=True)), (*within_one, id))
                return Apply(name, index, made, place)
        return rebuilt(e, lambda part: written(part, values, within_one))

    def named(argument: Term, parameter: str, own: Definition) -> Term:
        """An argument, with a line of its own if the formula of the function has it several times."""
        uses = sum(isinstance(e, Symbol) and e.id == parameter for e in within(own.value))
        if uses < 2 or isinstance(argument, Symbol | Number):
            return argument
        own_id = target.id.lower() if is_capital(target.id) else target.id  # the argument is no matrix
        id = next(new for n in range(MAX_EQUATION_TERMS) if (new := f"{own_id}_raw{n or ''}") not in taken)
        taken.add(id)
        symbol = Symbol(id, target.step, argument.place)
        found.append(Equation((symbol,), argument, argument.place))
        return symbol

    found, taken = list[Equation](), {e.id for e in symbols_of(text.equations)}
    for equation in text.equations if text.definitions else ():
        target = equation.names[0]
        found.append(replace(equation, value=written(equation.value, {}, ())))
    for own in (own for id, own in text.definitions.items() if id not in used):
        sentence = phrase(
            "No line uses the function {name}, so the line that defines it is left out.", name=own.name.id
        )
        text.notes.append((own.name.place.line, sentence))
    return found or text.equations


def with_axes_of_functions(text: Text) -> list[Equation]:
    """The equations, with the axes that are arguments of functions as their indices: max(a, K) is a maximum along K."""
    axes = {*STEP_SIZES, *(line.name for line in text.own if isinstance(line, AxisLine))}
    calls = (e for own in text.equations for e in within(own.value) if isinstance(e, Apply) and len(e.arguments) > 1)
    if not any(e.function in OVER_AXES for e in calls):
        return text.equations

    def written(e: Term) -> Term:
        match e:
            case Apply(name, index, (argument, *more), place) if name in OVER_AXES and more:
                names = [one.id for one in more if isinstance(one, Symbol) and one.step is None and one.id in axes]
                if len(names) == len(more):
                    return Apply(name, (*index, *names), (written(argument),), place)
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in text.equations]


def stepless_renamed(v: NamesOfText) -> list[Equation]:
    """The equations, with another name for a where a and a_t are two tensors: a_t = a^{c r_t}; a = σ(Λ)."""
    text = v.text
    steps: dict[str, set[bool]] = {}
    for name in (name for own in text.equations if not is_alias(own) for name in own.names):
        steps.setdefault(name.id, set()).add(name.step is not None)
    both = {id for id, found in steps.items() if len(found) > 1}
    for own in text.equations:
        for e in within(own.value):
            is_own = isinstance(e, Symbol) and e.step is None and any(n.id == e.id and n.step == 0 for n in own.names)
            if isinstance(e, Symbol) and is_own:
                both.add(e.id)
    computed = {id for id, found in steps.items() if True in found}
    uses = [e for own in text.equations for e in within(own.value) if isinstance(e, Symbol) and e.id in computed]
    both |= {e.id for e in uses if e.step is None} & {e.id for e in uses if e.step == 0}
    if not both:
        return text.equations
    taken = {e.id for own in text.equations for e in (*own.names, *within(own.value)) if isinstance(e, Symbol)}
    for id in sorted(both):
        v.stepless[id] = next(new for n in range(99) if (new := f"{id}{n or 0}") not in taken)

    def renamed(e: Term) -> Term:
        if isinstance(e, Symbol) and e.step is None and e.id in v.stepless:
            return replace(e, id=v.stepless[e.id])
        return rebuilt(e, renamed)

    return [
        Equation(
            tuple(n for name in own.names if isinstance(n := renamed(name), Symbol)), renamed(own.value), own.place
        )
        for own in text.equations
    ]


def with_beside(v: NamesOfText, equation: Equation) -> Equation:
    """An equation with W_mh h_{t-1} for W_mhh_{t-1}, the name of a matrix that touches that of its vector, and f A for
    fA."""
    computed = {name.id for own in v.text.equations for name in own.names}

    def written(e: Term) -> Term:
        if (
            isinstance(e, Symbol)
            and e.step is not None
            and e.id not in computed
            and re.fullmatch(r"[A-Z](?:_\w{1,20})?[a-z]", e.id)
            and e.id[-1] in (*computed, *INPUTS[:1])
            and e.id not in v.declared
        ):
            label = e.label[:-1]
            matrix, vector = Symbol(e.id[:-1], None, e.place, label), Symbol(e.id[-1], e.step, e.place)
            v.separated.setdefault(e.id, (e, matrix.id, vector.id))
            return Binary(" ", matrix, vector, e.place)
        if (
            isinstance(e, Symbol)
            and e.step is None
            and re.fullmatch("[a-z][A-Z]", e.id)
            and e.id[0] in computed
            and e.id not in {*computed, *v.declared}
        ):
            vector, weight = (Symbol(letter, None, e.place) for letter in e.id)
            sentence = phrase("{name} is read as {function}.", name=e.id, function=f"{vector.id} ⊙ {weight.id}")
            v.text.notes.append((e.place.line, sentence))
            return Binary("⊙", vector, weight, e.place)
        return rebuilt(e, written)

    return Equation(equation.names, written(equation.value), equation.place)


def without_stars(text: Text) -> list[Equation]:
    """The equations, with M_t for M^*, if no line computes M^* and one computes M_t."""
    computed = {name.id for own in text.equations for name in own.names if name.step == 0}
    known = {name.id for own in text.equations for name in own.names} | text.own_names | text.all_domains

    def written(e: Term) -> Term:
        if isinstance(e, Symbol) and e.id not in known and (id := e.id.removesuffix("_star")) in computed - {e.id}:
            sentence = phrase("{name} is read as {function}.", name=f"{id}^*", function=f"{id}_t")
            text.notes.append((e.place.line, sentence))
            return replace(e, id=id, step=e.step or 0)
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in text.equations]


def with_signs(equations: list[Equation], text: Text) -> list[Equation]:
    """The equations, with ⊙ for ⊗, if this multiplies a state of vectors with what it was: f_t ⊗ c_{t-1}. Lines of
    capitals and of declared matrices keep ⊗, which is the outer product of two vectors there; EquationsError if one of
    the two is a matrix."""
    matrices = {d.name for d in text.own if isinstance(d, Declaration) and len(d.axes) == 3}
    matrices |= {name.id for d in text.domains if len(d.sizes) == 2 for name in d.names}
    matrices |= {name.id for own in equations for name in own.names if is_capital(name.id)}
    for e in (e for own in equations for e in within(own.value)):
        for side in (e.left, e.right) if isinstance(e, Binary) and e.sign == "⊗" else ():
            if isinstance(side, Symbol) and side.step == -1 and side.id in matrices:
                problem = phrase("⊗ beside the matrix {name} has several meanings; write ⊙ for a product element by "
                                 "element", name=side.id)  # fmt: skip
                raise EquationsError(problem, e.place)
    equations_of_matrices = {id(own) for own in equations if own.names[0].id in matrices}
    pairs = [(own, e) for own in equations for e in within(own.value) if isinstance(e, Binary) and e.sign in "⊗⊙"
             and id(own) not in equations_of_matrices]  # fmt: skip
    is_pointwise = any(
        isinstance(side, Symbol) and side.step == -1 and side.id == own.names[0].id
        for own, e in pairs
        for side in (e.left, e.right)
    ) and all(e.sign == "⊗" for _, e in pairs)
    if not is_pointwise:
        return equations

    def written(e: Term) -> Term:
        if isinstance(e, Binary) and e.sign == "⊗":
            return Binary("⊙", written(e.left), written(e.right), e.place)
        return rebuilt(e, written)

    place = equations[0].place
    text.notes.append((place.line, phrase("⊗ is read as ⊙, element by element.")))
    return [own if id(own) in equations_of_matrices else replace(own, value=written(own.value)) for own in equations]


def with_matrices_in_order(v: NamesOfText) -> list[Equation]:
    """The equations, with S (Q x) for (S Q) x, where S is a matrix of the step, Q one of weights, and x a vector."""
    computed = {name.id for own in v.text.equations for name in own.names}
    domains = [(name.id, d) for d in v.text.domains for name in d.names]
    matrices = {id for id, d in domains if len(d.sizes) == 2} | {id for id, d in v.declared.items() if len(d.axes) == 2}
    v.matrices = {own.names[0].id for own in v.text.equations if _is_sum_of_outer(own)}

    def is_weight(e: Term) -> bool:
        is_one = isinstance(e, Symbol) and e.step is None and e.id not in computed
        return is_one and isinstance(e, Symbol) and (e.id in matrices or (is_capital(e.id) and e.id != IDENTITY))

    def written(e: Term) -> Term:
        factors = factors_of(e)
        match factors:
            case [Symbol(id, int()) as first, *weights, Symbol(last, int())]:
                if id in v.matrices and last not in v.matrices and weights and all(map(is_weight, weights)):
                    made = factors[-1]
                    for factor in (*weights[::-1], first):
                        made = Binary(" ", factor, made, factor.place.to(made.place))
                    return made
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in v.text.equations]


def _is_sum_of_outer(equation: Equation) -> bool:
    """Whether a line adds an outer product of columns to what a capital was: S_t = S_{t-1} + v kᵀ."""
    name, parts = equation.names[0], [*summands_of(equation.value)]
    is_recurrent = any(isinstance(e, Symbol) and (e.id, e.step) == (name.id, -1) for e in within(equation.value))
    is_outer = any(
        is_turned_vector(factors[-1]) and not isinstance(factors[-2], Transposed)
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
        if isinstance(e, Symbol) and e.step is None and e.id in v.inlined:
            return diagonal(rebuilt(v.inlined[e.id].value, written))  # new terms, as each has a shape of its own
        return rebuilt(e, written)

    def diagonal(e: Term) -> Term:
        """diag(Σ) for a matrix Σ that the text calls diagonal, among others."""
        if isinstance(e, Symbol) and e.id in v.text.said_diagonals:
            return Apply("diag", (), (e,), e.place)
        return rebuilt(e, diagonal)

    return [replace(own, value=written(own.value)) for own in equations if own.names[0].id not in v.inlined]


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


def with_softmax_of_numbers(text: Text) -> list[Equation]:
    """The equations, with a line for each number of s_t = softmax(a_t), if lines compute those of a_t, a_{t,1} and so
    on, and none a_t."""
    computed = {name.id: name for own in text.equations for name in own.names}
    found: list[Equation] = []
    for own in text.equations:
        match own.value:
            case Apply("softmax", (), (Symbol(id, 0),), place) if id not in computed and len(own.names) == 1:
                count = next((n for n in range(MOST_ELEMENTS + 1) if f"{id}_{n + 1}" not in computed), 0)
                numbers = [Symbol(f"{id}_{n + 1}", 0, place, str(n + 1)) for n in range(count)]
                if count > 1:
                    powers = [Apply("exp", (), (number,), place) for number in numbers]
                    for n, power in enumerate(powers, 1):
                        total: Term = powers[0]
                        for other in powers[1:]:
                            total = Binary("+", total, other, place)
                        name = replace(own.names[0], id=f"{own.names[0].id}_{n}", label=str(n))
                        found.append(Equation((name,), Binary("/", power, total, place), own.place))
                    continue
        found.append(own)
    return found


def with_elements(text: Text) -> list[Equation]:
    """The equations, with a line that splits a tensor whose elements or blocks they use: a_t[0], a_{t,1}, U[t, 0]. A
    small letter has elements, numbers of each sample; a capital has blocks, and so has what stands behind a matrix."""
    computed = {name.id for own in text.equations for name in own.names}
    behind = [e for own in text.equations for one in within(own.value) for e in _behind_capital(one)]
    blocks: set[str] = set()
    used: dict[str, dict[int, Term]] = {}
    numbered: dict[str, tuple[str, int]] = {}
    for e in (e for own in text.equations for e in within(own.value)):
        match e:
            case Apply("element", (n,), (Symbol(id, step),)):
                if step != 0 or id not in computed:
                    problem = phrase("{name} of this step is read by its elements only if a line computes it; give "
                                     "this a name and a line of its own", name=id)  # fmt: skip
                    raise EquationsError(problem, e.place)
                used.setdefault(id, {})[int(n)] = e
                blocks |= {id} if is_capital(id) or e in behind else set()
            case Symbol(id, 0, label=label) if label.isdigit() and len(label) < 4 and id not in computed:
                base = id.removesuffix(label).removesuffix("_")
                if base in computed:
                    used.setdefault(base, {})[int(label)] = e
                    blocks |= {base} if is_capital(base) or e in behind else set()
                    numbered[id] = base, int(label)
    if not used:
        return text.equations
    taken = {e.id for own in text.equations for e in (*own.names, *within(own.value)) if isinstance(e, Symbol)}
    names = {
        (id, n): next(new for k in range(99) if (new := f"{id}_{n}{'_' * k}") not in taken - {*numbered})
        for id, own in used.items()
        for n in own
    }

    def written(e: Term) -> Term:
        match e:
            case Apply("element", (n,), (Symbol(id, step),), place):
                return Symbol(names[id, int(n)], step, place)
            case Symbol(id, step, place) if id in numbered:
                return Symbol(names[numbered[id]], step, place)
        return rebuilt(e, written)

    found = [replace(own, value=written(own.value)) for own in text.equations]
    for id, own in used.items():
        first, count, place = min(own), len(own), next(iter(own.values())).place
        parts = [names[id, n] for n in sorted(own)]
        if first == 0 and 1 < max(own) + 1 <= MOST_ELEMENTS and (count > 1 or max(own) > 1):
            parts = [names.get((id, n), f"{id}_{n}") for n in range(max(own) + 1)]
            count = len(parts)
        elif count < 2 or first > 1 or sorted(own) != [*range(first, first + count)]:
            line = f"{id}_1, {id}_2 = split({id}, 2)"
            problem = phrase("which parts {name} has does not follow from this one; write a line such as {line}, and "
                             "use these names", name=id, line=line)  # fmt: skip
            raise EquationsError(problem, place)
        ones = () if id in blocks else (Number(1.0, place),) * count
        whole = Symbol(id, 0, place)
        symbols = tuple(Symbol(part, 0, place) for part in parts)
        found.append(Equation(symbols, Apply("split", (), (whole, *ones), place), place))
        sentence = phrase("{name} has {n} elements, one number each, as the text uses {first} to {last}.", name=id,
                          n=count, first=parts[0], last=parts[-1])  # fmt: skip
        if id in blocks:
            sentence = phrase("{name} has {n} blocks one after another, as the text uses {first} to {last}.", name=id,
                              n=count, first=parts[0], last=parts[-1])  # fmt: skip
        text.notes.append((place.line, sentence))
    return found


def _behind_capital(e: Term) -> Iterator[Term]:
    """h_t of a product W h_t."""
    match e:
        case Binary(" ", Symbol(id, None), right) if is_capital(id):
            yield right


def with_numbers_of_axis(v: NamesOfText, equation: Equation) -> Equation:
    """A line that splits a tensor into numbers, a_0, a_1 = split(a_t, 2), if it has an axis of this size: A = 2."""
    match equation.value:
        case Apply("split", index, (Symbol(id) as whole, *counts), place) if len(counts) < 2:
            line, count = v.axes.get(id[0].upper()), len(equation.names)
            if line and line.size == OwnSize(((count, ""),)):
                ones = (Number(1.0, place),) * count
                return replace(equation, value=Apply("split", index, (whole, *ones), place))
    return equation


def with_numbers_first(equation: Equation, numbers: Collection[str]) -> Equation:
    """An equation with q (W x) for (q W) x, where q is a number."""

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Binary(" ", Symbol(id) as q, Symbol() as W), x, place) if id in numbers:
                return Binary(" ", q, Binary(" ", W, written(x), place), place)
        return rebuilt(e, written)

    return replace(equation, value=written(equation.value))


def with_numbers(v: NamesOfText, e: Term, known: Collection[str]) -> Term:
    """A term with e^a as exp(a), and with other names of ``NUMBERS`` as numbers, unless they are known."""

    def is_number(e: Term) -> bool:
        return isinstance(e, Symbol) and e.step is None and e.id in NUMBERS and e.id not in known

    def written(e: Term) -> Term:
        match e:
            case Symbol(id, place=place) if is_number(e):
                v.mathematical.setdefault(id, e)
                return Number(NUMBERS[id], place)
            case Binary("^", Symbol("e") as base, exponent, place) if is_number(base):
                v.mathematical.setdefault("e", base)
                return Apply("exp", (), (written(exponent),), place)
        return rebuilt(e, written)

    return written(e)


def with_weights(text: Text, equation: Equation, computed: Collection[str], tensors: Collection[str]) -> Equation:
    """An equation with the weights of its linear layers, Linear(x) is W x + b, with products of tensors that stand
    before a bracket, and with what ∗ means: a product of numbers, but W ∗ x is that of a matrix with a vector."""
    known_functions = (*FUNCTIONS, *FREE_FUNCTIONS, *text.open_functions)

    def is_matrix(weight: Term, other: Term) -> bool:
        is_weight = isinstance(weight, Symbol) and weight.step is None and is_capital(weight.id)
        return is_weight and getattr(weight, "id", "") not in computed and not is_peephole(weight, other)

    target, count = equation.names[0].id, 0

    def written(e: Term) -> Term:
        nonlocal count
        match e:
            case Apply("linear", _, (argument,), place):
                count += 1
                own = f"{target}{count}" if count > 1 else target
                if not text.linear:
                    sentence = phrase("A linear layer has a bias: {linear} is read as {meant}.", linear="Linear(x)",
                                      meant="W x + b")  # fmt: skip
                    text.notes.append((place.line, sentence))
                text.linear.add(f"W_{own}")
                W, b = (Symbol(f"{letter}_{own}", None, place, own) for letter in "Wb")
                return Binary("+", Binary(" ", W, written(argument), place), b, place)
            case Apply(name, (), (argument,), place) if name in tensors and name not in known_functions:
                return Binary(" ", Symbol(name, None, place), written(argument), place)
            case Binary("∗", left, right, place):
                sign = " " if is_matrix(left, right) or is_matrix(right, left) else "⊙"
                return Binary(sign, written(left), written(right), place)
        return rebuilt(e, written)

    return Equation(equation.names, written(equation.value), equation.place)


def with_roots(text: Text) -> list[Equation]:
    """The equations, with a line for σ_t, the root of σ_t², if a line computes only the square."""
    names = {name.id: name for own in text.equations for name in own.names}
    used = (
        {e.id: e for e in symbols_of(text.equations) if e.step == 0} if any(id.endswith("_2") for id in names) else {}
    )
    found = [*text.equations]
    for id in (id for id in names if id.removesuffix("_2") in used.keys() - names.keys()):
        root = replace(names[id], id=id.removesuffix("_2"), label="")
        if is_greek(root.id):
            found.append(Equation((root,), Apply("sqrt", (), (names[id],), root.place), root.place))
            sentence = phrase("{name} is read as the root of {square}.", name=root.id, square=f"{root.id}^2")
            text.notes.append((root.place.line, sentence))
    return found
