"""What a trained network says."""

import numpy as np
import pytest
from small_trainings import training

from app.training.inference import beliefs, continuation, predictions, states
from app.training.trainer import Trainer
from app.training.training_and_result import Trained

TEXT = "ab" * 40


def trained(*args: object, **own: object) -> Trained:
    trainer = Trainer(training(*args, **own))  # type: ignore[arg-type]
    list(trainer)
    return trainer.result()


@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_last_belief_about_a_digit_is_the_answer(bidirectional: bool) -> None:
    network = trained(bidirectional=bidirectional, epochs=1)
    answers = predictions(network)
    for n in (0, 5):
        of_rows = beliefs(network, network.training.data.test_X[n])
        assert of_rows.shape == (8, 10)
        np.testing.assert_allclose(of_rows.sum(axis=1), 1, rtol=1e-6)
        assert of_rows[-1].argmax() == answers[n]


def test_what_the_network_believes_follows_from_h_and_h_from_c_in_the_order_of_time() -> None:
    network = trained(bidirectional=True, epochs=1)
    X = network.training.data.test_X[5]
    found = states(network, X)
    kernel, bias = network.dense
    # each direction has read as many rows: the first of the backward one is the last of all
    numbers = np.concatenate([found["forward", "h"][-1], found["backward", "h"][0]]) @ kernel + bias
    shares = np.exp(numbers) / np.exp(numbers).sum()

    np.testing.assert_allclose(shares, beliefs(network, X)[-1], rtol=1e-4)
    assert {Y.shape for Y in found.values()} == {(8, network.training.stack.num_units)}
    assert all((abs(found[d, "h"]) <= abs(np.tanh(found[d, "c"]))).all() for d in ("forward", "backward"))


def test_a_text_goes_on_as_it_was_learned_and_always_in_the_same_way() -> None:
    network = trained("text", text=TEXT, num_units=8, epochs=120)
    said = continuation(network, "xaba", 20, seed=3)
    for text, (_, probabilities) in zip(("ab", "ba"), said, strict=False):
        assert probabilities["ab".index(text[1])] > 0.8
    again = continuation(network, "xaba", 20, seed=3)
    np.testing.assert_array_equal([p for _, p in said], [p for _, p in again])
    assert continuation(network, "", 1, seed=3)[0].character == "b"  # after the first character of the text


def test_beliefs_about_a_wave_are_values() -> None:
    network = trained("wave", epochs=1)
    assert beliefs(network, network.training.data.test_X[0]).shape == (24, 1)
    assert predictions(network).shape == (60, 24)
