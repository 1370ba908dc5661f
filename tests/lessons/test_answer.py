"""Answers in whatever form they come: every correct one counts, a wrong one is named by what was probably thought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.stack import Stack
from app.lessons.quiz.answer import AnswerError, read
from app.lessons.quiz.judge import judge_number, judge_shape

STACK = Stack("lstm", 3, 4, 2, 5)
A = STACK.program().by_id["a"]  # batch_size × 4·num_units


def said(answer: str, tensor: str, stack: Stack = STACK) -> str:
    verdict = judge_shape(read(answer), stack.program().by_id[tensor], stack.sizes)
    assert verdict.right == (verdict.said == "Right.")
    return verdict.said


@pytest.mark.parametrize(
    "answer",
    [
        *("3 x 20", "3x20", "3X20", "3×20", "3 × 20", "3, 20", "3,20", "3 20", "3*20", "3 * 20", "3;20", " 3  20 "),
        *("(3, 20)", "[3, 20]", "((3, 20))", "(3,20,)", "torch.Size([3, 20])", "TensorShape([3, 20])"),
        *("(batch_size, 4*num_units)", "batch_size x 4*num_units", "batch_size × 4·num_units", "B x 4U", "Bx4U"),
        *("batch_size by 4 num_units", "3 by 20", "(None, 20)", "[B, 4*hidden_size]", "BATCH × 4*UNITS"),
        *("3 x 4*5", "3 x (4*5)", "(3) x (20)", "3 x 5*4", "3 x (5+5+5+5)", "B x (U+U+2U)", "3 x 4U", "B x 20"),
        *("3，20", "b, 4u", "3 x 020", "B×2(U+U)", "n x 4 hidden", "shape=(3, 20)"),
    ],
)
def test_every_correct_form_counts(answer: str) -> None:
    assert said(answer, "a") == "Right."


@pytest.mark.parametrize(
    ("tensor", "answer"),
    [
        ("concat", "3 x 7"),
        ("concat", "3 x (5+2)"),
        ("concat", "B x (U+F)"),
        ("concat", "B x (F+U)"),
        ("concat", "(batch_size, num_units + features)"),
        ("kernel", "(U+F) x 4U"),
        ("kernel", "7 x 20"),
        ("bias", "20"),
        ("bias", "(20,)"),
        ("bias", "4*U"),
        ("X", "BxTxF"),
        ("Y", "(3, 4, 5)"),
        ("Y", "batch, timesteps, units"),
    ],
)
def test_sums_count_in_any_order_and_vectors_with_and_without_a_comma(tensor: str, answer: str) -> None:
    assert said(answer, tensor) == "Right."


@pytest.mark.parametrize(
    ("tensor", "answer", "thought"),
    [
        ("h", "3 x 4", "That is time_step; num_units belongs in the second axis."),
        ("h", "B x T", "That is time_step; num_units belongs in the second axis."),
        ("h", "3 x 2", "That is features; num_units belongs in the second axis."),
        ("x", "3 x 5", "That is num_units; features belongs in the second axis."),
        (
            "h",
            "5 x 3",
            "These are the right sizes in another order.",
        ),
        ("h", "5", "That is one sequence’s. It has a row for each sequence of the batch."),
        ("h", "15", "That is how many numbers it holds. A shape says how long each of its axes is."),
        ("h", "3 x 4 x 5", "time_step is not in it: it is made anew at each step."),
        ("Y", "3 x 5", "That is one step’s. It has all steps."),
        ("a", "3 x 5", "That is one gate’s. In the second axis all gates stand side by side."),
        ("f", "3 x 20", "That is all gates together; the second axis is one’s alone."),
        ("concat", "3 x 5", "That is a part of it. In the second axis two things stand side by side."),
        ("concat", "3 x 10", "What stands side by side in the second axis adds up, it is not multiplied."),
        ("kernel", "3 x 7 x 20", "Weights are the same for every sequence and at every step: neither size is in them."),
        ("kernel", "4 x 7 x 20", "Weights are the same for every sequence and at every step: neither size is in them."),
        ("h", "9 x 5", "The first axis is not right yet."),
        ("bias", "3 x 20", "Weights are the same for every sequence and at every step: neither size is in them."),
        ("c", "3 x 5 x 1", "It has 2 axes, not 3."),
        ("h", "3 x num_proj", "The second axis is not right yet."),
    ],
)
def test_a_wrong_answer_is_named_by_what_was_probably_thought(tensor: str, answer: str, thought: str) -> None:
    assert said(answer, tensor) == thought


def test_the_right_number_by_another_name_is_not_right() -> None:
    mnist = Stack("lstm", 128, 28, 28, 128)

    assert said("128 x 28", "x", mnist) == "Right."
    assert said("B x F", "x", mnist) == "Right."
    assert said("B x T", "x", mnist) == "The second axis has that many here, but it is another size by that name."


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("", "nothing"),
        ("   ", "nothing"),
        ("()", "missing|nothing"),
        ("3 x (", "missing"),
        ("x 3", "missing|no size|cannot"),
        ("3 x (20", "not closed"),
        ("3 x 20)", "never opened"),
        ("3 x banana", "no size"),
        ("3 / 20", "cannot be read"),
        ("-3 x 20", "cannot be read"),
        ("3.5 x 20", "cannot be read"),
        ("9" * 13, "larger"),
        ("3 x " + "1" * 300, "too long"),
        ("👩‍🏫", "cannot be read"),
        ("<script>", "cannot be read"),
        ("\u202e3", "cannot be read"),
    ],
)
def test_what_is_no_shape_is_said_to_be_none(answer: str, wrong: str) -> None:
    with pytest.raises(AnswerError, match=wrong):
        read(answer)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
    try:
        verdict = judge_shape(read(text), A, STACK.sizes)
    except AnswerError as error:
        assert str(error)
    else:
        assert verdict.said


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=4), st.sampled_from([" x ", ", ", "×", " ", " by "]))
def test_numbers_are_read_back_as_they_were_written(numbers: list[int], sign: str) -> None:
    assert [form.value({}) for form in read(sign.join(map(str, numbers)))] == numbers


def test_a_count_is_one_number() -> None:
    near = {140: "the kernel alone"}

    assert judge_number(read("160"), 160, STACK.sizes, near).right
    assert judge_number(read("4*U*(U+F) + 4*U"), 160, STACK.sizes, near).right
    assert judge_number(read("140"), 160, STACK.sizes, near).said == "the kernel alone"
    assert judge_number(read("7 x 20"), 160, STACK.sizes, near).said == "One number is asked for."
    assert (judge_number(read("1"), 160, {}, near).said, judge_number(read("999"), 160, {}, near).said) == (
        "Too few.",
        "Too many.",
    )
