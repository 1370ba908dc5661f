"""Whether terms are scalars, vectors or matrices: from what stands beside them."""

from dataclasses import dataclass, field

from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import (
    FEATURE,
    POINTWISE,
    SLOTS,
    SUMS,
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
from ..parsing.terms import bare_of, is_capital, is_greek, is_peephole, summands_of
from ..vocabulary.usual_letters import WEIGHTS
from .misfits import misfit
from .orientation import (
    COLUMN,
    MATRIX,
    ROW,
    SCALAR,
)

LESS_AXES = ("sum", "mean", "max", "min")
"""Functions that leave out the axes along which they are."""


@dataclass(eq=False)
class Kinds:
    """The kinds of all names and terms of a text. ``vector`` is the kind of a vector: of columns or rows.
    ``is_lenient``: whether a row may be added to a column; ``is_mixed`` is the first such sum. ``rows`` are vectors
    that stand before a matrix, where they are columns elsewhere. ``scaled`` are products of a vector and a matrix that
    mean diag(a) S. ``sizes`` are the names of axes."""

    v: NamesOfText
    vector: str
    is_lenient: bool = False
    kinds: dict[str, str] = field(default_factory=dict)
    diagonals: list[Symbol] = field(default_factory=list)
    rows: list[Symbol] = field(default_factory=list)
    is_guessing: bool = False
    is_mixed: Term | None = None
    scaled: dict[int, Binary] = field(default_factory=dict)
    seen: dict[int, str | None] = field(default_factory=dict)
    seen_with: int = 0
    sizes: frozenset[str] = frozenset()

    @property
    def letter(self) -> str:
        return self.v.text.step.strip("_^()")

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
                if function in ("dot", "norm", FEATURE) or (function in ("sum", "mean") and not e.index):
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
                and (e.sign in " ·" or kind == MATRIX)
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
                is_small = bare.id[0] in WEIGHTS and not is_greek(bare.id)  # S_t u of a state
                is_behind = not is_first and not is_greek(bare.id) and (self.v.is_weight(other) or is_small)
                self.kinds[bare.id] = self.vector if is_behind else SCALAR
            elif kind == self.vector and is_first and not any(map(is_capital, self.v.weights)):
                self.kinds[bare.id] = MATRIX if isinstance(other, Symbol | Joined) else self.vector
            elif kind == self.vector and is_first and isinstance(other, Symbol) and other.id == self.v.input:
                self.kinds[bare.id] = MATRIX

    def _capitals_in_sum(self, e: Term) -> None:
        """W and U in (W - U) h are matrices, if all terms in the brackets are made of capitals and numbers."""
        names = [part for part in within(e) if isinstance(part, Symbol)]
        below = [
            one for part in within(e) if isinstance(part, Binary) and part.sign == "/" for one in within(part.right)
        ]
        weights = [one for one in names if self.v.is_weight(one) and is_capital(one.id) and one not in below]
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
            case Minus(of) | Binary("^", of, _):
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


def _is_small(e: Term) -> bool:
    """Whether a term is a name with a small letter, which is a vector in a product such as wᵀ h."""
    return isinstance(e, Symbol) and not is_capital(e.id) and not is_greek(e.id)
