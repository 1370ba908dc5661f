"""The questions of a quiz with their answers, chosen by its seed: equal on every machine for the same seed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TypeVar

from ...core.axes import TIME_STEP, shape_text
from ...core.cells import CELLS
from ...core.program import Program, Tensor
from ...core.stack import Stack
from ..text_page import Picture, TextPage
from .answered_shape import number, readings
from .judge import Judge, judge, judge_doubled, judge_number, judge_shape, misconceptions
from .verdict import Verdict

QUIZ_LENGTH = 10
"""The number of questions in a quiz."""

T = TypeVar("T")


@dataclass(frozen=True)
class Subject:
    """What a question asks for: the shape of a tensor of a cell, now or when the size ``doubled`` has been doubled; or,
    if ``kind`` is count, the number of parameters."""

    kind: str
    cell: str
    tensor: str = "kernel"
    doubled: str = ""


@dataclass(frozen=True)
class QuizQuestion:
    """A question: its text and picture, the correct answer, and the function that judges a typed one.

    ``reveals`` is the picture that shows the answer.
    """

    subject: Subject
    page: TextPage
    answer: str
    judge: Judge
    reveals: Picture

    @property
    def counts(self) -> bool:
        """Whether the answer is a number instead of a shape."""
        return self.subject.kind == "count"

    def verdict(self, text: str) -> Verdict:
        """The verdict on a typed answer, even if it cannot be parsed."""
        return judge(text, [self.judge], (lambda text: [number(text)]) if self.counts else readings)


def _subjects(kind: str, cell: str, tensors: str, doubled: str = "") -> tuple[Subject, ...]:
    return tuple(Subject(kind, cell, tensor, doubled) for tensor in tensors.split())


LSTM_STEP = _subjects("step", "lstm", "x h_prev concat a a_f i g o kept added c tanh_c h")
LSTM_WEIGHTS = _subjects("weight", "lstm", "kernel bias")
LSTM_RUN = _subjects("run", "lstm", "X h_T c_T")
LSTM_DOUBLED = (
    *_subjects("doubled", "lstm", "kernel h Y", "time_step"),
    *_subjects("doubled", "lstm", "kernel a c", "batch_size"),
    *_subjects("doubled", "lstm", "h concat kernel", "features"),
    *_subjects("doubled", "lstm", "x c kernel", "num_units"),
)

FIRST_DRAWN: dict[str, tuple[int, tuple[Subject, ...]]] = {
    "step": (3, (*LSTM_STEP, *_subjects("step", "gru", "z r h"), *_subjects("step", "rnn", "h"))),
    "weight": (2, (*LSTM_WEIGHTS, *_subjects("weight", "rnn", "kernel"))),
    "run": (2, (*LSTM_RUN, *_subjects("run", "gru", "Y"))),
    "doubled": (2, LSTM_DOUBLED),
    "count": (1, (Subject("count", "lstm"), Subject("count", "rnn"))),
}
"""By kind, how many questions a seed draws first, and from which."""

SUBJECTS: dict[str, tuple[Subject, ...]] = {
    "lstm": (
        *LSTM_STEP,
        *LSTM_WEIGHTS,
        *LSTM_RUN,
        *_subjects("run", "lstm", "Y"),
        *LSTM_DOUBLED,
        Subject("count", "lstm"),
    ),
    "gru": (
        *_subjects("step", "gru", "x h_prev concat z r reset g h"),
        *_subjects("weight", "gru", "bias candidate_kernel candidate_bias"),
        *_subjects("run", "gru", "X Y h_T"),
        *_subjects("doubled", "gru", "h Y", "time_step"),
        *_subjects("doubled", "gru", "h", "batch_size"),
        *_subjects("doubled", "gru", "h candidate_kernel", "features"),
        *_subjects("doubled", "gru", "x candidate_kernel", "num_units"),
        Subject("count", "gru"),
    ),
    "rnn": (
        *_subjects("step", "rnn", "x h_prev concat a h"),
        *_subjects("weight", "rnn", "kernel bias"),
        *_subjects("run", "rnn", "X Y h_T"),
        *_subjects("doubled", "rnn", "kernel h Y", "time_step"),
        *_subjects("doubled", "rnn", "kernel h", "batch_size"),
        *_subjects("doubled", "rnn", "h concat kernel", "features"),
        *_subjects("doubled", "rnn", "x h kernel", "num_units"),
        Subject("count", "rnn"),
    ),
}
"""What questions about a cell ask for."""


def quiz_about(cell: str) -> str:
    """The cell that a quiz is about: a variant has the quiz of the plain cell."""
    return CELLS[cell].family.lower()


@lru_cache(64)
def questions_of(seed: int, cell: str = "lstm") -> tuple[QuizQuestion, ...]:
    """The questions of a seed about a cell: some of each kind, without repetitions.

    The seed first draws questions about all cells; those about another cell are then replaced. So links to questions
    keep their meaning that were shared when a quiz was about all cells.
    """
    random = Random(seed)
    questions = [
        _question(subject, random) for n, subjects in FIRST_DRAWN.values() for subject in sample(subjects, n, random)
    ]
    quiz = sample(questions, QUIZ_LENGTH, random)
    subjects = {question.subject for question in quiz}
    for k, question in enumerate(quiz):
        if question.subject.cell != cell:
            kind = question.subject.kind
            others = [one for one in SUBJECTS[cell] if one.kind == kind and one not in subjects]
            quiz[k] = _question(sample(others, 1, random)[0], random)
            subjects.add(quiz[k].subject)
    return tuple(quiz)


def every_question() -> list[QuizQuestion]:
    """One question for each subject, which together have all texts."""
    random = Random(0)
    return [_question(subject, random) for subjects in SUBJECTS.values() for subject in subjects]


def sample(pool: Sequence[T], n: int, random: Random) -> list[T]:
    """A random sample of ``n`` items in random order. It uses only random(), which is the same in every version of
    Python."""
    remaining, sample = list(pool), []
    for _ in range(min(n, len(remaining))):
        sample.append(remaining.pop(int(random.random() * len(remaining))))
    return sample


def random_sizes(random: Random) -> dict[str, int]:
    """Small sizes that differ from one another, and from the products and sums that occur in shapes."""
    while True:
        sizes = {name: 2 + int(random.random() * 9) for name in ("batch_size", "time_step", "features", "num_units")}
        units, features = sizes["num_units"], sizes["features"]
        if len({*sizes.values(), 4 * units, 3 * units, units + features, units * features}) == 8:
            return sizes


def _picture(cell: str, sizes: dict[str, int], tensor: str) -> Picture:
    return {"cell": cell, **sizes, "labels": "hidden", "tensor": tensor}


def stack_of(picture: Picture) -> Stack:
    """The stack of a question's picture."""
    batch_size, time_step, features, num_units = (
        int(picture[name]) for name in ("batch_size", "time_step", "features", "num_units")
    )
    return Stack(CELLS[str(picture["cell"])], batch_size, time_step, features, num_units)


SIZES = """{batch_size.name} is {batch_size}, {time_step.name} {time_step}, {features.name} {features} and
    {num_units.name} {num_units}."""

INTRODUCTIONS = {
    "lstm": f"In this LSTM {SIZES}",
    "gru": f"In this GRU {SIZES}",
    "rnn": f"In this simple RNN, which has no gates, {SIZES}",
}
"""The first sentence of a question, by cell."""


def _question(subject: Subject, random: Random) -> QuizQuestion:
    picture = _picture(subject.cell, random_sizes(random), subject.tensor)
    if subject.kind == "count":
        return _count_question(subject, picture)
    return _doubled_question(subject, picture) if subject.doubled else _shape_question(subject, picture)


def _shape_question(subject: Subject, picture: Picture) -> QuizQuestion:
    stack = stack_of(picture)
    program, sizes = stack.program(), stack.sizes
    tensor = program.by_id[subject.tensor]
    words = f"{INTRODUCTIONS[subject.cell]}\n\nIt is {{{tensor.id}}}{_place(program, tensor)}"
    page = TextPage(f"What is the shape of {_short_name(tensor.name)}?", words, picture)
    answer = shape_text(tensor.shape(sizes))
    return QuizQuestion(subject, page, answer, lambda answer: judge_shape(answer, tensor, program, sizes), picture)


def _doubled_question(subject: Subject, picture: Picture) -> QuizQuestion:
    size, id, stack = subject.doubled, subject.tensor, stack_of(picture)
    program, sizes = stack.program(), stack.sizes
    tensor, twice = program.by_id[id], {size: 2 * sizes[size]}
    question = f"What is the shape of {{{id}}}, {_short_name(tensor.name)}, when {{{size}.name}} doubles?"
    page = TextPage(f"What if {size} doubles?", f"{INTRODUCTIONS[subject.cell]}\n\n{question}", picture)
    answer = shape_text(tensor.shape({**sizes, **twice}))
    return QuizQuestion(
        subject, page, answer, lambda answer: judge_doubled(answer, tensor, program, sizes, size), {**picture, **twice}
    )


def _count_question(subject: Subject, picture: Picture) -> QuizQuestion:
    stack = stack_of(picture)
    *first, last = (f"{{{id}}}" for id in stack.cell.weights)
    question = f"Only {', '.join(first)} and {last} are trained. How many parameters do they have together?"
    page = TextPage("How many trainable parameters are there?", f"{INTRODUCTIONS[subject.cell]}\n\n{question}", picture)
    total, near = stack.parameters(), misconceptions(stack)
    return QuizQuestion(
        subject, page, str(total), lambda answer: judge_number(answer, total, stack.sizes, near), picture
    )


def _place(program: Program, t: Tensor) -> str:
    """The end of a sentence that says where a tensor is in the picture: at each step, in the boxes of several gates, or
    in one place."""
    if TIME_STEP in t.axes:
        return ": all steps outlined in bold, together."
    products = [t, *(program.by_id[user] for user in program.used_by[t.id])] if t.role == "weight" else [t]
    if any(len(program.pieces(product)) > 1 for product in products):
        return ": all boxes outlined in bold, together."
    return ", outlined in bold in the picture."


def _short_name(name: str) -> str:
    """The name of a tensor without its explanation: ``the hidden state``."""
    return f"the {re.split('[:,]', name)[0]}"
