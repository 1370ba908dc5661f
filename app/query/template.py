"""The picture of a View for other sizes: a template, which a browser evaluates while a size is dragged.

A template is a Plotly figure whose texts and numbers have slots, with the formulas of what is written there. It is
valid for all sizes with the same conditions: the same steps are folded, and the same things have room.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import Any

from ..expressions import Formulas, Recording, operands, slotted
from .fields import SLIDERS
from .figure import figure_of
from .view import View

FIXED = {"batch"}
"""Views in which almost every size has a structure of its own. Their templates are valid for one set of sizes."""

MOST = 64
"""Templates of one picture that are cached: as many as the stops of its sliders need."""


@dataclass(frozen=True)
class Template:
    """A template as a document for JSON, and its formulas."""

    document: Mapping[str, Any]
    formulas: Formulas


@dataclass
class Templates:
    """The templates of one picture."""

    found: list[Template] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def valid_for(self, view: View) -> Template:
        """The template for the sizes of a View, recorded unless it is cached."""
        with self.lock:
            for template in self.found:
                if template.formulas.is_valid(view.sizes):
                    return template
            template = record(view)
            self.found = [template, *self.found[: MOST - 1]]
            return template


@lru_cache(16)
def _templates(subject: View) -> Templates:
    return Templates()


def template_of(view: View) -> dict[str, Any]:
    """The template of a View as a document, with its sizes, and the names of those that can be changed."""
    can_change = [slider.name for slider in SLIDERS if slider.name not in view.fixed]
    if view.view in FIXED or view.labels == "hidden":  # formulas would reveal the shapes
        return {**document(Formulas([], {}, []), figure_of(view)), "sizes": view.sizes, "sliders": []}
    return {**_templates(_without_sizes(view)).valid_for(view).document, "sizes": view.sizes, "sliders": can_change}


def _without_sizes(view: View) -> View:
    """The View with the smallest sizes."""
    sizes: dict[str, Any] = dict.fromkeys(view.sizes, 1)
    return replace(view, **sizes)


def record(view: View) -> Template:
    """Draw the picture with expressions as sizes."""
    with Recording(view.sizes) as recording:
        figure = slotted(figure_of(replace(view, **recording.sizes)))
    formulas = recording.finish()
    return Template(document(formulas, figure), formulas)


def document(formulas: Formulas, figure: Mapping[str, Any]) -> dict[str, Any]:
    """A template for JSON, with the formulas that it needs."""
    used = {index for _, *indices in formulas.slots for index in indices}
    numbers = {index: number for number, index in enumerate(formulas.needed(used.union(formulas.conditions)))}
    nodes = []
    for index in numbers:
        name, *rest = formulas.nodes[index]
        nodes.append([name, *(numbers[k] for k in rest)] if operands((name, *rest)) else [name, *rest])
    return {
        "formulas": nodes,
        "slots": [[spec, *(numbers[index] for index in indices)] for spec, *indices in formulas.slots],
        "conditions": [[numbers[index], result] for index, result in formulas.conditions.items()],
        "figure": figure,
    }
