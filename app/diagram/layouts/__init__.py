"""The positions of the parts of each cell."""

from ...core.program import Program
from .automatic.automatic import automatic
from .gru import GRU
from .gru_reset_after import GRU_RESET_AFTER
from .layout import CellLayout
from .lstm import LSTM, projected
from .lstm_coupled import LSTM_COUPLED
from .lstm_peephole import LSTM_PEEPHOLE
from .rnn import RNN

LAYOUTS = {
    "lstm": LSTM,
    "lstm_peephole": LSTM_PEEPHOLE,
    "lstm_coupled": LSTM_COUPLED,
    "gru": GRU,
    "gru_reset_after": GRU_RESET_AFTER,
    "rnn": RNN,
}
"""The layouts that were made by hand, by cell."""


def layout_of(program: Program) -> CellLayout:
    """The positions of the parts of a program's cell."""
    layout = LAYOUTS.get(program.cell.id)
    if not layout:
        return automatic(program)
    return projected(layout) if "projection" in program.by_id else layout
