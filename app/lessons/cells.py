"""What is said of each cell: a short name to choose it by, and what people trip over."""

from app.core.stack import Stack
from app.translations.phrases import phrase

SHORT = {
    "lstm": "LSTM",
    "lstm_peephole": phrase("peepholes"),
    "lstm_coupled": phrase("coupled"),
    "gru": "GRU",
    "gru_reset_after": phrase("GRU, reset after"),
    "rnn": "RNN",
}
"""By cell, for where there is little room."""

NOTES = {
    "lstm_peephole": phrase(
        "Colah’s figure puts all of c beside h and x, which takes a full matrix. Libraries let each unit see its own"
        " cell value alone: num_units numbers for each of f, i and o. That is what runs here."
    ),
    "lstm_coupled": phrase(
        "What is forgotten makes room for what is new: i is 1 − f, and so there is one gate less to learn."
    ),
    "gru": phrase(
        "r is applied before the product, as in Colah’s figure, in TensorFlow 1 and, by default, in ONNX. z is how much"
        " of the old state is kept, as in all five frameworks; in Colah’s figure z is the opposite, 1 − z here."
    ),
    "gru_reset_after": phrase(
        "r is applied after the product with h, which has a bias of its own, as in PyTorch, in Flax and, by default, in"
        " Keras. The same weights give other numbers than in the GRU that resets before."
    ),
    "rnn": phrase("No gates and no cell state: h is all that is remembered."),
}
"""By cell, where there is something."""

PROJECTED = phrase("The projection makes h, and so the output, num_proj wide; c keeps its num_units.")


def notes(stack: Stack) -> list[str]:
    """What there is to say of a stack's cell."""
    of_cell: list[str] = [NOTES[stack.cell]] if stack.cell in NOTES else []
    return [*of_cell, PROJECTED] if stack.num_proj else of_cell
