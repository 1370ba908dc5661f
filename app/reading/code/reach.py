"""Which functions and classes of a source can make, call or change a layer, as far as their words tell. The others,
such as those that load data, need not be followed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from .references import UNREAD_LAYERS, keras_class, tf1_name, torch_class, torch_function
from .tensors import makes_tensor
from .values import Argument, Constant, Function, Reference, Unknown, UserClass, Value

NAME = re.compile(r"[^\W\d][\w.]*+")
"""A name, with attributes: ``torch.nn.LSTM``."""

ALWAYS = {"import", "setattr", "view", "reshape"}
"""Words of functions that are always followed: they import, set attributes, or tell that a value is a tensor."""

MODULES = re.compile(r"torch(\.nn(\.modules)?)?$|(tensorflow|tf_keras|keras|flax|haiku|paddle|mxnet)\b")
"""Modules that have layers."""

Definition = Function | UserClass


def reaching(
    definitions: Iterable[Definition],
    names: Mapping[str, Value],
    lines: Sequence[str],
    value_of: Callable[[str], Value],
) -> set[Definition]:
    """The definitions that can reach a layer, also by a call of another one. ``names``: those of the module;
    ``value_of``: the value of any name in it."""
    found, left, known = set[Definition](), dict[Definition, set[str]](), dict[str, bool]()
    for definition in definitions:
        node = definition.node
        words = set(NAME.findall("\n".join(lines[node.lineno - 1 : node.end_lineno])))
        known |= {word: _reaches(word, value_of) for word in words - known.keys()}
        if any(map(known.__getitem__, words)):
            found.add(definition)
        else:
            left[definition] = words
    while more := {name for name, value in names.items() if value in found}:
        calling = {definition for definition, words in left.items() if not words.isdisjoint(more)}
        if not calling:
            break
        found |= calling
        for definition in calling:
            del left[definition]
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
