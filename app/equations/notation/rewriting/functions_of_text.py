"""Functions that a text defines, their axes and roots, and products of tensors before brackets, written as terms."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace

from ....translations.phrases import phrase
from ...function_syntax import FUNCTIONS, OVER_AXES
from ...limits import MAX_EQUATION_TERMS
from ...names import STEP_SIZES
from ...places_and_errors import EquationsError
from ...syntax import AxisLine
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Definition,
    Equation,
    Number,
    Symbol,
    Term,
    Text,
    parts_of,
    rebuilt,
    within,
)
from ..parsing.terms import is_capital, is_greek, is_peephole, is_turned_vector, symbols_of
from ..refused_forms import line_of_function
from ..vocabulary.function_words import function_of
from ..vocabulary.usual_letters import FREE_FUNCTIONS, WEIGHTS


def with_functions_of_index(text: Text) -> list[Equation]:
    """The equations, with f(a) for f_{in}(a), or finj(a) as a PDF has it, if the text defines f alone, and with
    exp(max(0, a)) for emax(0, a)."""
    own = {*text.definitions, *text.said_functions}
    left = {name.id for own in text.equations for name in own.names}

    def is_flat_power(name: str) -> bool:
        """Whether a name is e with an exponent that a PDF has beside it, emax(0, a)."""
        return bool(text.pdf[0]) and name not in own and name[0] == "e" and bool(function_of(name[1:]))

    def written(e: Term) -> Term:
        match e:
            case Apply(name, (), arguments, place) if is_flat_power(name):
                power = Apply(function_of(name[1:]), (), tuple(map(written, arguments)), place)
                return Apply("exp", (), (power,), place)
            case Apply(name, index, arguments, place):
                id = "_".join((name, *index))
                base = name if index else name[0] if name.isalpha() and not is_greek(name) else ""
                if base in own and base != id and not {id, name + "".join(index)} & {*own, *left, *FUNCTIONS}:
                    sentence = phrase("{name} is read as {function}.", name=id, function=base)
                    text.notes.append((place.line, sentence))
                    return Apply(base, (), tuple(map(written, arguments)), place)
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in text.equations]


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
            case Apply(name, (), arguments, place) if is_power(name):  # ea(xt) is e^{a(x_t)}
                power = Apply(name.removeprefix("e_"), (), arguments, place)
                return Apply("exp", (), (written(power, values, within_one),), place)
            case Binary(" ", Symbol(name, None, place), argument) if is_power(name):
                power = Apply(name.removeprefix("e_"), (), (argument,), place)
                return Apply("exp", (), (written(power, values, within_one),), place)
            case Apply(name, index, arguments, place):
                id = "_".join((name, *index))
                id = id if id in text.definitions else "_".join((name, "".join(index)))  # f^{F_1}, defined as f_{F1}
                own, made = text.definitions.get(id), tuple(written(a, values, within_one) for a in arguments)
                if own and id not in within_one:
                    if len(made) != len(own.parameters):
                        problem = phrase("{name} has {n} arguments where it is defined", name=id, n=len(own.parameters))
                        raise EquationsError(problem, place)
                    used.add(id)
                    if name_of_value := values_of.get(key := as_text(e)):
                        return replace(name_of_value, place=place)
                    if calls[key] > 1 and not values:
                        values_of[key] = symbol = Symbol(id if id not in taken else f"{id}_value", 0, place)
                        taken.add(symbol.id)
                        value = written(own.value, dict(zip(own.parameters, made, strict=True)), (*within_one, id))
                        found.append(Equation((symbol,), value, place))
                        return symbol
                    made = tuple(map(named, made, own.parameters, [own] * len(made)))
                    return written(own.value, dict(zip(own.parameters, made, strict=True)), (*within_one, id))
                return Apply(name, index, made, place)
        return rebuilt(e, lambda part: written(part, values, within_one))

    def is_power(name: str) -> bool:
        is_flat = name.startswith("e_") and bool(text.pdf[0]) and name not in {*text.definitions, *taken_at_left}
        return is_flat and name.removeprefix("e_") in text.definitions

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

    text.definitions = {id: replace(own, value=_of_numbers(own)) for id, own in text.definitions.items()}
    found, taken = list[Equation](), {e.id for e in symbols_of(text.equations)}
    taken_at_left = {name.id for own in text.equations for name in own.names}
    values_of: dict[str, Symbol] = {}
    terms = (e for own in text.equations for e in within(own.value) if isinstance(e, Apply) and text.definitions)
    calls = Counter(as_text(e) for e in terms if _has_step(e))
    for equation in text.equations if text.definitions else ():
        target = equation.names[0]
        found.append(replace(equation, value=written(equation.value, {}, ())))
    without_line = {e.id for e in symbols_of(text.equations)}
    without_line -= {name.id for own in text.equations for name in own.names}
    for own in (own for id, own in text.definitions.items() if id not in used):
        if own.name.id in without_line:
            raise EquationsError(line_of_function(own.name.id), own.name.place)
        sentence = phrase(
            "No line uses the function {name}, so the line that defines it is left out.", name=own.name.id
        )
        text.notes.append((own.name.place.line, sentence))
    return found or text.equations


def _of_numbers(own: Definition) -> Term:
    """The formula of a function, with a ⊙ z for a z, if z is its one parameter: both are small letters."""

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Symbol(id, None) as left, Symbol(other, None) as right, place):
                if (other,) == own.parameters and id.islower() and other.islower():
                    return Binary("⊙", left, right, place)
        return rebuilt(e, written)

    return written(own.value)


def as_text(e: Term) -> str:
    """A term as text, which is the same for the same term in another place."""
    match e:
        case Symbol(id, step):
            return f"{id}@{step}"
        case Number(value):
            return str(value)
    sign = ".".join((e.function, *e.index)) if isinstance(e, Apply) else e.sign if isinstance(e, Binary) else ""
    return f"{type(e).__name__}{sign}({','.join(map(as_text, parts_of(e)))})"


def _has_step(e: Term) -> bool:
    return any(isinstance(part, Symbol) and part.step is not None for part in within(e))


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


def with_products(text: Text, equation: Equation, computed: Collection[str], tensors: Collection[str]) -> Equation:
    """An equation with products of tensors that stand before a bracket, and with what ∗ means: a product of numbers,
    but W ∗ x is that of a matrix with a vector."""
    is_convolution = bool(text.convolution) and "∗" not in text.products
    known_functions = (*FUNCTIONS, *FREE_FUNCTIONS, *text.open_functions)

    def is_matrix(weight: Term, other: Term) -> bool:
        if not isinstance(weight, Symbol) or weight.step is not None or weight.id in computed:
            return False
        if not (is_capital(weight.id) or (is_convolution and weight.id[0] in WEIGHTS)):
            return False
        if is_convolution:
            text.matrices.add(weight.id)
        return is_convolution or not is_peephole(weight, other)

    def written(e: Term) -> Term:
        match e:
            case Apply(name, (), (argument,), place) if name in tensors and name not in known_functions:
                return Binary(" ", Symbol(name, None, place), written(argument), place)
            case Binary("·", left, right, place) if is_turned_vector(right) and not is_turned_vector(left):
                return Binary(" ", written(left), written(right), place)  # k · xᵀ
            case Binary("∗", left, right, place):
                is_outer = is_turned_vector(right) and not is_turned_vector(left)  # v * kᵀ
                sign = " " if is_outer or is_matrix(left, right) or is_matrix(right, left) else "⊙"
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
        if f"{id.removesuffix('2')}1" in names:  # the second of several
            continue
        root = replace(names[id], id=id.removesuffix("_2"), label="")
        if is_greek(root.id):
            found.append(Equation((root,), Apply("sqrt", (), (names[id],), root.place), root.place))
            sentence = phrase("{name} is read as the root of {square}.", name=root.id, square=f"{root.id}^2")
            text.notes.append((root.place.line, sentence))
    return found
