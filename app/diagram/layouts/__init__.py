"""Where the parts of each cell stand."""

from app.diagram.layouts.lstm import LSTM

LAYOUTS = {"lstm": LSTM}
