"""The parts of the main page that a browser writes for other sizes, as the picture: their HTML as templates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from ...query.chosen_framework import names
from ...query.picture_template import cached_template, numbers, sliders, template_of
from ...query.view import View
from ...translations.languages import translator
from ...translations.translator import Translator
from .parts.framework import framework_section
from .parts.inputs_and_outputs import arrays
from .parts.last_state import last_state
from .parts.lesson_text import LessonText, SidePage
from .parts.page_picture import formats_like, page_picture
from .parts.parameters import parameter_count
from .parts.stack_map_links import stack_map
from .parts.step_strip import step_strip
from .parts.tensor_questions import myths
from .parts.tensor_table import row
from .parts.training_panel import size_axis_of, training_part
from .parts.view_notes.batch import followed_row
from .parts.weight_charts import weights
from .parts.why_this_shape import explanation
from .templates import link_context, rendered


@dataclass(frozen=True)
class PageParts:
    """What the parts of a page depend on, beside its View: its language, the maximum size of a weights file in bytes,
    the format of the picture, and the text beside it, which has a ``name``."""

    language: str
    limit: int
    format: str
    name: str = ""
    side_page: Callable[[View, str], SidePage] | None = None

    @property
    def translate(self) -> Translator:
        return translator(self.language)

    def text(self, view: View) -> LessonText:
        """The text beside the picture of a View."""
        assert self.side_page
        return self.side_page(view, self.language).text


Context = Callable[[View, PageParts], dict[str, Any]]
"""Makes what the HTML template of a part shows."""


def _selected(view: View, page: PageParts) -> dict[str, Any]:
    id = view.tensor or view.program.cell.output
    return {
        "selected": row(view, view.program.by_id[id], page.translate, detailed=True),
        "last_state": last_state(view, id),
        "parameters": parameter_count(view),
        "training": training_part(view) if view.view == "training" else None,
        "myths": {about: myths(view, about, page.language) for about in (*view.sizes, id)},
    }


def part_of_run(name: str, view: View, page: PageParts) -> Markup:
    """A part that the page renders with its run; the only one here needs none."""
    note = {"row": followed_row(view)}
    return Markup(rendered(f"parts/{name}.html", note=note, view=view, lang=page.language).rstrip())


def _arrays(view: View, page: PageParts) -> dict[str, Any]:
    return {"arrays": arrays(view, page.translate), "parameters": parameter_count(view)}


def _explanation(view: View, page: PageParts) -> dict[str, Any]:
    tensor = view.program.by_id[view.tensor or view.program.cell.output]
    return {"explanation": explanation(view, tensor, page.translate)}


def _tensors(view: View, page: PageParts) -> dict[str, Any]:
    return {"tensors": [row(view, tensor, page.translate) for tensor in view.program.tensors]}


def _kernels(view: View, page: PageParts) -> dict[str, Any]:
    highlighted = page.text(view).highlighted if page.side_page else frozenset[str]()
    return {"weights": weights(view, highlighted, page.translate)}


PARTS: dict[str, tuple[str, Context]] = {
    "jump": ("selected_tensor_line.html", _selected),
    "arrays": ("inputs_and_outputs.html", _arrays),
    "selected": ("selected_tensor_panel.html", _selected),
    "explanation": ("why_this_shape.html", _explanation),
    "step-strip": ("step_strip.html", lambda view, page: {"step_strip": step_strip(view)}),
    "map": ("stack_map.html", lambda view, page: {"map": stack_map(view, page.translate)}),
    "kernels": ("weight_charts.html", _kernels),
    "framework": (
        "framework.html",
        lambda view, page: {"framework": framework_section(view, page.limit, page.translate)},
    ),
    "table": ("tensor_table.html", _tensors),
    "side-text": ("side_text.html", lambda view, page: {"text": page.text(view)}),
}
"""The HTML template of each part and what it shows, by its id in the page."""


def page_template(view: View, page: PageParts) -> dict[str, Any]:
    """The template of the figure and the picture, with those of the parts around it."""
    picture = template_of(view, partial(picture_html, page), f"{page.format} {page.language}")
    return {**picture, **parts_template(view, page)}


def picture_html(page: PageParts, view: View) -> str:
    """The picture as HTML. A browser keeps which of the links are marked, as it keeps where they lead."""
    picture = page_picture(view, page.format, frozenset(), page.translate)
    context = {**link_context(view, page.language, "/"), "view": view, "formats": formats_like(view, page.format)}
    return rendered(
        "parts/page_picture.html", picture=picture, axis=size_axis_of(view, page.format), over=None, **context
    )


def parts_template(view: View, page: PageParts) -> dict[str, Any]:
    """The templates of the parts of the page, if sizes can be changed. Those of a typed cell are asked for: its program
    has numbers that follow from sizes."""
    sizes = sliders(view)
    parts = sized_parts(view, page) if sizes and not view.equations else {}
    return {"parts": parts, "sizes": numbers(view), "sliders": sizes}


def sized_parts(view: View, page: PageParts) -> dict[str, Mapping[str, Any]]:
    """Each part of the page with formulas, see ``query.picture_template``."""
    return {
        id: cached_template(view, f"{id} {page.language} {page.name}", rendering(id, page))
        for id in part_ids(view, page)
    }


def part_ids(view: View, page: PageParts) -> list[str]:
    """The parts that the page has."""
    missing = {"side-text": not page.side_page, "map": len(view.stack.places) == 1}
    return [id for id in PARTS if not missing.get(id)]


def rendering(id: str, page: PageParts) -> Callable[[View], str]:
    """Makes the HTML of a part."""
    name, context = PARTS[id]

    def render(view: View) -> str:
        return rendered(
            f"parts/{name}",
            **link_context(view, page.language, "/"),
            view=view,
            framework_names=names(view),
            is_executed=True,
            side_page=page.side_page,
            part=lambda name: part_of_run(name, view, page),
            **context(view, page),
        )

    return render
