"""The positions of the parts of each cell."""

from app.core.program import Program
from app.diagram.layouts.automatic.automatic import automatic
from app.diagram.layouts.gru import GRU
from app.diagram.layouts.gru_reset_after import GRU_RESET_AFTER
from app.diagram.layouts.layout import CellLayout
from app.diagram.layouts.lstm import LSTM, projected
from app.diagram.layouts.lstm_coupled import LSTM_COUPLED
from app.diagram.layouts.lstm_peephole import LSTM_PEEPHOLE
from app.diagram.layouts.rnn import RNN

LAYOUTS = {
    "lstm": LSTM,
    "lstm_peephole": LSTM_PEEPHOLE,
    "lstm_coupled": LSTM_COUPLED,
    "gru": GRU,
    "gru_reset_after": GRU_RESET_AFTER,
    "rnn": RNN,
}
"""The layouts that were drawn by hand, by cell."""


def layout_of(program: Program) -> CellLayout:
    """The positions of the parts of a program's cell."""
    layout = LAYOUTS.get(program.cell.id)
    if not layout:
        return automatic(program)
    return projected(layout) if "projection" in program.by_id else layout
