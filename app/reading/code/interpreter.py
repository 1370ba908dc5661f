"""Follows a program as far as its values are certain, without executing it."""

import ast
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import Any

from .arithmetic import binary, compared, items_of, truth_of
from .branches import Branch, LeftBranch
from .expressions import Expressions
from .frameworks import pytorch
from .frameworks.tf1 import Graph
from .frameworks.unread_libraries import unread_library
from .interpreter_limits import LONGEST_WHILE
from .joined_values import joined
from .loops import SAME_OFTEN, LoopCalls, is_only_written, is_same_each_time, leaves_loop
from .object_methods import FORWARD
from .program_state import joined_origin, worst
from .python_constants import OF_STRING
from .records import NAMESPACE, forget, is_enumeration
from .signatures import Arguments
from .stand_ins import stand_in
from .streams import item_in
from .values import (
    ANY,
    INTEGER,
    NONE,
    UNKNOWN,
    Argument,
    Choice,
    Constant,
    Dictionary,
    Function,
    Instance,
    Layer,
    List,
    Member,
    Method,
    Packed,
    Reference,
    Scope,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
)
from .word_sets import words

HARMLESS = words(
    """
    no_grad inference_mode jit script export autocast tf function dataclass register_keras_serializable typechecked
    override staticmethod classmethod property cached_property abstractmethod script_method ignore unused
    """
)
"""The last names of decorators that do not change what a function or class is."""

EMPTY: Mapping[str, Value] = MappingProxyType({})

DEFAULTS = ("__defaults__", "__kwdefaults__")
"""Attributes of a function with the defaults of its parameters."""

WITHOUT_SIZES = ("input_spec", "supports_masking")
"""Attributes of a layer of Keras that change none of its sizes."""


class Interpreter(Expressions):
    """Follows statements."""

    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; whether they end the function, the loop or the program."""
        return any(self.statement(statement, scope) for statement in statements)

    def statement(self, node: ast.stmt, scope: Scope) -> bool:
        """Follow a statement; whether it ends the function, the loop or the program."""
        self.steps -= 1
        if self.steps < 0:
            self.stop(node)
        follow, start = FOLLOWED.get(type(node)), len(self.operands)
        is_end = bool(follow(self, node, scope)) if follow else False
        del self.operands[start:]
        return is_end

    def define_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        function = Function(node, scope, None, self.defaults(node, scope))
        self.functions.append(function)
        self.bind(node.name, self.decorated(function, node.decorator_list, scope), scope)

    def assignment_to(self, targets: Sequence[ast.expr], value: ast.expr | None, scope: Scope) -> None:
        """``a = b = value``; a mere annotation has no value."""
        if value is not None:
            found = self.value(value, scope)
            for target in targets:
                self.assign(target, found, scope)

    def augment(self, node: ast.AugAssign, scope: Scope) -> None:
        """``a += value``."""
        old = self.value(ast.copy_location(_loaded(node.target), node), scope)
        self.assign(node.target, binary(node.op, old, self.value(node.value, scope)), scope)
        if isinstance(old, (List, Dictionary)):  # other names of the same list see the change
            old.items = old.each = None

    def returned(self, node: ast.Return, scope: Scope) -> bool:
        scope.returned.append(self.value(node.value, scope) if node.value else NONE)
        return True

    def within(self, node: ast.With | ast.AsyncWith, scope: Scope) -> bool:
        """``with``. What is made in a graph of TensorFlow 1 is a model of its own."""
        graph = None
        for item in node.items:
            value = self.value(item.context_expr, scope)
            if item.optional_vars:
                self.assign(item.optional_vars, value, scope)
            graph = value if isinstance(value, Graph) else graph
        with self.in_graph(graph) if graph else nullcontext():
            return self.run(node.body, scope)

    def delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            self.assign(target, UNKNOWN, scope)

    def match(self, node: ast.Match, scope: Scope) -> bool:
        """``match``: the first case that certainly fits, or one of those that may."""
        subject, bodies = self.value(node.subject, scope), list[Sequence[ast.stmt]]()
        for case in node.cases:
            fits = self.fits(case.pattern, subject, scope)
            if fits is not False and case.guard:
                truth = truth_of(self.value(case.guard, scope))
                fits = fits if truth else truth
            if fits and not bodies:
                return self.run(case.body, scope)
            if fits is not False:
                bodies.append(case.body)
            if fits:
                break
        else:
            bodies.append([])
        with self.doubt():
            return self.alternatives(bodies, scope)

    def fits(self, pattern: ast.pattern, subject: Value, scope: Scope) -> bool | None:
        """Whether a value fits a pattern; None if that is not certain."""
        self.steps -= 1
        match pattern:
            case ast.MatchAs(None, None):
                return True
            case ast.MatchAs(None, str(name)):
                self.bind(name, subject, scope)
                return True
            case ast.MatchValue(value):
                return truth_of(compared(ast.Eq(), subject, self.value(value, scope)))
            case ast.MatchOr(patterns):
                found = [self.fits(one, subject, scope) for one in patterns]
                return True if True in found else None if None in found else False
        for part in ast.walk(pattern):
            self.steps -= 1
            if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
                self.bind(part.name, UNKNOWN, scope)
            elif isinstance(part, ast.MatchMapping) and part.rest:
                self.bind(part.rest, UNKNOWN, scope)
        return None

    def branch(self, node: ast.If, scope: Scope) -> bool:
        truth = truth_of(self.value(node.test, scope))
        if truth is not None:
            return self.run(node.body if truth else node.orelse, scope)
        if self.is_for_the_first(node.test, scope):
            with self.in_some_steps():
                return self.alternatives([node.body, node.orelse], scope)
        with self.doubt():
            return self.alternatives([node.body, node.orelse], scope, self.said_by(node.test, scope))

    def said_by(self, test: ast.expr, scope: Scope) -> dict[str, Value]:
        """What is certain about a name if ``name == constant`` or ``name in (constants)``."""
        match test:
            case ast.Compare(ast.Name(name), [ast.Eq() | ast.In() as op], [right]):
                if not isinstance(self.name(name, scope), (Unknown, Argument)):
                    return {}
                match op, self.value(right, scope):
                    case ast.Eq(), Constant() as value:
                        return {name: value}
                    case ast.In(), (Tuple(items=(*items,)) | List(items=[*items])):
                        constants = tuple(item for item in items if isinstance(item, Constant))
                        return {name: Choice(constants)} if len(constants) == len(items) else {}
        return {}

    def alternatives(
        self, bodies: Sequence[Sequence[ast.stmt]], scope: Scope, in_first: Mapping[str, Value] = EMPTY
    ) -> bool:
        """Follow each of several bodies, of which one is executed. What differs afterwards is unknown. ``in_first``:
        what is certain about names in the first one."""
        before, after, branches = dict(scope.names), list[dict[str, Value]](), list[Branch]()
        left = list[Branch]()
        for n, body in enumerate(bodies):
            said = EMPTY if n else in_first
            scope.names = {**before, **said}
            with self.one_branch() as branch:
                ended = self.run(body, scope)
            if not (body and isinstance(body[-1], ast.Raise)):  # an error ends the branch
                branches.append(branch)
                left += [branch] if ended and branch.calls.steps and not leaves_loop(body) else []
            for name in said:
                if scope.names.get(name) is said[name]:
                    scope.names.pop(name)
                    scope.names |= {name: before[name]} if name in before else {}
            if not ended or leaves_loop(body):
                after.append(scope.names)
        scope.names = _joined_names(after) if after else before
        place = next(((body[0].lineno, body[0].col_offset) for body in bodies if body), (0, 0))
        lines = self.settle(branches, place)
        recording = self.active[-1]
        scope.left += [LeftBranch(one.calls.steps, recording, len(recording.steps), lines) for one in left]
        return not after

    def attempt(self, node: ast.Try, scope: Scope) -> bool:
        """``try``: modules are imported without an exception; any other name may come from a handler, unless that makes
        only calls that were tried, as for versions of a library that return less or more."""
        before = dict(scope.names)
        ended = self.run([*node.body, *node.orelse], scope)
        tried = scope.names
        for handler in node.handlers:
            if _calls_again(handler.body, node.body):
                continue
            scope.names = {**tried, **{n: v for n, v in before.items() if not isinstance(tried.get(n), Reference)}}
            with self.doubt():
                self.run(handler.body, scope)
            tried = {n: v if isinstance(v, Reference) else joined(v, scope.names.get(n, v)) for n, v in tried.items()}
        scope.names = tried
        return self.run(node.finalbody, scope) or ended

    def loop(self, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
        items = self.value(node.iter, scope)
        known = items_of(items)
        if known is None or leaves_loop(node.body):
            self.repeat(node.target, self.item_of(items, node.iter), node.body, scope)
        else:
            is_same = not self.depth and self.is_same_each_time(node, scope)
            is_written = not self.depth and not is_same and is_only_written(node)
            had_changed = self.has_changed
            calls = [LoopCalls(one) for one in (self.active[-1], *(branch.calls for branch in self.branches))]
            for n, item in enumerate(list(known)[: SAME_OFTEN if is_same else len(known)]):
                self.has_changed = False
                made = self.made_by_now(node.target, scope) if is_written else None
                self.assign(node.target, item, scope)
                has_ended = self.one_time(node.body, scope, calls, n)
                had_changed |= self.has_changed
                if has_ended:
                    self.has_changed = had_changed
                    return True
                if self.has_changed:
                    continue
                if is_same or (made and made == self.made_by_now(node.target, scope)):
                    break  # no object keeps anything for the next time
            self.has_changed = had_changed
        return self.run(node.orelse, scope)

    def one_time(self, body: Sequence[ast.stmt], scope: Scope, calls: Sequence[LoopCalls], n: int) -> bool:
        """Follow the body of a loop once, after ``n`` times, which is one more site; whether it ends the loop."""
        sites, lengths = self.sites, [len(one.recording.steps) for one in calls]
        self.sites = (*sites, (0, n))
        try:
            return self.run(body, scope)
        finally:
            self.sites = sites
            for one, length in zip(calls, lengths, strict=True):
                if len(one.recording.steps) > length:
                    one.merge(length, len(sites))

    def made_by_now(self, target: ast.expr, scope: Scope) -> tuple[dict[str, Value], int, int, int]:
        """What names are, apart from what a loop takes, and how much the program has made."""
        names = {name: value for name, value in scope.names.items() if name != getattr(target, "id", None)}
        return names, len(self.layers), len(self.chains), len(self.instances)

    def is_same_each_time(self, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
        """Whether a loop does the same each time: its statements do, and what they call changes nothing, as a function
        or a method of the program may that is no forward pass."""
        body = [[*ast.walk(statement)] for statement in node.body]
        if not is_same_each_time(node, body):
            return False
        for part in chain.from_iterable(body):
            match part:
                case ast.Name(name, ast.Load()) if isinstance(self.name(name, scope), (Function, Method, UserClass)):
                    return False
                case ast.Attribute(_, name) if name in self.members and name not in FORWARD:
                    return False
                case ast.Call(ast.Subscript() | ast.Lambda() | ast.IfExp()):
                    return False
        return True

    def loop_while(self, node: ast.While, scope: Scope) -> bool:
        """``while``: as long as its test is certain, a few times; then as a loop over unknown items."""
        is_endless = isinstance(node.test, ast.Constant)
        for _ in range(0 if is_endless or leaves_loop(node.body) else LONGEST_WHILE):
            truth = truth_of(self.value(node.test, scope))
            if truth is None:
                break
            if not truth:
                return self.run(node.orelse, scope)
            if self.run(node.body, scope):
                return True
        self.repeat(None, UNKNOWN, node.body, scope)
        return False

    def item_of(self, items: Value, node: ast.expr) -> Value:
        """What a loop over unknown items takes: a whole number from a range, a tensor without its first axis."""
        if (item := item_in(items)) is not None:
            return item
        if isinstance(items, Tensor):
            return Tensor()
        match node:
            case ast.Call(ast.Name("range" | "xrange" | "trange"), [_]):
                return Unknown(is_integer=True)  # no other one is this counter
            case ast.Call(ast.Name("range" | "xrange" | "trange")):
                return INTEGER
            case ast.Call(ast.Name("enumerate"), arguments, keywords):
                is_from_0 = len(arguments) == 1 and not keywords
                return Tuple((Unknown(is_integer=True) if is_from_0 else INTEGER, UNKNOWN))
        return UNKNOWN

    def repeat(self, target: ast.expr | None, item: Value, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Follow the body of a loop twice: the second time with what is certain about names after the first."""
        before = dict(scope.names)
        self.repeated += 1
        counter = item.items[0] if isinstance(item, Tuple) and item.items else item
        self.counters.append(UNKNOWN if isinstance(counter, Tensor) else counter)
        recordings = [*self.active, *(branch.calls for branch in self.branches)]
        steps = [len(recording.steps) for recording in recordings]
        try:
            for _ in range(2):
                for recording, length in zip(recordings, steps, strict=True):
                    recording.cut(length)
                if target is not None:
                    self.assign(target, item, scope)
                self.run(body, scope)
                scope.names = self.names_after_loop(before, scope.names)
                before = dict(scope.names)
        finally:
            self.counters.pop()
            self.repeated -= 1

    def names_after_loop(self, before: dict[str, Value], after: dict[str, Value]) -> dict[str, Value]:
        """What is certain about names after a loop. A tensor comes from all that it may come from."""
        found = _joined_names([before, after])
        for name, value in found.items():
            if value.may_have_tensors and before[name] is not after[name]:
                found[name] = self.of_either(value, before[name], after[name])
        return found

    def of_either(self, value: Value, one: Value, another: Value) -> Value:
        """What is certain about a tensor that is the one or the other, as a tensor of its own."""
        match value, one, another:
            case Tensor(), _, _:
                found = replace(value)
                self.note_samples([found] if self.samples else (), worst(map(self.samples_of, (one, another))))
                self.note_origin(found, joined_origin(map(self.origin, (one, another))))
                return found
            case Tuple(items), Tuple(ones), Tuple(others):
                return Tuple(tuple(map(self.of_either, items, ones, others)))
        return value

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
                module = f"{'.' * node.level}{node.module or ''}"
                found = OF_STRING.get(alias.name) if module == "string" else None
                self.bind(alias.asname or alias.name, found or Reference(f"{module}.{alias.name}"), scope)

    def define(self, node: ast.ClassDef, scope: Scope) -> None:
        """A class of the source: its attributes are followed, its methods are not."""
        inner = Scope({}, scope)
        bases = [self.value(base, scope) for base in node.bases]
        of = UserClass(node, bases, inner.names)
        library = next(filter(None, (unread_library(base.path) for base in bases if isinstance(base, Reference))), None)
        if library:
            self.unknown.add(node.lineno)
            self.unread_classes[node.lineno] = library
        methods = (ast.FunctionDef, ast.AsyncFunctionDef)
        for statement in node.body:
            if isinstance(statement, methods):
                is_plain = all(_is_harmless(d) for d in statement.decorator_list)
                method = Function(statement, scope, of, self.defaults(statement, inner))
                inner.names[statement.name] = method if is_plain else UNKNOWN
            else:
                self.statement(statement, inner)
        of.members = inner.names
        of.stand_in = stand_in(of, self.source)
        for base in of.lineage[1:]:
            base.stand_in = None
        self.classes.append(of)
        self.members |= inner.names.keys()
        self.bind(node.name, self.decorated(of, node.decorator_list, scope), scope)

    def decorated(self, value: Value, decorators: Sequence[ast.expr], scope: Scope) -> Value:
        """A function or class with its decorators: those of the source are followed, as if nothing else called it."""
        for node in reversed(decorators):
            if _is_harmless(node):
                continue
            decorator = self.value(node, scope)
            if not isinstance(decorator, Function):
                return UNKNOWN
            value = self.call_function(decorator, Arguments((value,)))
        return value

    def defaults(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> dict[str, Value]:
        """The defaults of parameters, whose values are those where the function is defined."""
        parameters = node.args
        plain = [*parameters.posonlyargs, *parameters.args]
        given = [
            *zip(plain[len(plain) - len(parameters.defaults) :], parameters.defaults, strict=True),
            *zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True),
        ]
        return {parameter.arg: self.value(default, scope) for parameter, default in given if default}

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
                self.set_item(self.value(owner, scope), self.attribute_name(key, scope), value)
            case ast.Starred(inner):
                self.assign(inner, value, scope)

    def unpack(self, targets: Sequence[ast.expr], value: Value, scope: Scope) -> None:
        items: Sequence[Value] | None = value.items if isinstance(value, (Tuple, List)) else None
        if isinstance(value, Tensor) and ANY not in value.axes[:1] and value.axes:
            items = [Tensor(value.axes[1:])] * len(targets)
        starred = next((n for n, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
        if items is not None and starred is not None and len(items) >= len(targets) - 1:
            end = len(items) - len(targets) + starred + 1
            items = [*items[:starred], List(self.level, list(items[starred:end])), *items[end:]]
        if isinstance(value, Unknown) and value.is_shape and starred is None:
            items = [Unknown(is_integer=True, axis=n) for n in range(len(targets))]
        if items is None or len(items) != len(targets):
            items = [UNKNOWN] * len(targets)
        for target, item in zip(targets, items, strict=True):
            self.assign(target, item, scope)

    def set_attribute(self, owner: Value, name: str, value: Value) -> None:
        self.has_changed = True
        match owner:
            case Instance() if name != "__dict__":
                self.set_own_attribute(owner, name, value)
            case Layer():
                self.set_attribute_of_layer(owner, name, value)
            case UserClass():
                is_certain = not self.level and not self.depth and not is_enumeration(owner)
                owner.members = {**owner.members, name: value if is_certain else UNKNOWN}
            case Function() if name in DEFAULTS:
                owner.defaults = dict.fromkeys(owner.defaults, UNKNOWN)
            case Method(UserClass() as of, _) if name in DEFAULTS:
                of.members = dict.fromkeys(of.members, UNKNOWN)
            case Instance():
                self.forget(owner)
                self.set_own_attribute(owner, name, value)
            case Reference(path) | Argument(path):
                self.patched.add(f"{path}.{name}")

    def set_attribute_of_layer(self, owner: Layer, name: str, value: Value) -> None:
        """``decoder.weight = encoder.weight`` is the matrix of both, if their sizes agree. Anything else may change
        sizes."""
        match value:
            case Method(Layer() as other, "weight") if name == "weight" and pytorch.may_be_tied(owner, other):
                if self.uncertain:
                    owner.may_be_tied = True
                else:
                    owner.tied_to = other
            case _ if name in WITHOUT_SIZES:
                pass
            case _ if name == "weight":  # the bias is still that of the constructor
                owner.config |= dict.fromkeys({"features", "num_units"} & owner.config.keys(), UNKNOWN)
            case _:
                owner.config = dict.fromkeys(owner.config, UNKNOWN)

    def set_own_attribute(self, owner: Instance, name: str, value: Value) -> None:
        """``self.name = value``."""
        is_certain = self.level <= owner.level or owner.attributes.get(name, UNKNOWN) == value
        is_state = isinstance(value, (Tensor, Tuple, Packed)) and name not in owner.attributes
        before = None if is_certain else owner.attributes.get(name) or owner.of.member(name)
        is_left_out = value == NONE and isinstance(before, (Reference, Choice))
        if not is_certain and (is_left_out or isinstance(value, (Layer, Reference))):
            value = joined(before, value) if before else value  # whoever calls it calls one that was assigned
        elif not is_certain and not is_state:
            value = UNKNOWN
        if self.level > owner.level:
            owner.unsure |= {name} - owner.attributes.keys()
        elif owner.unsure:
            owner.unsure -= {name}
        if is_certain and isinstance(old := owner.attributes.get(name), Layer) and old is not value:
            self.replaced.add(old)
        owner.attributes[name] = value

    def forget(self, owner: Instance) -> None:
        """Attributes of an object change, and it is not known which."""
        self.has_changed = owner.is_open = True
        if owner.of is NAMESPACE:
            forget(owner)
        for name, value in {**owner.of.members, **owner.attributes}.items():
            if isinstance(value, (Constant, Argument, Member)):
                owner.attributes[name] = UNKNOWN

    def set_item(self, owner: Value, key: Value, value: Value) -> None:
        """An item of a list or dictionary changes: what it holds is no longer followed, unless the order is certain."""
        self.has_changed |= not isinstance(owner, (Tensor, Unknown))
        match owner, key:
            case Dictionary(items=dict() as entries), Constant(str(name)):
                if self.may_change(owner):
                    entries[name] = value
                elif not self.is_filled(owner, value):
                    owner.items = owner.each = None
            case ((Argument() | Instance()), Constant(str(name))):
                if isinstance(owner, Argument) or owner.of is NAMESPACE:
                    self.set_attribute(owner, name, value)
            case List(items=list() as items), Constant(int(n)) if -len(items) <= n < len(items) and self.origin(value):
                items[n] = self.item_after(owner, items[n], value)
            case ((List() | Dictionary()), _) if not (isinstance(owner, Dictionary) and self.is_filled(owner, value)):
                owner.items = owner.each = None

    def item_after(self, owner: List, before: Value, value: Value) -> Value:
        """What is certain about an item of a list that is set to what a layer returns: in a loop it is that of each
        time, if the one before the first time has the same axes, or is None, which no layer returns."""
        if self.level <= owner.level:
            return value
        either = joined(before, value)
        if self.uncertain <= self.active[-1].level and (either == value or before == NONE):
            return value
        return self.of_either(either, before, value)


FOLLOWED: dict[type[ast.stmt], Callable[[Interpreter, Any, Scope], bool | None]] = {
    ast.Import: Interpreter.import_modules,
    ast.ImportFrom: Interpreter.import_names,
    ast.FunctionDef: Interpreter.define_function,
    ast.AsyncFunctionDef: Interpreter.define_function,
    ast.ClassDef: Interpreter.define,
    ast.Assign: lambda i, node, scope: i.assignment_to(node.targets, node.value, scope),
    ast.AnnAssign: lambda i, node, scope: i.assignment_to([node.target], node.value, scope),
    ast.AugAssign: Interpreter.augment,
    ast.Expr: lambda i, node, scope: i.value(node.value, scope) is None,
    ast.Return: Interpreter.returned,
    ast.If: Interpreter.branch,
    ast.For: Interpreter.loop,
    ast.AsyncFor: Interpreter.loop,
    ast.While: Interpreter.loop_while,
    ast.With: Interpreter.within,
    ast.AsyncWith: Interpreter.within,
    ast.Try: Interpreter.attempt,
    ast.Delete: Interpreter.delete,
    ast.Raise: lambda i, node, scope: True,
    ast.Break: lambda i, node, scope: True,
    ast.Continue: lambda i, node, scope: True,
    ast.Match: Interpreter.match,
}
"""How each kind of statement is followed. Others change nothing."""


def _is_harmless(decorator: ast.expr) -> bool:
    """Whether a decorator leaves a function or class as it is."""
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in HARMLESS


def _calls_again(body: Sequence[ast.stmt], tried: Sequence[ast.stmt]) -> bool:
    """Whether statements have calls, and only such as others that were tried before."""
    again, before = (
        {ast.dump(one) for statement in of for one in ast.walk(statement) if isinstance(one, ast.Call)}
        for of in (body, tried)
    )
    return bool(again) and again <= before


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
    """What is certain about names after one of several branches."""
    first, *others = scopes
    found = dict(first)
    for names in others:
        for name in {*found, *names}:
            one, another = found.get(name), names.get(name)
            if one is not another:
                found[name] = UNKNOWN if one is None or another is None else joined(one, another)
    return found
