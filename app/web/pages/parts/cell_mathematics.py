"""The equations of a cell as mathematics, a row for each tensor that a line of its text computes."""

from typing import NamedTuple

from markupsafe import Markup

from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....equations.parser import parse
from ....equations.syntax import Assignment
from ....query.view import View
from .formatting import mathematics


class Row(NamedTuple):
    """An equation, and the shape of what it computes. ``line``: its number in the text, from 1."""

    formula: Markup
    shape: Line
    tensor: str
    line: int
    link: str


def rows_of(view: View) -> list[Row]:
    """The equations of a typed cell, in the order of its text."""
    program, found = view.program, list[Row]()
    for statement in parse(view.equations).statements:
        for name in statement.names if isinstance(statement, Assignment) else ():
            t = program.by_id[name]
            formula = mathematics(program.formula(t), view.t)
            shape = shape_line(t.axes, view.sizes)
            found.append(Row(formula, shape, name, statement.place.line, view.query(tensor=name)))
    return found
