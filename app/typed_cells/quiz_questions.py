"""A quiz about a typed cell: questions like those about the cells that ship, made from its program."""

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from ..core.axes import AxisError, shape_text
from ..core.cell import Cell
from ..core.program import Program, capture
from ..core.stack import Stack
from ..equations.cell_from_equations import OWN, cell_of
from ..teaching.quiz.judge import judge_doubled, judge_number, judge_shape
from ..teaching.quiz.questions_and_answers import QUIZ_LENGTH, QuizQuestion, Subject, random_sizes, sample
from ..teaching.text_page import Picture, TextPage
from ..translations.phrases import phrase

INTRODUCTION = phrase(
    "In this cell {batch_size.name} is {batch_size}, {time_step.name} {time_step}, {features.name} {features} and "
    "{num_units.name} {num_units}."
)
OUTLINED = phrase("It is the tensor that is outlined in bold in the picture.")
COUNTED = phrase("Only the weights are trained. How many parameters do they have together?")
TITLES = {
    "count": phrase("How many trainable parameters are there?"),
    "shape": phrase("What is the shape of this tensor?"),
    "doubled": phrase("What if a size doubles?"),
}
DOUBLED = {
    "batch_size": phrase("Which shape has it when {batch_size.name} doubles?"),
    "time_step": phrase("Which shape has it when {time_step.name} doubles?"),
    "num_units": phrase("Which shape has it when {num_units.name} doubles?"),
}
"""The questions about a doubled size."""

TRIES = 200
LARGEST = 256
"""How often random sizes are drawn, and the largest num_units that is tried when none of them fit the cell."""


@lru_cache(64)
def questions_about(text: str, seed: int) -> tuple[QuizQuestion, ...]:
    """The questions of a seed about the cell with these equations."""
    random, cell = Random(seed), cell_of(text)
    program = capture(cell)
    subjects = list(_subjects(program))
    chosen = [subjects[0], *sample(subjects[1:], QUIZ_LENGTH - 1, random)]
    while len(chosen) < QUIZ_LENGTH:  # a tiny cell: the same questions with other sizes
        chosen.append(sample(subjects, 1, random)[0])
    return tuple(_question(subject, cell, random) for subject in sample(chosen, QUIZ_LENGTH, random))


def _subjects(program: Program) -> Iterator[Subject]:
    """The number of parameters, then each tensor, and each state when a size doubles."""
    yield Subject("count", OWN, program.weights[0].id if program.weights else "X")
    for t in program.tensors:
        if t.axes and t.role != "constant" and t.operation.kind != "constant":
            yield Subject("weight" if t.role == "weight" else "step", OWN, t.id)
    doubled = [size for size in DOUBLED if size != "num_units" or _can_double(program)]
    for id in dict.fromkeys((program.cell.output, *program.cell.states, *(w.id for w in program.weights[:2]))):
        yield from (Subject("doubled", OWN, id, size) for size in doubled)


def _can_double(program: Program) -> bool:
    """Whether num_units can double on its own: no other size follows from it."""
    return not any("num_units" in (name, *size.names) for name, size in program.cell.own_sizes.items())


def _question(subject: Subject, cell: Cell, random: Random) -> QuizQuestion:
    chosen = _fitting_sizes(cell, random)
    stack = Stack(cell, chosen["batch_size"], chosen["time_step"], chosen["features"], chosen["num_units"])
    program, sizes = stack.program(), stack.sizes
    t = program.by_id[subject.tensor]
    picture: Picture = {"cell": OWN, "equations": cell.text, **chosen, "labels": "hidden", "tensor": t.id}
    if subject.kind == "count":
        page = TextPage(TITLES["count"], f"{INTRODUCTION}\n\n{COUNTED}", picture)
        total = stack.parameters()
        return QuizQuestion(subject, page, str(total), lambda answer: judge_number(answer, total, sizes, {}), picture)
    if not (size := subject.doubled):
        page = TextPage(TITLES["shape"], f"{INTRODUCTION}\n\n{OUTLINED}", picture)
        shape = shape_text(t.shape(sizes))
        return QuizQuestion(subject, page, shape, lambda answer: judge_shape(answer, t, program, sizes), picture)
    page = TextPage(TITLES["doubled"], f"{INTRODUCTION}\n\n{OUTLINED}\n\n{DOUBLED[size]}", picture)
    shape = shape_text(t.shape({**sizes, size: 2 * sizes[size]}))
    return QuizQuestion(
        subject,
        page,
        shape,
        lambda answer: judge_doubled(answer, t, program, sizes, size),
        {**picture, size: 2 * sizes[size]},
    )


def _fitting_sizes(cell: Cell, random: Random) -> dict[str, int]:
    """Small random sizes for which the axes of the cell have whole sizes."""
    for _ in range(TRIES):
        if found := _fitted(cell, random_sizes(random)):
            return found
    sizes = random_sizes(random)
    tried = (_fitted(cell, {**sizes, "num_units": n}) for n in range(1, LARGEST + 1))
    return next(found for found in tried if found)


def _fitted(cell: Cell, sizes: dict[str, int]) -> dict[str, int] | None:
    """The sizes, with features as the cell ties them to num_units; None if they do not fit."""
    try:
        if "features" in cell.own_sizes:
            sizes = {**sizes, "features": cell.own_sizes["features"].size(sizes)}
        cell.sizes(sizes)
    except AxisError:
        return None
    return sizes
