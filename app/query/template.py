"""The picture of a View for other sizes, and the texts around it: templates, which a browser evaluates while a size is
dragged.

A template is a Plotly figure, or other contents, whose texts and numbers have slots, with the formulas of what is
written there. It is valid for all sizes with the same conditions: the same steps are folded, and the same things have
room.
"""

from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from cachetools import LRUCache

from ..expressions import Formulas, Recording, operands, slotted
from .field_types import Value
from .fields import SLIDERS
from .figure import figure_of
from .view import View

MOST = 64
"""Templates of one picture that are cached: as many as the stops of its sliders need."""

LARGEST = 300_000
"""The maximum number of formulas and slots of all cached templates: each takes some 300 bytes."""

EMPTY = 100
"""The size of what has no template yet, in the same unit."""

BROWSER_FORMATS = {"upright lines", "level lines", "subscript", "minus"}
"""The formats of functions that template.js has as well."""

SVG_FORMATS = BROWSER_FORMATS | {"label"}
"""The same for SVG, which is written as one text: these functions write elements."""

POSITIONS = "t", "sample", "unit"
"""The fields that are positions along a size: a smaller size can change them."""

Draw = Callable[[View], Any]
"""Makes the contents of a template: dicts, lists, texts and numbers."""


@dataclass(frozen=True)
class Template:
    """A template as a document for JSON, and its formulas."""

    document: Mapping[str, Any]
    formulas: Formulas

    @property
    def size(self) -> int:
        """The number of formulas and slots."""
        return len(self.formulas.nodes) + len(self.formulas.slots)


@dataclass
class Templates:
    """The templates of one picture, or of what else is drawn of a View."""

    found: list[Template] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def valid_for(self, view: View, draw: Draw, formats: Set[str]) -> Template:
        """The template for the sizes of a View, recorded unless it is cached."""
        with self.lock:
            for template in self.found:
                if template.formulas.is_valid(numbers(view)):
                    return template
            template = record(view, draw, formats)
            self.found = [template, *self.found[: MOST - 1]]
            return template

    @property
    def size(self) -> int:
        return EMPTY + sum(template.size for template in self.found)


_templates: LRUCache[Hashable, Templates] = LRUCache(LARGEST, getsizeof=lambda templates: templates.size)
_lock = Lock()


def template_of(view: View) -> dict[str, Any]:
    """The template of the figure as a document, with its numbers, and the names of the sizes that can be changed."""
    if not sliders(view):
        return {**document(Formulas([], {}, []), figure_of(view)), "sizes": numbers(view), "sliders": []}
    return {**recorded(view, "figure", figure_of), "sizes": numbers(view), "sliders": sliders(view)}


def numbers(view: View) -> dict[str, int]:
    """The numbers in formulas: the sizes, the step in focus, and the sample and unit that are followed, if any."""
    positions = {name: view[name] for name in POSITIONS}
    return {**view.sizes, **{name: n for name, n in positions.items() if isinstance(n, int)}}


def sliders(view: View) -> list[str]:
    """The names of the sizes that can be changed in templates. Formulas would reveal hidden shapes."""
    if view.labels == "hidden":
        return []
    return [slider.name for slider in SLIDERS if slider.name not in view.fixed]


def recorded(view: View, drawn: str, draw: Draw, formats: Set[str] = BROWSER_FORMATS) -> Mapping[str, Any]:
    """The template of what ``draw`` makes of a View, as a document. ``drawn`` is its name in the cache."""
    key = _without_numbers(view), drawn
    with _lock:
        templates = _templates.get(key) or Templates()
    template = templates.valid_for(view, draw, formats)
    with _lock:
        _templates[key] = templates  # it may be larger now
    return template.document


def _without_numbers(view: View) -> View:
    """The View with the same numbers as all that differ in nothing else."""
    ones: dict[str, Any] = dict.fromkeys(numbers(view), 1)
    return replace(view, **ones)


class RecordedView(View):
    """A View with expressions as sizes. It has no links: a browser keeps those of its page."""

    def query(self, **changes: Value) -> str:
        return ""

    def is_changed_by(self, **changes: Value) -> bool:
        return False


def record(view: View, draw: Draw, formats: Set[str] = BROWSER_FORMATS) -> Template:
    """Draw with expressions as numbers."""
    with Recording(numbers(view), formats) as recording:
        contents = slotted(draw(RecordedView(**{**view.values, **recording.sizes})))
    formulas = recording.finish()
    return Template(document(formulas, contents), formulas)


def document(formulas: Formulas, contents: Any) -> dict[str, Any]:
    """A template for JSON, with the formulas that it needs."""
    used = {index for _, *operands in formulas.slots for index in operands if isinstance(index, int)}
    numbers = {index: number for number, index in enumerate(formulas.needed(used.union(formulas.conditions)))}

    def reference(operand: int | str) -> int | str:
        return operand if isinstance(operand, str) else numbers[operand]

    nodes = []
    for index in numbers:
        name, *rest = formulas.nodes[index]
        nodes.append([name, *(numbers[k] for k in rest)] if operands((name, *rest)) else [name, *rest])
    return {
        "formulas": nodes,
        "slots": [[spec, *map(reference, operands)] for spec, *operands in formulas.slots],
        "conditions": [[numbers[index], result] for index, result in formulas.conditions.items()],
        "figure": contents,
    }
