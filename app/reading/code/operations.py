"""The operations of several arrays in a program, with what is known about each array: its axes, and what it is."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from .chain import follow
from .interpreter import Interpreter
from .program_state import tensors_in
from .signatures import Arguments, Partial
from .source_text import Source, parse
from .tensors import called, method
from .values import (
    ANY,
    UNKNOWN,
    Axes,
    Layer,
    List,
    Method,
    Packed,
    Reference,
    Scope,
    Tensor,
    Tuple,
    Value,
    frozen,
)
from .words import words

MOST_STEPS = 4_000
"""Expressions and statements that are followed, those of about 500 lines: an error is explained in a few milliseconds."""

LONGEST_TEXT = 200
"""Characters of the text of an operation; a longer one is not noted."""

MOST_OPERATIONS = 400

PRODUCTS = words("mm bmm matmul dot einsum baddbmm tensordot inner")
JOINS = words("cat concat concatenate stack hstack vstack")
SUMS = words("add add_ sub sub_ mul mul_ div div_ multiply maximum minimum where masked_fill masked_fill_ subtract")
RESHAPES = words("view reshape")
MERGES = {"Concatenate": "join", "Dot": "product"}
"""Layers of Keras that take several arrays -> what they do; all others compute each element of a sum."""

RECURRENT = ("lstm", "gru", "rnn", "lstm_cell", "gru_cell", "rnn_cell")

NUMPY = {"dot": "matmul", "concatenate": "cat", "random": "rand", "standard_normal": "randn", "normal": "randn"}
"""Function of NumPy -> the one of PyTorch that returns the same axes; others have the same name."""

Roles = frozenset[str]
"""What an array is, or is computed from: x, h_0, c_0 and output of a recurrent layer."""


@frozen
class Operand:
    """An array that an operation reads: its text, its axes, what it is, and the recurrent layers that it comes from."""

    text: str
    axes: Axes
    roles: Roles
    layers: tuple[Layer, ...]


@frozen
class Operation:
    """An operation of a ``kind``: sum, product, join, reshape, loss or layer. ``lines``: those of its statement."""

    kind: str
    text: str
    lines: tuple[int, int]
    operands: tuple[Operand, ...]
    layer: Layer | None = None


@frozen
class Program:
    """The operations of a program, in the order in which it runs them, and its lines."""

    operations: Sequence[Operation]
    lines: Sequence[str]


def operations(text: str) -> Program:
    """The operations in a source, which is never executed. Raises nothing, whatever the source is."""
    source = parse(text)
    observer = Observer(source)
    follow(observer, source)
    return Program(observer.operations, source.text.split("\n"))


class Observer(Interpreter):
    """Follows a program and notes its operations."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.steps = MOST_STEPS
        self.operations: list[Operation] = []
        self._values: dict[int, Value] = {}
        self._roles: dict[int, Roles] = {}
        self._noted: set[tuple[str, tuple[int, int], tuple[Axes, ...]]] = set()

    def value(self, node: ast.expr, scope: Scope) -> Value:
        value = super().value(node, scope)
        self._values[id(node)] = value
        if isinstance(node, ast.BinOp):
            kind = "product" if isinstance(node.op, ast.MatMult) else "sum"
            self._note(kind, node, (node.left, node.right))
        elif isinstance(node, ast.Call):
            self._note_call(node)
        if value.may_have_tensors and not isinstance(node, (ast.Name, ast.Tuple, ast.List)):
            self._keep_roles(value, frozenset().union(*map(self._roles_of, self._read_by(node))))
        return value

    def augment(self, node: ast.AugAssign, scope: Scope) -> None:
        old = self.name(node.target.id, scope) if isinstance(node.target, ast.Name) else UNKNOWN
        super().augment(node, scope)
        self._values[id(node.target)] = old
        self._note("sum", node, (node.target, node.value))

    def call_layer(self, layer: Layer, arguments: Arguments, line: int) -> Value:
        output = super().call_layer(layer, arguments, line)
        if layer.kind in RECURRENT:
            given = [*arguments.positional, *arguments.named.values()]
            for role, value in zip(("x", "h_0"), given, strict=False):
                self._keep_roles(value, frozenset({role}))
            self._keep_roles_of_outputs(layer, output)
        elif layer.kind == "embedding":
            self._keep_roles(output, frozenset({"x"}))
        return output

    def call_reference(self, path: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if path.startswith("numpy."):
            name = path.rpartition(".")[2]
            return called(NUMPY.get(name, name), *_without_size(arguments))
        return super().call_reference(path, arguments, node)

    def call_method(self, owner: Value, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if isinstance(owner, Tensor) and name == "dot":
            return method("matmul", owner, arguments.positional, arguments.named)
        return super().call_method(owner, name, arguments, node)

    def _keep_roles_of_outputs(self, layer: Layer, output: Value) -> None:
        """A layer of PyTorch returns its output and its states, one of Keras its output and each state."""
        if layer.kind.endswith("_cell"):
            items = output.items if isinstance(output, Tuple) else (output,)
            names: Iterable[str] = ("h_0", "c_0")
        elif isinstance(output, Tuple):
            first, *states = output.items
            if len(states) == 1 and isinstance(states[0], Tuple):
                states = list(states[0].items)
            items, names = (first, *states), ("output", *("h_0", "c_0") * len(states))
        else:
            items, names = (output,), ("output",)
        for value, role in zip(items, names, strict=False):
            self._keep_roles(value, frozenset({role}))

    def _keep_roles(self, value: Value, roles: Roles) -> None:
        for tensor in tensors_in(value) if roles else ():
            self.origins.setdefault(id(tensor), (tensor, None))  # keeps it, since another one may get its id
            self._roles.setdefault(id(tensor), roles)

    def _roles_of(self, value: Value) -> Roles:
        return frozenset().union(*(self._roles.get(id(one), frozenset()) for one in tensors_in(value)))

    def _read_by(self, node: ast.expr) -> Iterator[Value]:
        """The values that an expression reads, as far as arrays may be among them."""
        nodes: list[ast.expr] = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
        if isinstance(node, ast.Subscript):
            nodes = [node.value]
        elif isinstance(node, ast.Call):
            owner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            nodes = [*owner, *node.args, *(keyword.value for keyword in node.keywords)]
        for one in nodes:
            yield self._values.get(id(one), UNKNOWN)

    def _note_call(self, node: ast.Call) -> None:
        callee = self._values.get(id(node.func), UNKNOWN)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        match callee:
            case Layer():
                first = arguments[0] if arguments else None
                several = isinstance(first, (ast.List, ast.Tuple)) and isinstance(callee, Layer) and callee.several
                self._note("layer", node, first.elts if several else arguments, callee)  # type: ignore[union-attr]
                return
            case Partial(callee=Reference(path)) if path.endswith("any_loss"):
                self._note("loss", node, arguments[:2])
                return
            case Partial(callee=Method(name="merged", owner=owner)):
                kind = MERGES.get(str(getattr(owner, "value", "")), "sum")
                self._note(kind, node, _items(arguments))
                return
            case Method(owner=Tensor()):
                assert isinstance(node.func, ast.Attribute)
                arguments = [node.func.value, *arguments]
        if name in PRODUCTS:
            self._note("product", node, arguments if name != "einsum" else arguments[1:])
        elif name in JOINS:
            self._note("join", node, _items(arguments))
        elif name in SUMS:
            self._note("sum", node, arguments[:2])
        elif name in RESHAPES:
            self._note("reshape", node, arguments[:1])
        elif name.endswith("_loss") or name == "cross_entropy":
            self._note("loss", node, arguments[:2])

    def _note(
        self, kind: str, node: ast.expr | ast.AugAssign, operands: Sequence[ast.expr], layer: Layer | None = None
    ) -> None:
        values = [self._values.get(id(one), UNKNOWN) for one in operands]
        if len(self.operations) >= MOST_OPERATIONS or not any(isinstance(value, (Tensor, Packed)) for value in values):
            return
        end = node.end_lineno or node.lineno
        text = ast.unparse(node) if end - node.lineno < MOST_LINES else ""
        axes = tuple(value.axes if isinstance(value, (Tensor, Packed)) else (ANY,) for value in values)
        key = (text, (node.lineno, end), axes)
        if not text or len(text) > LONGEST_TEXT or key in self._noted:
            return
        self._noted.add(key)
        read = tuple(
            Operand(ast.unparse(one), known, self._roles_of(value), self._layers_of(value))
            for one, value, known in zip(operands, values, axes, strict=True)
        )
        self.operations.append(Operation(kind, text, (node.lineno, end), read, layer))

    def _layers_of(self, value: Value) -> tuple[Layer, ...]:
        """The recurrent layers that an array comes from."""
        return tuple(layer for layer in self.origin(value) or () if layer.kind in RECURRENT)


MOST_LINES = 12
"""Lines of an operation; a longer one is not noted."""


def _items(arguments: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """The items of the list that is the first argument."""
    first = arguments[0] if arguments else None
    return first.elts if isinstance(first, (ast.List, ast.Tuple)) else arguments


def _without_size(arguments: Arguments) -> tuple[Sequence[Value], dict[str, Value]]:
    """Arguments of a function of NumPy as PyTorch has them: the shape comes first."""
    named = dict(arguments.named)
    shape = named.pop("size", named.pop("shape", None))
    first = arguments.positional
    is_shape = first and isinstance(first[0], (Tuple, List))
    return ([shape] if shape else [first[0]] if is_shape else first), named
