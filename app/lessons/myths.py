"""What is often said and is not so: short notes, each at the field or the tensor that it is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Myth:
    """``said`` is not true, ``truth`` is; ``question`` is the slug of the answer that shows it."""

    said: str
    truth: str
    question: str


MYTHS: dict[str, tuple[Myth, ...]] = {
    "batch_size": (
        Myth(
            "The sequences of a batch are read one after the other.",
            "They go through together, as rows.",
            "one-after-another",
        ),
    ),
    "time_step": (
        Myth("There are as many cells as steps.", "One cell with one set of weights, used again.", "how-many-cells"),
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
        ),
    ),
    "c": (Myth("c is the output.", "h is; c stays inside.", "hidden-or-cell"),),
    "Y": (
        Myth("Only the last output exists.", "Every step has one; the last has seen all steps.", "return-sequences"),
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
            "h and c go from step to step all the same; only the first are zeros.",
            "stateful",
        ),
    ),
    "h_T": (Myth("batch_first moves h_n.", "States have no axis of time, so it leaves them.", "batch-first"),),
    "X": (
        Myth(
            "The output of a masked step is always 0.",
            "Keras repeats the output before it; in both directions with return_sequences, and in PyTorch, it is 0.",
            "padding",
        ),
    ),
}
"""By field or tensor."""
