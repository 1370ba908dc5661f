"""What people ask about the batch, about time and about windows."""

from ..parameter_counts import values_per_sequence
from ..text_page import TextPage, Variant
from .question import Question

BATCH = {
    "samples-steps-features": Question(
        TextPage(
            "What are samples, time steps and features?",
            """
            {X} is {X.shape}: {batch_size} [batch_size:sample|samples], {time_step} time [time_step:step|steps] per
            sample, {features} [features:feature|features] per step. If a series is cut into windows, each window is a
            sample and each value in it is a step.
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
            No. Each step takes {x}, {x.shape}, one row per sequence, in a single matrix product. The rows never mix, so
            a sequence gives the same {h} on its own as in a batch.
            """,
            {"view": "batch", "sample": 1, "tensor": "x"},
        ),
        "stackoverflow.com/a/53760729",
    ),
    "image-rows": Question(
        TextPage(
            "Is an image read pixel by pixel or row by row?",
            """
            That is up to you. {time_step} [time_step:row|rows] of {features} [features:pixel|pixels]
            [time_step:gives|give] {X}, {X.shape}, and {kernel} has {features} [features:row|rows] for x. Pixel by
            pixel, the same image takes {pixels} [pixels:step|steps] with one number[pixels=1:| each], and one row for
            x.
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
            One axis: the layer expects {X.axes}, like {X}, here {X.shape}. `input_shape=(time_step, features)` leaves
            out only the batch axis. And an LSTM that feeds another LSTM needs `return_sequences=True`; otherwise it
            passes on its last state {h_T}, {h_T.shape}, which has no time axis.
            """,
            {"framework": "keras", "tensor": "X"},
            (Variant("With return_sequences", {"return_sequences": True}),),
        ),
        "github.com/keras-team/keras/issues/7403",
        "3D input, three dimensions, tensor",
    ),
    "batch-first": Question(
        TextPage(
            "batch_first=True: why does h_n still not start with the batch?",
            """
            `batch_first` transposes batch and time, so it applies only to arrays with a time axis: the input and the
            output, {X} and {Y}. States have none: `h_n` is {h_T}, {h_T.shape}, with one more axis in front for layers
            and directions.
            """,
            {"framework": "pytorch", "batch_first": True, "view": "rolled", "tensor": "h_T"},
            (
                Variant(
                    "Without batch_first",
                    {"batch_first": False},
                    """
                    Now {X} and {Y} have time first, which is PyTorch’s default. {h_T} is unchanged: {h_T.shape}, after
                    the axis for layers and directions.
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
    "padding": Question(
        TextPage(
            "Padding, masks, packed sequences: what happens to shorter sequences?",
            """
            With the padding, {X} is {X.shape}; the difference is which steps count. Keras carries {h} and {c} unchanged
            through masked steps. PyTorch packs only the real steps into one long array, and `h_n` is then the last real
            state of each sequence.
            """,
            {"view": "batch", "tensor": "X"},
        ),
        "stackoverflow.com/questions/51030782",
    ),
    "swapped": Question(
        TextPage(
            "It runs, but are batch and time transposed?",
            """
            No error will tell you, because a matrix product looks only at the last axis of {x}, {features}. Check the
            state: {h} is {h.shape}, and its second-to-last axis must be the number of sequences, not of steps.
            """,
            {"framework": "pytorch", "tensor": "x"},
            (Variant("With batch_first", {"batch_first": True}),),
        ),
        "github.com/closeheat/pytorch-lstm-text-generation-tutorial/issues/3",
    ),
}
