"""The parts of the page that follow a size while it is dragged: their HTML with slots, see ``expressions.py``.

Their links stay those of the page, because a size is not dragged while a link is followed.
"""

from typing import Any

from ...expressions import Formulas, Recording
from ...query.chosen_framework import names
from ...query.field_types import Value
from ...query.template import document
from ...query.view import View
from ...translations.languages import translator
from .parts.arrays import arrays
from .parts.parameters import parameter_count
from .parts.tensor_table import row
from .templates import link_context, templates

PARTS = {"jump": "parts/jump.html", "arrays": "parts/arrays.html", "table": "parts/tensors.html"}
"""The template of each part, by its id in the page."""


class RecordedView(View):
    """A View with expressions as sizes, and the links of the plain View."""

    plain: View

    @classmethod
    def of(cls, plain: View, recording: Recording) -> "RecordedView":
        view = cls(**{**plain.values, **recording.sizes})
        object.__setattr__(view, "plain", plain)
        return view

    def query(self, **changes: Value) -> str:
        return self.plain.query(**changes)


def followers(view: View) -> dict[str, Any]:
    """The parts as a template. If numbers were hidden in the page, nothing follows."""
    if view.labels == "hidden":
        return document(Formulas([], {}, []), {})
    with Recording(view.sizes) as recording:
        html = rendered(RecordedView.of(view, recording))
        formulas = recording.finish()
    return document(formulas, html)


def rendered(view: View) -> dict[str, str]:
    """The HTML of each part."""
    program, translate = view.program, translator(view.language)
    context: dict[str, Any] = {
        **link_context(view, view.language, "/"),
        "view": view,
        "arrays": arrays(view, translate),
        "parameters": parameter_count(view),
        "selected": row(view, program.by_id[view.tensor or program.cell.output], translate),
        "tensors": [row(view, tensor, translate) for tensor in program.tensors],
        "framework_names": names(view),
        "values": (),
        "side_page": None,
    }
    return {id: templates.get_template(name).render(context) for id, name in PARTS.items()}
