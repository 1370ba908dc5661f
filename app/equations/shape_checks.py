"""Computes the lines of equations with symbols, and says what does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from ..core.axes import BATCH_SIZE, FEATURES, Axes, Axis, AxisError, OwnSize, axis, shape, shape_text
from ..core.cell import SizeRule
from ..core.ops import OPS
from ..core.ops.op import quiet
from ..core.ops.products import joined
from ..core.program import operation
from ..core.stack import axis_above
from ..core.symbols import NamedNumber, ProgramError, Symbol, apply, split
from ..translations.phrases import CommaSeparated, joined_with_or, phrase
from .axis_lengths import Length, expanded, is_sum, length_of, own_size, plus, size_of
from .canonical import axis_text, expression_text
from .equations_parser import SLICE_EXAMPLE
from .function_syntax import FUNCTIONS, SIGNS, SPLIT_EXAMPLE, UNEQUAL_SPLIT, Function
from .limits import MAX_AXES, MAX_SIZE, MAX_TENSORS
from .missing_axes import without_axis
from .names import INPUT, PREVIOUS, STEP, STEP_SIZES, TIME, Names, second_name, shown
from .places_and_errors import EquationsError, Place
from .syntax import Assignment, Call, Expression, Minus, Name, Number, Operation, nodes
from .unknown_names import declare, did_you_mean, similar

Value = Symbol | float


@dataclass(frozen=True)
class Piece:
    """A part of a tensor: the axis of the whole, how long it is, and the whole with the part's number and their count,
    which is 0 for a slice."""

    whole: Axis
    length: Length
    part: tuple[Symbol, int, int]


@dataclass(eq=False)
class Scope:
    """What is known while a step is computed: tensors, and names of numbers. ``pieces`` are the parts of others, and
    ``part_axes`` the last axes of those that a split has named."""

    names: Names
    tensors: dict[str, Symbol]
    numbers: dict[str, float]
    values: dict[int, Value] = field(default_factory=dict)
    pieces: "dict[Symbol, Piece]" = field(default_factory=dict)
    part_axes: dict[str, Axis] = field(default_factory=dict)
    size_rules: list[SizeRule] = field(default_factory=list)

    def assign(self, a: Assignment) -> None:
        """Compute a line, and name its result and everything that it is computed from."""
        if is_split := isinstance(a.value, Call) and a.value.function == "split":
            values: tuple[Value, ...] = self.split(a)
        elif len(a.names) > 1:
            problem = phrase("only split has several results, as in {example}", example=SPLIT_EXAMPLE)
            raise EquationsError(problem, a.place)
        else:
            values = (self.value(a.value),)
        for name, value in zip(a.names, values, strict=True):
            if not isinstance(value, Symbol):
                self._number(name, value, a)
                continue
            if value in self.tensors.values() and not is_split:
                value = apply("copy", value)
            if name in self.names.declared:
                value = self._in_order(value, tuple(map(self.tied, self.names.declared[name].axes)), is_split)
            self._name_inputs(a.names[0], value)
            self.tensors[name] = value
            if name in self.names.declared:
                self._check_state(name, value, a)
        if len(self.tensors) > MAX_TENSORS:
            raise EquationsError(phrase("a cell has at most {n} tensors", n=MAX_TENSORS), a.place)

    def _number(self, name: str, value: float, a: Assignment) -> None:
        if name in self.names.declared:
            raise EquationsError(phrase("{name} is a state, but this is a number", name=name), a.place)
        self.numbers[name] = value

    def _in_order(self, value: Symbol, declared: Axes, is_part: bool) -> Symbol:
        """A state with its axes in the order in which they are declared: axes go by name."""
        if value.axes == declared or {*value.axes} != {*declared} or len(value.axes) != len(declared):
            return value
        if OPS[value.op].is_pointwise and not is_part:
            return replace(value, axes=declared)
        return Symbol(declared, "copy", (value,))

    def _check_state(self, name: str, value: Symbol, a: Assignment) -> None:
        state = self.names.declared[name]
        expected = tuple(map(self.tied, state.axes))
        if {*value.axes} < {*expected}:  # repeated along the axes that it lacks, as in any sum
            problem = phrase(
                "{name} is declared as {expected}, but this is {axes} alone: {missing} is missing",
                name=name,
                expected=shown(expected),
                axes=shown(value.axes),
                missing=shown(tuple(axis for axis in expected if axis not in value.axes)),
            )
            raise EquationsError(problem, a.value.place)
        if value.axes != expected:
            if (origin := self._origin(a, {*value.axes} - {*expected})) and origin is not a:
                problem = phrase(
                    "{tensor} is {axes}, so that {name} would be {found}; {name} is declared as {expected}",
                    tensor=origin.names[0],
                    axes=shown(self.tensors[origin.names[0]].axes),
                    name=name,
                    found=shown(value.axes),
                    expected=shown(expected),
                )
                raise EquationsError(self._with_origin(problem, origin.value, expected), origin.value.place)
            problem = phrase(
                "{name} is declared as {expected}, but this is {axes}",
                name=name,
                expected=shown(expected),
                axes=shown(value.axes),
            )
            raise EquationsError(self._with_origin(problem, a.value, expected), a.value.place)

    def _origin(self, a: Assignment, extra: set[Axis]) -> Assignment | None:
        """The line in which a weight brings in axes that a state has not. None if they are axes of the cell's own,
        which other lines may need, or if no weight brings them in."""
        if not extra or not all({*axis.names} <= {*STEP_SIZES} for axis in extra):
            return None
        names = [n.id for n in nodes(a.value) if isinstance(n, Name)]
        computed = [self.names.maker[id] for id in names if id in self.names.maker and id not in self.names.declared]
        for line in dict.fromkeys(one for one in computed if one.names[0] in self.tensors):  # constants are none
            if extra & {*self.tensors[line.names[0]].axes} and (origin := self._origin(line, extra)):
                return origin
        weights = (self.tensors[w.name].axes for w in self.names.weights if w.name in names)
        return a if any(extra & {*axes[len(axes) > 1 :]} for axes in weights) else None

    def _with_origin(self, problem: str, value: Expression, expected: Axes) -> str:
        """A problem, and the operation in which an axis came in that is not expected."""
        for node in nodes(value):
            if isinstance(node, Operation) and node.sign != "@":
                left, right = (self.values.get(id(side)) for side in (node.left, node.right))  # an axis has no value
                if isinstance(left, Symbol) and isinstance(right, Symbol):
                    one, other = {*left.axes} - {*right.axes}, {*right.axes} - {*left.axes}
                    if one and other and not (one | other) <= {*expected}:
                        return phrase(
                            "{problem}; {part} has both {one} and {other}, as each side lacks one of them",
                            problem=problem,
                            part=expression_text(node),
                            one=shown(tuple(a for a in left.axes if a in one and (a != BATCH_SIZE or len(one) < 2))),
                            other=shown(
                                tuple(a for a in right.axes if a in other and (a != BATCH_SIZE or len(other) < 2))
                            ),
                        )
        return problem

    def _name_inputs(self, line: str, of: Symbol) -> None:
        """Give names to the tensors that a symbol is computed from and that have none: ``h_1``, ``h_2``."""
        named = {*self.tensors.values()}
        weights = {self.tensors[w.name] for w in self.names.weights}
        ordered: dict[Symbol, None] = {}

        def add_inputs(symbol: Symbol) -> None:
            for one in operation(symbol, weights, named)[1]:
                if one not in named and one not in ordered:
                    add_inputs(one)
                    ordered[one] = None

        add_inputs(of)
        taken = {*self.tensors, *self.names.maker, *self.names.declared}
        number = 0
        for symbol in ordered:
            number += 1
            while f"{line}_{number}" in taken:
                number += 1
            self.tensors[f"{line}_{number}"] = symbol

    def tied(self, of: Axis) -> Axis:
        """An axis as this step has it. Above another layer features are that layer's output."""
        x = self.tensors[INPUT].axes[-1]
        return axis_above(self.names.tied(of), x, self.names.own_sizes).collected

    # expressions

    def value(self, e: Expression) -> Value:
        """The value of an expression: a symbol, or a number where it has only numbers. It is kept for messages."""
        self.values[id(e)] = found = self._value(e)
        return found

    def _value(self, e: Expression) -> Value:
        match e:
            case Number(value):
                return value
            case Call("slice"):
                return self.sliced(e)
            case Name():
                return self.named(e)
            case Minus(of):
                inner = self.value(of)
                return self.applied(e, "negative", inner)
            case Operation():
                return self.operated(e)
        return self.called(e)

    def named(self, name: Name) -> Value:
        id = name.id
        if id in self.tensors:
            return self.tensors[id]
        if id in self.numbers:
            return NamedNumber(self.numbers[id], id)
        if id == TIME:
            return apply("time")
        if id in self.names.own_sizes or id in STEP_SIZES:
            return apply("size", over=(self.tied(axis(id)),))
        raise self._unknown(name)

    def _unknown(self, name: Name) -> EquationsError:
        id, state = name.id, name.id.removesuffix(PREVIOUS)
        if state.endswith(PREVIOUS) and (older := state.removesuffix(PREVIOUS)) in (*self.names.carried, INPUT):
            declared = self.names.declared.get(older)
            problem = phrase(
                "{name} is older than one step; a state can keep it: {state}_old: {axes} and "
                "{state}_old = {state}_prev, then write {state}_old_prev",
                name=id,
                state=older,
                axes=", ".join(map(axis_text, declared.axes)) if declared else f"{BATCH_SIZE}, {FEATURES}",
            )
            return EquationsError(problem, name.place)
        if id.endswith(PREVIOUS) and state in self.names.maker:
            problem = phrase(
                "{name} needs the axes of {state}; declare it: {state}: batch_size, num_units", name=id, state=state
            )
            return EquationsError(problem, name.place)
        if id in FUNCTIONS or id == "split":
            example = SPLIT_EXAMPLE if id == "split" else FUNCTIONS[id].example
            return EquationsError(phrase("{name} is a function; write {example}", name=id, example=example), name.place)
        known = [*self.tensors, *self.numbers]
        near = tuple(n for n in (id.removesuffix(STEP),) if n in known or n in self.names.maker) or similar(id, known)
        return did_you_mean(id, name.place, *near) if near else declare(id, name.place)

    def operated(self, e: Operation) -> Value:
        left, right, sign = self.value(e.left), self.value(e.right), e.sign
        if sign == "@":
            return self.multiplied(e, left, right)
        if sign in ("<", "<="):
            left, right, sign = right, left, {"<": ">", "<=": ">="}[sign]
        if sign == "-" and left == 1 and not isinstance(left, Symbol):
            return self.applied(e, "complement", right)
        return self.applied(e, SIGNS[sign], left, right)

    def calculated(self, e: Expression, op: str, *numbers: float) -> float:
        """A pointwise operation on numbers alone."""
        compute = OPS[op].compute
        if compute and OPS[op].is_pointwise:
            with quiet():
                result = float(compute(*(np.array([number]) for number in numbers))[0])
            if isfinite(result):
                is_named = any(isinstance(number, NamedNumber) for number in numbers)
                return NamedNumber(result, expression_text(e)) if is_named else result
        raise EquationsError(phrase("{text} is not a number that can be used", text=expression_text(e)), e.place)

    def multiplied(self, e: Operation, left: Value, right: Value) -> Value:
        """``a @ b``: EquationsError names both axes if they differ, and what would fit."""
        texts = expression_text(e.left), expression_text(e.right)
        for text, value in zip(texts, (left, right), strict=True):
            if not isinstance(value, Symbol) or not value.axes:
                problem = phrase(
                    "{part} is a number; @ joins two tensors, {times} multiplies by a number", part=text, times="*"
                )
                raise EquationsError(problem, e.place)
        assert isinstance(left, Symbol) and isinstance(right, Symbol)
        at = joined(left.axes, right.axes)
        if left.axes[-1] == right.axes[at]:
            return self.applied(e, "matmul", left, right)
        fitting = (name for name in self._ending_with(right.axes[at]) if name != texts[1])
        fixes = (*self._turned(e, left.axes, right.axes), *(f"{name} @ {texts[1]}" for name in fitting))[:2]
        inner, first = axis_text(left.axes[-1]), axis_text(right.axes[at])
        if at:
            begins = phrase("the first axis of {right} that both do not keep is {first}", right=texts[1], first=first)
        else:
            begins = phrase("{right} begins with {first}", right=texts[1], first=first)
        joins = phrase("{product} joins {inner} with {first}", product=expression_text(e), inner=inner, first=first)
        problem = phrase("{joins}; {begins}", joins=joins, begins=begins)
        if fixes:
            problem = phrase("{problem}, did you mean {fixes}?", problem=problem, fixes=joined_with_or(fixes))
        raise EquationsError(problem, e.place, fixes)

    def _turned(self, e: Operation, left: Axes, right: Axes) -> Iterator[str]:
        """A product with the matrix at its other side, as papers write it."""
        if right[-1] == left[joined(right, left)] and right[-1] != BATCH_SIZE:
            yield expression_text(replace(e, left=e.right, right=e.left))
        elif right.count(left[-1]) == 1 and BATCH_SIZE not in left:
            yield f"dot({expression_text(e.left)}, {expression_text(e.right)})"

    def _ending_with(self, last: Axis) -> list[str]:
        """The tensors of the step that end with an axis, those that enter it first."""
        weights = [w.name for w in self.names.weights]
        enters = [name for name in self.names.arguments if name not in weights]
        named = [name for name in (*enters, *self.names.maker) if name in self.tensors]
        return [name for name in named if self.tensors[name].axes[-1:] == (last,) and len(self.tensors[name].axes) > 1]

    def called(self, e: Call) -> Value:
        if e.function == "split":
            problem = phrase("split has several results, each with a name: {example}", example=SPLIT_EXAMPLE)
            raise EquationsError(problem, e.place)
        if not (function := FUNCTIONS.get(e.function)):
            near = similar(e.function, FUNCTIONS)
            known = joined_with_or(near or list(FUNCTIONS))
            problem = phrase("{name} is not a function; write {known}", name=e.function, known=known)
            raise EquationsError(problem, e.place, near)
        tensors, over = self._arguments(e, function)
        if over and tensors:
            self._check_axes(e, tensors[0], over if e.function != "diag" else ())
        match e.function, tensors:
            case "diag", [Symbol() as vector]:
                if vector.axes[-1] == BATCH_SIZE:
                    raise self._along_the_batch(e, e.place)
                return self.applied(e, "mul", vector, self.applied(e, "identity", over=(vector.axes[-1], *over)))
            case "group_norm", [Symbol() as a]:
                over = tuple(axis for axis in a.axes if axis not in (BATCH_SIZE, *over))
                if not over:
                    problem = phrase(
                        "group_norm works along the other axes of each group, and {text} has none; it is {axes}",
                        text=expression_text(e.arguments[0]),
                        axes=shown(a.axes),
                    )
                    raise EquationsError(problem, e.place)
        return self.applied(e, function.op, *tensors, over=over)

    def sliced(self, e: Call) -> Value:
        """``a[K:2 * K]``: a part of the last axis."""
        whole = self.value(e.arguments[0])
        if not isinstance(whole, Symbol) or not whole.axes or whole.axes[-1] == BATCH_SIZE:
            problem = phrase(
                "{text} has no axis beside the batch, so it has no part", text=expression_text(e.arguments[0])
            )
            raise EquationsError(problem, e.place)
        begin, *end = (self._bound(bound) for bound in e.arguments[1:])
        last = length_of(whole.axes[-1])
        return self._part(e, expression_text(e), whole, begin, end[0] if end else last)

    def _part(self, e: Expression, text: str, whole: Symbol, begin: Length, end: Length) -> Symbol:
        """The numbers of the last axis from one place to another. EquationsError if there are none."""
        last, known, own = whole.axes[-1], self.names.fixed_sizes, self.names.own_sizes
        length = expanded(plus(end, begin, -1), own)
        size = size_of(length, known)
        is_open = bool({*plus(end, begin, -1)} & {"", *own}) and max(length.values(), default=0) > 0
        if (size is not None and size < 1) or not (is_sum(length) or is_open):
            raise EquationsError(phrase("{text} ends before it begins", text=text), e.place)
        rest = expanded(plus(length_of(last), end, -1), own)
        if not (is_sum(rest) or not rest):
            ends_at, most = size_of(end, known), size_of(length_of(last), known)
            if ends_at is not None and most is not None and ends_at > most:
                problem = phrase("{text} ends at {n}, but {axis} is {size}", text=text, n=ends_at,
                                 axis=axis_text(last), size=most)  # fmt: skip
                raise EquationsError(problem, e.place)
            line = phrase("line {line}: {problem}", line=e.place.line, problem=text)
            self.size_rules.append(SizeRule(line, self.names.axis_of(end), last, is_most=True))
        over = (self.names.axis_of(begin) if begin else Axis(()), self.names.axis_of(end))
        made = Symbol((*whole.axes[:-1], self._length_axis(begin, end)), "slice", (whole,), over=over)
        self.pieces[made] = Piece(last, length, (whole, 0, 0))
        return made

    def _length_axis(self, begin: Length, end: Length) -> Axis:
        """The axis of what is between two places, with the terms in the order of the end."""
        return self.names.axis_of({name: n for name, n in plus(end, begin, -1).items() if n}).collected

    def _bound(self, e: Expression) -> Length:
        """A place in an axis: 0, or as many as an axis is long."""
        length = self._length(e)
        if length is None or str(BATCH_SIZE) in length:
            problem = phrase(
                "{text} is no place in an axis; write 0 or an axis, as in {example}", text=expression_text(e),
                example=SLICE_EXAMPLE,
            )  # fmt: skip
            raise EquationsError(problem, e.place)
        return length

    def _length(self, e: Expression) -> Length | None:
        """The sum or difference of sizes that an expression is; None if it is another one."""
        match e:
            case Number(n) if n.is_integer() and 0 <= n <= MAX_SIZE:
                return {"": int(n)} if n else {}
            case Operation("+" | "-" as sign, left, right):
                first, second = self._length(left), self._length(right)
                return None if first is None or second is None else plus(first, second, 1 if sign == "+" else -1)
        terms = self._terms(e)
        return length_of(self.tied(Axis(terms))) if terms else None

    def _arguments(self, e: Call, function: Function) -> tuple[list[Value], Axes]:
        """The tensors and the axes among the arguments."""
        fewest, most = function.tensors
        takes_axes = function.axes[1] > 0
        count = fewest if takes_axes else len(e.arguments)
        axes = e.arguments[count:]
        if (
            not fewest <= count <= most
            or count > len(e.arguments)
            or not (function.axes[0] <= len(axes) <= function.axes[1])
        ):
            of = self.value(e.arguments[0]) if function.axes[0] and count == len(e.arguments) == 1 else 0.0
            own = () if isinstance(of, float) else of.axes
            problem, fixes = without_axis(e, own, function.example, self.names)
            raise EquationsError(problem, e.place, fixes)
        return [self.value(a) for a in e.arguments[:count]], tuple(self._axis(a, e, function) for a in axes)

    def _axis(self, e: Expression, call: Call, function: Function) -> Axis:
        """An argument that is an axis: its name, or a sum such as 4 * num_units."""
        if not (terms := self._terms(e)):
            problem = phrase(
                "{text} is not an axis; write it like {example}", text=expression_text(e), example=function.example
            )
            if call.function in ("max", "min"):
                two = f"{call.function}imum(a, b)"
                problem = phrase("{problem}, or {two} of two tensors", problem=problem, two=two)
            raise EquationsError(problem, e.place)
        if (1, str(BATCH_SIZE)) in terms:
            raise self._along_the_batch(call, e.place)
        return self.tied(Axis(terms))

    def _along_the_batch(self, call: Call, place: Place) -> EquationsError:
        problem = phrase(
            "{function} cannot work along batch_size: samples do not depend on each other", function=call.function
        )
        return EquationsError(problem, place)

    def _terms(self, e: Expression) -> tuple[tuple[int, str], ...]:
        """The terms of an axis; none if the expression is not one."""
        match e:
            case Name(id) if id in self.names.own_sizes or id in STEP_SIZES:
                return ((1, id),)
            case Operation("*", Number(n), Name() as name) if n.is_integer() and 1 <= n <= MAX_SIZE:
                return tuple((int(n), id) for _, id in self._terms(name))
            case Operation("+", left, right) if (first := self._terms(left)) and (others := self._terms(right)):
                return first + others
        return ()

    def _check_axes(self, e: Call, a: Value, over: Axes) -> None:
        """EquationsError unless the first argument is a tensor with these axes."""
        text = expression_text(e.arguments[0])
        if not isinstance(a, Symbol) or not a.axes:
            raise EquationsError(phrase("{text} is a number, which has no axes", text=text), e.place)
        for one in over:
            if over.count(one) > 1:
                problem = phrase("{function} has {axis} twice; remove one", function=e.function, axis=axis_text(one))
                raise EquationsError(problem, e.place)
            if one not in a.axes:
                problem = phrase(
                    "{text} has no axis {axis}; it is {axes}", text=text, axis=axis_text(one), axes=shown(a.axes)
                )
                raise EquationsError(problem, e.place)

    def split(self, a: Assignment) -> tuple[Symbol, ...]:
        """``f, g = split(a, 2)``: equal blocks of the last axis."""
        assert isinstance(a.value, Call)
        arguments = a.value.arguments
        is_count = len(arguments) == 2 and {*(self._length(arguments[1]) or {"": 0})} == {""}
        if len(arguments) > 1 and not is_count and all(self._length(one) for one in arguments[1:]):
            return self.divided(a, a.value)
        count = self.value(arguments[1]) if len(arguments) == 2 else 0.0
        if isinstance(count, Symbol) or count != len(a.names):
            problem = phrase("split has as many parts as there are names, as in {example}", example=SPLIT_EXAMPLE)
            raise EquationsError(problem, a.place)
        whole = self.value(arguments[0])
        if not isinstance(whole, Symbol) or not whole.axes:
            raise EquationsError(
                phrase("{text} has no axis to split", text=expression_text(arguments[0])), a.value.place
            )
        n = len(a.names)
        try:
            found: tuple[Symbol, ...] = split(whole, n)
        except AxisError as error:
            if not (part := self._equal_part(whole.axes[-1], n)):
                problem = phrase(
                    "{axis} cannot be split into {n} equal parts; {more} could",
                    axis=axis_text(whole.axes[-1]),
                    n=n,
                    more=axis_text(whole.axes[-1].times(n)),
                )
                if whole.axes[-1].terms == ((1, *whole.axes[-1].names),):
                    fix = f"axis K = {whole.axes[-1]} / {n}"
                    problem = phrase("{problem}; or declare {fix}", problem=problem, fix=fix)
                raise EquationsError(problem, a.value.place) from error
            found = tuple(Symbol((*whole.axes[:-1], part), "split", (whole,), (k, n)) for k in range(n))
        for k, one in enumerate(found):
            self.pieces[one] = Piece(whole.axes[-1], length_of(one.axes[-1]), (whole, k, n))
        self.part_axes |= {name: one.axes[-1].collected for name, one in zip(a.names, found, strict=True)}
        return found

    def _equal_part(self, whole: Axis, n: int) -> Axis | None:
        """An axis n times shorter than another one: it is so declared, or both follow from numbers; else None."""
        own = self.names.own_sizes
        length = expanded(length_of(whole), own)
        if is_sum(length) and not any(count % n for count in length.values()):
            return Axis(tuple((count // n, name) for name, count in length.items()))
        size = OwnSize(whole.terms, (n,))
        if name := next((name for name, one in own.items() if one == size), ""):
            return axis(name)
        known = size_of(length, self.names.fixed_sizes)
        if known is None or known % n:
            return None
        if known == n:
            return self.names.axis_of({"": 1})
        return self.names.added(f"{'_'.join(whole.names)}_{n}", size)

    def divided(self, a: Assignment, call: Call) -> tuple[Symbol, ...]:
        """``f, g = split(a, num_units, features)``: blocks of these sizes."""
        whole, lengths = self.value(call.arguments[0]), [self._bound(e) for e in call.arguments[1:]]
        if len(lengths) != len(a.names):
            problem = phrase("split has as many parts as there are names, as in {example}", example=UNEQUAL_SPLIT)
            raise EquationsError(problem, a.place)
        if not isinstance(whole, Symbol) or not whole.axes or whole.axes[-1] == BATCH_SIZE:
            problem = phrase("{text} has no axis to split", text=expression_text(call.arguments[0]))
            raise EquationsError(problem, call.place)
        text, found, begin = expression_text(call), list[Symbol](), dict[str, int]()
        for k, own in enumerate(lengths):
            end = {**plus(begin, own)}
            part = self._part(call, text, whole, begin, end)
            part = replace(part, axes=(*part.axes[:-1], self.names.axis_of(own).collected))
            self.pieces[part] = Piece(whole.axes[-1], own, (whole, k, len(lengths)))
            found.append(part)
            begin = end
        self._check_whole(call, text, begin, whole.axes[-1])
        self.part_axes |= {name: one.axes[-1] for name, one in zip(a.names, found, strict=True)}
        return tuple(found)

    def _check_whole(self, call: Call, text: str, total: Length, last: Axis) -> None:
        """EquationsError unless blocks are as long as what is split. Where sizes follow from others, a run says so."""
        own, known = self.names.own_sizes, self.names.fixed_sizes
        difference = expanded(plus(total, length_of(last), -1), own)
        size = size_of(difference, known)
        if not difference or size == 0:
            return
        if size is not None or {*total} == {*last.names}:
            problem = phrase(
                "the parts are {total} together, but {axis} is split",
                total=axis_text(Axis(own_size(total).terms)),
                axis=axis_text(last),
            )
            raise EquationsError(problem, call.place)
        line = phrase("line {line}: {problem}", line=call.place.line, problem=text)
        self.size_rules = [rule for rule in self.size_rules if rule.part != line]
        self.size_rules.append(SizeRule(line, self.names.axis_of(total), last))

    def _whole_again(self, joined: Symbol, parts: list[Value]) -> Symbol:
        """What concat joins has the axis of what was split again, if these are its parts, in any order."""
        found = [self.pieces[part] for part in parts if isinstance(part, Symbol) and part in self.pieces]
        wholes = {piece.whole for piece in found}
        if len(found) < len(parts) or len(wholes) > 1 or len((whole := found[0].whole).terms) > 1:
            return joined
        total: Length = {}
        for piece in found:
            total = plus(total, piece.length)
        difference = expanded(plus(total, length_of(whole), -1), self.names.own_sizes)
        places = sorted(piece.part[1] for piece in found)
        is_all = len({(id(piece.part[0]), piece.part[2]) for piece in found}) == 1 and found[0].part[2] == len(found)
        is_whole = not difference or size_of(difference, self.names.fixed_sizes) == 0
        if not (is_whole or (is_all and places == [*range(len(found))])):
            return joined
        return replace(joined, axes=(*joined.axes[:-1], whole))

    def _repeatable(self, operands: tuple[Value, ...]) -> tuple[Value, ...]:
        """Operands of a pointwise operation. A part that is one number is repeated along the axes of another one."""
        axes = [{*o.axes} - {BATCH_SIZE} for o in operands if isinstance(o, Symbol)]

        def number(o: Value) -> Value:
            if not isinstance(o, Symbol) or not o.axes or not self.names.is_one(o.axes[-1]):
                return o
            is_alone = all(o.axes[-1] in other or not other for other in axes)
            return o if is_alone else apply("sum", o, over=o.axes[-1:])

        return tuple(map(number, operands))

    def applied(self, e: Expression, op: str, *operands: Value, over: Axes = ()) -> Value:
        """The result of an operation, a number if its operands are. EquationsError if they do not fit."""
        numbers = [operand for operand in operands if not isinstance(operand, Symbol)]
        if numbers and len(numbers) == len(operands) and not over:
            return self.calculated(e, op, *numbers)
        if OPS[op].is_pointwise and len(operands) > 1:
            operands = self._repeatable(operands)
        try:
            result = apply(op, *operands, over=over)
        except (AxisError, ProgramError) as error:
            raise self._misfit(e, operands) from error
        axes = tuple([axis.collected for axis in result.axes])
        if axes != result.axes:
            result = replace(result, axes=axes)
        if op == "concat":
            result = self._whole_again(result, [*operands])
            result = replace(result, axes=(*result.axes[:-1], self.names.without_added(result.axes[-1])))
        if op == "identity":
            self._check_sizes(e, result.axes)
        if len(result.axes) > MAX_AXES or sum(len(axis.terms) for axis in result.axes) > 4 * MAX_AXES:
            raise EquationsError(
                phrase(
                    "{text} would be {axes}; a tensor has at most {n} axes",
                    text=expression_text(e),
                    axes=shown(result.axes),
                    n=MAX_AXES,
                ),
                e.place,
            )
        return result

    def _check_sizes(self, e: Expression, axes: Axes) -> None:
        """EquationsError if axes that must have one size have different numbers. Where their sizes follow from others,
        a run compares them."""
        known = self.names.fixed_sizes
        if {*(name for axis in axes for name in axis.names)} <= {*known} and len({*shape(axes, known)}) > 1:
            problem = phrase(
                "{text} needs two axes of one size; {axes} is {sizes}",
                text=expression_text(e),
                axes=shown(axes),
                sizes=shape_text(shape(axes, known)),
            )
            raise EquationsError(problem, e.place)
        if not {*(name for axis in axes for name in axis.names)} <= {*known}:
            text = phrase("line {line}: {problem}", line=e.place.line, problem=expression_text(e))
            self.size_rules.append(SizeRule(text, axes[0], axes[1]))

    @staticmethod
    def _without_axis(e: Call, operands: tuple[Value, ...]) -> str:
        """The first argument that is a number of each sample, or nothing."""
        pairs = zip(e.arguments, operands, strict=True)
        return next((expression_text(a) for a, o in pairs if isinstance(o, Symbol) and len(o.axes) == 1), "")

    def _misfit(self, e: Expression, operands: tuple[Value, ...]) -> EquationsError:
        shapes = [shown(o.axes) if isinstance(o, Symbol) else phrase("a number") for o in operands]
        twice = [o.axes for o in operands if isinstance(o, Symbol) and len({*o.axes}) < len(o.axes)]
        if twice:
            problem = phrase("{axes} has an axis twice; {fix}", axes=shown(twice[0]), fix=second_name(twice[0]))
        elif isinstance(e, Call) and e.function in ("identity", "diag"):
            problem = phrase("{text} needs two axes with different names, of one size", text=expression_text(e))
        elif isinstance(e, Call) and e.function == "concat" and (alone := self._without_axis(e, operands)):
            problem = phrase("{text} has no axis to join; give it one of size 1, as a product with w: num_units, 1 has",
                             text=alone)  # fmt: skip
        elif isinstance(e, Call) and e.function == "concat" and (alone := _number_in(e, operands)):
            tensor = next((expression_text(a) for a, o in zip(e.arguments, operands, strict=True)
                           if isinstance(o, Symbol) and o.axes and isinstance(a, Name)), "h_prev")  # fmt: skip
            problem = phrase("{text} is a number, which has no axis to join; write {example} for it", text=alone,
                             example=f"0 * {tensor}[0:1] + {alone}")  # fmt: skip
        elif isinstance(e, Call) and e.function == "concat":
            problem = phrase(
                "concat joins the last axis, and the others must be equal: {axes}", axes=CommaSeparated(shapes)
            )
        elif isinstance(operands[0], Symbol) and operands[0].axes[-1:] == (BATCH_SIZE,):
            problem = phrase(
                "samples do not depend on each other, so {text} cannot join batch_size", text=expression_text(e)
            )
        else:
            problem = phrase("{text} does not fit: {axes}", text=expression_text(e), axes=CommaSeparated(shapes))
            if isinstance(e, Call) and e.function == "dot" and _can_be_joined(*operands[::-1]):
                fix = expression_text(replace(e, arguments=e.arguments[::-1]))
                problem = phrase("{problem}, did you mean {fixes}?", problem=problem, fixes=fix)
                return EquationsError(problem, e.place, (fix,))
        return EquationsError(problem, e.place)


def _number_in(e: Call, operands: tuple[Value, ...]) -> str:
    """The first argument that is a number for all samples, or nothing."""
    pairs = zip(e.arguments, operands, strict=True)
    return next((expression_text(a) for a, o in pairs if not isinstance(o, Symbol) or not o.axes), "")


def _can_be_joined(a: Value, b: Value) -> bool:
    """Whether ``dot(a, b)`` fits."""
    return isinstance(a, Symbol) and isinstance(b, Symbol) and b.axes.count(*a.axes[-1:] or (None,)) == 1
