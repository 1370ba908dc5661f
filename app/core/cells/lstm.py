"""The long short-term memory, as Colah draws it.

Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, with the forget gate of Gers, Schmidhuber and Cummins,
"Learning to Forget", 2000; the letters and the order f, i, g, o are those of Christopher Olah, "Understanding LSTM
Networks", 2015 (with C̃ for g).
"""

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol, concatenate, sigmoid, split, tanh
from .tensor_names import CELL_STATE, CONCATENATION, RUN, gates, kernel


def lstm(x: Symbol, h_prev: Symbol, c_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """One step.

    a = [h_prev, x] kernel + bias      batch_size × 4*num_units, column blocks f, i, g, o
    f, i, o = σ(a_f), σ(a_i), σ(a_o)   batch_size × num_units, between 0 and 1
    g = tanh(a_g)                      batch_size × num_units, between -1 and 1
    c = f ∗ c_prev + i ∗ g             batch_size × num_units
    h = o ∗ tanh(c)                    batch_size × num_units
    """
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_f, a_i, a_g, a_o = split(a, 4)
    f = sigmoid(a_f)
    i = sigmoid(a_i)
    g = tanh(a_g)
    o = sigmoid(a_o)
    kept = f * c_prev
    added = i * g
    c = kept + added
    tanh_c = tanh(c)
    h = o * tanh_c
    return locals()


LSTM = Cell(
    id="lstm",
    title="LSTM",
    step=lstm,
    states={"h": "batch_size, num_units", "c": "batch_size, num_units"},
    weights={"kernel": "num_units+features, 4*num_units", "bias": "4*num_units"},
    words={**RUN, **CONCATENATION, **kernel(phrase("all four gates")), **gates("figo"), **CELL_STATE},
    source="Christopher Olah, Understanding LSTM Networks, 2015",
    short_title="LSTM",
)
