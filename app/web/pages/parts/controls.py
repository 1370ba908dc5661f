"""The controls of a page: their choices, as links, and the table of fields for the browser."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from ....core.cells import CELLS
from ....core.input_data import INPUTS
from ....diagram.shape_labels import LABELS
from ....diagram.size_notation import NOTATIONS
from ....frameworks import FRAMEWORKS
from ....frameworks.framework import Unsupported
from ....lessons.presets import PRESETS, Preset
from ....query.field_types import Field, Index, Number
from ....query.fields import DATA, FIELDS, MODEL, SLIDERS
from ....query.rules import PARENTS, values_of
from ....query.view import View
from ....translations.phrases import phrase


class Choice(NamedTuple):
    """One of several values, with the query that selects it."""

    title: str
    link: str
    is_chosen: bool


class CellChoice(NamedTuple):
    """A cell, with the query that selects it."""

    short_title: str
    title: str
    link: str
    is_chosen: bool


class FrameworkChoice(NamedTuple):
    """A framework, with the query that selects it. ``missing``: why it does not support the configuration, if so."""

    id: str
    title: str
    link: str
    missing: Unsupported | None


class LabelChoice(NamedTuple):
    """A choice of labels, with the query that selects it."""

    id: str
    title: str
    link: str


@dataclass(frozen=True)
class Controls:
    """The choices of all controls of the main page."""

    sliders: list[Number]
    fields: dict[str, Field]
    views: list[Choice]
    presets: list[tuple[Preset, str, bool]]
    cells: list[CellChoice]
    frameworks: list[FrameworkChoice]
    labels: list[LabelChoice]
    notations: list[tuple[str, str]]
    directions: list[Choice]
    inputs: list[Choice]
    text_limits: str
    field_table: list[dict[str, Any]]


def controls(view: View) -> Controls:
    """The choices of all controls, as links from a View."""
    stack = view.stack
    return Controls(
        sliders=SLIDERS,
        fields=FIELDS,
        views=[Choice(title, view.query(view=id), id == view.view) for id, title in TITLES.items()],
        presets=[(p, view.query(**values_of(p.stack), seed=0, data="random"), p.stack == stack) for p in PRESETS],
        cells=[
            CellChoice(cell.short_title, cell.title, view.query(cell=id), id == view.cell) for id, cell in CELLS.items()
        ],
        frameworks=[
            FrameworkChoice(id, f.title, view.query(framework=id), view.model_in(f).unsupported)
            for id, f in FRAMEWORKS.items()
        ],
        labels=[LabelChoice(id, title, view.query(labels=id)) for id, title in zip(LABELS, LABEL_TITLES, strict=True)],
        notations=[(id, view.query(notation=id)) for id in NOTATIONS],
        directions=[
            Choice(title, view.query(bidirectional=both), view.bidirectional == both) for title, both in DIRECTIONS
        ],
        inputs=[Choice(id, view.query(data=id), id == view.data) for id in INPUTS],
        text_limits=FIELDS["text"].limits,
        field_table=field_table(),
    )


TITLES = {
    "unrolled": phrase("unrolled"),
    "rolled": phrase("rolled"),
    "batch": phrase("batch"),
    "units": phrase("units"),
    "weights": phrase("weights"),
    "gradients": phrase("backwards"),
}
"""The titles of the views."""

LABEL_TITLES = (phrase("numbers"), phrase("names"), phrase("both"), phrase("hidden"))
"""The titles of the choices of labels, in the order of ``LABELS``."""

DIRECTIONS = ((phrase("forward"), False), (phrase("both ways"), True))


def field_table() -> list[dict[str, Any]]:
    """The table of fields for the browser's scripts, as JSON."""
    run = {f.name for f in (*MODEL, *DATA)}
    return [
        {"name": f.name, "default": f.default, "run": f.name in run, "whole": PARENTS.get(f.name)} | limits(f)
        for f in FIELDS.values()
    ]


def limits(field: Field) -> dict[str, Any]:
    """The part of an entry for a number: its minimum and maximum, the field that it must stay below, and the stops of
    its slider."""
    if isinstance(field, Index):
        return {"below": field.below}
    if not isinstance(field, Number):
        return {}
    return {"min": field.low, "max": field.high, "below": field.below, "stops": field.stops if field.slider else None}
