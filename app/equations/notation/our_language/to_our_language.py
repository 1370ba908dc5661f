"""Writes what papers mean in our language: terms with shapes -> the syntax tree."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ....core.axes import BATCH_SIZE, FEATURES, NUM_UNITS, Axis, OwnSize
from ....core.axes import axis as parsed_axis
from ....translations.phrases import phrase
from ...errors import EquationsError, Place
from ...function_syntax import FUNCTIONS, OVER_AXES, UNARY
from ...limits import MAX_EXPANDED
from ...names import PREVIOUS, RESERVED
from ...syntax import (
    ONE_NUMBER,
    Assignment,
    AxisLine,
    Call,
    Declaration,
    Expression,
    Line,
    Name,
    Operation,
    Output,
    Statement,
)
from ...syntax import Minus as Negative
from ...syntax import Number as Value
from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import (
    OUR_SIGNS,
    POINTWISE,
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
    parts_of,
    within,
)
from ..parsing.terms import bare_of
from ..shapes.shapes import Shapes
from ..shapes.unknown_axes import Unknown, flat
from ..unreadable import unknown_function
from ..vocabulary.function_words import PIECEWISE
from ..vocabulary.latex_commands import ACCENTS
from ..vocabulary.usual_letters import CONSTANTS, GATES, SIZE_OF_STATE

OLDER = "_old"
"""The end of the name of a state that keeps an older step."""


RANK = "R"
"""The name of an axis between two matrices of weights."""


@dataclass(eq=False)
class Writer:
    """The lines of a cell in our language, from a text whose shapes are known. ``open`` are the axes that get the size
    of the state, as nothing else follows. ``unused`` are the axes that a line declares and no tensor has. ``is_open``:
    whether vectors could be rows as well as columns, which would give another cell."""

    v: NamesOfText
    shapes: Shapes
    names: dict[int, Axis] = field(default_factory=dict)
    own_axes: dict[str, OwnSize] = field(default_factory=dict)
    ties: bool = False
    line: tuple[Unknown | None, Unknown | None] = (None, None)
    expanded: int = 0
    parts: int = 1
    open: dict[Unknown, None] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)
    is_open: bool = False
    slotted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._find_slotted()
        self._name_axes()

    # slots

    def _find_slotted(self) -> None:
        """The names that have the axis of slots: those with the index of a slot, and states that are computed from
        them."""
        known = {*self.v.computed, *self.v.weights, *self.v.given, self.v.slot_of_input}
        self.slotted = {*self.v.text.slots} & known
        before = -1
        while self.slotted and before < len(self.slotted):
            before = len(self.slotted)
            self.slotted |= {id for id, own in self.v.computed.items() if self.is_slotted(own.value)}
        if self.slotted and not self.v.slot_of_input:
            self.own_axes[SLOTS] = OwnSize(((1, str(NUM_UNITS)),))

    def is_slotted(self, e: Term) -> bool:
        """Whether a term has the axis of slots."""
        match e:
            case Symbol(id=id):
                return id in self.slotted
            case Apply("sum", (one,), _) if one == SLOTS:
                return False
        return any(map(self.is_slotted, parts_of(e)))

    def _of_slots(self, id: str) -> tuple[Axis, ...]:
        """The axis of slots, if a name has it."""
        return (parsed_axis(self.axis_of_slots),) if id in self.slotted else ()

    @property
    def axis_of_slots(self) -> str:
        return str(NUM_UNITS) if self.v.slot_of_input else SLOTS

    def _sum_over_slots(self, e: Term, place: Place) -> Expression:
        """A sum over slots; that of numbers times vectors is a product with a matrix."""
        match e:
            case Binary(" " | "·" | "⊙", left, right) if self.is_slotted(left) and self.is_slotted(right):
                kinds = [any(self.shapes.terms[id(side)]) for side in (left, right)]
                if sorted(kinds) == [False, True]:
                    number, vector = (left, right) if kinds[1] else (right, left)
                    return Operation("@", self.write(number), self.write(vector), place)
        return Call("sum", (self.write(e), Name(self.axis_of_slots, place)), place)

    # axes

    def _name_axes(self) -> None:
        v, types = self.v, self.shapes.types
        for line in v.axes.values():
            self.own_axes[line.name] = line.size
        self.unused = {*v.axes} - self._used_axes()
        output = v.output_line.name if v.output_line else v.outputs[0] if v.outputs else ""
        states = [id for id in v.states if id in types]
        self._give_unused([id for id in states if not all(types[id]) and id[0].upper() in self.unused])
        for id, pair in types.items():
            for root in (axis.root for axis in pair if axis):
                if root.size and not root.name and not root.parts:
                    root.name = self._name_of_size(root.size, id)
        has_matrix = any(all(types[id]) for id in states)
        first = [output] if has_matrix or output in states else []
        ordered = [id for id in (*first, *sorted(states, key=lambda id: id != "h"), *v.computed) if id in types]
        matrices = [id for id in ordered if all(types[id])]
        features = self.shapes.features.root
        is_state = features in {a.root for s in v.states for a in types[s] if a}
        last = [axis.root for id in ordered if (axis := types[id][1] or types[id][0]) and not axis.root.parts]
        usable = (axis for axis in last if not axis.name or (axis is features and is_state))
        units = next(usable, None) if not v.slot_of_input else features
        self.ties = units is features or features.name == str(NUM_UNITS)
        if units is not None:
            self._give(units, str(NUM_UNITS))
        for id in matrices:
            for axis, hint in zip(types[id], self._hints(id), strict=True):
                if axis and not axis.root.name and not axis.root.parts and id in v.states:
                    self._give(axis.root, self._free(axis.root.letter, hint))
        for id in states:
            axis = types[id][0] or types[id][1]
            if axis and not axis.root.name and not axis.root.parts:
                usual = SIZE_OF_STATE if v.slot_of_input else id[0].upper()
                self._give(axis.root, self._free(axis.root.letter, usual))
        self._give_unused(ordered)
        for root in self._ranks() if self.unused else ():
            if (name := self._free(RANK)) in self.unused:
                self._give(root, name)
        if self.ties:
            self.own_axes["features"] = OwnSize(((1, str(NUM_UNITS)),))

    def _name_of_size(self, n: int, id: str) -> str:
        """The name of an axis of n numbers that a tensor has: one that the text declares, or a new one."""
        size = OwnSize(((n, ""),))
        name = next((line.name for line in self.v.axes.values() if line.size == size), "") or self._free(id[0].upper())
        self.own_axes[name] = size
        self.unused.discard(name)
        return name

    def _ranks(self) -> dict[Unknown, list[str]]:
        """The axes without a name that only weights have, with these: that between W_u and W_d of W_u W_d x."""
        types, v = self.shapes.types, self.v
        others = {a.root for id, pair in types.items() if id not in v.weights for a in pair if a}
        found: dict[Unknown, list[str]] = {}
        for id in v.weights:
            for root in (a.root for a in types.get(id, ()) if a):
                if not root.parts and root not in others and (not root.name or root in self.open):
                    found.setdefault(root, []).append(v.name(id))
        return found

    def open_ranks(self) -> Iterator[tuple[str, str, str]]:
        """The weights whose axis between them could have another size, with a name for that."""
        for root, weights in self._ranks().items():
            if len(weights) > 1:
                yield weights[0], weights[1], self._free(root.letter, RANK)

    def _give_unused(self, ids: Iterable[str]) -> None:
        """Give axes that no tensor has yet to vectors, as their letters say: R to r."""
        for id in ids if self.unused else ():
            axis = self.shapes.types[id][0] or self.shapes.types[id][1]
            if (
                axis
                and not axis.root.name
                and not axis.root.parts
                and (name := self._free(id[0].upper())) in self.unused
            ):
                self._give(axis.root, name)

    def _used_axes(self) -> set[str]:
        """The axes that tensors of the text have already, or that are sizes of others or in equations."""
        v = self.v
        named = {a.root.name for pair in self.shapes.types.values() for a in pair if a}
        parts = {part.root.name for pair in self.shapes.types.values() for a in pair if a for part in flat(a)}
        declared = {name for d in v.declared.values() for axis in d.axes for name in axis.names}
        sizes = {name for line in v.axes.values() for name in line.size.names}
        terms = [e for equation in v.computed.values() for e in within(equation.value)]
        symbols = {e.id for e in terms if isinstance(e, Symbol)}
        indices = {one for e in terms if isinstance(e, Apply) for one in e.index}
        return named | parts | declared | sizes | symbols | indices

    def _hints(self, id: str) -> tuple[str, str]:
        """Names for the axes of a matrix: those of the vectors that it is made of, V and K."""
        found = []
        for axis in self.shapes.types[id]:
            vectors = [n for n, t in self.shapes.types.items() if n in (*self.v.computed, *self.v.given)
                       and not all(t) and any(a and axis and a.root is axis.root for a in t)]  # fmt: skip
            usual = [n for n in vectors if n[0] in "kvqr"]
            found.append((usual or vectors or ["K"])[0][0].upper().replace("Q", "K"))
        return found[0], found[1]

    def _free(self, *hints: str) -> str:
        """A name for an axis, the first that is free, or that a line declares for an axis which no tensor has."""
        taken = {
            *RESERVED,
            *(self.own_axes.keys() - self.unused),
            *self.v.computed,
            *self.v.weights,
            *self.v.given,
            "t",
            "x",
        }
        taken |= {self.v.name(id) for id in taken}
        names = (*hints, "K", "V", "N", "M", "R", "P", "D", f"{hints[-1]}axis")
        return next(name for name in names if re.fullmatch(r"[A-Za-z]\w{0,8}", name, re.ASCII) and name not in taken)

    def _give(self, axis: Unknown, name: str) -> None:
        axis.name = name
        self.unused.discard(name)
        if name not in (str(NUM_UNITS), str(FEATURES)):
            self.own_axes.setdefault(name, OwnSize(((1, str(NUM_UNITS)),)))

    def axis(self, of: Unknown) -> Axis:
        root = of.root
        if root.parts:
            return Axis(tuple(term for part in root.parts for term in self.axis(part).terms)).collected
        if not root.name:
            root.name = str(NUM_UNITS)
            self.open[root] = None
        return parsed_axis(root.name)

    def scaled_rows(self) -> Iterator[tuple[str, str, Place]]:
        """The vectors and matrices of products that multiply each row of a matrix with a number of a vector."""
        for e in self.shapes.scaled.values():
            if isinstance(e.left, Symbol) and isinstance(e.right, Symbol) and any(self.shapes.terms[id(e.left)]):
                yield e.left.id, e.right.id, e.place

    def left_open(self) -> Iterator[tuple[str, str]]:
        """The tensors whose axis could have another size, with a name for that."""
        for root in self.open:
            own = {id: axis for id, (rows, columns) in self.shapes.types.items() if (axis := rows or columns)}
            computed = [id for id in self.v.computed if id in own and own[id].root is root]
            weights = [id for id in self.v.weights if root in {a.root for a in self.shapes.types.get(id, ()) if a}]
            if computed and weights:
                yield self.v.name(computed[0]), self._free(computed[0][0].upper())

    def second(self, of: Unknown) -> Axis:
        """Another name of an axis, for a matrix that has it twice."""
        name = str(self.axis(of))
        if not name.isidentifier():
            problem = phrase(
                "a matrix of a step would have the axis {axis} twice; a cell has smaller states", axis=name
            )
            raise EquationsError(problem, self.first_place)
        other = "U2" if name == str(NUM_UNITS) else "F2" if name == str(FEATURES) else f"{name}2"
        self.own_axes.setdefault(other, OwnSize(((1, name),)))
        return parsed_axis(other)

    # statements

    def lines(self) -> list[Line]:
        """All lines, declarations first."""
        v = self.v
        equations: list[Statement] = []
        for id, symbol in v.given.items():
            equations.append(self._projection(id, symbol))
        for equation in dict.fromkeys(v.computed.values()):
            equations.append(self._assignment(equation))
        older = self._older()
        equations += [line for line in older if isinstance(line, Assignment)]
        kept = [line for line in older if isinstance(line, Declaration)]
        states = [self._state(s) for s in v.states]
        weights = [self._weight(w) for w in v.weights if not v.is_identity(w) and w in self._vectors_and_matrices()]
        constants = [self.constant(w) for w in v.weights if w not in self._vectors_and_matrices()
                     and not v.is_identity(w) and not self.is_scalar(w) and w not in v.sizes]  # fmt: skip
        made = [self._declared_of_given(id) for id in v.given]
        scalars = [Declaration(v.name(w), ONE_NUMBER, 0.0, v.weights[w].place) for w in v.weights if self.is_scalar(w)]
        sizes = [v.axes.get(name) or AxisLine(name, size, self.first_place) for name, size in self.own_axes.items()]
        output = self._output()
        statements = [*sizes, *states, *kept, *made, *weights, *scalars, *constants, *equations, *output]
        titles = [Line(None, title) for title in v.text.titles[:1]]
        return [*titles, *map(Line, statements)]

    @property
    def first_place(self) -> Place:
        return next(iter(self.v.computed.values())).place

    def _vectors_and_matrices(self) -> set[str]:
        return {id for id in self.v.weights if any(self.shapes.types.get(id, (None, None))) or id in self.slotted}

    def is_scalar(self, id: str) -> bool:
        """Whether a weight is one number that is trained: declared as 1, or the bias of a scalar."""
        if declared := self.v.declared.get(id):
            return declared.axes == ONE_NUMBER
        return id not in self._vectors_and_matrices() and id.startswith("b") and id != "beta" and "beta" not in id

    def _state(self, id: str) -> Declaration:
        declared = self.v.declared.get(id)
        axes = declared.axes if declared else (BATCH_SIZE, *self._of_slots(id), *self._axes_in_order(id))
        start = self.v.starts.get(id, declared.start if declared else 0.0)
        place = declared.place if declared else self.v.computed[id].place
        return Declaration(self.v.name(id), axes, start, place)

    def _axes_in_order(self, id: str) -> tuple[Axis, ...]:
        rows, columns = self.shapes.types[id]
        if rows and columns and self.axis(rows) == self.axis(columns):
            return self.axis(rows), self.second(rows)
        return tuple(self.axis(a) for a in (rows, columns) if a)

    def _weight(self, id: str) -> Declaration:
        if id in self.v.declared:
            return self.v.declared[id]
        own, slots = tuple(map(self.axis, self._in_order(id))), self._of_slots(id)
        axes = (*own, *slots) if self.v.text.slots.get(id) == PRODUCT else (*slots, *own)
        return Declaration(self.v.name(id), axes, 0.0, self.v.weights[id].place)

    def _in_order(self, id: str) -> list[Unknown]:
        """The axes of a weight, that which is joined first."""
        pair = [a for a in self.shapes.types[id] if a]
        return pair[::-1] if len(pair) == 2 and self.shapes.first_axis.get(id, 0) else pair

    def constant(self, id: str) -> Assignment:
        place = self.v.weights[id].place
        value = CONSTANTS.get(id, CONSTANTS.get(id.partition("_")[0], 0.5))
        terms = (e for own in self.v.computed.values() for e in within(own.value))
        if value == 1 and any(isinstance(e, Binary) and e.sign == "-" and _is_one_without(e, id) for e in terms):
            value = CONSTANTS["alpha"]
        return Assignment((self.v.name(id),), Value(value, place), place)

    def _declared_of_given(self, id: str) -> Declaration:
        """The weight that makes a tensor from x that no line computes."""
        kind = [a for a in self.shapes.types[id] if a]
        axes = (FEATURES, *self._of_slots(id), *map(self.axis, kind))
        return Declaration(self.weight_of(id), axes, 0.0, self.v.given[id].place)

    def weight_of(self, id: str) -> str:
        name = self.v.name(id)
        weight = f"W_{name}" if any(self.shapes.types[id]) else f"w_{name}"
        taken = {*self.v.computed, *self.v.weights, *self.v.given}
        return next(new for n in range(len(taken) + 1) if (new := f"{weight}{'_' * n}") not in taken)

    def is_gate(self, id: str) -> bool:
        return id.partition("_")[0] in GATES and not {*id.split("_")} & {*ACCENTS.values()} - {""}

    def _projection(self, id: str, symbol: Symbol) -> Assignment:
        p = symbol.place
        product: Expression = Operation("@", Name("x", p), Name(self.weight_of(id), p), p)
        value = Call("sigmoid", (product,), p) if self.is_gate(id) else product
        return Assignment((self.v.name(id),), value, p)

    def _assignment(self, equation: Equation) -> Assignment:
        names = tuple(self.v.name(n.id) for n in equation.names)
        self.parts = len(names)
        self.line = self.shapes.types[equation.names[0].id]
        return Assignment(names, self.write(equation.value), equation.place)

    def _older(self) -> list[Statement]:
        """States that keep what is older than one step: ``h_old = h_prev``."""
        found: list[Statement] = []
        for id, oldest in self.v.oldest.items():
            name, place = self.v.name(id), self.first_place
            axes = self._axes_in_order(id)
            for n in range(2, -oldest + 1):
                own = f"{name}{OLDER}{n - 1 if n > 2 else ''}"
                before = f"{name}{OLDER}{n - 2 if n > 3 else ''}{PREVIOUS}" if n > 2 else f"{name}{PREVIOUS}"
                found.append(Declaration(own, (BATCH_SIZE, *axes), 0.0, place))
                found.append(Assignment((own,), Name(before, place), place))
        return found

    def _output(self) -> list[Statement]:
        if self.v.output_line:
            return [self.v.output_line]
        states = self.v.states
        usual = "h" if "h" in states else states[0] if len(states) == 1 else ""
        vectors = [id for id in (*self.v.outputs, *states) if any(self.shapes.types[id]) or id in self.slotted]
        chosen = next((id for id in vectors if id in self.v.outputs), usual or next(iter(vectors), ""))
        name = self.v.name(chosen)
        is_usual = chosen == usual and (chosen == "h" or min(self.v.oldest.values(), default=-1) == -1)
        return [] if is_usual or not chosen else [Output(name, self.v.computed[chosen].place)]

    # expressions

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
            case "split" if len(arguments) == 1:
                return Call("split", (*arguments, Value(float(self.parts), place)), place)
            case "log" if isinstance(arguments[0], Call) and arguments[0].function == "sigmoid":
                return Call("logsigmoid", arguments[0].arguments, place)
            case "sum" if e.index == (SLOTS,):
                return self._sum_over_slots(e.arguments[0], place)
            case _ if function in (*OVER_AXES, "cumax"):
                if self.is_slotted(e.arguments[0]) and not any(self.shapes.terms[id(e.arguments[0])]):
                    return Call(function, (*arguments, Name(self.axis_of_slots, place)), place)
                names: list[Expression] = [Name(one, place) for one in e.index]
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
                return _piecewise(function, arguments[0], place)
            case _ if function not in (*FUNCTIONS, "split"):
                raise unknown_function(function, place, len(arguments))
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
        """A product that is summed over an axis: our language has the matrix of weights on the right."""
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
            or (isinstance(e, Binary) and e.sign in POINTWISE)
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

    # products with sums of I, diag(w) and u vᵀ

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


def _is_one_without(e: Binary, id: str) -> bool:
    """Whether a difference is 1 - β."""
    return isinstance(e.left, Number) and isinstance(e.right, Symbol) and e.right.id == id


def _piecewise(function: str, a: Expression, place: Place) -> Expression:
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
            return Call("maximum", (a, scaled(0.01)), place)
    return Call("where", (Operation(">", a, number(0), place), number(1), number(-(function == "sign"))), place)


def _leading_factor(e: Term, w: Writer) -> tuple[Term | None, Term]:
    """β and k of β k."""
    if isinstance(e, Binary) and e.sign in (" ", "·", "⊙") and not any(w.shapes.terms[id(e.left)]):
        return e.left, e.right
    return None, e


def _is_structured(e: Term, w: Writer) -> bool:
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


def _is_writable(e: Term, w: Writer) -> bool:
    """Whether a product with a matrix needs no other product before it: it is a weight, a multiple of one, or made of
    I, diag(w) and products of two vectors."""
    if isinstance(e, Binary) and e.sign in " ·⊙/":
        a, b = w.shapes.terms[id(e.left)], w.shapes.terms[id(e.right)]
        if not any(a) and e.sign != "/":
            return _is_writable(e.right, w)
        if not any(b):
            return _is_writable(e.left, w)
    return w.v.is_weight(bare_of(e)) or w.is_masked(e) or _is_structured(e, w)
