"""The shape of x that a text says in a sentence, or prints, has the batch and the steps of the picture."""

import pytest

from app.reading.errors.explanation import Explanation, explain

OF_FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected 6, got 4"
OF_STATE = "RuntimeError: Expected hidden[0] size (1, 8, 14), got [1, 3, 14]"
BATCH_FIRST = "self.rnn = nn.LSTM(6, 14, batch_first=True)"
TIME_FIRST = "self.rnn = nn.LSTM(6, 14)"


def sizes(said: str, layer: str = BATCH_FIRST, error: str = OF_FEATURES) -> tuple[int | None, int | None]:
    known = explain(f"{said}\n\n{layer}\n{error}\n").configuration
    return (known.batch_size, known.time_step) if known else (None, None)


@pytest.mark.parametrize(
    "said",
    [
        "My input is (3, 8, 4).",
        "x has shape [3, 8, 4], I think.",
        "The input tensor is of size torch.Size([3, 8, 4])",
        "print(x.shape)  # torch.Size([3, 8, 4])",
        ">>> print(batch.size())\ntorch.Size([3, 8, 4])",
        "Input shape: torch.Size([3, 8, 4])",
    ],
)
def test_an_x_that_the_text_says_has_a_batch_and_steps(said: str) -> None:
    assert sizes(said) == (3, 8)
    assert sizes(said, TIME_FIRST) == (8, 3)


@pytest.mark.parametrize(
    "said",
    [
        "My input is (3, 8, 5).",  # other features than the message says
        "The hidden state is (3, 8, 4).",
        "All my data has shape (3, 8, 4)",
        "My input is (3, 8, 4), and later x is (5, 8, 4).",
    ],
)
def test_other_shapes_are_not_those_of_x(said: str) -> None:
    assert sizes(said) == (None, None)


def test_an_order_that_no_line_says_leaves_both_sizes_open() -> None:
    assert sizes("My input is (3, 8, 4) for an LSTM.", "") == (None, None)


def first_cause(explanation: Explanation) -> str:
    return explanation.mismatch.first_cause


def test_a_said_x_tells_whether_the_batch_is_in_its_first_axis() -> None:
    of_steps = explain(f"x is (3, 8, 6)\n{TIME_FIRST}\n{OF_STATE}")
    of_others = explain(f"x is (5, 8, 6)\n{TIME_FIRST}\n{OF_STATE}")

    assert first_cause(of_steps) == "batch_first"
    assert first_cause(of_others) == "other_batch"
    assert sizes("x is (5, 8, 6)", TIME_FIRST, OF_STATE) == (8, 5)
