"""What the view of the training shows: the shipped curves, and what a trained network says, as plain numbers."""

from dataclasses import replace
from functools import cache

import pytest

from app.core.cells import CELLS
from app.core.stack import Stack
from app.diagram.training_scene import DigitBeliefs, TextBeliefs, WaveBeliefs
from app.training.curves import curve
from app.training.default_schedule import Schedule
from app.training.tasks import TASKS
from app.training.trainer import Trainer
from app.training.training_and_result import Epoch, Trained, Training
from app.url_state_to_picture.training.training_scene_of_state import (
    beliefs_of,
    confusion_of,
    course_of,
    training_scene,
    wrong_digits_of,
)

LSTM = Stack(CELLS["lstm"], 3, 4, 2, 8)
TEXT = "to be, or not to be, that is the question"


def sized(task: str, num_units: int) -> Stack:
    """A GRU with the sizes of a task."""
    sizes = TASKS[task].sizes(TEXT)
    return Stack(CELLS["gru"], sizes["batch_size"], sizes["time_step"], sizes["features"], num_units)


@cache
def trained(task: str) -> Trained:
    """A network after one epoch with few examples."""
    stack = sized(task, num_units=6)
    trainer = Trainer(Training(stack, task, Schedule(256, 1, 0.01), 0, TEXT if task == "text" else ""))
    assert len([*trainer]) == 1
    return trainer.result()


def test_a_shipped_cell_has_its_curve_whatever_the_sizes_of_the_picture() -> None:
    shown = training_scene(LSTM).curve
    assert [point.num_units for point in shown.points] == [point.num_units for point in curve("lstm") or ()]
    assert shown.joined
    assert shown.parameters == 634  # 4·8·(8+8+1) and 8·10 + 10
    assert {cost.num_units: cost.parameters for cost in shown.costs}[128] == 71_434


@pytest.mark.parametrize(
    "other",
    [{"num_layers": 2}, {"bidirectional": True}, {"cell": CELLS["lstm_peephole"]}],
    ids=["layers", "directions", "another cell"],
)
def test_another_stack_has_no_curve_but_its_costs(other: dict[str, object]) -> None:
    shown = training_scene(replace(LSTM, **other)).curve  # type: ignore[arg-type]
    assert not shown.points
    assert not shown.joined
    sized = replace(LSTM, time_step=8, features=8, **other)  # type: ignore[arg-type]
    assert shown.parameters == Training(sized, "digits", Schedule(1, 1, 0.01), 0).parameters()


def test_the_costs_are_those_of_trainings() -> None:
    for task in TASKS:
        stack = replace(sized(task, num_units=5), num_layers=2, bidirectional=True)
        training = Training(stack, task, Schedule(1, 1, 0.01), 0, TEXT)
        assert training_scene(stack, task, TEXT).curve.parameters == training.parameters()


def test_it_has_memorised_if_it_knows_nearly_all_that_it_saw_and_much_less_of_the_rest() -> None:
    for train, test, memorised in ((1.0, 0.77, True), (0.96, 0.743, True), (1.0, 0.86, False), (0.89, 0.5, False)):
        epochs = (Epoch(1, 0.1, train, test),)
        assert course_of(epochs, 25, "digits").memorised == memorised
        assert not course_of(epochs, 25, "wave").memorised
    assert not course_of((), 25, "digits").memorised


def test_the_beliefs_about_a_digit_are_probabilities_after_each_row() -> None:
    shown = beliefs_of(trained("digits"), 3)
    assert isinstance(shown, DigitBeliefs)
    assert [sum(shares) for shares in shown.probabilities] == pytest.approx([1] * 8)
    assert max(max(row) for row in shown.image) == 1
    assert shown.label == TASKS["digits"].data("").test_targets[3]


def test_the_beliefs_about_a_text_are_the_likeliest_next_characters() -> None:
    shown = beliefs_of(trained("text"), 0)
    assert isinstance(shown, TextBeliefs)
    read = "".join(step.character for step in shown.steps)
    assert {*read} <= {*TEXT}
    assert [step.following for step in shown.steps[:-1]] == [*read[1:]]
    for step in shown.steps:
        shares = [share for _, share in step.likeliest]
        assert shares == sorted(shares, reverse=True)
        assert step.probability <= shares[0]


def test_the_beliefs_about_a_wave_are_its_next_values() -> None:
    shown = beliefs_of(trained("wave"), 0)
    assert isinstance(shown, WaveBeliefs)
    assert len(shown.values) == len(shown.predicted)
    assert shown.predicted[0] is None


def test_the_wrong_digits_are_those_beside_the_diagonal() -> None:
    found, wrong = confusion_of(trained("digits")), wrong_digits_of(trained("digits"))
    counts = [[len(of) for of in row] for row in found]
    right = sum(counts[k][k] for k in range(10))
    assert sum(map(sum, counts)) == 397
    assert right / 397 == pytest.approx(trained("digits").epochs[-1].test)
    assert len(wrong) == 397 - right
    assert all(digit.label != digit.predicted for digit in wrong)
    assert all(digit.example in found[int(digit.label)][int(digit.predicted)] for digit in wrong)
    assert [sum(digit.label == str(k) for digit in wrong) for k in range(10)] == [
        sum(counts[k]) - counts[k][k] for k in range(10)
    ]
