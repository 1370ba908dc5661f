"""Training: its numbers, and what it promises to those who call it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_trainings import training
from textbook_training import losses

from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY
from app.training.curves import curve
from app.training.default_schedule import Schedule
from app.training.digits import digits
from app.training.inference import predictions
from app.training.network import PlainNetwork
from app.training.tasks import TASKS
from app.training.trainer import DivergedError, Trainer, order_of
from app.training.training_and_result import Training


def test_the_loss_of_every_step_is_that_of_a_textbook_loop() -> None:
    one = training(num_units=5, epochs=8, examples=150)
    one = replace(one, schedule=one.schedule._replace(learning_rate=0.05))
    trainer = Trainer(one, np.float64)
    weights, dense = trainer.values.weights[0, "forward"], trainer.values.dense
    W_h, W_x = np.split(weights["kernel"].copy(), [5])
    start = {"W_h": W_h, "W_x": W_x, "b": weights["bias"].copy(), "V": dense[:, :-1].T.copy(), "d": dense[:, -1].copy()}
    images, labels = digits()
    orders = [order_of(150, 0, epoch) for epoch in range(1, 9)]
    batches = [batch for order in orders for batch in (order[:64], order[64:128], order[128:])]
    expected, norms = losses(start, [(images[batch] / 16, labels[batch]) for batch in batches], 0.05)
    first, *_ = trainer
    np.testing.assert_allclose(trainer.losses, expected, 1e-10)
    assert max(norms) > 1 > min(norms)  # some are shortened
    assert first.loss == pytest.approx((64 * expected[0] + 64 * expected[1] + 22 * expected[2]) / 150)


def test_each_epoch_has_an_order_of_its_own_in_which_each_example_occurs_once() -> None:
    orders = [order_of(100, seed, epoch).tolist() for seed in (0, 1) for epoch in (1, 2)]
    assert all(sorted(order) == [*range(100)] for order in orders)
    assert len({*map(tuple, orders)}) == 4


def test_it_starts_with_the_weights_that_the_page_shows() -> None:
    one = training(num_layers=2, bidirectional=True, seed=7)
    trainer = Trainer(one)
    for place, weights in stack_weights(one.stack, 7).items():
        for id, array in weights.items():
            np.testing.assert_array_equal(trainer.values.weights[place][id], array)
    assert abs(trainer.values.dense).max() < 1 / np.sqrt(8) < 1.1 * abs(trainer.values.dense).max()


PROGRAM = """
import hashlib
from small_trainings import training
from app.training.trainer import Trainer
trainer = Trainer(training(num_units=24, examples=300, bidirectional=True))
print(*trainer, hashlib.sha256(trainer.values.all).hexdigest())
"""


def test_every_process_computes_the_same_numbers() -> None:
    root = Path(__file__).parents[2]
    path = f"{root}{os.pathsep}{Path(__file__).parent}"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    first, second = (run.communicate()[0] for run in runs)
    assert first == second != b""


def test_8_units_tell_more_than_9_digits_of_10_after_25_epochs_as_the_curve_says() -> None:
    trainer = Trainer(training(num_units=8, epochs=25))
    *_, last = trainer
    assert last.test > 0.9
    points = {point.num_units: point for point in curve("lstm") or ()}
    assert points[8].parameters == trainer.training.parameters() == 634
    assert abs(points[8].test[0] - last.test) < 0.03  # another machine rounds differently


@pytest.mark.parametrize(("task", "text"), [("digits", ""), ("text", "abracadabra, abracadabra"), ("wave", "")])
def test_a_run_with_the_trained_weights_gives_what_was_measured(task: str, text: str) -> None:
    trainer = Trainer(training(task, text=text, bidirectional=True, num_layers=2))
    *_, last = trainer
    trained, data = trainer.result(), trainer.data
    kernel, bias = trained.dense
    trace = run_stack(
        replace(trained.training.stack, batch_size=len(data.test_X)),
        trained.weights,
        data.read(data.test_X, np.float32),
    )
    Y = trace.layer_output(1)
    read = np.hstack([Y[:, -1, :4], Y[:, 0, 4:]]) if task == "digits" else Y
    said = read @ kernel + bias
    if task == "wave":
        expected = float(((said - data.test_targets) ** 2).mean())
    else:
        expected = float((said.argmax(-1) == data.test_targets).mean())
        np.testing.assert_array_equal(predictions(trained), said.argmax(-1))
    assert last.test == pytest.approx(expected, abs=1e-6)
    assert trained.epochs[-1] == last


def test_the_loss_falls_for_every_task_and_cell() -> None:
    for task, cell in zip(TASKS, ("gru", "rnn", "lstm_peephole"), strict=True):
        first, *_, last = Trainer(
            training(task, cell, text="to be or not to be, that is the question", num_units=8, epochs=8)
        )
        assert last.loss < 0.95 * first.loss


@pytest.mark.parametrize("id", ["lstm_layer_norm", "linear_attention"])
def test_a_typed_cell_that_is_not_compiled_is_trained_too(id: str) -> None:
    """Also one whose output is a matrix for each sample."""
    stack = TASKS["digits"].stack(cell_of(GALLERY[id]), 8, bidirectional=True)
    trainer = Trainer(Training(stack, "digits", Schedule(100, 3, 0.01), 0))
    first, _, last = trainer
    assert last.loss < first.loss
    assert {type(network) for network, _ in trainer.runs.values()} == {PlainNetwork}
    assert float((predictions(trainer.result()) == trainer.data.test_targets).mean()) == last.test


def test_few_examples_and_many_units_memorise() -> None:
    *_, last = Trainer(training(num_units=32, epochs=60, examples=64))
    assert last.train == 1
    assert last.test < 0.8


def test_a_training_whose_numbers_are_not_finite_ends_with_the_epoch_that_shows_it() -> None:
    """The exponential of a state, eight times in each digit, overflows."""
    cell = cell_of("h: batch_size, num_units\nW: features, num_units\nh = exp(x @ W * 40 + h_prev)")
    trainer = Trainer(Training(TASKS["digits"].stack(cell, 4), "digits", Schedule(100, 5, 1.0), 0))
    with pytest.raises(DivergedError, match=r"^1$"):
        list(trainer)
    assert not trainer.epochs


def test_the_caller_may_stop_after_any_epoch() -> None:
    trainer = Trainer(training(epochs=50, examples=64))
    assert [epoch.epoch for epoch, _ in zip(trainer, range(3), strict=False)] == [1, 2, 3]
    with pytest.raises(ValueError, match="of 50 epochs"):
        trainer.result()


def test_the_gradient_norms_are_those_of_the_first_and_last_epoch() -> None:
    trainer = Trainer(training(epochs=1, examples=64))
    list(trainer)
    trained = trainer.result()
    assert trained.first_norms == trained.last_norms
    norms = trained.first_norms[0, "forward"]
    assert norms.keys() == {"kernel", "bias"}
    assert all(norm > 0 for norm in norms.values())


def test_more_of_anything_is_more_work() -> None:
    one = training(num_units=8)
    assert one.work() > 0
    more = (
        replace(one, schedule=one.schedule._replace(epochs=3)),
        training(num_units=64),
        training(num_units=8, bidirectional=True),
    )
    assert all(other.work() > one.work() for other in more)
    assert replace(one, schedule=one.schedule._replace(examples=100)).work() < one.work()
