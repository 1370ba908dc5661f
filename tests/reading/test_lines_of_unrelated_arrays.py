"""A line that computes arrays of its own, which no recurrent layer of the program sees, gets no picture.

PyTorch 2.13, Keras 3.15 with PyTorch, TensorFlow 2.21 and JAX 0.10 raised the messages for these programs.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import NotFoundError, explain

PYTORCH = """import torch
from torch import nn
speech = nn.GRU(9, 21, batch_first=True)
states, last = speech(torch.randn(3, 7, 9))
"""
KERAS = """import keras
import numpy as np
speech = keras.layers.LSTM(13)
last = speech(np.zeros((3, 7, 9), "float32"))
"""
TF = """import numpy as np
import tensorflow as tf
speech = tf.keras.layers.GRU(13)
last = speech(np.zeros((3, 7, 9), "float32"))
"""
JAX = """import jax
import jax.numpy as jnp
from flax import linen as nn
speech = nn.RNN(nn.GRUCell(features=13))
frames = jnp.ones((3, 7, 9))
weights = speech.init(jax.random.PRNGKey(0), frames)
states = speech.apply(weights, frames)
"""

UNRELATED = {
    PYTORCH: [
        (
            "scaler = nn.BatchNorm1d(14)\npicture = torch.randn(6, 11)\nscaler(picture)",
            "RuntimeError: running_mean should contain 11 elements not 14",
        ),
        (
            "table = torch.ones(5, 8) + torch.ones(5, 9)",
            "RuntimeError: The size of tensor a (8) must match the size of tensor b (9) at non-singleton dimension 1",
        ),
        (
            "left, right = torch.ones(5, 8), torch.ones(9, 4)\ntable = left @ right",
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x8 and 9x4)",
        ),
        (
            "table = torch.ones(5, 8) @ torch.ones(9, 4)",
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x8 and 9x4)",
        ),
        (
            "n = 45\npicture = torch.arange(n).view(6, 8)",
            "RuntimeError: shape '[6, 8]' is invalid for input of size 45",
        ),
        (
            "left = torch.randn(2, 5)\nright = torch.randn(2, 6)\npicture = torch.stack([left, right])",
            "RuntimeError: stack expects each tensor to be equal size, but got [2, 5] at entry 0 and [2, 6] at entry 1",
        ),
        (
            "loss = nn.CrossEntropyLoss()\nloss(torch.randn(15, 4), torch.zeros(13, dtype=torch.long))",
            "ValueError: Expected input batch_size (15) to match target batch_size (13).",
        ),
        (
            "head = nn.Linear(6, 2)\nhead(torch.randn(5, 7))",
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x7 and 6x2)",
        ),
    ],
    KERAS: [
        (
            "table = keras.ops.reshape(np.ones((6, 7)), (5, 9))",
            "RuntimeError: shape '[5, 9]' is invalid for input of size 42",
        ),
        (
            "table = keras.ops.matmul(np.ones((6, 7)), np.ones((8, 5)))",
            "RuntimeError: mat1 and mat2 shapes cannot be multiplied (6x7 and 8x5)",
        ),
        (
            "head = keras.layers.Dense(4)\nhead(np.ones((2, 10)))\nhead(np.ones((2, 11)))",
            "ValueError: Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis "
            "-1 of input shape to have value 10, but received input with shape (2, 11)",
        ),
    ],
    TF: [
        (
            "table = tf.reshape(tf.ones((6, 7)), (5, 9))",
            "InvalidArgumentError: {{function_node "
            "__wrapped__Reshape_device_/job:localhost/replica:0/task:0/device:CPU:0}} Input to reshape is a "
            "tensor with 42 values, but the requested shape has 45 [Op:Reshape]",
        ),
        (
            "table = tf.matmul(tf.ones((6, 7)), tf.ones((8, 5)))",
            "InvalidArgumentError: {{function_node "
            "__wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}} Matrix size-incompatible: "
            "In[0]: [6,7], In[1]: [8,5] [Op:MatMul] name:",
        ),
        (
            "table = tf.concat([tf.ones((6, 7)), tf.ones((5, 8))], 0)",
            "InvalidArgumentError: {{function_node "
            "__wrapped__ConcatV2_N_2_device_/job:localhost/replica:0/task:0/device:CPU:0}} ConcatOp : Dimension "
            "1 in both shapes must be equal: shape[0] = [6,7] vs. shape[1] = [5,8] [Op:ConcatV2] name: concat",
        ),
        (
            "table = tf.ones((6, 7)) + tf.ones((6, 8))",
            "InvalidArgumentError: {{function_node "
            "__wrapped__AddV2_device_/job:localhost/replica:0/task:0/device:CPU:0}} Incompatible shapes: [6,7] "
            "vs. [6,8] [Op:AddV2] name:",
        ),
    ],
    JAX: [
        (
            "table = jnp.ones((6, 7)) @ jnp.ones((8, 5))",
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (7,) and (8,).",
        ),
        (
            "table = jnp.ones((6, 7)).reshape(5, 9)",
            "TypeError: cannot reshape array of shape (6, 7) (size 42) into shape (5, 9) (size 45)",
        ),
        (
            "table = jnp.concatenate([jnp.ones((6, 7)), jnp.ones((5, 8))])",
            "TypeError: Cannot concatenate arrays with shapes that differ in dimensions other than the one being "
            "concatenated: concatenating along dimension 0 for shapes (6, 7), (5, 8).",
        ),
        (
            "table = jnp.ones((6, 7)) + jnp.ones((6, 8))",
            "TypeError: add got incompatible shapes for broadcasting: (6, 7), (6, 8).",
        ),
        (
            "noise = jax.random.normal(jax.random.PRNGKey(1), (4, 6))\ntable = jnp.dot(noise, noise)",
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (6,) and (4,).",
        ),
    ],
}
"""A program with a recurrent layer -> lines beside it, the last of which fails, and what the framework says."""


def raised(before: str, lines: str, message: str) -> str:
    program = before + lines
    *_, failed = program.split("\n")
    number = program.count("\n") + 1
    frame = f'  File "/home/me/speech.py", line {number}, in <module>\n    {failed}\n'
    return f"{program}\n\nTraceback (most recent call last):\n{frame}{message}\n"


@pytest.mark.parametrize(
    ("before", "lines", "message"), [(before, *one) for before, cases in UNRELATED.items() for one in cases]
)
def test_a_line_that_computes_only_arrays_of_its_own_gets_no_picture(before: str, lines: str, message: str) -> None:
    with pytest.raises(NotFoundError, match="nothing says that the line that failed is about a recurrent layer"):
        explain(raised(before, lines, message))


ADDED = "RuntimeError: The size of tensor a (21) must match the size of tensor b (22) at non-singleton dimension 2"
MULTIPLIED = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (21x21 and 22x4)"
RESHAPED = "RuntimeError: shape '[4, 7, 9]' is invalid for input of size 189"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("sums = states + torch.ones(3, 7, 22)", ADDED),  # an output
        ("table = states * 2\nsums = table + torch.ones(3, 7, 22)", ADDED),  # made of one
        ("table = states.reshape(-1, 21)\nscores = table @ torch.ones(22, 4)", MULTIPLIED),
        ('table = torch.load("table.pt")\nsums = table + torch.ones(3, 7, 22)', ADDED),  # of an unknown origin
        ("def add(table):\n    return table + torch.ones(3, 7, 22)\n\nsums = add(states)", ADDED),
        ("table = torch.randn(189).view(4, 7, 9)\nspeech(table)", RESHAPED),  # an input
        ("head = nn.Linear(22, 4)\nhead(torch.ones(2, 22))\nhead(states)", MULTIPLIED),  # a layer that gets an output
    ],
)
def test_a_line_about_an_array_of_the_layer_is_explained(lines: str, message: str) -> None:
    text = raised(PYTORCH, lines, message)
    if "view" in lines:  # the line that fails is the one before the last
        failed = lines.split("\n")[0]
        text = text.replace("line 6, in <module>\n    speech(table)", f"line 5, in <module>\n    {failed}")

    assert explain(text).mismatch.sentence


def test_arrays_may_become_those_of_a_layer_that_no_line_calls() -> None:
    made = "from torch import nn\nimport torch\nspeech = nn.GRU(9, 21)\n"
    joined = raised(made, "frames = torch.ones(5, 8) + torch.ones(5, 9)", UNRELATED[PYTORCH][1][1])
    other = raised(made, "picture = torch.ones(5, 8) + torch.ones(5, 9)", UNRELATED[PYTORCH][1][1])

    assert explain(joined).framework == "pytorch"
    with pytest.raises(NotFoundError, match="nothing says"):
        explain(other)


IN_A_CLASS = """import torch
from torch import nn

class Speech(nn.Module):
    def __init__(self):
        super().__init__()
        self.reader = nn.LSTM(9, 21)

    def forward(self, x):
        states, _ = self.reader(x)
        return states[-1]

speech = Speech()
last = speech(torch.randn(7, 3, 9))
"""
SUMMED = "RuntimeError: The size of tensor a (8) must match the size of tensor b (9) at non-singleton dimension 1"
STACKED = "RuntimeError: stack expects each tensor to be equal size, but got [2] at entry 0 and [5] at entry 1"


@pytest.mark.parametrize(
    ("before", "lines", "message"),
    [
        (IN_A_CLASS, "x = torch.ones(5, 8)\nx + torch.ones(5, 9)", SUMMED),  # not the x of the forward
        (PYTORCH, "table = torch.ones(5, 8)\ntable += torch.ones(5, 9)", SUMMED),
        (PYTORCH, "table = torch.stack([torch.zeros(n) for n in (2, 5)])", STACKED),
        (PYTORCH, "for n in range(3):\n    table = torch.ones(5, 8) + torch.ones(5, 9)", SUMMED),
    ],
)
def test_names_belong_to_their_functions_and_may_be_changed(before: str, lines: str, message: str) -> None:
    with pytest.raises(NotFoundError, match="nothing says that the line that failed is about a recurrent layer"):
        explain(raised(before, lines, message))


def test_an_array_that_gets_a_part_of_an_output_is_explained() -> None:
    lines = "table = torch.ones(3, 7, 21)\ntable[0] = states[0]\nsums = table + torch.ones(3, 7, 22)"

    assert explain(raised(PYTORCH, lines, ADDED)).mismatch.sentence


BESIDE = """import torch
from torch import nn
speech = nn.GRU(9, 21, batch_first=True)
embed = nn.Linear(6, 21)
x = torch.randn(3, 7, 6)
y = embed(x)
"""
"""A layer without recurrence, whose result has the names and the units of an output, beside a GRU without a call."""


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("z = y + torch.randn(3, 8, 21)", "RuntimeError: The size of tensor a (7) must match the size of tensor b (8)"),
        ("y = nn.BatchNorm1d(21)(y)", "RuntimeError: running_mean should contain 7 elements not 21"),
        ("out = nn.Linear(22, 4)(y)", MULTIPLIED),
        ("y = y.view(3, 99)", "RuntimeError: shape '[3, 99]' is invalid for input of size 441"),
        ("h = torch.tanh(y)\ny = h.view(3, 99)", "RuntimeError: shape '[3, 99]' is invalid for input of size 441"),
        (
            "y = torch.cat([y, torch.randn(3, 8, 5)], dim=2)",
            "RuntimeError: Sizes of tensors must match except in dimension 2. Expected size 7 but got size 8 for"
            " tensor number 1 in the list.",
        ),
    ],
)
def test_the_result_of_another_layer_is_no_output_of_a_recurrent_one(lines: str, message: str) -> None:
    end = " at non-singleton dimension 1" if message.endswith("(8)") else ""
    with pytest.raises(NotFoundError, match="nothing says that the line that failed is about a recurrent layer"):
        explain(raised(BESIDE, lines, message + end))


def test_the_result_of_another_layer_may_become_the_input_of_a_recurrent_one() -> None:
    lines = "frames = embed(x)\nframes = frames.view(3, 99)"

    assert explain(raised(BESIDE, lines, "RuntimeError: shape '[3, 99]' is invalid for input of size 441"))


MADE = "import torch\nfrom torch import nn\nspeech = nn.GRU(9, 21, batch_first=True)\n"
VIEWED = "RuntimeError: shape '[3, 99]' is invalid for input of size 441"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("y.view(3, 99)", VIEWED),
        ("norm = nn.BatchNorm1d(21); norm(y)", "RuntimeError: running_mean should contain 7 elements not 21"),
        ("pairs.view(3, 99)", VIEWED),
    ],
)
def test_an_array_that_nothing_connects_with_a_layer_gets_a_question(line: str, message: str) -> None:
    with pytest.raises(NotFoundError, match="no line of the text makes the arrays"):
        explain(raised(MADE, line, message))


@pytest.mark.parametrize(
    "lines",
    [
        "output.view(3, 99)",  # a name of what a layer returns
        "y, last = speech(frames)\ny.view(3, 99)",
    ],
)
def test_a_name_or_a_call_connects_an_array_with_a_layer(lines: str) -> None:
    assert explain(raised(MADE, lines, VIEWED)).mismatch.sentence


CAPTIONS = """import torch
from torch import nn
{imported}

class Captions(nn.Module):
    def __init__(self):
        super().__init__()
        self.images = {images}
        self.gru = nn.GRU(48, 96, batch_first=True)
        self.fc = nn.Linear(96, 700)

    def forward(self, picture, words):
        seen = self.images({given})
        return self.fc(self.gru(seen[:, None])[0])
"""


@pytest.mark.parametrize(
    ("imported", "images", "given", "is_refused"),
    [
        ("import torchvision", "torchvision.models.vgg11(num_classes=48)", "picture", True),
        ("from torchvision import models", "models.resnet18(num_classes=48)", "picture", True),
        ("from images import Small", "Small(48)", "picture", True),
        ("import cnn", "cnn.SequentialSmall(48)", "picture", True),
        ("from text import ElmanNet", "ElmanNet(48)", "words", False),
        ("from text import LanguageModel", "LanguageModel(48)", "words", False),
        ("from head import Head", "Head(48)", "self.gru(words)[0]", False),
        ("from text import WordRNN", "WordRNN(48)", "words", False),
    ],
)
def test_a_dense_layer_of_a_network_for_images_is_none_after_the_recurrent_layer(
    imported: str, images: str, given: str, is_refused: bool
) -> None:
    program = CAPTIONS.format(imported=imported, images=images, given=given)
    trace = traceback(
        [f"seen = self.images({given})", "return self.fc(x.flatten(1))"],
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (6x1152 and 800x48)",
    )
    if is_refused:
        with pytest.raises(NotFoundError):
            explain(program + trace)
    else:
        assert explain(program + trace).mismatch.tensor == "dense_input"
