"""The picture of a UrlState for other sizes, and the texts around it: templates, which a browser evaluates while a size
is dragged.

A template is a Plotly figure, or other contents, whose texts and numbers have slots, with the formulas of what is
written there. It is valid for all sizes with the same conditions: the same steps are folded, and the same things have
room.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType
from typing import Any

from ..growing_cache import GrowingCache
from ..size_expressions import Formulas, Node, Recording, operands, slotted
from ..url_state.field_types import Value
from ..url_state.fields import FIELDS, SLIDERS
from ..url_state.url_state import UrlState
from .plotly_figure import figure_of

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

Draw = Callable[[UrlState], Any]
"""Makes the contents of a template: dicts, lists, texts and numbers."""


@dataclass(frozen=True)
class Template:
    """A template as a document for JSON, and its formulas with the conditions of its contents."""

    document: Mapping[str, Any]
    formulas: Formulas

    @property
    def size(self) -> int:
        """The number of formulas and slots."""
        return len(self.formulas.nodes) + len(self.formulas.slots)


@dataclass
class Templates:
    """The templates of one picture, or of what else is drawn of a UrlState."""

    found: list[Template] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def valid_for(self, state: UrlState, draw: Draw, formats: Set[str], draw_page: Draw | None) -> Template:
        """The template for the sizes of a UrlState, recorded unless it is cached."""
        with self.lock:
            for template in self.found:
                if template.formulas.is_valid(numbers(state)):
                    return template
            template = record(state, draw, formats, draw_page)
            self.found = [template, *self.found[: MOST - 1]]
            return template

    @property
    def size(self) -> int:
        return EMPTY + sum(template.size for template in self.found)


_templates = GrowingCache[tuple[UrlState, str], Templates](LARGEST, lambda _: Templates())


def template_of(state: UrlState, draw_page: Draw | None = None, page: str = "") -> dict[str, Any]:
    """The template of the figure as a document, with its numbers, and the names of those that can be changed.

    ``draw_page`` makes the picture as HTML for a ``page``, which is then part of the template.
    """
    if not sliders(state):
        return {**document(Formulas([], {}, []), figure_of(state)), "sizes": numbers(state), "sliders": []}
    if draw_page:
        template = cached_template(state, f"figure and picture {page}", figure_of, SVG_FORMATS, draw_page)
    else:
        template = cached_template(state, "figure", figure_of)
    return {**template, "sizes": numbers(state), "sliders": sliders(state)}


def numbers(state: UrlState) -> dict[str, int]:
    """The numbers in formulas: the sizes, the step in focus, and the sample and unit that are followed, if any."""
    positions = {name: state[name] for name in POSITIONS}
    return {
        **{name: n for name, n in state.sizes.items() if name in FIELDS},
        **{name: n for name, n in positions.items() if isinstance(n, int)},
    }


def sliders(state: UrlState) -> list[str]:
    """The names of the sizes that can be changed in templates: none if one would change another. Formulas would reveal
    hidden shapes, and none says what a network learns."""
    if state.labels == "hidden" or state.tied or (state.trained and state.view == "training"):
        return []
    return [slider.name for slider in SLIDERS if slider.name not in state.fixed]


def cached_template(
    state: UrlState, drawn: str, draw: Draw, formats: Set[str] = BROWSER_FORMATS, draw_page: Draw | None = None
) -> Mapping[str, Any]:
    """The template of what ``draw`` makes of a UrlState, as a document. ``drawn`` is its name in the cache."""
    with _templates.using((_without_numbers(state), drawn)) as templates:
        return templates.valid_for(state, draw, formats, draw_page).document


def _without_numbers(state: UrlState) -> UrlState:
    """The UrlState with the same numbers as all that differ in nothing else."""
    ones: dict[str, Any] = dict.fromkeys(numbers(state), 1)
    return replace(state, **ones)


class RecordedUrlState(UrlState):
    """A UrlState with expressions as sizes. It has no links: a browser keeps those of its page."""

    def query(self, **changes: Value) -> str:
        return ""

    def is_changed_by(self, **changes: Value) -> bool:
        return False


def record(state: UrlState, draw: Draw, formats: Set[str] = BROWSER_FORMATS, draw_page: Draw | None = None) -> Template:
    """Draw with expressions as numbers. What ``draw_page`` draws has the same formulas, and may have more conditions:
    the template is valid without them."""
    with Recording(numbers(state), formats) as recording:
        resized = RecordedUrlState(**{**state.values, **recording.sizes})
        contents, own = slotted(draw(resized)), recording.conditions
        page = slotted(draw_page(resized)) if draw_page else None
    formulas = recording.finish()
    template = replace(formulas, conditions=own)
    if page is None:
        return Template(document(template, contents), template)
    more = {index: result for index, result in formulas.conditions.items() if index not in own}
    return Template(document(template, contents, page, more), template)


def document(
    formulas: Formulas, contents: Any, page: Any = None, more: Mapping[int, bool] = MappingProxyType({})
) -> dict[str, Any]:
    """A template for JSON, with the formulas that it needs. The ``page``, if there is one, has ``more`` conditions."""
    used = {index for _, *operands in formulas.slots for index in operands if isinstance(index, int)}
    needed = formulas.needed(used.union(formulas.conditions, more))
    numbers = {index: number for number, index in enumerate(needed)}

    def reference(operand: int | str) -> int | str:
        return operand if isinstance(operand, str) else numbers[operand]

    def written(conditions: Mapping[int, bool]) -> list[tuple[int, bool]]:
        return [(numbers[index], result) for index, result in conditions.items()]

    def numbered(node: Node) -> Node:
        return (node[0], *map(numbers.__getitem__, node[1:])) if operands(node) else node

    found = {
        "formulas": [numbered(formulas.nodes[index]) for index in numbers],
        "slots": [[spec, *map(reference, operands)] for spec, *operands in formulas.slots],
        "conditions": written(formulas.conditions),
        "figure": contents,
    }
    return found if page is None else {**found, "page": {"html": page, "conditions": written(more)}}
