"""A corrected line is a general form unless the text has its names: keywords of a call are no names of a program."""

import pytest

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain

MADE = """Traceback (most recent call last):
  File "/home/me/speech.py", line 21, in __init__
    self.encoder = nn.LSTM({arguments}, **options)
  File "/home/me/env/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 156, in __init__
    raise ValueError("proj_size has to be smaller than hidden_size")
ValueError: proj_size has to be smaller than hidden_size
"""


@pytest.mark.parametrize(
    ("arguments", "are_known"),
    [
        ("input_size=9, hidden_size=40", False),
        ("9, 40", False),
        ("input_size, hidden_size", True),
        ("input_size=input_size, hidden_size=hidden_size", True),
    ],
)
def test_a_name_that_is_only_a_keyword_is_none_of_the_program(arguments: str, are_known: bool) -> None:
    explanation = explain(MADE.format(arguments=arguments))
    (cause,) = explanation.mismatch.causes

    assert "input_size, hidden_size" in cause.fix
    assert is_general(explanation.found, cause) is not are_known
