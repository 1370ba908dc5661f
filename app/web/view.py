"""The URL is the whole state: a query becomes a View and a View becomes a query, defaults left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import quote, urlencode

from app.core.axes import Sizes
from app.core.cells import CELLS
from app.core.program import Program, capture
from app.web.fields import FIELDS, FieldError, Number, Value, shown

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
    seed: int
    view: str
    t: int
    layer: int
    direction: str
    tensor: str
    labels: str
    format: str
    theme: str
    page: int

    def __getitem__(self, name: str) -> Value:
        """A value by the name of its field, for who goes over the table."""
        value: Value = getattr(self, name)
        return value

    @property
    def program(self) -> Program:
        return capture(CELLS[self.cell])

    @property
    def sizes(self) -> Sizes:
        return {
            "batch_size": self.batch_size,
            "time_step": self.time_step,
            "features": self.features,
            "num_units": self.num_units,
        }

    def config(self, names: Iterable[str]) -> dict[str, Value]:
        return {name: self[name] for name in names}

    def query(self, **changes: Value) -> str:
        """The canonical query, with some fields set to other values: ``?num_units=128``, or nothing at all.

        What has its default keeps it; a step that there no longer is becomes the last one.
        """
        old: dict[str, Any] = vars(self)
        new = {**old, **changes}
        for f in BELOW:
            if f.name not in changes:
                new[f.name] = f.usual(new) if old[f.name] == f.usual(old) else min(old[f.name], f.last(new))
        pairs = [(n, f.format(new[n])) for n, f in FIELDS.items() if new[n] != f.usual(new)]
        return "?" + urlencode(pairs, quote_via=quote) if pairs else ""


NUMBERS = [f for f in FIELDS.values() if isinstance(f, Number)]
BELOW = [f for f in NUMBERS if f.below]
SLIDERS = [f for f in NUMBERS if f.slider]


def parse(pairs: Pairs, strict: bool) -> View:
    """Read a query. ``strict`` refuses unknown names (the API does; pages ignore them: mail programs add their own).

    Raises FieldError for the first thing that is wrong, in the order of the table.
    """
    given = _given(pairs, strict)
    values = _complete({n: f.parse(given[n]) for n, f in FIELDS.items() if n in given})
    for f in BELOW:
        f.check(values)
    program = capture(CELLS[values["cell"]])
    if values["tensor"] and values["tensor"] not in program.by_id:
        message = f"{values['cell']} has no tensor {shown(values['tensor'])}; it has {', '.join(program.by_id)}"
        raise FieldError("tensor", values["tensor"], message, list(program.by_id))
    return View(**values)


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
        values[f.name] = min(values[f.name], f.last(values))
    known = capture(CELLS[values["cell"]]).by_id
    if values["tensor"] not in known:
        values["tensor"] = (get_close_matches(values["tensor"], known, 1) or [""])[0]
    return View(**values)
