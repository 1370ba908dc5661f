"""Finds out which names of a text are the input, states, weights, numbers and functions: text -> NamesOfText."""

from collections.abc import Iterator
from dataclasses import replace

from ....translations.phrases import phrase
from ...function_syntax import FUNCTIONS
from ...names import RESERVED
from ...places_and_errors import EquationsError, Place
from ...syntax import ONE_NUMBER
from ..parsing.index_parser import wrong_step
from ..parsing.paper_syntax import (
    OF_SLOT,
    SUMS,
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
    within,
)
from ..parsing.terms import has_accent, is_alias, is_capital, is_of_numbers, parts_of_one
from ..refused_forms import all_steps
from ..rewriting.elements import with_elements, with_numbers_of_axis, with_softmax_of_numbers
from ..rewriting.functions_of_text import with_products
from ..rewriting.matrices import inlined, with_matrices_in_order, with_numbers_first, with_own_weights
from ..rewriting.names_and_signs import (
    stepless_renamed,
    with_beside,
    with_declared_tensors,
    with_named_axes,
    with_numbers,
    with_signs,
    without_lengths,
    without_stars,
)
from ..vocabulary.latex_commands import ACCENTS
from ..vocabulary.usual_letters import INPUTS, OUTPUTS
from .identity import has_identity
from .names_of_text import NamesOfText
from .refused_names import (
    check_aliases,
    check_axes,
    check_below,
    check_functions,
    check_letters,
    check_matrix_functions,
    check_powers,
    no_state,
    no_state_but_function,
)


def names_of(text: Text) -> NamesOfText:
    """What the names of a text are. Raises EquationsError."""
    v = NamesOfText(text)
    text.equations = without_lengths(text)
    text.own = with_named_axes(text, with_declared_tensors(text))
    check_axes(v)
    check_below(text)
    text.equations = [with_beside(v, equation) for equation in stepless_renamed(v)]
    text.equations = with_signs(without_stars(text), text)
    text.equations = with_matrices_in_order(v)
    v.has_identity = has_identity(v)
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
    known: set[str] = {*computed, *v.declared, *(name.id for domain in text.domains for name in domain.names)}
    known |= {e.of.id for own in text.equations for e in within(own.value)
              if isinstance(e, Transposed) and isinstance(e.of, Symbol)}  # fmt: skip
    functions = {own.names[0].id for own in text.equations if is_alias(own)}
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    for equation in text.equations:
        equation = replace(equation, value=with_numbers(v, equation.value, known))
        first = equation.names[0]
        is_start = first.id.removesuffix("_0") in computed or first.id not in used  # g_0 = 0 of g_1 = f(g_0)
        _sort(v, with_products(text, equation, computed, known - functions), is_start)
    if not v.computed:
        raise no_state(text.equations[0].place if text.equations else Place(1, 0, 0))
    for symbol in _symbols(v):
        _refer(v, symbol)
    check_matrix_functions(v)
    check_powers(v)
    check_aliases(v)
    _take_said_functions(v)
    check_functions(v)
    _choose_input(v)
    if not v.states:
        raise no_state_but_function(text, next(iter(v.computed.values())).place)
    v.open_starts = v.text.said_starts.keys() & {*v.states} - {**v.starts, **v.declared}.keys()
    _start_divisors(v)
    _start_factors(v)
    _drop_unused(v)
    _rename(v)
    _outputs(v)
    return v


def _take_said_functions(v: NamesOfText) -> None:
    """The functions that sentences name."""
    for key, e in v.functions.items():
        name = key if key in v.text.said_functions or has_accent(e) else e.function
        if name in v.text.said_functions and key not in v.aliases and name not in v.aliases:
            v.aliases[key] = v.text.said_functions[name][0]


def _sort(v: NamesOfText, equation: Equation, is_start: bool) -> None:
    """Take over an equation. ``is_start``: whether h_0 = 1 is the value of h before the first step."""
    first = equation.names[0]
    is_number = is_of_numbers(equation.value)
    if is_start and first.id.endswith("_0") and first.step is None and is_number and isinstance(equation.value, Number):
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
    check_letters(v, one)
    if one.id == "X" and one.step is None and one.id not in (*v.computed, *v.declared):
        raise EquationsError(all_steps(one.id), one.place)
    if one.step is not None and one.step < 0:
        v.oldest[one.id] = min(v.oldest.get(one.id, 0), one.step)
    if one.id in v.computed:
        return
    if v.text.pdf[0] and one.step is None and one.id.startswith("e_") and one.id not in v.declared:
        typed = one.id.replace("_", "")
        problem = phrase(
            "{typed} may be a power of e whose exponent is no longer raised; write exp(…) for all such powers of the "
            "text, or a line {line} if it is a weight", typed=typed, line=f"{one.id}: num_units",
        )  # fmt: skip
        raise EquationsError(problem, one.place)
    if one.step is None and one.id != "x":
        v.weights.setdefault(one.id, one)
    else:
        v.given.setdefault(one.id, one)


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
        usual = [name for name in (*v.text.said_inputs, INPUTS[0], "X", *INPUTS[1:]) if name in v.given]
        usual = [name for name in usual if name != "e" or len(v.given) == 1 or _is_joined(v, name)]
        usual = [name for name in usual if len(v.given) == 1 or _is_joined(v, name) or not _is_turned(v, name)]
        v.input = usual[0] if usual else next(iter(v.given), "") if len(v.given) == 1 else ""
    for id, symbol in v.given.items():
        if id == "t":
            problem = phrase("t is the time of a step, which is no tensor here; write {delta} for the time between two "
                             "steps, and a line: {line}", delta=f"Delta{v.text.step}",
                             line=f"where Delta{v.text.step} is the elapsed time")  # fmt: skip
            raise EquationsError(problem, symbol.place)
        is_state = id == "h" and v.text.shifted and v.text.shifted.id != v.input
        if id != v.input and (v.oldest.get(id, 0) < 0 or is_state):
            problem = phrase("no line computes {name}; add a line {name}_t = …", name=id)
            raise EquationsError(problem, symbol.place)
    v.given.pop(v.input, None)


def _is_turned(v: NamesOfText, name: str) -> bool:
    """Whether a tensor is transposed, as those of outer products are: u_t u_tᵀ."""
    terms = (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value))
    return any(isinstance(e, Transposed) and getattr(e.of, "id", "") == name for e in terms)


def _is_joined(v: NamesOfText, name: str) -> bool:
    """Whether a tensor stands beside a capital of weights, or in a list: W e_t, [e_t, h_{t-1}]."""
    for e in (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value)):
        parts = e.parts if isinstance(e, Joined) else (e.left, e.right) if isinstance(e, Binary) else ()
        is_beside = isinstance(e, Joined) or (isinstance(e, Binary) and e.sign == " " and any(map(v.is_weight, parts)))
        if is_beside and any(isinstance(part, Symbol) and part.id == name for part in parts):
            return True
    return False


def _rename(v: NamesOfText) -> None:
    """Names that have a meaning in the cell language get others."""
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


def _start_divisors(v: NamesOfText) -> None:
    """Let states begin with 1 by whose norm something is divided, such as the rows of a memory."""
    divisors = (e.right for own in dict.fromkeys(v.computed.values()) for e in within(own.value)
                if isinstance(e, Binary) and e.sign == "/")  # fmt: skip
    for part in (part for divisor in divisors for part in within(divisor)):
        match part:
            case Apply("norm", _, (Symbol(id, -1, place),)) if id in v.states and id not in {**v.starts, **v.declared}:
                v.starts[id] = 1.0
                sentence = phrase("{name} is 1 before the first step, as something is divided by its norm.", name=id)
                v.text.notes.append((place.line, sentence))


def _start_factors(v: NamesOfText) -> None:
    """Let states begin with 1 that would always stay 0, as their new value is a product with the one before."""
    for id in (id for id in v.states if id not in {**v.starts, **v.declared}):
        own = v.computed[id]
        if len(own.names) == 1 and _is_multiple_of(own.value, id):
            v.starts[id] = 1.0
            sentence = phrase("{name} is 1 before the first step, as it would stay 0 otherwise.", name=id)
            v.text.notes.append((own.place.line, sentence))


def _is_multiple_of(e: Term, id: str) -> bool:
    """Whether a term is 0 where a state was 0 before."""
    match e:
        case Symbol(name, step):
            return name == id and step == -1
        case Minus(of):
            return _is_multiple_of(of, id)
        case Binary(sign, left, right) if sign in SUMS:
            return _is_multiple_of(left, id) and _is_multiple_of(right, id)
        case Binary(" " | "·" | "⊙", left, right):
            return _is_multiple_of(left, id) or _is_multiple_of(right, id)
        case Binary("/", left):
            return _is_multiple_of(left, id)
    return False


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
        others = [s for s in states if not s.endswith(("_re", "_im"))]  # no part of a complex state
        v.outputs = [real if real in last else last[-1], *(["h"] if "h" in states else others[:1])]
        is_new = "prime" in last[-1].split("_")  # h_2' beside a state h_1'
        is_output = (
            is_new or last[-1][0] in OUTPUTS or _reads_new_value(v, last[-1], {*v.states}) or _reads_memory(v, last[-1])
        )
        if v.outputs[1:] and not is_output:
            v.outputs = v.outputs[::-1]  # a gate that no line uses
    else:
        unused = [s for s in states if s not in used]
        unused.sort(key=lambda s: (not _reads_new_value(v, s, {*v.states}), s != OUTPUTS[0]))
        plain = [s for s in states if len(s) == 1]
        if plain and unused and all(_accents_of(s) for s in unused):  # ũ that counts, beside s
            unused = [*plain, *unused]
        v.outputs = ["h"] if "h" in states else unused or states
        if len(v.outputs) == 1:  # y = g(W s) that is fed back
            v.outputs += [s for s in states if s != v.outputs[0] and _is_projected(v, s, v.outputs[0])][:1]
        v.outputs += [id for id in v.computed if id not in {*v.outputs, *constants} and _is_spike(v, id)][:1]
    if said := [id for id in v.text.said_outputs if id in v.computed and id not in constants]:
        v.outputs = said[:1]


def _is_spike(v: NamesOfText, id: str) -> bool:
    """Whether a tensor is 1 where a potential is above its threshold, which may be the output beside it; also divided
    by the length of a step."""
    value = v.computed[id].value
    value = value.left if isinstance(value, Binary) and value.sign == "/" else value
    return isinstance(value, Apply) and v.function(value) == "heaviside"


def _accents_of(id: str) -> set[str]:
    """The accents of a name: tilde of u_tilde."""
    return {*id.split("_")[1:]} & {*ACCENTS.values()} - {""}


def _reads_new_value(v: NamesOfText, id: str, states: set[str]) -> bool:
    """Whether a tensor is computed from the new value of a state."""
    reached, left = set[str](), [id]
    while left:
        parts = [e for e in within(v.computed[left.pop()].value) if isinstance(e, Symbol) and e.id in v.computed]
        if any(e.id in states and e.step == 0 for e in parts):
            return True
        new = {e.id for e in parts if e.step in (0, None)} - reached
        reached |= new
        left += new
    return False


def _reads_memory(v: NamesOfText, id: str) -> bool:
    """Whether a tensor is computed from a product with a state that is a capital, σ(Q_t) M_{t-1}, or is a quotient of
    two states, (a_{t-1} + v_t) / (b_{t-1} + 1)."""
    for e in within(v.computed[id].value):
        sides = (e.left, e.right) if isinstance(e, Binary) and e.sign == "/" else ()
        if sides and all(any(isinstance(part, Symbol) and part.step == -1 for part in within(side)) for side in sides):
            return True
    products = [e for e in within(v.computed[id].value) if isinstance(e, Binary) and e.sign == " "]
    return any(isinstance(e.right, Symbol) and is_capital(e.right.id) and e.right.step == -1 for e in products)


def _is_projected(v: NamesOfText, state: str, output: str) -> bool:
    """Whether a tensor is computed by a product with a matrix of weights from the new value of a state, and not from
    its own value before."""
    if any(isinstance(e, Symbol) and e.id == output for e in within(v.computed[output].value)):
        return False
    for e in within(v.computed[output].value):
        match e:
            case Binary(" ", Symbol(id, None), right) if is_capital(id):
                return any(isinstance(part, Symbol) and (part.id, part.step) == (state, 0) for part in within(right))
    return False
