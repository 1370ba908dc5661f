"""Names of variables in a traceback that say which layer a network has."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

TEXT = (
    'Traceback (most recent call last):\n  File "/home/me/run.py", line 14, in <module>\n    {}.fit(moves, labels)\n'
    '  File "/home/me/env/lib/python3.11/site-packages/keras/src/backend/tensorflow/nn.py", line 1354, in'
    " categorical_crossentropy\n    raise ValueError(\nValueError: Arguments `target` and `output` must have the same"
    " shape. Received: target.shape=(16, 11, 5), output.shape=(16, 12, 5)"
)


@pytest.mark.parametrize("name", ["lstm_model", "next_move_lstm", "seq_gru", "move_rnn_net", "price_lstm"])
def test_network_with_the_word_of_a_layer_in_its_name_is_recurrent(name: str) -> None:
    mismatch = explain(TEXT.format(name)).mismatch
    assert (mismatch.tensor, mismatch.axis) == ("target", "time_step")


@pytest.mark.parametrize("name", ["model", "grub_model", "next_move_grub", "journey_net", "learnnet", "scaler_lstm"])
def test_other_names_say_nothing(name: str) -> None:
    with pytest.raises(NotFoundError):
        explain(TEXT.format(name))
