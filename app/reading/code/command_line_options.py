"""The options of a command line, which have their defaults: argparse, and the flags of absl and TensorFlow."""

import re
from dataclasses import dataclass, field

from .records import namespace
from .signatures import Arguments
from .values import (
    NONE,
    UNKNOWN,
    Argument,
    Constant,
    Instance,
    List,
    Mutable,
    Reference,
    Tuple,
    Value,
)
from .word_sets import words

PARSERS = words("argparse.ArgumentParser configargparse.ArgumentParser configargparse.ArgParser tap.Tap")

FLAGS = re.compile(r"(absl|tensorflow(\.compat\.v1)?(\.app)?)\.flags\.(DEFINE_\w+|FLAGS\.\w+)")
"""Flags, and how they are defined."""

GROUPS = words("add_argument_group add_mutually_exclusive_group")


@dataclass(eq=False)
class Parser(Mutable):
    """A parser of a command line, with the default of each option; None if they are not certain."""

    options: dict[str, Value] | None = field(default_factory=dict)


def parser(arguments: Arguments, level: int) -> Parser:
    """A new parser. It has the options of its ``parents``."""
    made = Parser(level)
    parents = arguments.named.get("parents", Tuple(()))
    for parent in (parents.items if isinstance(parents, (Tuple, List)) else None) or ():
        if isinstance(parent, Parser) and parent.options is not None and made.options is not None:
            made.options |= parent.options
    if "argument_default" in arguments.named or "fromfile_prefix_chars" in arguments.named:
        made.options = None
    return made


def call(owner: Parser, name: str, arguments: Arguments, level: int, line: int) -> Value:
    """A method of a parser."""
    if name == "add_argument":
        _add(owner, arguments, level)
    elif name == "set_defaults" and owner.options is not None:
        is_certain = level <= owner.level and arguments.is_complete
        owner.options |= {name: value if is_certain else UNKNOWN for name, value in arguments.named.items()}
        owner.options = owner.options if arguments.is_complete else None
    elif name in GROUPS:
        return owner
    elif name == "parse_args":
        return _parsed(owner, arguments, level, line)
    elif name == "parse_known_args":
        return Tuple((_parsed(owner, arguments, level, line), UNKNOWN))
    return NONE if name == "add_argument" else UNKNOWN


def _add(owner: Parser, arguments: Arguments, level: int) -> None:
    if owner.options is None:
        return
    names = [n.value for n in arguments.positional if isinstance(n, Constant) and isinstance(n.value, str)]
    given = arguments.named.get("dest")
    if len(names) < len(arguments.positional) or not names or not (given is None or isinstance(given, Constant)):
        owner.options = None
        return
    long = [name for name in names if name.startswith("--")]
    name = str(given.value) if given else (long or names)[0].lstrip("-").replace("-", "_")
    value = _default(names[0], name, arguments) if arguments.is_complete else UNKNOWN
    owner.options[name] = value if level <= owner.level else UNKNOWN


def _default(first: str, name: str, arguments: Arguments) -> Value:
    """The value of an option that nobody gives."""
    named = arguments.named
    if "default" in named:
        return _converted(named["default"], named.get("type"))
    if not first.startswith("-") or named.get("required", Constant(False)) != Constant(False):
        return Argument(name)
    match named.get("action", NONE):
        case Constant("store_true"):
            return Constant(False)
        case Constant("store_false"):
            return Constant(True)
        case Constant("store" | "append" | "store_const" | "count" | None):
            return NONE
    return UNKNOWN


def _converted(value: Value, kind: Value | None) -> Value:
    """A default; argparse converts one that is a text."""
    if not isinstance(value, Constant) or not isinstance(value.value, str):
        return value
    match kind:
        case None | Reference("builtins.str"):
            return value
        case Reference("builtins.int") if value.value.isdecimal():
            return Constant(int(value.value))
    return UNKNOWN


def _parsed(owner: Parser, arguments: Arguments, level: int, line: int) -> Instance:
    """``parser.parse_args()``, without arguments of a command line."""
    given = arguments.get("args", 0, NONE)
    is_empty = given == NONE or (isinstance(given, (Tuple, List)) and given.items is not None and not given.items)
    options = owner.options or {}
    return namespace(options if is_empty else dict.fromkeys(options, UNKNOWN), level, line)
