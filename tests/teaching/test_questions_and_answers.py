"""A quiz: its seed determines ten questions, and each can be answered from its text and picture."""

from dataclasses import replace
from typing import Any

import pytest
from pairing import in_turn

from app.core.cells import CELLS
from app.core.input_data import make_input
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.teaching.placeholders import plain, tokens
from app.teaching.quiz.questions_and_answers import QUIZ_LENGTH, SUBJECTS, questions_of, quiz_about, stack_of

SEEDS = [*range(25), 999_999_999]

every_seed = pytest.mark.parametrize("seed", SEEDS)
every_seed_and_cell = pytest.mark.parametrize(("cell", "seed"), in_turn(SUBJECTS, SEEDS))


@every_seed_and_cell
def test_a_quiz_has_ten_different_questions_of_several_kinds_about_one_cell(cell: str, seed: int) -> None:
    questions = questions_of(seed, cell)

    assert len({one.subject for one in questions}) == len(questions) == QUIZ_LENGTH
    assert {one.page.picture["cell"] for one in questions} == {cell}
    assert sum("doubles" in one.page.title for one in questions) == 2
    assert sum(one.counts for one in questions) == 1


def test_the_seed_determines_the_questions() -> None:
    questions_of.cache_clear()
    first = [one.page for one in questions_of(7)]
    questions_of.cache_clear()

    assert [one.page for one in questions_of(7)] == first
    assert len({tuple(one.page.title for one in questions_of(seed)) for seed in range(50)}) > 40


def test_a_question_keeps_its_link() -> None:
    """A teacher may have shared it when a quiz was about all cells."""
    first = "70", "13 × 4", "8 × 9", "4 × 9", "2 × 8 × 9", "9 × 6 × 4", "17 × 40", "6 × 7", "4 × 10", "14 × 32"
    cells = ["rnn", "rnn", "lstm", "gru", "gru", "lstm", "lstm", "lstm", "lstm", "lstm"]

    assert [questions_of(0, cell)[n].answer for n, cell in enumerate(cells)] == [*first]


def test_the_questions_of_a_seed_never_change() -> None:
    answers = ["104", "16", "8 × 9", "3 × 9", "2 × 9", "9 × 6 × 4", "17 × 40", "6 × 7", "4 × 10", "14 × 32"]

    assert [one.answer for one in questions_of(0)] == answers


def test_a_variant_has_the_quiz_of_its_cell() -> None:
    assert {cell: quiz_about(cell) for cell in CELLS} == {
        **{"lstm": "lstm", "lstm_peephole": "lstm", "lstm_coupled": "lstm"},
        **{"gru": "gru", "gru_reset_after": "gru", "rnn": "rnn"},
    }


@every_seed_and_cell
def test_the_answer_is_judged_correct_and_is_not_in_the_text(cell: str, seed: int) -> None:
    for question in questions_of(seed, cell):
        stack = stack_of(question.page.picture)
        words = " ".join(plain(tokens(text, stack), stack) for text in question.page.paragraphs)

        assert question.verdict(question.answer).right
        is_size = question.subject.tensor.endswith("bias")  # of a simple RNN it has num_units numbers
        assert question.answer not in words or is_size
        assert all(str(size) in words for size in stack.sizes.values())


@every_seed_and_cell
def test_the_answer_is_the_shape_in_a_run(cell: str, seed: int) -> None:
    for question in questions_of(seed, cell):
        stack, id = stack_of(question.page.picture), str(question.page.picture["tensor"])
        if question.subject.doubled:
            size = question.subject.doubled
            changes: dict[str, Any] = {size: 2 * stack.sizes[size]}
            stack = replace(stack, **changes)
        trace = run_stack(stack, stack_weights(stack, 0), make_input(stack.sizes, 0))
        tensor = trace.array(id, (0, "forward"), 0)
        if question.counts:
            parameters = sum(trace.array(weight, (0, "forward"), 0).size for weight in stack.cell.weights)
            assert question.answer == str(parameters)
        else:
            assert question.answer == " × ".join(map(str, tensor.shape))


@every_seed
def test_all_sizes_of_a_question_are_different(seed: int) -> None:
    for question in questions_of(seed):
        sizes = stack_of(question.page.picture).sizes
        units, features = sizes["num_units"], sizes["features"]

        assert len({*sizes.values(), 4 * units, units + features}) == 6


@every_seed
def test_the_revealed_picture_has_the_answer(seed: int) -> None:
    for question in questions_of(seed):
        stack, tensor = stack_of(question.reveals), str(question.reveals["tensor"])

        shape = stack.program().by_id[tensor].shape(stack.sizes)
        assert question.counts or question.answer == " × ".join(map(str, shape))


def test_an_unreadable_answer_gets_a_message() -> None:
    unreadable, empty = questions_of(0)[0].verdict("👩"), questions_of(0)[0].verdict("")

    assert unreadable.message.startswith("“👩” cannot be read")
    assert (unreadable.read, empty.read, empty.right) == (False, False, False)


def test_titles_of_questions_are_grammatical() -> None:
    assert not [one.page.title for seed in range(200) for one in questions_of(seed) if "the what" in one.page.title]
