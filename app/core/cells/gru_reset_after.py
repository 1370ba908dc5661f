"""The gated recurrent unit, reset after the product.

Appleyard, Kocisky and Blunsom, "Optimizing Performance of Recurrent Neural Networks on GPUs", 2016, and cuDNN: all of
h_prev's products are one product, and r is applied to its result. It needs a second bias, for h, which r also
multiplies. PyTorch and Flax compute it, Keras with ``reset_after``, ONNX with ``linear_before_reset``.
"""

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol, sigmoid, split, tanh
from .gru import GRU_WORDS
from .tensor_names import GATES, RUN, gates


def gru_reset_after(
    x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, recurrent_kernel: Symbol, recurrent_bias: Symbol
) -> dict[str, Symbol]:
    """One step.

    a = x kernel + bias                              batch_size × 3*num_units, column blocks r, z, g
    b = h_prev recurrent_kernel + recurrent_bias     batch_size × 3*num_units, column blocks r, z, g
    r, z = σ(x_r + h_r), σ(x_z + h_z)                batch_size × num_units, between 0 and 1
    g = tanh(x_g + r ∗ h_g)                          batch_size × num_units, between -1 and 1
    h = z ∗ h_prev + (1 − z) ∗ g                     batch_size × num_units
    """
    x_a = x @ kernel + bias
    x_r, x_z, x_g = split(x_a, 3)
    h_a = h_prev @ recurrent_kernel + recurrent_bias
    h_r, h_z, h_g = split(h_a, 3)
    a_r = x_r + h_r
    a_z = x_z + h_z
    r = sigmoid(a_r)
    z = sigmoid(a_z)
    reset = r * h_g
    a_g = x_g + reset
    g = tanh(a_g)
    kept = z * h_prev
    fresh = 1 - z
    added = fresh * g
    h = kept + added
    return locals()


GRU_RESET_AFTER = Cell(
    id="gru_reset_after",
    title=phrase("GRU, reset after the product"),
    step=gru_reset_after,
    states={"h": "batch_size, num_units"},
    weights={
        "kernel": "features, 3*num_units",
        "bias": "3*num_units",
        "recurrent_kernel": "num_units, 3*num_units",
        "recurrent_bias": "3*num_units",
    },
    words={
        **RUN,
        **gates("rzg"),
        **GRU_WORDS,
        "kernel": ("W", phrase("kernel: weights of all three gates for x")),
        "bias": ("b", phrase("bias of the product with x")),
        "recurrent_kernel": ("R", phrase("recurrent kernel: weights of all three gates for h")),
        "recurrent_bias": ("b_R", phrase("bias of the product with h")),
        "x_a": ("xₜ W + b", phrase("contribution of x to all three gates")),
        "h_a": ("hₜ₋₁ R + b_R", phrase("contribution of h to all three gates")),
        **{f"x_{gate}": (f"x_{gate}", phrase("contribution of x to the {gate}", gate=GATES[gate])) for gate in "rzg"},
        **{f"h_{gate}": (f"h_{gate}", phrase("contribution of h to the {gate}", gate=GATES[gate])) for gate in "rzg"},
        "reset": ("rₜ ∗ h_g", phrase("contribution of h to the candidate, after reset")),
    },
    source="Appleyard, Kocisky and Blunsom, Optimizing Performance of Recurrent Neural Networks on GPUs, 2016",
    short_title=phrase("GRU (reset after)"),
    notes=(
        phrase(
            "r is applied after the product with h, which has its own bias, as in PyTorch, Flax and (by default) Keras."
            " The same weights give different values than in a GRU that resets before the product."
        ),
    ),
)
