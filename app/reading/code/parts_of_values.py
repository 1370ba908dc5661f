"""The parts of values: what lists, dictionaries and chains hold, and the objects among them."""

from collections.abc import Iterable, Iterator

from .interpreter_limits import DEEPEST_LIST
from .object_methods import FORWARD
from .values import Chained, Dictionary, Instance, List, Maybe, Tuple, Value


def items_in(value: Value) -> Iterable[Value]:
    """What a value holds."""
    match value:
        case List() | Tuple() | Chained():
            return value.items or ()
        case Dictionary():
            return (value.items or {}).values()
        case Maybe(layer):
            return (layer,)
    return ()


def objects_in(values: Iterable[Value], depth: int = 0) -> Iterator[Instance]:
    """The objects among values, and in their lists and chains."""
    for value in values:
        if isinstance(value, Instance):
            yield value
        elif depth < DEEPEST_LIST:
            yield from objects_in(items_in(value), depth + 1)


def ids_of_parts(instances: Iterable[Instance], chains: Iterable[Chained]) -> set[int]:
    """The ids of the objects that are parts of models or of chains."""
    models = [one for one in instances if one.of.stand_in or one.of.method(*FORWARD, "__call__")]
    parts = {id(part) for instance in models for part in objects_in(instance.attributes.values())}
    parts |= {id(part) for chain in chains for part in objects_in(chain.items)}
    return parts | {id(instance.copy_of) for instance in instances if id(instance) in parts}
