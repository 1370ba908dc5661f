"""The cells: one file each, equations first."""

from ..cell import Cell
from .gru import GRU
from .gru_reset_after import GRU_RESET_AFTER
from .lstm import LSTM
from .lstm_coupled import LSTM_COUPLED
from .lstm_peephole import LSTM_PEEPHOLE
from .lstm_projected import projected
from .rnn import RNN

__all__ = ["CELLS", "GRU", "GRU_RESET_AFTER", "LSTM", "LSTM_COUPLED", "LSTM_PEEPHOLE", "PROJECTED", "RNN"]

CELLS: dict[str, Cell] = {c.id: c for c in (LSTM, LSTM_PEEPHOLE, LSTM_COUPLED, GRU, GRU_RESET_AFTER, RNN)}

PROJECTED: dict[str, Cell] = {id: projected(cell) for id, cell in CELLS.items() if cell.can_be_projected}
"""The cells that can have a projection, each with one."""
