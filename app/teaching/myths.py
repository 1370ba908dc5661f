"""Common misconceptions about fields and tensors."""

from collections.abc import Callable
from dataclasses import dataclass

from ..core.stack import Stack


@dataclass(frozen=True)
class Myth:
    """A misconception: ``claim`` is false and ``truth`` is true, for the stacks that ``applies_to`` accepts.
    ``question`` is the slug of the answer that shows it."""

    claim: str
    truth: str
    question: str
    applies_to: Callable[[Stack], bool] = lambda stack: True


def without_projection(stack: Stack) -> bool:
    return not stack.num_proj


MYTHS: dict[str, tuple[Myth, ...]] = {
    "batch_size": (
        Myth(
            "The sequences of a batch are read one after the other.",
            "All sequences of a batch go through together, one per row.",
            "one-after-another",
        ),
    ),
    "time_step": (
        Myth(
            "There are as many cells as steps.",
            "Each layer and direction has one cell with one set of weights, reused at every step.",
            "how-many-cells",
        ),
        Myth("num_units must equal time_step.", "No weight has time_step in its shape.", "units-and-steps"),
    ),
    "features": (
        Myth(
            "num_units must equal features.", "A matrix product turns one length into the other.", "units-and-features"
        ),
    ),
    "num_units": (
        Myth(
            "A unit is a small LSTM.",
            "A unit is one number of the state, and its gates read all the others.",
            "independent-units",
        ),
        Myth(
            "Twice the units means twice the parameters.",
            "It is more than twice: the weights for h have num_units on both sides.",
            "parameters",
            without_projection,
        ),
    ),
    "c": (Myth("c is the output.", "The output is h; c stays inside the cell.", "hidden-or-cell"),),
    "Y": (
        Myth(
            "Only the last step has an output.",
            "Every step has one; the one taken last has seen all steps.",
            "return-sequences",
        ),
        Myth(
            "In a bidirectional layer, the last step summarises both directions.",
            "At the last step, the backward direction has read only one x.",
            "both-directions",
        ),
        Myth(
            "TimeDistributed changes what Dense does.",
            "Dense already works on the last axis, at every step.",
            "time-distributed",
        ),
    ),
    "h_prev": (
        Myth(
            "Stateless means no memory.",
            "The state still passes from step to step; each batch just starts from zeros.",
            "stateful",
        ),
    ),
    "h_T": (Myth("batch_first also reorders h_n.", "It does not: states have no time axis.", "batch-first"),),
    "X": (
        Myth(
            "The output of a masked step is always 0.",
            "Keras repeats the previous output, but Bidirectional with return_sequences gives 0. In PyTorch,"
            " pad_packed_sequence fills in 0.",
            "padding",
        ),
    ),
}
"""By the name of a field or the id of a tensor."""
