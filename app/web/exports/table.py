"""/table.csv: the table of tensors for a spreadsheet."""

import csv
from collections.abc import Iterator
from io import StringIO

from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import shape_text, written
from ...core.program import Tensor
from ...query.formulas import formula, in_time, name
from ...query.view import View
from ...translations.languages import translator
from ...translations.translator import Translator
from ..requests_and_responses.responses import respond_at_once, view_of

COLUMNS = ("id", "symbol", "name", "role", "axes", "shape", "per_step", "op", "inputs", "formula", "sentence")
SECRET = "?"
"""Stands for a shape if the picture hides the shapes."""

# Without a byte order mark, spreadsheets do not decode the file as UTF-8.
BOM = "\ufeff"


async def table(request: Request) -> Response:
    """The table of tensors as CSV."""
    view = view_of(request)
    return await respond_at_once(request, lambda: table_csv(view), view=view)


def table_csv(view: View) -> str:
    """CSV by RFC 4180, with a row for each tensor of the cell in focus, in the order of computation."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    translate = translator(view.language)
    for t in view.program.tensors:
        writer.writerow(map(escaped, _cells(view, t, translate)))
    return BOM + file.getvalue()


def _cells(view: View, t: Tensor, translate: Translator) -> Iterator[str]:
    """The cells of a tensor's row, in the order of ``COLUMNS``."""
    is_secret = view.labels == "hidden"
    yield t.id
    yield in_time(view, t.symbol)
    yield translate(name(view, t))
    yield t.role
    yield SECRET if is_secret else written(t.axes)
    yield SECRET if is_secret else shape_text(t.shape(view.sizes))
    yield "yes" if t.per_step else "no"
    yield t.op
    yield " ".join(t.inputs)
    yield in_time(view, translate(formula(view, t)))
    yield translate(name(view, t) if is_secret else t.sentence(view.sizes))


def escaped(cell: str) -> str:
    """A cell with an apostrophe before the beginning of a formula, so that spreadsheets do not execute it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
