"""Where the parts of each cell stand."""

from app.diagram.layouts.lstm import lstm

LAYOUTS = {"lstm": lstm}
