"""Arguments of layers that a sentence says, and calls that a sentence names without arguments."""

import pytest

from app.reading.errors.explanation import explain

TEXT = """Traceback (most recent call last):
  File "tagger.py", line 44, in forward
    scores = outputs * state_scores
RuntimeError: The size of tensor a (96) must match the size of tensor b (48) at non-singleton dimension 2

{}
"""


def test_a_call_without_arguments_makes_no_layer() -> None:
    explanation = explain(TEXT.format("As far as I understand, `nn.GRU()` returns the last state as well."))

    assert explanation.configuration is None or explanation.configuration.bidirectional is None
    assert "attention_directions" in {one.id for one in explanation.mismatch.causes}  # nothing excludes it


@pytest.mark.parametrize(
    ("sentence", "bidirectional"),
    [
        ("Here the `bidirectional` option is set to True in `nn.GRU()`.", True),
        ("bidirectional is set as False in my nn.LSTM().", False),
        ("All arguments of nn.LSTM() have their defaults, but bidirectional was set to `True`.", True),
        ("What changes in nn.LSTM() if bidirectional is set to True?", None),
        ("Both directions of nn.LSTM() are returned when the flag bidirectional is set to True.", None),
    ],
)
def test_a_sentence_says_the_directions(sentence: str, bidirectional: bool | None) -> None:
    explanation = explain(TEXT.format(sentence))

    assert explanation.found.surroundings.flag("bidirectional") is bidirectional
    is_first = explanation.mismatch.causes[0].id == "attention_directions"
    assert is_first == (bidirectional is not False)


def test_code_counts_more_than_a_sentence() -> None:
    explanation = explain(TEXT.format("lstm = nn.LSTM(20, 48, bidirectional=False)\n\nbidirectional is set to True"))

    assert explanation.found.surroundings.flag("bidirectional") is False
