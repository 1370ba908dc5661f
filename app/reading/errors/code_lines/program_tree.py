"""A pasted program as a tree: where its arrays come from, and its lines with a part replaced."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from ...code.operations import NEW, PRODUCTS, Program
from ...code.values import ANY, Axes, Constant, Layer, Tensor
from ...code.word_sets import words
from ..pasted_text import without_spaces
from .corrected_lines import Correction, Corrections

MAKERS = NEW | {"new_zeros", "new_ones", "new_full", "new_empty"}
"""Functions and methods that make an array of a size."""

MOST_PRODUCTS = 4
"""Products of a line that are read."""

SIZES = ("size", "shape")

CELLS_OF_FLAX = ("LSTMCell", "OptimizedLSTMCell", "GRUCell", "MGUCell", "SimpleCell")
"""The cells of Flax, by which ``RNN`` computes all steps."""

FORWARDS = ("forward", "call", "__call__")
"""The methods that compute a network."""

COMMENT = re.compile(r"\s{1,40}#[^\"'#]{0,300}$")
"""A comment at the end of a line, which is in no string."""

MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
"""Nodes that say something about another one."""

Functions = ast.FunctionDef | ast.AsyncFunctionDef


DEEPEST = 8
"""Names, calls and functions through which an array is followed to where it is made."""

MOST_FOLLOWED = 500
"""Expressions that are followed."""

UNCHANGED = words(
    "to cuda cpu float double half astype type clone copy detach contiguous requires_grad_ asarray array as_tensor"
    " from_numpy float32 convert_to_tensor device_put"
)
"""Methods and functions that return an array with the same axes."""

KINDS = {"lstm": ("lstm",), "gru": ("gru",), "rnn": ("rnn", "simplernn"), "dense": ("linear", "dense")}
"""Kind of a layer -> what frameworks call it, in lower case and without ``Cell``."""

FLAGS = ("return_sequences", "return_state")

MODULES = ("np", "jnp", "numpy", "torch", "tf", "jax")


class Given(NamedTuple):
    """A value that a name gets, or a part of it, in a line of a function, None for the module."""

    value: ast.expr
    path: tuple[int, ...]
    function: "Functions | None"
    line: int


class Origin(NamedTuple):
    """The call that makes an array, and the calls through which the program passes it."""

    made: ast.Call
    calls: tuple[ast.Call, ...]


class ProgramTree:
    """A program that was read. ``frames``: its lines in a traceback, each once, the outermost first."""

    def __init__(self, program: Program, frames: Sequence[str] = ()) -> None:
        last_first = dict.fromkeys(reversed(frames))
        self._program, self.frames, self._followed = program, [*reversed(last_first)], 0

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        """Each node -> the one that has it."""
        source, parents = self._program.source, dict[ast.AST, ast.AST]()
        left: list[ast.AST] = [ast.Module(list(source.statements) if source else [], [])]
        while left:
            node = left.pop()
            if source and isinstance(node, Functions):
                source.body(node)
            children = [one for one in ast.iter_child_nodes(node) if not isinstance(one, MARKS)]
            parents |= dict.fromkeys(children, node)
            left += reversed(children)
        return parents

    @property
    def nodes(self) -> Iterable[ast.AST]:
        """All nodes of the program."""
        return self._parents

    @cached_property
    def _assigned(self) -> dict[str, list[Given]]:
        """What each name, attribute or item gets, in the order of the lines."""
        found = dict[str, list[Given]]()
        for one in (node for node in self.nodes if isinstance(node, ast.Assign)):
            for target in one.targets:
                for item, value, path in _parts(target, one.value):
                    given = Given(value, path, self.function_of(one), one.lineno)
                    found.setdefault(key_of(item), []).append(given)
        return {name: sorted(given, key=lambda one: one.line) for name, given in found.items()}

    def text(self, node: ast.expr) -> str:
        """An expression as the program writes it, in one line."""
        if node.end_lineno != node.lineno or not 0 < node.lineno <= len(self._program.lines):
            return ast.unparse(node)
        return self._program.lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()

    def operand(self, node: ast.expr) -> str:
        """An expression in brackets, unless a method of it can be called without them."""
        text = self.text(node)
        return text if isinstance(node, (ast.Name, ast.Call, ast.Attribute, ast.Subscript)) else f"({text})"

    def doubled(self, size: ast.expr) -> str:
        """Twice a size, as the program writes it."""
        text = self.text(size)
        return str(2 * int(text)) if text.isdecimal() else f"2 * {self.operand(size)}"

    def axes(self, node: ast.AST) -> Axes:
        """What is known about the axes of an expression; () for nothing."""
        value = self._program.values.get(id(node))
        return value.axes if isinstance(value, Tensor) and ANY not in value.axes else ()

    def layer(self, node: ast.AST) -> Layer | None:
        """The layer that an expression certainly is."""
        value = self._program.values.get(id(node))
        return value if isinstance(value, Layer) else None

    def number(self, node: ast.AST) -> int | None:
        """The number that an expression certainly is."""
        value = self._program.values.get(id(node))
        known = value.value if isinstance(value, Constant) else node.value if isinstance(node, ast.Constant) else None
        return known if type(known) is int else None

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that have a node, the nearest first."""
        while above := self._parents.get(node):
            yield above
            node = above

    @property
    def loops_over_batches(self) -> bool:
        """Whether a loop of the module, outside of functions, has a line of the traceback."""
        nodes = (node for line in self.frames for node in self.nodes_in(line))
        return any(self.function_of(node) is None and self.is_in_loop(node) for node in nodes)

    def is_in_loop(self, node: ast.AST) -> bool:
        """Whether a loop of the function of a node has it."""
        function = self.function_of(node)
        return any(isinstance(one, ast.For) and self.function_of(one) is function for one in self.above(node))

    def function_of(self, node: ast.AST) -> Functions | None:
        """The function that has a node."""
        return next((one for one in self.above(node) if isinstance(one, Functions)), None)

    @property
    def sizes_of_flax_cell(self) -> dict[str, int]:
        """The features and the units of the only cell of Flax that the program makes; one of linen is made for any
        features."""
        cells = [one for one in self.nodes if isinstance(one, ast.Call) and name_of(one) in CELLS_OF_FLAX]
        if len(cells) != 1:
            return {}
        is_nnx = "nnx." in ast.unparse(cells[0].func)
        names = (
            (("in_features", "features"), ("hidden_features", "num_units")) if is_nnx else (("features", "num_units"),)
        )
        given = ((size, self.argument(cells[0], n, name)) for n, (name, size) in enumerate(names))
        sizes = {size: self.size_said(one) for size, one in given if one is not None}
        return {name: size for name, size in sizes.items() if size}

    def size_said(self, node: ast.expr) -> int | None:
        """The number that an expression is, or that a class gives a field of this name: ``units: int = 24``."""
        if (number := self.number(node)) is not None or not isinstance(node, ast.Attribute):
            return number
        fields = [
            one.value
            for one in self.nodes
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == node.attr
        ]
        given = [
            one.value
            for call in self.nodes
            if isinstance(call, ast.Call)
            for one in call.keywords
            if one.arg == node.attr
        ]
        said = {number for one in (*given, *fields) if one is not None and (number := self.number(one)) is not None}
        return said.pop() if len(said) == 1 else None

    def nodes_in(self, line: str) -> list[ast.AST]:
        """The nodes in a line of the program, the outermost first."""
        return self._nodes_by_line.get(without_spaces(line), [])

    @cached_property
    def _nodes_by_line(self) -> dict[str, list[ast.AST]]:
        """The nodes in the lines with each text."""
        lines, found = [without_spaces(one) for one in self._program.lines], dict[str, list[ast.AST]]()
        for node in self.nodes:
            if 0 < (number := getattr(node, "lineno", 0)) <= len(lines):
                found.setdefault(lines[number - 1], []).append(node)
        return found

    def calls_in(self, line: str) -> list[ast.Call]:
        """The calls in a line of the program, the outermost first."""
        return [one for one in self.nodes_in(line) if isinstance(one, ast.Call)]

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names of what the program imports."""
        imports = [one for one in self.nodes if isinstance(one, (ast.Import, ast.ImportFrom))]
        return frozenset(name.asname or name.name for one in imports for name in one.names)

    def products_in(self, code: str) -> list[tuple[ast.expr, ast.expr]]:
        """The factors of the products of two arrays in lines of the program that have, or are, a piece of code."""
        wanted = _plain(code)
        lines = [one for line, one in self._products_by_line.items() if wanted and wanted in line]
        in_line = islice(chain.from_iterable(lines), MOST_PRODUCTS)
        return [factors for one, factors in in_line if _plain(ast.unparse(one)) in wanted]

    @cached_property
    def _products_by_line(self) -> dict[str, list[tuple[ast.AST, tuple[ast.expr, ast.expr]]]]:
        """The products of two arrays in the lines with each text, and their factors."""
        lines = [_plain(one) for one in self._program.lines]
        found = dict[str, list[tuple[ast.AST, tuple[ast.expr, ast.expr]]]]()
        for one in self.nodes:
            if factors := factors_of(one):
                found.setdefault(lines[factors[0].lineno - 1], []).append((one, factors))
        return found

    def _given(self, target: ast.expr) -> Given | None:
        """What a name got last before its line, in its function or in the module; or what an attribute, or the key of a
        dictionary, got once; None if that is not known."""
        given = self._assigned.get(key_of(target), [])
        if isinstance(target, ast.Name):
            function = self.function_of(target)
            before = [one for one in given if one.function is function and one.line < target.lineno]
            if before:
                return before[-1]
            given = [one for one in given if one.function is None] if function else []
        if not given and isinstance(target, ast.Subscript) and (value := self._of_key(target)) is not None:
            return Given(value, (), None, value.lineno)
        return given[0] if len(given) == 1 else None

    def assigned(self, target: ast.expr) -> ast.expr | None:
        """The same as an expression; None if it is a part of one."""
        given = self._given(target)
        return given.value if given and not given.path else None

    def origins(
        self, node: ast.expr, path: tuple[int, ...] = (), calls: tuple[ast.Call, ...] = (), depth: int = 0
    ) -> Iterator[Origin]:
        """Where the arrays of an expression are made, through names, functions of the program and their calls.
        ``path``: which items of it are meant."""
        self._followed += 1
        if depth > DEEPEST or self._followed > MOST_FOLLOWED:
            return
        more = depth + 1
        match node:
            case ast.Tuple(elts) | ast.List(elts):
                items = elts[path[0] : path[0] + 1] if path else elts
                for one in items:
                    yield from self.origins(one, path[1:], calls, more)
            case ast.Call() if self.is_maker(node):
                yield Origin(node, calls)
            case ast.Call():
                function = self.function_called(node)
                if function and (value := self.returned_by(function)) is not None:
                    yield from self.origins(value, path, (*calls, node), more)
                elif isinstance(node.func, ast.Attribute) and node.func.attr in UNCHANGED:
                    is_module = isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES
                    inner = node.args[0] if is_module and node.args else node.func.value
                    yield from self.origins(inner, path, calls, more)
            case ast.GeneratorExp(elt) | ast.ListComp(elt):
                yield from self.origins(elt, path[1:], calls, more)
            case ast.BinOp(left, _, right):
                for one in (left, right):
                    yield from self.origins(one, path, calls, more)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                if isinstance(node, ast.Name) and (argument := self.given_to(node)):
                    call, value = argument
                    yield from self.origins(value, path, (*calls, call), more)
                elif given := self._given(node):
                    yield from self.origins(given.value, (*given.path, *path), calls, more)

    def _of_key(self, target: ast.Subscript) -> ast.expr | None:
        """The value of a key in the only dictionary that has it."""
        found = self._values_of_keys.get(ast.unparse(target.slice), [])
        return found[0] if len(found) == 1 else None

    @cached_property
    def _values_of_keys(self) -> dict[str, list[ast.expr]]:
        """The values of each key in the dictionaries of the program."""
        found = dict[str, list[ast.expr]]()
        for one in (node for node in self.nodes if isinstance(node, ast.Dict)):
            for key, value in zip(one.keys, one.values, strict=True):
                if key:
                    found.setdefault(ast.unparse(key), []).append(value)
        return found

    def made_by(self, value: ast.expr) -> ast.Call | None:
        """The only call that makes the array of an expression."""
        made = [one.made for one in self.origins(value)]
        return made[0] if len(made) == 1 else None

    def axes_of_made(self, value: ast.expr) -> Axes:
        """The axes of an expression, or of the array that the program makes for it; () if they are not known."""
        axes = self.axes(value)
        made = None if axes and None not in axes else self.made_by(value)
        return self.axes(made) if made else axes

    def is_maker(self, call: ast.Call) -> bool:
        """Whether a call makes an array of sizes."""
        return name_of(call) in MAKERS and bool(call.args or call.keywords)

    def sizes_of(self, made: ast.Call) -> list[ast.expr]:
        """The expressions of the sizes of an array that a call makes."""
        named = [one.value for one in made.keywords if one.arg in SIZES]
        given = [self.assigned(one) or one if isinstance(one, ast.Name) else one for one in (*named, *made.args)]
        lists = [one for one in given if isinstance(one, (ast.Tuple, ast.List))]
        if lists:
            return list(lists[-1].elts)
        return named or [one for one in made.args if not isinstance(one, ast.Starred)]

    def argument(self, call: ast.Call, n: int, name: str = "") -> ast.expr | None:
        """An argument of a call, by its place or its name."""
        named = next((one.value for one in call.keywords if name and one.arg == name), None)
        return named or (call.args[n] if n < len(call.args) and isinstance(call.args[n], ast.expr) else None)

    def is_method(self, function: Functions) -> bool:
        return any(isinstance(one, ast.ClassDef) for one in self.above(function))

    def function_called(self, call: ast.Call) -> Functions | None:
        """The function or the method that a call calls, by its name, if the program has only one; for that of an
        object its ``forward``."""
        named = self._functions.get(name_of(call), [])
        if named:
            return named[0] if len(named) == 1 else None
        networks = [one for name in FORWARDS for one in self._functions.get(name, [])]
        return networks[0] if len(networks) == 1 and not isinstance(call.func, ast.Attribute) else None

    @cached_property
    def _functions(self) -> dict[str, list[Functions]]:
        """The functions and methods of each name."""
        found = dict[str, list[Functions]]()
        for one in (node for node in self.nodes if isinstance(node, Functions)):
            found.setdefault(one.name, []).append(one)
        return found

    def returned_by(self, function: Functions) -> ast.expr | None:
        """What a function returns, if it has one line that returns something."""
        values = self._returned.get(function, [])
        return values[0] if len(values) == 1 else None

    @cached_property
    def _returned(self) -> dict[Functions | None, list[ast.expr | None]]:
        """What each function returns, in the order of its lines."""
        found = dict[Functions | None, list[ast.expr | None]]()
        for one in (node for node in self.nodes if isinstance(node, ast.Return)):
            found.setdefault(self.function_of(one), []).append(one.value)
        return found

    def parameters(self, function: Functions | None) -> list[str]:
        """The parameters of a function without ``self``."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)] if function else []
        return names[names[:1] == ["self"] :]

    def first_parameter(self, function: Functions | None) -> str:
        return next(iter(self.parameters(function)), "")

    def argument_for(self, call: ast.Call, function: Functions, parameter: ast.expr) -> ast.expr | None:
        """What a call gives a function for one of its parameters."""
        names = self.parameters(function)
        if not isinstance(parameter, ast.Name) or parameter.id not in names:
            return None
        return self.argument(call, names.index(parameter.id), parameter.id)

    def given_to(self, parameter: ast.Name) -> tuple[ast.Call, ast.expr] | None:
        """The call of the traceback that calls the function of a parameter, and what it gives for it."""
        function = self.function_of(parameter)
        if not function or parameter.id not in self.parameters(function) or self._is_assigned_before(parameter):
            return None
        for line in reversed(self.frames):
            for call in self.calls_in(line):
                is_call = self.function_of(call) is not function and self.function_called(call) is function
                value = self.argument_for(call, function, parameter) if is_call else None
                if value is not None:
                    return call, value
        return None

    def _is_assigned_before(self, name: ast.Name) -> bool:
        function, given = self.function_of(name), self._assigned.get(name.id, [])
        return any(one.function is function and one.line < name.lineno for one in given)

    def is_known_at(self, value: ast.expr, line: int) -> bool:
        """Whether a name has a value in a line of its function: not if it gets its first one later."""
        function = self.function_of(value)
        if not isinstance(value, ast.Name):
            return False
        given = [one.lineno for one in self._stored.get(value.id, []) if self.function_of(one) is function]
        return not given or min(given) < line

    @cached_property
    def _stored(self) -> dict[str, list[ast.Name]]:
        """Where each name gets a value: by an assignment, in a loop, or otherwise."""
        found = dict[str, list[ast.Name]]()
        for one in self.nodes:
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                found.setdefault(one.id, []).append(one)
        return found

    def place_of(self, name: ast.Name) -> ast.Name | None:
        """The name in the last assignment before its line from which it has its value; None without one."""
        function = self.function_of(name)
        stored = [one for one in self._stored.get(name.id, []) if self.function_of(one) is function]
        return next((one for one in reversed(stored) if one.lineno < name.lineno), None)

    def constructor(self, call: ast.Call) -> Functions | None:
        """The ``__init__`` of the class that a call makes an object of."""
        found = [
            one
            for one in self._functions.get("__init__", [])
            if any(isinstance(of, ast.ClassDef) and of.name == name_of(call) for of in self.above(one))
        ]
        return found[0] if len(found) == 1 else None

    def with_parameter(self, call: ast.Call, function: Functions, name: str, value: str) -> Correction | None:
        """The line of a call, and the same with a value for a parameter of the function that it calls."""
        given = self.argument(call, self.parameters(function).index(name), name)
        if given is not None:
            return self.replaced((given, value))
        if call.args or call.keywords:
            return self.with_argument(call, name, value)
        return self.replaced((call, f"{self.text(call.func)}({name}={value})"))

    def is_assigned(self, name: str) -> bool:
        """Whether the program gives a name a value."""
        return name in self._stored

    def may_be_none(self, attribute: ast.expr) -> bool:
        """Whether the program sets an attribute to None."""
        given = self._assigned.get(key_of(attribute), [])
        return any(isinstance(one.value, ast.Constant) and one.value.value is None for one in given)

    def method_that_resets(self, attribute: ast.expr) -> str:
        """The method that sets an attribute of its object to None and has no parameter; "" without one."""
        for one in self._assigned.get(key_of(attribute), []):
            function, is_none = one.function, isinstance(one.value, ast.Constant) and one.value.value is None
            if is_none and function and function.name != "__init__" and not self.parameters(function):
                return function.name
        return ""

    def owner_of_call(self, node: ast.AST) -> tuple[str, str]:
        """The name of the network that the traceback calls, and the line that does so, or the first of its loops."""
        inside = self.function_of(node)
        for line in reversed(self.frames):
            for call in self.calls_in(line):
                if self.function_called(call) is inside and isinstance(call.func, ast.Name):
                    loops = [one for one in self.above(call) if isinstance(one, (ast.For, ast.While))]
                    first = loops[-1] if loops else call
                    return call.func.id, self._program.lines[first.lineno - 1].strip()
        return "", ""

    def axis_of_range(self, iterated: ast.expr, x: ast.expr) -> int | None:
        """Which axis of x a loop runs over: ``range(x.size(1))``; None for another loop."""
        match iterated:
            case ast.Call(func=ast.Name("range"), args=[ast.Call(func=ast.Attribute(of, "size"), args=[axis])]):
                pass
            case ast.Call(func=ast.Name("range"), args=[ast.Subscript(value=ast.Attribute(of, "shape"), slice=axis)]):
                pass
            case ast.Call(func=ast.Name("range"), args=[steps]):
                axes, n = self.axes(x), self.number(steps)
                return axes.index(n) if n is not None and axes[:2].count(n) == 1 else None
            case _:
                return None
        is_of_x = ast.unparse(of) == ast.unparse(x)
        return self.number(axis) if is_of_x and self.number(axis) in (0, 1) else None

    def sums_in(self, code: str) -> list[ast.BinOp]:
        """The sums of the program that are a piece of code."""
        wanted = _plain(code)
        sums = (one for one in self.nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
        return [one for one in sums if wanted and _plain(ast.unparse(one)) == wanted]

    def sums_of_failure(self, code: str) -> list[ast.BinOp]:
        """The sums in a piece of code of the last line of the traceback."""
        wanted = _plain(code)
        nodes = self.nodes_in(self.frames[-1]) if self.frames else []
        sums = (one for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
        return [one for one in sums if wanted and _plain(self.text(one)) in wanted]

    def replaced(self, *parts: tuple[ast.AST, str]) -> Correction | None:
        """The line of the program with these nodes, and the same with others in their place; None if they are not all
        in one line."""
        numbers = {getattr(node, "lineno", 0) for node, _ in parts} | {
            getattr(node, "end_lineno", 0) for node, _ in parts
        }
        if len(numbers) != 1 or not 0 < (n := numbers.pop()) <= len(self._program.lines):
            return None
        line = self._program.lines[n - 1].encode()
        fixed = line
        for node, text in sorted(parts, key=lambda one: -getattr(one[0], "col_offset", 0)):
            start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
            fixed = fixed[:start] + text.encode() + fixed[end:]
        shown, corrected = (COMMENT.sub("", one.decode().strip()) for one in (line, fixed))
        return (shown, corrected + self.place(n)) if fixed != line else None

    def corrected(self, *parts: tuple[ast.AST, str]) -> Corrections:
        """The lines of the program with these nodes, each with others in their place; () if one is not in one line."""
        by_line = dict[int, list[tuple[ast.AST, str]]]()
        for part in parts:
            by_line.setdefault(getattr(part[0], "lineno", 0), []).append(part)
        lines = [self.replaced(*by_line[n]) for n in sorted(by_line)]
        known = [one for one in lines if one]
        return known if len(known) == len(lines) else ()

    def place(self, n: int) -> str:
        """A comment that tells one of several equal lines: the line after it; "" for the only one."""
        lines = [one.strip() for one in self._program.lines]
        after = next(filter(None, lines[n:]), "")
        return f"  # before: {after}" if lines.count(lines[n - 1]) > 1 else ""

    def made_layer(self, layer: Layer) -> ast.Call | None:
        """The call that makes a layer: the only one in its line of its kind, with its number of units and its
        settings."""
        calls = [one for one in self.nodes if isinstance(one, ast.Call) and one.lineno == layer.line]
        found = [one for one in calls if self._is_of(one, layer)]
        features = layer.size("features")
        of_both = [one for one in found if self.argument_of_size(one, features if isinstance(features, int) else None)]
        found = found if len(found) == 1 else of_both
        return found[0] if len(found) == 1 else None

    def _is_of(self, call: ast.Call, layer: Layer) -> bool:
        """Whether a call may make a layer."""
        names = KINDS.get(layer.kind.removesuffix("_cell"), ())
        numbers = [self.number(one) for one in (*call.args, *(one.value for one in call.keywords))]
        said = {one.arg: one.value.value for one in call.keywords if one.arg and isinstance(one.value, ast.Constant)}
        flags = {name: layer.setting(name) for name in FLAGS if name in layer.config}
        fits = all(said.get(name, False) == known for name, known in flags.items() if known is not None)
        is_named = name_of(call).lower().removesuffix("cell") in names
        return is_named and layer.size("num_units") in numbers and (fits or layer.framework != "keras")

    def argument_of_size(self, call: ast.Call, size: int | None) -> ast.expr | None:
        """The only argument of a call that is a number."""
        given = [*call.args, *(one.value for one in call.keywords)]
        found = [one for one in given if size is not None and self.number(one) == size]
        return found[0] if len(found) == 1 else None

    def with_argument(self, call: ast.Call, name: str, value: str) -> Correction | None:
        """The line of a call, and the same with an argument, in place of another value of it."""
        arguments = [*call.args, *(one.value for one in call.keywords)]
        given = [one.value for one in call.keywords if one.arg == name]
        if not arguments or call.end_lineno != call.lineno:
            return None
        if given:
            return self.replaced((given[0], value))
        last = max(arguments, key=lambda one: one.col_offset)
        return self.replaced((last, f"{self.text(last)}, {name}={value}"))

    def call_with(self, call: ast.Call, n: int, name: str, value: str) -> str:
        """A call with another value of an argument, by its place or its name."""
        old, new = self.argument(call, n, name), ast.parse(value, mode="eval").body
        args = [new if one is old else one for one in call.args]
        keywords = [ast.keyword(one.arg, new if one.value is old else one.value) for one in call.keywords]
        return ast.unparse(ast.Call(call.func, args, keywords))


def _parts(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr, tuple[int, ...]]]:
    """The names of a target, each with its value, or the value of which it is the item at a place."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        yield target, value, ()
        return
    items = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else None
    for n, item in enumerate(target.elts):
        yield (item, items[n], ()) if items else (item, value, (n,))


def sizes_of_origin(tree: ProgramTree, origin: Origin) -> list[ast.expr]:
    """The expressions of the sizes of an array, also of one that a function makes for a shape that it gets."""
    sizes = tree.sizes_of(origin.made)
    names = [one for one in (*sizes, *origin.made.args) if isinstance(one, ast.Name)]
    for call in reversed(origin.calls):
        function = tree.function_called(call)
        given = [tree.argument_for(call, function, one) for one in names] if function else []
        shapes = [one.elts for one in given if isinstance(one, (ast.Tuple, ast.List))]
        if shapes:
            return list(shapes[0])
    return sizes


def key_of(node: ast.expr) -> str:
    """The text of a name, an attribute or an item."""
    return node.id if isinstance(node, ast.Name) else ast.unparse(node)


def name_of(call: ast.Call) -> str:
    """The name of the function or the method that a call calls."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _plain(code: str) -> str:
    """Code without spaces and with one kind of quotes."""
    return without_spaces(code).replace('"', "'")


def factors_of(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Both factors of a product of two arrays; None for anything else."""
    match node:
        case ast.BinOp(left, ast.MatMult(), right):
            return left, right
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=[one]) if name in PRODUCTS:
            return owner, one
        case ast.Call(args=[one, other]) if name_of(node) in PRODUCTS:
            return one, other
    return None
