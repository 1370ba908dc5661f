"""What is asked about an operation whose arrays nothing connects with the recurrent layer that the text makes.

NumPy raised the message.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import WITHOUT_ORIGIN, NotFoundError, explain

MADE = "from keras import layers\nstack = [layers.Embedding(300, 21), layers.{}(33), layers.Dense(2)]\n"
ERROR = "ValueError: cannot reshape array of size 700 into shape (16,9,4)"


@pytest.mark.parametrize("name", ["LSTM", "GRU", "SimpleRNN"])
def test_a_text_that_makes_a_recurrent_layer_is_not_asked_for_one(name: str) -> None:
    with pytest.raises(NotFoundError) as asked:
        explain(pasted(MADE.format(name), ["table = table.reshape(16, 9, 4)"], ERROR))

    assert asked.value.sentence == WITHOUT_ORIGIN


def test_a_text_without_one_is_asked_for_its_source() -> None:
    with pytest.raises(NotFoundError) as asked:
        explain(pasted("", ["table = table.reshape(16, 9, 4)"], ERROR))

    assert "Paste the source as well" in str(asked.value.sentence)
