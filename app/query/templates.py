"""The picture of a View for other sizes: templates, which a browser evaluates while a size is dragged.

A template is a Plotly figure whose texts and numbers have slots, with the formulas of their values. It is valid as long
as the conditions of its recording have the same results: as long as numbers have as many digits, and as many steps are
drawn.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from ..core.axes import SIZES, Sizes
from ..diagram.painters.plotly import Figure
from ..expressions import FIRST_SLOT, NUMBER, Expression, Formulas, Recording, operands
from .field_types import Number
from .fields import SLIDERS
from .figure import figure_of
from .slider_stops import slider_stops
from .view import View

MOST = 40
"""Templates for the values of one slider. A browser requests further ones when it needs them."""


@dataclass(frozen=True)
class Template:
    """A figure with slots, and the recording of its formulas."""

    figure: Figure
    recording: Recording


@dataclass
class Family:
    """The templates of one picture, with common formulas."""

    formulas: Formulas = field(default_factory=Formulas)
    templates: list[Template] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def for_slider(self, view: View, slider: Number) -> list[Template]:
        """Templates for the stops of one slider, the other sizes as in the View."""
        stops = np.array(slider_stops(slider.low, slider.high))
        sizes: dict[str, Any] = {**view.sizes, slider.name: stops}
        left, found = np.ones(len(stops), bool), []
        for template in self.templates:
            if (is_valid := template.recording.is_valid(sizes) & left).any():
                found.append(template)
                left &= ~is_valid
        while left.any() and len(found) < MOST:
            template = self._record(view, {**view.sizes, slider.name: int(stops[np.argmax(left)])})
            found.append(template)
            left &= ~template.recording.is_valid(sizes)
        return found

    def _record(self, view: View, sizes: Sizes) -> Template:
        recording = Recording(self.formulas, sizes)
        figure = slotted(figure_of(replace(view, **recording.sizes)))
        recording.close()
        self.templates.append(Template(figure, recording))
        return self.templates[-1]


@lru_cache(16)
def _family(view: View) -> Family:
    return Family()


def templates_of(view: View) -> dict[str, Any]:
    """Templates for the values of each slider, as a document for a browser."""
    family = _family(replace(view, **dict.fromkeys(SIZES, 1) | {"num_proj": min(1, view.num_proj)}))
    with family.lock:
        found: list[Template] = []
        sliders = [slider for slider in SLIDERS if slider.name not in view.fixed]
        for slider in sliders:
            if slider.name != "time_step":  # other numbers of steps have other structures
                found += family.for_slider(view, slider)
        templates = list({id(template): template for template in found}.values())
        return {
            **document(family.formulas, templates),
            "sizes": view.sizes,
            "sliders": [slider.name for slider in sliders],
        }


def document(formulas: Formulas, templates: list[Template]) -> dict[str, Any]:
    """Templates with the formulas that they need. Each template but the first one is given by its differences."""
    slots = sorted({slot for template in templates for slot in slots_in(template.figure)})
    indices = {index for slot in slots for index in formulas.slots[slot][1:]}
    indices.update(index for template in templates for index in template.recording.conditions)
    numbers = {index: number for number, index in enumerate(formulas.needed(indices))}
    nodes = []
    for index in numbers:
        node = formulas.nodes[index]
        nodes.append([node[0], node[-1]] if not operands(node) else [node[0], *(numbers[k] for k in node[1:])])
    first = templates[0].figure if templates else {}
    return {
        "formulas": nodes,
        "slots": {
            str(slot): [spec, *(numbers[index] for index in indices)]
            for slot in slots
            for spec, *indices in (formulas.slots[slot],)
        },
        "templates": [
            {
                "conditions": [[numbers[index], result] for index, result in template.recording.conditions.items()],
                "differences": differences(first, template.figure),
            }
            for template in templates
        ],
        "figure": first,
    }


def slotted(value: Any) -> Any:
    """A value for JSON, with slots instead of expressions."""
    match value:
        case Expression():
            return format(value, NUMBER)
        case dict():
            return {key: slotted(one) for key, one in value.items()}
        case list() | tuple():
            return [slotted(one) for one in value]
    return value


def slots_in(value: Any) -> set[int]:
    """The slots in a value."""
    match value:
        case str():
            return {ord(c) - FIRST_SLOT for c in value if FIRST_SLOT <= ord(c) < 0xFFFFD} if not value.isascii() else set()
        case dict():
            return set().union(*map(slots_in, value.values()))
        case list():
            return set().union(*map(slots_in, value))
    return set()


def differences(one: Any, other: Any) -> Any:
    """What differs in another value: None if nothing does, ``[value]`` if the whole does, or a dict with the
    differences of its items."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        found = {key: differences(value, other[key]) for key, value in one.items()}
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = {str(k): differences(*both) for k, both in enumerate(zip(one, other, strict=True))}
    else:
        return None if type(one) is type(other) and one == other else [other]
    return {key: value for key, value in found.items() if value is not None} or None
