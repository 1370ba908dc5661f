"""What the names of a text are: the input, states, weights, numbers and functions, and what is open."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import e as euler
from math import pi

from ...core.axes import Axis, OwnSize
from ...translations.phrases import CommaSeparated, phrase
from ..errors import EquationsError, Place
from ..functions import FUNCTIONS
from ..lengths import name_of
from ..names import RESERVED, STEP_SIZES
from ..syntax import ONE_NUMBER, AxisLine, Declaration, Output, Statement
from .cursor import MAX_TERMS
from .name_parser import wrong_step
from .syntax import Apply, Binary, Equation, Joined, Minus, Number, Symbol, Term, Text, Transposed, rebuilt, within
from .term_parser import FREE_FUNCTIONS
from .tokens import ACCENTS, GREEK

INPUTS = ("x", "u", "e")
"""The names of inputs in papers, the most usual one first."""

GATES = ("f", "i", "o", "z", "r", "g", "w", "a", "alpha", "beta", "gamma", "lambda", "eta", "delta", "theta")
"""Names of factors between 0 and 1."""

CONSTANTS = {"dt": 0.1, "epsilon": 0.1, "gamma": 0.9, "lambda": 0.9, "alpha": 0.9, "beta": 1.0}
"""The numbers that are taken for constants whose value a text does not say; 0.5 for others."""

MOST_ELEMENTS = 16
"""How many elements or blocks of a tensor a text names."""

IDENTITY = "I"
"""The name of the identity matrix, in texts that do not say that it is another one."""

NUMBERS = {"e": euler, "pi": pi}
"""The names that are numbers of mathematics where a text neither computes nor declares them."""

TYPICAL = ("sigmoid", "tanh", "relu", "silu", "elu", "gelu")
DEFAULTS = {"sigma": "sigmoid", "sigma_g": "sigmoid", "sigma_c": "tanh", "sigma_h": "tanh", "sigma_y": "sigmoid"}
"""The functions that are usually written so."""


@dataclass
class Vocabulary:
    """The names of a text.

    ``computed`` maps each name to its equation. ``given`` are tensors of a step that no line computes, ``weights``
    names without a step that none computes, both by their first use. ``starts`` are values before the first step,
    ``aliases`` the functions that the text names, ``functions`` those that it only uses. ``numbers`` are computed
    from numbers alone, ``sizes`` are lengths, such as d in √d. ``oldest`` is the oldest step of each name, such as
    -1. ``outputs`` are the tensors that could be the output, the likeliest first. ``renamed`` are names that differ
    in our language. ``mathematical`` are those of ``NUMBERS`` that the text uses as such. ``stepless`` are new names of
    tensors that differ from others only by having no step, ``separated`` names that are read as a matrix and a vector,
    ``inlined`` names of sums of matrices that are written where they are used, ``matrices`` capitals to which lines add
    outer products of columns, v kᵀ. ``is_turned``: whether rows before
    matrices are read as columns, Wᵀ x for x W. ``has_identity``: whether I is the identity, and no weight;
    ``is_identity_open``: whether this is a guess.
    """

    text: Text
    computed: dict[str, Equation] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Equation] = field(default_factory=dict)
    given: dict[str, Symbol] = field(default_factory=dict)
    weights: dict[str, Symbol] = field(default_factory=dict)
    oldest: dict[str, int] = field(default_factory=dict)
    functions: dict[str, Apply] = field(default_factory=dict)
    input: str = "x"
    sizes: dict[str, Symbol] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    mathematical: dict[str, Symbol] = field(default_factory=dict)
    stepless: dict[str, str] = field(default_factory=dict)
    separated: dict[str, tuple[Symbol, str, str]] = field(default_factory=dict)
    inlined: dict[str, Equation] = field(default_factory=dict)
    matrices: set[str] = field(default_factory=set)
    is_turned: bool = False
    has_identity: bool = False
    is_identity_open: bool = False

    @property
    def declared(self) -> dict[str, Declaration]:
        return {d.name: self._as_number(d) for d in self.text.own if isinstance(d, Declaration)}

    def _as_number(self, d: Declaration) -> Declaration:
        """A weight whose only axis has the size 1 is one number: zeta: one."""
        (line,) = [self.axes.get(str(axis)) for axis in d.axes] if len(d.axes) == 1 else (None,)
        is_number = line is not None and line.size == OwnSize(((1, ""),))
        return replace(d, axes=ONE_NUMBER) if is_number else d

    @property
    def axes(self) -> dict[str, AxisLine]:
        return {a.name: a for a in self.text.own if isinstance(a, AxisLine)}

    @property
    def states(self) -> list[str]:
        return [id for id in self.computed if self.oldest.get(id, 0) < 0 or id in self.declared]

    @property
    def output_line(self) -> Output | None:
        return next((o for o in self.text.own if isinstance(o, Output)), None)

    def function(self, e: Apply) -> str:
        """Our name of a function."""
        whole = "_".join((e.function, *e.index))
        key = e.function if e.function in self.aliases and not has_accent(e) else whole
        key = key if self.is_open(e.function) or key in self.aliases else e.function
        known = self.aliases.get(key) or DEFAULTS.get(key) or (DEFAULTS["sigma"] if e.function == "sigma" else "")
        return known or ("tanh" if self.is_open(e.function) else e.function)

    def is_open(self, function: str) -> bool:
        """Whether a name of a function says nothing about which one it is."""
        return function in FREE_FUNCTIONS or function in self.text.open_functions

    def is_weight(self, e: Term) -> bool:
        return isinstance(e, Symbol) and e.id in self.weights

    def is_identity(self, e: Term | str) -> bool:
        """Whether a term, or a name, is the identity matrix."""
        id = e if isinstance(e, str) else e.id if isinstance(e, Symbol) else ""
        return id == IDENTITY and self.has_identity and id in self.weights

    def name(self, id: str) -> str:
        """The name in our language."""
        return self.renamed.get(id, id)


def vocabulary(text: Text) -> Vocabulary:
    """What the names of a text are. Raises EquationsError."""
    v = Vocabulary(text)
    text.own = _with_named_axes(text)
    _check_axes(v)
    _check_below(text)
    text.equations = [_with_beside(v, equation) for equation in _stepless_renamed(v)]
    text.equations = _with_signs(_without_stars(text), text)
    text.equations = _with_matrices_in_order(v)
    v.has_identity = _has_identity(v)
    text.equations = _inlined(v)
    text.equations = [_with_numbers_of_axis(v, equation) for equation in _with_elements(text)]
    numbers = {name.id for own in text.equations if parts_of_one(own) for name in own.names}
    numbers |= {id for id, d in v.declared.items() if d.axes == ONE_NUMBER}
    if numbers:
        text.equations = [_with_numbers_first(own, numbers) for own in text.equations]
    computed = {name.id for own in text.equations for name in own.names}
    known = {*computed, *v.declared, *(name.id for domain in text.domains for name in domain.names)}
    functions = {own.names[0].id for own in text.equations if _is_alias(own)}
    for equation in text.equations:
        with_numbers = Equation(equation.names, _with_numbers(v, equation.value, known), equation.place)
        _sort(v, _with_weights(with_numbers, computed, known - functions, text.open_functions))
    if not v.computed:
        raise _no_state(text.equations[0].place if text.equations else Place(1, 0, 0))
    for symbol in _symbols(v):
        _refer(v, symbol)
    _check_aliases(v)
    _take_said_functions(v)
    _choose_input(v)
    _rename(v)
    _outputs(v)
    if not v.states:
        raise _no_state(next(iter(v.computed.values())).place)
    return v


def _check_below(text: Text) -> None:
    """EquationsError if several tensors come from the layer below, as a cell has one input."""
    for symbol in text.below:
        if symbol.id != text.below[0].id:
            names = text.below[0].id, symbol.id
            raise EquationsError(phrase("{a} and {b} come from the layer below; a cell has one input, x", a=names[0],
                                        b=names[1]), symbol.place)  # fmt: skip


def _inlined(v: Vocabulary) -> list[Equation]:
    """The equations without those of matrices that are sums with I or Mᵀ of weights, A = M − Mᵀ − γ I: they are
    written where their names stand, so that A h is computed without A."""
    equations = v.text.equations
    computed = {name.id for own in equations for name in own.names if not _is_number(own.value)}
    domains = {name.id for domain in v.text.domains for name in domain.names}
    uses = Counter(e.id for own in equations for e in within(own.value) if isinstance(e, Symbol))
    for own in equations:
        name, parts = own.names[0], [*within(own.value)]
        symbols = [e for e in parts if isinstance(e, Symbol)]
        is_turned = any(isinstance(e, Transposed) for e in parts)
        is_made = is_turned or (v.has_identity and any(e.id == IDENTITY for e in symbols))
        is_sum = isinstance(own.value, Binary | Minus) and is_made
        is_constant = all(e.step is None and e.id not in (*computed, "x") for e in symbols)
        is_other = name.id in v.declared or name.id in domains or len(own.names) > 1 or name.step is not None
        if is_sum and is_constant and not is_other and uses[name.id] * len(parts) <= MAX_TERMS:
            v.inlined[name.id] = own

    def written(e: Term) -> Term:
        if isinstance(e, Symbol) and e.step is None and e.id in v.inlined:
            return rebuilt(v.inlined[e.id].value, written)  # new terms, as each has a shape of its own
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in equations if own.names[0].id not in v.inlined]


def _without_stars(text: Text) -> list[Equation]:
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


def _with_signs(equations: list[Equation], text: Text) -> list[Equation]:
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


def _with_matrices_in_order(v: Vocabulary) -> list[Equation]:
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


def summands_of(e: Term) -> Iterator[Term]:
    match e:
        case Binary("+" | "-", left, right):
            yield from summands_of(left)
            yield from summands_of(right)
        case Minus(of):
            yield from summands_of(of)
        case _:
            yield e


def factors_of(e: Term) -> list[Term]:
    """What stands beside each other in a product."""
    if isinstance(e, Binary) and e.sign == " ":
        return [*factors_of(e.left), *factors_of(e.right)]
    return [e]


def _with_numbers_first(equation: Equation, numbers: Collection[str]) -> Equation:
    """An equation with q (W x) for (q W) x, where q is a number."""

    def written(e: Term) -> Term:
        match e:
            case Binary(" ", Binary(" ", Symbol(id) as q, Symbol() as W), x, place) if id in numbers:
                return Binary(" ", q, Binary(" ", W, written(x), place), place)
        return rebuilt(e, written)

    return replace(equation, value=written(equation.value))


def parts_of_one(equation: Equation) -> bool:
    """Whether a line splits a tensor into numbers: a, b = split(p, 1, 1)."""
    match equation.value:
        case Apply("split", _, (_, *sizes)):
            return len(sizes) == len(equation.names) and all(isinstance(n, Number) and n.value == 1 for n in sizes)
    return False


def _has_identity(v: Vocabulary) -> bool:
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
    is_in_sum = any(_is_multiple_of_identity(side) for e in sums for side in (e.left, e.right))
    v.is_identity_open = v.is_identity_open and not is_in_sum
    return is_in_sum


def _says_identity(equation: Equation) -> bool:
    """Whether a line says that I is the identity: I = identity."""
    return _is_alias(equation) and (equation.names[0].id, getattr(equation.value, "id", "")) == (IDENTITY, "identity")


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


def _with_numbers_of_axis(v: Vocabulary, equation: Equation) -> Equation:
    """A line that splits a tensor into numbers, a_0, a_1 = split(a_t, 2), if it has an axis of this size: A = 2."""
    match equation.value:
        case Apply("split", index, (Symbol(id) as whole, *counts), place) if len(counts) < 2:
            line, count = v.axes.get(id[0].upper()), len(equation.names)
            if line and line.size == OwnSize(((count, ""),)):
                ones = (Number(1.0, place),) * count
                return replace(equation, value=Apply("split", index, (whole, *ones), place))
    return equation


def _with_elements(text: Text) -> list[Equation]:
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


def _with_named_axes(text: Text) -> list[Statement]:
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
    for s in text.own:
        if isinstance(s, Declaration) and s.axes != ONE_NUMBER:
            place = s.place
            s = replace(s, axes=tuple(named(a, place) for a in s.axes))
        found.append(s)
    return [*lines.values(), *found]


def _no_state(place: Place) -> EquationsError:
    problem = phrase(
        "a cell needs a state: a tensor that a line computes from its value of the step before, such as {example}",
        example=r"h_t = \tanh(W x_t + U h_{t-1})",
    )
    return EquationsError(problem, place)


def _check_axes(v: Vocabulary) -> None:
    """EquationsError for an axis that no line declares."""
    known = [*STEP_SIZES, *v.axes]
    declared = [(name, d.place) for d in v.declared.values() for axis in d.axes for name in axis.names if name]
    sizes = [(name, line.place) for line in v.axes.values() for name in line.size.names]
    for name, place in (*declared, *sizes):
        if name not in known:
            problem = phrase("{name} is not an axis; those are {known}. Declare it: axis {name} = 2", name=name,
                             known=CommaSeparated(known))  # fmt: skip
            raise EquationsError(problem, place)


def _check_aliases(v: Vocabulary) -> None:
    """EquationsError for a line that names a function which no other line has."""
    calls = [e for equation in v.computed.values() for e in within(equation.value) if isinstance(e, Apply)]
    used = {"_".join((e.function, *index)) for e in calls for index in (e.index, e.index[: has_accent(e)])}
    for equation in v.text.equations:
        name = equation.names[0]
        if name.id in v.aliases and name.id not in used:
            raise EquationsError(phrase("no line uses the function {name}; remove this line", name=name.id), name.place)


def _stepless_renamed(v: Vocabulary) -> list[Equation]:
    """The equations, with another name for a where a and a_t are two tensors: a_t = a^{c r_t}; a = σ(Λ)."""
    text = v.text
    steps: dict[str, set[bool]] = {}
    for name in (name for own in text.equations if not _is_alias(own) for name in own.names):
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


def _with_beside(v: Vocabulary, equation: Equation) -> Equation:
    """An equation with W_mh h_{t-1} for W_mhh_{t-1}, the name of a matrix that touches that of its vector."""
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
        return rebuilt(e, written)

    return Equation(equation.names, written(equation.value), equation.place)


def _take_said_functions(v: Vocabulary) -> None:
    """The functions that sentences name."""
    for key, e in v.functions.items():
        name = key if key in v.text.said_functions or has_accent(e) else e.function
        if name in v.text.said_functions and key not in v.aliases and name not in v.aliases:
            v.aliases[key] = v.text.said_functions[name][0]


def _sort(v: Vocabulary, equation: Equation) -> None:
    first = equation.names[0]
    is_number = _is_number(equation.value)
    if first.label == "0" and first.step is None and is_number and isinstance(equation.value, Number):
        v.starts[first.id.removesuffix("_0")] = equation.value.value
    elif isinstance(equation.value, Symbol) and _is_alias(equation):
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


def _is_number(e: Term) -> bool:
    """Whether a term is computed from numbers alone."""
    return all(isinstance(part, Number | Minus | Binary) for part in within(e))


def _is_alias(equation: Equation) -> bool:
    """Whether a line names a function: σ = tanh."""
    return equation.names[0].step is None and isinstance(equation.value, Symbol) and equation.value.id in FUNCTIONS


def _with_numbers(v: Vocabulary, e: Term, known: Collection[str]) -> Term:
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


def _with_weights(
    equation: Equation, computed: Collection[str], tensors: Collection[str], functions: Collection[str]
) -> Equation:
    """An equation with the weights of its linear layers, Linear(x) is W x + b, with products of tensors that stand
    before a bracket, and with what ∗ means: a product of numbers, but W ∗ x is that of a matrix with a vector.
    ``functions``: names that the text uses as functions only."""
    known_functions = (*FUNCTIONS, *FREE_FUNCTIONS, *functions)
    target, count = equation.names[0].id, 0

    def written(e: Term) -> Term:
        nonlocal count
        match e:
            case Apply("linear", _, (argument,), place):
                count += 1
                own = f"{target}{count}" if count > 1 else target
                W, b = (Symbol(f"{letter}_{own}", None, place, own) for letter in "Wb")
                return Binary("+", Binary(" ", W, written(argument), place), b, place)
            case Apply(name, (), (argument,), place) if name in tensors and name not in known_functions:
                return Binary(" ", Symbol(name, None, place), written(argument), place)
            case Binary("∗", left, right, place):
                is_matrix = isinstance(left, Symbol) and left.step is None and is_capital(left.id)
                is_matrix = is_matrix and isinstance(left, Symbol) and left.id not in computed
                sign = " " if is_matrix and not is_peephole(left, right) else "⊙"
                return Binary(sign, written(left), written(right), place)
        return rebuilt(e, written)

    return Equation(equation.names, written(equation.value), equation.place)


def with_columns(v: Vocabulary) -> Vocabulary:
    """The same names with Wᵀ x for x W, for texts that have rows before matrices of weights and columns elsewhere, as
    v kᵀ shows."""
    terms = (e for equation in v.computed.values() for e in within(equation.value))
    if not any(isinstance(e, Binary) and e.sign == " " and is_turned_vector(e.right) for e in terms):
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

    equations = {id(one): replace(one, value=written(one.value)) for one in v.computed.values()}
    computed = {name: equations[id(one)] for name, one in v.computed.items()}
    turned = replace(v, computed=computed, functions={}, is_turned=is_turned)
    turned.functions = {key: e for key, e in _functions_of(turned).items() if key in v.functions}
    return turned


def is_turned_vector(e: Term) -> bool:
    return isinstance(e, Transposed) and isinstance(e.of, Symbol) and e.of.step is not None and not is_capital(e.of.id)


def _symbols(v: Vocabulary) -> Iterator[Symbol]:
    """The names that equations use. Functions and sizes are collected on the way."""
    for equation in dict.fromkeys(v.computed.values()):
        for e in within(equation.value):
            if isinstance(e, Symbol):
                yield e
            elif isinstance(e, Apply) and e.function == "sqrt" and (size := _size(e.arguments[0])):
                v.sizes[size.id] = size
    v.functions.update(_functions_of(v))


def _functions_of(v: Vocabulary) -> dict[str, Apply]:
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


def _refer(v: Vocabulary, one: Symbol) -> None:
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


def _check_letters(v: Vocabulary, one: Symbol) -> None:
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


def _choose_input(v: Vocabulary) -> None:
    """The input is x; without one it is u or the only tensor that no line computes."""
    declared = [d for d in v.given if d in v.declared]
    for id in declared:  # a state that is declared, and that no line computes
        symbol = v.given.pop(id)
        if v.oldest.get(id, 0) < 0:
            raise EquationsError(phrase("no line computes {name}; add a line {name}_t = …", name=id), symbol.place)
    if "x" in v.given:
        v.input = "x"
    elif "x" in v.computed:
        v.input = next((u for u in ("u", *v.given) if u in v.given), "")
    else:
        usual = [name for name in INPUTS if name in v.given]
        v.input = usual[0] if usual else next(iter(v.given), "") if len(v.given) == 1 else ""
    for id, symbol in v.given.items():
        if id != v.input and v.oldest.get(id, 0) < 0:
            problem = phrase("no line computes {name}; add a line {name}_t = …", name=id)
            raise EquationsError(problem, symbol.place)
    v.given.pop(v.input, None)


def _rename(v: Vocabulary) -> None:
    """Names that have a meaning in our language get others."""
    taken = {*v.computed, *v.weights, *v.given}
    for id in (*v.computed, *v.weights, *v.given):
        if id in v.aliases:
            continue
        new = {"x": "s"}.get(id, f"{id}_") if id in RESERVED or id == "t" else id
        new = f"{new}_" if new.endswith(("_prev",)) or (new != id and new in taken) else new
        if new != id:
            v.renamed[id] = new.replace("__", "_") if new.replace("__", "_") not in taken else new
    if v.input:
        v.renamed[v.input] = "x"


def _outputs(v: Vocabulary) -> None:
    """The tensors that could be the output: those that no other line uses, and states."""
    used = {e.id for eq in dict.fromkeys(v.computed.values()) for e in within(eq.value)
            if isinstance(e, Symbol) and (e.step in (0, None))}  # fmt: skip
    parts = {name.id for own in v.computed.values() if len(own.names) > 1 for name in own.names}
    last = [id for id in v.computed if id not in used | parts and id not in v.states and id not in v.numbers]
    states = [s for s in v.states if v.oldest.get(s, 0) < 0]
    if last:
        v.outputs = [last[-1], *(["h"] if "h" in states else states[:1])]
    else:
        v.outputs = ["h"] if "h" in states else [s for s in states if s not in used] or states


def has_accent(e: Apply) -> bool:
    """Whether a function is one with a mark above it, which is another one than that without."""
    return e.index[:1] != () and e.index[0] in ACCENTS.values()


def is_peephole(weight: Term, other: Term) -> bool:
    """Whether a product is probably that of a peephole: W_ci c_{t-1}, or W_ic c_{t-1}."""
    is_named = isinstance(weight, Symbol) and len(weight.label) == 2 and "c" in weight.label
    return is_named and isinstance(other, Symbol) and other.id.lower() == "c"


def is_greek(id: str) -> bool:
    """Whether a name begins with a small Greek letter."""
    return id.partition("_")[0] in GREEK or id == "dt"


def is_capital(id: str) -> bool:
    return id[:1].isupper()


def alternatives(first: str, of_vector: bool) -> Iterable[str]:
    """The usual functions, of a number or ``of_vector``, one of them first."""
    return dict.fromkeys((first, *TYPICAL, *(("softmax",) if of_vector else ())))
