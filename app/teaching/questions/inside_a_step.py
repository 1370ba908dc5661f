"""What people ask about the inside of a step."""

from ...core.stack import Stack
from ..parameter_counts import bias_parameters, kernel_columns, kernel_parameters
from ..text_page import TextPage, Variant
from .question import Question

STEP = {
    "x-to-units": Question(
        TextPage(
            "How does x become as long as the state?",
            """
            By a matrix product: {concat}, {concat.shape}, times {kernel}, {kernel.shape}. The inner axes are summed
            over, so {a} is {a.shape}. The part for one gate, such as {a_f}, is {a_f.shape}.
            """,
            {"tensor": "a"},
        ),
        "stackoverflow.com/questions/39324520",
    ),
    "why-four": Question(
        TextPage(
            "Why four times num_units, and which four?",
            """
            Four gates: {f}, {i} and {o} use a sigmoid; the candidate {g}, which PyTorch calls the cell gate, uses tanh.
            Each has its own {num_units} [num_units:column|columns] of {kernel}. So {a} is {a.axes}, here {a.shape},
            before it is split into four.
            """,
            {"tensor": "a_f"},
            (Variant("See the four blocks to scale", {"view": "weights"}),),
        ),
        "datascience.stackexchange.com/questions/128705",
        "gate, gates",
    ),
    "concat-or-two": Question(
        TextPage(
            "Concatenate h and x, or multiply each by its own matrix?",
            """
            Both give the same {a}: the rows of {kernel} for h and the rows for x give two products, which are added.
            Keras, PyTorch, ONNX and Flax store the two parts separately; TensorFlow 1 and Colah’s diagram keep them
            together.
            """,
            {"view": "weights", "tensor": "a"},
            (Variant("Separate, as in Keras", {"framework": "keras"}),),
        ),
        "stackoverflow.com/questions/39324520",
    ),
    "parameters": Question(
        TextPage(
            "How many parameters does an LSTM have?",
            """
            {kernel} has {kernel_numbers} weights and {bias} has {bias_numbers} biases, {together} parameters in total:
            each unit of each gate has one weight per feature, one weight per unit and one bias. PyTorch and ONNX store
            a second bias, {bias_numbers} parameters more.
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
            `bias_ih` and `bias_hh` are both added to the same sum, so one {bias} would be enough in an LSTM. Both exist
            for compatibility with cuDNN; the second adds {bias_numbers} parameters. Only the candidate of a GRU that
            resets after the product needs it.
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
            In Keras, the last axis of every weight array, such as {kernel}, consists of four blocks of {num_units}, in
            the order i, f, c, o. Other frameworks use other orders; the rulers in the section on Keras compare them.
            """,
            {"framework": "keras", "view": "weights", "tensor": "kernel"},
            (
                Variant(
                    "PyTorch’s order",
                    {"framework": "pytorch"},
                    """
                    PyTorch stores its weights transposed, so there the gates are four blocks of {num_units}
                    *[num_units:row|rows]*, in the order i, f, g, o. Together they correspond to the columns of
                    {kernel}.
                    """,
                ),
            ),
        ),
        "stackoverflow.com/questions/42861460",
    ),
    "transposed": Question(
        TextPage(
            "W_ii x in PyTorch’s docs: how do these shapes multiply?",
            """
            PyTorch stores `weight_ih_l0` transposed, one row for each of the {columns} columns of {kernel}. The docs
            write x as a column vector; the code multiplies the rows of x by the transpose. Either way, {features}
            [features:number|numbers] of x [features:meets|meet] {features} [features:number|numbers] in each stored
            row.
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
            The hidden state, {h}. A step takes {h_prev} and {c_prev} and computes {h} and {c}, both {h.shape}, but {c}
            stays inside the cell. TensorFlow 1 and Flax return them as (c, h), PyTorch and Keras as (h, c).
            """,
            {"tensor": "c"},
        ),
        "github.com/tensorflow/tensorflow/issues/17133",
        "difference of hidden state and cell state",
    ),
    "forget-bias": Question(
        TextPage(
            "What does a forget bias of one do?",
            """
            It adds one to {a_f}, so {f} starts closer to one and a new cell keeps more of its memory; no shape changes.
            TensorFlow 1 adds the constant at every step and stores nothing; Keras stores ones in the f block of {bias}.
            """,
            {"tensor": "f"},
        ),
        "stackoverflow.com/questions/37901047",
    ),
}
