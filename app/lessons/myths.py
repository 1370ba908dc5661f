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
            "They go through together, as rows.",
            "one-after-another",
        ),
    ),
    "time_step": (
        Myth(
            "There are as many cells as steps.",
            "Each layer and direction has one cell with one set of weights, used again.",
            "how-many-cells",
        ),
        Myth("num_units must equal time_step.", "No weight has time_step in its shape.", "units-and-steps"),
    ),
    "features": (Myth("num_units must equal features.", "A product turns one into the other.", "units-and-features"),),
    "num_units": (
        Myth(
            "A unit is a small LSTM.", "It is one number of the state, and reads all the others.", "independent-units"
        ),
        Myth(
            "Twice the units are twice the parameters.",
            "More: the weights that meet h have num_units on both sides.",
            "parameters",
            without_projection,
        ),
    ),
    "c": (Myth("c is the output.", "h is; c stays inside.", "hidden-or-cell"),),
    "Y": (
        Myth(
            "Only the last output exists.",
            "Every step has one; the one taken last has seen all steps.",
            "return-sequences",
        ),
        Myth(
            "In two directions, the last step sums up both.",
            "There the backward one has seen a single x.",
            "both-directions",
        ),
        Myth(
            "TimeDistributed changes what Dense does.",
            "Dense takes the last axis anyway, at each step.",
            "time-distributed",
        ),
    ),
    "h_prev": (
        Myth(
            "Stateless means without memory.",
            "The state goes from step to step all the same; only the first is zeros.",
            "stateful",
        ),
    ),
    "h_T": (Myth("batch_first moves h_n.", "States have no axis of time, so it leaves them.", "batch-first"),),
    "X": (
        Myth(
            "The output of a masked step is always 0.",
            "Keras repeats the output before it, and in both directions with return_sequences gives 0; PyTorch fills up"
            " with 0.",
            "padding",
        ),
    ),
}
"""By the name of a field or the id of a tensor."""
