"""Typed answers: every correct notation is accepted, and a wrong answer gets a message about the likely
misconception."""

import sys
from random import Random
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cells import CELLS
from app.core.stack import Stack
from app.teaching.quiz.answered_shape import MAX_LENGTH, AnswerError, number, readings
from app.teaching.quiz.judge import judge_doubled, judge_number, judge_shape

STACK = Stack(CELLS["lstm"], 3, 4, 2, 5)
A = STACK.program().by_id["a"]  # batch_size × 4·num_units


def message_for(answer: str, tensor: str, stack: Stack = STACK) -> str:
    program = stack.program()
    found = [judge_shape(one, program.by_id[tensor], program, stack.sizes) for one in readings(answer)]
    verdict = next((verdict for verdict in found if verdict.right), found[0])
    assert verdict.right == (verdict.message == "Right.")
    return verdict.message


@pytest.mark.parametrize(
    "answer",
    [
        *("3 x 20", "3x20", "3X20", "3×20", "3 × 20", "3, 20", "3,20", "3 20", "3*20", "3 * 20", "3;20", " 3  20 "),
        *("(3, 20)", "[3, 20]", "((3, 20))", "(3,20,)", "torch.Size([3, 20])", "TensorShape([3, 20])"),
        *("(batch_size, 4*num_units)", "batch_size x 4*num_units", "batch_size × 4·num_units", "B x 4U", "Bx4U"),
        *("batch_size by 4 num_units", "3 by 20", "(None, 20)", "[B, 4*hidden_size]", "BATCH × 4*UNITS"),
        *("3 x 4*5", "3 x (4*5)", "(3) x (20)", "3 x 5*4", "3 x (5+5+5+5)", "B x (U+U+2U)", "3 x 4U", "B x 20"),
        *("BxU*4", "Nx4H", "batch size x 4 units", "None x 4 n_units", "(3 , 4num_units)"),
        *("3，20", "b, 4u", "3 x 020", "B×2(U+U)", "n x 4 hidden", "shape=(3, 20)"),
    ],
)
def test_every_correct_notation_is_accepted(answer: str) -> None:
    assert message_for(answer, "a") == "Right."


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
        ("bias", "4*5"),
        ("bias", "(4*5)"),
        ("h", "3 num_units"),
        ("h", "BxH"),
        ("h", "NxH"),
        ("h", "3xh"),
        ("bias", "(20,)"),
        ("bias", "4*U"),
        ("X", "BxTxF"),
        ("Y", "(3, 4, 5)"),
        ("Y", "batch, timesteps, units"),
    ],
)
def test_sums_in_any_order_and_vectors_with_or_without_a_comma_are_accepted(tensor: str, answer: str) -> None:
    assert message_for(answer, tensor) == "Right."


@pytest.mark.parametrize(
    ("tensor", "answer", "expected"),
    [
        ("h", "3 x 4", "That is time_step; the second axis is num_units."),
        ("h", "B x T", "That is time_step; the second axis is num_units."),
        ("h", "3 x 2", "That is features; the second axis is num_units."),
        ("x", "3 x 5", "That is num_units; the second axis is features."),
        (
            "h",
            "5 x 3",
            "Right sizes, wrong order.",
        ),
        ("h", "5", "That is for one sample; this tensor has a row for each sample of the batch."),
        ("h", "15", "That is the number of elements. A shape gives the length of each axis."),
        ("h", "3 x 4 x 5", "time_step is not in its shape: it is recomputed at each step."),
        ("Y", "3 x 5", "That is for one step; this tensor has all steps."),
        ("a", "3 x 5", "That is for one gate. The second axis holds all gates side by side."),
        ("f", "3 x 20", "That is all gates together; the second axis is for one gate."),
        ("concat", "3 x 5", "That is only one part. The second axis holds two things side by side."),
        ("concat", "3 x 10", "Things side by side in the second axis add up; they are not multiplied."),
        ("kernel", "3 x 7 x 20", "Weights are shared by all samples and steps, so neither size is in their shape."),
        ("kernel", "4 x 7 x 20", "Weights are shared by all samples and steps, so neither size is in their shape."),
        ("h", "9 x 5", "The first axis is not right yet."),
        ("bias", "4 x 5", "Weights are shared by all samples and steps, so neither size is in their shape."),
        ("kernel", "3 x 4 x 20", "Weights are shared by all samples and steps, so neither size is in their shape."),
        ("h_T", "3 x 4 x 5", "time_step is not in its shape: it is the state after the last step."),
        ("h", "3 num_units x 2", "The first axis is not right yet."),
        ("bias", "3 x 20", "Weights are shared by all samples and steps, so neither size is in their shape."),
        ("c", "3 x 5 x 1", "It has 2 axes, not 3."),
        ("c", "3 x 5 x 1 x 1 x 1 x 1 x 1 x 1", "It has 2 axes, not 8."),
        ("h", "3 x num_proj", "The second axis is not right yet."),
    ],
)
def test_a_wrong_answer_gets_a_message_about_the_likely_misconception(tensor: str, answer: str, expected: str) -> None:
    assert message_for(answer, tensor) == expected


def test_the_right_number_with_the_name_of_another_size_is_wrong() -> None:
    mnist = Stack(CELLS["lstm"], 128, 28, 28, 128)

    assert message_for("128 x 28", "x", mnist) == "Right."
    assert message_for("B x F", "x", mnist) == "Right."
    assert (
        message_for("B x T", "x", mnist) == "The second axis happens to have that length, but it is a different size."
    )


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("", "Type an answer"),
        ("   ", "Type an answer"),
        ("()", "missing|Nothing"),
        ("3 x (", "missing"),
        ("x 3", "missing|not a size|cannot"),
        ("3 x (20", "not closed"),
        ("3 x 20)", "without an opening one"),
        ("3 x banana", "not a size"),
        ("3 / 20", "cannot be read"),
        ("-3 x 20", "cannot be read"),
        ("3.5 x 20", "cannot be read"),
        ("9" * 13, "larger"),
        ("3 x " + "1" * 300, "too long"),
        ("👩‍🏫", "cannot be read"),
        ("<script>", "cannot be read"),
        ("\u202e3", "cannot be read"),
        ("(1+b+t+f+u+p)*" * 14, "too many parts"),
        ("3 x ((b+t+f+u+p)*(b+t+f+u+p))", "too many parts"),
        ("3 x (b*b*b*b*b)", "too many parts"),
        ("(" * 200, "too many parts"),
        ("3 " * 9, "too many parts"),
        ("3 " * 100, "too many parts"),
        ("3 x (999999999999*U*999999999999)", "larger"),
        ("999999999999 + U + 1", "larger"),
        ("3 x 20" + " " * 32_000, "too long"),
    ],
)
def test_a_text_that_is_not_a_shape_is_an_error(answer: str, wrong: str) -> None:
    with pytest.raises(AnswerError, match=wrong):
        readings(answer)


PIECES = [*"btfup13x*+(),×· \n\t²", "999999999999", "٣", "batch_size", "num_layers", "(1+b+t+f+u+p)", "seq ", "shape"]
"""Parts of long answers."""


def calls(text: str) -> int:
    """The number of function calls to judge an answer, which does not depend on the speed of the machine."""
    count = 0

    def count_call(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(count_call)
    try:
        for answer in (*readings(text), number(text)):
            judge_shape(answer, A, STACK.program(), STACK.sizes)
    except AnswerError:
        pass
    finally:
        sys.setprofile(None)
    return count


def test_every_answer_is_judged_quickly() -> None:
    """A call takes about 0.1 µs, so the limit is 2 ms."""
    random = Random(3)
    answers = [
        f"{piece * (MAX_LENGTH // len(piece))}" for piece in ("(1+b+t+f+u+p)*", "((b)+", "(b+t)", "2(3(", *PIECES)
    ]
    for _ in range(1000):
        pieces = random.choices(random.sample(PIECES, random.randint(1, 8)), k=MAX_LENGTH)
        answers.append("".join(pieces)[: random.randint(20, MAX_LENGTH)])
    calls("3 x 20")  # the first call compiles patterns

    assert max((calls(answer), answer) for answer in answers) < (20_000, "")


@given(st.text(max_size=60))
def test_any_text_gets_a_verdict_or_an_error_message(text: str) -> None:
    try:
        found = [judge_shape(one, A, STACK.program(), STACK.sizes) for one in (*readings(text), number(text))]
    except AnswerError as error:
        assert str(error)
    else:
        assert all(verdict.message for verdict in found)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=4), st.sampled_from([" x ", ", ", "×", " ", " by "]))
def test_numbers_are_parsed_with_any_separator(numbers: list[int], separator: str) -> None:
    assert [form.value({}) for form in readings(separator.join(map(str, numbers)))[0]] == numbers


@pytest.mark.parametrize(
    "answer", ["160", "4*U*(U+F) + 4*U", "4U(U+F+1)", "8*20", "4*5*8", "4 * 5 * (5+2+1)", "(160)", "20*7+20", "32 U"]
)
def test_a_count_may_be_typed_as_a_formula(answer: str) -> None:
    assert judge_number(number(answer), 160, STACK.sizes, {}).right


def test_a_wrong_count_gets_a_message_about_the_likely_mistake() -> None:
    near = {140: "kernel"}

    assert (
        judge_number(number("140"), 160, STACK.sizes, near).message
        == "That is only the kernel; the bias is also trained."
    )
    assert judge_number(number("7 x 20"), 160, STACK.sizes, near).message == "The answer is a single number."
    assert judge_number(number("1"), 160, {}, near).message == "Too few."
    assert judge_number(number("999"), 160, {}, near).message == "Too many."


@pytest.mark.parametrize(
    ("size", "tensor", "answer"),
    [
        *(("num_units", "c", answer) for answer in ("3 x 10", "B x 2U", "B x 2*num_units", "3 x 2U", "3 x (U+U)")),
        *(("time_step", "Y", answer) for answer in ("3 x 8 x 5", "B x 2T x U")),
        *(("features", "concat", answer) for answer in ("3 x 9", "B x (U+2F)", "B x (5+4)")),
        *(("time_step", "kernel", answer) for answer in ("7 x 20", "(U+F) x 4U")),
    ],
)
def test_names_refer_to_the_sizes_before_doubling(size: str, tensor: str, answer: str) -> None:
    program = STACK.program()

    assert judge_doubled(readings(answer)[0], program.by_id[tensor], program, STACK.sizes, size).right


@pytest.mark.parametrize(("size", "tensor", "answer"), [("num_units", "c", "B x U"), ("batch_size", "a", "3 x 20")])
def test_the_shape_before_doubling_gets_its_own_message(size: str, tensor: str, answer: str) -> None:
    program = STACK.program()
    verdict = judge_doubled(readings(answer)[0], program.by_id[tensor], program, STACK.sizes, size)

    assert verdict.message == f"That is its shape now. It contains {size}, which doubles."


def test_a_confused_size_takes_precedence_over_confused_gates() -> None:
    """Twice num_units may equal time_step."""
    assert (
        message_for("B x T", "h", Stack(CELLS["lstm"], 3, 10, 2, 5))
        == "That is time_step; the second axis is num_units."
    )
    assert message_for("3 x 10", "h", Stack(CELLS["rnn"], 3, 4, 2, 5)) == "The second axis is not right yet."
