"""What people ask about the inside of a step."""

from ...core.stack import Stack
from ..counts import bias_parameters, kernel_columns, kernel_parameters
from ..text_page import TextPage, Variant
from .question import Question

STEP = {
    "x-to-units": Question(
        TextPage(
            "How does x, with its features, become as long as the state?",
            """
            By a product: {concat}, {concat.shape}, meets {kernel}, {kernel.shape}; the inner axes vanish and {a} is
            {a.shape}. The part of it that is one gate’s, such as {a_f}, is {a_f.shape}.
            """,
            {"tensor": "a"},
        ),
        "stackoverflow.com/questions/39324520",
    ),
    "why-four": Question(
        TextPage(
            "Why four times num_units, and which four?",
            """
            Three gates and a candidate: {f}, {i} and {o} are sigmoids, {g} is a tanh, and each has {num_units}
            [num_units:column|columns] of {kernel} for itself. So {a} is {a.axes}, here {a.shape}, before it is cut into
            four.
            """,
            {"tensor": "a_f"},
            (Variant("See the four blocks to scale", {"view": "weights"}),),
        ),
        "datascience.stackexchange.com/questions/128705",
        "gate, gates",
    ),
    "concat-or-two": Question(
        TextPage(
            "Put h and x side by side, or multiply each by a matrix of its own?",
            """
            Both give the same {a}: the rows of {kernel} that meet h and those that meet x are two products that are
            added. Keras, PyTorch and ONNX store the two parts apart, TensorFlow 1 and Colah’s picture as one.
            """,
            {"view": "weights", "tensor": "a"},
            (Variant("Apart, as in Keras", {"framework": "keras"}),),
        ),
        "stackoverflow.com/questions/39324520",
    ),
    "parameters": Question(
        TextPage(
            "How many parameters does an LSTM have?",
            """
            {kernel} has {kernel_numbers} numbers and {bias} {bias_numbers}, together {together}: for each unit of
            each gate a weight for every feature, a weight for every unit and a bias. PyTorch and ONNX keep a second
            bias, {bias_numbers} numbers more.
            """,
            {"view": "weights"},
            (Variant("The same in PyTorch", {"framework": "pytorch"}),),
            {"kernel_numbers": kernel_parameters, "bias_numbers": bias_parameters, "together": Stack.parameters},
        ),
        "stackoverflow.com/questions/38080035",
    ),
    "two-biases": Question(
        TextPage(
            "Why does PyTorch have two biases?",
            """
            `bias_ih` and `bias_hh` are both added to the same sum, so one {bias} would do in an LSTM. They are there
            because cuDNN has both, and they cost {bias_numbers} more numbers. A GRU that resets after the product does
            need the second, for its candidate.
            """,
            {"framework": "pytorch", "view": "weights", "tensor": "bias"},
            figures={"bias_numbers": bias_parameters},
        ),
        "github.com/pytorch/pytorch/issues/36905",
    ),
    "which-slice": Question(
        TextPage(
            "Which slice of get_weights() is which gate?",
            """
            In Keras the columns of all arrays, and so of {kernel}, are four blocks of {num_units}, in the order i, f,
            c, o. Others have other orders: the rulers in the part about Keras put them side by side.
            """,
            {"framework": "keras", "view": "weights", "tensor": "kernel"},
            (
                Variant(
                    "The order of PyTorch",
                    {"framework": "pytorch"},
                    """
                    PyTorch stores its arrays turned round, so there they are four blocks of {num_units}
                    *[num_units:row|rows]*, in the order i, f, g, o; together they are all columns of {kernel}.
                    """,
                ),
            ),
        ),
        "stackoverflow.com/questions/42861460",
    ),
    "transposed": Question(
        TextPage(
            "W_ii x in PyTorch’s docs cannot be multiplied, can it?",
            """
            PyTorch stores `weight_ih_l0` turned round, a row for each of the {columns} columns of {kernel}, and
            multiplies by its transpose. So {features} [features:number|numbers] of a row of x [features:meets|meet]
            {features} [features:number|numbers] of each row stored.
            """,
            {"framework": "pytorch", "view": "weights", "tensor": "kernel"},
            figures={"columns": kernel_columns},
        ),
        "github.com/pytorch/pytorch/issues/131280",
    ),
    "checkpoint": Question(
        TextPage(
            "“size mismatch for lstm.weight_ih_l0”: what differs?",
            """
            The saved weights belong to a layer of another size. `weight_ih_l0` is the part of {kernel} for x,
            transposed: {columns} × {features} here. Its second number is `input_size`, and that of `weight_hh_l0` is
            `hidden_size`, here {num_units}; the first number is `hidden_size` times four in an LSTM, times three in a
            GRU.
            """,
            {"framework": "pytorch", "view": "weights", "tensor": "kernel"},
            figures={"columns": kernel_columns},
        ),
        "github.com/dqwang122/HeterSumGraph/issues/22",
        "load_state_dict, copying a param with shape, the shape in current model, weight_hh_l0",
    ),
    "hidden-or-cell": Question(
        TextPage(
            "Hidden state or cell state: which one is the output?",
            """
            {h} is, and it is a state too: a step takes {h_prev} and {c_prev} and makes {h} and {c}, both {h.shape}, but
            {c} stays inside. TensorFlow 1 and Flax hand them out as (c, h), PyTorch and Keras as (h, c).
            """,
            {"tensor": "c"},
        ),
        "github.com/tensorflow/tensorflow/issues/17133",
    ),
    "forget-bias": Question(
        TextPage(
            "What does a forget bias of one do?",
            """
            It adds one to {a_f}, so {f} begins nearer to one and a new cell keeps more of its memory; no shape changes.
            TensorFlow 1 adds it in every step and stores nothing, Keras stores ones in the block f of {bias}.
            """,
            {"tensor": "f"},
        ),
        "stackoverflow.com/questions/37901047",
    ),
}
