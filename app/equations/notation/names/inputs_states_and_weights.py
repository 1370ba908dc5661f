"""Finds out which names of a text are the input, states, weights, numbers and functions: text -> NamesOfText."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ....translations.phrases import CommaSeparated, phrase
from ...errors import EquationsError, Place
from ...function_syntax import FUNCTIONS
from ...names import RESERVED, STEP_SIZES
from ...syntax import ONE_NUMBER
from ..parsing.name_parser import wrong_step
from ..parsing.paper_syntax import (
    OF_SLOT,
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
from ..rewriting.one_meaning import (
    inlined,
    stepless_renamed,
    with_beside,
    with_declared_tensors,
    with_elements,
    with_matrices_in_order,
    with_named_axes,
    with_numbers,
    with_numbers_first,
    with_numbers_of_axis,
    with_own_weights,
    with_signs,
    with_softmax_of_numbers,
    with_weights,
    without_stars,
)
from ..vocabulary.latex_commands import GREEK
from ..vocabulary.usual_letters import DEFINITIONS, IDENTITY, INPUTS, SIZE
from .names_of_text import (
    TYPICAL,
    NamesOfText,
    has_accent,
    is_alias,
    is_capital,
    is_greek,
    is_of_numbers,
    is_turned_vector,
    parts_of_one,
    summands_of,
    whole_cell,
)


def names_of(text: Text) -> NamesOfText:
    """What the names of a text are. Raises EquationsError."""
    v = NamesOfText(text)
    text.own = with_named_axes(text, with_declared_tensors(text))
    _check_axes(v)
    _check_below(text)
    text.equations = [with_beside(v, equation) for equation in stepless_renamed(v)]
    text.equations = with_signs(without_stars(text), text)
    text.equations = with_matrices_in_order(v)
    v.has_identity = _has_identity(v)
    text.equations = with_own_weights(text)
    text.equations = with_softmax_of_numbers(text)
    text.equations = inlined(v)
    text.equations = [with_numbers_of_axis(v, equation) for equation in with_elements(text)]
    numbers = {name.id for own in text.equations if parts_of_one(own) for name in own.names}
    numbers |= {id for id, d in v.declared.items() if d.axes == ONE_NUMBER}
    numbers |= {name.id for domain in text.domains if not domain.sizes for name in domain.names}
    if numbers:
        text.equations = [with_numbers_first(own, numbers) for own in text.equations]
    computed = {name.id for own in text.equations for name in own.names}
    known = {*computed, *v.declared, *(name.id for domain in text.domains for name in domain.names)}
    functions = {own.names[0].id for own in text.equations if is_alias(own)}
    for equation in text.equations:
        equation = replace(equation, value=with_numbers(v, equation.value, known))
        _sort(v, with_weights(text, equation, computed, known - functions))
    if not v.computed:
        raise _no_state(text.equations[0].place if text.equations else Place(1, 0, 0))
    for symbol in _symbols(v):
        _refer(v, symbol)
    _check_matrix_functions(v)
    _check_powers(v)
    _check_aliases(v)
    _take_said_functions(v)
    _check_functions(v)
    _choose_input(v)
    if not v.states:
        raise _no_state(next(iter(v.computed.values())).place)
    _drop_unused(v)
    _rename(v)
    _outputs(v)
    return v


def _check_below(text: Text) -> None:
    """EquationsError if several tensors come from the layer below, as a cell has one input."""
    for symbol in text.below:
        if symbol.id != text.below[0].id:
            names = text.below[0].id, symbol.id
            raise EquationsError(phrase("{a} and {b} come from the layer below; a cell has one input, x", a=names[0],
                                        b=names[1]), symbol.place)  # fmt: skip


def _has_identity(v: NamesOfText) -> bool:
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


def _no_state(place: Place) -> EquationsError:
    problem = phrase(
        "a cell needs a state: a tensor that a line computes from its value of the step before, such as {example}",
        example=r"h_t = \tanh(W x_t + U h_{t-1})",
    )
    return EquationsError(problem, place)


def _check_axes(v: NamesOfText) -> None:
    """EquationsError for an axis that no line declares."""
    known = [*STEP_SIZES, *v.axes]
    declared = [(name, d.place) for d in v.declared.values() for axis in d.axes for name in axis.names if name]
    sizes = [(name, line.place) for line in v.axes.values() for name in line.size.names]
    for name, place in (*declared, *sizes):
        if name not in known:
            problem = phrase("{name} is not an axis; those are {known}. Declare it: axis {name} = 2", name=name,
                             known=CommaSeparated(known))  # fmt: skip
            raise EquationsError(problem, place)


def _check_matrix_functions(v: NamesOfText) -> None:
    """EquationsError for a function of a matrix of weights that stands before a vector: exp(A) h, or B h where B is
    exp(A). Numbers and other matrices may stand beside the weight."""
    vectors = {id for id, d in v.declared.items() if len(d.axes) < 2} | {*v.text.said_diagonals}
    vectors |= {name.id for d in v.text.domains for name in d.names if len(d.sizes) < 2} | v.text.vectors

    def is_of_matrix(e: Term) -> bool:
        names = [part for part in within(e) if isinstance(part, Symbol)]
        is_matrix = any(is_capital(one.id) and one.id in v.weights and one.id not in {*vectors, SIZE} for one in names)
        is_sum = not any(isinstance(part, Apply | Joined) for part in within(e))
        return is_matrix and is_sum and all(one.step is None and not _may_be_vector(one.id) for one in names)

    def is_function(e: Term) -> bool:
        return (
            isinstance(e, Apply) and (e.function == "exp" or v.function(e) in TYPICAL) and is_of_matrix(e.arguments[0])
        )

    made = {id for id, own in v.computed.items() if is_capital(id) and is_function(own.value)}
    for e in (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value)):
        match e:
            case Binary(" ", left, right) if is_function(left) or (isinstance(left, Symbol) and left.id in made):
                if any(isinstance(part, Symbol) and part.step is not None for part in within(right)):
                    function = next(part for part in (left, *_values(v, left)) if isinstance(part, Apply))
                    names = [part.id for part in within(function) if isinstance(part, Symbol)]
                    matrix = next(id for id in names if is_capital(id) and id != SIZE)
                    problem = phrase("a function of a matrix, {function}, is not read before a vector; write {matrix} "
                                     "instead, a matrix of weights, or, if it is diagonal, where {matrix} is diagonal",
                                     function=f"{function.function}({matrix})", matrix=matrix)  # fmt: skip
                    raise EquationsError(problem, left.place)


def _check_powers(v: NamesOfText) -> None:
    """EquationsError for a matrix of weights for each input, W^{(x_t)}."""
    for e in (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value)):
        match e:
            case Binary("^", Symbol(id, None), exponent) if is_capital(id) and id in v.weights:
                if any(isinstance(part, Symbol) and part.step is not None for part in within(exponent)):
                    base, _, label = id.partition("_")
                    first, second, third = (f"{base}_{{{label}{n}}}" for n in (1, 2, 3))
                    line = rf"{first} \mathrm{{diag}}({second} x_{v.text.step.strip('_^()')}) {third}"
                    problem = phrase("a matrix of weights for each input is not read; write it as a product of "
                                     "matrices, such as {line}", line=line)  # fmt: skip
                    raise EquationsError(problem, e.place)


def _values(v: NamesOfText, e: Term) -> list[Term]:
    """What a line computes as a name, if a term is one."""
    return [v.computed[e.id].value] if isinstance(e, Symbol) and e.id in v.computed else []


def _may_be_vector(id: str) -> bool:
    return not is_capital(id) and not is_greek(id)


def _check_aliases(v: NamesOfText) -> None:
    """EquationsError for a line that names a function which no other line has."""
    calls = [e for equation in v.computed.values() for e in within(equation.value) if isinstance(e, Apply)]
    used = {"_".join((e.function, *index)) for e in calls for index in (e.index, e.index[: has_accent(e)])}
    for equation in v.text.equations:
        name = equation.names[0]
        if name.id in v.aliases and name.id not in used:
            raise EquationsError(phrase("no line uses the function {name}; remove this line", name=name.id), name.place)


def _take_said_functions(v: NamesOfText) -> None:
    """The functions that sentences name."""
    for key, e in v.functions.items():
        name = key if key in v.text.said_functions or has_accent(e) else e.function
        if name in v.text.said_functions and key not in v.aliases and name not in v.aliases:
            v.aliases[key] = v.text.said_functions[name][0]


def _is_unknown(v: NamesOfText, e: Apply) -> bool:
    """Whether nothing says which function of several tensors this is."""
    is_letter = len(e.function) == 1 or e.function.lower() in GREEK
    return v.function(e) in TYPICAL if v.is_open(e.function) else is_letter and e.function not in v.aliases


def _in_latex(letter: str) -> str:
    return letter if len(letter) == 1 else f"\\{letter}"


def _whole_cell(v: NamesOfText, e: Apply) -> EquationsError:
    """What is wrong with f(x_t, h_{t-1}), and a line that defines it: f(a, b) = tanh(W_f a + U_f b + b_f)."""
    name = "_".join((e.function, *e.index))
    letters = "xhcuvyzw"
    parameters = letters[: len(e.arguments)]
    is_tensor = [any(isinstance(p, Symbol) and p.step is not None for p in within(a)) for a in e.arguments]
    tensors = [one for one, is_one in zip(parameters, is_tensor, strict=False) if is_one]
    letter, written = e.function, "_".join(map(_in_latex, (e.function, *e.index)))
    is_letter = (
        (len(letter) == 1 or letter.lower() in GREEK) and all(map(str.isalnum, e.index[:1])) and len(e.index) < 2
    )
    is_free = not {f"{matrix}_{letter}" for matrix in "WUVb"} & {*v.weights, *v.computed}
    is_simple = is_letter and len(e.arguments) <= len(letters) and 0 < len(tensors) < 4 and is_free
    index = _in_latex(letter)
    products = [f"{matrix}_{index} {tensor}" for matrix, tensor in zip("WUV", tensors, strict=False)]
    line = f"{written}({', '.join(parameters)}) = tanh({' + '.join([*products, f'b_{index}'])})"
    if known := DEFINITIONS.get(letter.lower()):
        line, is_simple = known, True
    return EquationsError(
        whole_cell(name, line if is_simple else ""), e.place, lines_to_add=(line,) if is_simple else ()
    )


def _check_functions(v: NamesOfText) -> None:
    """EquationsError for a function of several tensors that nothing says more about: f(x_t, h_{t-1})."""
    errors = {e.function: _whole_cell(v, e) for e in reversed(v.calls) if _is_unknown(v, e)}
    if errors:
        lines = [line for error in reversed(errors.values()) for line in error.lines_to_add]
        first = [*errors.values()][-1]
        is_all = len(lines) == len(errors)
        raise EquationsError(first.problem, first.place, lines_to_add=("; ".join(lines),) if is_all else ())


def _sort(v: NamesOfText, equation: Equation) -> None:
    first = equation.names[0]
    is_number = is_of_numbers(equation.value)
    if first.label == "0" and first.step is None and is_number and isinstance(equation.value, Number):
        v.starts[first.id.removesuffix("_0")] = equation.value.value
    elif isinstance(equation.value, Symbol) and is_alias(equation):
        v.aliases[first.id] = equation.value.id
    elif first.step not in (None, 0):
        raise EquationsError(wrong_step(v.text.step.strip("_^()")), first.place)
    else:
        for name in equation.names:
            if name.id in v.computed:
                raise EquationsError(phrase("{name} is given twice; choose another name", name=name.id), name.place)
            v.computed[name.id] = equation
            if is_number and first.step is None:
                v.numbers[name.id] = equation


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
    """The same names with x W for W x in linear layers, for texts whose vectors are rows."""
    if not v.text.linear:
        return v

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Symbol(id=id) as weight, right, place) if id in v.text.linear:
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


def _symbols(v: NamesOfText) -> Iterator[Symbol]:
    """The names that equations use. Functions and sizes are collected on the way."""
    for equation in dict.fromkeys(v.computed.values()):
        for e in within(equation.value):
            if isinstance(e, Symbol):
                yield e
            elif isinstance(e, Apply) and len(e.arguments) > 1:
                v.calls.append(e)
            elif isinstance(e, Apply) and e.function == "sqrt" and (size := _size(e.arguments[0])):
                v.sizes[size.id] = size
    v.functions.update(_functions_of(v))


def _functions_of(v: NamesOfText) -> dict[str, Apply]:
    """The functions that equations use and that a text may leave open, as they stand there first."""
    found: dict[str, Apply] = {}
    for equation in dict.fromkeys(v.computed.values()):
        for e in within(equation.value):
            if isinstance(e, Apply) and v.is_open(e.function):
                found.setdefault("_".join((e.function, *e.index)), e)
    return found


def _size(e: Term) -> Symbol | None:
    """d of the root of d: the length of a vector."""
    is_one = isinstance(e, Symbol) and e.step is None and e.id.partition("_")[0] in ("d", "D", "dim")
    return e if is_one and isinstance(e, Symbol) else None


def _refer(v: NamesOfText, one: Symbol) -> None:
    if one.id in FUNCTIONS and one.id not in v.computed:
        example = FUNCTIONS[one.id].example
        raise EquationsError(phrase("{name} is a function; write {example}", name=one.id, example=example), one.place)
    if (one.id == "t" and one.step is None) or one.id in v.axes or one.id in ("num_units", "features"):
        return
    _check_letters(v, one)
    if one.id == "X" and one.step is None and one.id not in (*v.computed, *v.declared):
        problem = phrase("{name} holds all steps, but a cell computes one after another; write x_t, and a state for a "
                         "sum over steps", name=one.id)  # fmt: skip
        raise EquationsError(problem, one.place)
    if one.step is not None and one.step < 0:
        v.oldest[one.id] = min(v.oldest.get(one.id, 0), one.step)
    if one.id in v.computed:
        return
    if one.step is None and one.id != "x":
        v.weights.setdefault(one.id, one)
    else:
        v.given.setdefault(one.id, one)


def _check_letters(v: NamesOfText, one: Symbol) -> None:
    """EquationsError for xt, where a text writes steps as indices."""
    if v.text.step != "_t":
        return
    names = [name for name in (*v.computed, INPUTS[0]) if one.id.endswith(f"{name}t")]
    if (
        one.step is None
        and names
        and one.id not in (*v.computed, *v.declared)
        and re.fullmatch(r"[A-Z]?\w?\wt", one.id)
    ):
        name = max(names, key=len)
        matrix = one.id.removesuffix(f"{name}t")
        if not matrix or matrix[0].isupper():
            right = f"{matrix[:1]}{f'_{matrix[1:]}' if matrix[1:] else ''} {name}_t".strip()
            raise EquationsError(phrase("write {right} instead of {typed}", right=right, typed=one.id), one.place)


def _choose_input(v: NamesOfText) -> None:
    """The input is x; without one it is u or the only tensor that no line computes."""
    declared = [d for d in v.given if d in v.declared]
    for id in declared:  # a state that is declared, and that no line computes
        symbol = v.given[id]
        if v.oldest.get(id, 0) < 0:
            raise EquationsError(phrase("no line computes {name}; add a line {name}_t = …", name=id), symbol.place)
    if slot := next((id for id in v.given if id.endswith(OF_SLOT) and id in v.text.slots), ""):
        v.slot_of_input = slot
        whole = slot.removesuffix(OF_SLOT)
        v.given.setdefault(whole, v.given.pop(slot))
        v.oldest[whole] = min(v.oldest.get(whole, 0), v.oldest.pop(slot, 0))
    if "x" in v.given:
        v.input = "x"
    elif len(v.given) == len(declared):
        v.input = ""
    elif "x" in v.computed:
        v.input = next((u for u in ("u", *v.given) if u in v.given), "")
    else:
        usual = [name for name in INPUTS if name in v.given]
        usual = [name for name in usual if name != "e" or len(v.given) == 1 or _is_joined(v, name)]
        v.input = usual[0] if usual else next(iter(v.given), "") if len(v.given) == 1 else ""
    for id, symbol in v.given.items():
        if id != v.input and v.oldest.get(id, 0) < 0:
            problem = phrase("no line computes {name}; add a line {name}_t = …", name=id)
            raise EquationsError(problem, symbol.place)
    v.given.pop(v.input, None)


def _is_joined(v: NamesOfText, name: str) -> bool:
    """Whether a tensor stands beside a capital of weights, or in a list: W e_t, [e_t, h_{t-1}]."""
    for e in (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value)):
        parts = e.parts if isinstance(e, Joined) else (e.left, e.right) if isinstance(e, Binary) else ()
        is_beside = isinstance(e, Joined) or (isinstance(e, Binary) and e.sign == " " and any(map(v.is_weight, parts)))
        if is_beside and any(isinstance(part, Symbol) and part.id == name for part in parts):
            return True
    return False


def _rename(v: NamesOfText) -> None:
    """Names that have a meaning in our language get others."""
    taken = {*v.computed, *v.weights, *v.given}
    for id in (*v.computed, *v.weights, *v.given):
        if id in v.aliases:
            continue
        new = {"x": "s"}.get(id, f"{id}_") if id in RESERVED or id == "t" else id
        is_turned = new.endswith("_T") and new.removesuffix("_T") in taken
        new = f"{new}_" if new.endswith(("_prev",)) or is_turned or (new != id and new in taken) else new
        if new != id:
            v.renamed[id] = new.replace("__", "_") if new.replace("__", "_") not in taken else new
    if v.input:
        v.renamed[v.input] = v.renamed[v.slot_of_input or v.input] = "x"


def _constants(v: NamesOfText) -> set[str]:
    """The names that are computed from weights and numbers alone, and so are the same in each step."""
    found = {id for id, own in v.computed.items() if own.names[0].step is None}
    while found:
        kept = {
            id
            for id in found
            if all(
                not isinstance(e, Symbol)
                or (e.step is None and e.id != v.input and (e.id in found or e.id not in v.computed))
                for e in within(v.computed[id].value)
            )
        }
        if kept == found:
            break
        found = kept
    return found


def _drop_unused(v: NamesOfText) -> None:
    """Leave out what is computed from weights alone and used nowhere, with its weights: s^{(l)} = M^{l-1}."""
    constants, kept = _constants(v) - {*v.numbers}, v.output_line.name if v.output_line else ""
    while constants:
        used = {e.id for own in dict.fromkeys(v.computed.values()) for e in within(own.value) if isinstance(e, Symbol)}
        free = constants - used - {*v.declared, kept}
        unused = [id for id, own in v.computed.items() if {name.id for name in own.names} <= free]
        if not unused:
            break
        for id in unused:
            sentence = phrase("No line uses {name}, which is the same in each step. It is left out.", name=id)
            v.text.notes.append((v.computed.pop(id).place.line, sentence))
    if not constants <= {*v.computed}:
        v.weights = {id: symbol for id, symbol in v.weights.items() if id in used}
        v.functions = {key: e for key, e in _functions_of(v).items() if key in v.functions}


def _outputs(v: NamesOfText) -> None:
    """The tensors that could be the output: those that no other line uses, and states."""
    used = {e.id for eq in dict.fromkeys(v.computed.values()) for e in within(eq.value)
            if isinstance(e, Symbol) and (e.step in (0, None))}  # fmt: skip
    parts = {name.id for own in v.computed.values() if len(own.names) > 1 for name in own.names}
    constants = _constants(v)
    last = [id for id in v.computed if id not in used | parts | constants and id not in v.states]
    states = [s for s in v.states if v.oldest.get(s, 0) < 0]
    if last:
        real = last[-1].removesuffix("_im") + "_re"
        v.outputs = [real if real in last else last[-1], *(["h"] if "h" in states else states[:1])]
    else:
        v.outputs = ["h"] if "h" in states else [s for s in states if s not in used] or states
