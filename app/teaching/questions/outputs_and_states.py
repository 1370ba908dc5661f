"""What people ask about outputs and states."""

from ..parameter_counts import states
from ..text_page import TextPage, Variant
from .question import Question

OUTPUTS = {
    "return-sequences": Question(
        TextPage(
            "return_sequences, return_state: what comes back?",
            """
            With neither, the last output: {h_T}, {h_T.shape}. With `return_sequences`, the outputs of all steps: {Y},
            {Y.shape}. `return_state` also returns the last states, {h_T} and {c_T}.
            """,
            {"framework": "keras", "return_sequences": True, "return_state": True, "view": "rolled", "tensor": "Y"},
        ),
        "stackoverflow.com/questions/42755820",
    ),
    "time-distributed": Question(
        TextPage(
            "Dense or TimeDistributed(Dense) after an LSTM?",
            """
            They do the same: a Dense layer works on the last axis of {Y}, {Y.shape}, with the same weights at every
            step. It turns [num_units=1:the one number|the {num_units} numbers] there into its own outputs and leaves
            {batch_size.name} and {time_step.name} unchanged.
            """,
            {"view": "batch", "tensor": "Y"},
        ),
        "stackoverflow.com/questions/44611006",
    ),
    "one-axis-more": Question(
        TextPage(
            "Why does the loss hardly fall, although there is no error?",
            """
            Perhaps the output has one axis more than the target: a dense layer with one output makes `(batch_size, 1)`
            of {h}, {h.shape}. With a target of {batch_size} [batch_size:value|values] both are broadcast to
            {batch_size} × {batch_size}, so *every output is compared with every target*. Remove that axis with
            `output.squeeze(-1)`.
            """,
            {"tensor": "h"},
        ),
        "github.com/andrewgcodes/xlstm/issues/4",
        "broadcast, Using a target size that is different to the input size, MSELoss",
    ),
    "stateful": Question(
        TextPage(
            "stateful or stateless: does a stateless LSTM have no state?",
            """
            It always has one: a step takes {h_prev} and {c_prev} and computes {h} and {c}. Stateless means that
            {h_prev} and {c_prev} are zeros at step 0, as here. Stateful means that they are the last states of the
            same row in the previous batch, so {batch_size.name} must not change.
            """,
            {"t": 0, "tensor": "h_prev"},
        ),
        "github.com/keras-team/keras/issues/3862",
    ),
    "output-or-h-n": Question(
        TextPage(
            "output, h_n, c_n: which is which?",
            """
            `output` holds every step of the top layer, {Y}. `h_n` and `c_n` hold the last step of every layer, for this
            one {h_T} and {c_T}. `output` and `h_n` overlap in one place, the last step of the top layer: see the grid.
            """,
            {"framework": "pytorch", "num_layers": 2, "layer": 1, "view": "rolled", "tensor": "Y"},
        ),
        "stackoverflow.com/questions/48302810",
    ),
    "hidden-sizes": Question(
        TextPage(
            "“Expected hidden[0] size (2, 3, 20), got [3, 2, 20]”: which shape do h_0 and c_0 need?",
            """
            `h_0` and `c_0` hold one state for each layer and direction, here {states}, and each state is
            {h_prev.shape}. So their axes are layers × directions, batch, units, even with `batch_first=True`. If the
            first two axes are transposed, pass `h_0.transpose(0, 1).contiguous()`; if only the second one differs, the
            batch has another size; if only the first one does, a layer or direction is missing.
            """,
            {
                "framework": "pytorch",
                "batch_size": 3,
                "time_step": 5,
                "features": 10,
                "num_units": 20,
                "num_layers": 2,
                "view": "rolled",
                "tensor": "h_prev",
            },
            (Variant("With batch_first", {"batch_first": True}),),
            {"states": states},
        ),
        "github.com/pytorch/pytorch/pull/3925",
        "h0, c0, hx, cx, initial hidden state, init_hidden, hidden[1], hidden size",
    ),
    "last-batch": Question(
        TextPage(
            "Why does training fail at the last, smaller batch?",
            """
            A state has one row for each sequence, here {h_prev.shape}, and the last batch has fewer sequences. The
            weights do not matter: {batch_size.name} is not in their shape. Create `h_0` from the batch size of x, or
            leave it out; `drop_last=True` skips that batch, and a stateful layer in Keras needs batches of one size.
            """,
            {"framework": "pytorch", "tensor": "h_prev"},
        ),
        "github.com/gabrielloye/LSTM_Sentiment-Analysis/issues/4",
        "end of the epoch, Expected hidden size, drop_last, remainder",
    ),
    "lstm-or-lstmcell": Question(
        TextPage(
            "LSTM or LSTMCell: which shapes does each take?",
            """
            `LSTMCell` computes one step: it takes {x}, {x.shape}, with {h_prev} and {c_prev}, and returns {h} and {c},
            each {h.shape}. `LSTM` contains the loop over the steps: it takes all of {X} and returns all of {Y}, with
            the last states {h_T} and {c_T}.
            """,
            {"view": "rolled", "tensor": "x"},
            (Variant("Draw one copy per step", {"view": "unrolled"}),),
        ),
        "github.com/salesforce/awd-lstm-lm/issues/95",
        "GRUCell, RNNCell, Expected input to be 1D or 2D",
    ),
    "both-directions": Question(
        TextPage(
            "Bidirectional: is the last step of output the summary?",
            """
            [time_step=1:With a single step it is.|Only half of it.] The backward direction, drawn here, starts at the
            last step, so its {h.last} there has seen only one x, {x.last}. Its summary is at step 0, and `h_n` contains
            it: {h_T}.
            """,
            {"framework": "pytorch", "bidirectional": True, "direction": "backward", "view": "rolled", "tensor": "h_T"},
        ),
        "stackoverflow.com/questions/53010465",
    ),
    "merge-mode": Question(
        TextPage(
            "Bidirectional in Keras: why so many tensors, and what is merge_mode?",
            """
            The output, plus {h_T} and {c_T} of each direction. `merge_mode` says how the two outputs {Y}, each
            {Y.shape}, are combined: concatenated, added, multiplied, averaged or kept as a pair. The states are never
            merged.
            """,
            {
                "framework": "keras",
                "bidirectional": True,
                "return_sequences": True,
                "return_state": True,
                "view": "rolled",
                "tensor": "Y",
            },
            (Variant("Added instead", {"merge_mode": "sum"}),),
        ),
        "github.com/keras-team/keras/issues/8823",
    ),
    "projection": Question(
        TextPage(
            "What are num_proj, proj_size and latent_dim?",
            """
            A projection gives {h} a length of its own, {h.shape}, and leaves {c} at {c.shape}; TensorFlow 1 calls that
            length `num_proj`, PyTorch `proj_size`. `latent_dim` is just another name for {num_units.name}: where an
            encoder passes h and c to a decoder, it must be the same in both, while {time_step.name} and {features.name}
            may differ.
            """,
            {"num_proj": 3, "tensor": "h"},
        ),
        "github.com/pytorch/pytorch/issues/65053",
    ),
    "same-gru": Question(
        TextPage(
            "Why do two frameworks disagree on the same GRU?",
            """
            They apply the reset gate {r} in different places: PyTorch, Flax and (by default) Keras after the product
            with {h_prev}, as drawn here; TensorFlow 1 and (by default) ONNX before it. The same weights then give a
            different {h}.
            """,
            {"cell": "gru_reset_after", "tensor": "r"},
            (
                Variant(
                    "Reset before the product",
                    {"cell": "gru"},
                    """
                    This is the other variant: {r} is applied to {h_prev} before the product, as in TensorFlow 1 and (by
                    default) ONNX.
                    """,
                ),
            ),
        ),
        "github.com/microsoft/onnxscript/issues/2852",
    ),
}
