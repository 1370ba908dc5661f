"""The shapes of what papers write, inferred: scalars, vectors and matrices, then the axes of each.

A paper has columns (W x) or rows (x W). A name gets its kind from where it stands, and its axes from what it is
multiplied with and added to.
"""

from dataclasses import dataclass, field

from ....translations.phrases import phrase
from ...limits import MOST_PARTS
from ...places_and_errors import EquationsError, Place
from ...syntax import ONE_NUMBER
from ..names.refused_names import inverse_of_matrix
from ..parsing.paper_syntax import (
    FEATURE,
    POINTWISE,
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
)
from ..parsing.term_parser import is_sum_with_number
from ..parsing.terms import bare_of, factors_of, is_capital, parts_of_one
from .kinds import LESS_AXES
from .kinds_of_names import KindsOfNames
from .misfits import kind_of_type, misfit
from .orientation import (
    COLUMN,
    MATRIX,
    SCALAR,
    added_dots,
    matrices_of_one,
    said_vectors,
    scaled_states,
)
from .unknown_axes import ONE, Type, Unknown, flat


@dataclass(eq=False)
class Shapes(KindsOfNames):
    """The kinds and axes of all names and terms of a text. ``part_of_input``: the axis of its equal parts, and how
    many these are."""

    types: dict[str, Type] = field(default_factory=dict)
    terms: dict[int, Type] = field(default_factory=dict)
    first_axis: dict[str, int] = field(default_factory=dict)
    features: Unknown = field(default_factory=lambda: Unknown("x", "features"))
    part_of_input: tuple[Unknown, int] | None = None

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
    def penalty(self) -> int:
        """How many names are not what their letters make one expect."""
        names = {**self.kinds}
        own = {*self.v.computed} - {*self.v.text.slots}
        odd = sum(is_capital(id) and kind != MATRIX for id, kind in names.items() if id in own)
        odd += 2 * len(added_dots(self.v, self.vector)) + 4 * bool(said_vectors(self.v) - {self.vector})
        small = [id for id, kind in names.items() if id[:1].islower() and kind == MATRIX and not id.endswith("_im")]
        return odd + sum(id in self.v.computed for id in small)

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
        for id, n in self.v.text.sizes.items():
            if axis := next((a for a in self.types.get(id, ()) if a), None):
                axis.root.size = n
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
        if isinstance(equation.value, Apply) and len(equation.value.arguments) > 2:  # with parts that are one number
            parts = [self.types[name.id][0] or self.types[name.id][1] or Unknown(ONE, ONE) for name in equation.names]
        if axis and axis.root is self.features.root:
            self.part_of_input = parts[0], len(parts)
            return
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
                raise misfit(e, (kind_of_type(a), kind_of_type(b)), self.letter)
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
                    raise inverse_of_matrix(self.v, e.place)
                if all(base) and isinstance(left, Symbol) and isinstance(right, Symbol):
                    self._check_power(left, right, e.place)
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

    def _check_power(self, matrix: Symbol, exponent: Symbol, place: Place) -> None:
        """EquationsError for R^λ of λ = 0, which is the identity, or 1; other powers are read number by number."""
        name = self.v.name(matrix.id)
        number = self.v.numbers.get(exponent.id)
        if number and isinstance(number.value, Number) and number.value.value in (0, 1):
            problem = phrase("a power of the matrix {name} is not read; leave it out where the exponent is 0, and "
                             "write {name} alone where it is 1", name=name)  # fmt: skip
            raise EquationsError(problem, place)
        self.v.text.notes.append((place.line, phrase("The power of {name} is read number by number.", name=name)))

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
        raise misfit(e, (kind_of_type(a), kind_of_type(b)), self.letter)

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
            case function if function == FEATURE:
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
