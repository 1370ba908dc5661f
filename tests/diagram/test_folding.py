"""Which steps are drawn whole, small or folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.diagram.folded_steps import Fold, Slot, SmallStep, after, before

WINGS = (1, 2, 3, 4, 5)


def shown(slots: tuple[Slot, ...]) -> list[int]:
    """Every step that the slots represent, in order."""
    return [step for slot in slots for step in range(slot.first, slot.last + 1)]


def assert_each_step_is_shown_once(t: int, time_step: int, wing: int) -> None:
    left, right = before(t, wing), after(t, time_step, wing)
    assert [*shown(left), t, *shown(right)] == list(range(time_step))
    assert len(left) <= wing
    assert len(right) <= wing
    for slot in (*left, *right):  # a fold of a single step would be a small step
        assert not isinstance(slot, Fold) or slot.count == slot.last - slot.first + 1 >= 2


@pytest.mark.parametrize("wing", WINGS)
def test_each_step_is_shown_exactly_once(wing: int) -> None:
    for time_step in range(1, 16):
        for t in range(time_step):
            assert_each_step_is_shown_once(t, time_step, wing)


@given(st.data(), st.integers(1, 10_000), st.sampled_from(WINGS))
def test_each_step_is_shown_exactly_once_in_long_sequences(data: st.DataObject, time_step: int, wing: int) -> None:
    assert_each_step_is_shown_once(data.draw(st.integers(0, time_step - 1), "t"), time_step, wing)


@pytest.mark.parametrize("wing", WINGS)
def test_few_steps_are_not_folded(wing: int) -> None:
    assert before(wing, wing) == tuple(SmallStep(t) for t in range(wing))
    assert after(0, wing + 1, wing) == tuple(SmallStep(t) for t in range(1, wing + 1))


def test_three_slots_show_both_ends_and_both_neighbours() -> None:
    assert before(5000, 3) == (SmallStep(0), Fold(1, 4998), SmallStep(4999))
    assert after(5000, 10_000, 3) == (SmallStep(5001), Fold(5002, 9998), SmallStep(9999))


def test_two_slots_show_the_last_and_the_previous_step() -> None:
    assert before(5000, 2) == (Fold(0, 4998), SmallStep(4999))
    assert after(5000, 10_000, 2) == (Fold(5001, 9998), SmallStep(9999))


def test_a_small_step_begins_and_ends_with_its_step() -> None:
    assert (SmallStep(7).first, SmallStep(7).last) == (7, 7)
