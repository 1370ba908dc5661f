"""Arithmetic, comparisons and built-in functions for values that are known."""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import islice

from .axes_of_operations import broadcast, matrix_product, tensor_of
from .interpreter_limits import LARGEST_NUMBER, LONGEST_LIST, LONGEST_RANGE, LONGEST_TEXT
from .values import (
    ANY,
    FLOAT,
    INTEGER,
    NONE,
    UNKNOWN,
    Argument,
    Chained,
    Choice,
    Constant,
    Dictionary,
    Instance,
    Layer,
    List,
    Maybe,
    Member,
    Reference,
    Repeated,
    Tensor,
    Tuple,
    Unknown,
    Value,
    size,
)
from .values import text as text_value

MODELS = (".Module", ".Model", ".Layer")
"""The ends of names of bases whose objects always count as true."""

BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
COMPARISONS: dict[type[ast.cmpop], Callable[..., bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


NUMBERS: dict[str, Callable[[float], float]] = {
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "math.sqrt": math.sqrt,
    "numpy.ceil": lambda number: float(math.ceil(number)),
    "numpy.floor": lambda number: float(math.floor(number)),
    "numpy.sqrt": math.sqrt,
}
"""Functions of a number that other modules define."""

PRODUCTS = ("math.prod", "numpy.prod")

FLOAT_TEXT = re.compile(r"\s*\d{1,9}(?:\.\d{0,9})?\s*")
"""A text that is a number."""


def number_of(value: Value) -> int | float | None:
    """A number that is not too large; True counts as 1, as in Python."""
    match value:
        case Constant(int() | float() as number) if abs(number) <= LARGEST_NUMBER:
            return number
    return None


def binary(op: ast.operator, left: Value, right: Value) -> Value:
    """``left op right``."""
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return _of_tensors(op, left, right)
    a, b = number_of(left), number_of(right)
    if a is not None and b is not None:
        return _of_numbers(op, a, b)
    match op, left, right:
        case ast.Add(), Constant(str() as one), Constant(str() as other):
            return text_value(one + other)
        case ast.Mod(), Constant(str() as text), _:
            return _formatted(text, right)
        case ast.BitOr(), Dictionary(items=dict() as one), Dictionary(items=dict() as other):
            return Dictionary(max(left.level, right.level), {**one, **other}, max(left.depth, right.depth))
        case ast.Add(), Tuple(items), Tuple(others):
            return Tuple(items + others)
        case ast.Add(), List(items=list() as items), List(items=list() as others):
            return List(max(left.level, right.level), items + others, left.is_list and right.is_list)
        case ast.Mult(), List(items=list() as items), Constant(int() as count) if len(items) * count <= LONGEST_LIST:
            return List(left.level, items * count, left.is_list)
        case ast.Mult(), List(items=[item]), Argument() | Unknown():
            return Repeated(item, right)
        case ((ast.Mult() | ast.FloorDiv() | ast.Div()), Argument(), Constant(1)):
            return left
        case ast.Mult(), Constant(1), Argument():
            return right
        case ((ast.Add() | ast.Sub()), Argument(), Constant(0)):
            return left
    is_integer = isinstance(op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod))
    return INTEGER if is_integer and all(_is_integer(v) for v in (left, right)) else UNKNOWN


def _formatted(text: str, by: Value) -> Value:
    """``"layer%d" % n``."""
    items = by.items if isinstance(by, Tuple) else (by,)
    values = tuple(item.value for item in items if isinstance(item, Constant))
    is_plain = text.replace("%d", "").replace("%s", "").count("%") == 0 and len(values) == text.count("%")
    if not is_plain or len(values) < len(items) or len(text) > LONGEST_TEXT:
        return UNKNOWN
    try:
        return text_value(text % values)
    except TypeError:
        return UNKNOWN


def _is_integer(value: Value) -> bool:
    return value == INTEGER or (isinstance(value, Constant) and type(value.value) is int)


def _of_tensors(op: ast.operator, left: Value, right: Value) -> Value:
    if isinstance(op, ast.MatMult):
        return Tensor(matrix_product(tensor_of(left).axes, tensor_of(right).axes))
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return Tensor(broadcast(left.axes, right.axes))
    one, other = (left, right) if isinstance(left, Tensor) else (right, left)
    is_scalar = isinstance(other, Constant) or other in (INTEGER, FLOAT)
    return one if is_scalar else Tensor((ANY,))


def of_number(path: str, arguments: Sequence[Value]) -> Value:
    """A function of a module for numbers."""
    match arguments:
        case [Tuple(items=(*items,)) | List(items=[*items])] if path in PRODUCTS and len(items) <= LONGEST_LIST:
            product: Value = Constant(1)
            return reduce(lambda one, another: binary(ast.Mult(), one, another), items, product)
        case [one] if path in NUMBERS and (number := number_of(one)) is not None and number >= 0:
            return Constant(NUMBERS[path](number))
        case [Tuple() | List()] if path == "numpy.sum":
            return builtin("sum", arguments, 0)
    return UNKNOWN


def _of_numbers(op: ast.operator, a: float, b: float) -> Value:
    if isinstance(op, (ast.LShift, ast.RShift)) and type(a) is type(b) is int and 0 <= b <= 32:
        return _of_numbers(ast.Mult() if isinstance(op, ast.LShift) else ast.FloorDiv(), a, 2**b)
    if type(op) not in BINARY or (isinstance(op, ast.Pow) and not (0 <= b <= 32 and abs(a) <= 2**16)):
        return UNKNOWN
    try:
        found = BINARY[type(op)](a, b)
    except (ArithmeticError, ValueError):
        return UNKNOWN
    return Constant(found) if isinstance(found, (int, float)) and abs(found) <= LARGEST_NUMBER else UNKNOWN


def unary(op: ast.unaryop, value: Value) -> Value:
    if isinstance(op, ast.Not):
        truth = truth_of(value)
        return UNKNOWN if truth is None else Constant(not truth)
    if isinstance(value, Tensor):
        return value
    number = number_of(value)
    if number is None or not isinstance(op, (ast.USub, ast.UAdd)):
        return INTEGER if value == INTEGER else UNKNOWN
    return Constant(-number if isinstance(op, ast.USub) else number)


def truth_of(value: Value) -> bool | None:
    """Whether a value counts as true; None if it is unknown."""
    match value:
        case Constant(known):
            return bool(known)
        case Tuple(items):
            return bool(items)
        case List(items=list() as items):
            return bool(items)
        case Dictionary(items=dict() as entries):
            return bool(entries)
        case Layer():
            return True
        case Instance(of=of) if all(isinstance(b, Reference) and b.path.endswith(MODELS) for b in of.outer_bases()):
            return None if of.member("__len__") or of.member("__bool__") else True
    return None


def compared(op: ast.cmpop, left: Value, right: Value) -> Value:
    """``left op right``."""
    if isinstance(op, (ast.Is, ast.IsNot)) and NONE in (left, right):
        other = right if left == NONE else left
        if isinstance(other, (Unknown, Argument, Choice)):
            return UNKNOWN
        return Constant((other == NONE) == isinstance(op, ast.Is))
    if (
        isinstance(left, Member)
        and isinstance(right, Member)
        and isinstance(op, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot))
    ):
        return Constant((left == right) == isinstance(op, (ast.Eq, ast.Is)))
    if isinstance(op, (ast.Eq, ast.NotEq)) and {type(left), type(right)} == {Tuple, Constant}:
        return Constant(isinstance(op, ast.NotEq))
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(left, Constant):
        return _contained(left, right, isinstance(op, ast.In))
    if not isinstance(left, Constant) or not isinstance(right, Constant) or type(op) not in COMPARISONS:
        return UNKNOWN
    try:
        return Constant(COMPARISONS[type(op)](left.value, right.value))
    except TypeError:
        return UNKNOWN


def _contained(left: Constant, right: Value, is_in: bool) -> Value:
    match right:
        case Tuple(items=(*items,)) | List(items=[*items]):
            if all(isinstance(item, Constant) for item in items):
                return Constant((left in items) == is_in)
        case Dictionary(items=dict() as entries):
            return Constant((left.value in entries) == is_in)
        case Constant(str() as text) if isinstance(left.value, str):
            return Constant((left.value in text) == is_in)
    return UNKNOWN


MOST_LETTERS = 100
"""Letters of a text over which a loop is followed: those of gates, and of an alphabet."""


def items_of(value: Value) -> Sequence[Value] | None:
    """What a loop over a value takes: the items of a list or chain, the keys of a dictionary; None if it is unknown."""
    if isinstance(value, (Tuple, List)):
        return value.items
    if isinstance(value, Constant) and isinstance(value.value, str) and len(value.value) <= MOST_LETTERS:
        return [Constant(one) for one in value.value]
    if isinstance(value, Dictionary) and value.items is not None:
        return [Constant(key) for key in value.items]
    return value.items if isinstance(value, Chained) and is_known_chain(value) else None


def is_known_chain(value: Value) -> bool:
    """Whether a value is a chain of layers, each of which certainly is in it."""
    return isinstance(value, Chained) and not any(isinstance(item, Maybe) for item in value.items)


def builtin(name: str, arguments: Sequence[Value], level: int) -> Value:
    """A built-in function of Python."""
    arguments = [Tuple(tuple(items_of(one) or ())) if is_known_chain(one) else one for one in arguments]
    known = [number_of(argument) for argument in arguments]
    match name, arguments:
        case "len", [Tuple(items=(*items,)) | List(items=[*items])]:
            return Constant(len(items))
        case "len", [Dictionary(items=dict() as entries)]:
            return Constant(len(entries))
        case "len", [Constant(str() as text)]:
            return Constant(len(text))
        case (("list" | "tuple"), [Constant(str() as text)]) if len(text) <= LONGEST_TEXT:
            letters: list[Value] = [Constant(letter) for letter in text]
            return List(level, letters, is_list=True) if name == "list" else Tuple(tuple(letters))
        case (("list" | "tuple"), [Dictionary(items=dict() as entries)]):
            return List(level, list(map(Constant, entries)))
        case "len", [Tensor((first, *_))] if first != ANY:
            return size(first)
        case "len", _:
            return INTEGER
        case "range", [Constant(int()), *_] if all(type(n) is int for n in known) and len(known) <= 3:
            return _range(known, level)
        case "int", [argument] if known[0] is not None:
            return Constant(int(known[0]))
        case "int", [Constant(str() as text)] if text.strip().isdecimal() and len(text) < 10:
            return Constant(int(text))
        case (("int" | "float" | "str"), [Argument() as argument]):  # a number is a size only if it is the same
            return argument
        case "int", [argument]:
            return argument if isinstance(argument, Unknown) and argument.is_integer else INTEGER
        case "float", [_] if known[0] is not None:
            return Constant(float(known[0]))
        case "float", [Constant(str() as text)] if FLOAT_TEXT.fullmatch(text):
            return Constant(float(text))
        case "float", [_]:
            return FLOAT
        case "bool", [argument]:
            truth = truth_of(argument)
            return UNKNOWN if truth is None else Constant(truth)
        case (("max" | "min"), [_, _, *_]) if all(n is not None for n in known):
            return Constant((max if name == "max" else min)(n for n in known if n is not None))
        case (("max" | "min"), [Tuple(items=(_, _, *_) as items) | List(items=[_, _, *_] as items)]):
            return builtin(name, items, level)
        case "sum", [Tuple(items=(*items,)) | List(items=[*items]), *start] if len(start) < 2:
            return reduce(lambda one, another: binary(ast.Add(), one, another), items, *(start or [Constant(0)]))
        case "sum", [Tensor(axes), *_]:
            return Tensor(axes[1:] if ANY not in axes else (ANY,))
        case (("abs" | "round"), [_]) if known[0] is not None:
            return Constant(abs(known[0]) if name == "abs" else round(known[0]))
        case (("list" | "tuple"), [Tuple(items=(*items,)) | List(items=[*items])]):
            return List(level, list(items), is_list=True) if name == "list" else Tuple(tuple(items))
        case (("list" | "tuple"), []):
            return List(level, [], is_list=True) if name == "list" else Tuple(())
        case (("set" | "sorted"), [Constant(str() as text)]) if len(text) <= LONGEST_TEXT:
            return builtin(name, [List(level, [Constant(letter) for letter in text])], level)
        case "set", [Tuple(items=(*items,)) | List(items=[*items])] if all(isinstance(one, Constant) for one in items):
            return List(level, list(dict.fromkeys(items)))
        case "sorted", [Tuple(items=(*items,)) | List(items=[*items])]:
            return List(level, _sorted(items), is_list=True)
        case "reversed", [Tuple(items=(*items,)) | List(items=[*items])]:
            return List(level, items[::-1])
        case "enumerate", [Tuple(items=(*items,)) | List(items=[*items]), *start] if len(start) < 2:
            begin = start[0] if start else Constant(0)
            return List(level, [Tuple((binary(ast.Add(), begin, Constant(n)), one)) for n, one in enumerate(items)])
        case "zip", [_, *_]:
            columns = [a.items if isinstance(a, (Tuple, List)) else None for a in arguments]
            if all(column is not None for column in columns):
                return List(level, [Tuple(row) for row in zip(*(c for c in columns if c is not None), strict=False)])
        case "str", [Constant(str() | int() as known_text)]:
            return Constant(str(known_text))
        case "isinstance", [value, of]:
            return _is_of(value, of.items if isinstance(of, Tuple) else [of])
    return UNKNOWN


TYPES: Mapping[str, type] = {f"builtins.{of.__name__}": of for of in (int, float, str, bool, tuple, list, dict)}
"""Types of Python, by the full names of what makes their objects."""


def _is_of(value: Value, types: Sequence[Value]) -> Value:
    """``isinstance(value, types)``; a list may also be another sequence."""
    known = tuple(TYPES[one.path] for one in types if isinstance(one, Reference) and one.path in TYPES)
    if len(known) < len(types):
        return UNKNOWN
    match value:
        case Constant(number_or_text):
            return Constant(isinstance(number_or_text, known))
        case Tuple():
            return Constant(tuple in known)
        case Dictionary():
            return Constant(dict in known)
        case List(is_list=is_list) if is_list or not {list, tuple} & {*known}:
            return Constant(is_list and list in known)
        case Tensor(axes) if ANY not in axes:  # an input of which nothing is known may be a tuple
            return Constant(False)
    return UNKNOWN


def _sorted(items: Sequence[Value]) -> list[Value]:
    """The items of a list in their order; as many unknown ones, if that is not certain."""
    texts = [one.value for one in items if isinstance(one, Constant) and isinstance(one.value, str)]
    if len(texts) == len(items):
        return list(map(Constant, sorted(texts)))
    numbers = [number for one in items if (number := number_of(one)) is not None]
    return list(map(Constant, sorted(numbers))) if len(numbers) == len(items) else [UNKNOWN] * len(items)


def _range(bounds: Sequence[int | float | None], level: int) -> Value:
    numbers = [n for n in bounds if isinstance(n, int)]
    if len(numbers) == 3 and not numbers[2]:
        return UNKNOWN
    items: list[Value] = [Constant(n) for n in islice(range(*numbers), LONGEST_RANGE + 1)]
    return List(level, items) if len(items) <= LONGEST_RANGE else UNKNOWN
