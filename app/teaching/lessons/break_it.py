"""A lesson on classic mistakes, one per page: where it fails in the picture, what real frameworks print, and the
fix."""

from ..text_page import Lesson, TextPage, Variant

HOW_MANY_UNITS = (
    "The fix: choose {num_units.name} by how much the network has to remember, not by how long the sequence is."
)

MORE_UNITS = Variant(
    "More units, the same steps",
    {"num_units": 12},
    f"""
    {{num_units}} [num_units:unit|units] and {{time_step}} [time_step:step|steps]: it runs just as well. {{h}} is
    {{h.shape}}, and {{kernel}} is {{kernel.axes}}, without {{time_step.name}}.

    {HOW_MANY_UNITS}
    """,
)

BREAK_IT = Lesson(
    "Break it",
    "Six classic mistakes: where each one breaks, what Keras and PyTorch actually print, and the fix.",
    (
        TextPage(
            "Two axes instead of three",
            """
            An LSTM expects three axes, like {X}: {X.axes}, here {X.shape}. With only two axes, Keras raises an error.
            PyTorch does not: it reads them as *one* unbatched sequence, so what you meant as sequences become steps.

            The fix: add the missing axis. A single sequence is a batch of one; a single step per sequence is a
            time_step of one. If there are four axes instead, merge two of them, or remove one of length one with
            `squeeze`.
            """,
            {"tensor": "X"},
            (Variant("A batch of one", {"batch_size": 1}), Variant("One step per sequence", {"time_step": 1})),
            mistake="two-axes",
        ),
        TextPage(
            "Batch and time transposed",
            """
            There is no error, because a matrix product looks only at the last axis: {x} has {features}
            [features:number|numbers] per row either way. But what are really steps are now treated as sequences, one
            per row of {h}, and the state runs along the wrong axis.

            The fix: check the shape of a state. Its second-to-last axis, here {batch_size}, must be the number of your
            sequences. In PyTorch, `batch_first=True` makes the batch the first axis of {X}.
            """,
            {"framework": "pytorch", "tensor": "h"},
            (Variant("With batch_first", {"batch_first": True}),),
            mistake="swapped",
        ),
        TextPage(
            "The wrong number of features",
            """
            {kernel} has exactly {features} [features:row|rows] for x: {kernel.shape}. If {x} has any other length, the
            inner axes do not match, and the product fails in the yellow boxes.

            The fix: take {features.name} from the data, and create the layer with that number. {num_units.name} is not
            affected.
            """,
            {"tensor": "kernel"},
            (Variant("A layer for 7 features", {"features": 7}),),
            mistake="wrong-features",
        ),
        TextPage(
            "A second layer without all steps of the first",
            """
            The upper layer, drawn here, reads {X}, {X.shape}: all steps of the layer below. A layer that returns only
            its last step passes on two axes. Keras raises an error; PyTorch again mistakes the batch for time.

            The fix: `return_sequences=True` on every layer except the last; in PyTorch, `num_layers`, which passes on
            all steps by itself.
            """,
            {"num_layers": 2, "layer": 1, "tensor": "X"},
            (Variant("In Keras, with return_sequences", {"framework": "keras", "return_sequences": True}),),
            mistake="no-sequences",
        ),
        TextPage(
            "The last state of the wrong layer",
            """
            There are two stacked layers. PyTorch returns `h_n`, the last state {h_T} of *every* layer, bottom layer
            first; this picture shows the bottom layer. `output` is {Y} of the top layer. So `h_n[0]` is not the last
            output.

            The fix: `h_n[-1]`, or the last step of `output`; they hold the same numbers.
            """,
            {"framework": "pytorch", "num_layers": 2, "view": "rolled", "tensor": "h_T"},
            (
                Variant(
                    "The top layer",
                    {"layer": 1},
                    """
                    This is the top layer. Its {h_T} is `h_n[-1]`, and the last step of its {Y} is the last of `output`:
                    the same numbers.
                    """,
                ),
            ),
            mistake="wrong-layer",
        ),
        TextPage(
            "As many units as steps",
            f"""
            It runs, and so would any other number: {{num_units}} [num_units:unit makes|units make] {{h}} {{h.shape}}
            here, at every step, of which there [time_step:is|are] {{time_step}}. Nothing checks it, because
            {{time_step.name}} is not an axis of any weight: {{kernel}} is {{kernel.axes}}.

            {HOW_MANY_UNITS}
            """,
            {"time_step": 4, "num_units": 4, "tensor": "h"},
            (Variant("More steps, the same units", {"time_step": 9}), MORE_UNITS),
            mistake="units-for-steps",
        ),
    ),
)
"""The lesson."""
