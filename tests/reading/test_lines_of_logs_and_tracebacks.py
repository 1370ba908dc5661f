"""What a log or a page puts around each line is no part of it, and a traceback alone has the line to correct."""

import pytest

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain
from app.reading.errors.pasted_text import PastedText

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/decode.py", line 8, in <module>
    hx = cell(frame, start)
  File "/home/me/env/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 1850, in forward
    raise ValueError(
ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"""


@pytest.mark.parametrize(
    "before",
    [
        "2026-03-04 05:06:07,089 ERROR decoder | ",
        "2026-03-04 05:06:07,089 ERROR my.package.decoder | ",
        "2026-03-04 05:06:07,089 - decoder - ERROR - ",
        "2026-03-04 05:06:07 - __main__ - CRITICAL - ",
        "2026-03-04 05:06:07 INFO decoder - ",
    ],
)
def test_the_name_of_a_logger_is_no_part_of_the_message_or_the_program(before: str) -> None:
    plain = explain(TRACEBACK)
    logged = explain("\n".join(f"{before}{line}" for line in TRACEBACK.splitlines()))

    assert logged.message == plain.message
    assert logged.found.code == plain.found.code == "hx = cell(frame, start)"
    assert logged.found.program.tree.frames == plain.found.program.tree.frames
    assert logged.mismatch == plain.mismatch


OF_KERAS = """Traceback (most recent call last):
  File "/home/me/decode.py", line 8, in <module>
    last = reader(np.ones((9, 6, 4)))
  File "/home/me/env/lib/python3.11/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
ValueError: Exception encountered when calling GRU.call().

If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial state.
- Expected batch size: 12
- Received batch size: 9

Arguments received by GRU.call():
  • sequences=torch.Tensor(shape=torch.Size([9, 6, 4]), dtype=float32)
  • initial_state=None"""


@pytest.mark.parametrize(
    "before",
    [
        "2026-03-04 05:06:07,089 ERROR [worker-3] ",
        "05:06:07.089 | ERROR | ",
        "Mar  4 05:06:07 host python[71]: ",
        "ERROR:root:",
        "[2026-03-04 05:06:07,089][ERROR][train] ",
        "2026-03-04T05:06:07.089913482Z stderr F ",
        "E0304 05:06:07.089 71 train.py:8] ",
        "0: ",
    ],
)
@pytest.mark.parametrize("text", [TRACEBACK, OF_KERAS])
def test_what_stands_before_each_line_of_a_traceback_is_no_part_of_it(before: str, text: str) -> None:
    plain = explain(text)
    logged = explain("\n".join(f"{before}{line}".rstrip() for line in text.splitlines()))

    assert logged.message == plain.message
    assert logged.found.code == plain.found.code != ""
    assert logged.mismatch == plain.mismatch
    assert logged.configuration == plain.configuration


def test_lines_of_a_log_have_different_times_and_levels() -> None:
    times = (f"05:0{n}:59.{n} | {'ERROR' if n else 'INFO '} | " for n in range(9))
    logged = "\n".join(f"{time}{line}" for time, line in zip(times, TRACEBACK.splitlines(), strict=False))

    assert (
        explain(f"05:00:00.1 | INFO  | start\n{logged}\n06:00:00.2 | INFO  | end").mismatch
        == explain(TRACEBACK).mismatch
    )


def test_the_number_before_a_single_line_is_no_prefix() -> None:
    text = f"1: {TRACEBACK}\n2: x"

    assert PastedText(text).readable.startswith("1: Traceback")


@pytest.mark.parametrize(
    ("before", "after"),
    [("<pre><code>", "</code></pre>"), ('<pre class="lang-py"><code>', "</code></pre>\n<p>Why?</p>")],
)
def test_the_tags_around_code_are_no_part_of_the_message(before: str, after: str) -> None:
    assert explain(f"{before}{TRACEBACK}{after}").message == explain(TRACEBACK).message


LINES = """import torch
from torch import nn
rnn = nn.GRU(11, 34, batch_first=True)
x = torch.randn(6, 21, 15)
y, h = rnn(x)"""
RAISED = "RuntimeError: input.size(-1) must be equal to input_size. Expected 11, got 15"


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        ("<p>My program</p><pre><code>", "</code></pre><p>gives</p><pre>", "</pre>"),
        ("<div>It is<br>", "<br/>and it fails<br />", "</div>"),
        ('<ul><li>The code:</li><li class="code">', "</li><li>The error:</li><li>", "</li></ul>"),
        ("See here:<br>", "<br>", "<br>"),
    ],
)
def test_tags_around_paragraphs_break_lines(before: str, between: str, after: str) -> None:
    text = f"{before}{LINES}{between}{RAISED}{after}"

    found = explain(text)

    assert f"\n{LINES}\n" in f"\n{PastedText(text).source}\n"
    assert found.message == RAISED
    assert found.configuration == explain(f"{LINES}\n\n{RAISED}").configuration


MADE = """Traceback (most recent call last):
  File "/home/me/speech.py", line 4, in <module>
    {line}
  File "/home/me/env/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 1355, in __init__
    raise ValueError(
ValueError: proj_size argument is only supported for LSTM, not RNN or GRU
"""


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        (
            "enc = nn.GRU(input_size=18, hidden_size=45, num_layers=2, proj_size=9)",
            "enc = nn.LSTM(input_size=18, hidden_size=45, num_layers=2, proj_size=9)",
        ),
        ("self.rnn = torch.nn.RNN(7, n, proj_size=p)", "self.rnn = torch.nn.LSTM(7, n, proj_size=p)"),
    ],
)
def test_the_layer_in_the_line_of_a_traceback_becomes_an_lstm(line: str, corrected: str) -> None:
    (cause,) = explain(MADE.format(line=line)).mismatch.causes

    assert (cause.is_own, cause.lines) == (True, ((line, corrected),))


PRODUCT = """Traceback (most recent call last):
  File "/home/me/tag.py", line 23, in forward
    return self.fc({given})
  File "/home/me/env/lib/python3.6/site-packages/torch/nn/functional.py", line 1354, in linear
    output = input.matmul(weight.t())
RuntimeError: size mismatch, m1: [84 x 16], m2: [112 x 3] at /pytorch/aten/src/TH/generic/THTensorMath.cpp:940
"""


@pytest.mark.parametrize("given", ["self.lstm(x)[0]", "self.gru(self.norm(x), h)[0]"])
def test_the_output_of_every_step_is_flattened(given: str) -> None:
    first, *_ = explain(PRODUCT.format(given=given)).mismatch.causes

    assert (first.id, first.lines) == ("dense_unflattened", ((given, f"{given}.flatten(1)"),))


def test_one_step_is_not_flattened() -> None:
    first, *_ = explain(PRODUCT.format(given="self.lstm(x)[0][:, -1]")).mismatch.causes

    assert first.id == "dense_all_steps"


OF_ONNX = """Traceback (most recent call last):
  File "/home/me/run.py", line 21, in <module>
    y = session.run(["Y"], {{{feed}}})
InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running GRU node.\
 Name:'' Status Message: Input {message}
"""
TRANSPOSED, ONE_BIAS = "W must have shape {1,36,5}. Actual:{1,5,36}", "B must have shape {1,6*12}. Actual:{1,36}"


@pytest.mark.parametrize(
    ("feed", "message", "are_general"),
    [
        ('"X": f(T, B, I), "W": f(1, I, 3 * H)', TRANSPOSED, True),
        ('"X": f(T, B, I), "B": f(1, 3 * H)', ONE_BIAS, True),
        ('"X": x, "W": W', TRANSPOSED, False),
        ('"X": x, "B": B', ONE_BIAS, False),
    ],
)
def test_the_name_of_an_input_of_onnx_is_no_name_of_an_array(feed: str, message: str, are_general: bool) -> None:
    explanation = explain(OF_ONNX.format(feed=feed, message=message))

    (cause,) = explanation.mismatch.causes
    assert is_general(explanation.found, cause) is are_general


EMPTY = """{program}Traceback (most recent call last):
  File "/home/me/pack.py", line 7, in <module>
    packed = pack_padded_sequence(x, lengths)
RuntimeError: Cannot pack empty tensors.
"""
LOOP = """import torch
from torch.nn.utils.rnn import pack_padded_sequence
for x, lengths in loader:
    packed = pack_padded_sequence(x, lengths)

"""


@pytest.mark.parametrize(("program", "are_general"), [("", True), (LOOP, False)])
def test_a_line_for_a_loop_is_a_general_form_without_one(program: str, are_general: bool) -> None:
    explanation = explain(EMPTY.format(program=program))

    (cause,) = explanation.mismatch.causes
    assert is_general(explanation.found, cause) is are_general


def test_a_converter_needs_a_fixed_batch_without_any_state_that_is_kept() -> None:
    message = "error: 'tf.TensorListReserve' op requires element_shape to be static during TF Lite transformation pass"
    (cause,) = explain(message).mismatch.causes

    assert cause.id == "converted_batch"


def test_the_open_batch_of_a_kept_state_is_said_with_the_steps() -> None:
    message = (
        "ValueError: When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size:"
        " sequence.shape=(None, 16, 3)"
    )
    network = explain(message).configuration

    assert network and (network.time_step, network.features) == (16, 3)


def test_one_sample_of_an_output_says_its_units() -> None:
    text = """Traceback (most recent call last):
  File "/home/me/score.py", line 8, in <module>
    score = head(lstm(series)[0])
ValueError: Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected min_ndim=2, found\
 ndim=1. Full shape received: (37,)
"""
    network = explain(text).configuration

    assert network and network.num_units == 37


LOOPED = """Traceback (most recent call last):
  File "/home/me/rnn.py", line 7, in <module>
    outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32{more})
ValueError: Shape (8, 32) must have rank at least 3
"""
LEGACY = "import tensorflow.compat.v1 as tf\nfrom tf_keras.src.layers.rnn.legacy_cells import GRUCell\n"


@pytest.mark.parametrize("program", ["", LEGACY])
@pytest.mark.parametrize(("more", "shape"), [("", (32, 8)), (", time_major=True", (8, 32))])
def test_the_loop_of_tensorflow_has_put_time_first(program: str, more: str, shape: tuple[int, int]) -> None:
    explanation = explain(program + LOOPED.format(more=more))

    assert (explanation.framework, explanation.mismatch.shapes[1]) == ("tf1", shape)
