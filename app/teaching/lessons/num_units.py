"""A lesson on the question that this project was made for: what is num_units?

Based on https://stackoverflow.com/questions/37901047, its answers, and the pages that they link to.
"""

from dataclasses import replace

from ...core.stack import Stack
from ..parameter_counts import kernel_columns
from ..text_page import Lesson, TextPage, Variant
from ..trained_accuracies import MEASURED, memorising


def state_values(stack: Stack) -> int:
    """The number of values in a state of the whole batch."""
    return stack.batch_size * stack.num_units


def values_read_per_unit(stack: Stack) -> int:
    """The number of values that one unit of one gate reads at a step, for one sample."""
    return stack.features + stack.num_units


def characters(stack: Stack) -> int:
    """The number of characters in the batch."""
    return stack.batch_size * stack.time_step


def parameters_with_doubled_units(stack: Stack) -> int:
    """The number of parameters with twice as many units."""
    return replace(stack, num_units=2 * stack.num_units).parameters()


NUM_UNITS = Lesson(
    "What is num_units?",
    "One number sets the length of an LSTM’s state. Short pages, each with a picture.",
    (
        TextPage(
            "It is a length",
            """
            `BasicLSTMCell(num_units)` asks for one number, but the name does not say what it counts. It is *the length
            of the state*: for each sequence, the hidden state and the cell state each carry this many numbers from one
            step to the next.

            Here {num_units.name} is {num_units}, so {h} is {h.shape}: one row per sequence, {num_units}
            [num_units:number|numbers] per row. {c} has the same shape. Move the {num_units.name} slider: every wire of
            that colour gets thicker, while the wire for x stays the same.
            """,
        ),
        TextPage(
            "What the letters mean",
            """
            The network reads [batch_size=1:one sequence|{batch_size} sequences in parallel] and, at every step, takes
            [features=1:a number|a few numbers] from each: {x}. The small number below a letter is the step, counted
            from 0. Two arrays are the memory, which every step updates: {c}, the *cell state*, and {h}, the
            *hidden state*, which is also the output.

            In between are four *gates*, drawn as yellow boxes. The forget gate {f}, the input gate {i} and the output
            gate {o} are fractions from 0 to 1, made by the sigmoid σ. The fourth, the candidate {g}, is from −1 to 1,
            made by tanh. ∗ multiplies element by element: {f} says how much of {c_prev} to keep, {i} how much of {g} to
            add, and {o} how much of the new {c}, after tanh, to output.
            """,
        ),
        TextPage(
            "Each line carries a whole vector",
            """
            In the usual drawing of an LSTM, a line stands for an entire vector, and a box works on all of it. tanh is
            not applied once per step but to [numbers=1:the one number of {c}|each of the {numbers} numbers of {c}, one
            by one]. The result, {tanh_c}, is {tanh_c.shape} again.

            So nothing in the picture counts units. They are *inside* the lines: unit 0 is the first number in each row
            of {h}, and likewise in {f}, {i}, {g}, {o} and {c}.
            """,
            {"tensor": "tanh_c"},
            (Variant("See the numbers inside the lines", {"view": "units"}),),
            {"numbers": state_values},
        ),
        TextPage(
            "A matrix product makes x as long as the state",
            """
            Here each step brings {features} [features:number|numbers] per sequence: {x} is {x.shape}. A weight matrix
            with {features} [features:row|rows] and {num_units} [num_units:column|columns] turns [features:it|them] into
            {num_units} [num_units:number|numbers]. That is how the length changes from {features.name} to
            {num_units.name}; neither depends on the other.

            The cell does this for all four gates at once, and for the previous state too. {h_prev} and {x} are
            concatenated, so {concat} is {concat.shape}. The {kernel.shape} weights {kernel} turn it into {a}, which is
            {a.shape}: four times {num_units.name}. *Why this shape*, in the panel, draws the product.
            """,
            {"batch_size": 1, "time_step": 6, "features": 10, "tensor": "a"},
        ),
        TextPage(
            "Two states are carried along",
            """
            Both states are {c.shape}. {c} is the memory itself: {kept} is the part that is kept, {added} is the part
            that is added. {h} is what the cell outputs of it, after tanh: as much as {o} lets through.

            “The hidden state and the output of the previous step” sounds like two things, but in an LSTM they are the
            same, {h_prev}. The second state that is carried along is {c_prev}.
            """,
            {"tensor": "c"},
        ),
        TextPage(
            "It starts with zeros",
            """
            There is no step before step 0, so {h_prev} and {c_prev} are zeros there, {h_prev.shape} each.

            The length of x can be read from the data: TensorFlow and Keras do not ask for {features.name}. The length
            of the state is your choice, and the cell has to know it before the first x arrives. So all frameworks ask
            for {num_units.name}; PyTorch asks for both, as `input_size` and `hidden_size`.
            """,
            {"t": 0, "tensor": "h_prev"},
        ),
        TextPage(
            "Like the width of a hidden layer",
            """
            A yellow box is one layer of a feed-forward network: [num_units=1:its one output|each of its {num_units}
            outputs] takes all {read} numbers in a row of {concat}, multiplies each by a weight, adds them up with a
            bias, and passes the sum through σ or tanh. In this sense, {num_units.name} is the width of a hidden layer.

            Two things differ. There are four such layers in parallel, {f}, {i}, {g} and {o}. And their result comes
            back: the hidden state that one step computes is what the next step reads as its previous state.
            """,
            {"view": "units", "unit": 3},
            (Variant("Show this unit’s weights", {"view": "weights"}),),
            {"read": values_read_per_unit},
        ),
        TextPage(
            "Not small LSTMs side by side",
            """
            A well-known figure shows a cell as num_units complete LSTMs. Test it: change one number of {h_prev}. The
            change reaches all of {f}, {i}, {g} and {o}, and so every unit of {c} and {h}: *[num_units=1:the one unit
            reads its own h|the units read one another]*. If the values are computed, a table below the picture shows by
            how much.

            The only thing a unit has to itself is its number in the cell state. Change a number of the previous cell
            state instead, and in this step it reaches no other unit. In later steps it reaches all of them, through the
            hidden state.
            """,
            {"view": "units", "poke": "h_prev"},
            (
                Variant(
                    "Change a number of c instead",
                    {"poke": "c_prev"},
                    """
                    Now change one number of {c_prev}. In this step the gates stay the same, and the change reaches no
                    other unit: its number in the cell state is the only thing a unit has to itself. If the values are
                    computed, a table below the picture shows by how much.

                    In later steps it reaches all units, through the hidden state, which every gate reads.
                    """,
                ),
            ),
        ),
        TextPage(
            "Steps are not cells, and cells are not units",
            """
            There is *one* cell here, with one {kernel} and one {bias}. The unrolled picture draws it once for each
            step that uses it, here {time_step} [time_step:time|times]. People who count “cells” often mean these
            copies, sometimes the units, sometimes the layers.

            Move {time_step.name}, the number of time steps: the {parameters} trainable parameters stay {parameters}.
            Only {X} and {Y} grow.
            """,
            {"time_step": 10, "t": 4},
            (Variant("Draw the cell once, with its loop", {"view": "rolled"}),),
        ),
        TextPage(
            "A text, cut into a batch",
            """
            A text is cut into {batch_size} [batch_size:sequence|sequences] of {time_step}
            [time_step:character|characters], {characters} in all; the table below the picture shows where each one
            goes. The whole text has {features} different [features:character|characters], so each is one-hot encoded as
            {features} [features:number|numbers]: a 1 in its own place and zeros elsewhere. That gives {X}, {X.shape}.

            The sequences are not read one after another. At each step the cell takes one character from *every*
            sequence at once, here {x}, {x.shape}; the rows go through it in parallel and never mix. {Y} is {Y.shape}:
            {num_units} [num_units:number|numbers] for each character, whatever {features.name} is.
            """,
            {"data": "text", "cut": "characters", "batch_size": 3, "time_step": 50, "num_units": 64, "view": "batch"},
            (Variant("Follow the second sequence alone", {"sample": 1}),),
            {"characters": characters},
        ),
        TextPage(
            "What BasicLSTMCell learns",
            """
            TensorFlow 1 stores the weights of this cell in two arrays: {kernel}, with {read} rows and {columns}
            columns, and {bias}, with {columns} numbers. The {features} [features:row|rows] for x [features:comes|come]
            before the {num_units} [num_units:row|rows] for h, the opposite of the order in Colah’s diagram. The columns
            are four blocks of {num_units} in the order i, j, f, o, where j stands for g. Together they hold
            {parameters} trainable parameters.

            You are free to choose {num_units.name}: it sets the capacity of the cell. It appears on *both* sides of
            {kernel}, so doubling it would give {twice} parameters, more than twice as many: slower, and more likely to
            overfit.
            """,
            {
                "batch_size": 128,
                "time_step": 28,
                "features": 28,
                "num_units": 128,
                "framework": "tf1",
                "view": "weights",
            },
            figures={"read": values_read_per_unit, "columns": kernel_columns, "twice": parameters_with_doubled_units},
        ),
        TextPage(
            "The last output, or all of them",
            """
            Each step produces a hidden state, here {h}. Stacked over time they form {Y}, {Y.shape}. If you need one
            answer per sequence, take the last one, {h_T}, {h_T.shape}: it has seen every step. If you need an answer at
            each step, take them all.

            Both have {num_units.name} as their last axis, so it is also the size of the output. The exception is a
            projection: it gives h a length of its own and leaves c unchanged.
            """,
            {"view": "batch"},
            (
                Variant(
                    "With a projection to 6",
                    {"num_units": 12, "num_proj": 6, "view": "unrolled"},
                    """
                    Here {h} is {h.shape} and {c} is {c.shape}: an extra matrix product gives h the length
                    {num_proj.name}, so {Y} is {Y.shape}.
                    """,
                ),
            ),
        ),
        TextPage(
            "Where well-known pages mislead",
            """
            “An LSTM has as many cells as the window has steps.” *No:* there is one cell, used {time_step}
            [time_step:time|times].

            “Each of the num_units units is a standard LSTM.” *No:* each is one number of {h} and of {c}, and its gates
            read those of all units.

            “Each unit gets one of the features.” *No:* each reads [features=1:the one number|all {features} numbers] of
            {x}.

            “The sequences of a batch are read in one after the other.” *No:* they go through together, as the rows of
            every array, here {batch_size} [batch_size:row|rows].

            “1st units, 2nd units, …” along the top of a figure. *No:* those are steps; the units are inside,
            {num_units} in each.
            """,
        ),
        TextPage(
            "What 128 units buy",
            """
            A well-known answer to this question says that 128 was “likely selected arbitrarily or empirically”, and
            that far fewer units reach more than {goal}. Here that is measured. Each ring stands for LSTMs of one size
            that have learned to read handwritten digits, one row of pixels at each step. Its height says how many of
            the *digits that they have never seen* they read correctly, in the mean of {seeds} trainings with different
            seeds.

            Of the sizes that were measured, {enough} units are the fewest that reach more than {goal}: they read
            {enough_test}, with {enough_parameters} parameters. {nearly} units read {nearly_test}. {most} units read
            {most_test}, but have {most_parameters} parameters. Move the {num_units.name} slider: the curve is already
            flat where the bars below it start to grow. Other data, another cell or other initial weights give other
            numbers.
            """,
            {"view": "training", "task": "digits", "num_units": MEASURED["most"]},
            (Variant("With far fewer units", {"num_units": MEASURED["enough"]}),),
            MEASURED,
        ),
        TextPage(
            "More units can memorise",
            """
            More units also have more room for the examples themselves. Trained on only {few_examples} digits for
            {memorised_epochs} epochs, {memorised} units read {memorised_train} of *these*, and only {memorised_test} of
            digits that they have never seen, in the mean of {seeds} seeds ({memorised_of_seed} with the first of them,
            which you can train below). The network has {memorised_parameters} parameters, and has memorised its
            training set.

            The fewer units, the less they memorise: of the same digits {small} units read {small_train}, and {tiny}
            units only {tiny_train}. That is no help here, as of the others they read {small_test} and {tiny_test}. More
            digits help: trained on {examples}, for as many epochs, {memorised} units read {learned_test} of the others.
            These are means of {seeds} seeds as well.

            So how many units do you need? There is no formula. Double {num_units.name} until the network no longer
            improves on examples that it has never seen, and keep the smaller size.
            """,
            {"view": "training", "task": "digits", "num_units": MEASURED["most"]},
            (
                Variant("Train it on few digits, and see the gap", memorising()),
                Variant(
                    "A simple RNN instead",
                    {"cell": "rnn"},
                    """
                    More is not always better, either. A simple RNN, trained in the same way, is best with {rnn_best}
                    units, which read {rnn_best_test} of digits that they have never seen. With {rnn_most} units it
                    reads only {rnn_most_test}, in the mean of {seeds} seeds as well. This holds for these digits and
                    this training; for yours, you have to measure.
                    """,
                ),
            ),
            MEASURED,
        ),
        TextPage(
            "What one unit can say",
            """
            With one unit, all that is left of a digit after its last row is one number from −1 to 1. A dense layer
            turns it into {classes} probabilities, so it cuts that line into a few pieces, each with a digit as the most
            likely one. That is more than guessing, but only {one_test} are read correctly, in the mean of {seeds} seeds
            ({one_of_seed} with the first of them, which you can train below). With {two} units the state is a point in
            a square, and {two_test} are, in the mean of as many seeds.

            There is no unit for each digit: {enough} units tell {classes} digits apart, and what the network knows is
            in *all of them together*. No unit is given a task, either. They start from random weights, so after a
            training with another seed each says something else.
            """,
            {"view": "training", "task": "digits", "num_units": 1},
            (
                Variant("Train this one, and look inside", {"trained": True}),
                Variant("The weights that it has learned", {"view": "weights", "trained": True}),
            ),
            MEASURED,
        ),
    ),
)
"""The lesson."""
