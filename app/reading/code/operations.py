"""The operations of several arrays in a program, with what is known about each array: its axes, and what it is."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import field, replace
from functools import cached_property
from typing import Protocol, TypeVar

from .arithmetic import of_number
from .axes_of_operations import broadcast, of_list, tensor_of
from .frameworks.pytorch_functions import called, made, method
from .frameworks.tf1 import Cells
from .indexing import indexed
from .interpreter import Interpreter
from .layers_in_order import follow
from .program_state import tensors_in
from .signatures import Arguments, Partial
from .source_text import Source, parse
from .values import (
    ANY,
    NONE,
    UNKNOWN,
    Axes,
    Axis,
    Constant,
    Layer,
    List,
    Method,
    Packed,
    Reference,
    Scope,
    Tensor,
    Tuple,
    Value,
    axis,
    frozen,
)
from .word_sets import words

MOST_STEPS = 2_000
"""Expressions and statements that are followed, those of about 250 lines."""

MOST_STEPS_OF_LIST = MOST_STEPS // 4
"""Those of a list that a comprehension makes, of which the items are unknown with more: data, and no layers."""

LONGEST_TEXT = 300
"""Characters of the text of an operation that are kept."""

MOST_LINES = 12
"""Lines of an operation whose text is kept."""

MOST_OPERATIONS = 400

PRODUCTS = words("mm bmm matmul dot dot_general einsum addmm addbmm baddbmm tensordot inner")
OTHER_FIRST = words("einsum addmm addbmm baddbmm")
"""Products whose first argument is no factor, but an equation or what is added."""

AXES_LAST = words("tensordot dot_general")
"""Products whose factors are followed by axes."""

JOINS = words("cat concat concatenate stack hstack vstack")
SUMS = words("add add_ sub sub_ mul mul_ div div_ multiply maximum minimum where masked_fill masked_fill_ subtract")
RESHAPES = words("view reshape")
ENTROPIES = words("cross_entropy binary_cross_entropy binary_cross_entropy_with_logits")
MERGES = {"Concatenate": "join", "Dot": "product"}
"""Layers of Keras that take several arrays -> what they do; all others compute each element of a sum."""

RECURRENT = ("lstm", "gru", "rnn", "lstm_cell", "gru_cell", "rnn_cell")

NUMPY = {
    "dot": "matmul",
    "concatenate": "cat",
    "repeat": "repeated_items",
    "identity": "eye",
}
"""Function of NumPy -> the one of PyTorch, or of this program, that returns the same axes; others have the same
name."""

DRAWS = words("integers choice binomial poisson exponential gamma beta lognormal laplace uniform normal")
"""Functions of NumPy that draw values from a distribution, as many as a size says."""

NEW = words(
    "zeros ones empty full rand randn randint random random_sample standard_normal normal uniform Tensor FloatTensor"
)
"""Functions that make an array of a size."""

OF_DATA = words("tensor array Tensor FloatTensor")
"""Functions that make an array of a list of values."""

STACKS = {"vstack": 0, "hstack": 1, "column_stack": 1}
"""Function -> the axis along which it joins matrices."""

GIVEN = (ast.Name, ast.Tuple, ast.List)
"""Expressions that compute no new array."""

Roles = frozenset[str]
"""What an array is, or is computed from: x, h_0, c_0 and output of a recurrent layer, or a mask."""


@frozen
class Known:
    """What is known about a tensor: its roles, and the recurrent layers from whose outputs it is computed."""

    roles: Roles = frozenset()
    layers: tuple[Layer, ...] = ()


NOTHING, OF_X = Known(), Known(frozenset({"x"}))


def _joined(parts: Iterable[Known]) -> Known:
    """What is known about what is computed from several tensors."""
    known = [part for part in parts if part.roles]
    if len(known) < 2:
        return known[0] if known else NOTHING
    layers = dict.fromkeys(layer for part in known for layer in part.layers)
    return Known(frozenset().union(*(part.roles for part in known)), tuple(layers))


@frozen
class Operand:
    """An array that an operation reads: its text, its axes, what it is, and the recurrent layers that it comes from.
    ``is_made``: whether a layer, or a function that makes arrays, certainly returns it."""

    node: ast.expr | None
    axes: Axes
    roles: Roles
    layers: tuple[Layer, ...]
    is_made: bool = False

    @cached_property
    def text(self) -> str:
        return _text_of(self.node)


@frozen
class Operation:
    """An operation of a ``kind``: sum, product, join, reshape, loss or layer. ``name``: the method, the function or the
    operator; ``lines``: those of its statement; ``result``: what it returns; ``makes``: what that is, or is computed
    from, in the end: a layer may get it later; ``called_in``: for each run with these axes, the lines of the statements
    that call the functions in which it is, from the outermost on."""

    kind: str
    name: str
    node: ast.expr | ast.AugAssign | None
    lines: tuple[int, int]
    operands: tuple[Operand, ...]
    layer: Layer | None = None
    result: Value = UNKNOWN
    makes: Roles = frozenset()
    called_in: frozenset[tuple[int, ...]] = frozenset()

    @cached_property
    def text(self) -> str:
        return _text_of(self.node)


class _OfKind(Protocol):
    """An operation of a program, or one of a line alone."""

    @property
    def kind(self) -> str: ...

    @property
    def operands(self) -> Sized: ...


O = TypeVar("O", bound=_OfKind)


def factors_of_call(name: str, arguments: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """The factors among the arguments of a product."""
    return arguments[1:] if name in OTHER_FIRST else arguments[:2] if name in AXES_LAST else arguments


def with_two_operands(operations: Iterable[O], kind: str) -> list[O]:
    """The operations of a kind that have two operands."""
    return [one for one in operations if one.kind == kind and len(one.operands) == 2]


def _text_of(node: ast.expr | ast.AugAssign | None) -> str:
    """The text of a part of a program, if it is not too long; "" without one."""
    if not node or (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES:
        return ""
    try:
        return ast.unparse(node)[:LONGEST_TEXT]
    except RecursionError:  # the operation is nested as deeply as a source may be
        return ""


@frozen
class Program:
    """The operations of a program, in the order in which it runs them, its lines, the axes of initial states, the
    recurrent layers of a framework that it makes, its source, and the last value of each expression, by its id."""

    operations: Sequence[Operation]
    lines: Sequence[str]
    states: frozenset[Axes]
    recurrent_layers: Sequence[Layer] = ()
    source: Source | None = None
    values: Mapping[int, Value] = field(default_factory=dict)


def operations(text: str, role_of: Callable[[str], str] = lambda name: "") -> Program:
    """The operations in a source, which is never executed. ``role_of`` says what an array is of which only the name is
    known; "" for nothing. Raises nothing, whatever the source is."""
    source = parse(text)
    observer = Observer(source, role_of)
    follow(observer, source)
    made = tuple(layer for layer in observer.layers if layer.kind in RECURRENT)
    return Program(observer.noted(), source.text.split("\n"), frozenset(observer.states), made, source, observer.known)


class Observer(Interpreter):
    """Follows a program and notes its operations."""

    takes_whole_batches = True

    def __init__(self, source: Source, role_of: Callable[[str], str]) -> None:
        super().__init__(source)
        self._role_of = role_of
        self.steps, self.steps_of_list = MOST_STEPS, MOST_STEPS_OF_LIST
        self.operations: list[Operation] = []
        self.states: set[Axes] = set()
        self._values: dict[int, Value] = {}
        self._known: dict[int, Known] = {}
        self._new: set[int] = set()
        self._called_in: dict[tuple[int, tuple[Axes, ...]], set[tuple[int, ...]]] = {}
        self._lines_by_depth: list[int] = []

    @property
    def known(self) -> Mapping[int, Value]:
        """The last value of each expression that was followed, by its id."""
        return self._values

    def noted(self) -> list[Operation]:
        """The operations, with what each one makes."""
        return [
            replace(one, makes=makes, called_in=frozenset(runs))
            if (makes := self._known_of(one.result).roles) or runs
            else one
            for one, runs in zip(self.operations, self._called_in.values(), strict=True)
        ]

    def value(self, node: ast.expr, scope: Scope) -> Value:
        value, kind = super().value(node, scope), type(node)
        if kind is ast.Name:
            value = self._named(node.id, value)  # type: ignore[attr-defined]
        self._values[id(node)] = value
        if kind is ast.Call:
            self._note_call(node)  # type: ignore[arg-type]
        elif kind is ast.BinOp:
            self._note_operator(node, (node.left, node.right))  # type: ignore[arg-type, attr-defined]
        if value.may_have_tensors and kind not in GIVEN and id(value) not in self._known:
            read = [*self._read_by(node)]
            self._keep(value, _joined(map(self._known_of, read)))
            if isinstance(value, Tensor) and UNKNOWN not in read:
                arrays = [one for one in read if one.may_have_tensors]
                if arrays and all(map(self._is_made, arrays)):
                    self._note_new(value)
        return value

    def _named(self, name: str, value: Value) -> Value:
        """What a name stands for: an array, if only its name is known and is one of an array."""
        if (value == UNKNOWN or (type(value) is Tensor and id(value) not in self._known)) and (
            role := self._role_of(name.lower())
        ):
            value = Tensor() if value == UNKNOWN else value
            self._keep(value, Known(frozenset({role})))
        return value

    def statement(self, node: ast.stmt, scope: Scope) -> bool:
        line = getattr(node, "lineno", 0)  # that of a function that cannot be parsed has none, and calls nothing
        self._lines_by_depth[self.depth :] = [line]
        if not isinstance(node, ast.AugAssign):
            return super().statement(node, scope)
        old = self.name(node.target.id, scope) if isinstance(node.target, ast.Name) else UNKNOWN
        ended = super().statement(node, scope)
        self._values[id(node.target)] = old
        self._note_operator(node, (node.target, node.value))
        return ended

    def comparison(self, node: ast.Compare, scope: Scope) -> Value:
        known = super().comparison(node, scope)
        sides = [self._values.get(id(one), UNKNOWN) for one in (node.left, *node.comparators)]
        if known is not UNKNOWN or len(sides) != 2 or not any(isinstance(side, Tensor) for side in sides):
            return known
        left, right = (side.axes if isinstance(side, Tensor) else () for side in sides)
        mask = Tensor(broadcast(left, right))
        self._keep(mask, Known(frozenset({"mask"})))
        return mask

    def call_item(self, layer: Value, value: Value, line: int) -> Value:
        output = super().call_item(layer, value, line)
        if isinstance(layer, Layer) and isinstance(value, Tensor):
            known = self._known_of(value)
            read = Operand(None, value.axes, known.roles, known.layers, self._is_made(value))
            self._add(Operation("layer", layer.kind, None, (layer.line, layer.line), (read,), layer))
            self._keep(output, known)
        return output

    def call_layer(self, layer: Layer, arguments: Arguments, line: int) -> Value:
        output = super().call_layer(layer, arguments, line)
        if layer.kind in RECURRENT:
            given = arguments.all
            for value in given[:1]:
                self._keep(value, OF_X, more=True)
            for value in given[1:2]:
                self._keep(value, Known(frozenset({"h_0"})))
                self.states |= {tensor.axes for tensor in tensors_in(value)}
            self._keep_outputs(layer, output)
        elif layer.kind == "embedding":
            self._keep(output, OF_X)
        return output

    def run_layers(
        self, name: str, cells: Cells, inputs: Value, arguments: Arguments, node: ast.Call, *, is_bidirectional: bool
    ) -> tuple[Tensor, Axis]:
        output, batch = super().run_layers(name, cells, inputs, arguments, node, is_bidirectional=is_bidirectional)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        x = next((one for one in given if self._values.get(id(one)) is inputs), None)
        for layer in (one for one in self.origin(output) or () if isinstance(one, Layer)):
            self._keep(inputs, OF_X, more=True)
            self._keep(output, Known(frozenset({"output"}), (layer,)))
            axes = inputs.axes if isinstance(inputs, Tensor) else (ANY,)
            read = Operand(x, axes, frozenset({"x"}), self._known_of(inputs).layers, self._is_made(inputs))
            lines = (node.lineno, node.end_lineno or node.lineno)
            self._add(Operation("layer", name, node, lines, (read,), layer, output))
        return output, batch

    def call_reference(self, path: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if new := _new_array(path, arguments):
            self._note_new(new)
            return new
        if isinstance(windows := self.stacked_items(path, arguments), Tensor):
            self._note_new(windows)
            return windows
        if path in ("numpy.random.default_rng", "numpy.random.RandomState"):
            return Reference("numpy.random")
        if (name := path.rpartition(".")[2]) in STACKS and path.partition(".")[0] in ("numpy", "torch"):
            return called("cat", arguments.positional[:1], {"dim": Constant(STACKS[name])})
        if path.startswith(("numpy.", "jax.numpy.")):
            if not arguments.named and (number := of_number(f"numpy.{name}", arguments.positional)) is not UNKNOWN:
                return number
            if name == "take" and arguments.get("axis", 2, NONE) == Constant(0):
                of, rows = tensor_of(arguments.get("a", 0, UNKNOWN)), arguments.get("indices", 1, UNKNOWN)
                return Tensor(indexed(of.axes, [rows]))
            if name == "split":
                return UNKNOWN  # takes the number of parts, not their size
            return called(NUMPY.get(name, name), arguments.positional, arguments.named)
        return super().call_reference(path, arguments, node)

    def call_method(self, owner: Value, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if isinstance(owner, Tensor) and name == "dot":
            return method("matmul", owner, arguments.positional, arguments.named)
        return super().call_method(owner, name, arguments, node)

    def input_of_pass(self, value: Value) -> Value:
        """The array itself, since what is known about it is noted by its id."""
        return value

    def _note_new(self, value: Tensor) -> None:
        self.note_origin(value, None)  # keeps it, since another one may get its id
        self._new.add(id(value))

    def _is_made(self, value: Value) -> bool:
        """Whether a layer, or a function that makes arrays, certainly returns a value, or what it is computed from."""
        return id(value) in self._new or bool(self.origin(value))

    def _keep_outputs(self, layer: Layer, output: Value) -> None:
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
            self._keep(value, Known(frozenset({role}), (layer,)))

    def _keep(self, value: Value, known: "Known", more: bool = False) -> None:
        """Note what tensors are, if that is not known yet. ``more``: they are that, too."""
        for tensor in tensors_in(value) if known.roles else ():
            self.origins.setdefault(id(tensor), (tensor, None))  # keeps it, since another one may get its id
            before = self._known.setdefault(id(tensor), known)
            if more:
                self._known[id(tensor)] = _joined((before, known))

    def _known_of(self, value: Value) -> "Known":
        if type(value) is Tensor:  # the most frequent ones first
            return self._known.get(id(value), NOTHING)
        if not value.may_have_tensors:
            return NOTHING
        return _joined(self._known.get(id(one), NOTHING) for one in tensors_in(value))

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

    def _note_operator(self, node: ast.BinOp | ast.AugAssign, operands: Sequence[ast.expr]) -> None:
        kind = "product" if isinstance(node.op, ast.MatMult) else "sum"
        self._note(kind, type(node.op).__name__, node, operands)

    def _note_call(self, node: ast.Call) -> None:
        callee = self._values.get(id(node.func), UNKNOWN)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        match callee:
            case Layer():
                first = arguments[0] if arguments else None
                several = isinstance(first, (ast.List, ast.Tuple)) and isinstance(callee, Layer) and callee.several
                self._note("layer", name, node, first.elts if several else arguments, callee)  # type: ignore[union-attr]
                return
            case Partial(callee=Reference(path)) if path.endswith("any_loss"):
                self._note("loss", name, node, arguments[:2])
                return
            case Partial(callee=Method(name="merged", owner=owner)):
                kind = MERGES.get(str(getattr(owner, "value", "")), "sum")
                self._note(kind, name, node, _items(arguments))
                return
        if isinstance(node.func, ast.Attribute) and not isinstance(callee, Reference):  # a method of an array
            arguments = [node.func.value, *arguments]
        if name in PRODUCTS:
            self._note("product", name, node, factors_of_call(name, arguments))
        elif name in JOINS:
            self._note("join", name, node, _items(arguments))
        elif name in SUMS:
            self._note("sum", name, node, arguments[:2])
        elif name in RESHAPES:
            self._note("reshape", name, node, arguments[:1])
        elif name.endswith("_loss") or name in ENTROPIES:
            self._note("loss", name, node, arguments[:2])

    def _note(
        self,
        kind: str,
        name: str,
        node: ast.expr | ast.AugAssign,
        operands: Sequence[ast.expr],
        layer: Layer | None = None,
    ) -> None:
        values = [self._values.get(id(one), UNKNOWN) for one in operands]
        if not layer and not any(isinstance(value, (Tensor, Packed)) for value in values):
            return
        end = node.end_lineno or node.lineno
        axes = tuple(_axes_of(value, layer) for value in values)
        known = map(self._known_of, values)
        read = tuple(
            Operand(one, shape, of.roles, of.layers, self._is_made(value))
            for one, value, shape, of in zip(operands, values, axes, known, strict=True)
        )
        self._add(Operation(kind, name, node, (node.lineno, end), read, layer, self._values.get(id(node), UNKNOWN)))

    def _add(self, one: Operation) -> None:
        key = (id(one.node or one.layer), tuple([operand.axes for operand in one.operands]))
        if key not in self._called_in and len(self.operations) < MOST_OPERATIONS:
            self._called_in[key] = set()
            self.operations.append(one)
        if self.depth and key in self._called_in:
            self._called_in[key].add(tuple(self._lines_by_depth[: self.depth]))


def _axes_of(value: Value, layer: Layer | None) -> Axes:
    """The axes of an array. Those of a packed sequence are in the order of the layer that reads it."""
    match value:
        case Packed(axes=(batch, steps, *rest)) if layer and layer.setting("batch_first") is False:
            return steps, batch, *rest
        case Tensor() | Packed():
            return value.axes
    return (ANY,)


def _items(arguments: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """The items of the list that is the first argument."""
    first = arguments[0] if arguments else None
    return first.elts if isinstance(first, (ast.List, ast.Tuple)) else arguments


def _new_array(path: str, arguments: Arguments) -> Tensor | None:
    """The array that a function makes; None if it makes none, or if its sizes are not complete."""
    module, _, name = path.rpartition(".")
    given = arguments.positional
    if module not in MODULES or not arguments.is_complete:
        return None
    if name == "linspace":
        return Tensor((axis(arguments.get("steps" if module == "torch" else "num", 2, Constant(USUAL_POINTS))),))
    if name == "arange" and len(given) == 1:
        return Tensor((axis(given[0]),))
    if name in OF_DATA and given and isinstance(given[0], (Tuple, List)):
        return of_list(given[0])
    is_of_data = name in OF_DATA and any(isinstance(one, Tensor) for one in given)
    if is_of_data or name not in NEW | DRAWS:
        return None
    shapes = [one for one in given[name == "choice" :] if isinstance(one, (Tuple, List))]
    size = arguments.named.get("size", arguments.named.get("shape", shapes[-1] if shapes else None))
    if size is None and (name in WITH_VALUES or module == "jax.random"):
        return None  # one number, or a size that is not known
    new = made([size] if size else given, {})
    return new if isinstance(new, Tensor) else None


USUAL_POINTS = 50
"""The points of ``np.linspace(0, 1)``."""

MODULES = words("torch numpy numpy.random jax.numpy jax.random")
WITH_VALUES = DRAWS | words("full randint")
"""Functions whose arguments are values, besides the size."""
