"""A lesson on classic mistakes, one per page: where it fails in the picture, what real frameworks print, and the
fix."""

from ..text_page import Lesson, TextPage, Variant

HOW_MANY_UNITS = "The mend: choose {num_units.name} by how much is to be kept in mind, not by how long it lasts."

MORE_UNITS = Variant(
    "More units, the same steps",
    {"num_units": 12},
    f"""
    {{num_units}} [num_units:unit|units] and {{time_step}} [time_step:step|steps]: it runs just as well. {{h}} is
    {{h.shape}}, and {{kernel}} {{kernel.axes}}, where {{time_step.name}} is not.

    {HOW_MANY_UNITS}
    """,
)

BREAK_IT = Lesson(
    "Break it",
    "Six mistakes that everybody makes once: where each breaks, what Keras and PyTorch really say to it, and the mend.",
    (
        TextPage(
            "Two axes instead of three",
            """
            An LSTM wants three axes, as {X} has them: {X.axes}, here {X.shape}. With two axes only, Keras stops.
            PyTorch does not: it takes them for *one* sequence without a batch, so what you meant as sequences become
            steps.

            The mend: say which axis is missing. One sequence is a batch of one, one step for each sequence a time_step
            of one.
            """,
            {"tensor": "X"},
            (Variant("A batch of one", {"batch_size": 1}), Variant("One step for each", {"time_step": 1})),
            mistake="two-axes",
        ),
        TextPage(
            "Batch and time exchanged",
            """
            Nothing is said, because every product looks at the last axis alone: {x} has {features}
            [features:number|numbers] in a row either way. But the rows of {h} are now taken for sequences that are
            steps, and the state runs along the wrong axis.

            The mend: read the shape of a state. Its last axis but one, {batch_size} here, must be how many sequences
            you have. In PyTorch `batch_first=True` makes {X} begin with the batch.
            """,
            {"framework": "pytorch", "tensor": "h"},
            (Variant("With batch_first", {"batch_first": True}),),
            mistake="swapped",
        ),
        TextPage(
            "The wrong number of features",
            """
            {kernel} has {features} [features:row|rows] for x, no more and no fewer: {kernel.shape}. Another length of
            {x} has nothing to meet there, and the product breaks in the yellow boxes.

            The mend: {features.name} is read off the data, so make the layer with what the data has. {num_units.name}
            is not concerned.
            """,
            {"tensor": "kernel"},
            (Variant("The layer that takes seven", {"features": 7}),),
            mistake="wrong-features",
        ),
        TextPage(
            "A second layer without all steps of the first",
            """
            The upper layer, drawn here, reads {X}, {X.shape}: all steps of the layer below. A layer that gives its last
            step alone hands on two axes. Keras stops; PyTorch takes the batch for time again.

            The mend: `return_sequences=True` on every layer but the last, or `num_layers` in PyTorch, which hands all
            steps on by itself.
            """,
            {"num_layers": 2, "layer": 1, "tensor": "X"},
            (Variant("In Keras, with return_sequences", {"framework": "keras", "return_sequences": True}),),
            mistake="no-sequences",
        ),
        TextPage(
            "The last state of the wrong layer",
            """
            There are two layers, one on the other. PyTorch returns `h_n`, the last state {h_T} of *every* layer, the
            lowest first; this picture is of the lowest. `output` is {Y} of the highest. So `h_n[0]` is not the last
            output.

            The mend: `h_n[-1]`, or the last step of `output`; they are the same numbers.
            """,
            {"framework": "pytorch", "num_layers": 2, "view": "rolled", "tensor": "h_T"},
            (
                Variant(
                    "The layer on top",
                    {"layer": 1},
                    """
                    This is the highest layer. Its {h_T} is `h_n[-1]`, and the last step of its {Y} is the last of
                    `output`: the same numbers.
                    """,
                ),
            ),
            mistake="wrong-layer",
        ),
        TextPage(
            "As many units as steps",
            f"""
            It runs, and any other number would, too: {{num_units}} [num_units:unit makes|units make] {{h}} {{h.shape}}
            here, at every step, of which there [time_step:is|are] {{time_step}}. Nobody checks, because
            {{time_step.name}} is in no weight: {{kernel}} is {{kernel.axes}}.

            {HOW_MANY_UNITS}
            """,
            {"time_step": 4, "num_units": 4, "tensor": "h"},
            (Variant("More steps, the same units", {"time_step": 9}), MORE_UNITS),
            mistake="units-for-steps",
        ),
    ),
)
"""The lesson."""
