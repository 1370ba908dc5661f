"""The equations of a cell as mathematics, with the shapes of what they compute."""

from typing import NamedTuple

from markupsafe import Markup

from .....diagram.shape_labels import shape_line
from .....diagram.text_spans import Line
from .....equations.notation import mathematics
from .....url_state.url_state import UrlState


class Row(NamedTuple):
    """An equation as HTML, and the shapes of what it computes, each once. ``line``: its number in the text, from 1;
    ``tensor``: the first tensor that it computes, with its link."""

    formula: Markup
    shapes: list[Line]
    tensor: str
    line: int
    link: str


def rows_of(state: UrlState) -> list[Row]:
    """The equations of a typed cell, in the order of its text."""
    tensors, found = state.program.by_id, list[Row]()
    for formula in mathematics(state.equations):
        computed = [tensors[name] for name in formula.names if name in tensors]
        shapes = [shape_line(axes, state.sizes) for axes in dict.fromkeys(t.axes for t in computed)]
        tensor = computed[0].id if computed else ""
        link = state.query(tensor=tensor) if tensor else state.query()
        found.append(Row(Markup(formula.html), shapes, tensor, formula.line, link))
    return found
