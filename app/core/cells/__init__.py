"""The cells: one file each, equations first."""

from app.core.cell import Cell
from app.core.cells.gru import GRU
from app.core.cells.gru_reset_after import GRU_RESET_AFTER
from app.core.cells.lstm import LSTM
from app.core.cells.lstm_coupled import LSTM_COUPLED
from app.core.cells.lstm_peephole import LSTM_PEEPHOLE
from app.core.cells.lstm_projected import projected
from app.core.cells.rnn import RNN

__all__ = ["CELLS", "GRU", "GRU_RESET_AFTER", "LSTM", "LSTM_COUPLED", "LSTM_PEEPHOLE", "PROJECTED", "RNN"]

CELLS: dict[str, Cell] = {c.id: c for c in (LSTM, LSTM_PEEPHOLE, LSTM_COUPLED, GRU, GRU_RESET_AFTER, RNN)}

PROJECTED: dict[str, Cell] = {id: projected(cell) for id, cell in CELLS.items() if cell.can_be_projected}
"""The cells that can have a projection, each with one."""
