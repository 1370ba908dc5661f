"""The URL is the whole state: a query becomes a View and a View becomes a query, defaults left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote, urlencode

from app.core.axes import Sizes
from app.core.cells import CELLS, PROJECTED
from app.core.program import Program, capture
from app.core.stack import Place, Stack, goes_back
from app.frameworks import FRAMEWORKS
from app.frameworks.framework import Framework, Settings
from app.web.fields import FIELDS, NONE, SWITCHES, FieldError, Index, Number, Value, having, shown

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
    format: str
    theme: str
    page: int
    to: str

    def __getitem__(self, name: str) -> Value:
        """A value by the name of its field, for who goes over the table."""
        value: Value = getattr(self, name)
        return value

    @property
    def stack(self) -> Stack:
        """What is computed: the cell, how often, in how many layers and directions."""
        return _stack(vars(self))

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
        last = self.time_step - 1
        return (last, 0) if self.goes_back else (0, last)

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
        moved = [whole for whole in PARTS if changes.get(whole, old[whole]) != old[whole]]
        anew = {part: FIELDS[part].default for whole in moved for part in PARTS[whole]}
        new = _fitting({**old, **anew, **changes})
        for f in BELOW:
            if f.name not in changes:
                new[f.name] = f.usual(new) if old[f.name] == f.usual(old) else f.fitted(old[f.name], new)
        pairs = [(n, f.format(new[n])) for n, f in FIELDS.items() if new[n] != f.usual(new)]
        return "?" + urlencode(pairs, quote_via=quote) if pairs else ""


PARTS = {"tensor": ("row", "column"), "poke": ("component",)}
"""What is a part of something else, and begins anew with it."""

COUNTED = [f for f in FIELDS.values() if isinstance(f, Number | Index)]
BELOW = [f for f in COUNTED if f.below]
SLIDERS = [f for f in COUNTED if isinstance(f, Number) and f.slider]


def parse(pairs: Pairs, strict: bool) -> View:
    """Read a query. ``strict`` refuses unknown names (the API does; pages ignore them: mail programs add their own).

    Raises FieldError: first for what cannot be read, then for what does not fit, each in the order of the table.
    """
    given = _given(pairs, strict)
    values = _complete({n: f.parse(given[n]) for n, f in FIELDS.items() if n in given})
    _check(values)
    if "tensor" in given and not values["tensor"]:
        raise FieldError("tensor", "", "tensor is empty; leave it out or name a tensor", _ids(values))
    return View(**values)


def _check(values: Mapping[str, Any]) -> None:
    """FieldError where values are valid each, but do not fit each other."""
    fitting = _fitting(values)
    for name, field in FIELDS.items():
        if isinstance(field, Number | Index):
            field.check(values)
        if values[name] != fitting[name]:
            message, allowed = _misfit(name, values)
            raise FieldError(name, field.format(values[name]), message, allowed)


def _misfit(name: str, values: Mapping[str, Any]) -> tuple[str, Any]:
    """Why a field's value does not fit the others, and what would."""
    cell = values["cell"]
    if name == "num_proj":
        return f"{cell} has no projection; {', '.join(PROJECTED)} can have one", [0]
    if name == "direction":
        return "there is one direction; bidirectional=true has two", ["forward"]
    if name == "tensor":
        known = _ids(values)
        return f"{cell} has no tensor {shown(values['tensor'])}; it has {', '.join(known)}", known
    if name in ("row", "column"):
        last = sheet_shape(values)[name == "column"] - 1
        whose = values["tensor"] or "nothing, where no tensor is selected,"
        return f"{whose} has {name}s 0 to {last:,}, no {values[name]:,}", {"min": 0, "max": last}
    if name == "poke":
        known = [NONE, *_pokable(values)]
        return f"{cell} carries no {values['poke'].removesuffix('_prev')}; poke is {' or '.join(known)}", known
    if name == "component":
        last = _width(values) - 1
        whose = values["poke"] if last >= 0 else "nothing, where nothing is poked,"
        return f"{whose} has the components 0 to {max(0, last):,}, no {values[name]:,}", {"min": 0, "max": max(0, last)}
    field, framework = SWITCHES[name], values["framework"]
    return f"{name} is a switch of {' and '.join(having(name))}, not of {framework}", [field.format(field.default)]


def _fitting(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same values, but without what belongs to another cell, to another framework or to a second direction."""
    new = dict(values)
    if new["cell"] not in PROJECTED:
        new["num_proj"] = 0
    own = {switch.name for switch in FRAMEWORKS[new["framework"]].switches}
    new |= {name: field.default for name, field in SWITCHES.items() if name not in own}
    if not new["bidirectional"]:
        new["direction"] = "forward"
    if new["tensor"] not in _ids(new):
        new["tensor"] = ""
    if new["poke"] != NONE and new["poke"] not in _pokable(new):
        new["poke"] = NONE
    if new["component"] >= (_width(new) if new["component"] else 1):
        new["component"] = 0
    if new["row"] or new["column"]:
        for name, length in zip(("row", "column"), sheet_shape(new), strict=True):
            if new[name] >= length:
                new[name] = 0
    return new


def sheet_shape(values: Mapping[str, Any]) -> tuple[int, int]:
    """How many rows and columns the values of the selected tensor have, for one sequence of the batch where they have
    all steps; where none is selected, one of each."""
    if not values["tensor"]:
        return 1, 1
    stack = _stack(values)
    shape = stack.program(values["layer"]).by_id[values["tensor"]].shape(stack.sizes)
    *_, rows, columns = (1, *shape)
    return rows, columns


def _pokable(values: Mapping[str, Any]) -> list[str]:
    """The vectors that come into a step."""
    return ["x", *(f"{state}_prev" for state in _stack(values).states)]


def _width(values: Mapping[str, Any]) -> int:
    """How many numbers the poked vector has; 0 where there is none."""
    if values["poke"] == NONE:
        return 0
    stack = _stack(values)
    return stack.program(values["layer"]).by_id[values["poke"]].axes[-1].size(stack.sizes)


def _stack(values: Mapping[str, Any]) -> Stack:
    return Stack(**{field.name: values[field.name] for field in fields(Stack)})


def _ids(values: Mapping[str, Any]) -> list[str]:
    """The ids of the cell's tensors, in the order of computing."""
    cells = PROJECTED if values["num_proj"] else CELLS
    return list(capture(cells[values["cell"]]).by_id)


def settings_of(framework: Framework, values: Mapping[str, Any]) -> Settings:
    """The framework's switches in its own types: a field's choice is a word where the switch is a number."""
    return {s.name: type(s.default)(values[s.name]) for s in framework.switches}


def parse_for_values(pairs: list[tuple[str, str]]) -> View:
    """Read a question for the values of one tensor: ``t`` is ignored where that tensor has no step."""
    without_t = parse([(name, text) for name, text in pairs if name != "t"], strict=True)
    if not without_t.tensor:
        known = list(without_t.program.by_id)
        raise FieldError("tensor", None, "tensor is missing; name the one that you want", known)
    return parse(pairs, strict=True) if without_t.program.by_id[without_t.tensor].per_step else without_t


def _given(pairs: Pairs, strict: bool) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            raise FieldError(name, text, f"{name} is given twice; once is enough", "one value")
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
    for name, text in pairs:
        if name in FIELDS:
            try:
                given[name] = FIELDS[name].parse(text)
            except FieldError:
                given[name] = FIELDS[name].nearest(text)
    values = _complete(given)
    for f in BELOW:
        values[f.name] = f.fitted(values[f.name], values)
    meant = values["tensor"]
    values = _fitting(values)
    if meant != values["tensor"]:
        values["tensor"] = (get_close_matches(meant, _ids(values), 1) or [""])[0]
    return View(**values)
