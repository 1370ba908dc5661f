"""The LSTM with peepholes: its gates also read the cell state.

Gers and Schmidhuber, "Recurrent Nets that Time and Count", 2000. The gates of a unit read only that unit's cell state:
the peephole is a diagonal matrix, stored as a vector. Colah's figure concatenates all of c with h and x, which would be
a full matrix; TensorFlow 1 (``use_peepholes``) and ONNX (``P``) compute the diagonal, and so does this.
"""

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol, concatenate, sigmoid, split, tanh
from .tensor_names import CELL_STATE, CONCATENATION, RUN, gates, kernel


def lstm_peephole(
    x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol, p_f: Symbol, p_i: Symbol, p_o: Symbol
) -> dict[str, Symbol]:
    """One step.

    a = [h_prev, x] kernel + bias      batch_size × 4*num_units, column blocks f, i, g, o
    f = σ(a_f + p_f ∗ c_prev)          batch_size × num_units, between 0 and 1; so is i
    g = tanh(a_g)                      batch_size × num_units, between -1 and 1
    c = f ∗ c_prev + i ∗ g             batch_size × num_units
    o = σ(a_o + p_o ∗ c)               it reads the new cell state
    h = o ∗ tanh(c)                    batch_size × num_units
    """
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_i, a_g, a_o = split(a, 4)
    peep_f = c_prev * p_f
    peep_i = c_prev * p_i
    z_f = a_f + peep_f
    z_i = a_i + peep_i
    f = sigmoid(z_f)
    i = sigmoid(z_i)
    g = tanh(a_g)
    kept = f * c_prev
    added = i * g
    c = kept + added
    peep_o = c * p_o
    z_o = a_o + peep_o
    o = sigmoid(z_o)
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


LSTM_PEEPHOLE = Cell(
    id="lstm_peephole",
    title=phrase("LSTM with peepholes"),
    step=lstm_peephole,
    states={"h": "batch_size, num_units", "c": "batch_size, num_units"},
    weights={
        "kernel": "num_units+features, 4*num_units",
        "bias": "4*num_units",
        "p_f": "num_units",
        "p_i": "num_units",
        "p_o": "num_units",
    },
    words={
        **RUN,
        **CONCATENATION,
        **kernel(phrase("all four gates")),
        **gates("figo"),
        **CELL_STATE,
        "p_f": ("p_f", phrase("peephole of the forget gate")),
        "p_i": ("p_i", phrase("peephole of the input gate")),
        "p_o": ("p_o", phrase("peephole of the output gate")),
        "peep_f": ("cₜ₋₁ ∗ p_f", phrase("peephole contribution to the forget gate")),
        "peep_i": ("cₜ₋₁ ∗ p_i", phrase("peephole contribution to the input gate")),
        "peep_o": ("cₜ ∗ p_o", phrase("peephole contribution to the output gate")),
        "z_f": ("z_f", phrase("pre-activation of the forget gate, with its peephole")),
        "z_i": ("z_i", phrase("pre-activation of the input gate, with its peephole")),
        "z_o": ("z_o", phrase("pre-activation of the output gate, with its peephole")),
    },
    source="Gers and Schmidhuber, Recurrent Nets that Time and Count, 2000",
    short_title=phrase("Peephole"),
    notes=(
        phrase(
            "In Colah’s diagram, each gate sees the whole cell state, which would take a full matrix. In libraries,"
            " each unit sees only its own cell value: num_units weights for each of f, i and o. That is what runs here."
        ),
    ),
)
