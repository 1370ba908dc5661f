"""The syntax tree of a pasted program: its nodes, by their lines and by what is above them, and their text."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from ...code.operations import PRODUCTS, Program, factors_of_call
from ...code.values import ANY, Axes, Constant, Layer, Repeated, Tensor, Tuple
from ..pasted_text import without_spaces

MOST_PRODUCTS = 4
"""Products of a line that are read."""

MARKS = (ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
"""Nodes that say something about another one."""

CONCATENATIONS = ("cat", "concat", "concatenate")
"""The functions that join arrays along an axis that they have."""

Functions = ast.FunctionDef | ast.AsyncFunctionDef

Factors = tuple[ast.expr, ast.expr]
"""Both factors of a product."""


class ProgramNodes:
    """The nodes of a program that was read. ``frames``: its lines in a traceback, each once, the outermost first."""

    def __init__(self, program: Program, frames: Sequence[str] = ()) -> None:
        last_first = dict.fromkeys(reversed(frames))
        self._program, self.frames = program, [*reversed(last_first)]

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        """Each node -> the one that has it."""
        source, parents = self._program.source, dict[ast.AST, ast.AST]()
        left: list[ast.AST] = [ast.Module(list(source.statements) if source else [], [])]
        while left:
            node = left.pop()
            if source and isinstance(node, Functions):
                source.body(node)
            children = _children(node)
            parents |= dict.fromkeys(children, node)
            left += reversed(children)
        return parents

    @property
    def nodes(self) -> Iterable[ast.AST]:
        """All nodes of the program."""
        return self._parents

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that have a node, the nearest first."""
        while above := self._parents.get(node):
            yield above
            node = above

    def function_of(self, node: ast.AST) -> Functions | None:
        """The function that has a node."""
        return next((one for one in self.above(node) if isinstance(one, Functions)), None)

    def is_in_loop(self, node: ast.AST) -> bool:
        """Whether a loop of the function of a node has it."""
        function = self.function_of(node)
        return any(isinstance(one, ast.For) and self.function_of(one) is function for one in self.above(node))

    @property
    def loops_over_batches(self) -> bool:
        """Whether a loop of the module, outside of functions, has a line of the traceback."""
        nodes = (node for line in self.frames for node in self.nodes_in(line))
        return any(self.function_of(node) is None and self.is_in_loop(node) for node in nodes)

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

    @cached_property
    def calls(self) -> list[ast.Call]:
        """All calls of the program."""
        return [one for one in self.nodes if isinstance(one, ast.Call)]

    def calls_of(self, *names: str) -> list[ast.Call]:
        """The calls of functions, methods and classes with these names."""
        return [one for one in self.calls if name_of(one) in names]

    def calls_in(self, line: str) -> list[ast.Call]:
        """The calls in a line of the program, the outermost first."""
        return [one for one in self.nodes_in(line) if isinstance(one, ast.Call)]

    @property
    def calls_in_frames(self) -> list[ast.Call]:
        """The calls in the lines of the traceback."""
        return [one for line in self.frames for one in self.calls_in(line)]

    @property
    def nodes_of_failure(self) -> list[ast.AST]:
        """The nodes in the line that failed, the outermost first."""
        return [node for line in self.frames[-1:] for node in self.nodes_in(line)]

    def calls_of_failure(self, *names: str) -> list[ast.Call]:
        """The calls in the line that failed, the outermost first: of all functions, or of those with these names."""
        calls = (one for one in self.nodes_of_failure if isinstance(one, ast.Call))
        return [one for one in calls if not names or name_of(one) in names]

    def values_of_keyword(self, name: str) -> list[ast.expr]:
        """What calls of the program get by a keyword."""
        return [one.value for call in self.calls for one in call.keywords if one.arg == name]

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names of what the program imports."""
        imports = [one for one in self.nodes if isinstance(one, (ast.Import, ast.ImportFrom))]
        return frozenset(name.asname or name.name for one in imports for name in one.names)

    def reads_last_step(self, call: ast.Call) -> bool:
        """Whether the function of a call takes the last entry of the second axis of the first value that it
        returns."""
        above = next(self.above(call), None)
        target = above.targets[0] if isinstance(above, ast.Assign) else None
        first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
        if not isinstance(first, ast.Name):
            return False
        function = self.function_of(call)
        return any(
            isinstance(one, ast.Subscript)
            and isinstance(one.slice, ast.Tuple)
            and ast.unparse(one.value) == first.id
            and list(map(ast.unparse, one.slice.elts[:2])) == [":", "-1"]
            and self.function_of(one) is function
            for one in self.nodes
        )

    def text(self, node: ast.expr) -> str:
        """An expression as the program writes it, in one line."""
        if node.end_lineno != node.lineno or not 0 < node.lineno <= len(self._program.lines):
            return ast.unparse(node)
        return self._program.lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()

    def line(self, node: ast.expr | ast.stmt) -> str:
        """The line in which a node begins."""
        return self._program.lines[node.lineno - 1].strip() if 0 < node.lineno <= len(self._program.lines) else ""

    def line_after(self, statement: ast.stmt) -> str:
        """The line after a statement of one line in the same block; "" without one."""
        lines, n = self._program.lines, statement.end_lineno or 0
        after = lines[n] if n < len(lines) else ""
        is_same = len(after) - len(after.lstrip()) == statement.col_offset
        return after.strip() if is_same and statement.end_lineno == statement.lineno else ""

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

    def batch_of_stream(self, node: ast.AST) -> int | None:
        """The samples of the batches that a loader or a dataset certainly gives; None for anything else."""
        value = self._program.values.get(id(node))
        item = value.item if isinstance(value, Repeated) else None
        first = item.items[0] if isinstance(item, Tuple) and item.items else item
        size = first.axes[0] if isinstance(first, Tensor) and len(first.axes) > 1 else None
        return size if isinstance(size, int) else None

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

    def products_in(self, code: str) -> list[Factors]:
        """The factors of the products of two arrays in lines of the program that have, or are, a piece of code."""
        wanted = plain(code)
        lines = [one for line, one in self._products_by_line.items() if wanted and wanted in line]
        in_line = islice(chain.from_iterable(lines), MOST_PRODUCTS)
        return [factors for one, factors in in_line if plain(ast.unparse(one)) in wanted or self._is_in(one, wanted)]

    def linear_functions_in(self, code: str) -> list[Factors]:
        """The weights and the array of the linear functions in a piece of code of the line that failed: as factors of
        the product of the weights and each vector."""
        wanted = plain(code)
        pairs = ((one, both) for one in self.nodes_of_failure if (both := factors_of_linear(one)))
        return [(weights, x) for one, (x, weights) in pairs if self._is_in(one, wanted)]

    def _is_in(self, product: ast.AST, wanted: str) -> bool:
        """Whether a product is in a piece of code as the program writes it: ``(z * h) @ W`` needs no brackets."""
        return isinstance(product, ast.expr) and plain(self.text(product)) in wanted

    @cached_property
    def products(self) -> list[tuple[ast.AST, Factors]]:
        """All products of two arrays, and their factors."""
        return [(one, factors) for one in self.nodes if (factors := factors_of(one))]

    @cached_property
    def _products_by_line(self) -> dict[str, list[tuple[ast.AST, Factors]]]:
        """The products of two arrays in the lines with each text."""
        lines, found = [plain(one) for one in self._program.lines], dict[str, list[tuple[ast.AST, Factors]]]()
        for one, factors in self.products:
            found.setdefault(lines[factors[0].lineno - 1], []).append((one, factors))
        return found

    def products_at(self, line: int) -> list[Factors]:
        """The factors of the products of two arrays in a line of the program, by its number."""
        if not 0 < line <= len(self._program.lines):
            return []
        return [factors for _, factors in self._products_by_line.get(plain(self._program.lines[line - 1]), [])]

    def sums_in(self, code: str) -> list[ast.BinOp]:
        """The sums of the program that are a piece of code."""
        wanted = plain(code)
        sums = (one for one in self.nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add))
        return [one for one in sums if wanted and plain(ast.unparse(one)) == wanted]

    def sums_of_failure(self, code: str) -> list[ast.BinOp]:
        """The sums in a piece of code of the last line of the traceback."""
        wanted = plain(code)
        nodes = self.nodes_in(self.frames[-1]) if self.frames else []
        sums = [one for one in nodes if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Add)]
        added = (one for one in nodes if isinstance(one, ast.AugAssign) and isinstance(one.op, ast.Add))
        sums += [ast.copy_location(ast.BinOp(one.target, one.op, one.value), one) for one in added]
        return [one for one in sums if wanted and plain(self.text(one)) in wanted]


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes that a node has, without marks: what ``ast.iter_child_nodes`` yields, in half of its time."""
    children: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            if not isinstance(value, MARKS):
                children.append(value)
        elif isinstance(value, list):
            children += [one for one in value if isinstance(one, ast.AST) and not isinstance(one, MARKS)]
    return children


def name_of(call: ast.Call) -> str:
    """The name of the function or the method that a call calls."""
    return last_name(call.func)


def last_name(node: ast.expr) -> str:
    """A name, or the last part of one with dots; "" for something else."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def array_of_first_axis(size: ast.expr) -> ast.expr | None:
    """The array whose first axis a size is, ``x.shape[0]`` or ``len(x)``; None for another size."""
    match size:
        case ast.Subscript(value=ast.Attribute(value=of, attr="shape"), slice=ast.Constant(0)):
            return of
        case ast.Call(func=ast.Name("len"), args=[of]):
            return of
    return None


def nodes_of_line(line: str) -> list[ast.AST]:
    """The nodes of a single line of code; none for a line that is no statement by itself."""
    try:
        return [*ast.walk(ast.parse(line.strip()))]
    except SyntaxError:
        return []


def is_array(node: ast.expr) -> bool:
    """Whether an expression may be a whole array: a name, an attribute, or the item of a dictionary with a key."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
    return isinstance(node, (ast.Name, ast.Attribute))


def is_new_axis(index: ast.expr) -> bool:
    """Whether an index of an array makes a new axis: ``None`` or ``np.newaxis``."""
    return ast.unparse(index).rpartition(".")[2] in ("None", "newaxis")


def base_of(node: ast.AST) -> str:
    """The name of an array, of which an index or a transposition may be taken; "" for something else."""
    while isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr == "T"):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def plain(code: str) -> str:
    """Code without spaces and with one kind of quotes."""
    return without_spaces(code).replace('"', "'")


def factors_of(node: ast.AST) -> Factors | None:
    """Both factors of a product of two arrays; None for anything else."""
    match node:
        case ast.BinOp(left, ast.MatMult(), right):
            return left, right
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=[one]) if name in PRODUCTS:
            return owner, one
        case ast.Call(args=[one, other]) if name_of(node) in PRODUCTS:
            return one, other
        case ast.Call(args=[_, _, _]) if name_of(node) in PRODUCTS and sums_over_rows(node):
            one, other = factors_of_call(name_of(node), node.args)[:2]
            return one, other
    return None


def terms_of(node: ast.expr) -> list[ast.expr]:
    """The terms of a sum, from the left; of anything else, the whole."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            return [*terms_of(left), *terms_of(right)]
    return [node]


def factors_in(node: ast.AST) -> Iterator[Factors]:
    """Both factors of each product in a part of a program, of outer products first."""
    return filter(None, map(factors_of, ast.walk(node)))


def factors_of_linear(node: ast.AST) -> Factors | None:
    """The array and the weights of a call of the linear function of PyTorch: the product of the weights and each
    vector; None for anything else."""
    match node:
        case ast.Call(func=ast.Name("linear") | ast.Attribute(value=ast.Name("F"), attr="linear")):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="functional"), attr="linear")):
            pass
        case ast.Call(func=ast.Attribute(value=ast.Name("functional"), attr="linear")):
            pass
        case _:
            return None
    named = {one.arg: one.value for one in node.keywords}
    x, weights = ([*node.args[n : n + 1], named.get(name)][0] for n, name in enumerate(("input", "weight")))
    return (x, weights) if x is not None and weights is not None else None


OF_ROWS = re.compile(r"(\w*|\.\.\.\w*)(\w),\2(\w)->\1\3")
"""The equation of a product that sums over the last axis of its first factor and the rows of a matrix, as in ``@``."""

AXES_OF_ROWS = re.compile(r"1|\(*(\(\d,?\)|-?\d),\(?0,?\)*(?:,\(\(\),\(\)\)\))?")
"""The axes over which such a product sums: those of the first factor, and the rows of the second one."""


def sums_over_rows(product: ast.Call) -> bool:
    """Whether a product with an equation or axes, or with what is added to it, sums over the rows of a matrix."""
    name, (first, _, last) = name_of(product), product.args
    if name == "einsum":
        equation = first.value if isinstance(first, ast.Constant) else ""
        return bool(OF_ROWS.fullmatch(str(equation).replace(" ", "")))
    if name in ("dot_general", "tensordot"):
        axes = ast.unparse(last).replace(" ", "").replace("[", "(").replace("]", ")")
        return bool(AXES_OF_ROWS.fullmatch(axes))
    return name == "addmm"


def is_entry_before(read: ast.AST, written: ast.expr) -> bool:
    """Whether one part of an array is that at the index before another part, as a loop keeps the states of all steps:
    ``kept[t - 1]`` before ``kept[t]``."""
    match read, written:
        case ast.Subscript(array, ast.BinOp(ast.Name(index), ast.Sub(), ast.Constant(1))), ast.Subscript(
            other, ast.Name(last)
        ):
            return index == last and ast.unparse(array) == ast.unparse(other)
    return False


class Cut(NamedTuple):
    """A batch or a window that is cut out of an array."""

    array: ast.expr
    start: str
    size: ast.expr


def cut_of(node: ast.AST) -> Cut | None:
    """What ``x[start : start + size]`` cuts out of x; None for another node."""
    match node:
        case ast.Subscript(
            value=array, slice=ast.Slice(ast.Name(start), ast.BinOp(ast.Name(name), ast.Add(), size), None)
        ) if start == name:
            return Cut(array, start, size)
    return None
