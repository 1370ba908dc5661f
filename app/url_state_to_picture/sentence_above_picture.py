"""The sentence about the picture of a UrlState, and its alternative text."""

from ..teaching.around_picture.sentences import Word, batch_sentence, sentence
from ..translations.numbers import grouped
from ..translations.phrases import joined_with_commas
from ..translations.translator import Translator
from ..typed_cells.sentence_above_typed_cell import cell_sentence
from ..url_state.url_state import UrlState
from .training.sentence_above_training import training_sentence


def sentence_of(state: UrlState, translate: Translator) -> tuple[Word, ...]:
    """The sentence above the picture."""
    if state.view == "training":
        return training_sentence(state, translate)
    if state.view == "batch":
        return tuple(batch_sentence(state.stack, translate))
    return (cell_sentence if state.equations else sentence)(state.stack, translate)


def alt_text(state: UrlState, translate: Translator) -> str:
    """The title and the sentence; if the sentence is hidden, or would reveal a hidden shape, the title and the
    sizes."""
    text = "".join(state.size_notation.name(word) for word, _ in sentence_of(state, translate))
    if "sentence" in state.hidden or state.labels == "hidden":
        sizes = ((state.size_notation.name(name), translate(grouped(size))) for name, size in state.sizes.items())
        text = translate(joined_with_commas(f"{name} {size}" for name, size in sizes))
    return f"{state.title}: {text}" if state.title else text
