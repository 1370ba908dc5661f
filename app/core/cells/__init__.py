"""The cells: one file each, equations first."""

from app.core.cells.lstm import LSTM
from app.core.program import Cell

CELLS: dict[str, Cell] = {"lstm": LSTM}
