"""Methods that stand in for the forward pass of a module, as ``act`` of a policy does."""

import ast
from collections.abc import Iterator, Sequence

from .object_methods import FORWARD, is_module_of_torch
from .source_text import Source
from .values import Function, UserClass, is_decorated

OTHER_METHODS = ("staticmethod", "classmethod", "property")


def stand_in(of: UserClass, source: Source) -> Function | None:
    """The only method of a class that calls parts of a module of PyTorch whose forward pass only raises an error, or
    which has none. Methods that it calls itself are parts of it."""
    usual = of.method(*FORWARD, "__call__")
    if not is_module_of_torch(of) or (usual and not _only_raises(usual, source)):
        return None
    methods = {name: one for name, one in of.members.items() if isinstance(one, Function) and one.node.name == name}
    bodies = {name: source.body(one.node) for name, one in methods.items()}
    parts = {name for body in bodies.values() for name in _set_on_self(body)}
    called = {name: {*_called_on_self(body)} for name, body in bodies.items() if name != "__init__"}
    callers: dict[str, list[str]] = {}
    for name, names in called.items():
        for other in names - {name}:
            callers.setdefault(other, []).append(name)
    calling = dict.fromkeys(name for name, names in called.items() if names & parts)
    left = [*calling]
    for name in left:  # it grows meanwhile
        further = [one for one in callers.get(name, ()) if one not in calling]
        calling |= dict.fromkeys(further)
        left += further
    match [methods[name] for name in calling if name not in callers]:
        case [only] if not any(is_decorated(only, name) for name in OTHER_METHODS):
            return only
    return None


def _only_raises(function: Function, source: Source) -> bool:
    """Whether a function only raises an error, apart from its docstring."""
    match source.body(function.node) if source.may_raise(function.node) else ():
        case [ast.Raise(exc=ast.expr())] | [ast.Expr(ast.Constant()), ast.Raise(exc=ast.expr())]:
            return True
    return False


def _attributes_of_self(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.AST, str]]:
    """What is done with attributes of ``self``: a call, or the attribute itself."""
    for node in (node for statement in body for node in ast.walk(statement)):
        owner = node.func if isinstance(node, ast.Call) else node
        while isinstance(owner, ast.Subscript) and owner is not node:
            owner = owner.value
        match owner:
            case ast.Attribute(ast.Name("self"), name):
                yield node, name


def _set_on_self(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names of what a method sets: ``self.name = value``."""
    for node, name in _attributes_of_self(body):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield name


def _called_on_self(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names of what a method calls: ``self.name()``, ``self.name[0]()``."""
    return (name for node, name in _attributes_of_self(body) if isinstance(node, ast.Call))
