"""Which questions a seed draws: the same seed, the same questions, on every machine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TypeVar

from ...core.cells import CELLS
from ...core.stack import Stack
from ..text_page import Picture, TextPage
from .judge import Judge, judge_doubled, judge_number, judge_shape, judged
from .typed_shape import number, readings
from .verdict import Verdict

HOW_MANY = 10
"""Questions of a quiz."""

One = TypeVar("One")


@dataclass(frozen=True)
class QuizQuestion:
    """A question: its text and picture, its answer, and the judge of typed ones. ``reveals`` is the picture that shows
    the answer; ``counts`` says whether the answer is a number instead of a shape."""

    page: TextPage
    answer: str
    judge: Judge
    reveals: Picture
    counts: bool = False

    def verdict(self, text: str) -> Verdict:
        """The verdict on a typed answer, also on one that cannot be parsed."""
        return judged(text, [self.judge], (lambda text: [number(text)]) if self.counts else readings)


STEP = {
    "lstm": ("x", "h_prev", "concat", "a", "a_f", "i", "g", "o", "kept", "added", "c", "tanh_c", "h"),
    "gru": ("z", "r", "h"),
    "rnn": ("h",),
}
"""The tensors of a step that questions ask for, by cell."""

WEIGHTS = {"lstm": ("kernel", "bias"), "rnn": ("kernel",)}
RUN = {"lstm": ("X", "h_T", "c_T"), "gru": ("Y",)}
DOUBLED = {
    "time_step": ("kernel", "h", "Y"),
    "batch_size": ("kernel", "a", "c"),
    "features": ("h", "concat", "kernel"),
    "num_units": ("x", "c", "kernel"),
}
"""The tensors of an LSTM that questions ask for when a size has doubled, by size."""


@lru_cache(64)
def questions_of(seed: int) -> tuple[QuizQuestion, ...]:
    """The questions of a seed: a few of each kind, none twice."""
    random = Random(seed)
    chosen = [
        *(_shape(one, random) for one in _some(_tensors(STEP), 3, random)),
        *(_shape(one, random) for one in _some(_tensors(WEIGHTS), 2, random)),
        *(_shape(one, random) for one in _some(_tensors(RUN), 2, random)),
        *(_twice(one, random) for one in _some(_doubled(), 2, random)),
        *(_count(one, random) for one in _some(["lstm", "rnn"], 1, random)),
    ]
    return tuple(_some(chosen, HOW_MANY, random))


def every_question() -> list[QuizQuestion]:
    """One of each possible question, which together have all texts."""
    random = Random(0)
    shapes = [_shape(one, random) for kind in (STEP, WEIGHTS, RUN) for one in _tensors(kind)]
    return [*shapes, *(_twice(one, random) for one in _doubled()), *(_count(cell, random) for cell in ("lstm", "rnn"))]


def _some(pool: Sequence[One], n: int, random: Random) -> list[One]:
    """A random sample of ``n`` in random order. Only random() is used, which is the same in every version of Python."""
    left, drawn = list(pool), []
    for _ in range(min(n, len(left))):
        drawn.append(left.pop(int(random.random() * len(left))))
    return drawn


def _tensors(by_cell: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(cell, tensor) for cell, tensors in by_cell.items() for tensor in tensors]


def _doubled() -> list[tuple[str, str]]:
    return [(size, tensor) for size, tensors in DOUBLED.items() for tensor in tensors]


def _sizes(random: Random) -> dict[str, int]:
    """Small sizes that are all different from one another, and from their usual products and sums."""
    while True:
        named = {name: 2 + int(random.random() * 9) for name in ("batch_size", "time_step", "features", "num_units")}
        units, features = named["num_units"], named["features"]
        if len({*named.values(), 4 * units, 3 * units, units + features, units * features}) == 8:
            return named


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

GIVEN = {
    "lstm": f"In this LSTM {SIZES}",
    "gru": f"In this GRU {SIZES}",
    "rnn": f"In this simple RNN, which has no gates, {SIZES}",
}
"""What a question gives of each cell."""


def _shape(chosen: tuple[str, str], random: Random) -> QuizQuestion:
    cell, id = chosen
    picture = _picture(cell, _sizes(random), id)
    stack = stack_of(picture)
    program, sizes = stack.program(), stack.sizes
    tensor = program.by_id[id]
    words = f"{GIVEN[cell]}\n\nIt is {{{id}}}, and stands in a frame in the picture."
    page = TextPage(f"What is the shape of {_called(tensor.name)}?", words, picture)
    answer = _written(tensor.shape(sizes))
    return QuizQuestion(page, answer, lambda given: judge_shape(given, tensor, program, sizes), picture)


def _twice(chosen: tuple[str, str], random: Random) -> QuizQuestion:
    size, id = chosen
    picture = _picture("lstm", _sizes(random), id)
    stack = stack_of(picture)
    program, sizes = stack.program(), stack.sizes
    tensor, twice = program.by_id[id], {size: 2 * sizes[size]}
    question = f"What is the shape of {{{id}}}, {_called(tensor.name)}, when {{{size}.name}} is twice that?"
    words = f"{GIVEN['lstm']}\n\n{question}"
    page = TextPage(f"{size} doubles: what happens?", words, picture)
    answer = _written(tensor.shape({**sizes, **twice}))
    return QuizQuestion(
        page, answer, lambda given: judge_doubled(given, tensor, program, sizes, size), {**picture, **twice}
    )


def _count(cell: str, random: Random) -> QuizQuestion:
    picture = _picture(cell, _sizes(random), "kernel")
    stack = stack_of(picture)
    words = f"{GIVEN[cell]}\n\n{{kernel}} and {{bias}} are all that is learned. How many numbers are they?"
    page = TextPage("How many numbers are there to learn?", words, picture)
    total, near = stack.parameters(), _near(stack)
    return QuizQuestion(
        page, str(total), lambda given: judge_number(given, total, stack.sizes, near), picture, counts=True
    )


def _near(stack: Stack) -> dict[int, str]:
    """The misconceptions behind other numbers than that of all parameters."""
    total, program = stack.parameters(), stack.program()
    gates = sum(t.op == "split" for t in program.step)
    near = {
        program.parameters(stack.sizes)["kernel"]: "kernel",
        total * stack.time_step: "steps",
        total * stack.batch_size: "batch",
    }
    return near | ({total // gates: "each"} if gates else {})


def _called(name: str) -> str:
    """The name of a tensor without its explanation: ``the hidden state``."""
    short = re.split("[:,]", name)[0]
    return short if short.startswith("what ") else f"the {short}"


def _written(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))
