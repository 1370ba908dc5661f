"""Chooses the questions of a quiz by its seed: the same seed gives the same questions on every machine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TypeVar

from ...core.cells import CELLS
from ...core.stack import Stack
from ..text_page import Picture, TextPage
from .judge import Judge, judge, judge_doubled, judge_number, judge_shape
from .typed_shape import number, readings
from .verdict import Verdict

QUIZ_LENGTH = 10
"""The number of questions in a quiz."""

T = TypeVar("T")


@dataclass(frozen=True)
class QuizQuestion:
    """A question: its text and picture, the correct answer, and the function that judges a typed one.

    ``reveals`` is the picture that shows the answer. ``counts`` is true if the answer is a number instead of a shape.
    """

    page: TextPage
    answer: str
    judge: Judge
    reveals: Picture
    counts: bool = False

    def verdict(self, text: str) -> Verdict:
        """The verdict on a typed answer, even if it cannot be parsed."""
        return judge(text, [self.judge], (lambda text: [number(text)]) if self.counts else readings)


STEP_TENSORS = {
    "lstm": ("x", "h_prev", "concat", "a", "a_f", "i", "g", "o", "kept", "added", "c", "tanh_c", "h"),
    "gru": ("z", "r", "h"),
    "rnn": ("h",),
}
"""By cell, the tensors of a step that questions ask for."""

WEIGHT_TENSORS = {"lstm": ("kernel", "bias"), "rnn": ("kernel",)}
RUN_TENSORS = {"lstm": ("X", "h_T", "c_T"), "gru": ("Y",)}
TENSORS_BY_DOUBLED_SIZE = {
    "time_step": ("kernel", "h", "Y"),
    "batch_size": ("kernel", "a", "c"),
    "features": ("h", "concat", "kernel"),
    "num_units": ("x", "c", "kernel"),
}
"""By size, the tensors of an LSTM that questions ask for after the size has been doubled."""


@lru_cache(64)
def questions_of(seed: int) -> tuple[QuizQuestion, ...]:
    """The questions of a seed: some of each kind, without repetitions."""
    random = Random(seed)
    questions = [
        *(_shape_question(one, random) for one in _sample(_pairs(STEP_TENSORS), 3, random)),
        *(_shape_question(one, random) for one in _sample(_pairs(WEIGHT_TENSORS), 2, random)),
        *(_shape_question(one, random) for one in _sample(_pairs(RUN_TENSORS), 2, random)),
        *(_doubled_question(one, random) for one in _sample(_pairs(TENSORS_BY_DOUBLED_SIZE), 2, random)),
        *(_count_question(one, random) for one in _sample(["lstm", "rnn"], 1, random)),
    ]
    return tuple(_sample(questions, QUIZ_LENGTH, random))


def every_question() -> list[QuizQuestion]:
    """One question of each kind for each tensor, which together have all texts."""
    random = Random(0)
    shapes = [
        _shape_question(one, random) for kind in (STEP_TENSORS, WEIGHT_TENSORS, RUN_TENSORS) for one in _pairs(kind)
    ]
    return [
        *shapes,
        *(_doubled_question(one, random) for one in _pairs(TENSORS_BY_DOUBLED_SIZE)),
        *(_count_question(cell, random) for cell in ("lstm", "rnn")),
    ]


def _sample(pool: Sequence[T], n: int, random: Random) -> list[T]:
    """A random sample of ``n`` items in random order. It uses only random(), which is the same in every version of
    Python."""
    remaining, sample = list(pool), []
    for _ in range(min(n, len(remaining))):
        sample.append(remaining.pop(int(random.random() * len(remaining))))
    return sample


def _pairs(tensors: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Each key with each of its tensors."""
    return [(key, tensor) for key, ids in tensors.items() for tensor in ids]


def _sizes(random: Random) -> dict[str, int]:
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


def _shape_question(pair: tuple[str, str], random: Random) -> QuizQuestion:
    cell, id = pair
    picture = _picture(cell, _sizes(random), id)
    stack = stack_of(picture)
    program, sizes = stack.program(), stack.sizes
    tensor = program.by_id[id]
    words = f"{INTRODUCTIONS[cell]}\n\nIt is {{{id}}}, and stands in a frame in the picture."
    page = TextPage(f"What is the shape of {_short_name(tensor.name)}?", words, picture)
    answer = _shape_text(tensor.shape(sizes))
    return QuizQuestion(page, answer, lambda answer: judge_shape(answer, tensor, program, sizes), picture)


def _doubled_question(pair: tuple[str, str], random: Random) -> QuizQuestion:
    size, id = pair
    picture = _picture("lstm", _sizes(random), id)
    stack = stack_of(picture)
    program, sizes = stack.program(), stack.sizes
    tensor, twice = program.by_id[id], {size: 2 * sizes[size]}
    question = f"What is the shape of {{{id}}}, {_short_name(tensor.name)}, when {{{size}.name}} is twice that?"
    words = f"{INTRODUCTIONS['lstm']}\n\n{question}"
    page = TextPage(f"{size} doubles: what happens?", words, picture)
    answer = _shape_text(tensor.shape({**sizes, **twice}))
    return QuizQuestion(
        page, answer, lambda answer: judge_doubled(answer, tensor, program, sizes, size), {**picture, **twice}
    )


def _count_question(cell: str, random: Random) -> QuizQuestion:
    picture = _picture(cell, _sizes(random), "kernel")
    stack = stack_of(picture)
    words = f"{INTRODUCTIONS[cell]}\n\n{{kernel}} and {{bias}} are all that is learned. How many numbers are they?"
    page = TextPage("How many numbers are there to learn?", words, picture)
    total, near = stack.parameters(), _misconceptions(stack)
    return QuizQuestion(
        page, str(total), lambda answer: judge_number(answer, total, stack.sizes, near), picture, counts=True
    )


def _misconceptions(stack: Stack) -> dict[int, str]:
    """Wrong numbers of parameters, with the misconceptions that lead to them."""
    total, program = stack.parameters(), stack.program()
    gates = sum(t.op == "split" for t in program.step)
    near = {
        program.parameters(stack.sizes)["kernel"]: "kernel",
        total * stack.time_step: "steps",
        total * stack.batch_size: "batch",
    }
    return near | ({total // gates: "each"} if gates else {})


def _short_name(name: str) -> str:
    """The name of a tensor without its explanation: ``the hidden state``."""
    short = re.split("[:,]", name)[0]
    return short if short.startswith("what ") else f"the {short}"


def _shape_text(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))
