"""The heading of a post and an earlier message name a recurrent layer as well as a line of code does."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

MESSAGE = "ValueError: Error when checking target: expected dense_7 to have shape (5,) but got array with shape (8,)"


@pytest.mark.parametrize(
    "before",
    [
        "# My LSTM refuses its targets\n\n",
        "\n## A GRU for words\n\nI wrote a model.\n\n",
        "I wrote a model.\n\n### Bidirectional LSTM\n\n",
        "ValueError: Error when checking input: expected gru_3_input to have 3 dimensions, but got array with shape"
        " (70, 12)\n\nNow I see this instead:\n\n",
    ],
)
def test_a_layer_in_a_heading_or_an_earlier_message_counts(before: str) -> None:
    assert explain(before + MESSAGE).mismatch.tensor == "target"


@pytest.mark.parametrize(
    "before",
    [
        "# LSTM for words\n\nimport keras\nmodel = keras.Sequential()\n",
        "model = build()\n# the LSTM comes later\nmodel.fit(x, y)\n",
        "# We do not use an LSTM\n\n",
        "scaler = fit(gru_input)\n",
    ],
)
def test_a_comment_and_the_name_of_data_do_not_count(before: str) -> None:
    with pytest.raises(NotFoundError):
        explain(before + MESSAGE)
