"""Which questions a seed draws: the same seed, the same questions, on every machine."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import TypeVar

from app.core.stack import Stack
from app.lessons.page import Page, Picture
from app.lessons.quiz.answer import AnswerError, Form, read
from app.lessons.quiz.judge import Verdict, judge_number, judge_shape

HOW_MANY = 10
"""So many questions has a quiz."""

Judge = Callable[[tuple[Form, ...]], Verdict]
One = TypeVar("One")


@dataclass(frozen=True)
class Drawn:
    """A question: its words and picture, and who judges an answer to it."""

    page: Page
    judge: Judge
    answer: str

    def verdict(self, text: str) -> Verdict:
        """On what was typed, also where it cannot be read."""
        try:
            return self.judge(read(text))
        except AnswerError as error:
            return Verdict(False, f"{str(error)[:1].upper()}{str(error)[1:]}.")


STEP = {
    "lstm": ("x", "h_prev", "concat", "a", "a_f", "i", "g", "o", "kept", "added", "c", "tanh_c", "h"),
    "gru": ("z", "r", "h"),
    "rnn": ("h",),
}
"""By cell, the tensors of a step that are asked for."""

WEIGHTS = {"lstm": ("kernel", "bias"), "rnn": ("kernel",)}
RUN = {"lstm": ("X", "h_T", "c_T"), "gru": ("Y",)}
DOUBLED = {
    "time_step": ("kernel", "h", "Y"),
    "batch_size": ("kernel", "a", "c"),
    "features": ("h", "concat", "kernel"),
    "num_units": ("x", "c", "kernel"),
}
"""By size, the tensors of an LSTM that are asked for where it is twice as large."""


@lru_cache(64)
def drawn(seed: int) -> tuple[Drawn, ...]:
    """The questions of a seed: a few of each kind, none twice."""
    random = Random(seed)
    asked = [
        *(_shape(one, random) for one in _some(_tensors(STEP), 3, random)),
        *(_shape(one, random) for one in _some(_tensors(WEIGHTS), 2, random)),
        *(_shape(one, random) for one in _some(_tensors(RUN), 2, random)),
        *(_twice(one, random) for one in _some(_doubled(), 2, random)),
        *(_count(one, random) for one in _some(["lstm", "rnn"], 1, random)),
    ]
    return tuple(_some(asked, HOW_MANY, random))


def _some(pool: Sequence[One], n: int, random: Random) -> list[One]:
    """So many of them, in an order that depends on the numbers in [0, 1) alone, which no version of Python changes."""
    left, taken = list(pool), []
    for _ in range(min(n, len(left))):
        taken.append(left.pop(int(random.random() * len(left))))
    return taken


def _tensors(by_cell: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(cell, tensor) for cell, tensors in by_cell.items() for tensor in tensors]


def _doubled() -> list[tuple[str, str]]:
    return [(size, tensor) for size, tensors in DOUBLED.items() for tensor in tensors]


def _sizes(random: Random) -> dict[str, int]:
    """Small ones that no other can be taken for, nor what is made of them."""
    while True:
        named = {name: 2 + int(random.random() * 9) for name in ("batch_size", "time_step", "features", "num_units")}
        units, features = named["num_units"], named["features"]
        if len({*named.values(), 4 * units, 3 * units, units + features, units * features}) == 8:
            return named


def _picture(cell: str, sizes: dict[str, int], tensor: str) -> Picture:
    return {"cell": cell, **sizes, "labels": "hidden", "tensor": tensor}


def _stack(picture: Picture) -> Stack:
    names = ("cell", "batch_size", "time_step", "features", "num_units")
    return Stack(**{name: picture[name] for name in names})  # type: ignore[arg-type]


GIVEN = """
    {batch_size.name} is {batch_size}, {time_step.name} {time_step}, {features.name} {features} and {num_units.name}
    {num_units}.
"""


def _shape(asked: tuple[str, str], random: Random) -> Drawn:
    cell, id = asked
    picture = _picture(cell, _sizes(random), id)
    stack = _stack(picture)
    tensor = stack.program().by_id[id]
    page = Page(f"What is the shape of {_called(tensor.name)}?", f"{GIVEN} It is {{{id}}} in the picture.", picture)
    return Drawn(page, lambda answer: judge_shape(answer, tensor, stack.sizes), _written(tensor.shape(stack.sizes)))


def _twice(asked: tuple[str, str], random: Random) -> Drawn:
    size, id = asked
    picture = _picture("lstm", _sizes(random), id)
    stack = _stack(picture)
    tensor, then = stack.program().by_id[id], replace(stack, **{size: 2 * getattr(stack, size)})
    words = f"{GIVEN} What is the shape of {{{id}}}, {_called(tensor.name)}, when {{{size}.name}} is twice that?"
    page = Page(f"{size} doubles: what happens?", words, picture)

    def judge(answer: tuple[Form, ...]) -> Verdict:
        verdict = judge_shape(answer, tensor, then.sizes)
        as_before = tuple(form.value(stack.sizes) for form in answer) == tensor.shape(stack.sizes)
        if not verdict.right and as_before and all(form.is_number for form in answer):
            return Verdict(False, f"That is its shape now. {size} is in it, and doubles.")
        return verdict

    return Drawn(page, judge, _written(tensor.shape(then.sizes)))


def _count(cell: str, random: Random) -> Drawn:
    picture = _picture(cell, _sizes(random), "kernel")
    stack = _stack(picture)
    words = f"{GIVEN} {{kernel}} and {{bias}} are all that is learned. How many numbers are they?"
    page = Page("How many numbers are there to learn?", words, picture)
    total, by_weight = stack.parameters(), stack.program().parameters(stack.sizes)
    gates = sum(t.op == "split" for t in stack.program().step)
    near = {
        by_weight["kernel"]: "That is the kernel alone; the bias is learned, too.",
        total * stack.time_step: "Every step uses the same numbers: time_step is not in it.",
        total * stack.batch_size: "Every sequence uses the same numbers: batch_size is not in it.",
    }
    if gates > 1:
        near[total // gates] = "That is one gate’s; each gate has as many."
    return Drawn(page, lambda answer: judge_number(answer, total, stack.sizes, near), str(total))


def _called(name: str) -> str:
    """``the hidden state``, without what is said of it besides."""
    return f"the {re.split('[:,]', name)[0]}"


def _written(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))
