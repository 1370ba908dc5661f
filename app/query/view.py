"""The URL is the whole state: a query becomes a View and a View becomes a query, defaults left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from app.core.axes import TIME_STEP, Sizes
from app.core.program import Program
from app.core.stack import Place, Stack, ends, goes_back
from app.diagram.notation import NOTATIONS, Notation
from app.frameworks import FRAMEWORKS
from app.frameworks.framework import Framework, Settings
from app.query.field_types import Counted, FieldError, Number, Value, shown
from app.query.fields import FIELDS
from app.query.rules import BELOW, COUNTED, WHOLES, check, fitted, forced, stack_of, tensors_of
from app.query.text_fields import Words
from app.translations.phrases import phrase

Pairs = Iterable[tuple[str, str]]
"""A query as it came: names may repeat."""


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
        """A value by the name of its field, for who goes over the table."""
        value: Value = getattr(self, name)
        return value

    @property
    def locked(self) -> list[str]:
        """The controls that cannot be moved."""
        return self.lock.split(",") if self.lock else []

    @property
    def fixed(self) -> list[str]:
        """The controls that stand still: those that are locked, and the sizes that follow from what is read."""
        return [*self.locked, *self.following]

    @property
    def following(self) -> list[str]:
        """The sizes that follow from what is read: no link says them."""
        return list(forced(vars(self)))

    @property
    def hidden(self) -> list[str]:
        """The parts of the page that are not shown."""
        return self.hide.split(",") if self.hide else []

    @property
    def stack(self) -> Stack:
        """What is computed: the cell, how often, in how many layers and directions."""
        return stack_of(vars(self))

    @property
    def place(self) -> Place:
        """The cell in focus."""
        return self.layer, self.direction

    @property
    def program(self) -> Program:
        """That of the cell in focus."""
        return self.stack.program(self.layer)

    @property
    def sizes(self) -> Sizes:
        return self.stack.sizes

    @property
    def calls(self) -> Notation:
        """What the sizes are called."""
        return NOTATIONS[self.notation]

    @property
    def speaks(self) -> Framework:
        return FRAMEWORKS[self.framework]

    @property
    def settings(self) -> Settings:
        """The switches of the framework that is spoken."""
        return settings_of(self.speaks, vars(self))

    @property
    def goes_back(self) -> bool:
        """Whether the direction in focus takes the steps from the last to the first."""
        return goes_back(self.place, self.runs_backwards)

    @property
    def ends(self) -> tuple[int, int]:
        """The steps that the direction in focus takes first and last."""
        return ends(self.place, self.time_step, self.runs_backwards)

    @property
    def onward(self) -> int:
        """From a step to the one that the direction in focus takes next."""
        return -1 if self.goes_back else 1

    @property
    def runs_backwards(self) -> bool:
        """Whether the forward direction does, as Keras has it; what a framework does not have is run in our own way."""
        return self.speaks.goes_backwards(self.settings) and not self.speaks.refusal(self.stack, self.settings)

    def config(self, names: Iterable[str]) -> dict[str, Value]:
        return {name: self[name] for name in names}

    def query(self, **changes: Value) -> str:
        """The canonical query, with some fields set to other values: ``?num_units=128``, or nothing at all.

        What has its default keeps it; a step or layer that there no longer is becomes the last one, and what belongs to
        another cell or framework is left out.
        """
        old: dict[str, Any] = vars(self)
        new = old | changes
        for f in _resting(self):
            if f.name not in changes:
                new[f.name] = f.usual(new)
        for part, whole in WHOLES.items():
            if part not in changes and new[whole] != old[whole]:
                new[part] = FIELDS[part].default
        new = fitted(new)
        follow = forced(new)
        usual = USUAL | {f.name: f.usual(new) for f in BELOW}
        said = [n for n, default in usual.items() if new[n] != default and n not in follow]
        return "?" + "&".join([f"{n}={_escaped(FIELDS[n].format(new[n]))}" for n in said]) if said else ""


@lru_cache(256)
def _resting(view: View) -> list[Counted]:
    """The fields that are where they would be if no link said them."""
    return [f for f in BELOW if view[f.name] == f.usual(vars(view))]


def texts_of(view: View) -> dict[str, str]:
    """What somebody wrote into the fields for it, by field and as a query has it."""
    return {f.name: _escaped(view[f.name]) for f in FIELDS.values() if isinstance(f, Words)}


@lru_cache(64)
def _escaped(text: str) -> str:
    """As browsers write it: these signs they leave as they are."""
    return quote(text, safe="!()*")


USUAL = {f.name: f.default for f in FIELDS.values()}
SLIDERS = [f for f in COUNTED if isinstance(f, Number) and f.slider]


def parse(pairs: Pairs, strict: bool) -> View:
    """Read a query. ``strict`` refuses unknown names (the API does; pages ignore them: mail programs add their own).

    Raises FieldError: first for what cannot be read, then for what does not fit, each in the order of the table.
    """
    given = _given(pairs, strict)
    values = _complete({n: f.parse(given[n]) for n, f in FIELDS.items() if n in given})
    values |= {name: size for name, size in forced(values).items() if name not in given}
    for f in BELOW:
        if f.name not in given:
            values[f.name] = f.usual(values)
    check(values)
    if "tensor" in given and not values["tensor"]:
        raise FieldError(
            "tensor", "", phrase("tensor is empty; leave it out or name a tensor"), list(tensors_of(values))
        )
    return View(**values)


def settings_of(framework: Framework, values: Mapping[str, Any]) -> Settings:
    """The framework's switches in its own types: a field's choice is a word where the switch is a number."""
    return {s.name: type(s.default)(values[s.name]) for s in framework.switches}


def parse_for_values(pairs: list[tuple[str, str]], with_time: bool = False) -> View:
    """Read a question for the values of one tensor: ``t`` is ignored where that tensor has no step, and ``with_time``
    no axis of time either."""
    without_t = parse([(name, text) for name, text in pairs if name != "t"], strict=True)
    if not without_t.tensor:
        known = list(without_t.program.by_id)
        raise FieldError("tensor", None, "tensor is missing; name the one that you want", known)
    tensor = without_t.program.by_id[without_t.tensor]
    has_t = tensor.per_step or (with_time and TIME_STEP in tensor.axes)
    return parse(pairs, strict=True) if has_t else without_t


def _given(pairs: Pairs, strict: bool) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            message = phrase("{field} is given twice; once is enough", field=name)
            raise FieldError(name, text, message, "one value")
        if name in FIELDS:
            given[name] = text
        elif strict:
            raise FieldError(name, text, f"there is no field {shown(name)}; known: {', '.join(FIELDS)}", list(FIELDS))
    return given


def _complete(given: dict[str, Value]) -> dict[str, Any]:
    """A value for every field, in the order of the table: what is usual may depend on what stands before."""
    values: dict[str, Any] = {}
    for name, field in FIELDS.items():
        values[name] = given[name] if name in given else field.usual(values)
    return values


def nearest(pairs: Pairs) -> View:
    """The valid View closest to a query with faults: numbers moved into their range, words to the most similar."""
    given: dict[str, Value] = {}
    for name, text in {name: text for name, text in pairs if name in FIELDS}.items():  # each once: it takes time
        try:
            given[name] = FIELDS[name].parse(text)
        except FieldError:
            given[name] = FIELDS[name].nearest(text)
    values = _complete(given)
    known = tensors_of(fitted(values))
    if values["tensor"] not in known:
        values["tensor"] = (get_close_matches(values["tensor"], known, 1) or [""])[0]
    return View(**fitted(values))
