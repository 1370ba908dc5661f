"""A box whose lines a terminal broke within words is read as the text in it."""

from textwrap import wrap

import pytest

from app.reading.errors.explanation import explain
from app.web.pages.parts.explained_error import is_of_kind

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/reviews.py", line 12, in <module>
    packed = pack_padded_sequence(emb(batch), lengths, batch_first=True, enforce_sorted=False)
  File "/home/me/venv/lib/python3.11/site-packages/torch/nn/utils/rnn.py", line 323, in pack_padded_sequence
    data, batch_sizes = _VF._pack_padded_sequence(input, lengths, batch_first)
"""


MESSAGE = "RuntimeError: Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"


def boxed(text: str, width: int, sides: tuple[str, ...] = (*"┌─┐│└┘",)) -> str:
    left_above, line, right_above, side, left_below, right_below = sides
    cut = [row[n : n + width] for row in text.splitlines() for n in range(0, len(row), width)]
    rows = [f"{side} {row:{width}} {side}" for row in cut]
    border = line * (width + 2)
    return "\n".join((f"{left_above}{border}{right_above}", *rows, f"{left_below}{border}{right_below}"))


@pytest.mark.parametrize("width", [60, 66, 70, 76])
@pytest.mark.parametrize("sides", ["┌─┐│└┘", "╭─╮│╰╯", "┏━┓┃┗┛", "╔═╗║╚╝"])
def test_a_word_that_the_side_of_a_box_cuts_is_one_word(width: int, sides: str) -> None:
    explanation = explain(boxed(TRACEBACK + MESSAGE, width, (*sides,)))

    assert explanation.message == MESSAGE
    assert explanation.found.code.endswith("enforce_sorted=False)")


def test_words_in_a_box_with_whole_words_stay_apart() -> None:
    lines = "\n".join(wrap(MESSAGE, 42))

    assert explain(boxed(lines, 42)).message == MESSAGE


COLORED = """Traceback (most recent call last):
  File "/home/me/projects/translation/train.py", line 18, in <module>
    model.call(keras.ops.zeros((7, 12, 5)))
  File "/usr/lib/python3.11/site-packages/keras/src/models/functional.py", line 184, in call
    outputs = self._run_through_graph(
RuntimeError: Exception encountered when calling LSTM.call().

\x1b[1mmat1 and mat2 shapes cannot be multiplied (84x5 and 3x124)\x1b[0m
"""


@pytest.mark.parametrize("width", [50, 57, 59, 60])
def test_lines_that_were_broken_with_their_colours_are_joined(width: int) -> None:
    lines = [line[n : n + width] for line in COLORED.split("\n") for n in range(0, max(1, len(line)), width)]
    message = explain("\n".join(lines)).message

    assert message == "mat1 and mat2 shapes cannot be multiplied (84x5 and 3x124)"


PROGRAM = """import numpy as np

def rnn_step(x_t, state, kernel, recurrent, bias):
    return np.tanh(x_t @ kernel + state @ recurrent + bias)

size = 14
kernel = np.random.randn(6, size)
recurrent = np.random.randn(size, size)
bias = np.zeros(size)
state = np.zeros((5, size))
for x_t in np.random.randn(11, 5, 9):
    state = rnn_step(x_t, state, kernel, recurrent, bias)
"""

OUTER_FRAME = """Traceback (most recent call last):
  File "/home/me/run.py", line 12, in <module>
    state = rnn_step(x_t, state, kernel, recurrent, bias)
"""

OF_PRODUCT = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 6 is different from 9)"
)


def read_in(text: str) -> tuple[str | None, tuple[tuple[str, str], ...], int | None, int | None]:
    """The tensor, the lines of the first cause, num_units and batch_size of an explanation."""
    explanation = explain(text)
    network = explanation.configuration
    assert network
    return explanation.mismatch.tensor, explanation.mismatch.causes[0].lines, network.num_units, network.batch_size


WITHOUT_BOX = ("x", (("kernel = np.random.randn(6, size)", "kernel = np.random.randn(9, size)"),), 14, 5)


def test_a_frame_that_the_traceback_lacks_is_found_in_the_function_that_the_last_one_calls() -> None:
    assert read_in(PROGRAM + "\n" + OUTER_FRAME + OF_PRODUCT) == WITHOUT_BOX


def test_a_frame_that_the_traceback_lacks_is_unknown_if_two_lines_can_have_failed() -> None:
    two = PROGRAM.replace("    return", "    x_t = x_t @ np.eye(9)\n    return")

    assert "rnn_step" in explain(two + "\n" + OUTER_FRAME + OF_PRODUCT).found.code


@pytest.mark.parametrize("sides", ["┌─┐│└┘", "╔═╗║╚╝", "+-+|++", "+=+|++", ".-.|''", "▛▀▜▌▙▟", "┌┈┐┊└┘"])
@pytest.mark.parametrize("boxed_text", [PROGRAM, PROGRAM + "\n" + OUTER_FRAME])
def test_a_program_in_a_box_is_read_as_without_it(sides: str, boxed_text: str) -> None:
    rest = "" if OUTER_FRAME in boxed_text else OUTER_FRAME

    assert read_in(boxed(boxed_text, 66, (*sides,)) + f"\n{rest}{OF_PRODUCT}") == WITHOUT_BOX


def of_rich(path: str, lines: list[str], first: int) -> str:
    """A frame as Rich shows it: the lines of a file around the last one of them, which failed."""
    rows = [f"{'❱' if n == len(lines) - 1 else ' '} {first + n:3} {line}" for n, line in enumerate(lines)]
    head = ["╭───── Traceback (most recent call last) " + "─" * 40 + "╮"]
    return "\n".join([*head, *(f"│ {row:78} │" for row in (path, "", *rows)), f"╰{'─' * 80}╯"])


def test_numpy_has_its_usual_name_in_lines_that_lack_the_import() -> None:
    frame = of_rich("/home/me/run.py:12 in <module>", PROGRAM.split("\n")[2:12], 3)

    assert read_in(f"{frame}\n{OF_PRODUCT}") == WITHOUT_BOX


def test_the_simple_rnn_of_pytorch_is_known_in_lines_that_lack_the_import() -> None:
    lines = ["self.scan = nn.RNN(FEATURES, 17, batch_first=True)", "tags, last = self.scan(frames, torch.zeros(4, 17))"]
    frame = of_rich("/home/me/tagger.py:9 in forward", lines, 8)
    message = "RuntimeError: For batched 3-D input, hx should also be 3-D but got 2-D tensor"
    explanation = explain(f"{frame}\n{message}")
    network = explanation.configuration

    assert network and network.cell == "rnn" and is_of_kind(explanation, network)
