"""A page of text and the picture next to it, which the fields of a query describe; a lesson."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..core.program import Program
from ..translations.languages import translator
from .placeholders import Figures, tensors_in

Picture = Mapping[str, int | str | bool]
"""The fields of a query that differ from their defaults."""


@dataclass(frozen=True)
class Variant:
    """Another picture for a page: the words of its link, the fields that change, and its own text if that of the page
    does not apply to it."""

    words: str
    picture: Picture
    text: str = ""


@dataclass(frozen=True)
class TextPage:
    """A text in paragraphs with its picture, in which the tensors that the text names are highlighted.

    The text applies to any sizes, because the reader can change them. ``figures`` computes other numbers that it names.
    ``mistake`` is the key of a mistake whose error messages in the frameworks are shown.
    """

    title: str
    text: str
    picture: Picture = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    figures: Figures = field(default_factory=dict)
    mistake: str = ""

    @property
    def variant_pages(self) -> "list[TextPage]":
        """The variants that have their own text, each as a page."""
        return [
            replace(self, text=variant.text, picture={**self.picture, **variant.picture}, variants=())
            for variant in self.variants
            if variant.text
        ]

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs, each in one line: line breaks in the source are not significant."""
        return [" ".join(paragraph.split()) for paragraph in self.text.split("\n\n")]

    def highlighted(self, program: Program) -> list[str]:
        """The ids of the tensors that the text names, in its order."""
        return tensors_in(self.text, program)


@dataclass(frozen=True)
class Lesson:
    """A lesson in pages. ``about`` summarizes it in a sentence."""

    title: str
    about: str
    pages: tuple[TextPage, ...]


def in_language(page: TextPage, language: str) -> TextPage:
    """Translate a page."""
    translate = translator(language)

    def translate_text(text: str) -> str:
        return "\n\n".join(translate(" ".join(paragraph.split())) for paragraph in text.split("\n\n"))

    variants = tuple(
        replace(variant, words=translate(variant.words), text=variant.text and translate_text(variant.text))
        for variant in page.variants
    )
    return replace(page, title=translate(page.title), text=translate_text(page.text), variants=variants)
