"""The weights of the cell in focus: each matrix to scale, and how many numbers there are."""

from dataclasses import dataclass

from app.diagram.transforms.relabeling import in_language
from app.frameworks.model import numbers
from app.lessons.counts import parameters
from app.lessons.sentence import Word
from app.query.matrices import kernels
from app.query.view import View
from app.translations.translator import Translator
from app.web.pages.parts.picture_links import LinkedPicture, linked_picture


@dataclass(frozen=True)
class Weights:
    """Each matrix by its name in the framework. ``own``: how many trainable parameters the cell has, as ``formula``
    counts them; ``total``: how many all cells have."""

    matrices: dict[str, LinkedPicture]
    formula: list[Word]
    own: int
    total: int


def weights(view: View, highlighted: frozenset[str], translate: Translator) -> Weights:
    model = view.model
    arrays = model.cell_axes(view.place)
    return Weights(
        matrices={
            name: linked_picture(view, in_language(matrix, translate), highlighted)
            for name, matrix in kernels(model, view.place).items()
        },
        formula=parameters(arrays, model.sizes),
        own=numbers(arrays, model.sizes),
        total=model.parameter_count,
    )
