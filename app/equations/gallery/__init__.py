"""Cells of papers as texts, each with its source, and the cells that ship in the same language.

A new one is a text here and a loop of its paper in tests/equations/textbook_cells.py.
"""

from .matrix_states import GATED_DELTANET, LINEAR_ATTENTION, MAMBA, MLSTM, RETNET, RWKV_7
from .shipped import SHIPPED
from .vector_states import INDRNN, JANET, LIGRU, LSTM_LAYER_NORM, MGU, MINGRU, MINLSTM, QRNN, SLSTM, SRU

__all__ = ["GALLERY", "SHIPPED"]

GALLERY: dict[str, str] = {
    "mgu": MGU,
    "janet": JANET,
    "sru": SRU,
    "qrnn": QRNN,
    "indrnn": INDRNN,
    "ligru": LIGRU,
    "lstm_layer_norm": LSTM_LAYER_NORM,
    "mingru": MINGRU,
    "minlstm": MINLSTM,
    "slstm": SLSTM,
    "linear_attention": LINEAR_ATTENTION,
    "retnet": RETNET,
    "mlstm": MLSTM,
    "mamba": MAMBA,
    "gated_deltanet": GATED_DELTANET,
    "rwkv_7": RWKV_7,
}
"""The texts by id: those whose state is a vector, then those whose state is a matrix."""
