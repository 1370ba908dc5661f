"""A query becomes a View: exactly, or the nearest valid one."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from ..core.axes import TIME_STEP
from ..translations.phrases import phrase
from .field_types import FieldError, Value, shown
from .fields import FIELDS
from .rules import BOUNDED_FIELDS, check, fitted, implied_sizes, tensors_of
from .view import View

Pairs = Iterable[tuple[str, str]]
"""A query as it was sent: names may repeat."""


def parse(pairs: Pairs, strict: bool) -> View:
    """Parse a query. ``strict`` refuses unknown names: the API does, pages ignore them, since mail programs add some.

    Raises FieldError: first for a value that cannot be parsed, then for values that do not fit together, each in the
    order of the table.
    """
    given = _given(pairs, strict)
    values = _complete({n: f.parse(given[n]) for n, f in FIELDS.items() if n in given})
    values |= {name: size for name, size in implied_sizes(values).items() if name not in given}
    for f in BOUNDED_FIELDS:
        if f.name not in given:
            values[f.name] = f.default_for(values)
    check(values)
    if "tensor" in given and not values["tensor"]:
        raise FieldError(
            "tensor", "", phrase("tensor is empty; leave it out or name a tensor"), list(tensors_of(values))
        )
    return View(**values)


def parse_for_values(pairs: list[tuple[str, str]], with_time: bool = False) -> View:
    """Parse a query for the values of one tensor, which has to be named. ``t`` is ignored where that tensor has no
    step, and with ``with_time`` only where it has no axis of time either."""
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
    """A value for every field, in the order of the table: a default may depend on the fields before."""
    values: dict[str, Any] = {}
    for name, field in FIELDS.items():
        values[name] = given[name] if name in given else field.default_for(values)
    return values


def nearest(pairs: Pairs) -> View:
    """The valid View that is closest to a query with faults: numbers are moved into their range, words replaced by the
    most similar ones."""
    given: dict[str, Value] = {}
    for name, text in {
        name: text for name, text in pairs if name in FIELDS
    }.items():  # each name once: comparing words takes time
        try:
            given[name] = FIELDS[name].parse(text)
        except FieldError:
            given[name] = FIELDS[name].nearest(text)
    values = _complete(given)
    known = tensors_of(fitted(values))
    if values["tensor"] not in known:
        values["tensor"] = (get_close_matches(values["tensor"], known, 1) or [""])[0]
    return View(**fitted(values))
