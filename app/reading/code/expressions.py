"""Expressions: what is certain about their values."""

import ast
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from .arithmetic import binary, compared, items_of, truth_of, unary
from .axes_of_operations import transposed
from .calls import Calls
from .frameworks import pytorch, tf1
from .frameworks.pytorch_functions import method
from .imported_names import (
    is_of_program,
    keras_class,
    torch_class,
)
from .indexing import REST, Slice, bound, indexed, is_integer, takes_one
from .interpreter_limits import LONGEST_NAME
from .joined_values import joined
from .names_without_import import BUILTINS, SPECIAL, USUAL_KERAS, USUAL_MODULES, USUAL_TORCH
from .object_methods import REGISTERING, SAME_MODEL, TEXT_METHODS, WITH_DATA, is_keras_layer, is_module_of_torch
from .program_state import joined_origin, tensors_in
from .python_constants import OF_STRING
from .records import METHODS, NAMESPACE, is_enumeration, member_of
from .samples import OTHERS
from .signatures import Arguments, Partial
from .streams import item_in
from .values import (
    ANY,
    INTEGER,
    NONE,
    UNKNOWN,
    Argument,
    Chained,
    Constant,
    Dictionary,
    Function,
    Functional,
    Instance,
    Layer,
    List,
    Member,
    Method,
    Packed,
    Part,
    Reference,
    Repeated,
    Scope,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
    is_decorated,
    is_states,
    parts_of,
    sizes_of_axes,
)
from .word_sets import words

INHERITED = words("save_hyperparameters add_weight add_variable build")
"""Methods of models of other libraries that are read."""

OF_TENSORS = words("shape data T mT")
"""Attributes of tensors that are read. Everything else that they have is a method."""

OF_PACKED = SAME_MODEL | {"_replace"}
"""Methods of packed sequences that are read."""

_FRAGMENT = ast.ClassDef("", [], [], [], [], lineno=1)
"""The class of ``self`` in statements that are in no method."""


FRAMEWORKS = ("torch.nn", "keras.", "tensorflow.keras.", "tensorflow.compat.v1.keras.")
"""The beginnings of modules of which programs import everything."""


class Expressions(Calls):
    """Follows expressions."""

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """What is certain about the value of an expression."""
        self.steps -= 1
        if self.steps < 0:
            self.stop(node)
        kind = type(node)
        if kind is ast.Constant:  # the most frequent kinds first
            return self.constant(node, scope)  # type: ignore[arg-type]
        if kind is ast.Name:
            value = self.name(node.id, scope)  # type: ignore[attr-defined]
            if value is UNKNOWN:
                self.operands.append(None)
            elif value.may_have_tensors:
                tensors = tensors_in(value)
                self.operands += map(self.origin, tensors)
                if not tensors and type(value) is List and value.items is None:
                    self.operands.append(None)
                if self.samples:
                    self.operands += map(self.samples_of, tensors)
            return value
        operands = self.operands
        start = len(operands)
        owner = self._owner(node, scope) if kind is ast.Attribute else None  # type: ignore[arg-type]
        if owner is None:
            follow = FOLLOWED.get(kind)
            value = follow(self, node, scope) if follow else UNKNOWN
        else:
            self.steps -= 1
            value = self.attribute(owner, node.attr)  # type: ignore[attr-defined]
        if value.may_have_tensors and (tensors := tensors_in(value)):
            read, origins = operands[start:], self.origins
            origin = joined_origin(read)
            operands[start:] = self.pass_samples_on(tensors, read) if self.samples else ()
            operands += [origins.setdefault(id(one), (one, origin))[1] for one in tensors]
            if origin is None and kind in (ast.Tuple, ast.List):  # there may be one of which nothing is known
                operands.append(None)
        return value

    def _owner(self, node: ast.Attribute, scope: Scope) -> Value | None:
        """An object or a module of which an attribute is read, as in ``self.lstm`` and ``nn.LSTM``, the most frequent
        expressions, without following its name like an expression; None for any other owner."""
        if type(node.value) is not ast.Name:
            return None
        owner = self.name(node.value.id, scope)
        return owner if type(owner) is Instance or type(owner) is Reference else None

    def list_of(self, node: ast.List | ast.Set, scope: Scope) -> Value:
        made = self.tuple_of(node.elts, scope)
        items = list(made.items) if isinstance(made, Tuple) else None
        return List(self.level, items, isinstance(node, ast.List))

    def of_two(self, op: ast.operator, left: Value, right: Value) -> Value:
        """``left op right``."""
        if self.products and type(op) is ast.Add:
            self.note_bias(left, right)
        return binary(op, left, right)

    def comparison(self, node: ast.Compare, scope: Scope) -> Value:
        left, *others = (self.value(operand, scope) for operand in (node.left, *node.comparators))
        return compared(node.ops[0], left, others[0]) if len(others) == 1 else UNKNOWN

    def conditional(self, node: ast.IfExp, scope: Scope) -> Value:
        """``a if test else b``."""
        truth = truth_of(self.value(node.test, scope))
        if truth is not None:
            return self.value(node.body if truth else node.orelse, scope)
        with self.in_some_steps() if self.is_for_the_first(node.test, scope) else self.doubt():
            with self.one_branch() as first:
                one = self.value(node.body, scope)
            with self.one_branch() as second:
                another = self.value(node.orelse, scope)
            self.settle([first, second], (node.lineno, node.col_offset))
            return joined(one, another)

    def is_for_the_first(self, test: ast.expr, scope: Scope) -> bool:
        """Whether a test distinguishes the first step of a loop from the others, so that both of its ways are taken."""
        match test:
            case ast.Compare(ast.Name(name), [ast.Eq() | ast.NotEq() | ast.Gt()], [ast.Constant(0)]):
                value = self.name(name, scope)
                is_own = value is not UNKNOWN and value is not INTEGER
                return is_own and any(value is counter for counter in self.counters)
        return False

    def assignment(self, node: ast.NamedExpr, scope: Scope) -> Value:
        """``name := value``."""
        value = self.value(node.value, scope)
        self.assign(node.target, value, scope)
        return value

    def yielded(self, node: ast.Yield | ast.YieldFrom, scope: Scope) -> Value:
        """``yield value``, also each one of others; what the caller sends back is unknown."""
        value = self.value(node.value, scope) if node.value else NONE
        if isinstance(node, ast.YieldFrom):
            known, item = items_of(value), item_in(value)
            scope.yielded += [UNKNOWN if item is None else item] if known is None else known
        else:
            scope.yielded.append(value)
        return UNKNOWN

    def constant(self, node: ast.Constant, scope: Scope) -> Value:
        """A constant; a text with braces may have been one that Python fills in."""
        value = node.value
        if isinstance(value, str):
            return Constant(value) if "{" not in value else self.attribute_name(node, scope)
        return Constant(value) if value is None or isinstance(value, (bool, int, float)) else UNKNOWN

    def anonymous(self, node: ast.Lambda, scope: Scope) -> Value:
        """``lambda x: value``."""
        returned = ast.copy_location(ast.Return(node.body), node)
        definition = ast.copy_location(ast.FunctionDef("", node.args, [returned], []), node)
        return Function(definition, scope, None, self.defaults(definition, scope))

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
        if name in BUILTINS or name in SPECIAL:
            return self.by_convention(name)
        return self.imported(name) or self.by_convention(name)

    def imported(self, name: str) -> Value | None:
        """A name from ``from module import *``. Which of several modules has it is known for those of a framework. A
        module of the program may pass on what is called like something of a framework."""
        for star in reversed(self.stars):
            path = f"{star}.{name}"
            if len(self.stars) == 1 and star.startswith(FRAMEWORKS):
                return Reference(path)  # nothing else can have it
            if (torch_class(path) and star == "torch.nn") or (keras_class(path) and name in USUAL_KERAS):
                return Reference(path)
            if is_of_program(star) and name not in USUAL_MODULES and name not in USUAL_KERAS:
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
        if name == "xrange":  # of Python 2
            return Reference("builtins.range")
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
            name, value = self.attribute_name(key, scope) if key else NONE, self.value(node, scope)
            if entries is None:
                continue
            if isinstance(name, Constant) and isinstance(name.value, str):
                entries[name.value] = value
            elif not key and isinstance(value, Dictionary) and value.items is not None:  # **others
                self.steps -= len(value.items)
                entries |= value.items
            else:
                entries = None
        return self.made_dictionary(entries)

    def dictionary_of(self, node: ast.DictComp, scope: Scope) -> Value:
        """``{key: value for ...}``."""
        pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node)
        found = self.comprehension(pair, node.generators, scope)
        if isinstance(found, List):
            return self.ordered(Arguments((found,)))
        made = self.made_dictionary(None)
        match found:
            case Repeated(item=Tuple(items=(_, Layer() as each))):
                self.several.add(each)
                made.each = each
        return made

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

    def listed(self, node: ast.ListComp, scope: Scope) -> Value:
        """``[f(x) for x in items]``."""
        found = self.comprehension(node.elt, node.generators, scope)
        if isinstance(found, List):
            found.is_list = True
        return found

    def comprehension(self, element: ast.expr, generators: Sequence[ast.comprehension], scope: Scope) -> Value:
        """A list of known items, or of an unknown number."""
        generator, inner = generators[0], Scope({}, scope, scope.of)
        items = self.value(generator.iter, scope)
        known = items_of(items)
        if known is None and len(generators) == 1 and not generator.ifs:
            count = self.count(generator.iter, scope)
            self.assign(generator.target, INTEGER if count else self.item_of(items, generator.iter), inner)
            with self.in_unknown_number():
                item = self.value(element, inner)
            if isinstance(item, Layer) and item.framework != tf1.FRAMEWORK:  # which reads the number of cells
                self.several.add(item)
            return Repeated(item, count or UNKNOWN)
        if known is None or len(generators) > 1 or generator.ifs:
            return List(self.level, None)
        found, least = [], self.steps - self.steps_of_list
        for item in known:
            self.assign(generator.target, item, inner)
            found.append(self.value(element, inner))
            if self.steps < least:
                return List(self.level, None)
        return List(self.level, found)

    def count(self, node: ast.expr, scope: Scope) -> Value | None:
        """The unknown number of times that ``range(n)`` repeats something; None for other expressions."""
        match node:
            case ast.Call(ast.Name("range" | "xrange"), [n], []) if "range" not in self.bound:
                return self.value(n, scope)
        return None

    def index(self, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
        """The keys of an index."""
        nodes = node.elts if isinstance(node, ast.Tuple) else [node]
        return tuple(self.key(one, scope) for one in nodes)

    def key(self, node: ast.expr, scope: Scope) -> Value:
        match node:
            case ast.Slice(start, stop, step):
                first, last, stride = (self.value(one, scope) if one else None for one in (start, stop, step))
                return Slice(first, last, stride, self.length(start, stop, scope) if self.takes_whole_batches else None)
            case ast.Constant(known) if known is ...:
                return REST
        return self.attribute_name(node, scope)

    def length(self, start: ast.expr | None, stop: ast.expr | None, scope: Scope) -> Value | None:
        """The number of items of ``x[i : i + length]``, which may be fewer at the end; None for another slice."""
        match start, stop:
            case ast.expr(), ast.BinOp(left=left, op=ast.Add(), right=right):
                texts = [ast.dump(one) for one in (start, left, right)]
                added = right if texts[0] == texts[1] else left if texts[0] == texts[2] else None
                return self.value(added, scope) if added is not None else None
        return None

    def _one_of(self, owner: Tensor, keys: Sequence[Value], origin: frozenset[Layer | Part]) -> frozenset[Layer | Part]:
        """What a part of a tensor comes from: one step or state of a recurrent layer, if it certainly is that."""
        layer = self.sequences.get(id(owner))
        if not layer and ANY in owner.axes and not all(key is REST or isinstance(key, Slice) for key in keys):
            return parts_of(origin, "changed")
        if not layer:
            is_one = takes_one(keys, 0)
            return frozenset(Part(one.layer, "one") if is_one and is_states(one) else one for one in origin)
        is_first = layer.setting("batch_first")
        is_one = is_first is not None and len(owner.axes) == 3 and takes_one(keys, is_first)
        return parts_of(origin, "one") if is_one else origin

    def item(self, owner: Value, keys: tuple[Value, ...]) -> Value:
        """``owner[keys]``."""
        match owner, keys:
            case Tensor(axes), _:
                part = Tensor(indexed(axes, keys))
                if origin := self.origin(owner):
                    self.note_part(owner, part, self._one_of(owner, keys, origin))
                return part
            case (
                (List(items=None, each=each) | Dictionary(items=None, each=each) | Repeated(item=Layer() as each)),
                [_],
            ):
                return UNKNOWN if isinstance(keys[0], Slice) else self.one_of(each)
            case ((Tuple() | List()), [Constant(int(n))]):
                items: Sequence[Value] = owner.items or ()
                return _at(items, n)
            case Chained(), [Constant(int(n))]:
                return _at(owner.items, n)
            case ((Tuple() | List()), [Slice() as part]) if owner.items is not None:
                return _part(owner, part)
            case Dictionary(items=dict() as entries), [Constant(str(name))]:
                entry: Value = entries.get(name, UNKNOWN)
                return entry
            case Argument(), [Constant(str(name))]:
                return self.attribute(owner, name)
            case Instance(of=of), [Constant(str(name))] if of is NAMESPACE:
                return owner.attributes.get(name, UNKNOWN)
            case UserClass(), [Constant(str(name))] if is_enumeration(owner):
                return member_of(owner, name) or UNKNOWN
            case Dictionary(items=dict() as entries), [Unknown() | Argument()] if entries:
                self.steps -= len(entries)
                found: Value = reduce(joined, entries.values())
                return found
            case Packed(), [Constant(0)]:
                return Tensor()
            case Unknown(is_shape=True), [Constant(int(n))]:
                return Unknown(is_integer=True, axis=n if n >= 0 else None)
            case Unknown(is_shape=True), [Slice(None, _, None)]:
                return owner
        return UNKNOWN

    def attribute(self, owner: Value, name: str) -> Value:
        match owner:
            case Instance() if name in owner.attributes and name != "__dict__":
                return owner.attributes[name]
            case Reference(path) | Argument(path) if self.patched and f"{path}.{name}" in self.patched:
                return UNKNOWN
            case Reference(path):
                if path == "string" and name in OF_STRING:
                    return OF_STRING[name]
                return self.flags.get(name, UNKNOWN) if path.endswith(".FLAGS") else Reference(f"{path}.{name}")
            case Tensor() if name not in OF_TENSORS:
                return Method(owner, name)
            case Instance() if name == "__dict__":
                self.forget(owner)
                return UNKNOWN
            case Instance():
                return self.member(owner, owner.of.member(name), name)
            case UserClass() if is_enumeration(owner):
                return member_of(owner, name) or UNKNOWN
            case UserClass():
                return self.member_of_class(owner, owner.member(name), name)
            case Member() if name in ("name", "value"):
                return owner.value if name == "value" else Constant(owner.name)
            case Constant() if name == "value":  # of an enumeration
                return owner
            case Argument() if name not in ("view", "reshape"):
                return Argument(f"{owner.name}.{name}") if len(owner.name) + len(name) < LONGEST_NAME else UNKNOWN
            case Tensor() if name == "shape":
                return self.sizes_of(owner, sizes_of_axes(owner.axes))
            case Tuple(items=(c, h)) if name in ("c", "h"):  # the state of an LSTM in TensorFlow 1
                return c if name == "c" else h
            case Tuple(items=(values, indices)) if name in ("values", "indices"):  # of torch.max(x, dim)
                return values if name == "values" else indices
            case Packed() if name == "data":
                steps = Tensor(owner.axes if ANY in owner.axes else (None, *owner.axes[2:]))
                self.note_samples((steps,), OTHERS)
                return steps
            case Packed():
                return Method(owner, name) if name in OF_PACKED else UNKNOWN
            case Tensor() if name == "data":
                return owner
            case Tensor() if name == "T":
                return method("t", owner, (), {}) or UNKNOWN
            case Tensor() if name == "mT":
                return transposed(owner.axes, Constant(-2), Constant(-1))
            case Layer():
                return self.layer_attribute(owner, name)
            case Functional(outputs) if name == "output":
                return outputs
            case Constant(str()) if name in TEXT_METHODS:
                return Method(owner, name)
        if isinstance(owner, Unknown) and name in ("shape", "size"):  # another input of the model
            return Unknown(is_shape=True) if name == "shape" else Method(Tensor(), name)
        if isinstance(owner, (Unknown, Constant, Argument)):
            return Method(Tensor(), name) if name in ("view", "reshape") else UNKNOWN
        return Method(owner, name)

    def layer_attribute(self, layer: Layer, name: str) -> Value:
        if layer.framework != pytorch.FRAMEWORK:
            return Method(layer, name)
        names = pytorch.ATTRIBUTES.get(layer.kind)
        ours = names.get(name, "") if names else pytorch.NAMES.get(name, name)
        return layer.config.get(ours) or Method(layer, name)

    def member_of_class(self, owner: UserClass, found: Value | None, name: str) -> Value:
        """A method or attribute of a class. A class method gets the class."""
        if isinstance(found, Function) and is_decorated(found, "classmethod"):
            return Partial(found, Arguments((owner,)))
        generated = Method(owner, name) if name == "__init__" else UNKNOWN
        return found or generated

    def member(self, owner: Instance, found: Value | None, name: str) -> Value:
        """A method or a class's attribute of an object."""
        if isinstance(found, Function):
            if is_decorated(found, "property"):
                return self.call_function(found, Arguments((owner,)))
            return Method(owner, name)
        if found is None:
            if name == "training" and is_module_of_torch(owner.of):  # the forward pass is that of a training
                return Constant(True)
            is_method = name in SAME_MODEL | REGISTERING or name in (METHODS if owner.of is NAMESPACE else INHERITED)
            is_method |= name in WITH_DATA and is_keras_layer(owner.of, "Model")
            if is_method or not owner.layer:
                return Method(owner, name) if is_method else UNKNOWN
            return Method(owner, name) if isinstance(owner.layer, Chained) else self.layer_attribute(owner.layer, name)
        return found


FOLLOWED: dict[type[ast.expr], Callable[[Expressions, Any, Scope], Value]] = {
    ast.Attribute: lambda e, node, scope: e.attribute(e.value(node.value, scope), node.attr),
    ast.Call: Expressions.call,
    ast.Tuple: lambda e, node, scope: e.tuple_of(node.elts, scope),
    ast.List: lambda e, node, scope: e.list_of(node, scope),
    ast.Set: lambda e, node, scope: e.list_of(node, scope),
    ast.Dict: lambda e, node, scope: e.dictionary(node.keys, node.values, scope),
    ast.Subscript: lambda e, node, scope: e.item(e.value(node.value, scope), e.index(node.slice, scope)),
    ast.BinOp: lambda e, node, scope: e.of_two(node.op, e.value(node.left, scope), e.value(node.right, scope)),
    ast.UnaryOp: lambda e, node, scope: unary(node.op, e.value(node.operand, scope)),
    ast.BoolOp: lambda e, node, scope: e.either(node.op, node.values, scope),
    ast.Compare: lambda e, node, scope: e.comparison(node, scope),
    ast.IfExp: lambda e, node, scope: e.conditional(node, scope),
    ast.ListComp: Expressions.listed,
    ast.DictComp: Expressions.dictionary_of,
    ast.GeneratorExp: lambda e, node, scope: e.comprehension(node.elt, node.generators, scope),
    ast.Lambda: Expressions.anonymous,
    ast.NamedExpr: lambda e, node, scope: e.assignment(node, scope),
    ast.Yield: Expressions.yielded,
    ast.YieldFrom: Expressions.yielded,
}
"""How each kind of expression is followed, except names and constants. Values of others are unknown."""


def _at(items: Sequence[Value], n: int) -> Value:
    """An item of a list by its place, which may count from the end."""
    return items[n] if -len(items) <= n < len(items) else UNKNOWN


def _part(owner: Tuple | List, part: Slice) -> Value:
    """A part of a list."""
    bounds = (part.start, part.stop, part.step)
    if owner.items is None or not all(map(is_integer, bounds)) or part.step == Constant(0):
        return UNKNOWN
    items = list(owner.items)[slice(*map(bound, bounds))]
    return List(owner.level, items) if isinstance(owner, List) else Tuple(tuple(items))
