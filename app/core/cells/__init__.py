"""The cells: one file each, equations first."""

from app.core.cell import Cell
from app.core.cells.lstm import LSTM

CELLS: dict[str, Cell] = {"lstm": LSTM}
