"""The forward passes of a model without ``forward``: its own methods that call layers, as an agent has them."""

import ast
from collections.abc import Sequence

from .values import Function, Recording, UserClass


def outermost_methods(of: UserClass) -> list[Function]:
    """The methods of a class that none of its methods calls, and that somebody else may call with tensors, in their
    order."""
    members = {name: found for one in reversed(of.lineage) for name, found in one.members.items()}
    methods = {name: one for name, one in members.items() if isinstance(one, Function)}
    called = {name for one in methods.values() for name in _own_names(one)}
    return [
        method
        for name, method in methods.items()
        if name not in called and not name.startswith("__") and not method.node.decorator_list and not method.is_called
    ]


def _own_names(method: Function) -> set[str]:
    """The attributes of the object that a method reads, as ``name`` in ``self.name(x)``, without its own name."""
    first = [one.arg for one in method.node.args.args[:1]]
    return {
        node.attr
        for node in ast.walk(method.node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and [node.value.id] == first
    } - {method.node.name}


def whole_passes(runs: Sequence[Recording]) -> list[Recording]:
    """The passes with layers that no other pass calls all of: of equal ones, the first."""
    layers = [{step.layer for step in one.steps} for one in runs]
    return [
        one
        for n, (one, own) in enumerate(zip(runs, layers, strict=True))
        if own and not any(own < other or (own == other and m < n) for m, other in enumerate(layers))
    ]
