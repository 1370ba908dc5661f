"""Names that cannot be read, and what to write instead."""

import re

from ....translations.phrases import CommaSeparated, phrase
from ...names import STEP_SIZES
from ...places_and_errors import EquationsError, Place
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Joined,
    Minus,
    Number,
    Symbol,
    Term,
    Text,
    within,
)
from ..parsing.terms import (
    has_accent,
    is_capital,
    is_greek,
)
from ..refused_forms import unknown_function, whole_cell
from ..rewriting.matrices import OF_NUMBERS
from ..vocabulary.function_words import NETWORK, function_of
from ..vocabulary.latex_commands import GREEK
from ..vocabulary.usual_letters import DEFINITIONS, INPUTS, SIZE
from .names_of_text import TYPICAL, NamesOfText


def check_below(text: Text) -> None:
    """EquationsError if several tensors come from the layer below, as a cell has one input."""
    for symbol in text.below:
        if symbol.id != text.below[0].id:
            names = text.below[0].id, symbol.id
            raise EquationsError(phrase("{a} and {b} come from the layer below; a cell has one input, x", a=names[0],
                                        b=names[1]), symbol.place)  # fmt: skip


def no_state(place: Place) -> EquationsError:
    problem = phrase(
        "a cell needs a state: a tensor that a line computes from its value of the step before, such as {example}",
        example=r"h_t = \tanh(W x_t + U h_{t-1})",
    )
    return EquationsError(problem, place)


def no_state_but_function(text: Text, place: Place) -> EquationsError:
    """What is wrong with a text without a state: a line defines the new value of a tensor as a function, F(s) = …"""
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    for id, own in text.definitions.items():
        if len(own.parameters) == 1 and own.parameters[0] in used:
            state = own.parameters[0]
            problem = phrase("a cell needs a state; if {function} is the new value of {name}, write {line} instead",
                             function=f"{id}({state})", name=state, line=f"{state}' = …")  # fmt: skip
            return EquationsError(problem, own.name.place)
    return no_state(place)


def check_axes(v: NamesOfText) -> None:
    """EquationsError for an axis that no line declares."""
    known = [*STEP_SIZES, *v.axes]
    declared = [(name, d.place) for d in v.declared.values() for axis in d.axes for name in axis.names if name]
    sizes = [(name, line.place) for line in v.axes.values() for name in line.size.names]
    for name, place in (*declared, *sizes):
        if name not in known:
            problem = phrase("{name} is not an axis; those are {known}. Declare it: axis {name} = 2", name=name,
                             known=CommaSeparated(known))  # fmt: skip
            raise EquationsError(problem, place)


def check_matrix_functions(v: NamesOfText) -> None:
    """EquationsError for a function of a matrix of weights that stands before a vector: exp(A) h, or B h where B is
    exp(A). Numbers and other matrices may stand beside the weight."""
    vectors = {id for id, d in v.declared.items() if len(d.axes) < 2} | {*v.text.said_diagonals}
    vectors |= {name.id for d in v.text.domains for name in d.names if len(d.sizes) < 2} | v.text.vectors

    def is_of_matrix(e: Term) -> bool:
        names = [part for part in within(e) if isinstance(part, Symbol)]
        is_matrix = any(is_capital(one.id) and one.id in v.weights and one.id not in {*vectors, SIZE} for one in names)
        is_sum = not any(isinstance(part, Apply | Joined) for part in within(e))
        return (
            is_matrix
            and is_sum
            and all((one.step is None and not _may_be_vector(one.id)) or one.id == SIZE for one in names)
        )

    def is_function(e: Term) -> bool:
        return (
            isinstance(e, Apply)
            and (e.function == "exp" or v.function(e) in TYPICAL)
            and e.function not in OF_NUMBERS
            and is_of_matrix(e.arguments[0])
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


def check_powers(v: NamesOfText) -> None:
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


def check_aliases(v: NamesOfText) -> None:
    """EquationsError for a line that names a function which no other line has."""
    calls = [e for equation in v.computed.values() for e in within(equation.value) if isinstance(e, Apply)]
    used = {"_".join((e.function, *index)) for e in calls for index in (e.index, e.index[: has_accent(e)])}
    for equation in v.text.equations:
        name = equation.names[0]
        if name.id in v.aliases and name.id not in used:
            raise EquationsError(phrase("no line uses the function {name}; remove this line", name=name.id), name.place)


def is_unknown(v: NamesOfText, e: Apply) -> bool:
    """Whether nothing says which function of several tensors this is."""
    is_letter = len(e.function) == 1 or e.function.lower() in GREEK
    is_known = function_of(e.function) or NETWORK.match(e.function)
    is_letter = is_letter or (e.function.isupper() and not is_known)  # WKV(r, k, v)
    return v.function(e) in TYPICAL if v.is_open(e.function) else is_letter and e.function not in v.aliases


def _in_latex(letter: str) -> str:
    return letter if len(letter) == 1 else f"\\{letter}"


def _parameters(e: Apply, letters: str) -> list[str]:
    """Letters for the arguments of a function: their own, if they are tensors of one letter, s and x of
    S(s_{t-1}, x_t), else other ones."""
    own = [a.id if isinstance(a, Symbol) and re.fullmatch("[a-z]", a.id) else "" for a in e.arguments]
    free = (letter for letter in letters if letter not in own)
    return [one if one and own.count(one) == 1 else next(free, "") for one in own]


def inverse_of_matrix(v: NamesOfText, place: Place) -> EquationsError:
    """What is wrong with the inverse of a matrix, which is a matrix of weights as well, and what could be written."""
    lines = dict.fromkeys((*v.inlined.values(), *v.computed.values()))
    names = [own.names[0] for own in lines if any(map(_is_inverse, within(own.value)))]
    matrices = [name.id for name in names if name.step is None and is_capital(name.id)]
    taken = {*v.computed, *v.weights, *v.given}
    problem = phrase("the inverse of a matrix is not read; write {matrix} for it, which is a matrix of weights",
                     matrix=next((letter for letter in "MQPRDWABC" if letter not in taken), "M_2"))  # fmt: skip
    if not names:
        problem = phrase("the inverse of a matrix that changes with the step is not read")
    elif matrices:
        problem = phrase("the inverse of a matrix is not read; leave out the lines of these, which are matrices of "
                         "weights then: {names}", names=CommaSeparated([*dict.fromkeys(matrices)]))  # fmt: skip
    return EquationsError(problem, place)


def _is_inverse(e: Term) -> bool:
    match e:
        case Binary("^", base, Minus(Number(1))):
            names = [part for part in within(base) if isinstance(part, Symbol)]
            return any(is_capital(one.id) and one.step is None for one in names) and all(
                one.step is None or is_capital(one.id) for one in names
            )
    return False


def _whole_cell(v: NamesOfText, e: Apply) -> EquationsError:
    """What is wrong with f(x_t, h_{t-1}), and a line that defines it: f(a, b) = tanh(W_f a + U_f b + b_f)."""
    name = "_".join((e.function, *e.index))
    letters = "xhcuvyzw"
    letters = "".join(one for one in letters if one not in {call.function for call in v.calls})
    parameters = _parameters(e, letters)
    is_tensor = [any(isinstance(p, Symbol) and p.step is not None for p in within(a)) for a in e.arguments]
    tensors = [one for one, is_one in zip(parameters, is_tensor, strict=False) if is_one]
    letter, label = e.function, "".join(e.index)
    is_several = len({one.index for one in v.calls if one.function == letter}) > 1  # f^S and f^{F_1}
    has_label = label.isalnum() and label.isascii() and all(len(one) == 1 for one in e.index)
    of_weights = label if is_several and has_label else letter
    is_letter = (len(letter) == 1 or letter.lower() in GREEK) and (not e.index or has_label or len(e.index) == 1)
    written = (
        f"{_in_latex(letter)}_{{{label}}}"
        if len(label) > 1 and has_label
        else "_".join(map(_in_latex, (letter, *e.index)))
    )
    is_free = not {f"{matrix}_{of_weights}" for matrix in "WUVb"} & {*v.weights, *v.computed}
    is_simple = is_letter and len(e.arguments) <= len(letters) and 0 < len(tensors) < 4 and is_free
    index = f"{{{label}}}" if of_weights == label and len(label) > 1 else _in_latex(of_weights)
    ordered = sorted(tensors, key=lambda one: one not in (v.input, "x"))  # the input has W
    products = [f"{matrix}_{index} {tensor}" for matrix, tensor in zip("WUV", ordered, strict=False)]
    line = f"{written}({', '.join(parameters)}) = tanh({' + '.join([*products, f'b_{index}'])})"
    if known := DEFINITIONS.get(letter.lower()):
        line, is_simple = known, True
    return EquationsError(
        whole_cell(name, line if is_simple else ""), e.place, lines_to_add=(line,) if is_simple else ()
    )


def check_functions(v: NamesOfText) -> None:
    """EquationsError for a function of several tensors that nothing says more about: f(x_t, h_{t-1})."""
    errors = {(e.function, e.index): _whole_cell(v, e) for e in reversed(v.calls) if is_unknown(v, e)}
    calls = {e.function: e for own in v.computed.values() for e in within(own.value) if isinstance(e, Apply)}
    for name, e in calls.items():
        if NETWORK.match(name) and name not in v.aliases and (name, e.index) not in errors:
            errors[name, e.index] = unknown_function(name, e.place, len(e.arguments))
    if errors:
        lines = [line for error in reversed(errors.values()) for line in error.lines_to_add]
        first = [*errors.values()][-1]
        is_all = len(lines) == len(errors)
        raise EquationsError(first.problem, first.place, lines_to_add=("; ".join(lines),) if is_all else ())


def check_letters(v: NamesOfText, one: Symbol) -> None:
    """EquationsError for xt, where a text writes steps as indices."""
    if v.text.step != "_t":
        return
    names = [name for name in (*v.computed, INPUTS[0]) if one.id.endswith(f"{name}t")]
    if (
        one.step is None
        and names
        and one.id not in (*v.computed, *v.declared)
        and re.fullmatch(r"[A-Z]?[^\W_]?[^\W_]t", one.id)
    ):
        name = max(names, key=len)
        matrix = one.id.removesuffix(f"{name}t")
        if not matrix or matrix[0].isupper():
            right = f"{matrix[:1]}{f'_{matrix[1:]}' if matrix[1:] else ''} {name}_t".strip()
            raise EquationsError(phrase("write {right} instead of {typed}", right=right, typed=one.id), one.place)
