"""What is said about a cell of the gallery."""

from dataclasses import dataclass

from ...translations.phrases import phrase

VECTOR, MATRIX, MATRICES = phrase("the state is a vector"), phrase("a matrix"), phrase("a matrix for each head")
GROUPS = (VECTOR, MATRIX, MATRICES)
"""What the state of one sample is, in the order of the page."""


@dataclass(frozen=True)
class Entry:
    """A cell of the gallery.

    ``name`` is its short name. ``about`` says what it does, ``mistaken`` what its shapes are often mistaken for: prose
    with placeholders, as in app/teaching/placeholders.py. ``sentence`` is that above the picture, with the sizes of
    axes, ``{shape}`` and ``{numbers:,}`` of the largest state. ``reference`` is where its equations are from.
    """

    id: str
    name: str
    text: str
    group: str
    about: str
    mistaken: str
    sentence: str
    reference: str
