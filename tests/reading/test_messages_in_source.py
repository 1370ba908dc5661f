"""A traceback may quote the line that writes a message: its placeholders are no sizes, and a message may be missing."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

FRAMES = """Traceback (most recent call last):
  File "/home/ann/translate.py", line 71, in step
    y, state = self.reader(x, state)
  File "/opt/lib/python3.9/site-packages/torch/nn/modules/rnn.py", line 229, in check_forward_args
    self.check_hidden_size(hidden, expected_hidden_size)
  File "/opt/lib/python3.9/site-packages/torch/nn/modules/rnn.py", line 223, in check_hidden_size
    raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))
"""
"""The frames of PyTorch 1.8 before the message about a state."""

LINES_OF_INPUT = """/opt/lib/python3.9/site-packages/torch/nn/modules/rnn.py in check_input(self, input, batch_sizes)
    203         if self.input_size != input.size(-1):
--> 204             raise RuntimeError(
    205                 'input.size(-1) must be equal to input_size. Expected {}, got {}'.format(
    206                     self.input_size, input.size(-1)))
"""

LINES_OF_AXES = """/opt/lib/python3.11/site-packages/torch/nn/modules/rnn.py in check_input(self, input, batch_sizes)
    244         if input.dim() != expected_input_dim:
    245             raise RuntimeError(
--> 246                 f'input must have {expected_input_dim} dimensions, got {input.dim()}')
"""

MESSAGE = "RuntimeError: Expected hidden[0] size (3, 12, 40), got [3, 9, 40]"


@pytest.mark.parametrize(
    "quoted",
    [
        "    221                           msg: str = 'Expected hidden size {}, got {}') -> None:\n",
        "msg = 'Expected hidden[0] size {}, got {}'\n",
        '--> 180     raise RuntimeError(f"Expected hidden size {expected_hidden_size}, got {hx.shape}")\n',
        "        raise ValueError('Invalid input_h shape: [%s] [%s]' % (got, expected))\n",
    ],
)
def test_a_quoted_line_with_placeholders_is_no_message(quoted: str) -> None:
    said = explain(f"# {MESSAGE}\n\nsays the decoder of my LSTM:\n\n{quoted}").mismatch

    assert (said.tensor, said.axis, said.expected, said.got) == ("h_0", "batch_size", (3, 12, 40), (3, 9, 40))
    with pytest.raises(NotFoundError):
        explain(f"My LSTM fails here:\n\n{quoted}")


@pytest.mark.parametrize(
    ("text", "checked"),
    [
        (FRAMES, "the shape of the initial state"),
        (FRAMES + "RuntimeError:", "the shape of the initial state"),
        (FRAMES + "RuntimeError\n\nHow do I mend this?", "the shape of the initial state"),
        (LINES_OF_INPUT, "the number of features of x"),
        (LINES_OF_AXES, "the number of axes of x"),
    ],
)
def test_the_last_line_of_the_framework_says_what_a_missing_message_is_about(text: str, checked: str) -> None:
    with pytest.raises(NotFoundError, match=rf"message itself is missing.*checks .*{checked}: paste the text"):
        explain(text)


def test_a_version_that_fails_to_write_its_message_is_named() -> None:
    frames = FRAMES.rpartition("msg.format(")[0] + "text.format(fn.input_size, input.size(-1)))"

    with pytest.raises(NotFoundError, match=r"fails to write its message. .* checks the number of features of x"):
        explain(f"{frames}\nNameError: name 'fn' is not defined")


def test_a_message_that_is_there_is_explained_and_another_error_is_named() -> None:
    assert explain(FRAMES + MESSAGE).mismatch.got == (3, 9, 40)
    with pytest.raises(NotFoundError, match="The last error in the text, RuntimeError, is no known"):
        explain(FRAMES + "RuntimeError: CUDA out of memory")
