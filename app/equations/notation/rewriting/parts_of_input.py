"""Numbers of the input, x_{t,1}, and inputs beside x, such as times between steps, which are parts of it."""

from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import FEATURE, Apply, Binary, Equation, Joined, Number, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import bare_of, is_capital, rewritten, symbols_of
from ..vocabulary.usual_letters import INPUTS

TIME, TIME_OF_STEP = "dt", "Dt"
"""The names of Δt where it is a constant, and where it belongs to a step."""

_MOST_DIGITS = 3


def with_parts_of_input(text: Text) -> list[Equation]:
    """The equations, with numbers of the input, x_t[0] or a line d_t = x_{t,1}, and a line for each input beside
    x that none computes: the first number of x, or all of it where it stands beside a matrix."""
    input = _input(text)
    if not input:
        return text.equations
    if text.parts_of_input:
        return _in_parts(text, input)
    symbols = symbols_of(text.equations)
    is_from_0 = any(e.step == 0 and e.id == f"{input}_0" for e in symbols)

    def written(e: Term) -> Term:
        match e:
            case Apply("element", (n,), (Symbol(id, 0) as whole,), place) if id == input:
                return Apply(FEATURE, (n,), (whole,), place)
        return rebuilt(e, written)

    def of_line(own: Equation) -> Equation:
        match own.value:
            case Symbol(id, 0, label=label, place=place) if label.isdigit() and len(label) <= _MOST_DIGITS:
                if id == f"{input}_{label}" and (n := int(label) - (not is_from_0)) >= 0:  # x_1 elsewhere is a tensor
                    return replace(own, value=Apply(FEATURE, (str(n),), (Symbol(input, 0, place),), place))
        return replace(own, value=written(own.value))

    if TIME in text.inputs:  # Δt, which is no constant then
        text.inputs[TIME_OF_STEP] = text.inputs.pop(TIME)
        text.equations = rewritten(
            text.equations, lambda e: replace(e, id=TIME_OF_STEP, step=0) if (e.id, e.step) == (TIME, None) else e
        )
    text.equations = _without_times_in_lists(text, [of_line(own) for own in text.equations], input)
    return [*_lines_of_inputs(text, input), *text.equations]


def _in_parts(text: Text, input: str) -> list[Equation]:
    """The equations, with a line that divides the input into equal parts. A part with its name is x_1."""
    own = part_of(text, input)
    parts = tuple(replace(part, id=own if part.id == input else part.id, step=0) for part in text.parts_of_input)
    equations = rewritten(text.equations, lambda e: replace(e, id=own) if e.id == input and e.step is not None else e)
    place = text.equations[0].place
    whole = Apply("split", (), (Symbol(input, 0, place), Number(float(len(parts)), place)), place)
    return [Equation(parts, whole, place), *equations]


def part_of(text: Text, input: str) -> str:
    """A name for the part of the input that has its name."""
    taken = {e.id for e in symbols_of(text.equations)}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{input}_{n}") not in taken)


def _without_times_in_lists(text: Text, equations: list[Equation], input: str) -> list[Equation]:
    """The equations, with x_t for [x_t, Δ_t] of an input and a time that only such lists have: the time is one of the
    numbers of x."""
    times = {id for id, said in text.inputs.items() if "time" in said} - {
        name.id for own in equations for name in own.names
    }

    def has(e: Term, id: str) -> bool:
        return isinstance(e, Symbol) and e.id == id

    def written(e: Term) -> Term:
        match e:
            case Joined(parts, place) if any(has(part, input) for part in parts):
                kept = [written(part) for part in parts if not any(has(part, id) for id in times)]
                return kept[0] if len(kept) == 1 else Joined(tuple(kept), place)
        return rebuilt(e, written)

    found = [replace(own, value=written(own.value)) for own in equations] if times else equations
    if any(e.id in times for e in symbols_of(found)):
        return equations
    for e in {e.id: e for e in symbols_of(equations) if e.id in times}.values():
        text.inputs.pop(e.id)
        sentence = phrase("{name} stands in a list with {x}, so it is one of the numbers of the input.", name=e.id,
                          x=input)  # fmt: skip
        text.notes.append((e.place.line, sentence))
    return found


def _input(text: Text) -> str:
    """The name of the input, if lines use it and none computes it."""
    computed = {name.id for own in text.equations for name in own.names}
    used = {e.id for e in symbols_of(text.equations) if e.step in (0, 1)} - computed
    return next((id for id in (*text.said_inputs, *INPUTS) if id in used), "")


def _lines_of_inputs(text: Text, input: str) -> list[Equation]:
    computed = {name.id for own in text.equations for name in own.names}
    declared = {name.removesuffix(text.step) for name in text.own_names}
    free = text.inputs.keys() - computed - text.all_domains - declared
    free -= {*text.slots}
    symbols = symbols_of(text.equations)
    used = {e.id: e for e in symbols if e.step in (0, 1) and e.id in free}
    first = next(e for e in symbols if e.id == input)
    found: list[Equation] = []
    for id, e in used.items():
        whole, name = first, replace(e)
        said = [d for d in text.said_domains if id in {name.id for name in d.names}]
        is_vector = bool(said[0].sizes) if said else _is_vector(text, id)
        text.read_inputs[id] = is_vector
        found.append(Equation((name,), whole if is_vector else Apply(FEATURE, ("0",), (whole,), e.place), e.place))
    return found


def _is_vector(text: Text, id: str) -> bool:
    """Whether a name stands beside a matrix, or in a list of vectors."""
    for e in (e for own in text.equations for e in within(own.value)):
        parts = e.parts if isinstance(e, Joined) else (e.left, e.right) if isinstance(e, Binary) else ()
        is_beside = isinstance(e, Joined) or (
            isinstance(e, Binary) and e.sign == " " and any(map(_is_matrix, (bare_of(e.left), bare_of(e.right))))
        )
        if is_beside and any(isinstance(part, Symbol) and part.id == id for part in parts):
            return True
    return False


def _is_matrix(e: Term) -> bool:
    return isinstance(e, Symbol) and e.step is None and is_capital(e.id)
