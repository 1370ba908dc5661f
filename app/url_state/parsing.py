"""Parses a query as a UrlState: strictly, or as the nearest valid UrlState."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from ..core.axes import TIME_STEP
from ..translations.phrases import phrase
from .combinations_of_fields import BOUNDED_FIELDS, check, fitted, tensors_of
from .field_types import FieldError, Value, quoted
from .fields import FIELDS
from .fitting_sizes import fitting_sizes, implied_sizes
from .url_state import UrlState

Pairs = Iterable[tuple[str, str]]
"""The names and values of a query as it was sent. Names may repeat."""


def parse(pairs: Pairs, strict: bool) -> UrlState:
    """Parse a query. With ``strict``, as in the API, unknown names are errors. Pages ignore them, because mail programs
    add some.

    Raises FieldError: first for a value that cannot be parsed, then for values that do not go together, each in the
    order of the table.
    """
    texts = _texts(pairs, strict)
    values = _with_defaults({n: f.parse(texts[n]) for n, f in FIELDS.items() if n in texts})
    sizes = {**fitting_sizes(values), **implied_sizes(values)}
    values |= {name: size for name, size in sizes.items() if name not in texts}
    for f in BOUNDED_FIELDS:
        if f.name not in texts:
            values[f.name] = f.default_for(values)
    check(values)
    if "tensor" in texts and not values["tensor"]:
        raise FieldError(
            "tensor", "", phrase("tensor must not be empty; leave it out or name a tensor"), list(tensors_of(values))
        )
    return UrlState(**values)


def parse_for_values(pairs: list[tuple[str, str]], with_time: bool = False) -> UrlState:
    """Parse a query for the values of one tensor, which is required. ``t`` is ignored if the tensor is not computed at
    each step; with ``with_time``, only if it has no time axis either. Raises FieldError."""
    without_t = parse([(name, text) for name, text in pairs if name != "t"], strict=True)
    if not without_t.tensor:
        known = list(without_t.program.by_id)
        raise FieldError("tensor", None, "tensor is required; choose one of the allowed values", known)
    tensor = without_t.program.by_id[without_t.tensor]
    has_t = tensor.per_step or (with_time and TIME_STEP in tensor.axes)
    return parse(pairs, strict=True) if has_t else without_t


def _texts(pairs: Pairs, strict: bool) -> dict[str, str]:
    """The text of each field. Raises FieldError for a repeated field, and with ``strict`` for an unknown one."""
    texts: dict[str, str] = {}
    for name, text in pairs:
        if name in texts:
            message = phrase("{field} appears twice; give it once", field=name)
            raise FieldError(name, text, message, "one value")
        if name in FIELDS:
            texts[name] = text
        elif strict:
            raise FieldError(
                name, text, f"unknown field {quoted(name)}; known fields: {', '.join(FIELDS)}", list(FIELDS)
            )
    return texts


def _with_defaults(known: dict[str, Value]) -> dict[str, Any]:
    """A value for every field, in the order of the table, because a default may depend on the fields before it."""
    values: dict[str, Any] = {}
    for name, field in FIELDS.items():
        values[name] = known[name] if name in known else field.default_for(values)
    return values


def nearest(pairs: Pairs) -> UrlState:
    """The valid UrlState that is closest to an invalid query: numbers are clamped to their range, and words are
    replaced by the most similar ones."""
    values: dict[str, Any] = {}
    texts = {name: text for name, text in pairs if name in FIELDS}  # each name once, because comparing words takes time
    for name, text in texts.items():
        try:
            values[name] = FIELDS[name].parse(text)
        except FieldError:
            values[name] = FIELDS[name].nearest(text)
    values = _with_defaults(values)
    known = tensors_of(fitted(values))
    if values["tensor"] not in known:
        values["tensor"] = (get_close_matches(values["tensor"], known, 1) or [""])[0]
    return UrlState(**fitted(values))
