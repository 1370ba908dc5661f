"""Which names are scalars, vectors or matrices: what declarations, sentences and letters say."""

from dataclasses import dataclass, field

from ...syntax import ONE_NUMBER
from ..parsing.paper_syntax import (
    FEATURE,
    POINTWISE,
    PRODUCT,
    Apply,
    Binary,
    Equation,
    Minus,
    Number,
    Symbol,
    Term,
    Transposed,
    within,
)
from ..parsing.terms import bare_of, factors_of, is_capital, is_greek, is_one, parts_of_one, summands_of
from ..vocabulary.usual_letters import IDENTITY, POTENTIALS, PROJECTIONS, SIZE, VECTORS
from .kinds import Kinds
from .misfits import misfit
from .orientation import (
    COLUMN,
    MATRIX,
    ROW,
    SCALAR,
    has_outer,
    is_outer,
    rows_of_weights,
)


@dataclass(eq=False)
class KindsOfNames(Kinds):
    """``numbers`` are the computed tensors that are one number for each sample: whether the text says so, or it follows
    from a product with a matrix. ``in_ranges`` are others that are so as they are in an interval. ``of_one`` are
    weights with one row or column that are matrices in products."""

    numbers: dict[str, bool] = field(default_factory=dict)
    in_ranges: set[str] = field(default_factory=set)
    of_one: dict[str, Symbol] = field(default_factory=dict)

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
        self.kinds.update({id: SCALAR for id, own in self.v.computed.items() if is_feature(own.value)})
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
        self.kinds.update({id: self.vector for id in self._expansions() if id not in self.kinds})
        for id in self.v.weights:
            if is_greek(id) and not self.is_in_pointwise(id):
                self.kinds.setdefault(id, SCALAR)
        for id, symbol in self.v.weights.items():
            if id == SIZE or symbol.label in POTENTIALS:
                self.kinds.setdefault(id, SCALAR)
        self.kinds.update(dict.fromkeys(self._numbers_of_matrices() - self.kinds.keys(), SCALAR))
        self.kinds.update(dict.fromkeys(self._vectors_of_matrices() - self.kinds.keys(), self.vector))
        vectors = self._operands_of_outer()
        for id in self.v.given:
            if id in vectors:
                self.kinds.setdefault(id, self.vector)
            if id[0].lower() in VECTORS or id in PROJECTIONS or (is_greek(id) and self._is_joined(id)):
                self.kinds.setdefault(id, self.vector)
            elif is_greek(id) and not self.is_in_pointwise(id):
                self.kinds.setdefault(id, SCALAR)
        if self.v.is_identity(IDENTITY):
            self.kinds[IDENTITY] = MATRIX

    def _expansions(self) -> set[str]:
        """The weights that make a vector of one feature, β_j of β_j x_{t,j}, where others with this index are
        vectors: α_j ⊙ h_j or η_jᵀ h_j."""
        terms = [e for own in self.v.computed.values() for e in within(own.value)] if self.v.slot_of_input else []
        slotted = {*self.v.text.slots} & {*self.v.weights} - {SIZE}
        turned = {e.of.id for e in terms if isinstance(e, Transposed) and isinstance(e.of, Symbol)}
        if not any(id in turned or self.is_in_pointwise(id) for id in slotted):
            return set()
        return {
            e.left.id
            for e in terms
            if isinstance(e, Binary) and isinstance(e.left, Symbol) and isinstance(e.right, Symbol)
            and e.left.id in slotted and e.right.id == self.v.slot_of_input and not is_capital(e.left.id)
        }  # fmt: skip

    def _find_numbers(self) -> None:
        """Tensors that are one number: β_t ∈ ℝ, and a Greek letter before an outer product, β_t v_t k_tᵀ. A matrix in
        the product that such a line computes is a vector: β_t = σ(W_β x_t)."""
        domains = [domain for domain in self.v.text.domains if not domain.sizes]
        self.numbers = {name.id: True for domain in domains for name in domain.names if name.id in self.v.computed}
        computed = self.v.computed.items()
        outer = {id for id, e in computed if any(is_outer(part, self.vector) for part in summands_of(e.value))}
        for equation in self.v.computed.values():
            for e in within(equation.value):
                first, *others = factors_of(e)
                if others and isinstance(first, Symbol) and is_greek(first.id):
                    is_state = isinstance(others[0], Symbol) and others[0].id in outer
                    own = self.v.computed.get(first.id)
                    is_open = own and first.id not in self.kinds and not self._is_dot(own.value)
                    if is_open and (is_state or has_outer(others, self.vector)):
                        self.numbers.setdefault(first.id, False)
        self.in_ranges = self._numbers_in_ranges() - self.numbers.keys()
        for id in (*self.numbers, *sorted(self.in_ranges)):
            self.kinds[id] = SCALAR
            self._vectors_of_number(self.v.computed[id].value)

    def _numbers_in_ranges(self) -> set[str]:
        """Tensors in an interval of numbers, β_t ∈ [0, 1], before a product, if nothing says that they are vectors."""
        in_ranges = {name.id for name in (*self.v.text.ranges, *self.v.text.said_ranges) if name.id in self.v.computed}
        terms = [e for own in self.v.computed.values() for e in within(own.value)] if in_ranges else []
        first = {
            e.id for e in (factors_of(term)[0] for term in terms if len(factors_of(term)) > 1) if isinstance(e, Symbol)
        }
        is_open = in_ranges & first - self.kinds.keys()
        return {
            id
            for id in is_open
            if not (is_capital(id) or self.is_in_pointwise(id) or self._is_dot(self.v.computed[id].value))
        }

    def _numbers_of_matrices(self) -> set[str]:
        """Small letters that no line computes, before an outer product, i v kᵀ, or before a state that is a matrix, in
        g S (I - …) and g * S: a number for each of their samples."""
        found = set[str]()
        for e in (e for equation in self.v.computed.values() for e in within(equation.value)):
            match factors_of(e):
                case [Symbol(id, int()), *others] if has_outer(others, self.vector):
                    found.add(id)
                case [Symbol(id, int()), Symbol(state, -1), _, *_] if state in self.v.matrices:
                    found.add(id)
            match e:
                case Binary("⊙", Symbol(id, step), right) if step is not None or not isinstance(right, Symbol):
                    parts = [factors_of(part) for part in summands_of(right)]
                    is_state = any(isinstance(first, Symbol) and first.id in self.v.matrices for first, *_ in parts)
                    if is_state or any(has_outer(part, self.vector) for part in parts):
                        found.add(id)
                case Binary(" ", Binary("⊙", Symbol(id), _), Transposed()) if is_greek(id):
                    found.add(id)
        numbers = self.v.given.keys() | {id for id in self.v.weights if is_greek(id)}
        return {id for id in found & numbers if not is_capital(id)}

    def _vectors_of_matrices(self) -> set[str]:
        """Small letters that no line computes, behind a state that is a matrix at the end of a product: S β."""
        found, inner = set[str](), set[int]()
        for e in (e for equation in self.v.computed.values() for e in within(equation.value)):
            if not isinstance(e, Binary) or e.sign != " ":
                continue
            inner.add(id(e.left))
            match factors_of(e)[-2:]:
                case [Symbol(state) | Transposed(Symbol(state)), Symbol(name, int())] if state in self.v.matrices:
                    found |= {name} if id(e) not in inner and self.vector == COLUMN else set()
        return {name for name in found & self.v.given.keys() if not is_capital(name)}

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
            case Minus(of) | Binary("^", of, _):
                self._vectors_of_number(of)
            case Apply(_, (), (first, *others)):
                for of in (first, *others):
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

    def is_in_pointwise(self, id: str) -> bool:
        """Whether a name is a factor of ⊙ somewhere, the diagonal of a matrix, or what a line computes it from."""
        for equation in self.v.computed.values():
            for e in within(equation.value):
                if isinstance(e, Apply) and e.function == "diag":
                    inside = {part.id for one in e.arguments for part in within(one) if isinstance(part, Symbol)}
                    lines = [own for name in inside if (own := self.v.computed.get(name)) and own.names[0].step is None]
                    inside |= {part.id for own in lines for part in within(own.value) if isinstance(part, Symbol)}
                    if id in inside:
                        return True
                if isinstance(e, Binary) and e.sign == "⊙":
                    for side in (e.left, e.right):
                        bare = side.arguments[0] if isinstance(side, Apply) and len(side.arguments) == 1 else side
                        if isinstance(bare, Binary) and bare.sign == "-" and is_one(bare.left):  # (1 - γ) ⊙ μ_t
                            bare = bare.right
                        if isinstance(bare, Symbol) and bare.id == id:
                            return True
        return False


def is_feature(e: Term) -> bool:
    """Whether a term is a number of the input."""
    return isinstance(e, Apply) and e.function == FEATURE


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


def first_argument(equation: Equation) -> Term:
    """What a line splits."""
    assert isinstance(equation.value, Apply)
    return equation.value.arguments[0]
