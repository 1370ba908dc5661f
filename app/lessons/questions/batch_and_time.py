"""What people ask about the batch, about time and about windows."""

from ..counts import values_per_sequence
from ..text_page import TextPage, Variant
from .question import Question

BATCH = {
    "samples-steps-features": Question(
        TextPage(
            "What are samples, time steps and features?",
            """
            {X} is {X.shape}: {batch_size} [batch_size:sample|samples], {time_step} [time_step:step|steps] in each,
            {features} [features:number|numbers] at each step. A series that is cut into windows has a sample for each
            window and a step for each value in it.
            """,
            {"view": "batch", "tensor": "X"},
            (Variant("One series, windows of twelve months", {"batch_size": 32, "time_step": 12, "features": 1}),),
        ),
        "stackoverflow.com/questions/38714959",
    ),
    "one-after-another": Question(
        TextPage(
            "Are the sequences of a batch read one after the other?",
            """
            No: a step takes {x}, {x.shape}, a row of every sequence, in one product. The rows never meet, so a sequence
            gives the same {h} alone as in a batch.
            """,
            {"view": "batch", "sample": 1, "tensor": "x"},
        ),
        "stackoverflow.com/a/53760729",
    ),
    "image-rows": Question(
        TextPage(
            "Is an image read pixel by pixel or row by row?",
            """
            As you cut it. {time_step} [time_step:row|rows] of {features} [features:pixel|pixels] [time_step:makes|make]
            {X} {X.shape}, and then {kernel} has {features} [features:row|rows] for x. Pixel by pixel, the same image
            takes {pixels} [pixels:step|steps] with one number[pixels=1:| each], and one row for x.
            """,
            {"batch_size": 3, "time_step": 28, "features": 28, "num_units": 64, "view": "batch"},
            (Variant("Pixel by pixel", {"time_step": 784, "features": 1}),),
            {"pixels": values_per_sequence},
        ),
        "github.com/keras-team/keras/issues/4400",
    ),
    "ndim": Question(
        TextPage(
            "“expected ndim=3, found ndim=2”: what is missing?",
            """
            An axis: a layer wants {X.axes}, as {X} has them, here {X.shape}. `input_shape=(time_step, features)` leaves
            out the first one only; and an LSTM that feeds another needs `return_sequences=True`, or it hands on its
            last state {h_T}, {h_T.shape}, with no time in it.
            """,
            {"framework": "keras", "tensor": "X"},
            (Variant("With return_sequences", {"return_sequences": True}),),
        ),
        "github.com/keras-team/keras/issues/7403",
        "3D input, three dimensions, tensor",
    ),
    "batch-first": Question(
        TextPage(
            "batch_first=True: why does h_n still not begin with the batch?",
            """
            The switch turns round what has an axis of time: input and output, {X} and {Y}. States have none: `h_n` is
            {h_T}, {h_T.shape}, with one more axis before it, for layers and directions.
            """,
            {"framework": "pytorch", "batch_first": True, "view": "rolled", "tensor": "h_T"},
            (
                Variant(
                    "Without the switch",
                    {"batch_first": False},
                    """
                    Now {X} and {Y} have time first for PyTorch, which is what it expects if not told otherwise. {h_T}
                    is as it was, {h_T.shape} behind layers and directions.
                    """,
                ),
            ),
        ),
        "github.com/pytorch/pytorch/issues/19675",
    ),
    "lengths": Question(
        TextPage(
            "pack_padded_sequence: which lengths does it need?",
            """
            One length for each sequence, here {batch_size}, in a list or in a tensor on the CPU. None is zero or above
            the number of time steps, here {time_step}; they are sorted, longest first, unless you set
            `enforce_sorted=False`. PyTorch skips the padded steps of {X}, so `h_n` has the last real state of each
            sequence.
            """,
            {"framework": "pytorch", "view": "batch", "tensor": "X"},
        ),
        "github.com/pytorch/pytorch/issues/43227",
        "PackedSequence, pad_packed_sequence, 1D CPU int64 tensor, sorted in decreasing order",
    ),
    "swapped": Question(
        TextPage(
            "It runs, but are batch and time swapped?",
            """
            No error tells you, as a product looks at the last axis of {x} only, {features}. Look at the state: {h} is
            {h.shape}, and the number before its last must be how many sequences you have, not how many steps.
            """,
            {"framework": "pytorch", "tensor": "x"},
            (Variant("With batch_first", {"batch_first": True}),),
        ),
        "github.com/closeheat/pytorch-lstm-text-generation-tutorial/issues/3",
    ),
}
