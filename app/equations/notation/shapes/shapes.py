"""The shapes of what papers write, inferred: scalars, vectors and matrices, then the axes of each.

A paper has columns (W x) or rows (x W). A name gets its kind from where it stands, and its axes from what it is
multiplied with and added to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ....translations.phrases import phrase
from ...errors import EquationsError, Place
from ...limits import MOST_PARTS, MOST_TYPED
from ...syntax import ONE_NUMBER
from ..names.names_of_text import NamesOfText, factors_of, is_capital, is_greek, is_peephole, parts_of_one, summands_of
from ..parsing.paper_syntax import (
    PRODUCT,
    SLOTS,
    Apply,
    Binary,
    Equation,
    Joined,
    Minus,
    Number,
    Symbol,
    Term,
    Transposed,
    within,
)
from ..parsing.term_parser import is_sum_with_number
from ..vocabulary.usual_letters import IDENTITY, POTENTIALS, PROJECTIONS, SIZE, VECTORS
from .orientation import (
    COLUMN,
    ROW,
    added_dots,
    is_outer,
    matrices_of_one,
    rows_of_weights,
    said_vectors,
    scaled_states,
)

SCALAR, MATRIX = "s", "m"
POINTWISE = ("+", "-", "⊙", "/", "<", ">", "≤", "≥", "≠", "≐")
SUMS = ("+", "-")
LESS_AXES = ("sum", "mean", "max", "min")
"""Functions that leave out the axes along which they are."""


class Unknown:
    """An axis that is not known yet; equal to another one, or to several one after another, once it is. ``letter`` is
    what the text calls its size, ``size`` a number that it must be, or 0."""

    __slots__ = ("hint", "letter", "name", "parts", "same", "size")

    def __init__(self, hint: str = "", name: str = "", letter: str = "") -> None:
        self.hint, self.name, self.letter = hint, name, letter
        self.same: Unknown | None = None
        self.size = 0
        self.parts: tuple[Unknown, ...] = ()

    @property
    def root(self) -> "Unknown":
        return self.same.root if self.same else self


Type = tuple[Unknown | None, Unknown | None]
"""Rows and columns; None is one."""


@dataclass(eq=False)
class Shapes:
    """The kinds and axes of all names and terms of a text. ``vector`` is the kind of a vector: of columns or rows.
    ``numbers`` are the computed tensors that are one number for each sample: whether the text says so, or it follows
    from a product with a matrix. ``is_lenient``: whether a row may be added to a column; ``is_mixed`` is the first such
    sum. ``rows`` are vectors that stand before a matrix, where they are columns elsewhere. ``scaled`` are products of a
    vector and a matrix that mean diag(a) S, ``of_one`` weights with one row or column that are matrices in products."""

    v: NamesOfText
    vector: str
    is_lenient: bool = False
    kinds: dict[str, str] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    terms: dict[int, Type] = field(default_factory=dict)
    first_axis: dict[str, int] = field(default_factory=dict)
    diagonals: list[Symbol] = field(default_factory=list)
    rows: list[Symbol] = field(default_factory=list)
    is_guessing: bool = False
    is_mixed: Term | None = None
    scaled: dict[int, Binary] = field(default_factory=dict)
    of_one: dict[str, Symbol] = field(default_factory=dict)
    numbers: dict[str, bool] = field(default_factory=dict)
    seen: dict[int, str | None] = field(default_factory=dict)
    seen_with: int = 0
    sizes: frozenset[str] = frozenset()
    features: Unknown = field(default_factory=lambda: Unknown("x", "features"))

    def infer(self) -> None:
        """Raises EquationsError where a text fits neither."""
        self.sizes = frozenset({*self.v.axes, "num_units", "features"})
        self.scaled = {id(e): e for e in scaled_states(self.v, self.vector)}
        self.of_one = matrices_of_one(self.v, self.vector)
        self._first_kinds()
        equations = [*dict.fromkeys(self.v.computed.values())]
        while self._find_kinds(equations):
            pass
        for name in (*self.v.computed, *self.v.weights, *self.v.given):
            self.kinds.setdefault(name, self.vector)
        self._axes_of_names()
        for equation in equations:
            self._unify_equation(equation)

    @property
    def letter(self) -> str:
        return self.v.text.step.strip("_^()")

    @property
    def penalty(self) -> int:
        """How many names are not what their letters make one expect."""
        names = {**self.kinds}
        own = {*self.v.computed} - {*self.v.text.slots}
        odd = sum(is_capital(id) and kind != MATRIX for id, kind in names.items() if id in own)
        odd += 2 * len(added_dots(self.v, self.vector)) + 4 * bool(said_vectors(self.v) - {self.vector})
        small = [id for id, kind in names.items() if id[:1].islower() and kind == MATRIX and not id.endswith("_im")]
        return odd + sum(id in self.v.computed for id in small)

    # kinds

    def _first_kinds(self) -> None:
        if self.v.input:
            self.kinds[self.v.input] = self.vector
        if self.v.slot_of_input:
            self.kinds[self.v.slot_of_input] = SCALAR
        for id, declaration in self.v.declared.items():
            is_number = declaration.axes == ONE_NUMBER
            count = 0 if is_number else len(declaration.axes) - (str(declaration.axes[0]) == "batch_size")
            self.kinds[id] = (SCALAR, self.vector, MATRIX)[min(count, 2)]
        for domain in self.v.text.domains:
            for name in (name for name in domain.names if name.id not in self.v.text.said_diagonals):
                count = sum(not (isinstance(size, Number) and size.value == 1) for size in domain.sizes)
                self.kinds[name.id] = (SCALAR, self.vector, MATRIX)[min(count, 2)]
        turned = {COLUMN: ROW, ROW: COLUMN}[self.vector]
        self.kinds.update(dict.fromkeys(self.v.text.said_vectors & {*self.v.weights}, turned))
        self.kinds.update(rows_of_weights(self.v) | dict.fromkeys(self.of_one, MATRIX))
        rows = {id for id in (*self.v.text.said_vectors, *rows_of_weights(self.v)) if self.kinds.get(id) == turned}
        for id, line in self.v.computed.items() if rows else ():
            if _is_of_row(line.value, rows):
                self.kinds.setdefault(id, SCALAR)
        for id in self.v.text.matrices & {*self.v.weights}:
            self.kinds.setdefault(id, MATRIX)
        of_components = self.v.text.of_components - self.v.text.matrices
        for id in (
            *self.v.text.said_diagonals,
            *(self.v.text.vectors | of_components) & {*self.v.weights, *self.v.given},
        ):
            self.kinds.setdefault(id, self.vector)
        for id, kind in self.v.text.slots.items():  # M_t(i) is a row of a matrix, w_t(i) a number of a vector
            if kind == PRODUCT:
                continue
            if kind and not is_capital(id):
                self.kinds.setdefault(id, SCALAR)
            elif id not in self.v.computed and (kind or id in self.v.weights) and not is_greek(id):
                self.kinds.setdefault(id, self.vector)
        for id in (*self.v.numbers, *self.v.sizes):
            self.kinds[id] = SCALAR
        if self.vector == ROW and (own := [self.v.computed[id] for id in self.v.matrices if id in self.v.computed]):
            raise misfit(own[0].value)  # v kᵀ of rows is a number, which is not added to a matrix
        self.kinds.update(dict.fromkeys(self.v.matrices, MATRIX))
        self._find_numbers()
        for equation in dict.fromkeys(self.v.computed.values()):
            if parts_of_one(equation):
                self.kinds.update({name.id: SCALAR for name in equation.names})
                self._push(first_argument(equation), self.vector)
        for equation in self.v.computed.values():
            for e in within(equation.value):
                if isinstance(e, Transposed) and isinstance(e.of, Symbol):
                    if not is_capital(e.of.id) and e.of.id not in self.v.computed:
                        self.kinds.setdefault(e.of.id, self.vector)
                    elif self.v.is_weight(e.of) and is_capital(e.of.id):
                        self.kinds.setdefault(e.of.id, MATRIX)
        for id in self.v.weights:
            if is_greek(id) and not self._is_in_pointwise(id):
                self.kinds.setdefault(id, SCALAR)
        for id, symbol in self.v.weights.items():
            if id == SIZE or symbol.label in POTENTIALS:
                self.kinds.setdefault(id, SCALAR)
        vectors = self._operands_of_outer()
        for id in self.v.given:
            if id in vectors:
                self.kinds.setdefault(id, self.vector)
            if id[0].lower() in VECTORS or id in PROJECTIONS or (is_greek(id) and self._is_joined(id)):
                self.kinds.setdefault(id, self.vector)
            elif is_greek(id) and not self._is_in_pointwise(id):
                self.kinds.setdefault(id, SCALAR)
        if self.v.is_identity(IDENTITY):
            self.kinds[IDENTITY] = MATRIX

    def _find_numbers(self) -> None:
        """Tensors that are one number: β_t ∈ ℝ, and a Greek letter before an outer product, β_t v_t k_tᵀ. A matrix in
        the product that such a line computes is a vector: β_t = σ(W_β x_t)."""
        domains = [domain for domain in self.v.text.domains if not domain.sizes]
        self.numbers = {name.id: True for domain in domains for name in domain.names if name.id in self.v.computed}
        computed = self.v.computed.items()
        outer = {id for id, e in computed if any(is_outer(part, self.vector) for part in summands_of(e.value))}
        for equation in self.v.computed.values():
            for e in within(equation.value):
                if isinstance(e, Binary) and e.sign == " " and isinstance(e.left, Symbol) and is_greek(e.left.id):
                    is_matrix = is_outer(e.right, self.vector) or any(
                        isinstance(part, Symbol) and part.id in outer for part in factors_of(e.right)[:1]
                    )
                    own = self.v.computed.get(e.left.id)
                    if own and e.left.id not in self.kinds and is_matrix and not self._is_dot(own.value):
                        self.numbers.setdefault(e.left.id, False)
        for id in self.numbers:
            self.kinds[id] = SCALAR
            self._vectors_of_number(self.v.computed[id].value)

    def _vectors_of_number(self, e: Term) -> None:
        """The weights in products with a vector that are added up to one number are vectors."""
        match e:
            case Binary(sign, left, right) if sign in POINTWISE:
                self._vectors_of_number(left)
                self._vectors_of_number(right)
            case Binary(" " | "·", left, right):
                weight = left if self.vector == COLUMN else right
                is_turned = isinstance(weight, Transposed)
                bare = bare_of(weight)
                if isinstance(bare, Symbol) and self.v.is_weight(bare) and is_capital(bare.id):
                    turned = {COLUMN: ROW, ROW: COLUMN}[self.vector]
                    self.kinds.setdefault(bare.id, self.vector if is_turned else turned)
                else:
                    self._vectors_of_number(right if self.vector == COLUMN else left)
            case Minus(of) | Apply(_, (), (of,)):
                self._vectors_of_number(of)

    def _operands_of_outer(self) -> set[str]:
        """The tensors that are operands of ⊗, and those that these are computed from without a function of a row."""
        found = set[str]()
        for e in (e for equation in self.v.computed.values() for e in within(equation.value)):
            if isinstance(e, Binary) and e.sign == "⊗":
                found |= {side.id for side in (e.left, e.right) if isinstance(side, Symbol)}
        for id in [*found]:
            if id in self.v.computed:
                found |= {e.id for e in within(self.v.computed[id].value) if isinstance(e, Symbol) and is_greek(e.id)}
        return found

    def _is_joined(self, id: str) -> bool:
        """Whether a tensor stands beside a capital without a step, W δ_t, so that it is a vector."""
        for e in (e for equation in self.v.computed.values() for e in within(equation.value)):
            if isinstance(e, Binary) and e.sign == " ":
                weight, other = (e.left, e.right) if self.vector == COLUMN else (e.right, e.left)
                is_matrix = self.v.is_weight(weight) and isinstance(weight, Symbol) and is_capital(weight.id)
                if is_matrix and isinstance(other, Symbol) and other.id == id:
                    return True
        return False

    def _is_in_pointwise(self, id: str) -> bool:
        """Whether a name is a factor of ⊙ somewhere, or the diagonal of a matrix."""
        for equation in self.v.computed.values():
            for e in within(equation.value):
                if isinstance(e, Apply) and e.function == "diag":
                    inside = (part for argument in e.arguments for part in within(argument))
                    if any(isinstance(part, Symbol) and part.id == id for part in inside):
                        return True
                if isinstance(e, Binary) and e.sign == "⊙":
                    for side in (e.left, e.right):
                        if isinstance(side, Symbol) and side.id == id:
                            return True
        return False

    def _find_kinds(self, equations: list[Equation]) -> bool:
        """Find kinds of more names: at first those that follow, then those of what they are made of, and guesses only
        if nothing else is left. False if there are none."""
        before = len(self.kinds)
        for equation in equations:
            kind = self.kind(equation.value)
            for name in equation.names if kind else ():
                self.kinds.setdefault(name.id, kind or self.vector)
        if len(self.kinds) > before:
            return True
        if numbers := self._numbers_of_numbers(equations):
            self.kinds.update(dict.fromkeys(numbers, SCALAR))
            return True
        for equation in equations:
            if kind := self.kind(equation.value) or self.kinds.get(equation.names[0].id):
                self._push(equation.value, kind)
            if len(self.kinds) > before:
                return True
        if self.is_guessing:
            return False
        self.is_guessing = True
        found = self._find_kinds(equations)
        self.is_guessing = False
        return found

    def _numbers_of_numbers(self, equations: list[Equation]) -> set[str]:
        """The names of a kind that is not known, some of which are states, that lines compute from each other and from
        numbers of the step alone: m_t = max(m_{t-1}, s_t), so that they are numbers."""
        lines = {own.names[0].id: own for own in equations if len(own.names) == 1 and own.names[0].id not in self.kinds}
        parts = {id: [e for e in within(own.value) if isinstance(e, Symbol)] for id, own in lines.items()}
        found, before = {*lines}, -1
        while before != len(found):
            before = len(found)
            found = {id for id in found if all(e.id in found or self.kind(e) == SCALAR for e in parts[id])}
        used = [e for id in found for e in parts[id]]
        is_of_tensor = any(e.step == 0 and e.id not in found for e in used)
        return found if is_of_tensor and any(e.step == -1 and e.id in found for e in used) else set()

    def kind(self, e: Term) -> str | None:
        """The kind of a term; None if it is not known yet."""
        if isinstance(e, Symbol):
            return self._kind_of_name(e)
        if self.seen_with != (state := 2 * len(self.kinds) + self.is_guessing):
            self.seen.clear()
            self.seen_with = state
        if (key := id(e)) in self.seen:
            return self.seen[key]
        found = self._kind(e)
        if self.seen_with == 2 * len(self.kinds) + self.is_guessing:
            self.seen[key] = found
        return found

    def _kind_of_name(self, e: Symbol) -> str | None:
        is_size = e.id in self.sizes or (e.id == "t" and e.step is None)
        return SCALAR if is_size else self.kinds.get(e.id)

    def _kind(self, e: Term) -> str | None:
        match e:
            case Number():
                return SCALAR
            case Minus(of):
                return self.kind(of)
            case Transposed(of):
                return {COLUMN: ROW, ROW: COLUMN}.get(kind := self.kind(of) or "", kind or None)
            case Joined(parts):
                for part in parts:
                    self._push(part, self.vector)
                return self.vector
            case Apply(function, _, arguments):
                kinds = [self.kind(a) for a in arguments]
                if e.index == (SLOTS,):
                    return kinds[0]
                if function in ("dot", "norm") or (function in ("sum", "mean") and not e.index):
                    return SCALAR
                if function in LESS_AXES and e.index and kinds[:1] != [MATRIX]:
                    return SCALAR if kinds[0] else None
                if function in ("diag", "outer", "identity"):
                    return MATRIX
                if None in kinds and not self.is_guessing:  # max(0, W x + b)
                    return next((k for k in kinds if k and k != SCALAR), None)
                return next((k for k in kinds if k and k != SCALAR), kinds[0] if kinds else None)
            case Binary("^", left, _):
                return self.kind(left)
            case Binary(sign, left, right):
                return self._of_two(e, sign, self.kind(left), self.kind(right))
        return None

    def _of_two(self, e: Binary, sign: str, left: str | None, right: str | None) -> str | None:
        if sign in POINTWISE:
            kinds = {k for k in (left, right) if k}
            if kinds == {COLUMN, ROW} and self._may_mix(e):
                self.is_mixed = self.is_mixed or e
                return self.vector
            if kinds == {COLUMN, ROW} or (MATRIX in kinds and sign != "⊙" and kinds - {MATRIX, SCALAR}):
                raise misfit(e, (left, right), self.letter)
            # A scalar beside what is not known yet says nothing: it could be a vector.
            if kinds == {SCALAR} and None in (left, right):
                unknown, known = (e.left, e.right) if left is None else (e.right, e.left)
                is_bias = self.v.is_weight(unknown) and sign in SUMS and not isinstance(known, Number)
                return SCALAR if is_bias else None
            if None in (left, right) and sign == "⊙" and not self.is_guessing:
                unknown = e.left if left is None else e.right
                if (isinstance(unknown, Symbol) and is_capital(unknown.id)) or kinds != {self.vector}:
                    return None
            return MATRIX if MATRIX in kinds else next(iter(kinds - {SCALAR}), SCALAR if kinds else None)
        if sign == "⊗":
            return MATRIX
        self._capital_in_product(e)
        left, right = self.kind(e.left), self.kind(e.right)
        if (left, right) == (self.vector, MATRIX) and id(e) in self.scaled:
            return MATRIX
        if SCALAR in (left, right):
            return right if left == SCALAR else left
        match left, right:
            case "m", "m":
                return MATRIX
            case ("m", "c") | ("r", "m"):
                return right if left == MATRIX else left
            case ("r", "c"):
                return SCALAR
            case ("c", "r"):
                return MATRIX
            case ("c", "c") | ("r", "r"):
                return left
            case ("c", "m") if self._is_row_of_matrix(e):
                return COLUMN
            case ("m", "r") | ("c", "m"):
                raise misfit(e, (left, right), self.letter)
            case ("r", None) if self.vector == COLUMN and isinstance(e.left, Transposed) and _is_small(e.right):
                return SCALAR
            case ("m", None) if self.is_guessing and self.vector == COLUMN:
                return COLUMN
            case (None, "m") if self.is_guessing and self.vector == ROW:
                return ROW
        return None

    def _is_row_of_matrix(self, e: Binary) -> bool:
        """Whether a vector of the step stands before a matrix of the step, q_t S_t, which is qᵀ S where vectors are
        columns elsewhere."""
        match e:
            case Binary(" " | "·", Symbol(id, 0) as q, Symbol(matrix, 0)) if matrix in self.v.computed:
                is_one = self.vector == COLUMN and not is_capital(id) and is_capital(matrix)
                if is_one and all(one is not q for one in self.rows):
                    self.rows.append(q)
                return is_one
        return False

    def _may_mix(self, e: Term) -> bool:
        """Whether a term is the sum of a row and a column that are read as vectors: none of them is only turned."""
        is_sum = self.is_lenient and isinstance(e, Binary) and e.sign in SUMS
        return is_sum and not any(isinstance(part, Transposed) for part in summands_of(e))

    def _capital_in_product(self, e: Binary) -> None:
        """W in W x is a matrix, and so is a small letter if a text has no capital: w x."""
        for side, other in ((e.left, e.right), (e.right, e.left)):
            bare = bare_of(side)
            is_first = side is (e.left if self.vector == COLUMN else e.right)
            if is_first and e.sign == " " and isinstance(bare, Binary | Minus) and self.kind(other) != SCALAR:
                self._capitals_in_sum(bare)
            if not (isinstance(bare, Symbol) and self.v.is_weight(bare) and bare.id not in self.kinds):
                continue
            kind = self.kind(other)
            if (
                is_capital(bare.id)
                and not is_first
                and kind in (self.vector, MATRIX)
                and isinstance(e, Binary)
                and (e.sign == " " or kind == MATRIX)
            ):
                self.kinds[bare.id] = MATRIX
            elif is_capital(bare.id) and is_first and (kind == SCALAR or self._may_be_scalar(other)):
                continue  # B u_t, where u is a number: B is what it is added to
            elif is_capital(bare.id) and is_first:
                is_diagonal = self._is_diagonal(bare, other)
                self.kinds[bare.id] = self.vector if is_diagonal else MATRIX
            elif isinstance(side, Transposed) and not is_capital(bare.id):
                self.kinds[bare.id] = self.vector
            elif kind == MATRIX and not is_capital(bare.id):
                self.kinds[bare.id] = SCALAR
            elif kind == self.vector and is_first and not any(map(is_capital, self.v.weights)):
                self.kinds[bare.id] = MATRIX if isinstance(other, Symbol | Joined) else self.vector
            elif kind == self.vector and is_first and isinstance(other, Symbol) and other.id == self.v.input:
                self.kinds[bare.id] = MATRIX

    def _capitals_in_sum(self, e: Term) -> None:
        """W and U in (W - U) h are matrices, if all terms in the brackets are made of capitals and numbers."""
        names = [part for part in within(e) if isinstance(part, Symbol)]
        weights = [one for one in names if self.v.is_weight(one) and is_capital(one.id)]
        others = [one for one in names if one not in weights]
        is_of_weights = all(
            (one.step is None or is_capital(one.id)) and self.kind(one) in (None, SCALAR, MATRIX) for one in others
        )
        is_sum = not any(isinstance(part, Apply | Joined) for part in within(e))
        if weights and is_of_weights and is_sum and all(map(self._is_of_capitals, summands_of(e))):
            for one in weights:
                self.kinds.setdefault(one.id, MATRIX)

    def _is_of_capitals(self, e: Term) -> bool:
        """Whether a term of a sum has a capital, alone or in a product: W, -γ W, W V / 2, α ⊙ H_t."""
        return any(isinstance(part, Symbol) and is_capital(part.id) for part in within(e))

    def _may_be_scalar(self, e: Term) -> bool:
        """Whether a line computes a name from what can be a number alone, and it is not known yet whether it is one."""
        if not isinstance(e, Symbol) or is_capital(e.id) or self.is_guessing or self.kind(e):
            return False
        own = self.v.computed.get(e.id)
        return own is not None and self._is_dot(own.value)

    def _is_dot(self, e: Term) -> bool:
        """Whether a term is a sum of products of a row with a column, or a function of one."""
        match e:
            case Binary("+" | "-", left, right):
                return self._is_dot(left) or self._is_dot(right)
            case Binary(" " | "·", Transposed(of), right):
                return not (isinstance(of, Symbol) and is_capital(of.id)) and not isinstance(right, Transposed)
            case Minus(of):
                return self._is_dot(of)
            case Apply(function, _, (of,)):
                return function in ("norm", "sum", "mean") or self._is_dot(of)
            case Apply("dot", _, _):
                return True
        return False

    def _is_diagonal(self, weight: Symbol, other: Term) -> bool:
        """Whether a matrix is probably a peephole: W_ci c_{t-1}, or W_ic c_{t-1}."""
        if is_peephole(weight, other) and weight.id not in {d.id for d in self.diagonals}:
            self.diagonals.append(weight)
        return is_peephole(weight, other)

    def _push(self, e: Term, kind: str) -> None:
        """Names of an unknown kind get the one of the term that they are in."""
        match e:
            case Symbol(id=id) if id not in self.kinds and (id in self.v.weights or id in self.v.given):
                self.kinds[id] = kind
            case Symbol(id=id) if id in self.v.computed and id not in self.kinds:
                self.kinds[id] = kind
            case Minus(of):
                self._push(of, kind)
            case Transposed(of) if kind in (COLUMN, ROW):
                self._push(of, COLUMN if kind == ROW else ROW)
            case Apply(function, _, arguments) if function not in ("dot", "norm", "sum", "mean", "diag", "outer"):
                for argument in arguments:
                    self._push(argument, self.kind(argument) or kind)
            case Apply("diag", _, (argument,)):
                self._push(argument, self.vector)
            case Binary("^", left, _):
                self._push(left, kind)
            case Binary("⊙", left, right) if kind == MATRIX and None in (self.kind(left), self.kind(right)):
                for side in (left, right):
                    self._push(side, self.kind(side) or kind)
            case Binary("⊙" | "/", left, right):
                for side, other in ((left, right), (right, left)):
                    known = self.kind(side) or (self.kind(other) if self.kind(other) != SCALAR else kind)
                    self._push(side, known or kind)
            case Binary(sign, left, right) if sign in POINTWISE:
                for side in (left, right):
                    self._push(side, self.kind(side) or kind)
            case Binary(_, left, right):
                for side, other in ((left, right), (right, left)):
                    own, beside = self.kind(side), self.kind(other)
                    if own:
                        self._push(side, own)
                    elif beside == kind and kind == MATRIX:
                        self._push(side, SCALAR)
                    elif beside == MATRIX and kind == self.vector:
                        self._push(side, kind)
                    elif beside == kind == self.vector and isinstance(side, Symbol) and is_capital(side.id):
                        self._push(side, MATRIX)
                    elif beside == kind == self.vector or (beside == SCALAR):
                        self._push(side, kind)

    # axes

    def _axes_of_names(self) -> None:
        names: dict[str, Unknown] = {"features": self.features}
        for id in (*self.v.computed, *self.v.weights, *self.v.given, *([self.v.input] if self.v.input else [])):
            kind = self.kinds.get(id, self.vector)
            self.types[id] = self._fresh(kind, id)
        if self.v.input:
            self.types[self.v.input] = self._oriented(self.features)
        for id, declaration in self.v.declared.items():
            is_first_left_out = str(declaration.axes[0]) == "batch_size" or declaration.axes == ONE_NUMBER
            own = declaration.axes[is_first_left_out:]
            axes = [names.setdefault(str(a), Unknown(str(a), str(a))) for a in own]
            if id in self.types and id not in self.v.computed and len(axes) == 2:
                self.first_axis[id] = 1 if self.vector == COLUMN else 0  # declared as x @ W needs it
                axes = axes[::-1] if self.vector == COLUMN else axes
            if id in self.types and len(axes) == sum(a is not None for a in self.types[id]):
                for own_axis, found in zip((a for a in self.types[id] if a), axes, strict=True):
                    self.unify(own_axis, found, declaration.place)
        by_letter = {name: names.setdefault(name, Unknown(name, name)) for name in self.v.axes}
        for domain in self.v.text.domains:
            for name in domain.names:
                free = [a for a in self.types.get(name.id, (None, None)) if a]
                is_all = name.id in self.of_one
                sizes = [s for s in domain.sizes if is_all or not (isinstance(s, Number) and s.value == 1)]
                if len(free) == len(sizes):
                    for axis, size in zip(free, sizes, strict=True):
                        if length := self._length(size, by_letter):
                            self.unify(axis, length, domain.place)

    def _length(self, size: Term, by_letter: dict[str, Unknown]) -> Unknown | None:
        """The axis that a domain names, d or 2d; None if it says nothing that can be used."""
        match size:
            case Number(1):
                one = Unknown()
                one.size = 1
                return one
            case Symbol(id=id):
                return by_letter.setdefault(id, Unknown(id, letter=id))
            case Binary(" ", Number(n), Symbol() as one) if n.is_integer() and 1 < n <= MOST_PARTS:
                axis = self._length(one, by_letter)
                found = Unknown("joined")
                found.parts = (axis,) * int(n) if axis else ()
                return found
        return None

    def _fresh(self, kind: str, hint: str) -> Type:
        if kind == SCALAR:
            return None, None
        return (Unknown(hint), Unknown(hint)) if kind == MATRIX else self._oriented(Unknown(hint), kind)

    def _oriented(self, axis: Unknown, kind: str = "") -> Type:
        return (axis, None) if (kind or self.vector) == COLUMN else (None, axis)

    def unify(self, a: Unknown, b: Unknown, place: Place) -> None:
        a, b = a.root, b.root
        if a is b:
            return
        if a.parts and b.parts:
            if len(a.parts) != len(b.parts):
                raise EquationsError(phrase("sizes of different sums do not fit"), place)
            for one, other in zip(a.parts, b.parts, strict=True):
                self.unify(one, other, place)
            return
        kept, other = (b, a) if (b.name and not a.name) or (b.parts and not a.parts) else (a, b)
        if kept in {p.root for p in flat(other)} or other in {p.root for p in flat(kept)}:
            raise EquationsError(phrase("an axis cannot be a part of itself; use another name for one of these"), place)
        other.same = kept
        kept.name, kept.letter = kept.name or other.name, kept.letter or other.letter
        kept.parts = kept.parts or other.parts
        kept.size = kept.size or other.size

    def _unify_equation(self, equation: Equation) -> None:
        value = self.type(equation.value)
        if isinstance(equation.value, Apply) and equation.value.function == "split":
            self._unify_parts(equation, self.terms[id(equation.value.arguments[0])])
            return
        for name in equation.names:
            if any(value) and name.id in self.numbers:
                problem = phrase("{name} is one number for each sample, but this is a vector or a matrix", name=name.id)
                raise EquationsError(problem, equation.value.place)
            self._same(value, self.types[name.id], equation.value)

    def _unify_parts(self, equation: Equation, whole: Type) -> None:
        """The whole of a split is as long as its parts, one after another, which are equal."""
        axis = whole[0] or whole[1]
        if axis and parts_of_one(equation):
            axis.root.size = len(equation.names)
            return
        parts = [axis for name in equation.names for axis in self.types[name.id] if axis]
        for part in parts[1:]:
            self.unify(parts[0], part, equation.place)
        joined = Unknown("joined")
        joined.parts = tuple(parts)
        if axis := whole[0] or whole[1]:
            self.unify(axis, joined, equation.place)

    def _same(self, a: Type, b: Type, e: Term) -> Type:
        """Two types that are added or multiplied number by number; what is missing in one is repeated."""
        if a == (None, None) or b == (None, None):
            return b if a == (None, None) else a
        full = all(a) or all(b)
        if not full and (a[0] is None) != (b[0] is None):
            if not self._may_mix(e):
                raise misfit(e, (_kind_of_type(a), _kind_of_type(b)), self.letter)
            self.is_mixed = self.is_mixed or e
            a, b = (self._oriented(one[0] or one[1] or Unknown()) for one in (a, b))
        found: list[Unknown | None] = []
        for one, other in zip(a, b, strict=True):
            if one and other:
                self.unify(one, other, e.place)
            found.append(one or other)
        return found[0], found[1]

    def type(self, e: Term) -> Type:
        self.terms[id(e)] = found = self._type(e)
        return found

    def _type(self, e: Term) -> Type:
        match e:
            case Number():
                return None, None
            case Symbol(id=name):
                if name == "t" and e.step is None:
                    return None, None
                if self.v.is_identity(e):
                    axis = Unknown("I")
                    return axis, axis
                return self.types.get(name, (None, None))
            case Minus(of):
                return self.type(of)
            case Transposed(of):
                rows, columns = self.type(of)
                return columns, rows
            case Joined(parts):
                axes = []
                for part in parts:
                    rows, columns = self.type(part)
                    if rows and columns:
                        raise misfit(e)
                    if not (rows or columns):
                        raise EquationsError(phrase("what is joined must be vectors"), part.place)
                    axes.append(rows or columns)
                joined = Unknown("joined")
                joined.parts = tuple(a for a in axes if a)
                return self._oriented(joined)
            case Apply():
                return self._of_function(e)
            case Binary("^", left, right):
                base, exponent = self.type(left), self.type(right)
                if all(base) and isinstance(right, Minus):
                    problem = phrase("the inverse of a matrix is not read; if a line computes a matrix from weights "
                                     "alone, leave the line out: its name is a matrix of weights then")  # fmt: skip
                    raise EquationsError(problem, e.place)
                return self._same(base, exponent, e) if any(base) and any(exponent) else base
            case Binary(sign, left, right) if sign in POINTWISE:
                return self._same(self.type(left), self.type(right), e)
            case Binary("⊗", left, right):
                a, b = self.type(left), self.type(right)
                return a[0] or a[1], b[0] or b[1]
            case Binary(" ", left, right) if id(e) in self.scaled and self.kind(left) == self.vector:
                (rows, columns), found = self.type(left), self.type(right)
                self.unify(rows or columns or Unknown(), found[0] or Unknown(), e.place)
                return found
            case Binary(_, left, right):
                return self._product(e, self.type(left), self.type(right))
        raise AssertionError(e)

    def _product(self, e: Binary, a: Type, b: Type) -> Type:
        if a == (None, None) or b == (None, None):
            return b if a == (None, None) else a
        if a[1] is None and b[0] is None:  # a column and a row
            return a[0], b[1]
        if not a[1] and all(b) and any(e.left is q for q in self.rows):
            self.unify(a[0] or Unknown(), b[0] or Unknown(), e.place)
            return b[1], None
        if a[1] and b[0]:
            sides = [(bare_of(side), isinstance(side, Transposed), n) for side, n in ((e.left, 1), (e.right, 0))]
            for bare, turned, n in sides:
                factors = map(bare_of, (*factors_of(e.left), *factors_of(e.right)))
                is_alone = not all(map(self.v.is_weight, factors))
                if self.v.is_weight(bare) and isinstance(bare, Symbol) and is_alone:
                    self.first_axis.setdefault(bare.id, 1 - n if turned else n)
            self.unify(a[1], b[0], e.place)
            return a[0], b[1]
        if (a[1] is None) == (b[1] is None) and (a[0] is None) == (b[0] is None):
            is_product = isinstance(e.right, Binary) and e.right.sign == " " and all(self.terms[id(e.right.left)])
            if is_product and is_sum_with_number(e.left):
                problem = phrase("a vector stands before a product with a matrix; write {example}",
                                 example=r"(1 - z_t) \odot (W x_t)")  # fmt: skip
                raise EquationsError(problem, e.place)
            return self._same(a, b, e)
        raise misfit(e, (_kind_of_type(a), _kind_of_type(b)), self.letter)

    def _of_function(self, e: Apply) -> Type:
        types = [self.type(a) for a in e.arguments]
        if e.index == (SLOTS,):
            return types[0]
        match e.function:
            case "dot":
                self._pair(types, e)
                return None, None
            case "norm":
                return None, None
            case "sum" | "mean" if not e.index:
                return None, None
            case function if function in LESS_AXES and e.index and None in types[0]:
                return None, None
            case "outer":
                a, b = self._pair(types, e)
                return a[0] or a[1], b[0] or b[1]
            case "diag":
                axis = types[0][0] or types[0][1]
                return axis, axis
            case "concat":
                joined = Joined(e.arguments, e.place)
                return self.type(joined)
        found: Type = (None, None)
        for one in types:
            found = self._same(found, one, e)
        return found

    def _pair(self, types: list[Type], e: Apply) -> list[Type]:
        if len(types) != 2:
            raise EquationsError(
                phrase("{function} has other arguments; write it like {example}", function=e.function,
                       example=f"{e.function}(a, b)"), e.place
            )  # fmt: skip
        if e.function == "dot":
            a, b = (one[0] or one[1] for one in types)
            if a and b:
                self.unify(a, b, e.place)
        return types


def _is_of_row(e: Term, rows: set[str]) -> bool:
    """Whether a term is a sum with a product of a row of weights and a vector, or a function of one: a number."""
    match e:
        case Binary("+" | "-", left, right):
            return _is_of_row(left, rows) or _is_of_row(right, rows)
        case Binary(" ", left, right):
            return any(isinstance(side, Symbol) and side.id in rows for side in (left, right))
        case Minus(of) | Apply(_, (), (of,)):
            return _is_of_row(of, rows)
    return False


def _kind_of_type(of: Type) -> str:
    rows, columns = of
    return MATRIX if rows and columns else COLUMN if rows else ROW if columns else SCALAR


def first_argument(equation: Equation) -> Term:
    """What a line splits."""
    assert isinstance(equation.value, Apply)
    return equation.value.arguments[0]


def bare_of(e: Term) -> Term:
    """A term without its transposition."""
    return e.of if isinstance(e, Transposed) else e


def _is_small(e: Term) -> bool:
    """Whether a term is a name with a small letter, which is a vector in a product such as wᵀ h."""
    return isinstance(e, Symbol) and not is_capital(e.id) and not is_greek(e.id)


def flat(axis: Unknown) -> Iterator[Unknown]:
    for part in axis.root.parts:
        yield part
        yield from flat(part)


def typed(e: Term, t: str) -> str:
    """A short term as papers write it, where ``t`` is the letter of the step; nothing for a longer one."""
    match e:
        case Symbol(id=id, step=step):
            found = id if step is None else f"{id}_{t}" if not step else f"{id}_{{{t}{step}}}"
        case Transposed(of):
            found = f"{inner}ᵀ" if (inner := typed(of, t)) else ""
        case Binary(" " | "⊙" as sign, left, right):
            pair = typed(left, t), typed(right, t)
            found = (" " if sign == " " else f" {sign} ").join(pair) if all(pair) else ""
        case _:
            found = ""
    return found if len(found) <= MOST_TYPED else ""


def misfit(e: Term, kinds: tuple[str | None, str | None] = (None, None), t: str = "t") -> EquationsError:
    """What stands there cannot be multiplied or added, as a matrix, row or column."""
    match e:
        case Binary(sign, left, right):
            words = {MATRIX: phrase("a matrix"), COLUMN: phrase("a column"), ROW: phrase("a row")}
            found = [(typed(side, t), words.get(kind or "")) for side, kind in zip((left, right), kinds, strict=True)]
            if all(name and kind for name, kind in found):
                (a, one), (b, other) = found
                problem = phrase("{a} is {one}, but {b} is {other}; write ᵀ where a vector is turned", a=a, one=one,
                                 b=b, other=other)  # fmt: skip
                if sign not in POINTWISE:
                    problem = phrase("{a} is {one}, but {b} is {other}, which is no product; write W x or x W in all "
                                     "lines, and vᵀ for a row", a=a, one=one, b=b, other=other)  # fmt: skip
                return EquationsError(problem, e.place)
            if sign in POINTWISE:
                problem = phrase("a row and a column, or a vector and a matrix, stand on both sides of {sign}; write ᵀ "
                                 "where a vector is turned", sign=sign)  # fmt: skip
                return EquationsError(problem, e.place)
    problem = phrase("this is no product of a matrix with a vector; write W x or x W in all lines, and vᵀ for a row")
    return EquationsError(problem, e.place)
