"""Classes whose objects only hold values: dataclasses, named tuples, namespaces and enumerations."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from .interpreter_limits import DEEPEST_DICTIONARY
from .signatures import Arguments
from .values import (
    UNKNOWN,
    Constant,
    Dictionary,
    Function,
    Instance,
    List,
    Member,
    Reference,
    Tuple,
    UserClass,
    Value,
)
from .word_sets import words

NAMESPACES = words(
    """
    types.SimpleNamespace argparse.Namespace easydict.EasyDict yacs.config.CfgNode omegaconf.OmegaConf.create
    ml_collections.ConfigDict ml_collections.config_dict.ConfigDict munch.Munch addict.Dict box.Box
    """
)
"""Classes whose objects have the attributes that they are made with. Those of other libraries are dictionaries too."""

METHODS = words("get copy clone update pop setdefault merge_from_file merge_from_list merge_from_other_cfg")
"""Methods of such objects that are read, or that change them."""

ENUMERATIONS = words("enum.Enum enum.IntEnum enum.StrEnum")
NUMBERS_OR_TEXTS = words("enum.IntEnum enum.StrEnum builtins.int builtins.str")
"""Bases of enumerations whose members are their values."""

NAMED_TUPLES = words("typing.NamedTuple typing_extensions.NamedTuple")
FROM_ENVIRONMENT = "BaseSettings"
"""A base of classes whose attributes may have other values than their defaults."""

NAMESPACE = UserClass(ast.ClassDef("", [], [], [], [], lineno=1), [], {}, is_called=True)
"""The class of the objects of NAMESPACES, and of the options of a command line."""


def attributes_of(of: UserClass, arguments: Arguments) -> dict[str, Value]:
    """The attributes of a new object of a class that has no ``__init__`` of its own: its arguments, and the defaults of
    its fields. What is given to an unknown base is taken for an attribute of the same name."""
    bases = [base.path for base in of.outer_bases() if isinstance(base, Reference)]
    is_record = _has_fields(of, bases)
    fields = list(dict.fromkeys(_fields(of)))
    if not is_record and arguments.positional and fields:
        return dict.fromkeys(fields, UNKNOWN)
    found = dict(arguments.named)
    is_other = not arguments.is_complete or any(path.endswith(FROM_ENVIRONMENT) for path in bases)
    for n, name in enumerate(fields):
        place = n if is_record else len(arguments.positional)
        found[name] = arguments.get(name, place, UNKNOWN if is_other else of.member(name) or UNKNOWN)
    return found


def _has_fields(of: UserClass, bases: Iterable[str]) -> bool:
    """Whether the annotated names of a class are the parameters of its objects, in their order."""
    return not NAMED_TUPLES.isdisjoint(bases) or any(
        decorator.endswith("dataclass") for one in of.lineage for decorator in _decorators(one.node)
    )


def _decorators(node: ast.ClassDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _fields(of: UserClass) -> Iterator[str]:
    """The annotated names of a class, after those of its bases."""
    for one in reversed(of.lineage):
        for statement in one.node.body:
            match statement:
                case ast.AnnAssign(ast.Name(name), annotation) if not _is_of_class(annotation):
                    yield name


def _is_of_class(annotation: ast.expr) -> bool:
    """Whether an annotation is ClassVar."""
    inner = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return "ClassVar" in (getattr(inner, "id", ""), getattr(inner, "attr", ""))


def namespace(attributes: Mapping[str, Value], level: int, line: int) -> Instance:
    """An object with some attributes."""
    return Instance(level, NAMESPACE, line, dict(attributes))


def nested(value: Dictionary, level: int, line: int) -> Instance:
    """A dictionary as an object with attributes, and so are those in it."""
    made: dict[int, Instance] = {}

    def one(item: Value, depth: int) -> Value:
        if not isinstance(item, Dictionary):
            return item
        if item.items is None or depth > DEEPEST_DICTIONARY:
            return UNKNOWN
        if id(item) not in made:
            made[id(item)] = namespace({}, level, line)
            made[id(item)].attributes |= {name: one(inner, depth + 1) for name, inner in item.items.items()}
        return made[id(item)]

    one(value, 0)
    return made.get(id(value)) or namespace({}, level, line)


def forget(owner: Instance) -> None:
    """The attributes of such an object change, and of those in it."""
    left, known = [owner], set[int]()
    while left:
        one = left.pop()
        known.add(id(one))
        for name, value in one.attributes.items():
            if not isinstance(value, Instance) or value.of is not NAMESPACE:
                one.attributes[name] = UNKNOWN
            elif id(value) not in known:
                left.append(value)


def named_tuple(arguments: Arguments, line: int) -> UserClass | None:
    """``namedtuple("Sizes", "width height", defaults=[1])`` as a class; None if its names are not certain."""
    match arguments.get("field_names", 1, UNKNOWN):
        case Constant(str(text)):
            names = text.replace(",", " ").split()
        case Tuple(items=(*items,)) | List(items=[*items]):
            names = [item.value for item in items if isinstance(item, Constant) and isinstance(item.value, str)]
            if len(names) < len(items):
                return None
        case _:
            return None
    defaults = arguments.named.get("defaults", Tuple(()))
    if not arguments.is_complete or not isinstance(defaults, (Tuple, List)) or defaults.items is None:
        return None
    pairs = zip(reversed(names), reversed(defaults.items), strict=False)
    return _record(names, dict(pairs), line)


def _record(names: Iterable[str], members: Mapping[str, Value], line: int) -> UserClass:
    anything = ast.Name("object", ast.Load())
    body: list[ast.stmt] = [ast.AnnAssign(ast.Name(name, ast.Store()), anything, None, 1) for name in names]
    node = ast.ClassDef("", [], [], body, [ast.Name("dataclass", ast.Load())], lineno=line)
    return UserClass(node, [], members)


def is_enumeration(of: UserClass) -> bool:
    return any(isinstance(base, Reference) and base.path in ENUMERATIONS for base in of.outer_bases())


def member_of(of: UserClass, name: str) -> Value | None:
    """``Kind.LSTM``; None if an enumeration has no such member. One that is a number or a text is that."""
    found = of.member(name)
    if found is None or isinstance(found, (Function, UserClass)):
        return found
    is_plain = any(isinstance(base, Reference) and base.path in NUMBERS_OR_TEXTS for base in of.outer_bases())
    return found if is_plain else Member(of, name, found)


def member_with(of: UserClass, value: Value) -> Value:
    """``Kind("lstm")``."""
    for name, found in of.members.items():
        if isinstance(value, Constant) and found == value:
            return member_of(of, name) or UNKNOWN
    return value if isinstance(value, Member) else UNKNOWN


def entries_of(owner: Value) -> dict[str, Value] | None:
    """``vars(owner)``: the attributes of an object that only holds values, which change with the dictionary."""
    if isinstance(owner, Instance) and (owner.of is NAMESPACE or any(_fields(owner.of))):
        return owner.attributes
    return None
