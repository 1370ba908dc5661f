"""Which values of the fields go together: each rule has the values that fit, and the error of one that does not.

Whether a value that does not fit is refused (``check``) or replaced by the nearest one (``fitted``) is decided where a
query is read, in parsing.py: ``parse`` refuses it, ``nearest`` replaces it.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import itemgetter
from typing import Any

from ..core.cells import CELLS, PROJECTED
from ..core.input_data import SIDE
from ..core.ops import Shape
from ..core.program import Program, Tensor, capture
from ..core.stack import Stack
from ..translations.phrases import CommaSeparated, joined_with_and, phrase
from .field_types import NONE, Counted, FieldError, Value, either, shown
from .fields import FIELDS, SWITCHES, frameworks_with
from .tokenizer import units, vocabulary

Values = Mapping[str, Any]
"""A value for every field of the table, by name."""

STACK_FIELDS = tuple(field.name for field in fields(Stack))
"""The fields that make the stack."""

BOUNDED_FIELDS = [f for f in FIELDS.values() if isinstance(f, Counted) and f.below]
"""The fields whose values stay below that of another field."""

PARENTS = {"row": "tensor", "column": "tensor", "component": "poke"}
"""Of what is a part of something else, the field that names the whole. With another parent it starts at its default."""


@dataclass(frozen=True)
class Rule(ABC):
    """The values of ``field`` that fit those of the fields that the rule ``reads``."""

    field: str
    reads: tuple[str, ...]

    @abstractmethod
    def fit(self, values: Values) -> Value:
        """The value of the field if it fits, else the nearest one that does."""

    @abstractmethod
    def error(self, values: Values) -> FieldError:
        """Why the value of the field does not fit, and what would."""

    def refused(self, values: Values, message: str, allowed: Any) -> FieldError:
        return FieldError(self.field, FIELDS[self.field].format(values[self.field]), message, allowed)


class Switch(Rule):
    """A switch is at its default where the framework does not have it."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        return value if values["framework"] in frameworks_with(self.field) else SWITCHES[self.field].default

    def error(self, values: Values) -> FieldError:
        field, those, framework = (
            SWITCHES[self.field],
            joined_with_and(frameworks_with(self.field)),
            values["framework"],
        )
        message = phrase(
            "{switch} is a switch of {those}, not of {framework}", switch=self.field, those=those, framework=framework
        )
        return self.refused(values, message, [field.format(field.default)])


class Projection(Rule):
    """Some cells have a projection."""

    def fit(self, values: Values) -> Value:
        size: int = values["num_proj"]
        return size if values["cell"] in PROJECTED else 0

    def error(self, values: Values) -> FieldError:
        cells = CommaSeparated(PROJECTED)
        message = phrase("{cell} has no projection; {cells} can have one", cell=values["cell"], cells=cells)
        return self.refused(values, message, [0])


class Direction(Rule):
    """The backward direction exists where there are two."""

    def fit(self, values: Values) -> Value:
        direction: str = values["direction"]
        return direction if values["bidirectional"] else "forward"

    def error(self, values: Values) -> FieldError:
        return self.refused(values, phrase("there is one direction; bidirectional=true has two"), ["forward"])


class OfText(Rule):
    """Only ``data=text`` reads a text, and that text has words."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        is_read = values["data"] == "text" and (self.field != "text" or units(values["text"], values["cut"]))
        return value if is_read else FIELDS[self.field].default

    def error(self, values: Values) -> FieldError:
        if values["data"] == "text":
            return self.refused(values, phrase("text has no words; write some, or leave it out"), "words")
        message = phrase(
            "{field} is for data=text; data is {data}, so {value} is not read",
            field=self.field,
            data=values["data"],
            value=shown(values[self.field]),
        )
        return self.refused(values, message, [FIELDS[self.field].default])


class ImpliedSize(Rule):
    """Some inputs imply a size."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        return implied_sizes(values).get(self.field, value)

    def error(self, values: Values) -> FieldError:
        size, data = implied_sizes(values)[self.field], values["data"]
        message = phrase(
            "{field} is {size:,} where data is {data}; leave it out", field=self.field, size=size, data=data
        )
        return self.refused(values, message, [size])


class Bound(Rule):
    """A bounded field stays below another one."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        return value if value is None else min(value, _counted(self.field).last(values))

    def error(self, values: Values) -> FieldError:
        field = _counted(self.field)
        where = phrase("{field} is {n:,}", field=field.below, n=values[field.below])
        return field.too_large(values[self.field], field.last(values), where)


class Selected(Rule):
    """The selected tensor is one of the cell."""

    def fit(self, values: Values) -> Value:
        tensor: str = values["tensor"]
        return tensor if not tensor or tensor in tensors_of(values) else ""

    def error(self, values: Values) -> FieldError:
        ids, cell, id = CommaSeparated(tensors_of(values)), values["cell"], shown(values["tensor"])
        message = phrase("{cell} has no tensor {id}; it has {ids}", cell=cell, id=id, ids=ids)
        return self.refused(values, message, [*ids])


class Poked(Rule):
    """The vector that is poked enters a step of the cell."""

    def fit(self, values: Values) -> Value:
        vector: str = values["poke"]
        return vector if vector == NONE or vector in pokable(values) else NONE

    def error(self, values: Values) -> FieldError:
        cell, state, known = values["cell"], values["poke"].removesuffix("_prev"), [NONE, *pokable(values)]
        message = phrase("{cell} carries no {state}; poke is {known}", cell=cell, state=state, known=either(known))
        return self.refused(values, message, known)


class Part(Rule):
    """A row, a column or a component exists in the tensor or vector that has it.

    Where the values of a tensor have become fewer, they are shown from the first row or column; of a vector the last
    component is taken.
    """

    def fit(self, values: Values) -> Value:
        part: int = values[self.field]
        if not part or part <= (last := last_part(self.field, values)):
            return part
        return last if self.field == "component" else 0

    def error(self, values: Values) -> FieldError:
        parent = PARENTS[self.field]
        where = phrase("{field} is {value}", field=parent, value=values[parent] or NONE)
        return _counted(self.field).too_large(values[self.field], last_part(self.field, values), where)


RULES: dict[str, Rule] = {
    rule.field: rule
    for rule in (
        *(Switch(name, ("framework",)) for name in SWITCHES),
        Projection("num_proj", ("cell",)),
        Direction("direction", ("bidirectional",)),
        OfText("cut", ("data",)),
        OfText("text", ("data", "cut")),
        *(ImpliedSize(size, ("data", "text", "cut")) for size in ("time_step", "features")),
        *(Bound(f.name, (f.below,)) for f in BOUNDED_FIELDS),
        Selected("tensor", ("cell", "num_proj")),
        Poked("poke", ("cell", "num_proj")),
        *(Part(part, (parent, "layer", *STACK_FIELDS)) for part, parent in PARENTS.items()),
    )
}
"""At most one for each field, each after those for the fields that it reads."""


def check(values: Values) -> None:
    """Raise FieldError where each value is valid, but they do not fit together: for the first in the order of the
    table."""
    for name in FIELDS:
        rule = RULES.get(name)
        if rule and rule.fit(values) != values[name]:
            raise rule.error(values)


def fitted(values: Values, rules: Iterable[Rule] = RULES.values()) -> dict[str, Any]:
    """The same values, but where they do not fit, the nearest that do. ``rules``: those that may not hold, in order."""
    new = {**values}
    for rule in rules:
        new[rule.field] = rule.fit(new)
    return new


@lru_cache(1024)
def rules_after(changed: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that may no longer hold where these fields have changed, in the order in which to apply them."""
    found, may_differ = [], {*changed}
    for rule in RULES.values():
        if not may_differ.isdisjoint((rule.field, *rule.reads)):
            found.append(rule)
            may_differ.add(rule.field)
    return tuple(found)


def implied_sizes(values: Values) -> dict[str, int]:
    """The sizes that follow from the input."""
    match values["data"]:
        case "text" if words := vocabulary(values["text"], values["cut"]):
            return {"features": len(words)}
        case "wave":
            return {"features": 1}
        case "digit":
            return {"time_step": SIDE, "features": SIDE}
    return {}


def last_part(part: str, values: Values) -> int:
    """The last row or column of the selected tensor's values, or component of the poked vector; 0 without one."""
    if part == "component":
        return _shape(values["poke"], values)[-1] - 1 if values["poke"] != NONE else 0
    return grid_shape(values)[part == "column"] - 1


def grid_shape(values: Values) -> tuple[int, int]:
    """How many rows and columns the values of the selected tensor have, for one sequence of the batch where they have
    all steps; where none is selected, one of each."""
    if not values["tensor"]:
        return 1, 1
    *_, rows, columns = (1, *_shape(values["tensor"], values))
    return rows, columns


def _shape(tensor: str, values: Values) -> Shape:
    """The shape of a tensor of the layer in focus."""
    stack = stack_of(values)
    return stack.program(values["layer"]).by_id[tensor].shape(stack.sizes)


def pokable(values: Values) -> list[str]:
    """The vectors that enter a step: x and the states of the step before."""
    return ["x", *(f"{state}_prev" for state in _lowest(values).cell.states)]


def tensors_of(values: Values) -> Mapping[str, Tensor]:
    """The cell's tensors by their ids, which are the same in every layer, in the order of computing."""
    return _lowest(values).by_id


def _lowest(values: Values) -> Program:
    """The program of the lowest layer: in those above it, x has another axis."""
    return capture((PROJECTED if values["num_proj"] else CELLS)[values["cell"]])


def stack_of(values: Values) -> Stack:
    """What is computed: the cell, how often, in how many layers and directions."""
    return _stack(*_stacked(values))


def values_of(stack: Stack) -> dict[str, Value]:
    """The values of the fields that say which stack it is: the opposite of ``stack_of``."""
    return {**vars(stack), "cell": stack.cell.id}


@lru_cache(256, typed=True)
def _stack(cell: str, *others: Any) -> Stack:
    return Stack(CELLS[cell], *others)


_stacked = itemgetter(*STACK_FIELDS)


def _counted(name: str) -> Counted:
    field = FIELDS[name]
    assert isinstance(field, Counted)
    return field
