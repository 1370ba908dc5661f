"""The sentence about the picture of a View, and its alternative text."""

from ..lessons.around_picture.sentences import Word, batch_sentence, sentence
from ..own_cells.sentence_above_picture import cell_sentence
from ..translations.numbers import grouped
from ..translations.translator import Translator
from .training.sentence_above_picture import training_sentence
from .view import View


def sentence_of(view: View, translate: Translator) -> tuple[Word, ...]:
    """The sentence above the picture."""
    if view.view == "training":
        return training_sentence(view, translate)
    if view.view == "batch":
        return tuple(batch_sentence(view.stack, translate))
    return (cell_sentence if view.equations else sentence)(view.stack, translate)


def alt_text(view: View, translate: Translator) -> str:
    """The title and the sentence; if the sentence is hidden, or would reveal a hidden shape, the title and the
    sizes."""
    text = "".join(view.size_notation.name(word) for word, _ in sentence_of(view, translate))
    if "sentence" in view.hidden or view.labels == "hidden":
        sizes = ((view.size_notation.name(name), translate(grouped(size))) for name, size in view.sizes.items())
        text = ", ".join(f"{name} {size}" for name, size in sizes)
    return f"{view.title}: {text}" if view.title else text


def escape_markdown(text: str) -> str:
    """Escape a text so that Markdown shows it literally, even in brackets."""
    return "".join(f"\\{c}" if c in "\\[]*_`<>" else c for c in text)
