"""What people ask about units, cells, steps and layers."""

from ..parameter_counts import kernel_columns, parameters_per_unit
from ..text_page import TextPage, Variant
from ..trained_accuracies import MEASURED, memorising
from .question import Question

UNITS = {
    "num-units": Question(
        TextPage(
            "What is num_units in BasicLSTMCell?",
            """
            It is the length of the state: {h} and {c} are both {h.shape}, one row per sequence. You choose it, and it
            sets how much the cell can learn: it appears on both sides of {kernel}, which is {kernel.shape}.
            """,
            {"num_units": 128, "tensor": "h"},
            (Variant("See the weights to scale", {"view": "weights"}),),
        ),
        "stackoverflow.com/questions/37901047",
        "in TensorFlow, n_hidden, hidden_size, hidden units",
    ),
    "why-128": Question(
        TextPage(
            "Why 128?",
            """
            128 is a choice, not a rule. Of handwritten digits that they have never seen, {enough} units read
            {enough_test} here, and {most} units read {most_test}, in the mean of {seeds} seeds. That costs
            {most_parameters} parameters instead of {enough_parameters}.
            """,
            {"view": "training", "task": "digits", "num_units": MEASURED["most"]},
            (Variant("With fewer units", {"num_units": MEASURED["enough"]}),),
            MEASURED,
        ),
        "github.com/keras-team/keras/issues/2829",
        "why is num_units 128, neurons, n_hidden, arbitrary, default",
    ),
    "how-many-units": Question(
        TextPage(
            "How many units do I need?",
            """
            No formula says it, so measure: double {num_units.name} until the network no longer improves on examples
            that it has never seen. On the digits here, {enough} units reach {enough_test}, {nearly} reach
            {nearly_test}, and {most} reach {most_test}, in the mean of {seeds} seeds. With few examples, many units
            memorise them.
            """,
            {"view": "training", "task": "digits", "num_units": MEASURED["nearly"]},
            (Variant("See it memorise", memorising()),),
            MEASURED,
        ),
        "github.com/tflearn/tflearn/issues/92",
        "how many units should I choose, how to decide, neurons, hidden size, rule of thumb, too many, too few, "
        "overfit, overfitting, test accuracy, memorise the training set",
    ),
    "units-or-cells": Question(
        TextPage(
            "Is a cell a unit, or a layer?",
            """
            Neither. The cell is the whole green block with its weights, {kernel} and {bias}; applied at every step, it
            forms one layer. A unit is one number in each row of {h}, of {c} and of every gate; here [num_units:there
            is|there are] {num_units}.
            """,
            {"view": "units", "unit": 2},
        ),
        "stats.stackexchange.com/questions/241985",
    ),
    "five-cells": Question(
        TextPage(
            "Does LSTM(5) make five chained cells, or one cell that gives five numbers?",
            """
            One cell. Each row of {h} has {num_units} [num_units:number|numbers], and {h} is {h.shape}.
            [time_step=1:With more than one step, the steps are what is chained|The steps, here {time_step}, are what is
            chained]: a state goes from step to step, never from unit to unit of the same step.
            """,
            {"tensor": "h"},
        ),
        "github.com/keras-team/keras/issues/3840",
    ),
    "how-many-cells": Question(
        TextPage(
            "How many cells are there: one, one for each step, or one for each unit?",
            """
            One. The same {kernel} and {bias} are used at every step, here {time_step}, so there are {parameters}
            trainable parameters, whatever {time_step.name} is.
            """,
            {"view": "rolled", "tensor": "kernel"},
            (Variant("Draw one copy per step", {"view": "unrolled"}),),
        ),
        "stackoverflow.com/questions/44273249",
    ),
    "units-and-features": Question(
        TextPage(
            "Must num_units equal the number of features?",
            """
            No. {kernel} has {features} [features:row|rows] for x and one column for each unit of each gate. So {x},
            {x.shape}, contributes to {a}, {a.shape}, whatever the two sizes are.
            """,
            {"batch_size": 4, "time_step": 6, "features": 7, "num_units": 32, "tensor": "a"},
            (Variant("Many features, few units", {"features": 4096, "num_units": 256}),),
        ),
        "stackoverflow.com/questions/51932767",
    ),
    "units-and-steps": Question(
        TextPage(
            "Must num_units equal the number of time steps?",
            """
            No: {time_step.name}, the number of time steps, is not in the shape of any weight. {kernel} is {kernel.axes}
            and {bias} is {bias.axes}. The table below the picture of the weights shows which tensors each size affects;
            {time_step.name} affects only X and Y.
            """,
            {"view": "weights", "tensor": "kernel"},
        ),
        "github.com/keras-team/keras/issues/12374",
    ),
    "inputs-to-units": Question(
        TextPage(
            "How are 30 inputs mapped onto 10 units? By a sliding window?",
            """
            There is no window: in each of its gates, every unit reads the whole of x, here {features} long, and the
            whole of the previous h, {num_units} long. {own} parameters in {kernel} and {bias} belong to it alone; the
            picture of the weights shows which.
            """,
            {"features": 30, "num_units": 10, "view": "weights", "unit": 3},
            (Variant("See what the unit reads", {"view": "units"}),),
            {"own": parameters_per_unit},
        ),
        "github.com/keras-team/keras/issues/7600",
    ),
    "independent-units": Question(
        TextPage(
            "Are the units small LSTMs, independent of one another?",
            """
            No: change one number of {h_prev}, and the change reaches every unit of {h}, because each gate reads all of
            h. A number of {c_prev} belongs to one unit: in this step it reaches only that unit of {c} and {h}.
            """,
            {"view": "units", "poke": "h_prev"},
            (
                Variant(
                    "Change a number of c instead",
                    {"poke": "c_prev"},
                    """
                    Now change one number of {c_prev}: in this step it reaches only that unit of {c} and {h}; in later
                    steps it reaches all units, through {h}.
                    """,
                ),
            ),
        ),
        "github.com/tensorflow/tensorflow/issues/44409",
    ),
    "one-unit": Question(
        TextPage(
            "What does one unit learn?",
            """
            Not a digit of its own: here {enough} units tell {classes} digits apart, and what they know is in all of
            them together. A network with only one unit is left with one number, from −1 to 1, and reads {one_test} of
            the digits that it has never seen; {two} units read {two_test}. These are means of {seeds} seeds; with the
            first of them, which you can train here, one unit reads {one_of_seed}.
            """,
            {"view": "training", "task": "digits", "num_units": 1},
            (Variant("Train this one, and look inside", {"trained": True}),),
            MEASURED,
        ),
        "github.com/brmson/dataset-sts/issues/2",
        "neuron, single unit, meaning of a unit, what a neuron represents, feature, interpret",
    ),
    "scalars": Question(
        TextPage(
            "Is everything in Colah’s drawing a single number?",
            """
            No. Every line is a vector, one per sequence: {f}, {i}, {g}, {o}, {c} and {h} are {h.shape}. {x} is
            {x.shape}; concatenated with {h_prev}, it becomes {concat}, {concat.shape}.
            """,
            {"tensor": "concat"},
        ),
        "colah.github.io/posts/2015-08-Understanding-LSTMs",
    ),
    "depth": Question(
        TextPage(
            "Layers, steps, units: what is the depth of an LSTM?",
            """
            Depth means layers. The second layer, drawn here, reads the output of the first, so its {x} is {x.shape}: as
            many numbers as there are units, not features. Steps run to the right and share weights; layers stack
            upwards and have their own.
            """,
            {"num_layers": 2, "layer": 1, "tensor": "x"},
        ),
        "stackoverflow.com/questions/49224413",
    ),
    "weights-per-step": Question(
        TextPage(
            "Do the weights differ from step to step, or from feature to feature?",
            """
            Only from feature to feature. There is one {kernel}, {kernel.shape}, for every step and every sequence, here
            {time_step} and {batch_size}. Each feature has its own row in it, {columns} numbers long, and every step
            uses the same rows.
            """,
            {"view": "batch", "tensor": "kernel"},
            figures={"columns": kernel_columns},
        ),
        "github.com/tensorflow/tensorflow/issues/3476",
    ),
}
