"""Calls of what Python and its modules define: dictionaries, copies, dataclasses, options, the environment, JSON."""

import ast
import json
from dataclasses import replace

from . import command_line_options as options
from . import records
from .arithmetic import items_of
from .command_line_options import PARSERS
from .interpreter_limits import MOST_CALLS
from .object_methods import Methods
from .signatures import Arguments, Partial
from .values import (
    UNKNOWN,
    Chained,
    Constant,
    Dictionary,
    Instance,
    Layer,
    List,
    Mutable,
    Tuple,
    Value,
)
from .word_sets import words

OF_PYTHON = (
    words(
        """
    collections.OrderedDict collections.namedtuple functools.partial dataclasses.field dataclasses.asdict
    dataclasses.replace copy.copy copy.deepcopy os.getenv os.environ.get json.loads
    """
    )
    | PARSERS
    | records.NAMESPACES
)
"""What is read of Python's modules, and of libraries for settings."""


class PythonCalls(Methods):
    """Follows calls of what Python defines."""

    def dictionary_with(self, arguments: Arguments) -> Dictionary:
        """``dict(others, name=value)``."""
        items = self.ordered(Arguments(arguments.positional)).items
        is_known = items is not None and arguments.is_complete
        return self.made_dictionary({**(items or {}), **arguments.named} if is_known else None)

    def mapped(self, arguments: Arguments, node: ast.Call) -> Value | None:
        """``map(function, items)``."""
        items = items_of(arguments.positional[1]) if len(arguments.positional) == 2 else None
        if items is None or not arguments.is_complete:
            return None
        self.steps -= len(items)
        found = [self.result(arguments.positional[0], Arguments((item,)), node) for item in items]
        known = [value for value in found if value is not None]
        return List(self.level, known) if len(known) == len(found) else None

    def call_python(self, path: str, arguments: Arguments, node: ast.Call) -> Value | None:
        """Call what a module of Python defines, or absl."""
        first = arguments.get("obj", 0, UNKNOWN)
        match path:
            case "collections.OrderedDict":
                return self.dictionary_with(arguments)
            case "collections.namedtuple":
                return records.named_tuple(arguments, node.lineno)
            case "functools.partial" if arguments.positional:
                return Partial(first, Arguments(arguments.positional[1:], arguments.named, arguments.is_complete))
            case "dataclasses.field":
                return self.default_of(arguments, node)
            case "dataclasses.asdict":
                return self.ordered(Arguments((self.made_dictionary(records.entries_of(first)),)))
            case "dataclasses.replace" if isinstance(first, Instance):
                return self.with_others(first, arguments)
            case "copy.copy" | "copy.deepcopy":
                return self.copied(first)
            case "os.getenv" | "os.environ.get":  # a variable that nobody sets, as an option that nobody gives
                return arguments.get("default", 1, UNKNOWN)
            case "json.loads":
                return self.parsed_json(next(iter(node.args), None))
        if path in PARSERS:
            return options.parser(arguments, self.level)
        if path in records.NAMESPACES:
            entries = self.dictionary_with(arguments)
            entries.items = entries.items or {}
            return records.nested(entries, self.level, node.lineno)
        name, default = arguments.get("name", 0, UNKNOWN), arguments.get("default", 1, UNKNOWN)
        if ".DEFINE_" in path and isinstance(name, Constant):
            self.flags[str(name.value)] = default if not self.level else UNKNOWN
        return UNKNOWN

    def default_of(self, arguments: Arguments, node: ast.Call) -> Value:
        """``field(default=1)``, ``field(default_factory=list)`` in a dataclass."""
        factory = arguments.named.get("default_factory")
        if factory is None:
            return arguments.named.get("default", UNKNOWN)
        made = self.result(factory, Arguments(), node)
        return UNKNOWN if made is None else made

    def parsed_json(self, text: ast.expr | None) -> Value:
        """What a text in JSON says that stands in the program itself."""
        try:
            match text:
                case ast.Constant(str(written)):
                    return self._of_json(json.loads(written))
        except (ValueError, RecursionError):
            pass
        return UNKNOWN

    def _of_json(self, value: object, depth: int = 0) -> Value:
        self.steps -= 1
        if self.steps < 0 or depth > MOST_CALLS:
            return UNKNOWN
        match value:
            case dict():
                return self.made_dictionary({name: self._of_json(one, depth + 1) for name, one in value.items()})
            case list():
                return List(self.level, [self._of_json(one, depth + 1) for one in value])
            case bool() | int() | float() | str() | None:
                return Constant(value)
        return UNKNOWN

    def with_others(self, record: Instance, arguments: Arguments) -> Value:
        """``replace(record, name=value)``: a copy with other attributes."""
        found = self.copied(record)
        if not isinstance(found, Instance) or record.of.method("__post_init__"):
            return UNKNOWN
        for name, value in arguments.named.items():
            self.set_attribute(found, name, value)
        if not arguments.is_complete:
            self.forget(found)
        return found

    def copied(self, value: Value, depth: int = 0) -> Value:
        """A copy of a value, whose layers are other layers."""
        self.steps -= 1
        if self.steps < 0:
            return UNKNOWN
        match value:
            case Layer():
                layer, value.is_used = replace(value, is_used=False), True
                self.layers.append(layer)
                return layer
            case Tuple(items):
                return Tuple(tuple(self.copied(item, depth + 1) for item in items))
            case List(items=list() as items) if depth < MOST_CALLS:
                return List(self.level, [self.copied(item, depth + 1) for item in items], value.is_list)
            case Chained() if depth < MOST_CALLS:
                items = [self.copied(item, depth + 1) for item in value.items]
                chain = replace(value, level=self.level, items=items, is_used=False)
                self.chains.append(chain)
                return chain
            case Dictionary(items=dict() as entries) if depth < MOST_CALLS:
                return self.made_dictionary({name: self.copied(item, depth + 1) for name, item in entries.items()})
            case Instance() if depth < MOST_CALLS:
                copy = self.made_instance(value.of, value.line)
                copy.copy_of = value
                own = self.copied(value.layer, depth + 1) if value.layer else None
                copy.layer = own if isinstance(own, (Layer, Chained)) else None
                copy.attributes = {name: self.copied(item, depth + 1) for name, item in value.attributes.items()}
                return copy
            case Mutable():
                return UNKNOWN
        return value

    def ordered(self, arguments: Arguments) -> Dictionary:
        """A dictionary of pairs, or a copy of a dictionary."""
        given = arguments.get("items", 0, UNKNOWN) if arguments.positional else List(self.level, [])
        if isinstance(given, Dictionary):
            self.steps -= len(given.items or ())
            made = self.made_dictionary(None if given.items is None else dict(given.items))
            made.each = given.each
            return made
        entries: dict[str, Value] = {}
        for pair in given.items if isinstance(given, (Tuple, List)) and given.items is not None else (UNKNOWN,):
            match pair:
                case Tuple(items=(Constant(str(name)), value)) | List(items=[Constant(str(name)), value]):
                    entries[name] = value
                case _:
                    return self.made_dictionary(None)
        return self.made_dictionary(entries)
