"""Follows a program as far as its values are certain, without executing it."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from . import keras, pytorch
from .arithmetic import binary, builtin, compared, truth_of, unary
from .indexing import REST, Slice, bound, indexed, is_integer
from .references import (
    keras_class,
    torch_class,
    torch_function,
)
from .signatures import Arguments
from .tensors import called, is_tensor, method, tensor_of
from .usual_names import BUILTINS, USUAL_KERAS, USUAL_MODULES, USUAL_TORCH, bound_names, changed_names
from .values import (
    ANY,
    INTEGER,
    NONE,
    UNKNOWN,
    Argument,
    Axes,
    Chained,
    Constant,
    Dictionary,
    Function,
    Instance,
    Layer,
    List,
    Maybe,
    Method,
    Mutable,
    Packed,
    Recording,
    Reference,
    Scope,
    Step,
    Super,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
    joined,
)
from .words import words

MOST_STEPS = 15_000
"""Expressions and statements that are followed: those of about 2,000 lines."""

MOST_CALLS = 12
"""Nested calls of functions of the source."""

FORWARD = ("forward", "call")
"""The methods that a framework calls with the input."""

WITHOUT_LAYERS = words(
    """
    print isinstance issubclass hasattr type repr id sorted open format callable map filter sum iter next any all
    property staticmethod classmethod
    """
)
"""Built-in functions whose values are unknown."""


class OutOfSteps(Exception):
    """The program is too long to be followed to its end."""


class Interpreter:
    """Follows statements. ``recordings``: the layers that were called, in order; ``unknown``: the numbers of lines that
    were not understood; ``layers``, ``chains``, ``instances`` and ``functions``: everything that the program made."""

    def __init__(self, text: str) -> None:
        """``text``: the source."""
        self.bound, self.changed = bound_names(text), changed_names(text)
        self.module = Scope({})
        self.stars: list[str] = []
        self.patched: set[str] = set()
        self.has_imports = False
        self.unknown: set[int] = set()
        self.layers: list[Layer] = []
        self.chains: list[Chained] = []
        self.instances: list[Instance] = []
        self.functions: list[Function] = []
        self.classes: list[UserClass] = []
        self.recordings = [Recording(0, 0)]
        self.active = [self.recordings[0]]
        self.steps = MOST_STEPS
        self.uncertain = 0
        self.repeated = 0
        self.depth = 0

    @property
    def level(self) -> int:
        """How uncertain it is that the current statement is executed exactly once."""
        return self.uncertain + self.repeated

    def count(self, node: ast.AST) -> None:
        self.steps -= 1
        if self.steps < 0:
            self.unknown.add(getattr(node, "lineno", 1))
            raise OutOfSteps

    # statements

    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; whether they end the function, the loop or the program."""
        return any(self.statement(statement, scope) for statement in statements)

    def statement(self, node: ast.stmt, scope: Scope) -> bool:
        self.count(node)
        match node:
            case ast.Import():
                self.import_modules(node, scope)
            case ast.ImportFrom():
                self.import_names(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                function = Function(node, scope)
                self.functions.append(function)
                is_plain = all(_is_harmless(decorator) for decorator in node.decorator_list)
                self.bind(node.name, function if is_plain else UNKNOWN, scope)
            case ast.ClassDef():
                self.define(node, scope)
            case ast.Assign():
                value = self.value(node.value, scope)
                for target in node.targets:
                    self.assign(target, value, scope)
            case ast.AnnAssign() if node.value:
                self.assign(node.target, self.value(node.value, scope), scope)
            case ast.AugAssign():
                old = self.value(ast.copy_location(_loaded(node.target), node), scope)
                self.assign(node.target, binary(node.op, old, self.value(node.value, scope)), scope)
            case ast.Expr():
                self.value(node.value, scope)
            case ast.Return():
                scope.returned.append(self.value(node.value, scope) if node.value else NONE)
                return True
            case ast.If():
                return self.branch(node, scope)
            case ast.For() | ast.AsyncFor():
                return self.loop(node, scope)
            case ast.While():
                self.repeat(None, UNKNOWN, node.body, scope)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value = self.value(item.context_expr, scope)
                    if item.optional_vars:
                        self.assign(item.optional_vars, value, scope)
                return self.run(node.body, scope)
            case ast.Try():
                return self.attempt(node, scope)
            case ast.Delete():
                for target in node.targets:
                    self.assign(target, UNKNOWN, scope)
            case ast.Raise() | ast.Break() | ast.Continue():
                return True
            case ast.Match():
                self.value(node.subject, scope)
                with self.doubt():
                    self.alternatives([*(case.body for case in node.cases), []], scope)
        return False

    @contextmanager
    def doubt(self) -> Iterator[None]:
        """Within this context it is not certain that a statement is executed."""
        self.uncertain += 1
        try:
            yield
        finally:
            self.uncertain -= 1

    def branch(self, node: ast.If, scope: Scope) -> bool:
        truth = truth_of(self.value(node.test, scope))
        if truth is not None:
            return self.run(node.body if truth else node.orelse, scope)
        with self.doubt():
            return self.alternatives([node.body, node.orelse], scope)

    def alternatives(self, bodies: Iterable[Sequence[ast.stmt]], scope: Scope) -> bool:
        """Follow each of several bodies, of which one is executed. What differs afterwards is unknown."""
        before, after = dict(scope.names), list[dict[str, Value]]()
        for body in bodies:
            scope.names = dict(before)
            if not self.run(body, scope):
                after.append(scope.names)
        scope.names = _joined_names(after) if after else before
        return not after

    def attempt(self, node: ast.Try, scope: Scope) -> bool:
        """``try``: modules are imported without an exception; any other name may come from a handler."""
        before = dict(scope.names)
        ended = self.run([*node.body, *node.orelse], scope)
        tried = scope.names
        for handler in node.handlers:
            scope.names = {**tried, **{n: v for n, v in before.items() if not isinstance(tried.get(n), Reference)}}
            with self.doubt():
                self.run(handler.body, scope)
            tried = {n: v if isinstance(v, Reference) else joined(v, scope.names.get(n, v)) for n, v in tried.items()}
        scope.names = tried
        return self.run(node.finalbody, scope) or ended

    def loop(self, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
        items = self.value(node.iter, scope)
        known = items.items if isinstance(items, (Tuple, List)) else None
        if known is None or any(isinstance(n, (ast.Break, ast.Continue)) for s in node.body for n in ast.walk(s)):
            self.repeat(node.target, self.item_of(items, node.iter), node.body, scope)
        else:
            for item in list(known):
                self.assign(node.target, item, scope)
                if self.run(node.body, scope):
                    return True
        return self.run(node.orelse, scope)

    def item_of(self, items: Value, node: ast.expr) -> Value:
        """What a loop over unknown items takes: a whole number from a range, a tensor without its first axis."""
        if isinstance(items, Tensor):
            return Tensor(items.axes[1:]) if ANY not in items.axes else Tensor()
        match node:
            case ast.Call(ast.Name("range" | "xrange" | "trange")):
                return INTEGER
            case ast.Call(ast.Name("enumerate")):
                return Tuple((INTEGER, UNKNOWN))
        return UNKNOWN

    def repeat(self, target: ast.expr | None, item: Value, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Follow the body of a loop twice: the second time with what is certain about names after the first."""
        before = dict(scope.names)
        self.repeated += 1
        steps = [len(recording.steps) for recording in self.active]
        try:
            for _ in range(2):
                for recording, length in zip(self.active, steps, strict=True):
                    del recording.steps[length:]
                if target is not None:
                    self.assign(target, item, scope)
                self.run(body, scope)
                scope.names = _joined_names([before, scope.names])
                before = dict(scope.names)
        finally:
            self.repeated -= 1

    def import_modules(self, node: ast.Import, scope: Scope) -> None:
        self.has_imports = True
        for alias in node.names:
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            self.bind(alias.asname or path, Reference(path), scope)

    def import_names(self, node: ast.ImportFrom, scope: Scope) -> None:
        self.has_imports |= not node.level
        for alias in node.names:
            if alias.name == "*":
                self.stars.append("" if node.level else node.module or "")
            else:
                path = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                self.bind(alias.asname or alias.name, Reference(path), scope)

    def define(self, node: ast.ClassDef, scope: Scope) -> None:
        """A class of the source: its attributes are followed, its methods are not."""
        inner = Scope({}, scope)
        bases = [self.value(base, scope) for base in node.bases]
        of = UserClass(node, bases, inner.names)
        methods = (ast.FunctionDef, ast.AsyncFunctionDef)
        for statement in node.body:
            if isinstance(statement, methods):
                is_plain = all(_is_harmless(d) for d in statement.decorator_list)
                inner.names[statement.name] = Function(statement, scope, of) if is_plain else UNKNOWN
            else:
                self.statement(statement, inner)
        of.members = inner.names
        self.classes.append(of)
        self.bind(node.name, of if all(_is_harmless(d) for d in node.decorator_list) else UNKNOWN, scope)

    # assignment

    def bind(self, name: str, value: Value, scope: Scope) -> None:
        scope.names[name] = UNKNOWN if name in self.changed else value

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Bind the names of a target, or set an attribute or an item."""
        match target:
            case ast.Name(name):
                self.bind(name, value, scope)
                if isinstance(value, Layer) and value.name is None:
                    value.name = name
            case ast.Tuple(targets) | ast.List(targets):
                self.unpack(targets, value, scope)
            case ast.Attribute(owner, name):
                self.set_attribute(self.value(owner, scope), name, value)
            case ast.Subscript(owner, key):
                self.set_item(self.value(owner, scope), self.value(key, scope))
            case ast.Starred(inner):
                self.assign(inner, UNKNOWN, scope)

    def unpack(self, targets: Sequence[ast.expr], value: Value, scope: Scope) -> None:
        items: Sequence[Value] | None = value.items if isinstance(value, (Tuple, List)) else None
        if isinstance(value, Tensor) and ANY not in value.axes[:1] and value.axes:
            items = [Tensor(value.axes[1:])] * len(targets)
        if items is None or len(items) != len(targets) or any(isinstance(t, ast.Starred) for t in targets):
            items = [UNKNOWN] * len(targets)
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item, scope)

    def set_attribute(self, owner: Value, name: str, value: Value) -> None:
        match owner:
            case Layer():
                owner.config = dict.fromkeys(owner.config, UNKNOWN)
            case UserClass():
                owner.members = {**owner.members, name: UNKNOWN}
            case Reference(path):
                self.patched.add(f"{path}.{name}")
        if not isinstance(owner, Instance):
            return
        is_certain = self.level <= owner.level or owner.attributes.get(name, UNKNOWN) == value
        is_state = isinstance(value, (Tensor, Tuple, Packed)) and name not in owner.attributes
        owner.attributes[name] = value if is_certain or is_state else UNKNOWN

    def forget(self, owner: Instance) -> None:
        """Attributes of an object change, and it is not known which."""
        owner.attributes = {
            name: UNKNOWN if isinstance(value, (Constant, Argument)) else value
            for name, value in owner.attributes.items()
        }

    def set_item(self, owner: Value, key: Value) -> None:
        """An item of a list or dictionary changes: what it holds is no longer followed."""
        if isinstance(owner, (List, Dictionary)):
            owner.items = None

    # expressions

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """What is certain about the value of an expression."""
        self.count(node)
        match node:
            case ast.Constant(known):
                return _constant(known)
            case ast.Name(name):
                return self.name(name, scope)
            case ast.Attribute(owner, name):
                return self.attribute(self.value(owner, scope), name)
            case ast.Call():
                return self.call(node, scope)
            case ast.Tuple(items):
                return self.tuple_of(items, scope)
            case ast.List(items) | ast.Set(items):
                made = self.tuple_of(items, scope)
                return List(self.level, list(made.items)) if isinstance(made, Tuple) else List(self.level, None)
            case ast.Dict(keys, values):
                return self.dictionary(keys, values, scope)
            case ast.Subscript(owner, key):
                return self.item(self.value(owner, scope), self.index(key, scope), node)
            case ast.BinOp(left, op, right):
                return binary(op, self.value(left, scope), self.value(right, scope))
            case ast.UnaryOp(op, operand):
                return unary(op, self.value(operand, scope))
            case ast.BoolOp(op, operands):
                return self.either(op, operands, scope)
            case ast.Compare(left, [op], [right]):
                return compared(op, self.value(left, scope), self.value(right, scope))
            case ast.IfExp(test, body, orelse):
                truth = truth_of(self.value(test, scope))
                if truth is not None:
                    return self.value(body if truth else orelse, scope)
                with self.doubt():
                    return joined(self.value(body, scope), self.value(orelse, scope))
            case ast.ListComp(element, generators) | ast.GeneratorExp(element, generators):
                return self.comprehension(element, generators, scope)
            case ast.NamedExpr(target, inner):
                value = self.value(inner, scope)
                self.assign(target, value, scope)
                return value
            case ast.Starred() | ast.Lambda() | ast.Slice():
                return UNKNOWN
        return UNKNOWN

    def name(self, name: str, scope: Scope) -> Value:
        """The value of a name: of the source, of Python, or what it means by convention if nothing binds it."""
        where: Scope | None = scope
        while where:
            if name in where.names:
                return where.names[name]
            where = where.outer
        if name in self.module.names:
            return self.module.names[name]
        if name in self.bound or name == "__name__":
            return Constant("__main__") if name == "__name__" else UNKNOWN
        if name == "self":
            self.module.names["self"] = self.made_instance(UserClass(_FRAGMENT, [], {}), 1)
            return self.module.names["self"]
        return self.imported(name) or self.by_convention(name)

    def imported(self, name: str) -> Value | None:
        """A name from ``from module import *``. Which of several modules has it is known for those of a framework."""
        for star in reversed(self.stars):
            path = f"{star}.{name}"
            if (torch_class(path) and star == "torch.nn") or (keras_class(path) and name in USUAL_KERAS):
                return Reference(path)
            if star.partition(".")[0] not in ("torch", "keras", "tensorflow", "numpy", "math"):
                return UNKNOWN
        return None

    def by_convention(self, name: str) -> Value:
        is_fragment = not self.has_imports
        if name in USUAL_MODULES:
            return Reference(USUAL_MODULES[name]) if is_fragment or name not in ("layers", "keras") else UNKNOWN
        if is_fragment and name in USUAL_KERAS:
            return Reference(f"keras.layers.{name}")
        if is_fragment and name in USUAL_TORCH:
            return Reference(f"torch.nn.utils.rnn.{name}")
        return Reference(f"builtins.{name}") if name in BUILTINS | {"getattr", "super", "dict"} else UNKNOWN

    def tuple_of(self, nodes: Sequence[ast.expr], scope: Scope) -> Value:
        """The values of expressions; unknown if a starred one is."""
        items: list[Value] = []
        is_known = True
        for node in nodes:
            if isinstance(node, ast.Starred):
                inner = self.value(node.value, scope)
                parts = inner.items if isinstance(inner, (Tuple, List)) else None
                is_known = is_known and parts is not None
                items += parts or []
            else:
                items.append(self.value(node, scope))
        return Tuple(tuple(items)) if is_known else UNKNOWN

    def dictionary(self, keys: Sequence[ast.expr | None], values: Sequence[ast.expr], scope: Scope) -> Value:
        entries: dict[str, Value] | None = {}
        for key, node in zip(keys, values, strict=True):
            name, value = self.value(key, scope) if key else UNKNOWN, self.value(node, scope)
            if entries is not None and isinstance(name, Constant) and isinstance(name.value, str):
                entries[name.value] = value
            else:
                entries = None
        return Dictionary(self.level, entries)

    def either(self, op: ast.boolop, operands: Sequence[ast.expr], scope: Scope) -> Value:
        """``a or b``, ``a and b``."""
        value: Value = UNKNOWN
        for n, operand in enumerate(operands):
            value = self.value(operand, scope)
            truth = truth_of(value)
            if truth == isinstance(op, ast.Or):
                return value
            if truth is None and n < len(operands) - 1:
                with self.doubt():
                    for other in operands[n + 1 :]:
                        self.value(other, scope)
                return UNKNOWN
        return value

    def comprehension(self, element: ast.expr, generators: Sequence[ast.comprehension], scope: Scope) -> Value:
        """A list of known items, or of an unknown number."""
        generator, inner = generators[0], Scope({}, scope, scope.of)
        items = self.value(generator.iter, scope)
        known = items.items if isinstance(items, (Tuple, List)) else None
        if known is None or len(generators) > 1 or generator.ifs:
            return List(self.level, None)
        found = []
        for item in known:
            self.assign(generator.target, item, inner)
            found.append(self.value(element, inner))
        return List(self.level, found)

    def index(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """The keys of an index."""
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self.key(one, scope) for one in nodes)

    def key(self, node: ast.expr, scope: Scope) -> Value:
        match node:
            case ast.Slice(start, stop, step):
                return Slice(*(self.value(bound, scope) if bound else None for bound in (start, stop, step)))
            case ast.Constant(known) if known is ...:
                return REST
        return self.value(node, scope)

    def item(self, owner: Value, keys: tuple[Value, ...], node: ast.AST) -> Value:
        """``owner[keys]``."""
        match owner, keys:
            case Tensor(axes), _:
                return Tensor(indexed(axes, keys))
            case ((Tuple() | List()), [Constant(int(n))]):
                return _at(owner.items or (), n)
            case Chained(), [Constant(int(n))]:
                return _at(owner.items, n)
            case ((Tuple() | List()), [Slice(start, stop, None)]) if owner.items is not None:
                return _part(owner, start, stop)
            case Dictionary(items=dict() as entries), [Constant(str(name))]:
                return entries.get(name, UNKNOWN)
            case Packed(), [Constant(0)]:
                return Tensor()
        return UNKNOWN

    def attribute(self, owner: Value, name: str) -> Value:
        match owner:
            case Reference(path):
                return Reference(f"{path}.{name}") if f"{path}.{name}" not in self.patched else UNKNOWN
            case Instance() if name == "__dict__":
                self.forget(owner)
                return UNKNOWN
            case Instance() if name in owner.attributes:
                return owner.attributes[name]
            case Instance():
                return self.member(owner, owner.of.member(name), name)
            case UserClass():
                return owner.member(name) or UNKNOWN
            case Tensor() if name == "shape":
                return method("size", owner, (), {}) or UNKNOWN
            case Tensor() if name == "data":
                return owner
            case Tensor() if name in ("T", "mT"):
                return method("t", owner, (), {}) or UNKNOWN
            case Layer():
                return self.layer_attribute(owner, name)
        if isinstance(owner, (Unknown, Constant, Argument)):
            return Method(Tensor(), name) if name in ("view", "reshape") else UNKNOWN
        return Method(owner, name)

    def layer_attribute(self, layer: Layer, name: str) -> Value:
        names = {ours: theirs for theirs, ours in pytorch.NAMES.items()}
        for ours, value in layer.config.items():
            if name in (ours, names.get(ours)) and layer.framework == pytorch.FRAMEWORK and layer.kind != "dense":
                return value
        return Method(layer, name)

    def member(self, owner: Instance, found: Value | None, name: str) -> Value:
        """A method or a class's attribute of an object."""
        if isinstance(found, Function):
            if any(isinstance(d, ast.Name) and d.id == "property" for d in found.node.decorator_list):
                return self.call_function(found, Arguments((owner,)))
            return Method(owner, name)
        return UNKNOWN if found is None else found

    # calls

    def arguments(self, node: ast.Call, scope: Scope) -> Arguments:
        positional, named, is_complete = list[Value](), dict[str, Value](), True
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                inner = self.value(argument.value, scope)
                items = inner.items if isinstance(inner, (Tuple, List)) else None
                is_complete = is_complete and items is not None
                positional += items or []
            elif is_complete:
                positional.append(self.value(argument, scope))
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg:
                named[keyword.arg] = value
            elif isinstance(value, Dictionary) and value.items is not None:
                named |= value.items
            else:
                is_complete = False
        return Arguments(positional, named, is_complete)

    def call(self, node: ast.Call, scope: Scope) -> Value:
        if isinstance(node.func, ast.Name) and node.func.id in ("super", "getattr", "setattr", "dict"):
            special = self.special(node.func.id, node, scope)
            if special is not None:
                return special
        callee, arguments = self.value(node.func, scope), self.arguments(node, scope)
        found = self.result(callee, arguments, node)
        return self.unknown_call(node, arguments) if found is None else found

    def special(self, name: str, node: ast.Call, scope: Scope) -> Value | None:
        """Functions of Python that depend on names; None if this is none of them."""
        if name in self.bound:
            return None
        if name == "super":
            owner = self.name("self", scope) if "self" in scope.names else UNKNOWN
            return Super(owner, scope.of) if isinstance(owner, Instance) and scope.of else UNKNOWN
        if name == "dict" and not node.args:
            arguments = self.arguments(node, scope)
            return Dictionary(self.level, dict(arguments.named) if arguments.is_complete else None)
        if name == "getattr" and len(node.args) >= 2:
            owner, key = self.value(node.args[0], scope), self.value(node.args[1], scope)
            if isinstance(key, Constant) and isinstance(key.value, str) and key.value.isidentifier():
                return self.attribute(owner, key.value)
            return UNKNOWN
        if name == "setattr" and len(node.args) == 3:
            owner, key, value = (self.value(argument, scope) for argument in node.args)
            if isinstance(key, Constant) and isinstance(key.value, str):
                self.set_attribute(owner, key.value, value)
            elif isinstance(owner, Instance):
                self.forget(owner)
            if isinstance(value, Layer) and not isinstance(key, Constant):
                value.is_used = True
                self.unknown.add(node.lineno)
            return NONE
        return None

    def result(self, callee: Value, arguments: Arguments, node: ast.Call) -> Value | None:
        """The value of a call; None if it cannot be known."""
        match callee:
            case Reference(path):
                return self.call_reference(path, arguments, node)
            case Layer():
                return self.call_layer(callee, arguments, node.lineno)
            case Chained():
                callee.is_used = True
                return self.call_chain(callee, arguments)
            case Function():
                return self.outermost(callee, arguments)
            case UserClass():
                return self.construct(callee, arguments, node.lineno)
            case Instance():
                return self.call_instance(callee, arguments, node.lineno)
            case Method(owner, name):
                return self.call_method(owner, name, arguments, node)
        return None

    def unknown_call(self, node: ast.Call, arguments: Arguments) -> Value:
        """A call that is not understood. It counts if it takes a tensor or a layer; lists that it takes may change."""
        values = [*arguments.positional, *arguments.named.values()]
        if any(is_tensor(value) or isinstance(value, (Layer, Chained)) for value in values):
            self.unknown.add(node.lineno)
        for value in values:
            if isinstance(value, (Layer, Chained)):
                value.is_used = True
            if isinstance(value, (List, Dictionary)):
                value.items = None
        return UNKNOWN

    def call_reference(self, path: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """Call what another module defines."""
        if path.startswith("builtins."):
            return builtin(path.removeprefix("builtins."), arguments.positional, self.level)
        if name := torch_class(path):
            return self.torch_module(name, arguments, node)
        if name := keras_class(path):
            return self.keras_object(name, arguments, node)
        if path.startswith("torch.nn.Embedding.from_pretrained"):
            return self.made_layer(pytorch.layer("Embedding", Arguments(is_complete=False), node.lineno), node)
        if name := torch_function(path):
            return called(name, arguments.positional, arguments.named)
        if path.endswith((".init", ".seed", ".manual_seed")) or path.startswith("torch.nn.init."):
            return UNKNOWN
        return None

    def torch_module(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if name in ("Sequential", "ModuleList"):
            first = arguments.positional[0] if arguments.positional else UNKNOWN
            items: Sequence[Value] | None = arguments.positional if arguments.is_complete else None
            if name == "ModuleList":
                parts = first.items if isinstance(first, (Tuple, List)) else None
                if not arguments.positional:
                    parts = []
                return List(self.level, None if parts is None else list(parts))
            if isinstance(first, Reference) or _is_ordered(first):
                items = None
            if items is None:
                self.unknown.add(node.lineno)
                return UNKNOWN
            chain = Chained(self.level, list(items), pytorch.FRAMEWORK, node.lineno)
            self.chains.append(chain)
            return chain
        if name == "ModuleDict":
            first = arguments.positional[0] if arguments.positional else Dictionary(self.level, {})
            return first if isinstance(first, Dictionary) else UNKNOWN
        if name == "Parameter":
            return tensor_of(arguments.get("data", 0, UNKNOWN))
        return self.made_layer(pytorch.layer(name, arguments, node.lineno), node)

    def keras_object(self, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        if name in ("Sequential",):
            return self.keras_sequential(arguments, node)
        if name in ("Input", "InputLayer"):
            shape = arguments.get("shape", 0, UNKNOWN)
            axes = keras.axes_of(shape) if isinstance(shape, (Tuple, List)) else keras.input_of(arguments) or (ANY,)
            if "batch_size" in arguments.named or "batch_shape" in arguments.named:
                axes = keras.input_of(arguments) or axes
            return Tensor(axes)
        if name in ("Model", "Layer"):
            return UNKNOWN
        if name in ("Concatenate", *keras.MERGES):
            is_last = arguments.get("axis", 0, Constant(-1)) == Constant(-1)
            return Method(Constant(name), "merged") if is_last else UNKNOWN
        if name[:1].islower():
            return self.keras_function(name, arguments)
        return self.made_layer(keras.layer(name, arguments, node.lineno), node)

    def keras_function(self, name: str, arguments: Arguments) -> Value | None:
        if name in ("concatenate", "add", "multiply", "average"):
            parts = arguments.get("inputs", 0, UNKNOWN)
            rest = Arguments(arguments.positional[1:], arguments.named)
            return self.merge(name.capitalize(), parts, rest)
        return called(name, arguments.positional, arguments.named) if name in ("relu", "tanh", "sigmoid") else None

    def merge(self, name: str, parts: Value, arguments: Arguments) -> Value:
        if not isinstance(parts, (Tuple, List)) or not parts.items:
            return Tensor()
        return keras.merged(name, [tensor_of(part).axes for part in parts.items], arguments)

    def keras_sequential(self, arguments: Arguments, node: ast.Call) -> Value:
        chain = Chained(self.level, [], keras.FRAMEWORK, node.lineno)
        self.chains.append(chain)
        layers = arguments.get("layers", 0, Tuple(()))
        items = layers.items if isinstance(layers, (Tuple, List)) else None
        if items is None and layers != NONE:
            self.unknown.add(node.lineno)
        for item in items or ():
            self.add(chain, item, node.lineno)
        return chain

    def add(self, chain: Chained, item: Value, line: int) -> None:
        """Add a layer to a chain."""
        if isinstance(item, Tensor) and not chain.items:
            chain.input = item.axes
        elif self.level > chain.level:
            chain.items.append(Maybe(item))
            self.unknown.add(line)
        else:
            chain.items.append(item)

    def made_layer(self, layer: Layer | None, node: ast.Call) -> Value:
        """A new layer. It is unknown if a size is, but not if the size is an argument."""
        if layer is None:
            return UNKNOWN
        self.layers.append(layer)
        unknown = {name for name, value in layer.config.items() if isinstance(value, Unknown)}
        if unknown - ({"features"} if layer.framework == keras.FRAMEWORK else set()) or layer.kind == "other":
            self.unknown.add(node.lineno)
        return layer

    def call_layer(self, layer: Layer, arguments: Arguments, line: int) -> Value:
        """Call a layer, and record that."""
        layer.is_used = True
        given = arguments.positional[0] if arguments.positional else next(iter(arguments.named.values()), UNKNOWN)

        if isinstance(given, Packed):
            return self.call_with_packed(layer, given, line)
        axes = tensor_of(given).axes
        shown = layer.takes(layer, axes)
        if _contradicts(layer, shown) or (len(shown) != len(axes) and ANY not in axes):
            self.unknown.add(line)
        output = layer.call(layer, shown)
        self.record(layer, shown, output, line)
        return output

    def call_with_packed(self, layer: Layer, given: Packed, line: int) -> Value:
        """A recurrent layer reads a packed sequence in the order in which it was packed."""
        batch, steps, features = given.axes
        if layer.kind not in ("lstm", "gru", "rnn"):
            self.unknown.add(line)
            return UNKNOWN
        axes = (batch, steps, features) if given.batch_first else (steps, batch, features)
        shown = layer.takes(layer, axes)
        last, states = pytorch.outputs_of(layer, (batch,))
        self.record(layer, shown, Tensor((*shown[:2], last)), line)
        return Tuple((Packed((batch, steps, last), given.batch_first), states))

    def record(self, layer: Layer, shown: Axes, output: Value, line: int) -> None:
        """Record a call in the forward pass, unless it is uncertain."""
        recording = self.active[-1]
        if self.uncertain > recording.level:
            self.unknown.add(line)
            return
        first = output.items[0] if isinstance(output, Tuple) else output
        step = Step(layer, shown, tensor_of(first).axes)
        if step not in recording.steps:
            recording.steps.append(step)

    def call_chain(self, chain: Chained, arguments: Arguments) -> Value:
        """Call each layer of a chain with the output of the one before it."""
        value = arguments.positional[0] if arguments.positional else UNKNOWN
        for item in list(chain.items):
            layer = item.layer if isinstance(item, Maybe) else item
            if isinstance(layer, Layer) and layer.input is not None and not is_tensor(value):
                value = Tensor(layer.input)
            if isinstance(item, Maybe):
                with self.doubt():
                    value = joined(value, self.call_item(layer, value, chain.line))
            else:
                value = self.call_item(layer, value, chain.line)
        return value

    def call_item(self, layer: Value, value: Value, line: int) -> Value:
        """Call a part of a chain that was made at a line."""
        arguments = Arguments((value,))
        match layer:
            case Layer():
                return self.call_layer(layer, arguments, layer.line)
            case Chained():
                layer.is_used = True
                return self.call_chain(layer, arguments)
            case Instance():
                return self.call_instance(layer, arguments, line) or Tensor()
        self.unknown.add(line)
        return Tensor()

    # functions, classes and objects of the source

    def outermost(self, function: Function, arguments: Arguments) -> Value:
        """Call a function. What it calls is a forward pass of its own, unless it is called from one."""
        function.is_called = True
        if len(self.active) > 1:
            return self.call_function(function, arguments)
        with self.recording(Recording(function.node.lineno, self.uncertain)):
            return self.call_function(function, arguments)

    @contextmanager
    def recording(self, recording: Recording) -> Iterator[None]:
        if recording.owner is None:
            self.recordings.append(recording)
        self.active.append(recording)
        try:
            yield
        finally:
            self.active.pop()

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """Follow a function with its arguments; the value that it returns."""
        function.is_called = True
        node, scope = function.node, Scope({}, function.scope, function.of)
        if self.depth >= MOST_CALLS or any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in node.body):
            return UNKNOWN
        scope.names = self.parameters(function, arguments)
        self.depth += 1
        try:
            ended = self.run(node.body, scope)
        finally:
            self.depth -= 1
        values = scope.returned if ended else [*scope.returned, NONE]
        found = values[0]
        for value in values[1:]:
            found = joined(found, value)
        return found

    def parameters(self, function: Function, arguments: Arguments) -> dict[str, Value]:
        """The value of each parameter of a function."""
        parameters = function.node.args
        plain = [*parameters.posonlyargs, *parameters.args]
        values: dict[str, Value] = {}
        defaults = [None] * (len(plain) - len(parameters.defaults)) + list(parameters.defaults)
        pairs = [*zip(plain, defaults, strict=True), *zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True)]
        for n, (parameter, default) in enumerate(pairs):
            fallback = self.value(default, function.scope) if default else UNKNOWN
            place = n if n < len(plain) else 10**6
            values[parameter.arg] = arguments.get(parameter.arg, place, fallback)
        if parameters.vararg:
            rest = tuple(arguments.positional[len(plain) :])
            values[parameters.vararg.arg] = Tuple(rest) if arguments.is_complete else UNKNOWN
        if parameters.kwarg:
            others = {name: value for name, value in arguments.named.items() if name not in values}
            values[parameters.kwarg.arg] = Dictionary(self.level, others if arguments.is_complete else None)
        return values

    def made_instance(self, of: UserClass, line: int) -> Instance:
        instance = Instance(self.level, of, line)
        self.instances.append(instance)
        return instance

    def construct(self, of: UserClass, arguments: Arguments, line: int) -> Value:
        """Make an object of a class of the source."""
        of.is_called = True
        instance = self.made_instance(of, line)
        init = of.member("__init__")
        if isinstance(init, Function):
            with self.recording(Recording(line, self.uncertain, owner=instance)):
                self.call_function(init, arguments.after(instance))
        return instance

    def call_instance(self, instance: Instance, arguments: Arguments, line: int) -> Value | None:
        """Call an object: its forward pass. It is recorded for itself, unless another model calls it."""
        forward = instance.of.method(*FORWARD, "__call__")
        if forward is None:
            return None
        full = arguments.after(instance)
        if self.active[-1].owner:
            return self.call_function(forward, full)
        recording = Recording(line, self.uncertain, owner=instance)
        instance.runs.append(recording)
        with self.recording(recording):
            return self.call_function(forward, full)

    def call_method(self, owner: Value, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        match owner:
            case Tensor():
                return method(name, owner, arguments.positional, arguments.named)
            case Instance():
                return self.call_own_method(owner, owner.of.member(name), name, arguments, node)
            case Super(instance, of):
                bases = [base for base in of.bases if isinstance(base, UserClass)]
                found = next(filter(None, (base.member(name) for base in bases)), None)
                return self.call_own_method(instance, found, name, arguments, node) if found else UNKNOWN
            case List() | Chained() | Dictionary():
                return self.change(owner, name, arguments, node)
            case Constant(str(merge)) if name == "merged":
                return self.merge(merge, arguments.get("inputs", 0, UNKNOWN), Arguments())
            case Layer():
                return NONE if name in ("flatten_parameters", "build") else UNKNOWN
        return UNKNOWN if isinstance(owner, (Tuple, Packed)) else None

    def call_own_method(
        self, owner: Instance, found: Value | None, name: str, arguments: Arguments, node: ast.Call
    ) -> Value | None:
        """A method of the source, or one that all models have."""
        if isinstance(found, Function):
            is_static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in found.node.decorator_list)
            if name in FORWARD:
                return self.call_instance(owner, arguments, node.lineno)
            return self.outermost(found, arguments if is_static else arguments.after(owner))
        if name == "__call__":
            return self.call_instance(owner, arguments, node.lineno)
        if name in ("add_module", "register_module") and len(arguments.positional) == 2:
            key, value = arguments.positional
            if isinstance(key, Constant) and isinstance(key.value, str):
                self.set_attribute(owner, key.value, value)
                return NONE
            return None
        if name == "register_buffer":
            return NONE
        return owner if name in ("to", "cuda", "cpu", "eval", "train", "double", "float") else UNKNOWN

    def change(self, owner: Mutable, name: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """A method that changes a list, a dictionary or a chain of layers."""
        value = arguments.positional[0] if arguments.positional else UNKNOWN
        if isinstance(owner, Chained):
            if name in ("add", "append"):
                self.add(owner, value, node.lineno)
            elif name == "add_module" and len(arguments.positional) == 2:
                self.add(owner, arguments.positional[1], node.lineno)
            elif name == "build":
                shape = arguments.get("input_shape", 0, UNKNOWN)
                owner.input = keras.axes_of(shape, ())
            elif name in ("pop", "insert", "extend"):
                owner.items = [Maybe(item) for item in owner.items]
                self.unknown.add(node.lineno)
            return owner if name in ("to", "cuda", "cpu", "eval", "train", "double", "float") else UNKNOWN
        if isinstance(owner, Dictionary):
            key = value.value if isinstance(value, Constant) else None
            if name == "get" and owner.items is not None and isinstance(key, str):
                return owner.items.get(key, (*arguments.positional, NONE)[1])
            if name not in ("get", "items", "keys", "values"):
                owner.items = None
            elif name == "values" and owner.items is not None:
                return List(self.level, list(owner.items.values()))
            return UNKNOWN
        if isinstance(owner, List):
            if name == "append" and owner.items is not None and self.level <= owner.level:
                owner.items.append(value)
            elif name == "extend" and owner.items is not None and self.level <= owner.level:
                more = value.items if isinstance(value, (Tuple, List)) else None
                owner.items = None if more is None else [*owner.items, *more]
            elif name not in ("index", "count", "copy", "apply", "parameters"):
                owner.items = None
        return UNKNOWN


_FRAGMENT = ast.ClassDef("", [], [], [], [])
"""The class of ``self`` in statements that are in no method."""

HARMLESS = words(
    """
    no_grad inference_mode jit script export autocast tf function dataclass register_keras_serializable typechecked
    override staticmethod classmethod property
    """
)
"""The last names of decorators that do not change what a function or class is."""


def _is_harmless(decorator: ast.expr) -> bool:
    """Whether a decorator leaves a function or class as it is."""
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in HARMLESS


def _constant(value: object) -> Value:
    """A constant; a text with braces may have been one that Python fills in."""
    if isinstance(value, str):
        return Constant(value) if "{" not in value else UNKNOWN
    return Constant(value) if value is None or isinstance(value, (bool, int, float)) else UNKNOWN


def _loaded(target: ast.expr) -> ast.expr:
    """The target of ``+=`` as what is read."""
    match target:
        case ast.Name(name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(owner, name):
            return ast.Attribute(owner, name, ast.Load())
        case ast.Subscript(owner, key):
            return ast.Subscript(owner, key, ast.Load())
    return target


def _joined_names(scopes: Sequence[dict[str, Value]]) -> dict[str, Value]:
    """What is certain about names after one of several ways."""
    first, *others = scopes
    found = dict(first)
    for names in others:
        for name in {*found, *names}:
            one, another = found.get(name), names.get(name)
            if one is not another:
                found[name] = UNKNOWN if one is None or another is None else joined(one, another)
    return found


def _at(items: Sequence[Value], n: int) -> Value:
    """An item of a list by its place, which may count from the end."""
    return items[n] if -len(items) <= n < len(items) else UNKNOWN


def _part(owner: Tuple | List, start: Value | None, stop: Value | None) -> Value:
    """A part of a list."""
    if owner.items is None or not is_integer(start) or not is_integer(stop):
        return UNKNOWN
    part = list(owner.items)[slice(bound(start), bound(stop))]
    return List(owner.level, part) if isinstance(owner, List) else Tuple(tuple(part))


def _is_ordered(value: Value) -> bool:
    """Whether a value is what nn.Sequential takes instead of layers: a dictionary in order."""
    return isinstance(value, (Dictionary, Unknown))


def _contradicts(layer: Layer, axes: Axes) -> bool:
    """Whether the last axis of the input is not the one that a layer says."""
    said = layer.size("features")
    if layer.kind in ("embedding", "convolution") or not axes:
        return False
    return isinstance(said, int) and isinstance(axes[-1], int) and axes[-1] != said
