"""Terms of papers as expressions of the cell language: functions, products and sums, with the axes that they need."""

from collections.abc import Callable
from dataclasses import dataclass

from ....core.axes import NUM_UNITS, Axis
from ....translations.phrases import phrase
from ...function_syntax import FUNCTIONS, OVER_AXES, UNARY
from ...limits import MAX_EXPANDED
from ...names import PREVIOUS
from ...places_and_errors import EquationsError, Place
from ...syntax import (
    SLICE,
    Call,
    Expression,
    Name,
    Operation,
)
from ...syntax import Minus as Negative
from ...syntax import Number as Value
from ..lines.equations_in_sentences import readable
from ..parsing.paper_syntax import (
    FEATURE,
    OUR_SIGNS,
    POINTWISE,
    PRODUCT,
    SLOTS,
    Apply,
    Binary,
    Joined,
    Minus,
    Number,
    Symbol,
    Term,
    Transposed,
    within,
)
from ..parsing.terms import bare_of
from ..refused_forms import unknown_function
from ..rewriting.shifts import AHEAD, ROLLED
from ..shapes.unknown_axes import Unknown
from ..vocabulary.function_words import PIECEWISE
from .names_of_axes import NamesOfAxes

OLDER = "_old"
"""The end of the name of a state that keeps an older step."""


SLOPE = 0.01
"""The slope of a leaky ReLU below 0, where a text does not say it."""


@dataclass(eq=False)
class Expressions(NamesOfAxes):
    """``line`` are the axes of what the line computes, and ``parts`` how many tensors these are."""

    line: tuple[Unknown | None, Unknown | None] = (None, None)
    expanded: int = 0
    parts: int = 1

    def write(self, e: Term) -> Expression:
        match e:
            case Number(value, place):
                return Value(value, place)
            case Symbol():
                return self._name(e)
            case Minus(of, place):
                return Negative(self.write(of), place)
            case Transposed(of):
                return self.write(of)
            case Joined(parts, place):
                return Call("concat", tuple(map(self.write, parts)), place)
            case Apply():
                return self._call(e)
            case Binary(sign, left, right, place) if sign in "+-/<>≤≥≠≐⊙^":
                return Operation(OUR_SIGNS.get(sign, sign), self.write(left), self.write(right), place)
            case Binary():
                return self._product(e)
        raise AssertionError(e)

    def _sum_over_slots(self, e: Term, place: Place) -> Expression:
        """A sum over slots; that of numbers times vectors is a product with a matrix."""
        match e:
            case Binary(" " | "·" | "⊙", left, right) if self.is_slotted(left) and self.is_slotted(right):
                kinds = [any(self.shapes.terms[id(side)]) for side in (left, right)]
                if sorted(kinds) == [False, True]:
                    number, vector = (left, right) if kinds[1] else (right, left)
                    return Operation("@", self.write(number), self.write(vector), place)
        return Call("sum", (self.write(e), Name(self.axis_of_slots, place)), place)

    def _rolled(self, e: Expression, is_ahead: bool, place: Place) -> Expression:
        """A tensor whose slots are shifted by one, and whose last or first one comes to the other end."""
        slots, one = Name(self.axis_of_slots, place), Value(1.0, place)
        last = Operation("-", slots, one, place)
        cut = last if is_ahead else one
        parts = (Call(SLICE, (e, cut), place), Call(SLICE, (e, Value(0.0, place), cut), place))
        return Call("concat", parts, place)

    def _name(self, e: Symbol) -> Expression:
        name = self.v.name(e.id)
        step = e.step or 0
        if e.id in self.v.sizes and e.id in self.v.weights:
            axis = self.line[1] or self.line[0]
            return self._axis_name(self.axis(axis) if axis else NUM_UNITS, e.place)
        if self.v.is_identity(e):
            problem = phrase(
                "I stands alone; write it in a product, such as {example}", example="S_{t-1} (I - k_t k_t^T)"
            )
            raise EquationsError(problem, e.place)
        if step == -1:
            return Name(f"{name}{PREVIOUS}", e.place)
        if step < -1:
            return Name(f"{name}{OLDER}{-step - 1 if step < -2 else ''}{PREVIOUS}", e.place)
        return Name(name, e.place)

    def _axis_of(self, e: Term) -> Unknown:
        rows, columns = self.shapes.terms[id(e)]
        found = columns or rows
        if not found:
            raise EquationsError(phrase("this is a number for each sample, which has no axis"), e.place)
        return found

    def _axis_name(self, axis: Axis, place: Place) -> Expression:
        parts: list[Expression] = [
            Name(name, place) if n == 1 else Operation("*", Value(float(n), place), Name(name, place), place)
            for n, name in axis.terms
        ]
        found = parts[0]
        for part in parts[1:]:
            found = Operation("+", found, part, place)
        return found

    def _call(self, e: Apply) -> Expression:
        function, place = self.v.function(e), e.place
        arguments = tuple(map(self.write, e.arguments))
        match function:
            case "max" | "min" if len(arguments) == 2:
                return Call(f"{function}imum", arguments, place)
            case "identity" if len(arguments) == 1:
                return arguments[0]
            case _ if function == ROLLED:
                return self._rolled(arguments[0], e.index[0] == AHEAD, place)
            case _ if function == FEATURE:
                n = int(e.index[0])
                return Call(SLICE, (*arguments, Value(float(n), place), Value(float(n + 1), place)), place)
            case "split" if len(arguments) == 1:
                return Call("split", (*arguments, Value(float(self.parts), place)), place)
            case "log" if isinstance(arguments[0], Call) and arguments[0].function == "sigmoid":
                return Call("logsigmoid", arguments[0].arguments, place)
            case "sum" if e.index == (SLOTS,):
                return self._sum_over_slots(e.arguments[0], place)
            case _ if function in (*OVER_AXES, "cumax"):
                if self.is_slotted(e.arguments[0]) and not any(self.shapes.terms[id(e.arguments[0])]):
                    return Call(function, (*arguments, Name(self.axis_of_slots, place)), place)
                is_written = e.function == function  # the index of a function that is named so is no axis
                names: list[Expression] = [Name(one, place) for one in e.index if is_written]
                axis = names or [self._axis_name(self.axis(self._axis_of(e.arguments[0])), place)]
                if function == "cumax":  # of Ordered Neurons, Shen and others, 2019
                    return Call("cumsum", (Call("softmax", (*arguments, *axis), place), *axis), place)
                return Call(function, (*arguments, *axis), place)
            case "diag":
                problem = phrase("diag is read in a product with a vector or a matrix")
                raise EquationsError(problem, place)
            case "dot":
                return self._dot(e.arguments[0], e.arguments[1], place)
            case _ if function in PIECEWISE and len(arguments) == 1:
                return _piecewise(function, arguments[0], place, self.v.text.slope or SLOPE)
            case _ if function not in (*FUNCTIONS, "split"):
                _, said = self.v.text.unread.get(function, (None, ""))
                raise unknown_function(function, place, len(arguments), readable(said))
        return Call(function, arguments, place)

    def _dot(self, left: Term, right: Term, place: Place) -> Expression:
        a, b = self.write(left), self.write(right)
        is_product = any(self.v.text.slots.get(getattr(side, "id", "")) == PRODUCT for side in (left, right))
        is_of_all = is_product or self.is_slotted(left) == self.is_slotted(right)
        if self.v.is_weight(bare_of(left)) and is_of_all:
            return Operation("@", b, a, place)
        if self.v.is_weight(bare_of(right)) and is_of_all:
            return Operation("@", a, b, place)
        return Call("dot", (a, b), place)

    def _product(self, e: Binary) -> Expression:
        (a, b), (c, d) = self.shapes.terms[id(e.left)], self.shapes.terms[id(e.right)]
        if id(e) in self.shapes.scaled and (a or b):
            return Operation("*", self.write(e.left), self.write(e.right), e.place)
        if e.sign == "⊗" or (a and b is None and c is None and d):
            return self._outer(self.write(e.left), self.write(e.right), a or b, c or d, e.place)
        if isinstance(e.right, Number) and e.right.value == 1 and e.sign == " ":
            return self.write(e.left)
        if any(e.left is q for q in self.shapes.rows):
            return Operation("@", self.write(e.left), self.write(e.right), e.place)
        if b is None or c is None or not (b and c):
            return Operation("*", self.write(e.left), self.write(e.right), e.place)
        if _is_structured(e.right, self):
            return self._times(self.write(e.left), self.shapes.terms[id(e.left)], e.right, e.place)
        if _is_structured(e.left, self):
            return self._before(e.left, self.write(e.right), self.shapes.terms[id(e.right)], e.place)
        return self._contraction(e)

    def _outer(
        self, left: Expression, right: Expression, a: Unknown | None, b: Unknown | None, place: Place
    ) -> Expression:
        if not (a and b):
            raise EquationsError(phrase("an outer product has two vectors; this has a number"), place)
        if self.axis(a) == self.axis(b):
            right = self._identity(right, self.axis(b), self.second(b), place)
        return Call("outer", (left, right), place)

    def _identity(self, e: Expression, of: Axis, to: Axis, place: Place) -> Expression:
        axes = (self._axis_name(of, place), self._axis_name(to, place))
        return Operation("@", e, Call("identity", axes, place), place)

    def _contraction(self, e: Binary) -> Expression:
        """A product that is summed over an axis: the cell language has the matrix of weights on the right."""
        place = e.place
        left, right = self.write(e.left), self.write(e.right)
        (a, b), (_, d) = self.shapes.terms[id(e.left)], self.shapes.terms[id(e.right)]
        weight_left, weight_right = (self.v.is_weight(bare_of(side)) for side in (e.left, e.right))
        if d is None and self.is_masked(e.left):
            return Operation("@", right, self._masked(e.left, 1), place)
        if a is None and self.is_masked(e.right):
            return Operation("@", left, self._masked(e.right, 0), place)
        if a is None and d is None:
            return self._dot(e.left, e.right, place)
        if weight_left and not (weight_right and not self.is_slotted(e.right)):
            if d is None:
                return Operation("@", right, self._turned(e.left, left, 1), place)
            return Call("dot", (self._turned(e.left, left, 0), right), place)
        if weight_right:
            return Operation("@", left, self._turned(e.right, right, 0), place)
        bare = bare_of(e.left)
        if d is None and isinstance(bare, Symbol) and self._is_turned_with_weights(bare.id):
            return Operation("@", right, left, place)
        if d is None and isinstance(bare, Symbol) and bare.step is None and bare.id in self.v.computed:
            problem = phrase("{name} is a matrix that a line computes from weights, which is not read before a vector; "
                             "write it as a matrix of weights", name=bare.id)  # fmt: skip
            raise EquationsError(problem, bare.place)
        if isinstance(e.right, Transposed) and a is None:  # r Sᵀ
            return Operation("@", right, left, place)
        if isinstance(e.left, Transposed) and d is None:  # Sᵀ r
            return Operation("@", right, left, place)
        if a and b and self.axis(a) == self.axis(b):  # a matrix with one axis twice, whose columns have the second name
            right = self._identity(right, self.axis(b), self.second(b), place)
            return Operation("@", left, right, place)
        return Operation("@", left, right, place)

    def _is_turned_with_weights(self, id: str) -> bool:
        """Whether a line computes a matrix from one of weights number by number, sign(W). Its axes, and those of the
        weights, are in the order in which it is multiplied with a vector, columns first."""
        own = self.v.computed.get(id)
        parts = [*within(own.value)] if own and own.names[0].step is None else []
        weights = [e.id for e in parts if isinstance(e, Symbol) and all(self.shapes.types.get(e.id, (None,)))]
        is_pointwise = all(
            isinstance(e, Number | Symbol | Minus)
            or (isinstance(e, Binary) and e.sign in (*POINTWISE, "^"))
            or (isinstance(e, Apply) and e.function in (*UNARY, *PIECEWISE))
            for e in parts
        )
        if not (weights and is_pointwise and all(one in self.v.weights for one in weights)):
            return False
        return all(self.shapes.first_axis.setdefault(one, 1) == 1 for one in weights)

    def _turned(self, term: Term, written: Expression, joined: int) -> Expression:
        """A matrix of weights, transposed if the axis that is joined is not its first one. ``joined``: 0 if these are
        the rows of the term, 1 if its columns."""
        bare = bare_of(term)
        assert isinstance(bare, Symbol)
        if isinstance(term, Transposed):
            joined = 1 - joined
        is_first = self.shapes.first_axis.setdefault(bare.id, joined) == joined
        if not all(self.shapes.types[bare.id]) or is_first:
            return written
        return Call("transpose", (written,), term.place)

    def is_masked(self, e: Term) -> bool:
        """Whether a matrix is a product of matrices of weights, element by element: W ⊙ M."""
        match e:
            case Binary("⊙", left, right):
                return all(self.v.is_weight(bare_of(side)) or self.is_masked(side) for side in (left, right))
        return False

    def _masked(self, e: Term, joined: int) -> Expression:
        """A product of matrices of weights, each turned so that the axis that is joined is its first one."""
        if isinstance(e, Binary):
            return Operation("*", self._masked(e.left, joined), self._masked(e.right, joined), e.place)
        return self._turned(e, self.write(e), joined)

    def _count(self, place: Place) -> None:
        """EquationsError if products of sums become too many terms."""
        self.expanded += 1
        if self.expanded > MAX_EXPANDED:
            raise EquationsError(phrase("too many products of sums; give some of them a name"), place)

    def _distributed(self, e: Term, with_part: Callable[[Term], Expression], place: Place) -> Expression | None:
        """The product with a negative, a sum or a multiple, as the same of products with its parts; None with another
        term."""
        match e:
            case Minus(of):
                return Negative(with_part(of), place)
            case Binary("+" | "-" as sign, a, b):
                return Operation(sign, with_part(a), with_part(b), place)
            case Binary(sign, a, b) if not any(self.shapes.terms[id(a)]) and sign != "/":
                return Operation("*", self.write(a), with_part(b), place)
            case Binary("/", a, b) if not any(self.shapes.terms[id(b)]):
                return Operation("/", with_part(a), self.write(b), place)
            case Binary(_, a, b) if not any(self.shapes.terms[id(b)]):
                return Operation("*", self.write(b), with_part(a), place)
        return None

    def _times(self, left: Expression, own: tuple[Unknown | None, Unknown | None], e: Term, place: Place) -> Expression:
        """left · e"""
        self._count(place)

        def with_part(part: Term) -> Expression:
            return self._times(left, own, part, place)

        match e:
            case Symbol() if self.v.is_identity(e):
                return left
            case Apply("diag", _, (w,)):
                return Operation("*", left, self.write(w), place)
            case Minus() | Binary() if distributed := self._distributed(e, with_part, place):
                return distributed
            case Binary(_, a, b) if self.shapes.terms[id(a)][1] is None and self.shapes.terms[id(b)][0] is None:
                factor, u = _leading_factor(a, self)
                if own[0] is None:
                    made: Expression = Operation("*", Call("dot", (left, self.write(u)), place), self.write(b), place)
                else:
                    first, second = (self._of_columns(self.write(side), own, place) for side in (u, b))
                    made = Call("outer", (Operation("@", left, first, place), second), place)
                return Operation("*", self.write(factor), made, place) if factor else made
            case Binary(" " | "·", a, b):
                return self._times(self._times(left, own, a, place), own, b, place)
        is_weight = self.v.is_weight(bare_of(e)) or self.is_masked(e)
        turned = self._masked(e, 0) if is_weight else self.write(e)
        return Operation("@", left, turned, place)

    def _of_columns(self, e: Expression, own: tuple[Unknown | None, Unknown | None], place: Place) -> Expression:
        """A vector behind a matrix, with the second name of its axis if the matrix has this axis twice."""
        rows, columns = own
        if rows and columns and self.axis(rows) == self.axis(columns):
            return self._identity(e, self.axis(rows), self.second(rows), place)
        return e

    def _before(
        self, e: Term, right: Expression, own: tuple[Unknown | None, Unknown | None], place: Place
    ) -> Expression:
        """e · right"""
        self._count(place)

        def with_part(part: Term) -> Expression:
            return self._before(part, right, own, place)

        match e:
            case Symbol() if self.v.is_identity(e):
                return right
            case Apply("diag", _, (w,)):
                return Operation("*", self.write(w), right, place)
            case Minus() | Binary() if distributed := self._distributed(e, with_part, place):
                return distributed
            case Binary(_, a, b) if self.shapes.terms[id(a)][1] is None and self.shapes.terms[id(b)][0] is None:
                factor, u = _leading_factor(a, self)
                if own[1] is None:
                    dot = Call("dot", (self.write(b), right), place)
                    made: Expression = Operation("*", dot, self.write(u), place)
                else:
                    made = Call("outer", (self.write(u), Operation("@", self.write(b), right, place)), place)
                return Operation("*", self.write(factor), made, place) if factor else made
            case Binary(" " | "·", a, b):
                return self._before(a, self._before(b, right, own, place), own, place)
        if self.is_masked(e) and own[1] is None:
            return Operation("@", right, self._masked(e, 1), place)
        if self.v.is_weight(bare_of(e)) and own[1] is None:
            return Operation("@", right, self._turned(e, self.write(e), 1), place)
        if self.v.is_weight(bare_of(e)):
            return Call("dot", (self._turned(e, self.write(e), 0), right), place)
        return Operation("@", self.write(e), right, place)


def _piecewise(function: str, a: Expression, place: Place, slope: float) -> Expression:
    """A function of papers, with ours. The hard sigmoid is that of Keras 1 and Theano."""

    def number(value: float) -> Expression:
        return Value(float(value), place) if value >= 0 else Negative(Value(float(-value), place), place)

    def between(low: float, high: float, of: Expression) -> Expression:
        return Call("maximum", (number(low), Call("minimum", (number(high), of), place)), place)

    def scaled(factor: float) -> Expression:
        return Operation("*", number(factor), a, place)

    match function:
        case "hard_sigmoid":
            return between(0, 1, Operation("+", scaled(0.2), number(0.5), place))
        case "hard_tanh":
            return between(-1, 1, a)
        case "leaky_relu":
            return Call("maximum", (a, scaled(slope)), place)
        case "relu6":
            return between(0, 6, a)
        case "round":
            return Call("where", (Operation(">", a, number(0.5), place), number(1), number(0)), place)
    return Call("where", (Operation(">", a, number(0), place), number(1), number(-(function == "sign"))), place)


def _leading_factor(e: Term, w: Expressions) -> tuple[Term | None, Term]:
    """β and k of β k."""
    if isinstance(e, Binary) and e.sign in (" ", "·", "⊙") and not any(w.shapes.terms[id(e.left)]):
        return e.left, e.right
    return None, e


def _is_structured(e: Term, w: Expressions) -> bool:
    """Whether a matrix is made of I, diag(w) and products of two vectors, so that it need not be computed."""
    rows, columns = w.shapes.terms[id(e)]
    if not (rows and columns):
        return False
    match e:
        case Symbol():
            return w.v.is_identity(e)
        case Apply("diag", _, _):
            return True
        case Minus(of):
            return _is_structured(of, w)
        case Binary("+" | "-", left, right):
            return all(_is_writable(side, w) for side in (left, right))
        case Binary("/", left, right) if not any(w.shapes.terms[id(right)]):
            return _is_structured(left, w)
        case Binary(sign, left, right) if sign in " ·⊙":
            a, b = w.shapes.terms[id(left)], w.shapes.terms[id(right)]
            if sign == "⊙" and all(a) and all(b):
                return False
            if not any(a):
                return _is_structured(right, w)
            if not any(b):
                return _is_structured(left, w)
            if a[1] is None and b[0] is None:
                return True
            return all(_is_writable(side, w) for side in (left, right))
    return False


def _is_writable(e: Term, w: Expressions) -> bool:
    """Whether a product with a matrix needs no other product before it: it is a weight, a multiple of one, or made of
    I, diag(w) and products of two vectors."""
    if isinstance(e, Binary) and e.sign in " ·⊙/":
        a, b = w.shapes.terms[id(e.left)], w.shapes.terms[id(e.right)]
        if not any(a) and e.sign != "/":
            return _is_writable(e.right, w)
        if not any(b):
            return _is_writable(e.left, w)
    return w.v.is_weight(bare_of(e)) or w.is_masked(e) or _is_structured(e, w)
