"""A quiz: the same seed draws the same ten questions; each can be answered from its words and picture alone."""

from dataclasses import replace
from typing import Any

import pytest

from app.core.initializers import stack_weights
from app.core.input_data import make_input
from app.core.run import run_stack
from app.lessons.prose import plain, tokens
from app.lessons.quiz.sampling import HOW_MANY, questions_of, stack_of

SEEDS = [*range(25), 999_999_999]

every_seed = pytest.mark.parametrize("seed", SEEDS)


@every_seed
def test_a_quiz_has_ten_questions_of_several_kinds_and_none_twice(seed: int) -> None:
    asked = questions_of(seed)

    assert len(asked) == HOW_MANY
    assert len({(one.page.title, *one.page.picture.values()) for one in asked}) == HOW_MANY
    assert sum("doubles" in one.page.title for one in asked) == 2
    assert sum("How many" in one.page.title for one in asked) == 1


def test_the_same_seed_draws_the_same_and_another_draws_others() -> None:
    questions_of.cache_clear()
    first = [one.page for one in questions_of(7)]
    questions_of.cache_clear()

    assert [one.page for one in questions_of(7)] == first
    assert len({tuple(one.page.title for one in questions_of(seed)) for seed in range(50)}) > 40


def test_what_a_seed_draws_never_changes() -> None:
    """A teacher handed the link out last year."""
    first = ["70", "13 × 4", "8 × 9", "4 × 9", "2 × 8 × 9", "9 × 6 × 4", "17 × 40", "6 × 7", "4 × 10", "14 × 32"]

    assert [one.answer for one in questions_of(0)] == first


@every_seed
def test_its_own_answer_is_right_and_its_words_do_not_say_it(seed: int) -> None:
    for asked in questions_of(seed):
        stack = stack_of(asked.page.picture)
        words = " ".join(plain(tokens(text, stack), stack) for text in asked.page.paragraphs)

        assert asked.verdict(asked.answer).right
        assert asked.answer not in words
        assert all(str(size) in words for size in stack.sizes.values())


@every_seed
def test_the_answer_is_what_a_run_makes(seed: int) -> None:
    for asked in questions_of(seed):
        stack, id = stack_of(asked.page.picture), str(asked.page.picture["tensor"])
        if "doubles" in asked.page.title:
            size = asked.page.title.split()[0]
            changes: dict[str, Any] = {size: 2 * stack.sizes[size]}
            stack = replace(stack, **changes)
        trace = run_stack(stack, stack_weights(stack, 0), make_input(stack.sizes, 0))
        made = trace.array(id, (0, "forward"), 0)
        if "How many" in asked.page.title:
            made_numbers = made.size + trace.array("bias", (0, "forward"), 0).size
            assert asked.answer == str(made_numbers)
        else:
            assert asked.answer == " × ".join(map(str, made.shape))


@every_seed
def test_no_size_can_be_taken_for_another(seed: int) -> None:
    for asked in questions_of(seed):
        sizes = stack_of(asked.page.picture).sizes
        units, features = sizes["num_units"], sizes["features"]

        assert len({*sizes.values(), 4 * units, units + features}) == 6


@every_seed
def test_where_it_is_revealed_there_is_the_answer(seed: int) -> None:
    for asked in questions_of(seed):
        stack, tensor = stack_of(asked.reveals), str(asked.reveals["tensor"])

        shown = stack.program().by_id[tensor].shape(stack.sizes)
        assert asked.counts or asked.answer == " × ".join(map(str, shown))


def test_what_cannot_be_read_is_answered_in_a_sentence() -> None:
    unread, nothing = questions_of(0)[0].verdict("👩"), questions_of(0)[0].verdict("")

    assert unread.message.startswith("“👩” cannot be read")
    assert (unread.read, nothing.read, nothing.right) == (False, False, False)


def test_no_question_reads_oddly() -> None:
    assert not [one.page.title for seed in range(200) for one in questions_of(seed) if "the what" in one.page.title]
