"""Expressions of equations as code.

Equations align tensors by the names of their axes, arrays by positions. So a tensor gets axes of length 1 where an
operation repeats it, ``k[:, :, :, None] * v[:, :, None]``, and a product that is not one of matrices is an einsum.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from math import isfinite
from string import ascii_letters

import numpy as np

from ...core.axes import BATCH_SIZE, Axes, Axis, Sizes, axis
from ...core.ops import OPS
from ...core.ops.op import quiet
from ...core.ops.products import joined
from ...core.symbols import Symbol
from ...equations.canonical import ATOM, LEVELS, MINUS, POWER, number_text
from ...equations.equations_parser import COMPARISONS
from ...equations.function_syntax import FUNCTIONS, SIGNS
from ...equations.names import TIME
from ...equations.shape_checks import Scope
from ...equations.syntax import Call, Expression, Minus, Name, Number, Operation
from .language import Language

MATH = {"sqrt": "math.sqrt({0})", "exp": "math.exp({0})", "log": "math.log({0})", "tanh": "math.tanh({0})"} | {
    "abs": "abs({0})",
    "maximum": "max({0}, {1})",
    "minimum": "min({0}, {1})",
}
"""The functions of numbers, as Python has them."""


@dataclass(frozen=True)
class Code:
    """An expression as text. ``level`` is how tightly it binds, as in canonical.py; ``axes`` are those of its array.
    ``value`` is that of a number, which is no array; None for an array."""

    text: str
    level: int
    axes: Axes = ()
    value: float | None = None

    def within(self, least: int) -> str:
        """As a part of another expression, in brackets unless it binds at least that tightly."""
        return self.text if self.level >= least else f"({self.text})"

    @property
    def is_number(self) -> bool:
        return self.value is not None


class Expressions:
    """Writes the expressions of a step. ``used`` collects the functions that the program has to define."""

    def __init__(self, scope: Scope, language: Language, names: Mapping[str, str], sizes: Sizes) -> None:
        self.scope, self.language, self.names, self.sizes = scope, language, names, sizes
        self.weights = {weight.name for weight in scope.names.weights}
        self.numbers: dict[str, float] = {}
        self.used: dict[str, None] = {}

    def code(self, e: Expression, target: Axes | None = None) -> Code:
        """An expression. With ``target`` a pointwise operation has its axes in this order."""
        match e:
            case Number(value):
                return Code(number_text(value), ATOM, value=value)
            case Name(id):
                return self._name(id)
            case Minus(of):
                inner = self.code(of, target)
                negative = None if inner.value is None else -inner.value
                return Code(f"-{inner.within(MINUS)}", MINUS, inner.axes, negative)
            case Operation("@", left, right):
                return self._product(e, self.code(left), self.code(right))
            case Operation(sign, left, right):
                return self._operation(sign, left, right, self._axes(e, target))
            case Call(function, arguments):
                return self._call(e, function, arguments, target)

    def _name(self, id: str) -> Code:
        if id in self.numbers:
            return Code(self.names[id], ATOM, value=self.numbers[id])
        if id in self.scope.tensors:
            text = self.names[id]
            if id in self.weights:
                text = self.language.weight.format(name=text)
            return Code(text, ATOM, self.scope.tensors[id].axes)
        if id == TIME:
            return Code(TIME, ATOM)
        return Code(self.names[id], ATOM, value=self.scope.tied(axis(id)).size(self.sizes))

    def _axes(self, e: Expression, target: Axes | None = None) -> Axes:
        """The axes of an operation, in the order of ``target`` if they are the same."""
        value = self.scope.values.get(id(e))
        own = value.axes if isinstance(value, Symbol) else ()
        return target if target and {*target} == {*own} and len(target) == len(own) else own

    # operations on the numbers at the same index

    def _operation(self, sign: str, left: Expression, right: Expression, axes: Axes) -> Code:
        a, b = self.code(left, axes), self.code(right, axes)
        if sign in COMPARISONS:
            text = self.language.functions["comparison"].format(self._compared(sign, a, b, axes))
            return Code(text, ATOM, axes)
        value = None
        if a.value is not None and b.value is not None:
            value = _computed(SIGNS[sign], a.value, b.value)
            if not isfinite(value):
                a, value = self._array(a), None
        if sign == "**":
            first, second, level = self._aligned(a, axes).within(ATOM), self._aligned(b, axes).within(MINUS), POWER
        else:
            level = LEVELS[sign]
            first, second = self._aligned(a, axes).within(level), self._aligned(b, axes).within(level + 1)
        space = "" if sign == "**" and _is_simple(first) and _is_simple(second) else " "
        return Code(f"{first}{space}{sign}{space}{second}", level, axes, value)

    def _compared(self, sign: str, a: Code, b: Code, axes: Axes) -> str:
        if a.is_number and b.is_number:
            a = self._array(a)
        return f"{self._aligned(a, axes).within(1)} {sign} {self._aligned(b, axes).within(1)}"

    def _array(self, number: Code) -> Code:
        """A number as an array of no axes, in the type of x."""
        return Code(self.language.array.format(number.text), ATOM)

    def _aligned(self, code: Code, axes: Axes) -> Code:
        """An array, with axes of length 1 where it is repeated, and its own in the order of ``axes``."""
        if code.is_number or not code.axes or code.axes == axes:
            return code
        if code.axes[-1] not in axes and self.scope.names.is_one(code.axes[-1]):  # a part that is one number
            code = replace(code, text=f"{code.within(ATOM)}[..., 0]", level=ATOM, axes=code.axes[:-1])
            return self._aligned(code, axes)
        order = [axis for axis in axes if axis in code.axes]
        code = self.ordered(code, tuple(order))
        missing = [axis not in order for axis in axes]
        begin = missing.index(False)
        if not any(missing[begin:]):
            return code
        index = ["None" if lacks else ":" for lacks in missing[begin:]]
        last = max(n for n, lacks in enumerate(missing[begin:]) if lacks)
        first = index.index("None")
        short, long = ["...", *index[first:]], index[: last + 1]
        return replace(code, text=f"{code.within(ATOM)}[{min(', '.join(long), ', '.join(short), key=len)}]", level=ATOM)

    def ordered(self, code: Code, axes: Axes) -> Code:
        """An array with its axes in another order."""
        if code.axes == axes:
            return code
        order = ", ".join(str(code.axes.index(axis)) for axis in axes)
        return Code(self.language.permute.format(code.within(ATOM), order=order), ATOM, axes)

    def aligned(self, e: Expression, axes: Axes) -> Code:
        """An expression as an operand of an operation with these axes."""
        return self._aligned(self.code(e, axes), axes)

    # products

    def _product(self, e: Expression, a: Code, b: Code) -> Code:
        at, result = joined(a.axes, b.axes), self._axes(e)
        is_stack = len(a.axes) == len(b.axes) > 2 and a.axes[:-2] == b.axes[:-2] and at == len(b.axes) - 2
        if is_stack or (at == 0 and len(b.axes) <= 2):
            level = LEVELS["@"]
            return Code(f"{a.within(level)} @ {b.within(level + 1)}", level, result)
        both = [n for n in range(at) if b.axes[n] in a.axes]
        return self._einsum(a, b, at, both, result)

    def _einsum(self, a: Code, b: Code, at: int, both: Iterable[int], result: Axes) -> Code:
        """A product that joins the last axis of a with one of b. ``both``: the axes of b that are those of a, too."""
        shared = {n: a.axes.index(b.axes[n]) for n in both} | {at: len(a.axes) - 1}
        letters = _letters([*a.axes, *(axis for n, axis in enumerate(b.axes) if n not in shared)])
        first = letters[: len(a.axes)]
        own = iter(letters[len(a.axes) :])
        second = [first[shared[n]] if n in shared else next(own) for n in range(len(b.axes))]
        names = dict(zip(a.axes[:-1], first[:-1], strict=True))
        names |= {axis: letter for n, (axis, letter) in enumerate(zip(b.axes, second, strict=True)) if n not in shared}
        out = "".join(names[axis] for axis in result)
        text = f'einsum("{"".join(first)},{"".join(second)}->{out}", {a.text}, {b.text})'
        return Code(f"{self.language.module}.{text}", ATOM, result)

    # functions

    def _call(self, e: Call, function: str, arguments: tuple[Expression, ...], target: Axes | None) -> Code:
        axes = self._axes(e, target)
        match function:
            case "outer":
                return self._operation("*", arguments[0], arguments[1], axes)
            case "where":
                return self._where(arguments, axes)
            case "dot":
                a, b = (self.code(argument) for argument in arguments)
                at = b.axes.index(a.axes[-1])
                both = [n for n, axis in enumerate(b.axes) if n != at and axis in a.axes]
                return self._einsum(a, b, at, both, axes)
            case "slice":
                whole, *places = arguments
                a = self.code(whole)
                begin, end = (*map(self._place, places), "")[:2]
                return Code(f"{a.within(ATOM)}[{'..., ' if len(a.axes) > 1 else ''}{begin}:{end}]", ATOM, axes)
            case "identity":
                return self._identity(arguments[0], axes)
            case "diag":
                vector = self.code(arguments[0])
                square = (vector.axes[-1], self.scope.tied(self._axis(arguments[1])))
                eye = self._aligned(self._identity(arguments[1], square), axes)
                level = LEVELS["*"]
                return Code(f"{self._aligned(vector, axes).within(level)} * {eye.text}", level, axes)
            case "concat":
                parts = [self.code(argument) for argument in arguments]
                text = self.language.functions["concat"].format(", ".join(part.text for part in parts))
                return Code(text, ATOM, axes)
            case "transpose":
                (a,) = (self.code(argument) for argument in arguments)
                kept = a.axes[:1] == (BATCH_SIZE,)
                order = [*range(kept), *reversed(range(kept, len(a.axes)))]
                if order == sorted(order):
                    return a
                text = self.language.permute.format(a.within(ATOM), order=", ".join(map(str, order)))
                return Code(text, ATOM, axes)
        if FUNCTIONS[function].axes[1]:
            return self._along_axes(function, arguments)
        return self._applied(function, [self.code(argument, axes) for argument in arguments], axes)

    def _applied(self, function: str, of: list[Code], axes: Axes) -> Code:
        """A function of the numbers at the same index."""
        values = [code.value for code in of if code.value is not None]
        if len(values) == len(of):
            value = _computed(FUNCTIONS[function].op, *values)
            if function in MATH and isfinite(value):
                return Code(MATH[function].format(*(code.text for code in of)), ATOM, value=value)
            of = [self._array(of[0]), *of[1:]]
        call = self.language.functions[function]
        if any(code.is_number for code in of) and function in self.language.numbers:
            of, call = sorted(of, key=lambda code: code.is_number), self.language.numbers[function]
        self._use(function)
        return Code(call.format(*(self._aligned(code, axes).text for code in of)), ATOM, axes)

    def _where(self, arguments: tuple[Expression, ...], axes: Axes) -> Code:
        condition, *rest = arguments
        a, b = (self.code(argument, axes) for argument in rest)
        if a.is_number and b.is_number:
            a = self._array(a)
        if isinstance(condition, Operation) and condition.sign in COMPARISONS:
            own = self._axes(condition, axes)
            sides = self.code(condition.left, own), self.code(condition.right, own)
            test = self._aligned(Code(self._compared(condition.sign, *sides, own), 0, own), axes)
        else:
            given = self.code(condition, axes)
            given = self._aligned(self._array(given) if given.is_number else given, axes)
            test = Code(f"{given.within(1)} != 0", 0)
        texts = (test.text, self._aligned(a, axes).text, self._aligned(b, axes).text)
        return Code(self.language.functions["where"].format(*texts), ATOM, axes)

    def _identity(self, size: Expression, axes: Axes) -> Code:
        text = self.language.eye.format(self.axis_code(self._axis(size)))
        return Code(text, ATOM, axes)

    def _along_axes(self, function: str, arguments: tuple[Expression, ...]) -> Code:
        """A function along axes, which are positions of an array."""
        a = self.code(arguments[0])
        over = [self.scope.tied(self._axis(argument)) for argument in arguments[1:]]
        if function == "group_norm":
            over = [axis for axis in a.axes if axis not in (BATCH_SIZE, *over)]
        places = sorted(a.axes.index(axis) for axis in over)
        is_one = len(places) == 1
        written = str(places[0]) if is_one else f"({', '.join(map(str, places))})"
        calls = self.language.functions if is_one else {**self.language.functions, **self.language.several}
        keeps = OPS[FUNCTIONS[function].op].kind == "function"
        self._use("softmax_several" if function == "softmax" and not is_one else function)
        axes = a.axes if keeps else tuple(axis for axis in a.axes if axis not in over)
        return Code(calls[function].format(a.text, axis=written), ATOM, axes)

    def _place(self, e: Expression) -> str:
        """A place in an axis: nothing for its begin, or as many as an axis is long."""
        match e:
            case Number(n):
                return number_text(n) if n else ""
            case Operation("+" | "-" as sign, left, right):
                return f"{self._place(left) or '0'} {sign} {self._place(right) or '0'}"
        return self.axis_code(self.scope.tied(self._axis(e)))

    def blocks(self, e: Call, names: tuple[str, ...]) -> tuple[Code, bool, str]:
        """A split into parts with these names: what is split, whether they are equal, and the code."""
        whole = self.code(e.arguments[0])
        own = e.arguments[1:]
        is_count = isinstance(own[0], Number) or (isinstance(own[0], Name) and own[0].id in self.numbers)
        if is_count and len(own) == 1:
            return whole, True, self.language.functions["split"].format(whole.text, parts=len(names))
        sizes = [self.scope.part_axes[name] for name in names]
        ends = [reduce(lambda one, other: one + other, sizes[: n + 1]).collected for n in range(len(sizes) - 1)]
        text = self.language.functions["blocks"].format(
            whole.text, sizes=", ".join(map(self.axis_code, sizes)), ends=", ".join(map(self.axis_code, ends))
        )
        return whole, False, text

    def _axis(self, e: Expression) -> Axis:
        """An argument that is an axis."""
        match e:
            case Name(id):
                return axis(id)
            case Operation("*", Number(n), Name(id)):
                return axis(id).times(int(n))
            case Operation("+", left, right):
                return self._axis(left) + self._axis(right)
        raise TypeError(f"{e} is not an axis")

    def axis_code(self, axis: Axis) -> str:
        """The size of an axis: ``4 * num_units``."""
        return " + ".join(self.names[name] if n == 1 else f"{n} * {self.names[name]}" for n, name in axis.terms)

    def shape_code(self, axes: Axes) -> str:
        """A shape: ``(batch_size, num_units)``."""
        return f"({', '.join(map(self.axis_code, axes))}{',' if len(axes) == 1 else ''})"

    def _use(self, function: str) -> None:
        if function == "group_norm":
            function = "layer_norm"
        if function in self.language.definitions:
            self.used[function] = None


def _is_simple(text: str) -> bool:
    """Whether Black writes a power of it without blanks: a name or a number."""
    return text.removeprefix("-").replace(".", "").replace("_", "").isalnum()


def _computed(op: str, *values: float) -> float:
    """A pointwise operation on numbers."""
    compute = OPS[op].compute
    assert compute
    with quiet():
        return float(compute(*(np.array([float(value)]) for value in values))[0])


def _letters(axes: list[Axis]) -> list[str]:
    """A letter for each axis, from its name where that is free."""
    found: list[str] = []
    for one in axes:
        name = {"num_units": "u", "batch_size": "b"}.get(one.names[-1], one.names[-1].lower())
        own = [letter for letter in name if letter.isalpha()]
        found.append(next(letter for letter in (*own, *ascii_letters) if letter not in found))
    return found
