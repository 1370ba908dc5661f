"""The URL is the whole state: a UrlState has a value for each field, and a canonical query, which omits defaults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ..core.axes import Sizes
from ..core.program import Program
from ..core.stack import Place, Stack, ends, is_reversed
from ..diagram.size_notation import NOTATIONS, Notation
from ..frameworks import FRAMEWORKS, OURS
from ..frameworks.framework_types import Framework, Settings
from ..frameworks.stack_in_framework import Model
from ..size_expressions import has_slots, may_differ
from .combinations_of_fields import BOUNDED_FIELDS, PARENTS, Rule, fitted, rules_after, stack_of
from .field_types import BoundedInteger, Value, Values
from .fields import FIELDS, FieldValues
from .fields.look_fields import AUTO
from .fitting_sizes import fitting_numbers, implied_sizes, is_tied
from .text_field_types import FreeText, as_in_address


@dataclass(frozen=True)
class UrlState(FieldValues):
    """One valid state: a value for each field, in the order of the table. Equal UrlStates describe the same page."""

    def __getitem__(self, name: str) -> Value:
        """The value of a field."""
        value: Value = getattr(self, name)
        return value

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(self.values.values()))

    @cached_property
    def values(self) -> dict[str, Any]:
        """The value of each field, in the order of the table."""
        return {name: self[name] for name in FIELDS}

    @property
    def locked(self) -> list[str]:
        """The controls that an assignment locks."""
        return self.lock.split(",") if self.lock else []

    @property
    def fixed(self) -> list[str]:
        """The controls that cannot be changed: the locked ones, and the implied sizes."""
        return [*self.locked, *self.implied_sizes]

    @property
    def implied_sizes(self) -> list[str]:
        """The sizes that the input implies. They are in no link."""
        return list(implied_sizes(self.values))

    @property
    def tied(self) -> bool:
        """Whether the equations tie a size to another one, so that a slider changes both."""
        return is_tied(self.values)

    def fitting(self, name: str, numbers: Iterable[int]) -> list[int]:
        """The numbers that a size can be: for which each axis of the equations has a whole size."""
        return fitting_numbers(self.values, name, numbers)

    @property
    def hidden(self) -> list[str]:
        """The parts of the page that an assignment hides."""
        return self.hide.split(",") if self.hide else []

    @property
    def followed(self) -> int | None:
        """The sample of the run that is followed. In the view of a training ``sample`` is an example of the test, of
        which there are more than samples of the run."""
        is_beyond = self.view == "training" and self.sample is not None and self.sample >= self.batch_size
        return None if is_beyond else self.sample

    @cached_property
    def stack(self) -> Stack:
        """The stack: the cell, its sizes, layers and directions."""
        return stack_of(self.values)

    @property
    def place(self) -> Place:
        """The layer and direction of the cell in focus."""
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
        """The language of responses that do not depend on the visitor: that of the link, otherwise English."""
        return "en" if self.lang == AUTO else self.lang

    @property
    def size_notation(self) -> Notation:
        """The notation of sizes."""
        return NOTATIONS[self.notation]

    def model_in(self, framework: Framework) -> Model:
        """The model of the stack in a framework, with the switches of this UrlState."""
        return framework.model(self.stack, settings_of(framework, self.values))

    @cached_property
    def chosen_model(self) -> Model:
        """The model in the chosen framework, which may not support it."""
        return self.model_in(FRAMEWORKS[self.framework])

    @cached_property
    def shown_model(self) -> Model:
        """The model whose names the page uses: in the chosen framework if it supports the stack, otherwise in ours."""
        chosen = self.chosen_model
        return self.model_in(OURS) if chosen.unsupported else chosen

    @cached_property
    def is_reversed(self) -> bool:
        """Whether the direction in focus computes the steps from the last to the first."""
        return is_reversed(self.place, self.goes_backwards)

    @property
    def ends(self) -> tuple[int, int]:
        """The steps that the direction in focus computes first and last."""
        return ends(self.place, self.time_step, self.goes_backwards)

    @property
    def step_sign(self) -> int:
        """The difference between a step and the one that is computed next: 1, or -1 if the direction in focus is
        reversed."""
        return -1 if self.is_reversed else 1

    @property
    def goes_backwards(self) -> bool:
        """Whether the forward direction is reversed, as with ``go_backwards`` in Keras. A stack that the framework does
        not support runs as in ours."""
        return self.shown_model.goes_backwards

    def config(self, names: Iterable[str]) -> dict[str, Value]:
        """The values of some fields."""
        return {name: self[name] for name in names}

    def query(self, **changes: Value) -> str:
        """The canonical query, with some fields changed: ``?num_units=128``, or "" if all values are defaults.

        A bounded field that has its default keeps the default, even if that changes. A row, column or component is
        reset if its parent changes; selecting a tensor shows it in the panel. If a step or layer no longer exists, the
        last one is chosen. Values that only another cell or framework has are left out.

        For speed, only the fields that may differ from this UrlState are fitted and formatted: a page has hundreds of
        links.
        """
        parts = self._query_parts
        new, affected = self._changed(changes)
        if affected:
            parts = {name: part for name, part in parts.items() if name not in affected}
            parts |= _query_parts(new, affected)
        return "?" + "&".join([parts[name] for name in sorted(parts, key=_ORDER.__getitem__)]) if parts else ""

    def is_changed_by(self, **changes: Value) -> bool:
        """Whether the query with some fields changed is another one."""
        new, affected = self._changed(changes)
        return any(new[name] != self.values[name] for name in affected)

    def _changed(self, changes: Mapping[str, Value]) -> tuple[Values, frozenset[str]]:
        """The values for a query with some fields changed, and the names of those that may differ."""
        if self.parameters and "tensor" in changes:
            changes = {"parameters": False, **changes}
        values = self.values
        changed = frozenset([name for name, value in changes.items() if may_differ(value, values[name])])
        if not changed:
            return values, changed
        bounded, children, rules, affected = _dependents(changed, frozenset(changes))
        new = {**values, **changes}
        for f in bounded:
            if values[f.name] == f.default_for(values):
                new[f.name] = f.default_for(new)
        for child in children:
            new[child] = FIELDS[child].default
        return fitted(new, rules), affected

    def at_step(self, t: int, **changes: Value) -> str:
        """The query that goes to a step, with other changes. If an assignment locks the step, it stays the same."""
        return self.query(t=self.t if "t" in self.locked else t, **changes)

    @cached_property
    def _query_parts(self) -> dict[str, str]:
        return _query_parts(self.values, FIELDS)


_ORDER = {name: n for n, name in enumerate(FIELDS)}
"""The position of each field in a query."""


@lru_cache(1024)
def _dependents(
    changed: frozenset[str], given: frozenset[str]
) -> tuple[tuple[BoundedInteger, ...], tuple[str, ...], tuple[Rule, ...], frozenset[str]]:
    """What depends on fields that have changed, unless its new value is given: the fields bounded by them, the
    fields of which they are the parents, the rules to apply, and all fields that may differ."""
    rules = rules_after(changed)
    bounded = tuple(f for f in BOUNDED_FIELDS if f.below in changed and f.name not in given)
    children = tuple(child for child, parent in PARENTS.items() if parent in changed and child not in given)
    return bounded, children, rules, changed.union(rule.field for rule in rules)


def _query_parts(values: Values, names: Iterable[str]) -> dict[str, str]:
    """The parts of a canonical query for some fields, without those that have their defaults or are implied."""
    implied = implied_sizes(values)
    return {
        name: f"{name}={_escaped(FIELDS[name].format(values[name]))}"
        for name in names
        if name not in implied and values[name] != FIELDS[name].default_for(values)
    }


def texts_of(state: UrlState) -> dict[str, str]:
    """The free texts by field, percent-encoded as in a query."""
    return {f.name: _escaped(state[f.name]) for f in FIELDS.values() if isinstance(f, FreeText)}


@lru_cache(64)
def _escaped(text: str) -> str:
    """Percent-encode a text; a number may be a slot."""
    return text if has_slots(text) else as_in_address(text)


def settings_of(framework: Framework, values: Mapping[str, Any]) -> Settings:
    """The values of the framework's switches, in their own types: the field of a switch that is a number has words."""
    return {s.name: type(s.default)(values[s.name]) for s in framework.switches}
