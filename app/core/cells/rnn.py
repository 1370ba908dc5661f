"""The simple recurrent network.

Elman, "Finding Structure in Time", 1990; with tanh, as in TensorFlow's BasicRNNCell, Keras's SimpleRNN and PyTorch's
nn.RNN.
"""

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol, concatenate, tanh
from .tensor_names import CONCATENATION, RUN


def rnn(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """One step.

    h = tanh([h_prev, x] kernel + bias)     batch_size × num_units, between -1 and 1
    """
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    h = tanh(a)
    return locals()


RNN = Cell(
    id="rnn",
    title=phrase("simple RNN"),
    step=rnn,
    states={"h": "batch_size, num_units"},
    weights={"kernel": "num_units+features, num_units", "bias": "num_units"},
    words={
        **RUN,
        **CONCATENATION,
        "kernel": ("W", phrase("kernel")),
        "bias": ("b", phrase("bias")),
        "a": ("aₜ", phrase("pre-activation")),
    },
    source="Elman, Finding Structure in Time, 1990",
    short_title="RNN",
    notes=(phrase("No gates and no cell state: h is the only memory."),),
)
