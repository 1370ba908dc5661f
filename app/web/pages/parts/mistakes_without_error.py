"""Mistakes that raise no error, on the page where errors are pasted."""

from typing import NamedTuple

from ....core.axes import SIZES
from ....teaching.all_pages import PageId, page_on
from ....translations.phrases import phrase
from ....url_state.url_state import UrlState
from ..questions import entry
from .explained_error import Colored

Reading = tuple[str | tuple[Colored, ...], ...]
"""Shapes, and words between them."""


class MistakeWithoutError(NamedTuple):
    """A mistake that raises no error: a question, how shapes are read, and the page that answers it."""

    question: str
    reading: Reading
    link: str


def _shape(*sizes: tuple[int, str]) -> tuple[Colored, ...]:
    return tuple(Colored(str(size), role) for size, role in sizes)


B, T, F, U = SIZES[:4]
MISTAKES: tuple[tuple[str, Reading, PageId], ...] = (
    (
        phrase("Does the output have one axis more than the target?"),
        (_shape((32, B), (1, "ink")), phrase("against"), _shape((32, B)), phrase("gives"), _shape((32, B), (32, B))),
        PageId("one-axis-more"),
    ),
    (
        phrase("Does the result of a sequence depend on the rest of its batch?"),
        (_shape((32, B), (200, T), (8, F)), phrase("read as"), _shape((32, T), (200, B), (8, F))),
        PageId("swapped"),
    ),
    (
        phrase("Does a batch of single steps return one sequence?"),
        (_shape((200, B), (8, F)), phrase("read as"), _shape((200, T), (8, F))),
        page_on("two-axes"),
    ),
    (
        phrase("Is the last output that of the padding?"),
        (_shape((32, B), (200, T), (64, U)), phrase("at step 199, of a sequence of 17 steps")),
        PageId("padding"),
    ),
)
"""Mistakes without an error, each with a shape that is read in another way than it was meant."""


def mistakes_without_error(state: UrlState, lang: str) -> list[MistakeWithoutError]:
    """The mistakes without an error, with the pages that answer them."""
    return [
        MistakeWithoutError(question, reading, entry(state, place, lang).page.link)
        for question, reading, place in MISTAKES
    ]
