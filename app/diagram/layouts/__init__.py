"""The positions of the parts of each cell."""

from ...core.program import Program
from .automatic.plain_picture import automatic
from .gru import GRU
from .gru_reset_after import GRU_RESET_AFTER
from .layout import CellLayout
from .lstm import LSTM, projected
from .lstm_coupled import LSTM_COUPLED
from .lstm_peephole import LSTM_PEEPHOLE
from .rnn import RNN
from .typed_cells.layout import typed
from .typed_cells.operations import line_of

LAYOUTS = {
    "lstm": LSTM,
    "lstm_peephole": LSTM_PEEPHOLE,
    "lstm_coupled": LSTM_COUPLED,
    "gru": GRU,
    "gru_reset_after": GRU_RESET_AFTER,
    "rnn": RNN,
}
"""The layouts that were made by hand, by cell."""


def layout_of(program: Program, format: str = "page", in_two_lines: bool = False, opened: str = "") -> CellLayout:
    """The positions of the parts of a program's cell in a format; on a screen labels may have two lines. A typed cell
    that is folded by line shows the operations of the line of the tensor ``opened``."""
    if program.cell.text:
        return typed(program, line_of(program, opened) if opened else "", narrow=format.startswith("narrow"))
    layout = LAYOUTS.get(program.cell.id)
    if not layout:
        return automatic(program)
    on_screen = {"hall": layout.on_screen, "half": layout.on_half}
    if format in on_screen:
        layout = on_screen[format] or layout
        layout = (in_two_lines and layout.in_two_lines) or layout
    return projected(layout, on_screen=format == "hall") if "projection" in program.by_id else layout
