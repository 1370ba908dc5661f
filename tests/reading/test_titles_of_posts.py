"""What the title of a post says, its links, and messages that it tells in its own words."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain

PROGRAM = """
model = Sequential([
    Embedding(900, size, input_length=steps),
    {wrapper}(GRU(35)),
    Dense(20, activation='relu'),
    Dense(steps, activation='sigmoid')
])
"""
RANK = "Error when checking target: expected dense_8 to have 2 dimensions, but got array with shape (70, 11, 4)"
LATER = "With a Flatten I get `Input 0 is incompatible with layer flatten_2: expected min_ndim=3, found ndim=2`."


def told(explanation: Explanation) -> tuple[object, ...]:
    said = explanation.mismatch
    return said.tensor, said.axis, said.expected, said.got, said.first_cause


@pytest.mark.parametrize("wrapper", ["Bidirectional", ""])
def test_the_message_of_the_title_counts_more_than_what_was_tried_later(wrapper: str) -> None:
    program = PROGRAM.format(wrapper=wrapper)

    assert told(explain(f"# {RANK}\n{program}\n`{RANK}`\n\n{LATER}")) == ("output", "rank", 3, 2, "return_sequences")
    with pytest.raises(NotFoundError):
        explain(f"# My model fails\n{program}\n`{RANK}`\n\n{LATER}")
    with pytest.raises(NotFoundError):
        explain(f"# {RANK}\n{program}\nValueError: {LATER.partition('`')[2].partition('`')[0]}")


def test_a_title_may_say_the_axes_of_a_target_in_words() -> None:
    title = "# GRU: Error when checking target: expected to have {} dimensions, but got array with {}D shape\n\nWhy?"

    assert told(explain(title.format(2, 3))) == ("target", "rank", 2, 3, "return_sequences")
    assert told(explain(title.format(3, 2))) == ("target", "rank", 3, 2, "not_return_sequences")


SIZES = "ValueError: Using a target size (torch.Size([48])) that is different to the input size (torch.Size([48, 1]))"


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("https://github.com/someone/text-GRU-classifier/blob/main/fit.py#L8\n\n", True),
        ("https://github.com/someone/texts/blob/main/src/my_LSTM.py\n\n", True),
        ("https://github.com/someone/texts/blob/main/src/my_linear.py\n\n", False),
        ("https://github.com/someone/text-GRU-classifier/issues/8\n\n", False),
        ("https://github.com/gru/texts/blob/main/fit.py\n\n", False),
        ("# train_gru.py fails\n\n", True),
        ("# fit.py fails in gru/\n\n", False),
        ("Like train_gru.py\n\n", False),
    ],
)
def test_a_link_or_a_title_names_the_program_of_a_post(text: str, is_named: bool) -> None:
    if is_named:
        assert told(explain(text + SIZES)) == ("target", "rank", 2, 1, "target_axis")
    else:
        with pytest.raises(NotFoundError):
            explain(text + SIZES)


AXES = "RuntimeError: the number of sizes provided must be greater or equal to the number of dimensions in the tensor"


def test_a_mask_that_is_expanded_to_a_state_has_too_many_axes() -> None:
    line = "mask = (t < size).float().unsqueeze(1).expand_as(h_new)"

    assert told(explain(f"{line}\n\n{AXES}")) == ("mask", "rank", None, None, "mask_axes")
    for other in (line.replace("h_new", "image"), f"{line}\nb = bias.expand_as(h_new)"):
        with pytest.raises(NotFoundError):
            explain(f"{other}\n\n{AXES}")
