"""Writes what papers mean in the cell language: terms with shapes -> the syntax tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ....core.axes import BATCH_SIZE, FEATURES, Axis
from ...names import PREVIOUS
from ...places_and_errors import Place
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
    names_in,
)
from ...syntax import Number as Value
from ..parsing.paper_syntax import (
    POINTWISE,
    PRODUCT,
    Apply,
    Binary,
    Equation,
    Number,
    Symbol,
    Term,
    within,
)
from ..shapes.unknown_axes import Unknown
from ..vocabulary.latex_commands import ACCENTS
from ..vocabulary.usual_letters import CONSTANTS, GATES, PERIOD
from .expressions import OLDER, Expressions

UNIT, POSITIVE, MORE_THAN_1 = "unit", "positive", "more than 1"
"""What the numbers of a projection of the input are: between 0 and 1, positive, or greater than 1."""


@dataclass(eq=False)
class Writer(Expressions):
    """A cell in the cell language, from a text whose shapes are known. ``is_open``: whether vectors could be
    rows as well as columns, which would give another cell. ``dead`` are names whose lines are left out, as neither the
    output nor a state is computed from them."""

    is_open: bool = False
    dead: dict[str, Place] = field(default_factory=dict)

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
        rest = self._without_dead_ends([*kept, *made, *weights, *scalars, *constants, *equations], [*states, *output])
        statements = [*sizes, *states, *rest, *output]
        titles = [Line(None, title) for title in v.text.titles[:1]]
        return [*titles, *map(Line, statements)]

    def _without_dead_ends(self, statements: list[Statement], roots: list[Statement]) -> list[Statement]:
        """The statements without what no state and not the output is computed from, unless only that reads x."""
        lines = [s for s in statements if isinstance(s, Assignment)]
        parts = {name: {one.id.removesuffix(PREVIOUS) for one in names_in(s.value)} for s in lines for name in s.names}
        used, left = set[str](), {s.name for s in roots if isinstance(s, Declaration | Output)}
        left |= {s.name for s in statements if isinstance(s, Declaration) and BATCH_SIZE in s.axes} or {"h"}
        while left:
            used |= left
            left = {part for name in left for part in parts.get(name, ())} - used
        dead = [s for s in lines if not used & {*s.names}]
        if "x" not in used:
            return statements
        self.dead = {name: s.place for s in dead for name in s.names}
        unused = {part for name in self.dead for part in parts[name]} - used
        return [s for s in statements if s not in dead and not (isinstance(s, Declaration) and s.name in unused)]

    def _vectors_and_matrices(self) -> set[str]:
        return {id for id in self.v.weights if any(self.shapes.types.get(id, (None, None))) or id in self.slotted}

    def is_scalar(self, id: str) -> bool:
        """Whether a weight is one number that is trained: declared as 1, said to be so, or the bias of a
        scalar."""
        if declared := self.v.declared.get(id):
            return declared.axes == ONE_NUMBER
        is_bias = id.startswith("b") and not id.startswith("beta")
        return id not in self._vectors_and_matrices() and (is_bias or id in self.v.text.trained)

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
        own = self._axes_in_order(id) if self._is_beside_matrix(id) else own
        axes = (*own, *slots) if self.v.text.slots.get(id) == PRODUCT else (*slots, *own)
        return Declaration(self.v.name(id), axes, 0.0, self.v.weights[id].place)

    def _is_beside_matrix(self, id: str) -> bool:
        """Whether a matrix of weights is added to a matrix of the step or multiplied with each of its numbers:
        (W + α ⊙ H_{t-1}) x_t."""
        for e in (e for own in dict.fromkeys(self.v.computed.values()) for e in within(own.value)):
            match e:
                case Binary(sign, left, right) if sign in POINTWISE:
                    other = right if getattr(left, "id", "") == id else left if getattr(right, "id", "") == id else None
                    symbols = [part for part in within(other) if isinstance(part, Symbol)] if other else []
                    types = (self.shapes.types.get(part.id, ()) for part in symbols if part.step is not None)
                    if any(type and all(type) for type in types):
                        return True
        return False

    def _in_order(self, id: str) -> list[Unknown]:
        """The axes of a weight, that which is joined first."""
        pair = [a for a in self.shapes.types[id] if a]
        return pair[::-1] if len(pair) == 2 and self.shapes.first_axis.get(id, 0) else pair

    def constant(self, id: str) -> Assignment:
        place = self.v.weights[id].place
        period = float(PERIOD) if self.v.is_period(id) else 0.0
        value = period or self.v.text.means.get(id) or CONSTANTS.get(id, CONSTANTS.get(id.partition("_")[0], 0.5))
        terms = (e for own in self.v.computed.values() for e in within(own.value))
        if value == 1 and any(isinstance(e, Binary) and e.sign == "-" and _is_one_without(e, id) for e in terms):
            value = CONSTANTS["alpha"]
        return Assignment((self.v.name(id),), Value(value, place), place)

    def _declared_of_given(self, id: str) -> Declaration:
        """The weight that makes a tensor from x that no line computes."""
        axes = (FEATURES, *self._of_slots(id), *self._axes_in_order(id))
        return Declaration(self.weight_of(id), axes, 0.0, self.v.given[id].place)

    def weight_of(self, id: str) -> str:
        name = self.v.name(id)
        weight = f"W_{name}" if any(self.shapes.types[id]) else f"w_{name}"
        taken = {*self.v.computed, *self.v.weights, *self.v.given}
        usual = (weight, f"{weight[0]}_x{name}")
        others = (f"{weight}{'_' * n}" for n in range(1, len(taken) + 2))
        return next(new for new in (*usual, *others) if new not in taken)

    def is_gate(self, id: str) -> bool:
        return id.partition("_")[0] in GATES and not {*id.split("_")} & {*ACCENTS.values()} - {""}

    def range_of(self, id: str) -> str:
        """The numbers that a projection of the input may be, as far as its use says so: UNIT, POSITIVE or MORE_THAN_1,
        else nothing."""
        if not self.v.text.slots or self.v.slot_of_input:
            return UNIT if self.is_gate(id) else ""
        for e in (e for own in dict.fromkeys(self.v.computed.values()) for e in within(own.value)):
            match e:
                case Binary("^", _, Symbol(id=other)) if other == id:
                    return MORE_THAN_1  # sharpens the weights of slots
                case Binary("-", Number(1), right) if any(getattr(part, "id", "") == id for part in within(right)):
                    return UNIT  # erases
                case Apply("exp" | "softmax", _, (of,)) if any(one.id == id for one in _factors(of)):
                    return POSITIVE if id.partition("_")[0] == "beta" else ""
        return UNIT if self.is_gate(id) and id.partition("_")[0] != "a" else ""  # a is added to a memory

    def _projection(self, id: str, symbol: Symbol) -> Assignment:
        p = symbol.place
        value: Expression = Operation("@", Name("x", p), Name(self.weight_of(id), p), p)
        match self.range_of(id):
            case "unit":
                value = Call("sigmoid", (value,), p)
            case "positive":
                value = Call("softplus", (value,), p)
            case "more than 1":
                value = Operation("+", Value(1.0, p), Call("softplus", (value,), p), p)
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
        if chosen in states and all(self.shapes.types[chosen]):  # a memory, and no output beside a state that reads it
            chosen = next((s for s in states if not all(self.shapes.types[s]) and self._reads(s, chosen)), chosen)
        name = self.v.name(chosen)
        is_usual = chosen == usual and (chosen == "h" or min(self.v.oldest.values(), default=-1) == -1)
        return [] if is_usual or not chosen else [Output(name, self.v.computed[chosen].place)]

    def _reads(self, id: str, other: str) -> bool:
        """Whether the line that computes a tensor has another one."""
        return any(isinstance(e, Symbol) and e.id == other for e in within(self.v.computed[id].value))


def _factors(e: Term) -> Iterator[Symbol]:
    """The names that are factors of a product."""
    match e:
        case Symbol():
            yield e
        case Binary(" " | "·" | "⊙", left, right):
            yield from _factors(left)
            yield from _factors(right)


def _is_one_without(e: Binary, id: str) -> bool:
    """Whether a difference is 1 - β."""
    return isinstance(e.left, Number) and isinstance(e.right, Symbol) and e.right.id == id
