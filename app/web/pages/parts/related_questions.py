"""What people ask, and often say wrongly, about what is shown."""

from app.lessons.myths import MYTHS
from app.lessons.questions import QUESTIONS
from app.query.view import View
from app.translations.languages import translator
from app.web.pages.parts.lesson_text import picture

Link = tuple[str, str]
"""Words, and the path and query where they lead."""


def link_to(view: View, slug: str, language: str = "en") -> Link:
    """To a question, with its own picture."""
    page = QUESTIONS[slug].page
    return translator(language)(page.title), f"/questions/{slug}{picture(view, page.picture)}"


def asked(view: View, tensor: str, language: str = "en") -> list[Link]:
    """What people ask about a tensor."""
    return [
        link_to(view, slug, language) for slug, one in QUESTIONS.items() if one.page.picture.get("tensor") == tensor
    ]


def myths(view: View, about: str, language: str = "en") -> list[tuple[str, str, str]]:
    """What is often said of a field or a tensor, what is so, and where that is shown."""
    translate = translator(language)
    return [
        (translate(myth.said), translate(myth.truth), link_to(view, myth.question)[1])
        for myth in MYTHS.get(about, ())
        if myth.of(view.stack)
    ]
