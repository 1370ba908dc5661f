"""/table.csv: the table of tensors for a spreadsheet."""

import csv
from collections.abc import Iterator
from io import StringIO

from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import written
from ...core.program import Tensor
from ...query.formulas import formula, in_time, name
from ...query.view import View
from ...translations.languages import translator
from ...translations.translator import Translator
from ..http.responses import respond_at_once, view_of

COLUMNS = ("id", "symbol", "name", "role", "axes", "shape", "per_step", "op", "inputs", "formula", "sentence")
SECRET = "?"
"""What stands for a shape that somebody is to find."""

# Without it a spreadsheet takes the text for one of its own encodings.
MARK = "\ufeff"


async def table(request: Request) -> Response:
    """The table of tensors for a spreadsheet."""
    view = view_of(request)
    return await respond_at_once(request, lambda: table_csv(view))


def table_csv(view: View) -> str:
    """A line for each tensor of the cell in focus, in the order of computing, as RFC 4180 has it."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    translate = translator(view.language)
    for t in view.program.tensors:
        writer.writerow(map(harmless, _line(view, t, translate)))
    return MARK + file.getvalue()


def _line(view: View, t: Tensor, translate: Translator) -> Iterator[str]:
    is_secret = view.labels == "hidden"
    yield t.id
    yield in_time(view, t.symbol)
    yield translate(name(view, t))
    yield t.role
    yield SECRET if is_secret else written(t.axes)
    yield SECRET if is_secret else " × ".join(map(str, t.shape(view.sizes)))
    yield "yes" if t.per_step else "no"
    yield t.op
    yield " ".join(t.inputs)
    yield in_time(view, translate(formula(view, t)))
    yield translate(name(view, t) if is_secret else t.sentence(view.sizes))


def harmless(cell: str) -> str:
    """A spreadsheet computes what begins like a formula; after an apostrophe it is text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
