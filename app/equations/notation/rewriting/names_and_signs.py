"""Names and signs of a text with several meanings, rewritten so that each has one."""

import re
from collections.abc import Collection
from dataclasses import replace

from ....core.axes import Axis, OwnSize
from ....translations.phrases import phrase
from ...axis_lengths import name_of
from ...places_and_errors import EquationsError, Place
from ...syntax import ONE_NUMBER, AxisLine, Declaration, Statement
from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Equation,
    Number,
    Symbol,
    Term,
    Text,
    rebuilt,
    within,
)
from ..parsing.terms import (
    is_alias,
    is_capital,
    symbols_of,
)
from ..vocabulary.latex_commands import COMMANDS
from ..vocabulary.usual_letters import INPUTS, NUMBERS


def with_declared_tensors(text: Text) -> list[Statement]:
    """The lines of the cell language, with g for g_t of a line with its axes, g_t: batch_size, and for each other
    way to write its index and step, g_ti of g^t_i."""
    symbols = symbols_of(text.equations)
    stepped, others = ({e.id for e in symbols if (e.step is None) == is_other} for is_other in (False, True))

    def named(s: Statement) -> Statement:
        if isinstance(s, Declaration) and s.name not in stepped | others:
            letters = sorted(s.name.replace("_", ""))
            same = [id for id in stepped if sorted(f"{id.replace('_', '')}{text.step.strip('_^()')}") == letters]
            return replace(s, name=same[0]) if len(same) == 1 else s
        return s

    return [*map(named, text.own)]


def with_named_axes(text: Text, lines_of_ours: list[Statement]) -> list[Statement]:
    """The lines of the cell language, with a name for each axis that is a number: W: 2, num_units."""
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


def without_lengths(text: Text) -> list[Equation]:
    """The equations, without lines that only say how long an axis of a domain is: K = 4 beside q ∈ ℝ^K."""
    sizes = {size.id for domain in text.domains for size in domain.sizes if isinstance(size, Symbol)}
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    kept = list[Equation]()
    for own in text.equations:
        match own:
            case Equation((Symbol(id, None),), Number(n)) if id in sizes - used and n.is_integer() and n > 0:
                text.lengths[id] = int(n)
            case _:
                kept.append(own)
    return kept


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
            v.text.separated.setdefault(e.id, (e, matrix.id, vector.id))
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


def with_parted_names(text: Text) -> list[Equation]:
    """The equations, with W x(n), W_in u(n) and W_fb y(n) for the words Wx(n), Winu(n) and Wfby(n) of PDFs, whose last
    letter is that of a tensor which other terms have alone. Words of LaTeX have signs of their own around them."""
    if text.is_latex:
        return text.equations
    computed = {name.id for own in text.equations for name in own.names}
    alone = {e.id for e in symbols_of(text.equations) if e.step is not None}
    known = (computed | alone | {*INPUTS[:2]}) - text.own_names

    def written(e: Term) -> Term:
        match e:
            case Symbol(id, step, place, "") if step is not None and id not in computed | text.own_names:
                matrix, vector = id[:-1], id[-1:]
                if re.fullmatch("[A-Z][a-z]{1,4}", id) and id not in COMMANDS and vector in known:
                    first = Symbol(matrix, None, place)
                    text.separated.setdefault(id, (e, matrix, vector))
                    return Binary(" ", first, Symbol(vector, step, place), place)
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in text.equations]


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
    if (said := text.products.get("⊗")) == "outer":
        return equations
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
    states = {
        side.id
        for own, e in pairs
        for side in (e.left, e.right)
        if e.sign == "⊗" and isinstance(side, Symbol) and side.step == -1 and side.id == own.names[0].id
    }
    are_usual = bool(states) and (all(e.sign == "⊗" for _, e in pairs) or states <= _behind_weights(equations))
    if not equations or not (are_usual or said == "pointwise"):
        return equations

    def written(e: Term) -> Term:
        if isinstance(e, Binary) and e.sign == "⊗":
            return Binary("⊙", written(e.left), written(e.right), e.place)
        return rebuilt(e, written)

    place = equations[0].place
    text.notes.append((place.line, phrase("⊗ is read as ⊙, element by element.")))
    return [own if id(own) in equations_of_matrices else replace(own, value=written(own.value)) for own in equations]


def _behind_weights(equations: list[Equation]) -> set[str]:
    """The tensors of the step before that stand behind a matrix of weights, and so are vectors: V h_{t-1}."""
    products = (e for own in equations for e in within(own.value) if isinstance(e, Binary) and e.sign == " ")
    return {e.right.id for e in products if isinstance(e.left, Symbol) and e.left.step is None
            and is_capital(e.left.id) and isinstance(e.right, Symbol) and e.right.step == -1}  # fmt: skip


def with_numbers(v: NamesOfText, e: Term, known: Collection[str]) -> Term:
    """A term with e^a as exp(a), and with other names of ``NUMBERS`` as numbers, unless they are known."""

    def is_number(e: Term) -> bool:
        return isinstance(e, Symbol) and e.step is None and e.id in NUMBERS and e.id not in known

    def written(e: Term) -> Term:
        match e:
            case Binary("+", Symbol("e") as number, right, place) if is_number(number):  # no exponent begins with +
                v.mathematical.setdefault("e", number)
                return Binary("+", Number(NUMBERS["e"], number.place), written(right), place)
            case Symbol("e", place=place) if is_number(e) and v.text.pdf[0]:
                problem = phrase(
                    "e stands alone; if it is a power whose exponent is no longer raised, write exp(…) for all such "
                    "powers of the text"
                )
                raise EquationsError(problem, place)
            case Symbol(id, place=place) if is_number(e):
                v.mathematical.setdefault(id, e)
                return Number(NUMBERS[id], place)
            case Binary("^", Symbol("e") as base, exponent, place) if is_number(base):
                v.mathematical.setdefault("e", base)
                return Apply("exp", (), (written(exponent),), place)
        return rebuilt(e, written)

    return written(e)
