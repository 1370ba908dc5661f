"""Where the arrays of a pasted program come from: what names and attributes get, and the calls that make arrays."""

import ast
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ...code.operations import NEW, Program
from ...code.values import Axes
from ...code.word_sets import words
from .program_functions import ProgramFunctions
from .program_nodes import Functions, name_of

MAKERS = NEW | {"new", "new_zeros", "new_ones", "new_full", "new_empty"}
"""Functions and methods that make an array of a size."""

MAKERS_OF_WEIGHTS = MAKERS | {"get_variable", "random_normal", "random_uniform", "truncated_normal"}
"""The same, with those of TensorFlow that programs make weights with."""

SIZES = ("size", "shape")

DEEPEST = 8
"""Names, calls and functions through which an array is followed to where it is made."""

MOST_FOLLOWED = 500
"""Expressions that are followed."""

MOST_LINKS = 20
"""Names and methods through which a chain is followed."""

UNCHANGED = words(
    "to cuda cpu float double half astype type clone copy detach contiguous requires_grad_ asarray array as_tensor"
    " from_numpy float32 convert_to_tensor device_put zero_ fill_ normal_ uniform_"
)
"""Methods and functions that return an array with the same axes."""

AROUND = ("Parameter", "Variable", "tuple", "list")
"""What a framework or Python puts around an array, or around several."""

OF_FLAX = ("init", "init_with_output", "apply")
"""Methods by which a network of linen is called."""

MODULES = ("np", "jnp", "numpy", "torch", "nn", "tf", "keras", "jax", "lax")


TRANSFORMS = ("jit", "grad", "value_and_grad", "checkpoint", "remat")
"""Functions of JAX that make one of another function, with the same parameters."""


class Given(NamedTuple):
    """A value that a name gets, or a part of it, in a line of a function, None for the module."""

    value: ast.expr
    path: tuple[int, ...]
    function: Functions | None
    line: int


class Origin(NamedTuple):
    """The call that makes an array, and the calls through which the program passes it."""

    made: ast.Call
    calls: tuple[ast.Call, ...]


class ArrayOrigins(ProgramFunctions):
    """A program with what its names get."""

    def __init__(self, program: Program, frames: Sequence[str] = ()) -> None:
        super().__init__(program, frames)
        self._followed = 0
        self._called = dict[ast.Call, Functions | None]()

    def function_called(self, call: ast.Call) -> Functions | None:
        """The function of the program that a call calls; that of an object of a class is its ``forward``. None for a
        layer or a loss of a library, which has another one."""
        if call not in self._called:
            self._called[call] = self._function_called(call)
        return self._called[call]

    def _function_called(self, call: ast.Call) -> Functions | None:
        made = self.assigned(call.func) if isinstance(call.func, (ast.Name, ast.Attribute)) else None
        changed = made if made is not None else call.func
        if isinstance(changed, ast.Call) and name_of(changed) in TRANSFORMS and changed.args:
            of_function = ast.Call(changed.args[0], call.args, call.keywords)
            if isinstance(changed.args[0], (ast.Name, ast.Call)):
                return self._function_called(of_function)
        if isinstance(call.func, ast.Call) and (forward := self.forward_of(name_of(call.func))):
            return forward
        if not isinstance(made, ast.Call):
            return super().function_called(call)
        if forward := self.forward_of(name_of(made)):
            return forward
        is_of_library = isinstance(call.func, ast.Name) and ast.unparse(made.func).partition(".")[0] in MODULES
        return None if is_of_library else super().function_called(call)

    @cached_property
    def calls_by_function(self) -> dict[Functions, list[ast.Call]]:
        """The calls of each function of the program."""
        found = dict[Functions, list[ast.Call]]()
        for one in self.calls:
            if function := self.function_called(one):
                found.setdefault(function, []).append(one)
        return found

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

    def _given(self, target: ast.expr) -> Given | None:
        """What a name got last before its line, in its function or in the module; or what an attribute, or the key of a
        dictionary, got once; None if that is not known."""
        given = self._assigned.get(key_of(target), [])
        if isinstance(target, ast.Name):
            function = self.function_of(target)
            before = [one for one in given if one.function is function and one.line < target.lineno]
            if before:
                return before[-1]
            scopes = [one for one in self.above(function) if isinstance(one, Functions)] if function else []
            of_closure = [one for one in given if one.function in scopes]
            given = of_closure or ([one for one in given if one.function is None] if function else [])
        if not given and isinstance(target, ast.Subscript) and (value := self._of_key(target)) is not None:
            return Given(value, (), None, value.lineno)
        return given[0] if len(given) == 1 else None

    def assigned(self, target: ast.expr) -> ast.expr | None:
        """The same as an expression; None if it is a part of one."""
        given = self._given(target)
        return given.value if given and not given.path else None

    def made_with_parts(self, name: ast.Name) -> ast.expr | None:
        """What a name got last before its line, or that of which it got a part; None if that is not known."""
        given = self._given(name)
        return given.value if given else None

    def is_size_of(self, node: ast.expr, array: str, axis: int) -> bool:
        """Whether an expression is the size of an axis of an array, by its name: ``x.shape[0]``, or a name for it."""
        match node:
            case ast.Call(ast.Name("int"), [of]):
                node = of
        given = self._given(node) if isinstance(node, ast.Name) else None
        if given and given.path:
            return given.path == (axis,) and ast.unparse(given.value) in (f"{array}.shape", f"{array}.size()")
        sizes = [f"{array}.shape[{axis}]", f"{array}.size({axis})", *([] if axis else [f"len({array})"])]
        return ast.unparse(given.value if given else node) in sizes

    def is_assigned(self, name: str) -> bool:
        """Whether the program gives a name a value."""
        return name in self._stored

    def is_in_module(self, name: str) -> bool:
        """Whether the module gives a name a value, outside of functions."""
        return any(self.function_of(one) is None for one in self._stored.get(name, []))

    def _of_key(self, target: ast.Subscript) -> ast.expr | None:
        """The value of a key in the only dictionary that has it, or the one of all keys."""
        owner = self._mapping(target.value)
        if isinstance(owner, ast.DictComp):
            return owner.value
        if isinstance(owner, ast.Dict):
            pairs = zip(owner.keys, owner.values, strict=True)
            values = [value for key, value in pairs if key and ast.unparse(key) == ast.unparse(target.slice)]
            if values:
                return values[-1]
        found = self._values_of_keys.get(ast.unparse(target.slice), [])
        if not found and isinstance(target.slice, ast.Constant) and isinstance(key := target.slice.value, str):
            found = [value for first, last, value in self._values_of_written_keys if _has_ends(key, first, last)]
        return found[0] if len(found) == 1 else None

    def _mapping(self, node: ast.expr) -> ast.expr | None:
        """What makes a dictionary, also that of a parameter."""
        given = self.given_to(node) if isinstance(node, ast.Name) else None
        if given and isinstance(given[1], ast.Name | ast.Attribute):
            return self.assigned(given[1])
        if given and isinstance(given[1], ast.Subscript):
            return self._of_key(given[1])
        return given[1] if given else self.assigned(node)

    @cached_property
    def _values_of_written_keys(self) -> list[tuple[str, str, ast.expr]]:
        """The values of keys that the program writes from parts, with how such a key begins and ends: ``p["W" +
        name]``."""
        items = [(target, one.value) for one in self.nodes if isinstance(one, ast.Assign) for target in one.targets]
        of_items = [(item.slice, value) for item, value in items if isinstance(item, ast.Subscript)]
        ends = ((_ends(key), value) for key, value in of_items)
        return [(*of_key, value) for of_key, value in ends if any(of_key)]

    @cached_property
    def _values_of_keys(self) -> dict[str, list[ast.expr]]:
        """The values of each key in the dictionaries of the program, also in calls of ``dict``."""
        found = dict[str, list[ast.expr]]()
        for call in self.calls_of("dict"):
            for keyword in call.keywords:
                found.setdefault(repr(keyword.arg), []).append(keyword.value)
        for one in (node for node in self.nodes if isinstance(node, ast.Dict)):
            for key, value in zip(one.keys, one.values, strict=True):
                if key:
                    found.setdefault(ast.unparse(key), []).append(value)
        return found

    def may_be_none(self, attribute: ast.expr) -> bool:
        """Whether the program sets an attribute to None."""
        given = self._assigned.get(key_of(attribute), [])
        return any(isinstance(one.value, ast.Constant) and one.value.value is None for one in given)

    def functions_that_assign(self, attribute: ast.expr) -> list[Functions]:
        """The functions that give an attribute a value, each once."""
        given = self._assigned.get(key_of(attribute), [])
        return [*dict.fromkeys(one.function for one in given if one.function)]

    def method_that_resets(self, attribute: ast.expr) -> str:
        """The method that sets an attribute of its object to None and has no parameter; "" without one."""
        for one in self._assigned.get(key_of(attribute), []):
            function, is_none = one.function, isinstance(one.value, ast.Constant) and one.value.value is None
            if is_none and function and function.name != "__init__" and not self.parameters(function):
                return function.name
        return ""

    @cached_property
    def _stored(self) -> dict[str, list[ast.Name]]:
        """Where each name gets a value: by an assignment, in a loop, or otherwise."""
        found = dict[str, list[ast.Name]]()
        for one in self.nodes:
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                found.setdefault(one.id, []).append(one)
        return found

    def places_of(self, name: ast.Name) -> list[ast.Name]:
        """Where a name gets a value, in any function."""
        return self._stored.get(name.id, [])

    def place_of(self, name: ast.Name) -> ast.Name | None:
        """The name in the last assignment before its line from which it has its value; None without one."""
        function = self.function_of(name)
        stored = [one for one in self._stored.get(name.id, []) if self.function_of(one) is function]
        return next((one for one in reversed(stored) if one.lineno < name.lineno), None)

    def value_without_axis(self, name: ast.expr) -> ast.expr | None:
        """The only value of a name in its function that lacks an axis which all its other values have; None without
        others, and unless the axes of all are known."""
        if not isinstance(name, ast.Name):
            return None
        function = self.function_of(name)
        values = [
            one.value
            for one in self.nodes
            if isinstance(one, ast.Assign) and [*map(ast.unparse, one.targets)] == [name.id]
            if self.function_of(one) is function
        ]
        by_rank = dict[int, list[ast.expr]]()
        for one in values:
            by_rank.setdefault(len(self.axes(one)), []).append(one)
        fewer = min(by_rank, default=0)
        is_one_fewer = {*by_rank} == {fewer, fewer + 1} and fewer and len(by_rank[fewer]) == 1
        return by_rank[fewer][0] if is_one_fewer else None

    def targets_of(self, call: ast.Call) -> set[str]:
        """The names that a call, or a part of what it returns, gets."""
        assigned = (one for one in self.nodes if isinstance(one, ast.Assign) and one.value is call)
        parts = (item for one in assigned for target in one.targets for item, _, _ in _parts(target, one.value))
        return {item.id for item in parts if isinstance(item, ast.Name)}

    def is_starred(self, name: ast.Name) -> bool:
        """Whether a name gets a list of values: ``_, *states = encoder(x)``."""
        return any(
            isinstance(one, ast.Starred)
            and isinstance(one.ctx, ast.Store)
            and isinstance(one.value, ast.Name)
            and one.value.id == name.id
            for one in self.nodes
        )

    def is_known_at(self, value: ast.expr, line: int) -> bool:
        """Whether a name has a value in a line of its function: not if it gets its first one later."""
        function = self.function_of(value)
        if not isinstance(value, ast.Name):
            return False
        given = [one.lineno for one in self._stored.get(value.id, []) if self.function_of(one) is function]
        return not given or min(given) < line

    def given_to(self, parameter: ast.Name) -> tuple[ast.Call, ast.expr] | None:
        """The call of the traceback that calls the function of a parameter, and what it gives for it."""
        function = self.function_of(parameter)
        if not function or parameter.id not in self.parameters(function) or self.is_assigned_before(parameter):
            return None
        return self.given_for(function, parameter)

    def given_for(self, function: Functions, parameter: ast.Name) -> tuple[ast.Call, ast.expr] | None:
        """The call of the traceback that calls a function, and what it gives for a parameter."""
        for line in reversed(self.frames):
            calls = [one for one in self.calls_in(line) if self.function_of(one) is not function]
            of_flax = [(one, same) for one in calls if (same := self._call_of_flax(one, function))]
            of_function = [(one, one) for one in calls if self.function_called(one) is function]
            of_partial = [(one, whole) for one in calls if (whole := self._whole_call(one, function))]
            for call, same in of_flax or of_function or of_partial:
                value = self.argument_for(same, function, parameter)
                if value is not None:
                    return call, value
        return None

    def _argument_in(self, calls: Sequence[ast.Call], parameter: ast.Name) -> ast.expr | None:
        """What the last of some calls that calls the function of a parameter gives for it; None without one."""
        function = self.function_of(parameter)
        if not function or parameter.id not in self.parameters(function) or self.is_assigned_before(parameter):
            return None
        of_function = [one for one in calls if self.function_called(one) is function]
        return self.argument_for(of_function[-1], function, parameter) if of_function else None

    def _call_of_flax(self, call: ast.Call, forward: Functions) -> ast.Call | None:
        """The call of a network of linen by ``init`` or ``apply``, without the argument that comes before its own; None
        for another call."""
        owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr in OF_FLAX else None
        made = owner if isinstance(owner, ast.Call) else self.assigned(owner) if owner is not None else None
        if not isinstance(made, ast.Call) or self.forward_of(name_of(made)) is not forward:
            return None
        return ast.Call(call.func, call.args[1:], call.keywords)

    def _whole_call(self, call: ast.Call, function: Functions) -> ast.Call | None:
        """The call of a function with the first of its arguments, ``partial(step, weights)``; None for another call."""
        if name_of(call) != "partial" or not call.args:
            return None
        whole = ast.Call(call.args[0], call.args[1:], call.keywords)
        return whole if self.function_called(whole) is function else None

    def is_assigned_before(self, name: ast.Name) -> bool:
        """Whether the function of a name gives it a value before its line."""
        function, given = self.function_of(name), self._assigned.get(name.id, [])
        return any(one.function is function and one.line < name.lineno for one in given)

    def origins(
        self,
        node: ast.expr,
        path: tuple[int, ...] = (),
        calls: tuple[ast.Call, ...] = (),
        depth: int = 0,
        makers: Container[str] = MAKERS,
    ) -> Iterator[Origin]:
        """Where the arrays of an expression are made, through names, functions of the program and their calls.
        ``path``: which items of it are meant; ``makers``: the functions that make them."""
        self._followed += 1
        if depth > DEEPEST or self._followed > MOST_FOLLOWED:
            return
        more = depth + 1
        match node:
            case ast.Tuple(elts) | ast.List(elts):
                items = elts[path[0] : path[0] + 1] if path else elts
                for one in items:
                    yield from self.origins(one, path[1:], calls, more, makers)
            case ast.Call() if name_of(node) in makers and (node.args or node.keywords):
                yield Origin(node, calls)
            case ast.Call(args=[array, *_]) if name_of(node) in AROUND:
                yield from self.origins(array, path, calls, depth, makers)
            case ast.Call():
                function = self.function_called(node)
                if function and (value := self.returned_by(function)) is not None:
                    yield from self.origins(value, path, (*calls, node), more, makers)
                elif isinstance(node.func, ast.Attribute) and node.func.attr in UNCHANGED:
                    is_module = isinstance(node.func.value, ast.Name) and node.func.value.id in MODULES
                    inner = node.args[0] if is_module and node.args else node.func.value
                    yield from self.origins(inner, path, calls, depth, makers)
            case ast.Attribute(value=array, attr="data"):
                yield from self.origins(array, path, calls, depth, makers)
            case ast.GeneratorExp(elt, [ast.comprehension(target=ast.Name(name), iter=items)]) | ast.ListComp(
                elt, [ast.comprehension(target=ast.Name(name), iter=items)]
            ) if _unchanged(elt) == name:
                yield from self.origins(items, path, calls, depth, makers)
            case ast.GeneratorExp(elt) | ast.ListComp(elt):
                yield from self.origins(elt, path[1:], calls, more, makers)
            case ast.BinOp(left, _, right):
                for one in (left, right):
                    yield from self.origins(one, path, calls, more, makers)
            case ast.Name() | ast.Attribute() | ast.Subscript():
                if isinstance(node, ast.Name) and (argument := self.given_to(node)):
                    call, value = argument
                    yield from self.origins(value, path, (*calls, call), more, makers)
                elif isinstance(node, ast.Name) and (value := self._argument_in(calls, node)) is not None:
                    yield from self.origins(value, path, calls, more, makers)
                elif given := self._given(node):
                    yield from self.origins(given.value, (*given.path, *path), calls, more, makers)
                elif isinstance(node, ast.Attribute) and (value := self._field(node)) is not None:
                    yield from self.origins(value, path, calls, more, makers)

    def origins_of_weights(self, node: ast.expr) -> Iterator[Origin]:
        """Where weights are made, also as variables of TensorFlow: ``tf.get_variable("W", [features, units])``."""
        return self.origins(node, makers=MAKERS_OF_WEIGHTS)

    def first_origins(self, node: ast.expr) -> Iterator[Origin]:
        """The same for the first value of an attribute that gets others later, such as the state that an object
        keeps."""
        given = self._assigned.get(key_of(node), []) if isinstance(node, ast.Attribute) else []
        yield from self.origins(given[0].value, given[0].path) if given else self.origins(node)

    def _field(self, attribute: ast.Attribute) -> ast.expr | None:
        """What the only call that makes an object of a class with fields gives for one of them: ``params.w``. None for
        attributes of other names than a parameter, or a variable that gets one object."""
        value: ast.expr | None = attribute.value
        for _ in range(MOST_LINKS):
            match value:
                case ast.Name():
                    given = self.given_to(value)
                    value = given[1] if given else self.assigned(value)
                case ast.Call() if attribute.attr in (fields := self._fields_of(name_of(value))):
                    return self.argument(value, fields.index(attribute.attr), attribute.attr)
                case ast.Call() if function := self.function_called(value):
                    value = self.returned_by(function)
                case _:
                    return None
        return None

    def _fields_of(self, name: str) -> list[str]:
        """The fields of a class of the program with this name, in their order; none for one with ``__init__``."""
        classes = [one for one in self.nodes if isinstance(one, ast.ClassDef) and one.name == name]
        if len(classes) != 1 or any(isinstance(one, Functions) and one.name == "__init__" for one in classes[0].body):
            return []
        fields = (one.target for one in classes[0].body if isinstance(one, ast.AnnAssign))
        return [one.id for one in fields if isinstance(one, ast.Name)]

    def links(self, node: ast.expr) -> Iterator[ast.Call]:
        """The calls of a chain of methods that makes a value, such as a dataset, the last one first."""
        value: ast.expr | None = node
        for _ in range(MOST_LINKS):
            if isinstance(value, ast.Name):
                value = self.assigned(value)
            elif isinstance(value, ast.Call):
                yield value
                value = value.func.value if isinstance(value.func, ast.Attribute) else None
            else:
                return

    def made_by(self, value: ast.expr) -> ast.Call | None:
        """The only call that makes the array of an expression."""
        made = [one.made for one in self.origins(value)]
        return made[0] if len(made) == 1 else None

    def axes_of_made(self, value: ast.expr) -> Axes:
        """The axes of an expression, or of the array that the program makes for it; () if they are not known."""
        axes = self.axes(value)
        made = [*self.origins(value)] if not axes or None in axes else []
        if len(made) != 1:
            return axes
        if made[0].calls:  # the axes of a line in a function are those of its last call
            return tuple(map(self.number, sizes_of_origin(self, made[0])))
        return self.axes(made[0].made)

    def shape_made(self, made: ast.Call) -> Axes:
        """The axes of an array that a call makes; also in a function whose steps are not followed, by its sizes."""
        return self.axes(made) or tuple(map(self.number, self.sizes_of(made)))

    def shape_of_made(self, value: ast.expr) -> Axes:
        """The axes of the only array that the program makes for an expression, in the call of a function that makes
        several: those of its last call are those of another array."""
        made = [*self.origins(value)]
        if len(made) != 1:
            return ()
        (one,) = made
        return tuple(map(self.number, sizes_of_origin(self, one))) if one.calls else self.shape_made(one.made)

    def is_only_read_in_parts(self, sizes: Sequence[int | None]) -> bool:
        """Whether all lines that read the array with these first axes read a part of its second one: ``x[:, :8]``."""
        names = {
            one.targets[0].id
            for one in self.nodes
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
            for made in ast.walk(one.value)
            if isinstance(made, ast.Call) and self.is_maker(made) and self.shape_made(made)[:2] == (*sizes,)
        }
        parts = {id(one.value) for one in self.nodes if isinstance(one, ast.Subscript) and _cuts_second(one.slice)}
        reads = [one for one in self.nodes if isinstance(one, ast.Name) and one.id in names]
        reads = [one for one in reads if isinstance(one.ctx, ast.Load)]
        return bool(reads) and all(id(one) in parts for one in reads)

    def is_maker(self, call: ast.Call) -> bool:
        """Whether a call makes an array of sizes."""
        return name_of(call) in MAKERS and bool(call.args or call.keywords)

    @property
    def made_arrays(self) -> Iterator[tuple[str, ast.Call]]:
        """The names to which lines assign an array of sizes, with the calls that make these."""
        for one in self.nodes:
            if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call) and self.is_maker(one.value):
                yield ast.unparse(one.targets[0]), one.value

    def sizes_of(self, made: ast.Call) -> list[ast.expr]:
        """The expressions of the sizes of an array that a call makes."""
        named = [one.value for one in made.keywords if one.arg in SIZES]
        arguments = [one.value if isinstance(one, ast.Starred) else one for one in made.args]  # ``zeros(*shape)``
        given = [self.assigned(one) or one if isinstance(one, ast.Name) else one for one in (*named, *arguments)]
        lists = [one for one in given if isinstance(one, (ast.Tuple, ast.List))]
        if lists:
            return list(lists[-1].elts)
        return named or [one for one in made.args if not isinstance(one, ast.Starred)]


def _unchanged(node: ast.expr) -> str:
    """The name of an array whose axes an expression keeps: ``h.detach()``, ``h.data``; "" for any other."""
    while not isinstance(node, ast.Name):
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in UNCHANGED:
                node = inner
            case ast.Attribute(value=inner, attr="data"):
                node = inner
            case _:
                return ""
    return node.id


def _cuts_second(index: ast.expr) -> bool:
    """Whether an index takes a part of the second axis: ``[:, a:b]``."""
    match index:
        case ast.Tuple(elts=[ast.Slice(lower=None, upper=None), ast.Slice(lower=lower, upper=upper), *_]):
            return lower is not None or upper is not None
    return False


def _ends(key: ast.expr) -> tuple[str, str]:
    """How a key begins and ends that is written from parts, as far as it says that."""
    match key:
        case ast.BinOp(left, ast.Add(), right):
            first, last = (one.value if isinstance(one, ast.Constant) else "" for one in (left, right))
            return (first, last) if isinstance(first, str) and isinstance(last, str) else ("", "")
        case ast.Constant(str(text)) if "{" in text and "}" in text:  # f-strings are read as strings
            return text.partition("{")[0], text.rpartition("}")[2]
    return "", ""


def _has_ends(key: str, first: str, last: str) -> bool:
    return len(key) > len(first + last) and key.startswith(first) and key.endswith(last)


def _parts(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr, tuple[int, ...]]]:
    """The names of a target, each with its value, or the value of which it is the item at a place."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        yield target, value, ()
        return
    items = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else None
    for n, item in enumerate(target.elts):
        yield (item, items[n], ()) if items else (item, value, (n,))


def sizes_of_origin(tree: ArrayOrigins, origin: Origin) -> list[ast.expr]:
    """The expressions of the sizes of an array, also of one that a function makes for a shape, or sizes, that it
    gets."""
    sizes = tree.sizes_of(origin.made)
    names = [one for one in (*sizes, *origin.made.args) if isinstance(one, ast.Name)]
    for call in reversed(origin.calls):
        function = tree.function_called(call)
        given = [tree.argument_for(call, function, one) for one in names] if function else []
        shapes = [one.elts for one in given if isinstance(one, (ast.Tuple, ast.List))]
        if shapes:
            return list(shapes[0])
        of_sizes = [tree.argument_for(call, function, one) for one in sizes] if function else []
        if of_sizes and None not in of_sizes:
            sizes = [one for one in of_sizes if one is not None]
            names = [one for one in sizes if isinstance(one, ast.Name)]
    return sizes


def key_of(node: ast.expr) -> str:
    """The text of a name, an attribute or an item."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):  # most of them; unparsing takes long
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ast.unparse(node)
