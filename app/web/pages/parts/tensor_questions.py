"""Questions about a tensor, and myths about a tensor or a field."""

from typing import NamedTuple

from ....teaching.myths import MYTHS
from ....teaching.questions import QUESTIONS
from ....translations.languages import translator
from ....url_state.url_state import UrlState
from .lesson_text import PageLink, picture_query


class Myth(NamedTuple):
    """A wrong belief, the truth, and the path and query of the question that shows it."""

    claim: str
    truth: str
    link: str


def link_to(state: UrlState, slug: str, language: str = "en") -> PageLink:
    """The title of a question, and the link to it with its own picture."""
    page = QUESTIONS[slug].page
    return PageLink(translator(language)(page.title), f"/questions/{slug}{picture_query(state, page.picture)}")


def related_questions(state: UrlState, tensor: str, language: str = "en") -> list[PageLink]:
    """The questions about a tensor; those about directions if there are two; beside the batch those about a sample."""
    pictures = {slug: one.page.picture for slug, one in QUESTIONS.items()}
    on_directions = [slug for slug, picture in pictures.items() if state.bidirectional and "bidirectional" in picture]
    on_tensor = [slug for slug, picture in pictures.items() if picture.get("tensor") == tensor]
    on_sample = [slug for slug, picture in pictures.items() if state.view == "batch" and "sample" in picture]
    return [link_to(state, slug, language) for slug in dict.fromkeys(on_directions + on_sample + on_tensor)]


def myths(state: UrlState, about: str, language: str = "en") -> list[Myth]:
    """The myths about a field or a tensor."""
    translate = translator(language)
    return [
        Myth(translate(myth.claim), translate(myth.truth), link_to(state, myth.question).link)
        for myth in MYTHS.get(about, ())
        if myth.applies_to(state.stack)
    ]
