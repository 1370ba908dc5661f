"""A box whose lines a terminal broke within words is read as the text in it."""

from textwrap import wrap

import pytest

from app.reading.errors.explanation import explain

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
