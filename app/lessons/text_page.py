"""A page of text and the picture beside it, which the fields of a query describe; a lesson."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..core.program import Program
from ..translations.languages import translator
from .prose import Figures, tensors_in

Picture = Mapping[str, int | str | bool]
"""The fields of a query that differ from their defaults."""


@dataclass(frozen=True)
class Try:
    """Another picture to look at: the words of its link, the fields that change, and its own text where that of the
    page does not hold for it."""

    words: str
    picture: Picture
    text: str = ""


@dataclass(frozen=True)
class TextPage:
    """A text in paragraphs and the picture that it is about, in which the tensors that it names are highlighted.

    The text holds for any sizes: the reader chooses these. ``figures`` are other numbers that it names; ``mistake`` is
    the one whose messages from the frameworks are shown.
    """

    title: str
    text: str
    picture: Picture = field(default_factory=dict)
    tries: tuple[Try, ...] = ()
    figures: Figures = field(default_factory=dict)
    mistake: str = ""

    @property
    def others(self) -> "list[TextPage]":
        """The other pictures that have a text of their own, each as a page."""
        return [
            replace(self, text=one.text, picture={**self.picture, **one.picture}, tries=())
            for one in self.tries
            if one.text
        ]

    @property
    def paragraphs(self) -> list[str]:
        """Each paragraph in one line: the line breaks of the source mean nothing."""
        return [" ".join(paragraph.split()) for paragraph in self.text.split("\n\n")]

    def lights(self, program: Program) -> list[str]:
        """The tensors that the text names, in its order."""
        return tensors_in(self.text, program)


@dataclass(frozen=True)
class Lesson:
    """A question that is answered page by page. ``about`` says in a sentence what one learns."""

    title: str
    about: str
    pages: tuple[TextPage, ...]


def in_language(page: TextPage, language: str) -> TextPage:
    """A page in a language."""
    translate = translator(language)

    def whole(text: str) -> str:
        return "\n\n".join(translate(" ".join(paragraph.split())) for paragraph in text.split("\n\n"))

    tries = tuple(replace(one, words=translate(one.words), text=one.text and whole(one.text)) for one in page.tries)
    return replace(page, title=translate(page.title), text=whole(page.text), tries=tries)
