"""Which values of the fields go together. A rule finds the nearest value that fits, and makes the error for one that
does not.

parsing.py decides whether a value that does not fit is refused (``parse`` calls ``check``) or replaced by the nearest
one (``nearest`` calls ``fitted``).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from math import prod
from operator import itemgetter
from typing import Any

from ..core.axes import BATCH_SIZE, Axes, shape
from ..core.cell import Cell
from ..core.cells import CELLS, PROJECTED
from ..core.effects_of_a_change import components
from ..core.program import Program, Tensor, capture
from ..core.stack import Stack
from ..core.symbols import ProgramError
from ..diagram.views import VIEWS
from ..equations.cell_from_equations import OWN, cell_of
from ..training.tasks import TASKS
from ..translations.phrases import CommaSeparated, joined_with_and, joined_with_or, phrase
from .field_types import NONE, BoundedInteger, FieldError, Value, Values, quoted
from .fields import FIELDS, SWITCHES, bounded
from .fields.cell_and_size_fields import frameworks_with
from .fitting_sizes import (
    NO_SIZES,
    can_have_sizes,
    fitting_sizes,
    fitting_units,
    has_own_sizes,
    is_of_training,
    is_tied,
    misfit,
    nearest_units,
    own_sizes,
    sizes_of_input,
    sizes_of_task,
)
from .text_field_types import chain_of, is_of_cell
from .tokenizer import units

STACK_FIELDS = tuple(field.name for field in fields(Stack))
"""The names of the fields that define the stack."""

BOUNDED_FIELDS = [f for f in FIELDS.values() if isinstance(f, BoundedInteger) and f.below]
"""The fields whose values must be smaller than that of another field."""

OWN_CELL = ("cell", "equations")
"""The fields that define the cell."""

OF_TRAINING = ("view", "trained", "task")
"""The fields that say whether a task sets the sizes of the input, and which one."""

PARENTS = {"row": "tensor", "column": "tensor", "component": "poke", "part": "model"}
"""By field, its parent: a row and a column belong to a tensor, a component to a vector, a part to a model. If the
parent changes, the field is reset to its default."""


@dataclass(frozen=True)
class Rule(ABC):
    """Checks the value of ``field`` against the values of the fields that the rule ``reads``."""

    field: str
    reads: tuple[str, ...]

    @abstractmethod
    def fit(self, values: Values) -> Value:
        """The value of the field if it fits, otherwise the nearest one that does."""

    @abstractmethod
    def error(self, values: Values) -> FieldError:
        """The error for a value that does not fit, with the values that would."""

    def field_error(self, values: Values, message: str, allowed: Any) -> FieldError:
        """An error with the field and its value."""
        return FieldError(self.field, FIELDS[self.field].format(values[self.field]), message, allowed)


class Switch(Rule):
    """A switch has its default unless the framework, or that of a second model, has the switch."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        has_switch = any(values[of] in frameworks_with(self.field) for of in self.reads)
        return value if has_switch else SWITCHES[self.field].default

    def error(self, values: Values) -> FieldError:
        field, those = SWITCHES[self.field], joined_with_and(frameworks_with(self.field))
        message = phrase(
            "{switch} is an option of {those}, not of {framework}",
            switch=self.field,
            those=those,
            framework=values["framework"],
        )
        return self.field_error(values, message, [field.format(field.default)])


class OwnEquations(Rule):
    """Equations are those of a cell of one's own, which has some."""

    def fit(self, values: Values) -> Value:
        text: str = values["equations"] if values["cell"] == OWN else ""
        return text if text and can_have_sizes(text) else FIELDS["equations"].default_for(values)

    def error(self, values: Values) -> FieldError:
        if values["cell"] == OWN and values["equations"]:
            return self.field_error(values, NO_SIZES, [])
        if values["cell"] == OWN:
            return self.field_error(values, phrase("cell=own needs equations; leave the field out for an example"), [])
        message = phrase("equations need cell=own, but cell is {cell}", cell=values["cell"])
        return self.field_error(values, message, [""])


class Trainable(Rule):
    """A network is trained, or shown trained, only if its cell can learn the task."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        is_requested = value == "training" if self.field == "view" else value
        return FIELDS[self.field].default if is_requested and self._problem(values, values["task"]) else value

    def error(self, values: Values) -> FieldError:
        message = phrase(
            "this cell cannot learn task={task}: {problem}",
            task=values["task"],
            problem=self._problem(values, values["task"]),
        )
        if possible := [task for task in TASKS if not self._problem(values, task)]:
            message = phrase("{message}; it can learn {tasks}", message=message, tasks=joined_with_or(possible))
            return FieldError("task", values["task"], message, possible)
        return self.field_error(values, message, [FIELDS[self.field].format(FIELDS[self.field].default)])

    @staticmethod
    def _problem(values: Values, task: str) -> str:
        """Why the cell cannot learn a task, or nothing."""
        if values["cell"] != OWN or not values["equations"]:
            return ""
        features = None if task == "text" else sizes_of_task(task, "")["features"]
        if can_read(values, features):
            return ""
        if features is None:
            return phrase("the characters of the text set features, which the axes of the equations rule out")
        return phrase("it needs features = {n}, which the axes of the equations rule out", n=features)


class FittingView(Trainable):
    """The weights are shown only if the cell has some, and the training only if it can learn the task."""

    def fit(self, values: Values) -> Value:
        return FIELDS["view"].default if self._lacks_weights(values) else super().fit(values)

    def error(self, values: Values) -> FieldError:
        if self._lacks_weights(values):
            others = [view for view in VIEWS if view != "weights"]
            return self.field_error(values, phrase("this cell has no weights to show"), others)
        return super().error(values)

    @staticmethod
    def _lacks_weights(values: Values) -> bool:
        is_requested = values["view"] == "weights" and values["cell"] == OWN and values["equations"]
        return bool(is_requested) and not cell_of(values["equations"]).weights


def can_read(values: Values, features: int | None) -> bool:
    """Whether the axes of the equations leave an input with so many features; None is a number that is not known."""
    if not has_own_sizes(values):
        return True
    if features is None:
        is_free = not any("features" in (name, *size.names) for name, size in own_sizes(values).items())
        return is_free and not is_tied(values)
    return bool(nearest_units(values["equations"], features, features))


class FittingData(Rule):
    """An input does not imply features that the equations may rule out, and is one that the task of a training has."""

    def fit(self, values: Values) -> Value:
        data: str = values["data"]
        if data == "random":
            return data
        if is_of_training(values):
            return data if data == TASKS[values["task"]].input else "random"
        features = None if data == "text" else sizes_of_input(values)["features"]  # those of a text are not known here
        return data if can_read(values, features) else "random"

    def error(self, values: Values) -> FieldError:
        if is_of_training(values):
            task, data = values["task"], values["data"]
            allowed = ["random", TASKS[task].input]
            message = phrase(
                "data={data} does not fit task={task}, which needs {inputs}",
                data=data,
                task=task,
                inputs=joined_with_or(allowed),
            )
            return self.field_error(values, message, allowed)
        message = phrase(
            "data={data} sets features, which the axes of the equations rule out; leave it out", data=values["data"]
        )
        return self.field_error(values, message, ["random"])


class OwnUnits(Rule):
    """num_units is a number for which each axis of the equations has a whole size."""

    def fit(self, values: Values) -> Value:
        return fitting_units(values) if has_own_sizes(values) else values["num_units"]

    def error(self, values: Values) -> FieldError:
        return self.field_error(values, misfit(values), [fitting_units(values)])


class Layers(Rule):
    """A cell of one's own has several layers only if it can read the output of another layer."""

    def fit(self, values: Values) -> Value:
        number: int = values["num_layers"]
        return 1 if number > 1 and self._problem(values) else number

    def error(self, values: Values) -> FieldError:
        return self.field_error(values, phrase("num_layers must be 1: {problem}", problem=self._problem(values)), [1])

    @staticmethod
    def _problem(values: Values) -> str:
        """Why there cannot be a second layer, or nothing."""
        if values["cell"] != OWN or not values["equations"]:
            return ""
        stack = Stack(cell_of(values["equations"]), 1, 1, 1, 1, num_layers=2, bidirectional=values["bidirectional"])
        try:
            stack.program(1)
        except ProgramError as error:
            return str(error)
        return ""


class Projection(Rule):
    """Only some cells can have a projection."""

    def fit(self, values: Values) -> Value:
        size: int = values["num_proj"]
        return size if values["cell"] in PROJECTED else 0

    def error(self, values: Values) -> FieldError:
        cells = joined_with_or(PROJECTED)
        message = phrase("num_proj is not available for {cell}; use {cells}", cell=values["cell"], cells=cells)
        return self.field_error(values, message, [0])


class Direction(Rule):
    """The backward direction exists only if the stack is bidirectional."""

    def fit(self, values: Values) -> Value:
        direction: str = values["direction"]
        return direction if values["bidirectional"] else "forward"

    def error(self, values: Values) -> FieldError:
        return self.field_error(values, phrase("direction=backward needs bidirectional=true"), ["forward"])


class UsedText(Rule):
    """A text is only used with ``data=text`` or ``task=text``, and must have at least one unit."""

    def fit(self, values: Values) -> Value:
        value: Value = values["text"]
        is_used = "text" in (values["data"], values["task"]) and units(values["text"], values["cut"])
        return value if is_used else FIELDS["text"].default

    def error(self, values: Values) -> FieldError:
        if "text" in (values["data"], values["task"]):
            return self.field_error(values, phrase("text has no words; add some, or leave it out"), "words")
        message = phrase(
            "text={value} needs data=text or task=text, but data is {data} and task is {task}",
            data=values["data"],
            task=values["task"],
            value=quoted(values["text"]),
        )
        return self.field_error(values, message, [FIELDS["text"].default])


class Cut(Rule):
    """A text is cut into words only with ``data=text``, and not for a network that is trained on characters."""

    def fit(self, values: Values) -> Value:
        value: Value = values["cut"]
        return value if values["data"] == "text" and not is_of_training(values) else FIELDS["cut"].default

    def error(self, values: Values) -> FieldError:
        value, default = quoted(values["cut"]), FIELDS["cut"].default
        if values["data"] == "text":
            message = phrase("cut={value} does not fit task=text, which reads characters", value=value)
        else:
            message = phrase("cut={value} needs data=text, but data is {data}", value=value, data=values["data"])
        return self.field_error(values, message, [default])


class ImpliedSize(Rule):
    """Some inputs imply a size, which cannot be set to another value; so do the tasks, and some equations."""

    def fit(self, values: Values) -> Value:
        implied = sizes_of_input(values)
        if self.field == "features" and has_own_sizes(values):
            implied = fitting_sizes(values)
        value: Value = values[self.field]
        return implied.get(self.field, value)

    def error(self, values: Values) -> FieldError:
        for name in ("view", "trained", "data"):
            if RULES[name].fit(values) != values[name]:
                return RULES[name].error(values)
        if self.field not in sizes_of_input(values):
            return self.field_error(values, misfit(values), [self.fit(values)])
        size, data = sizes_of_input(values)[self.field], values["data"]
        if is_of_training(values):
            message = phrase(
                "task={task} sets {field} to {size:,}; leave {field} out",
                task=values["task"],
                field=self.field,
                size=size,
            )
            return self.field_error(values, message, [size])
        message = phrase(
            "data={data} sets {field} to {size:,}; leave {field} out", field=self.field, size=size, data=data
        )
        return self.field_error(values, message, [size])


class Bound(Rule):
    """The value of a bounded field is smaller than that of another field."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        return value if value is None else min(value, bounded(self.field).largest(values))

    def error(self, values: Values) -> FieldError:
        field = bounded(self.field)
        where = phrase("{field} is {n:,}", field=field.below, n=values[field.below])
        return field.too_large(values[self.field], field.largest(values), where)


class Followed(Bound):
    """The followed sample is one of the run. In the view of a training it is an example of the test."""

    def fit(self, values: Values) -> Value:
        value: Value = values[self.field]
        return value if values["view"] == "training" else super().fit(values)


class Selected(Rule):
    """The selected tensor belongs to the cell."""

    def fit(self, values: Values) -> Value:
        tensor: str = values["tensor"]
        return tensor if not tensor or tensor in tensors_of(values) else ""

    def error(self, values: Values) -> FieldError:
        ids, cell, id = CommaSeparated(tensors_of(values)), values["cell"], quoted(values["tensor"])
        message = phrase("{cell} has no tensor {id}; it has {ids}", cell=cell, id=id, ids=ids)
        return self.field_error(values, message, [*ids])


class Poked(Rule):
    """The poked vector is an input of a step of the cell."""

    def fit(self, values: Values) -> Value:
        vector: str = values["poke"]
        return vector if vector == NONE or vector in pokable(values) else NONE

    def error(self, values: Values) -> FieldError:
        cell, state, known = values["cell"], values["poke"].removesuffix("_prev"), [NONE, *pokable(values)]
        message = phrase(
            "{cell} has no state {state}; poke must be {known}", cell=cell, state=state, known=joined_with_or(known)
        )
        return self.field_error(values, message, known)


class Part(Rule):
    """A row, a column, a component or a layer exists in its tensor, vector or model.

    If the tensor has become smaller, its values are shown from the first row or column; if the vector or the model has,
    the last component or layer is chosen.
    """

    def fit(self, values: Values) -> Value:
        part: int = values[self.field]
        if not part or part <= (last := last_index(self.field, values)):
            return part
        return last if self.field in ("component", "part") else 0

    def error(self, values: Values) -> FieldError:
        parent = PARENTS[self.field]
        value = quoted(values[parent]) if parent == "model" else values[parent] or NONE
        where = phrase("{field} is {value}", field=parent, value=value)
        return bounded(self.field).too_large(values[self.field], last_index(self.field, values), where)


class Beside(Rule):
    """A model is compared with a model, and a cell of one's own with a cell."""

    def fit(self, values: Values) -> Value:
        text: str = values["beside"]
        fits = values["cell"] == OWN if is_of_cell(text) else values["model"]
        return text if fits else ""

    def error(self, values: Values) -> FieldError:
        if is_of_cell(values["beside"]):
            return self.field_error(values, phrase("beside is a cell, which needs cell=own to compare with"), [""])
        return self.field_error(values, phrase("beside needs a model to compare with"), [""])


class BesideFramework(Rule):
    """Only a second model has a framework of its own."""

    def fit(self, values: Values) -> Value:
        framework: str = values["beside_framework"]
        text: str = values["beside"]
        return framework if text and not is_of_cell(text) else NONE

    def error(self, values: Values) -> FieldError:
        return self.field_error(values, phrase("beside_framework needs a second model in beside"), [NONE])


RULES: dict[str, Rule] = {
    rule.field: rule
    for rule in (
        Beside("beside", ("model", "cell")),
        BesideFramework("beside_framework", ("beside",)),
        *(Switch(name, ("framework", "beside_framework")) for name in SWITCHES),
        OwnEquations("equations", ("cell",)),
        Projection("num_proj", ("cell",)),
        Direction("direction", ("bidirectional",)),
        FittingView("view", (*OWN_CELL, "task")),
        Trainable("trained", (*OWN_CELL, "task")),
        FittingData("data", (*OWN_CELL, *OF_TRAINING)),
        Cut("cut", ("data", *OF_TRAINING)),
        UsedText("text", ("data", "cut", "task")),
        OwnUnits("num_units", (*OWN_CELL, *OF_TRAINING, "data", "text", "cut")),
        ImpliedSize("time_step", (*OF_TRAINING, "data", "text", "cut")),
        ImpliedSize("features", (*OWN_CELL, *OF_TRAINING, "num_units", "data", "text", "cut")),
        Layers("num_layers", (*OWN_CELL, "bidirectional")),
        *(Bound(f.name, (f.below,)) for f in BOUNDED_FIELDS if f.name != "sample"),
        Followed("sample", ("batch_size", "view")),
        Selected("tensor", (*OWN_CELL, "num_proj")),
        Poked("poke", (*OWN_CELL, "num_proj")),
        *(Part(part, (parent, "layer", "equations", *STACK_FIELDS)) for part, parent in PARENTS.items()),
    )
}
"""At most one rule for each field. A rule comes after the rules for the fields that it reads."""


def check(values: Values) -> None:
    """Raise FieldError for the first field, in the order of the table, whose value does not fit those of other
    fields."""
    for name in FIELDS:
        rule = RULES.get(name)
        if rule and rule.fit(values) != values[name]:
            raise rule.error(values)


def fitted(values: Values, rules: Iterable[Rule] = RULES.values()) -> dict[str, Any]:
    """The values, with those that do not fit replaced by the nearest ones that do. ``rules`` are the rules to apply, in
    order."""
    new = {**values}
    for rule in rules:
        new[rule.field] = rule.fit(new)
    return new


@lru_cache(1024)
def rules_after(changed: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that may be violated after these fields have changed, in the order in which to apply them."""
    found, may_differ = [], {*changed}
    for rule in RULES.values():
        if not may_differ.isdisjoint((rule.field, *rule.reads)):
            found.append(rule)
            may_differ.add(rule.field)
    return tuple(found)


def last_index(part: str, values: Values) -> int:
    """The index of the last row or column of the selected tensor's values, of the last component of the poked vector,
    or of the last layer of the model; 0 if there is none."""
    if part == "component":
        return _components(values["poke"], values) - 1 if values["poke"] != NONE else 0
    if part == "part":
        return len(chain_of(values["model"]).layers) - 1 if values["model"] else 0
    return grid_shape(values)[part == "column"] - 1


def grid_shape(values: Values) -> tuple[int, int]:
    """The numbers of rows and columns of the selected tensor's values; 1 and 1 if none is selected."""
    if not values["tensor"]:
        return 1, 1
    stack = stack_of(values)
    axes = grid_axes(stack.program(values["layer"]).by_id[values["tensor"]])
    *rows, columns = (1, *shape(axes, stack.sizes))
    return prod(rows), columns


def grid_axes(tensor: Tensor) -> Axes:
    """The axes of the values that are shown at once: of a tensor with more than two axes those of one sample. All but
    the last are its rows."""
    axes = tensor.axes
    return axes[1:] if len(axes) > 2 and axes[0] == BATCH_SIZE else axes


def _components(tensor: str, values: Values) -> int:
    """The number of components of a tensor of the layer in focus."""
    stack = stack_of(values)
    return components(stack.program(values["layer"]).by_id[tensor], stack.sizes)


def pokable(values: Values) -> list[str]:
    """The ids of the input vectors of a step: x and the states of the previous step."""
    return ["x", *(f"{state}_prev" for state in _lowest(values).cell.states)]


def tensors_of(values: Values) -> Mapping[str, Tensor]:
    """The cell's tensors by id, in the order of computation. Every layer has the same ids."""
    return _lowest(values).by_id


def _lowest(values: Values) -> Program:
    """The program of the lowest layer. In the layers above, x has another axis."""
    cell = own_or_shipped(values["cell"], values["equations"])
    return capture(PROJECTED[cell.id] if values["num_proj"] else cell)


def own_or_shipped(id: str, equations: str) -> Cell:
    """The cell with an id, or that of the equations."""
    return cell_of(equations) if id == OWN else CELLS[id]


def stack_of(values: Values) -> Stack:
    """The stack that the values describe."""
    return _stack(*_stack_values(values))


def values_of(stack: Stack) -> dict[str, Value]:
    """The values of the fields that describe a stack: the inverse of ``stack_of``."""
    return {**vars(stack), "cell": stack.cell.id, "equations": stack.cell.text}


@lru_cache(256, typed=True)
def _stack(equations: str, cell: str, *others: Any) -> Stack:
    return Stack(own_or_shipped(cell, equations), *others)


_stack_values = itemgetter("equations", *STACK_FIELDS)
