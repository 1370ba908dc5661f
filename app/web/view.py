"""The URL is the whole state: a query becomes a View and a View becomes a query, defaults left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from app.core.axes import Sizes
from app.core.cells import CELLS
from app.core.program import Program, capture
from app.web.fields import FIELDS, FieldError, Number, shown

Pairs = Iterable[tuple[str, str]]
"""A query as it came: names may repeat."""


@dataclass(frozen=True)
class View:
    """One valid state. ``values`` holds every field of the table; two Views with the same values are the same page."""

    values: tuple[tuple[str, Any], ...]

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    @cached_property
    def _values(self) -> dict[str, Any]:
        return dict(self.values)

    @property
    def program(self) -> Program:
        return capture(CELLS[self["cell"]])

    @property
    def sizes(self) -> Sizes:
        return {name: self[name] for name in ("batch_size", "time_step", "features", "num_units")}

    def config(self, fields: Iterable[str]) -> dict[str, Any]:
        return {name: self[name] for name in fields}

    def query(self, **changes: Any) -> str:
        """The canonical query, with some fields set to other values: ``?num_units=128``, or nothing at all."""
        values = {**self._values, **changes}
        if "time_step" in changes and "t" not in changes:
            usual = self["t"] == _default("t", self["time_step"])
            time_step = values["time_step"]
            values["t"] = _default("t", time_step) if usual else min(self["t"], time_step - 1)
        pairs = [(n, f.format(values[n])) for n, f in FIELDS.items() if values[n] != _default(n, values["time_step"])]
        return "?" + urlencode(pairs, quote_via=quote) if pairs else ""


def _default(name: str, time_step: int) -> Any:
    return min(2, time_step - 1) if name == "t" else FIELDS[name].default


def parse(pairs: Pairs, strict: bool) -> View:
    """Read a query. ``strict`` refuses unknown names (the API does; pages ignore them: mail programs add their own).

    Raises FieldError for the first thing that is wrong, in the order of the table.
    """
    given = _given(pairs, strict)
    values: dict[str, Any] = {n: f.parse(given[n]) for n, f in FIELDS.items() if n in given}
    time_step = values.get("time_step", FIELDS["time_step"].default)
    values = {n: values.get(n, _default(n, time_step)) for n in FIELDS}
    if values["t"] >= time_step:
        message = f"t is a step from 0 to {time_step - 1} where time_step is {time_step}, not {shown(given['t'])}"
        raise FieldError("t", given["t"], message, {"min": 0, "max": time_step - 1})
    program = capture(CELLS[values["cell"]])
    if values["tensor"] and values["tensor"] not in program.by_id:
        message = f"{values['cell']} has no tensor {shown(values['tensor'])}; it has {', '.join(program.by_id)}"
        raise FieldError("tensor", values["tensor"], message, list(program.by_id))
    return View(tuple(values.items()))


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


def nearest(pairs: Pairs) -> View:
    """The valid View closest to a query with faults: numbers moved into their range, words to the most similar."""
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name in FIELDS:
            try:
                values[name] = FIELDS[name].parse(text)
            except FieldError:
                values[name] = FIELDS[name].nearest(text)
    time_step = values.get("time_step", FIELDS["time_step"].default)
    values = {n: values.get(n, _default(n, time_step)) for n in FIELDS}
    values["t"] = min(values["t"], time_step - 1)
    known = capture(CELLS[values["cell"]]).by_id
    if values["tensor"] not in known:
        values["tensor"] = (get_close_matches(values["tensor"], known, 1) or [""])[0]
    return View(tuple(values.items()))


def sliders() -> list[Number]:
    return [f for f in FIELDS.values() if isinstance(f, Number) and f.slider]
