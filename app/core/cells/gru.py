"""The gated recurrent unit, reset before the product.

Cho and others, "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation", 2014,
where z is the share of the old state: h = z ∗ h_prev + (1 − z) ∗ g. So it is in TensorFlow, Keras, PyTorch, ONNX and
Flax; Christopher Olah's z, in "Understanding LSTM Networks", 2015, is 1 − z here.
"""

from ...translations.phrases import phrase
from ..cell import Cell
from ..symbols import Symbol, concatenate, sigmoid, split, tanh
from .tensor_names import CONCATENATION, RUN, gates, kernel


def gru(
    x: Symbol, h_prev: Symbol, kernel: Symbol, bias: Symbol, candidate_kernel: Symbol, candidate_bias: Symbol
) -> dict[str, Symbol]:
    """One step.

    a = [h_prev, x] kernel + bias                                batch_size × 2*num_units, column blocks r, z
    r, z = σ(a_r), σ(a_z)                                        batch_size × num_units, between 0 and 1
    g = tanh([r ∗ h_prev, x] candidate_kernel + candidate_bias)  batch_size × num_units, between -1 and 1
    h = z ∗ h_prev + (1 − z) ∗ g                                 batch_size × num_units
    """
    concat = concatenate(h_prev, x)
    a = concat @ kernel + bias
    a_r, a_z = split(a, 2)
    r = sigmoid(a_r)
    z = sigmoid(a_z)
    reset = r * h_prev
    reset_concat = concatenate(reset, x)
    a_g = reset_concat @ candidate_kernel + candidate_bias
    g = tanh(a_g)
    kept = z * h_prev
    fresh = 1 - z
    added = fresh * g
    h = kept + added
    return locals()


GRU_WORDS = {
    "kept": ("zₜ ∗ hₜ₋₁", phrase("kept part of the previous hidden state")),
    "fresh": ("1 − zₜ", phrase("share of the candidate")),
    "added": ("(1 − zₜ) ∗ gₜ", phrase("part added to the hidden state")),
}

GRU = Cell(
    id="gru",
    title="GRU",
    step=gru,
    states={"h": "batch_size, num_units"},
    weights={
        "kernel": "num_units+features, 2*num_units",
        "bias": "2*num_units",
        "candidate_kernel": "num_units+features, num_units",
        "candidate_bias": "num_units",
    },
    words={
        **RUN,
        **CONCATENATION,
        **kernel(phrase("the reset and update gates")),
        **gates("rzg"),
        **GRU_WORDS,
        "candidate_kernel": ("W_g", phrase("kernel of the candidate")),
        "candidate_bias": ("b_g", phrase("bias of the candidate")),
        "reset": ("rₜ ∗ hₜ₋₁", phrase("hidden state after the reset gate")),
        "reset_concat": ("[rₜ ∗ hₜ₋₁, xₜ]", phrase("concatenation of reset hidden state and input")),
    },
    source="Cho and others, Learning Phrase Representations using RNN Encoder-Decoder, 2014",
    short_title="GRU",
    notes=(
        phrase(
            "r is applied before the matrix product, as in Colah’s diagram, TensorFlow 1 and (by default) ONNX. z says"
            " how much of the previous state is kept, as in all five frameworks; Colah’s z means the opposite and is"
            " 1 − z here."
        ),
    ),
)
