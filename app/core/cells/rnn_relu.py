"""The simple recurrent network with ReLU instead of tanh, as PyTorch's nn.RNN has it with ``nonlinearity="relu"``.

It is not among the cells of the page: its pictures would differ from those of the simple RNN only in a sign.
"""

from dataclasses import replace

from ..symbols import Symbol, concatenate, relu
from .rnn import RNN


def rnn_relu(x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol) -> dict[str, Symbol]:
    """One step.

    h = max(0, [h_prev, x] kernel + bias)     batch_size × num_units, not negative
    """
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    h = relu(a)
    return locals()


RNN_RELU = replace(RNN, id="rnn_relu", step=rnn_relu, notes=())
