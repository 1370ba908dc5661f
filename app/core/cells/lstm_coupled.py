"""The LSTM with coupled gates, which forgets exactly as much as it writes.

Greff and others, "LSTM: A Search Space Odyssey", 2015, call it CIFG; Christopher Olah, "Understanding LSTM Networks",
2015, draws it with a 1 − from the forget gate.
"""

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol, concatenate, sigmoid, split, tanh
from .tensor_names import CELL_STATE, CONCATENATION, RUN, gates, kernel


def lstm_coupled(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """One step.

    a = [h_prev, x] kernel + bias      batch_size × 3*num_units, column blocks f, g, o
    f, o = σ(a_f), σ(a_o)              batch_size × num_units, between 0 and 1
    i = 1 − f                          batch_size × num_units: no weights of its own
    g = tanh(a_g)                      batch_size × num_units, between -1 and 1
    c = f ∗ c_prev + i ∗ g             batch_size × num_units
    h = o ∗ tanh(c)                    batch_size × num_units
    """
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_g, a_o = split(a, 3)
    f = sigmoid(a_f)
    i = 1 - f
    g = tanh(a_g)
    o = sigmoid(a_o)
    kept = f * c_prev
    added = i * g
    c = kept + added
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


LSTM_COUPLED = Cell(
    id="lstm_coupled",
    title=phrase("LSTM with coupled gates"),
    step=lstm_coupled,
    states={"h": "batch_size, num_units", "c": "batch_size, num_units"},
    weights={"kernel": "num_units+features, 3*num_units", "bias": "3*num_units"},
    words={
        **RUN,
        **CONCATENATION,
        **kernel(phrase("all three gates")),
        **gates("fgo"),
        **CELL_STATE,
        "i": ("iₜ", phrase("input gate, coupled: 1 − forget gate")),
    },
    source="Greff and others, LSTM: A Search Space Odyssey, 2015",
    short_title=phrase("Coupled"),
    notes=(phrase("The cell adds only where it forgets: i is 1 − f, so there is one gate fewer to train."),),
)
