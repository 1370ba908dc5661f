"""The parts of the main page that a browser writes for other sizes, as the picture: their HTML as a template."""

from collections.abc import Mapping
from typing import Any

from ...query.chosen_framework import names
from ...query.template import recorded, sliders, template_of
from ...query.view import View
from ...translations.languages import translator
from .parts.arrays import arrays
from .parts.parameters import parameter_count
from .parts.tensor_table import row
from .templates import link_context, templates

PARTS = {"jump": "parts/jump.html", "arrays": "parts/arrays.html", "table": "parts/tensors.html"}
"""The HTML template of each part, by its id in the page."""


def page_template(view: View, language: str) -> dict[str, Any]:
    """The template of the figure, with that of the parts of the page if sizes can be changed."""
    return {**template_of(view), **(parts_template(view, language) if sliders(view) else {})}


def parts_template(view: View, language: str) -> dict[str, Any]:
    """The template of the parts of the page."""
    return {"parts": sized_parts(view, language), "sizes": view.sizes, "sliders": sliders(view)}


def sized_parts(view: View, language: str) -> Mapping[str, Any]:
    """The parts with formulas, see ``query.template``."""
    return recorded(view, f"parts {language}", lambda recorded_view: rendered(recorded_view, language))


def rendered(view: View, language: str) -> dict[str, str]:
    """The HTML of each part."""
    program, translate = view.program, translator(language)
    context: dict[str, Any] = {
        **link_context(view, language, "/"),
        "view": view,
        "arrays": arrays(view, translate),
        "parameters": parameter_count(view),
        "selected": row(view, program.by_id[view.tensor or program.cell.output], translate),
        "tensors": [row(view, tensor, translate) for tensor in program.tensors],
        "framework_names": names(view),
        "is_executed": True,
        "side_page": None,
    }
    return {id: templates.get_template(name).render(context) for id, name in PARTS.items()}
