"""/table.csv: the table of tensors for a spreadsheet."""

import csv
from collections.abc import Iterator
from io import StringIO

from starlette.requests import Request
from starlette.responses import Response

from ...core.axes import shape_text, written
from ...core.program import Tensor
from ...translations.languages import translator
from ...translations.translator import Translator
from ...url_state.url_state import UrlState
from ...url_state_to_picture.formulas import formula, in_time, name
from ..requests_and_responses.responses import respond_at_once, url_state_of

TABLE_FILE = "tensors.csv"
"""The name under which browsers save the file."""

COLUMNS = ("id", "symbol", "name", "role", "axes", "shape", "per_step", "op", "inputs", "formula", "sentence")
SECRET = "?"
"""Stands for a shape if the picture hides the shapes."""

# Without a byte order mark, spreadsheets do not decode the file as UTF-8.
BOM = "\ufeff"


async def table(request: Request) -> Response:
    """The table of tensors as CSV."""
    state = url_state_of(request)
    return await respond_at_once(request, lambda: table_csv(state), state=state)


def table_csv(state: UrlState) -> str:
    """CSV by RFC 4180, with a row for each tensor of the cell in focus, in the order of computation."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    translate = translator(state.language)
    for t in state.program.tensors:
        writer.writerow(map(escaped, _cells(state, t, translate)))
    return BOM + file.getvalue()


def _cells(state: UrlState, t: Tensor, translate: Translator) -> Iterator[str]:
    """The cells of a tensor's row, in the order of ``COLUMNS``."""
    is_secret = state.labels == "hidden"
    yield t.id
    yield in_time(state, t.symbol)
    yield translate(name(state, t))
    yield t.role
    yield SECRET if is_secret else written(t.axes)
    yield SECRET if is_secret else shape_text(t.shape(state.sizes))
    yield "yes" if t.per_step else "no"
    yield t.op
    yield " ".join(t.inputs)
    yield in_time(state, translate(formula(state, t)))
    yield translate(name(state, t) if is_secret else t.sentence(state.sizes))


def escaped(cell: str) -> str:
    """A cell with an apostrophe before the beginning of a formula, so that spreadsheets do not execute it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
