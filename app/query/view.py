"""The URL is the whole state: a View has a value for each field, and a canonical query, which leaves defaults out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from ..core.axes import Sizes
from ..core.program import Program
from ..core.stack import Place, Stack, ends, is_reversed
from ..diagram.size_notation import NOTATIONS, Notation
from ..frameworks import FRAMEWORKS, OURS
from ..frameworks.framework import Framework, Settings
from ..frameworks.model import Model
from .field_types import Value
from .fields import AUTO, FIELDS
from .rules import BOUNDED_FIELDS, PARENTS, Values, fitted, implied_sizes, rules_after, stack_of
from .text_field_types import Words


@dataclass(frozen=True)
class View:
    """One valid state: a value for each field of the table, in its order. Equal Views are the same page."""

    cell: str
    batch_size: int
    time_step: int
    features: int
    num_units: int
    num_proj: int
    num_layers: int
    bidirectional: bool
    framework: str
    time_major: bool
    forget_bias: str
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    merge_mode: str
    unit_forget_bias: bool
    batch_first: bool
    layout: str
    return_carry: bool
    seed: int
    data: str
    text: str
    cut: str
    view: str
    t: int
    layer: int
    direction: str
    tensor: str
    stepping: bool
    sample: int | None
    unit: int | None
    row: int
    column: int
    poke: str
    component: int
    labels: str
    notation: str
    format: str
    lang: str
    theme: str
    scale: int
    transparent: bool
    controls: bool
    page: int
    to: str
    lesson_page: int
    title: str
    lock: str
    hide: str

    def __getitem__(self, name: str) -> Value:
        """The value of a field by its name."""
        value: Value = getattr(self, name)
        return value

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(self.values.values()))

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of each field by its name, in the order of the table."""
        return {name: self[name] for name in FIELDS}

    @property
    def locked(self) -> list[str]:
        """The controls that cannot be moved."""
        return self.lock.split(",") if self.lock else []

    @property
    def fixed(self) -> list[str]:
        """The controls that cannot be moved: those that are locked, and the implied sizes."""
        return [*self.locked, *self.implied_sizes]

    @property
    def implied_sizes(self) -> list[str]:
        """The sizes that follow from the input. No link has them."""
        return list(implied_sizes(self.values))

    @property
    def hidden(self) -> list[str]:
        """The parts of the page that are not shown."""
        return self.hide.split(",") if self.hide else []

    @cached_property
    def stack(self) -> Stack:
        """What is computed: the cell, how often, in how many layers and directions."""
        return stack_of(self.values)

    @property
    def place(self) -> Place:
        """The cell in focus."""
        return self.layer, self.direction

    @cached_property
    def program(self) -> Program:
        """The program of the cell in focus."""
        return self.stack.program(self.layer)

    @cached_property
    def sizes(self) -> Sizes:
        return self.stack.sizes

    @property
    def language(self) -> str:
        """The language of what is the same for every visitor: that of the link, or else English."""
        return "en" if self.lang == AUTO else self.lang

    @property
    def size_notation(self) -> Notation:
        """The names of the sizes."""
        return NOTATIONS[self.notation]

    def model_in(self, framework: Framework) -> Model:
        """The stack in a framework, with the switches of this view."""
        return framework.model(self.stack, settings_of(framework, self.values))

    @cached_property
    def chosen_model(self) -> Model:
        """The stack in the chosen framework, which may not support it."""
        return self.model_in(FRAMEWORKS[self.framework])

    @cached_property
    def model(self) -> Model:
        """The model whose names the page uses: that of the chosen framework, or ours where it does not support it."""
        chosen = self.chosen_model
        return self.model_in(OURS) if chosen.unsupported else chosen

    @property
    def is_reversed(self) -> bool:
        """Whether the direction in focus computes the steps from the last to the first."""
        return is_reversed(self.place, self.goes_backwards)

    @property
    def ends(self) -> tuple[int, int]:
        """The steps that the direction in focus computes first and last."""
        return ends(self.place, self.time_step, self.goes_backwards)

    @property
    def step_sign(self) -> int:
        """1, or -1 where the direction in focus is reversed: what is added to a step to get the one computed next."""
        return -1 if self.is_reversed else 1

    @property
    def goes_backwards(self) -> bool:
        """Whether the forward direction is reversed, as with ``go_backwards`` in Keras. A model that the framework does
        not support is run as ours."""
        return self.model.goes_backwards

    def config(self, names: Iterable[str]) -> dict[str, Value]:
        return {name: self[name] for name in names}

    def query(self, **changes: Value) -> str:
        """The canonical query, with some fields set to other values: ``?num_units=128``, or nothing at all.

        A bounded field that has its default keeps it, and what is part of something else starts anew with another
        parent. Of a step or a layer that no longer exists it is the last one, and what belongs to another cell or
        framework is left out.

        Only what may differ from this View is fitted and written: a page has hundreds of links.
        """
        written = self._written
        if changed := frozenset(name for name, value in changes.items() if value != self[name]):
            new = {**self.values, **changes}
            for f in BOUNDED_FIELDS:
                if f.below in changed and f.name not in changes and self[f.name] == f.default_for(self.values):
                    new[f.name] = f.default_for(new)
            for part, parent in PARENTS.items():
                if parent in changed and part not in changes:
                    new[part] = FIELDS[part].default
            rules = rules_after(changed)
            new = fitted(new, rules)
            may_differ = changed.union(rule.field for rule in rules)
            written = {name: text for name, text in written.items() if name not in may_differ}
            written |= _written(new, may_differ)
        return "?" + "&".join([written[name] for name in FIELDS if name in written]) if written else ""

    @cached_property
    def _written(self) -> dict[str, str]:
        return _written(self.values, FIELDS)


def _written(values: Values, names: Iterable[str]) -> dict[str, str]:
    """What a canonical query says of some fields: nothing where they have their defaults, or follow from the input."""
    implied = implied_sizes(values)
    return {
        name: f"{name}={_escaped(FIELDS[name].format(values[name]))}"
        for name in names
        if name not in implied and values[name] != FIELDS[name].default_for(values)
    }


def texts_of(view: View) -> dict[str, str]:
    """The free texts, by field and escaped as in a query."""
    return {f.name: _escaped(view[f.name]) for f in FIELDS.values() if isinstance(f, Words)}


@lru_cache(64)
def _escaped(text: str) -> str:
    """Escape a text as browsers do: they leave these characters as they are."""
    return quote(text, safe="!()*")


def settings_of(framework: Framework, values: Mapping[str, Any]) -> Settings:
    """The framework's switches in its own types. Where a switch is a number, the choices of its field are words."""
    return {s.name: type(s.default)(values[s.name]) for s in framework.switches}
