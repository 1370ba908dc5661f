"""The parts of the main page that a browser writes for other sizes, as the picture: their HTML as templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from ....translations.languages import translator
from ....translations.translator import Translator
from ....url_state.names_in_framework import names
from ....url_state.url_state import UrlState
from ....url_state_to_picture.picture_template import cached_template, numbers, sliders, template_of
from ..parts.below_picture.batch import followed_row
from ..parts.framework import framework_section
from ..parts.inputs_and_outputs import arrays
from ..parts.last_state import last_state
from ..parts.lesson_text import LessonText, SidePage
from ..parts.page_picture import formats_like, page_picture
from ..parts.parameters import parameter_count
from ..parts.stack_map_links import stack_map
from ..parts.step_strip import step_strip
from ..parts.tensor_questions import myths
from ..parts.tensor_table import row
from ..parts.training_panel import size_axis_of, training_part
from ..parts.weight_charts import weights
from ..parts.why_this_shape import explanation
from ..rendering import link_context, rendered


@dataclass(frozen=True)
class PageParts:
    """What the parts of a page depend on, beside its UrlState: its language, the maximum size of a weights file in
    bytes, the format of the picture, and the text beside it, which has a ``name``."""

    language: str
    limit: int
    format: str
    name: str = ""
    side_page: Callable[[UrlState, str], SidePage] | None = None

    @property
    def translate(self) -> Translator:
        return translator(self.language)

    def text(self, state: UrlState) -> LessonText:
        """The text beside the picture of a UrlState."""
        assert self.side_page
        return self.side_page(state, self.language).text


Context = Callable[[UrlState, PageParts], dict[str, Any]]
"""Makes what the HTML template of a part shows."""


def _selected(state: UrlState, page: PageParts) -> dict[str, Any]:
    id = state.tensor or state.program.cell.output
    return {
        "selected": row(state, state.program.by_id[id], page.translate, detailed=True),
        "last_state": last_state(state, id),
        "parameters": parameter_count(state),
        "training": training_part(state) if state.view == "training" else None,
        "myths": {about: myths(state, about, page.language) for about in (*state.sizes, id)},
    }


def part_of_run(name: str, state: UrlState, page: PageParts) -> Markup:
    """A part that the page renders with its run; the only one here needs none."""
    note = {"row": followed_row(state)}
    return Markup(rendered(f"parts/{name}.html", note=note, url_state=state, lang=page.language).rstrip())


def _arrays(state: UrlState, page: PageParts) -> dict[str, Any]:
    return {"arrays": arrays(state, page.translate), "parameters": parameter_count(state)}


def _explanation(state: UrlState, page: PageParts) -> dict[str, Any]:
    tensor = state.program.by_id[state.tensor or state.program.cell.output]
    return {"explanation": explanation(state, tensor, page.translate)}


def _tensors(state: UrlState, page: PageParts) -> dict[str, Any]:
    return {"tensors": [row(state, tensor, page.translate) for tensor in state.program.tensors]}


def _kernels(state: UrlState, page: PageParts) -> dict[str, Any]:
    highlighted = page.text(state).highlighted if page.side_page else frozenset[str]()
    return {"weights": weights(state, highlighted, page.translate)}


PARTS: dict[str, tuple[str, Context]] = {
    "jump": ("selected_tensor_line.html", _selected),
    "arrays": ("inputs_and_outputs.html", _arrays),
    "selected": ("selected_tensor_panel.html", _selected),
    "explanation": ("why_this_shape.html", _explanation),
    "step-strip": ("step_strip.html", lambda state, page: {"step_strip": step_strip(state)}),
    "map": ("stack_map.html", lambda state, page: {"map": stack_map(state, page.translate)}),
    "kernels": ("weight_charts.html", _kernels),
    "framework": (
        "framework.html",
        lambda state, page: {"framework": framework_section(state, page.limit, page.translate)},
    ),
    "table": ("tensor_table.html", _tensors),
    "side-text": ("side_text.html", lambda state, page: {"text": page.text(state)}),
}
"""The HTML template of each part and what it shows, by its id in the page."""


def page_template(state: UrlState, page: PageParts) -> dict[str, Any]:
    """The template of the figure and the picture, with those of the parts around it."""
    picture = template_of(state, partial(picture_html, page), f"{page.format} {page.language}")
    return {**picture, **parts_template(state, page)}


def picture_html(page: PageParts, state: UrlState) -> str:
    """The picture as HTML. A browser keeps which of the links are marked, as it keeps where they lead."""
    picture = page_picture(state, page.format, frozenset(), page.translate)
    context = {
        **link_context(state, page.language, "/"),
        "url_state": state,
        "formats": formats_like(state, page.format),
    }
    return rendered(
        "parts/page_picture.html", picture=picture, axis=size_axis_of(state, page.format), over=None, **context
    )


def parts_template(state: UrlState, page: PageParts) -> dict[str, Any]:
    """The templates of the parts of the page, if sizes can be changed. Those of a typed cell are asked for: its program
    has numbers that follow from sizes."""
    sizes = sliders(state)
    parts = parts_filled_in_browser(state, page) if sizes and not state.equations else {}
    return {"parts": parts, "sizes": numbers(state), "sliders": sizes}


def parts_filled_in_browser(state: UrlState, page: PageParts) -> dict[str, Mapping[str, Any]]:
    """Each part of the page with formulas, see ``query.picture_template``."""
    return {
        id: cached_template(state, f"{id} {page.language} {page.name}", rendering(id, page))
        for id in part_ids(state, page)
    }


def part_ids(state: UrlState, page: PageParts) -> list[str]:
    """The parts that the page has."""
    missing = {"side-text": not page.side_page, "map": len(state.stack.places) == 1}
    return [id for id in PARTS if not missing.get(id)]


def rendering(id: str, page: PageParts) -> Callable[[UrlState], str]:
    """Makes the HTML of a part."""
    name, context = PARTS[id]

    def render(state: UrlState) -> str:
        return rendered(
            f"parts/{name}",
            **link_context(state, page.language, "/"),
            url_state=state,
            framework_names=names(state),
            is_executed=True,
            side_page=page.side_page,
            part=lambda name: part_of_run(name, state, page),
            **context(state, page),
        )

    return render
