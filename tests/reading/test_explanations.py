"""Error messages are explained: which tensor, which axis, which sizes, and the most likely cause."""

import json
import re
from collections.abc import Callable
from functools import cache
from html import escape
from random import Random
from textwrap import indent
from time import process_time

import pytest
from errors_in_sources import ERRORS_IN_SOURCES
from errors_of_functions import ERRORS_OF_FUNCTIONS
from other_texts import NO_SHAPES, OTHER_TEXTS
from shape_errors import ERRORS as SHAPE_ERRORS
from shape_errors import NAMED, ShapeError

from app.frameworks.common_mistakes import MISTAKES, recorded_messages
from app.reading.errors.causes import CAUSES
from app.reading.errors.causes.cause_text import OTHERS
from app.reading.errors.explanation import TEMPLATES, Explanation, NotFoundError, explain
from app.reading.errors.fragments import FragmentsOfTemplates
from app.reading.errors.framework_messages.message_template import MOST_TRIES
from app.reading.errors.mismatch import AXES, TENSORS
from app.reading.errors.named_framework import named_framework
from app.reading.errors.names_of_layers import other_layer
from app.reading.errors.pasted_text import PastedText
from app.reading.pasted_text_limits import MAX_ERROR_BYTES

ERRORS = [*SHAPE_ERRORS, *ERRORS_OF_FUNCTIONS, *ERRORS_IN_SOURCES]


def explained(text: str) -> Explanation | None:
    try:
        return explain(text)
    except NotFoundError:
        return None


def told(text: str, error: ShapeError) -> ShapeError:
    """What is explained of a text, in the form of an error."""
    explanation = explained(text)
    if not explanation:
        return ShapeError(error.message, "not found", None)
    said = explanation.mismatch
    cause = said.first_cause
    return ShapeError(error.message, said.tensor, said.axis, said.expected, said.got, cause, error.anywhere)


def framed(text: str) -> str:
    """A text in a frame that Rich draws, broken in the middle of words."""
    lines = [line[start : start + 56] for line in text.splitlines() for start in range(0, len(line) or 1, 56)]
    return "\n".join(["╭─ Traceback ─╮", *(f"│ {line:56} │" for line in lines), "╰──────────────╯"])


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in a frame": framed,
    "coloured": lambda text: "".join(f"\x1b[1;31m{word}\x1b[0m " for word in text.split(" ")),
    "coloured, without escape characters": lambda text: text.replace(": ", ":[0m[31m "),
    "in pytest": lambda text: indent(text, "E       ") + "\n\nnet.py:31: RuntimeError\n1 failed, 3 passed in 2.5s",
    "quoted in a mail": lambda text: indent(text, "> "),
    "after prompts": lambda text: f">>> train(3)\n{text}\n>>> ",
    "in IPython": lambda text: (
        "-----\nRuntimeError          Traceback (most recent call last)\nCell In[7], line 3\n" + text + "\n\nIn [8]: 20"
    ),
    "on Windows": lambda text: (
        'Traceback (most recent call last):\r\n  File "C:\\Users\\me\\new\\train.py", line 7, in <module>\r\n'
        + text.replace("\n", "\r\n")
        + "\r\n\r\nC:\\Users\\me>"
    ),
    "logged as JSON": lambda text: json.dumps({"message": f"failed\n{text}\n", "level": "error"}),
    "in the file of a notebook": lambda text: json.dumps(
        {"traceback": [f"\x1b[0;31m{line}\x1b[0m" for line in text.split("\n")]}, indent=1
    ),
    "with typographic quotes": lambda text: text.replace("'", "’").replace('"', "“").replace("`", "ʼ"),
    "in bold": lambda text: "I am stuck: **" + text + "**\nWhat can I do?",
    "after another error": lambda text: (
        "RuntimeError: Expected hidden[0] size (9, 9, 9), got [9, 8, 9]\n"
        f"During handling of the above exception, another exception occurred:\n{text}"
    ),
    "the cause of another": lambda text: (
        f"{text}\n\nThe above exception was the direct cause of the following exception:\n\nTrainError: step 3"
    ),
    "in a page": escape,
    "in Docker Compose": lambda text: indent(text, "train-1  | ", lambda line: True),
    "as lines of a log": lambda text: indent(text, "2024-03-01 12:00:01,123 ERROR ", lambda line: True),
    "as lines of a logger": lambda text: indent(text, "2024-03-01 12:00:01,123 ERROR train.loop: ", lambda line: True),
    "in Ray": lambda text: indent(text, "(RayTrainWorker pid=1234, ip=10.0.0.1) ", lambda line: True),
    "in torchrun": lambda text: indent(text, "[rank0]: ") + "\ntorch.distributed.ChildFailedError: train.py FAILED",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_each_message_is_explained_in_any_disguise(disguise: str) -> None:
    pasted = [(error, DISGUISES[disguise](NAMED * error.anywhere + error.message)) for error in ERRORS]

    assert [told(text, error) for error, text in pasted] == ERRORS


def test_tuples_lists_and_sizes_of_tensors_are_read() -> None:
    for expected, got in (
        ("(2, 3, 20)", "(2, 5, 20)"),
        ("[2, 3, 20]", "torch.Size([2, 5, 20])"),
        ("torch.Size((2, 3, 20))", "[2,5,20]"),
        ("{2,3,20}", "TensorShape([Dimension(2), Dimension(5), Dimension(20)])"),
    ):
        explanation = explain(f"Expected hidden[0] size {expected}, got {got}")

        assert (explanation.mismatch.expected, explanation.mismatch.got) == ((2, 3, 20), (2, 5, 20))


def test_sizes_that_were_cut_out_are_unknown() -> None:
    explanation = explain("Expected hidden[0] size (2, ..., 20), got [2, xx, 20]")

    assert explanation.mismatch.expected == (2, None, 20)
    assert explanation.configuration and explanation.configuration.batch_size is None


def test_every_template_has_a_message_here() -> None:
    """Each one is recognized by its own words: none is hidden by another."""
    found = set()
    for text in [NAMED + text for text in (*(error.message for error in ERRORS), *NO_SHAPES)]:
        searched = PastedText(text).folded
        with pytest.MonkeyPatch.context() as patch:
            for template in (one for one in TEMPLATES if one.last(searched)):
                patch.setattr("app.reading.errors.explanation.TEMPLATES", (template,))
                alone = FragmentsOfTemplates([template.literals])
                patch.setattr("app.reading.errors.explanation.fragments_of_templates", lambda alone=alone: alone)
                try:
                    explain(text)
                    found.add(template.id)
                except NotFoundError as error:
                    if "is not about the shape" in str(error):
                        found.add(template.id)

    unseen = {template.id for template in TEMPLATES} - found
    assert {
        id for id in unseen if not id.startswith(("keras-", "pytorch-load", "pytorch-0-load", "pytorch-1-cell"))
    } == {
        "cudnn-c",
        "pytorch-cell-batch",
        "pytorch-cell-units",
        "pytorch-cell-units-index",
        "tensorflow-bias-of-channels",
        "tensorflow-split-without-samples",
        "tf1-mask-in-loop",
    }


def test_only_documented_tensors_axes_and_causes_are_used() -> None:
    assert {error.tensor for error in ERRORS} - {None} <= {*TENSORS}
    assert {error.axis for error in ERRORS} - {None} == {*AXES} - {"num_proj"} | {"num_proj"}
    assert {error.cause for error in ERRORS} - {""} <= {*CAUSES}
    assert all(OTHERS in text.fixes for text in CAUSES.values())


def test_fixes_have_no_gaps() -> None:
    fixes = [cause.fix for error in ERRORS for cause in explain(NAMED + error.message).mismatch.causes]

    assert len(fixes) > len(ERRORS)
    assert [fix for fix in fixes if re.search(r"\{\w*\}", fix)] == []


def test_the_messages_that_the_frameworks_gave_are_explained() -> None:
    messages = [message for mistake in MISTAKES for message in recorded_messages(mistake) if message.is_error]
    said = {message.message: explain(message.message) for message in messages}

    assert len(said) >= 4
    assert {(e.framework, e.mismatch.tensor, e.mismatch.axis) for e in said.values()} == {
        ("keras", "x", "rank"),
        ("keras", "x", "features"),
        ("pytorch", "x", "features"),
    }


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_another_text_is_not_taken_for_a_shape_error(text: str) -> None:
    with pytest.raises(NotFoundError):
        explain(text)


@pytest.mark.parametrize("text", NO_SHAPES)
def test_a_message_about_something_else_than_a_shape_says_so(text: str) -> None:
    with pytest.raises(NotFoundError, match="is not about the shape"):
        explain(NAMED + text)


def test_what_any_network_raises_counts_only_with_a_recurrent_layer() -> None:
    anywhere = [error.message for error in ERRORS if error.anywhere]
    others = (
        "",
        "from torch.nn import LSTM, Linear\n",
        '  File "/home/me/rnn-course/lstm/mnist.py", line 3, in forward\n    x = self.fc1(x)\n',
        "This is a network without LSTM.\n",
        "I learn about convolutions and group norms.\n",
    )
    own = [message for message in anywhere if explained(message)]

    assert len(anywhere) > 15
    named_by_operation = re.compile("lstm|rnn/while/|hidden, enc|/cell/ii", re.IGNORECASE)
    assert own == [message for message in anywhere if named_by_operation.search(message)]
    assert [
        (before, text) for before in others for text in anywhere if text not in own and explained(before + text)
    ] == []


@pytest.mark.parametrize(
    "named",
    [
        "output, _ = self.lstm(x)",
        "model.add(LSTM(20))",
        '  File "/usr/lib/python3/site-packages/torch/nn/modules/rnn.py", line 812, in forward',
        "(encoder): GRU(10, 20)",
        "Exception encountered when calling SimpleRNN.call().",
        "My RNN fails:",
        "out, (h_n, c_n) = encoder(x, (h_0, c_0))",
        "combined = self.i2h(torch.cat((x, hidden), 1))",
        "class BahdanauAttention(nn.Module):",
    ],
)
def test_a_recurrent_layer_is_named_in_many_ways(named: str) -> None:
    assert explained(f"{named}\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)")


def test_a_later_error_of_another_kind_counts() -> None:
    text = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [2, 5, 20]\n"
    later = text + "During handling of the above exception, another exception occurred:\nKeyError: 'lr'\n"

    with pytest.raises(NotFoundError, match="KeyError"):
        explain(later)
    assert explained(later + text)


def test_a_number_ends_where_its_line_ends() -> None:
    explanation = explain("E   RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 8\n3 failed")

    assert explanation.mismatch.got == (8,)


def test_the_message_is_the_line_that_was_read() -> None:
    line = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [2, 5, 20]"
    assert explain(line).message == explain(f"{NAMED}{line}\nmore").message == line
    assert explain(framed(f"{NAMED}{line}")).message.replace(" ", "") == line.replace(" ", "")
    assert len(explain("x" * 5000 + line).message) <= 400


def test_lines_of_code_around_the_message_are_used() -> None:
    message = "RuntimeError: Expected hidden[0] size (2, 3, 20), got [1, 3, 20]"
    both = explain(
        f"self.lstm = nn.LSTM(input_size=7, hidden_size=20, bidirectional=True, batch_first=True)\n{message}"
    )

    assert both.configuration and both.batch_first
    assert (both.configuration.features, both.configuration.num_layers, both.configuration.bidirectional) == (
        7,
        1,
        True,
    )
    assert both.mismatch.causes[0].fix == "h_0 = c_0 = torch.zeros(2, x.size(0), 20)  # 2 * num_layers"
    lying = explain(f"nn.LSTM(7, hidden_size=64)\n{message}")
    assert lying.configuration and lying.configuration.num_units == 20


def test_an_x_whose_first_axis_made_the_state_lacks_batch_first() -> None:
    message = "RuntimeError: Expected hidden[0] size (1, 10, 20), got [1, 32, 20]"

    assert explain(message).mismatch.first_cause == "last_batch"
    assert explain("h0 = torch.zeros(1, x.size(0), 20)\n" + message).mismatch.first_cause == "batch_first"
    with_it = explain("nn.LSTM(7, 20, batch_first=True)\n" + message)
    assert [cause.id for cause in with_it.mismatch.causes] == ["last_batch"]


def test_what_python_underlined_in_a_cell_of_flax_tells_x_from_h() -> None:
    code = "    i = self.gate_fn(self.ii(inputs) + self.hi(h))\n"
    message = "TypeError: dot_general requires contracting dimensions to have the same shape, got (7,) and (8,)."
    told = {}
    for part in ("self.ii(inputs)", "self.hi(h)"):
        marks = " " * code.index(part) + "^" * len(part)
        explanation = explain(f'  File "nn/recurrent.py", line 213, in __call__\n{code}{marks}\n{message}')
        told[part] = explanation.mismatch.tensor, explanation.mismatch.expected, explanation.mismatch.got

    assert told == {"self.ii(inputs)": ("x", (8,), (7,)), "self.hi(h)": ("h_0", (8,), (7,))}


def test_a_difference_in_keras_is_that_of_target_and_output_if_a_model_is_fitted() -> None:
    code = "model = keras.Sequential([layers.LSTM(4), layers.Dense(4)])\nmodel.compile('adam', 'mse')\n"
    message = "RuntimeError: The size of tensor a (5) must match the size of tensor b (4) at non-singleton dimension 1"
    fitted = explain(f"{code}model.fit(x, y)\n{message}").mismatch

    assert (fitted.tensor, fitted.expected, fitted.got) == ("target", (4,), (5,))
    assert explain(code + message).mismatch.tensor is None


HOSTILE = {
    "one letter": "a" * MAX_ERROR_BYTES,
    "digits": "1 " * (MAX_ERROR_BYTES // 2),
    "brackets": "Expected hidden[0] size ((((" * (MAX_ERROR_BYTES // 28),
    "beginnings": "Input 0 with name '" * (MAX_ERROR_BYTES // 19),
    "escapes": "\x1b[" * (MAX_ERROR_BYTES // 2),
    "links": "\x1b]8;;" * (MAX_ERROR_BYTES // 5),
    "colours": "[1;" * (MAX_ERROR_BYTES // 3),
    "prompts": "> > >>> ... " * (MAX_ERROR_BYTES // 12),
    "newlines": "\n" * MAX_ERROR_BYTES,
    "dots": "a." * (MAX_ERROR_BYTES // 2),
    "paths": "/a\\" * (MAX_ERROR_BYTES // 3),
    "long lines": ("x" * 200 + "\n") * (MAX_ERROR_BYTES // 201),
    "negations": "no lstm no " * (MAX_ERROR_BYTES // 11),
    "all beginnings": ("".join(error.message[:60] for error in ERRORS) * 9)[:MAX_ERROR_BYTES],
    "all messages": ("\n".join(error.message for error in ERRORS) * 9)[:MAX_ERROR_BYTES],
    "surrogates": "\N{GRINNING FACE}" * (MAX_ERROR_BYTES // 4),
}


@pytest.mark.parametrize("end", ["", "\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_costs_no_more_than_a_few_readings_of_an_ordinary_one(text: str, end: str) -> None:
    """Compared with an ordinary traceback of the same size, in processor time, each the fastest of three."""
    text = text[: MAX_ERROR_BYTES - len(end)] + end

    assert any(seconds(text) < 8 * ordinary_seconds() for _ in range(3))


REPEATED = {
    "a long name": (
        "out" * (MAX_ERROR_BYTES // 4)
        + "\nLSTM\nRuntimeError: expand(torch.FloatTensor{[1, 8, 50]}, size=[8, 50]): the number of sizes provided (2)"
    ),
    "many names": (
        "ab="
        * (MAX_ERROR_BYTES // 4)
        + f"\nLSTM\nboth = Concatenate()([{'ab,' * 63}x])\nValueError: A `Concatenate` layer requires inputs with"
        " matching shapes except for the concat axis. Got inputs shapes: [(None, 7, 20), (None, 9, 64)]"
    ),
    "many frames": (
        "Traceback (most recent call last):\n"
        + '  File "a.py", line 1, in f\n    net(x, h)\n'
        + '  File "a.py", line 1, in f\n    u\n' * (MAX_ERROR_BYTES // 40)
        + '  File "a.py", line 1, in forward\n    return self.lstm(x, (h + h + h + h, h + h + h + h))\n'
        + "RuntimeError: Expected hidden[0] size (1, 4, 16), got [1, 3, 16]\n\nimport torch\n"
        + "class Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        + "        self.lstm = torch.nn.LSTM(8, 16)\n    def forward(self, x, h):\n"
        + "        return self.lstm(x, (h + h + h + h, h + h + h + h))\n"
        + "net = Net()\nh = torch.zeros(1, 3, 16)\nnet(x, h)\n"
        + "a = b(c(d(e(f(g)))))\n" * 200
    ),
}


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_the_names_in_a_hostile_text_are_found_as_fast(text: str) -> None:
    assert any(seconds(text) < 8 * ordinary_seconds() for _ in range(3))


JUNK = (
    "",
    "()",
    "[]",
    "(,)",
    "(1)",
    "(0, 0, 0)",
    "(1, 2, 3, 4, 5)",
    "[None, None]",
    "(-1, 2)",
    "x" * 90,
    "0",
    "9" * 30,
    "٣",
)


def test_a_message_with_any_values_is_answered() -> None:
    """Random values, and random parts left out: the only exception is that nothing is found."""
    random, found = Random(7), 0
    for _ in range(4000):
        text = random.choice(ERRORS).message
        for _ in range(random.randint(1, 4)):
            old = random.choice(re.findall(r"\([^()]*\)|\[[^][]*\]|\{[^{}]*\}|\d+", text) or ["x"])
            text = text.replace(old, random.choice(JUNK), 1)
        start, end = sorted(random.choices(range(len(text) + 1), k=2))
        text = random.choice((text, text, text[:start] + text[end:]))
        if explanation := explained(NAMED + text):
            found += 1
            assert explanation.mismatch.tensor in (None, *TENSORS) and explanation.mismatch.axis in (None, *AXES)
    assert found > 500


def seconds(text: str) -> float:
    start = process_time()
    explained(text)
    return process_time() - start


@cache
def ordinary_seconds() -> float:
    lines = '  File "/home/me/train.py", line 7, in step\n    output = self.lstm(x)\n'
    ordinary = (lines * (MAX_ERROR_BYTES // len(lines)))[:-90] + ERRORS[9].message
    return min(seconds(ordinary) for _ in range(3))


def test_the_number_of_tries_is_bounded() -> None:
    message = "RuntimeError: input must have 3 dimensions, got 2\n"
    unfinished = "input must have no end "

    assert explained(message + unfinished * (MOST_TRIES - 1))
    assert not explained(message + unfinished * MOST_TRIES)


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("ValueError: could not convert string to float: 'a'", None),
        ('File "/usr/lib/python3.11/multiprocessing/pool.py", line 771, in get', None),
        ('File "/home/me/nonlinear_solver.py", line 3, in <module>', None),
        ('File "/home/me/attention/train.py", line 3, in <module>', None),
        ("ConvLSTM2D", None),
        ('File "torch/nn/modules/conv.py", line 454, in _conv_forward', "a convolution"),
        ("x = self.conv1(x)", "a convolution"),
        ("self.pool(F.relu(x))", "a pooling layer"),
        ("return F.linear(input, self.weight, self.bias)", "a dense layer"),
    ],
)
def test_another_layer_is_named_only_by_its_own_name(text: str, layer: str | None) -> None:
    assert other_layer(text) == layer


@pytest.mark.parametrize(
    ("text", "framework"),
    [
        ("/var/www/ajax/app.py", ""),
        ('File "/lib/site-packages/torch/nn/modules/rnn.py"\nFile "/lib/site-packages/numpy/lib/b.py"', "numpy"),
        ('File "C:\\lib\\keras\\src\\layers\\layer.py"', "keras"),
        ("import torch", "pytorch"),
        ('File "/lib/site-packages/keras/src/backend/tensorflow/nn.py", line 9', "keras"),
        ('File "/lib/site-packages/flax/nnx/a.py"\nFile "/lib/site-packages/jax/_src/lax.py"', "flax"),
        ('File "/home/keras-venv/lib/site-packages/tensorflow/python/ops/array_ops.py"', "tensorflow"),
    ],
)
def test_the_framework_is_that_of_the_last_path(text: str, framework: str) -> None:
    assert named_framework(text) == framework
