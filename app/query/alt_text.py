"""What the picture of a View says where it cannot be seen."""

from ..lessons.sentence import sentence
from ..translations.numbers import grouped
from ..translations.translator import Translator
from .view import View


def alt_text(view: View, translate: Translator) -> str:
    """The title and the sentence; where the sentence is hidden, or would tell a hidden shape, the sizes."""
    text = "".join(view.size_notation.name(word) for word, _ in sentence(view.stack, translate))
    if "sentence" in view.hidden or view.labels == "hidden":
        sizes = ((view.size_notation.name(name), translate(grouped(size))) for name, size in view.sizes.items())
        text = ", ".join(f"{name} {size}" for name, size in sizes)
    return f"{view.title}: {text}" if view.title else text


def escape_markdown(text: str) -> str:
    """A text as Markdown shows it literally, also between brackets."""
    return "".join(f"\\{sign}" if sign in "\\[]*_`<>" else sign for sign in text)
