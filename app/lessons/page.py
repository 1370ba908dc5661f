"""What the words of a lesson or of an answer stand beside: a picture, told by the fields of a query."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.core.program import Program
from app.lessons.prose import Figures, tensors_in
from app.translations.languages import translator

Picture = Mapping[str, int | str | bool]
"""The fields of a query that differ from what is usual."""


@dataclass(frozen=True)
class Try:
    """Another picture to look at: the words of its link, what changes, and what is said of it where that is not true of
    the page's own picture."""

    words: str
    picture: Picture
    text: str = ""


@dataclass(frozen=True)
class Page:
    """Words, paragraph by paragraph, and the picture that they speak of. The tensors that they name are lit in it.

    The words hold at any sizes: these belong to the reader. ``figures`` are the numbers that the words name besides;
    ``seen`` is the mistake to which the frameworks are heard.
    """

    title: str
    text: str
    picture: Picture = field(default_factory=dict)
    tries: tuple[Try, ...] = ()
    figures: Figures = field(default_factory=dict)
    seen: str = ""

    @property
    def others(self) -> "list[Page]":
        """The pictures that may be tried and have words of their own, each as such a page."""
        return [
            replace(self, text=one.text, picture={**self.picture, **one.picture}, tries=())
            for one in self.tries
            if one.text
        ]

    @property
    def paragraphs(self) -> list[str]:
        """Each in one line: where it is broken in the source means nothing."""
        return [" ".join(paragraph.split()) for paragraph in self.text.split("\n\n")]

    def lights(self, program: Program) -> list[str]:
        """The tensors that the words name, in their order."""
        return tensors_in(self.text, program)


@dataclass(frozen=True)
class Lesson:
    """A question, gone through page by page. ``about`` says in a sentence what is learned."""

    title: str
    about: str
    pages: tuple[Page, ...]


def in_language(page: Page, language: str) -> Page:
    """A page with all of its words in a language."""
    translate = translator(language)

    def told(text: str) -> str:
        return "\n\n".join(translate(" ".join(paragraph.split())) for paragraph in text.split("\n\n"))

    tries = tuple(replace(one, words=translate(one.words), text=one.text and told(one.text)) for one in page.tries)
    return replace(page, title=translate(page.title), text=told(page.text), tries=tries)
