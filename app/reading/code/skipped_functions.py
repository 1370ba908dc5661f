"""The functions and classes of a source that can neither make nor call a layer, nor change its sizes, as far as their
words tell. They need not be followed: most of them load data."""

import re
from collections.abc import Callable, Container, Mapping, Sequence

from .frameworks.pytorch_functions import makes_tensor
from .frameworks.unread_libraries import UNREAD_LAYERS
from .imported_names import keras_class, tf1_name, torch_class, torch_function
from .values import Argument, Constant, Function, Reference, Unknown, UserClass, Value

NAME = re.compile(r"[^\W\d][\w.]*+")
"""A name, with attributes: ``torch.nn.LSTM``."""

ALWAYS = {"import", "setattr", "view", "reshape"}
"""Words of functions that are always followed: they import, set attributes, or tell that a value is a tensor."""

MODULES = re.compile(r"torch(\.nn(\.modules)?)?$|(tensorflow|tf_keras|keras|flax|haiku|paddle|mxnet)\b")
"""Modules that have layers."""


def out_of_reach(
    models: Container[Value], names: Mapping[str, Value], lines: Sequence[str], value_of: Callable[[str], Value]
) -> set[Value]:
    """The functions and classes of a module that were not called, or that those name, and that cannot reach a layer,
    not even through a call of another one. ``models`` can. ``names``: those of the module; ``value_of``: the value of
    any name."""
    found, callers, known = set[Value](), dict[str, list[Value]](), dict[str, bool]()
    definitions = {name: value for name, value in names.items() if isinstance(value, (Function, UserClass))}
    left = [one for one in dict.fromkeys(definitions.values()) if not one.is_called]
    asked = {*left}
    for definition in left:  # and what they name
        if definition in models:
            continue
        node = definition.node
        words = set(NAME.findall("\n".join(lines[node.lineno - 1 : node.end_lineno])))
        known |= {word: _reaches(word, value_of) for word in words - known.keys()}
        if not any(map(known.__getitem__, words)):
            found.add(definition)
            for word in words & definitions.keys():
                callers.setdefault(word, []).append(definition)
                left += {definitions[word]} - asked
                asked.add(definitions[word])
    names_of: dict[Value, list[str]] = {}
    for name, definition in definitions.items():
        names_of.setdefault(definition, []).append(name)
    reaching = [definition for definition in names_of if definition not in found]
    while reaching:
        for name in names_of[reaching.pop()]:
            called_by = found.intersection(callers.pop(name, ()))
            found -= called_by
            reaching += called_by
    return found


def _reaches(word: str, value_of: Callable[[str], Value]) -> bool:
    """Whether a name tells by itself that a function can reach a layer."""
    root, _, attributes = word.partition(".")
    if not ALWAYS.isdisjoint(word.split(".")):
        return True
    if root == "self":
        return False
    match value_of(root):
        case Reference(path):
            return _has_layers(f"{path}.{attributes}" if attributes else path)
        case UserClass(members=members):
            sizes = (member for member in members.values() if isinstance(member, Constant))
            return bool(attributes) or any(isinstance(size.value, int) for size in sizes)
        case Function() | Constant() | Unknown() | Argument():
            return False
    return True


def _has_layers(path: str) -> bool:
    """Whether something from another module is a layer, makes a tensor, or has layers."""
    function = torch_function(path)
    return bool(
        torch_class(path)
        or keras_class(path)
        or tf1_name(path)
        or (function and makes_tensor(function))
        or UNREAD_LAYERS.match(path)
        or MODULES.match(path)
    )
