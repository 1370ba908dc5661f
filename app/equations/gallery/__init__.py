"""Cells of papers as texts, each with its source, and the cells that ship in the same language.

A new one is a text here and a loop of its paper in tests/equations/textbook_cells.py; what is said about it
is in descriptions_and_sources.py.
"""

from .matrix_state_equations import (
    FAST_WEIGHTS,
    GATED_DELTANET,
    GLA,
    HGRN2,
    LINEAR_ATTENTION,
    MAMBA,
    MAMBA_2,
    MLSTM,
    RETNET,
    RWKV_6,
    RWKV_7,
)
from .shipped_equations import SHIPPED
from .vector_state_equations import (
    INDRNN,
    JANET,
    LIGRU,
    LSTM_LAYER_NORM,
    MGU,
    MINGRU,
    MINLSTM,
    ON_LSTM,
    QRNN,
    SLSTM,
    SRU,
)

__all__ = ["GALLERY", "SHIPPED"]

GALLERY: dict[str, str] = {
    "mgu": MGU,
    "janet": JANET,
    "sru": SRU,
    "qrnn": QRNN,
    "indrnn": INDRNN,
    "ligru": LIGRU,
    "lstm_layer_norm": LSTM_LAYER_NORM,
    "on_lstm": ON_LSTM,
    "mingru": MINGRU,
    "minlstm": MINLSTM,
    "slstm": SLSTM,
    "fast_weights": FAST_WEIGHTS,
    "linear_attention": LINEAR_ATTENTION,
    "retnet": RETNET,
    "gla": GLA,
    "hgrn2": HGRN2,
    "mlstm": MLSTM,
    "mamba": MAMBA,
    "mamba_2": MAMBA_2,
    "gated_deltanet": GATED_DELTANET,
    "rwkv_6": RWKV_6,
    "rwkv_7": RWKV_7,
}
"""The texts by id: those whose state is a vector, then those whose state is a matrix."""
