"""Which values of the fields go together: what belongs to another cell, framework or size is refused, or left out."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from app.core.cells import CELLS, PROJECTED
from app.core.inputs import SIDE
from app.core.ops import Shape
from app.core.program import Program, Tensor
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.query.field_types import NONE, Counted, FieldError, Value, either, shown
from app.query.fields import FIELDS, SWITCHES, having
from app.query.text_input import units, vocabulary
from app.translations.phrases import Listed, phrase, together

Values = Mapping[str, Any]
"""A value for every field of the table, by name."""

COUNTED = [f for f in FIELDS.values() if isinstance(f, Counted)]
BELOW = [f for f in COUNTED if f.below]

WHOLES = {"row": "tensor", "column": "tensor", "component": "poke"}
"""What is a part of something else, and begins anew with it."""


def check(values: Values) -> None:
    """FieldError where values are valid each, but do not fit each other; for the first in the order of the table."""
    if values["data"] == "text" and not units(values["text"], values["cut"]):
        raise FieldError("text", values["text"], phrase("text has no words; write some, or leave it out"), "words")
    fitting = fitted(values)
    for name, field in FIELDS.items():
        if isinstance(field, Counted):
            field.check(values)
        if values[name] != fitting[name]:
            raise _misfit(name, values)


def _misfit(name: str, values: Values) -> FieldError:
    """Why a field's value does not fit the others, and what would."""
    field, value = FIELDS[name], values[name]
    if isinstance(field, Counted) and name in WHOLES:
        whole = WHOLES[name]
        return field.beyond(
            value, last_part(name, values), phrase("{field} is {value}", field=whole, value=values[whole] or NONE)
        )
    message, allowed = _foreign(name, values)
    return FieldError(name, field.format(value), message, allowed)


def _foreign(name: str, values: Values) -> tuple[str, list[Any]]:
    """Why the cell, the framework or the only direction has no such thing, and what it has."""
    cell, value = values["cell"], values[name]
    if name in ("text", "cut"):
        message = phrase(
            "{field} is for data=text; data is {data}, so {value} is not read",
            field=name,
            data=values["data"],
            value=shown(value),
        )
        return message, [FIELDS[name].default]
    if name in forced(values):
        size, data = forced(values)[name], values["data"]
        return phrase("{field} is {size:,} where data is {data}; leave it out", field=name, size=size, data=data), [
            size
        ]
    if name == "num_proj":
        return phrase("{cell} has no projection; {cells} can have one", cell=cell, cells=Listed(PROJECTED)), [0]
    if name == "direction":
        return phrase("there is one direction; bidirectional=true has two"), ["forward"]
    if name == "tensor":
        ids = Listed(tensors_of(values))
        return phrase("{cell} has no tensor {id}; it has {ids}", cell=cell, id=shown(value), ids=ids), [*ids]
    if name == "poke":
        state, known = value.removesuffix("_prev"), [NONE, *pokable(values)]
        message = phrase("{cell} carries no {state}; poke is {known}", cell=cell, state=state, known=either(known))
        return message, known
    field, framework, those = SWITCHES[name], values["framework"], together(having(name))
    message = phrase(
        "{switch} is a switch of {those}, not of {framework}", switch=name, those=those, framework=framework
    )
    return message, [field.format(field.default)]


def forced(values: Mapping[str, Any]) -> dict[str, int]:
    """The sizes that follow from the input."""
    match values["data"]:
        case "text":
            return {"features": len(vocabulary(values["text"], values["cut"]))}
        case "wave":
            return {"features": 1}
        case "digit":
            return {"time_step": SIDE, "features": SIDE}
    return {}


def fitted(values: Values) -> dict[str, Any]:
    """The same values, but without what belongs to another cell, to another framework or to a second direction.

    Of what there are fewer it is the last; a sheet of values that is smaller is shown from its first row or column.
    """
    new = {**values, **_switched_off(values["framework"])}
    if new["cell"] not in PROJECTED:
        new["num_proj"] = 0
    if not new["bidirectional"]:
        new["direction"] = "forward"
    if new["data"] != "text":
        new |= {"text": "", "cut": "characters"}
    new |= forced(new)
    for f in BELOW:
        new[f.name] = f.fitted(new[f.name], new)
    if new["tensor"] and new["tensor"] not in tensors_of(new):
        new["tensor"] = ""
    if new["poke"] != NONE and new["poke"] not in pokable(new):
        new["poke"] = NONE
    for part in WHOLES:
        if new[part] and new[part] > (last := last_part(part, new)):
            new[part] = last if part == "component" else 0
    return new


@cache
def _switched_off(framework: str) -> dict[str, Value]:
    """The switches of other frameworks, as they are where nobody speaks of them."""
    own = {switch.name for switch in FRAMEWORKS[framework].switches}
    return {name: field.default for name, field in SWITCHES.items() if name not in own}


def last_part(part: str, values: Values) -> int:
    """The last row or column of the selected tensor's values, or component of the poked vector; 0 without one."""
    if part == "component":
        return _shape(values["poke"], values)[-1] - 1 if values["poke"] != NONE else 0
    return sheet_shape(values)[part == "column"] - 1


def sheet_shape(values: Values) -> tuple[int, int]:
    """How many rows and columns the values of the selected tensor have, for one sequence of the batch where they have
    all steps; where none is selected, one of each."""
    if not values["tensor"]:
        return 1, 1
    *_, rows, columns = (1, *_shape(values["tensor"], values))
    return rows, columns


def _shape(tensor: str, values: Values) -> Shape:
    """That of a tensor of the layer in focus."""
    stack = stack_of(values)
    return stack.program(values["layer"]).by_id[tensor].shape(stack.sizes)


def pokable(values: Values) -> list[str]:
    """The vectors that come into a step: x and what is carried."""
    return ["x", *(f"{state}_prev" for state in _lowest(values).cell.states)]


def tensors_of(values: Values) -> Mapping[str, Tensor]:
    """The cell's tensors by their ids, which are the same in every layer, in the order of computing."""
    return _lowest(values).by_id


def _lowest(values: Values) -> Program:
    """That of the lowest layer: in those above it, x has another axis."""
    return stack_of(values).program()


def stack_of(values: Values) -> Stack:
    """What is computed: the cell, how often, in how many layers and directions."""
    return _stack(*_stacked(values))


def values_of(stack: Stack) -> dict[str, Value]:
    """The values of the fields that say which stack it is: the opposite of ``stack_of``."""
    return {**vars(stack), "cell": stack.cell.id}


@lru_cache(256, typed=True)
def _stack(cell: str, *others: Any) -> Stack:
    return Stack(CELLS[cell], *others)


_stacked = itemgetter(*(field.name for field in fields(Stack)))
