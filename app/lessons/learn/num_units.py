"""A lesson on the question that this project was made for: what is num_units?

Based on https://stackoverflow.com/questions/37901047, its answers, and the pages that they link to.
"""

from dataclasses import replace

from ...core.stack import Stack
from ..counts import kernel_columns
from ..text_page import Lesson, TextPage, Variant


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
    "One number decides how long the state of an LSTM is. Short pages, each with its picture.",
    (
        TextPage(
            "It is a length",
            """
            `BasicLSTMCell(num_units)` asks for one number, and its name does not say of what. It is *the length of the
            state*: how many numbers of each kind go, for each sequence, from one step to the next.

            Here {num_units.name} is {num_units}. So {h} is {h.shape}: a row for each sequence, {num_units}
            [num_units:number|numbers] in a row. {c} has the same shape. Move the slider {num_units.name}: every wire in
            its colour grows, and the one of x stays as it is.
            """,
        ),
        TextPage(
            "What the letters are",
            """
            The network reads sequences, [batch_size=1:here a single one|{batch_size} of them side by side], and of each
            [features=1:a number|a few numbers] at every step: {x}. The small number under a letter says at which step,
            counted from 0. Two arrays are the memory, which every step makes anew: {c}, the *cell state*, and {h}, the
            *hidden state*, which is also what comes out.

            In between stand four *gates*, each a yellow box. {f}, the forget gate, {i}, the input gate, and {o}, the
            output gate, are shares from 0 to 1; that is what σ makes. {g}, the candidate, is from −1 to 1, by tanh. ∗
            multiplies number by number: {f} says how much of {c_prev} is kept, {i} how much of {g} is added to it, {o}
            how much of the new {c}, squashed by tanh, is shown.
            """,
        ),
        TextPage(
            "Each line carries a whole vector",
            """
            In the usual drawing of an LSTM a line stands for an entire vector, and a box computes with all of it. tanh
            is not done once in a step: it is applied to [numbers=1:the one number|each of the {numbers} numbers] of {c}
            on its own, and makes {tanh_c}, which is {tanh_c.shape} again.

            So nothing in the picture counts units. They are *inside* the lines: unit 0 is the first number of each row
            of {h}, and the same place in {f}, {i}, {g}, {o} and {c}.
            """,
            {"tensor": "tanh_c"},
            (Variant("See the numbers inside the lines", {"view": "units"}),),
            {"numbers": state_values},
        ),
        TextPage(
            "A product makes x as long as the state",
            """
            Here a step brings {features} [features:number|numbers] for each sequence: {x} is {x.shape}. Weights with
            {features} [features:row|rows] and {num_units} [num_units:column|columns] turn [features:it|them] into
            {num_units} [num_units:number|numbers]. That is how the length changes from {features.name} to
            {num_units.name}; the two are free of each other.

            The cell does it for four gates at once, and for the old state too. {h_prev} stands beside {x}, so {concat}
            is {concat.shape}; the {kernel.shape} weights {kernel} make {a}, which is {a.shape}: four times
            {num_units.name}. *Why this shape*, in the panel, draws the product.
            """,
            {"batch_size": 1, "time_step": 6, "features": 10, "tensor": "a"},
        ),
        TextPage(
            "Two things are kept",
            """
            Two arrays are kept, both {c.shape}. {c} is the memory itself: {kept} is what is kept of it,
            {added} is what is added. {h} is what the cell shows of it: tanh of it, as much as {o} lets through.

            “The hidden state and the output of the step before” sounds like two things, but in an LSTM they are one,
            {h_prev}. The second thing that is kept is {c_prev}.
            """,
            {"tensor": "c"},
        ),
        TextPage(
            "It begins with zeros",
            """
            Before step 0 there is no step, so {h_prev} and {c_prev} are zeros there, {h_prev.shape} of them each.

            How long x is, one sees in the data: TensorFlow and Keras do not ask for {features.name}. How long the state
            is to be, nothing but you can say, and the cell has to know it before the first x comes. So all frameworks
            ask for {num_units.name}; PyTorch asks for both, as `input_size` and `hidden_size`.
            """,
            {"t": 0, "tensor": "h_prev"},
        ),
        TextPage(
            "Like the width of a hidden layer",
            """
            A yellow box is a layer of a plain network: [num_units=1:its one output|each of its {num_units} outputs]
            takes all {read} numbers of a row of {concat}, gives each a weight, adds them up with a bias and squashes
            the sum. In this sense {num_units.name} is the width of a hidden layer.

            Two things are different. There are four such layers side by side, {f}, {i}, {g} and {o}; and what they make
            comes back: the hidden state that a step makes is what the next one reads as its old state.
            """,
            {"view": "units", "unit": 3},
            (Variant("Which weights are this unit’s", {"view": "weights"}),),
            {"read": values_read_per_unit},
        ),
        TextPage(
            "Not small LSTMs side by side",
            """
            A well-known figure shows a cell as num_units complete LSTMs. Here is a trial of that: change one number
            of {h_prev}. The change reaches all of {f}, {i}, {g} and {o}, and so every unit of {c} and {h}:
            *[num_units=1:the one unit reads its own h|the units read one another]*. Where the numbers are computed, a
            table under the picture says by how much.

            What a unit has for itself is its number of the cell state. Change one of the old cell state instead, and in
            this step it reaches no other unit. In later ones it reaches all, through the hidden state.
            """,
            {"view": "units", "poke": "h_prev"},
            (
                Variant(
                    "Change a number of c instead",
                    {"poke": "c_prev"},
                    """
                    Now change one number of {c_prev}. In this step the gates stay as they are, and the change reaches
                    no other unit: what a unit has for itself is its number of the cell state. Where the numbers are
                    computed, a table under the picture says by how much.

                    In later steps it reaches all, through the hidden state, which every gate reads.
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

            Move {time_step.name}: the {parameters} numbers to learn stay {parameters}. Only {X} and {Y} grow.
            """,
            {"time_step": 10, "t": 4},
            (Variant("Draw the cell once, with its loop", {"view": "rolled"}),),
        ),
        TextPage(
            "A text, cut into a batch",
            """
            A text is cut into {batch_size} [batch_size:sequence|sequences] of {time_step}
            [time_step:character|characters], {characters} in all; the table under the picture shows which stands where.
            The whole text has {features} different [features:one|ones], so each is written as {features}
            [features:number|numbers]: a 1 in its own place, else zeros. That is {X}, {X.shape}.

            Sequences are not read one after the other. The cell takes one character of *every* sequence at once, here
            {x}, {x.shape}; the rows go through it side by side and never meet. {Y} is {Y.shape}: for each character
            {num_units} [num_units:number|numbers], whatever {features.name} is.
            """,
            {"data": "text", "cut": "characters", "batch_size": 3, "time_step": 50, "num_units": 64, "view": "batch"},
            (Variant("Follow the second sequence alone", {"sample": 1}),),
            {"characters": characters},
        ),
        TextPage(
            "What BasicLSTMCell learns",
            """
            TensorFlow 1 keeps the weights of this cell in two arrays: {kernel} with {read} rows and {columns} columns,
            and {bias} with {columns} numbers. {features} [features:row for x stands|rows for x stand] above {num_units}
            for h, the other way round than in the figure; the columns are four blocks of {num_units}, in the order i,
            j, f, o, where j is our g. Together they are {parameters} numbers.

            How many units to take is free: {num_units.name} is a choice of capacity. It is on *both* sides of {kernel},
            so twice the units would be {twice} numbers, more than twice as many: slower, and able to learn the training
            data by heart.
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
            Each step gives a hidden state, here {h}. Side by side over time they are {Y}, {Y.shape}. For one answer per
            sequence take the last, {h_T}, {h_T.shape}: it has seen every step. For an answer at each step take all.

            Both end in {num_units.name}, so it is the size of the output as well. A projection is the exception: it
            gives h a length of its own, and leaves c as it is.
            """,
            {"view": "batch"},
            (
                Variant(
                    "With a projection to 6",
                    {"num_units": 12, "num_proj": 6, "view": "unrolled"},
                    """
                    Here {h} is {h.shape} and {c} is {c.shape}: a product of its own gives h the length {num_proj.name},
                    and so {Y} is {Y.shape}.
                    """,
                ),
            ),
        ),
        TextPage(
            "Where well-known pages mislead",
            """
            “An LSTM has as many cells as the window has steps.” *No:* one cell, used {time_step}
            [time_step:time|times].

            “Each of the num_units units is a standard LSTM.” *No:* each is one number of {h} and of {c}, and its gates
            read those of all units.

            “Each unit gets one of the features.” *No:* each reads [features=1:the one number|all {features} numbers] of
            {x}.

            “The sequences of a batch are read one after the other.” *No:* they go through together, as the rows
            of every array, here {batch_size} [batch_size:row|rows].

            “1st units, 2nd units, …” along the top of a figure. *No:* those are steps; the units are inside,
            {num_units} in each.
            """,
        ),
    ),
)
"""The lesson."""
