"""The choices that the controls of a page offer, and the table of fields for the browser."""

from typing import Any

from app.query.field_types import Field, Index, Number
from app.query.fields import DATA, FIELDS, MODEL
from app.query.rules import PARENTS
from app.translations.phrases import phrase

TITLES = {
    "unrolled": phrase("unrolled"),
    "rolled": phrase("rolled"),
    "batch": phrase("batch"),
    "units": phrase("units"),
    "weights": phrase("weights"),
    "gradients": phrase("backwards"),
}
"""What the pictures of one question are called."""

LABEL_TITLES = (phrase("numbers"), phrase("names"), phrase("both"), phrase("hidden"))
"""What each choice of labels is called."""

DIRECTIONS = ((phrase("forward"), False), (phrase("both ways"), True))


def field_table() -> list[dict[str, Any]]:
    """The table of fields as the browser gets it."""
    run = {f.name for f in (*MODEL, *DATA)}
    return [
        {"name": f.name, "default": f.default, "run": f.name in run, "whole": PARENTS.get(f.name)} | limits(f)
        for f in FIELDS.values()
    ]


def limits(field: Field) -> dict[str, Any]:
    """Of a number, its ends, what it stays below, and where its slider rests."""
    if isinstance(field, Index):
        return {"below": field.below}
    if not isinstance(field, Number):
        return {}
    return {"min": field.low, "max": field.high, "below": field.below, "stops": field.stops if field.slider else None}
